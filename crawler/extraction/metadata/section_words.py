"""Words by which the press files its stories, in the languages of the press. Data only, folded for comparing."""

from __future__ import annotations

from crawler.extraction.text import folded


def _set(*lists: str) -> frozenset[str]:
    return frozenset(folded(word) for words in lists for word in words.replace("\n", "|").split("|") if word.strip())


HOME_WORDS = _set(
    "home|homepage|home page|front page|frontpage|main|main page|start|startseite|accueil|inicio|portada",
    "início|inicial",
    "página inicial|prima pagina|hem|hjem|etusivu|voorpagina|strona główna|главная|на главную|головна|anasayfa",
    "ana sayfa|الرئيسية|首页|首頁|主页|ホーム|トップ|トップページ|홈|úvod|domů|kezdőlap|címlap|αρχική",
    "beranda|trang chủ",
)
"""First steps of every way."""

NO_SECTIONS = _set(
    "article|articles|story|stories|default|none|null|undefined|uncategorized|uncategorised|other|others|tags|page",
    "website|web|general|all|index|top stories|top story|latest|archive|archives|search|main content|content|html",
    "artikel|artículo|artigo|articolo|artykuł|статья|статті|без рубрики|sin categoría|sem categoria|non classé",
    "senza categoria|nicht kategorisiert|unkategorisiert|未分类|未分類|back|zurück|retour|volver|read more|menu|more",
)
"""Values of content systems that name no section."""

KINDS = _set(
    "news|article|articles|story|stories|magazine|video|videos|audio|podcast|podcasts|photo|photos|gallery|live",
    "blog|blogs|blog archive|print|printer friendly|press release|press releases",
    "media|features|feature|exclusive|breaking",
    "breaking news",
    "advertisement|updated|watch|listen|nachrichten|anzeige|werbung|exklusiv|magazin|actualité|actualités|publicité",
    "noticias|publicidad|notícias|notizie|pubblicità|nieuws|wiadomości|reklama|новости|реклама|novosti|новини|haber|haberler",
    "liveticker|ticker|newsticker|en directo|en vivo|en direct|direct|ao vivo|in diretta|na żywo|онлайн|canlı",
    "مباشر|直播|ライブ|속보|sign in|log in|login|iniciar sesión|anmelden|se connecter|accedi|entrar|zaloguj|войти",
    "inhalt|記事|기사",
    "أخبار|الأخبار|新闻|新聞|广告|ニュース|広告|뉴스|광고|nyheter|nyheder",
)
"""Names of a kind of page: true of every story of a newspaper, so no desk is told by them."""

PATH_LEADS = tuple(
    sorted(
        _set(
            "you are here|you are in|location|sie sind hier|sie befinden sich hier|vous êtes ici|estás en|está en",
            "usted está en|você está em|você está aqui|está aqui|sei in|ti trovi in|sei qui|je bent hier|u bent hier",
            "jesteś tutaj|jesteś w|вы здесь|вы находитесь здесь|ви тут|buradasınız|您的位置|当前位置",
            "您現在的位置|現在位置|你在這裡",
            "現在地|현재 위치|du är här|du er her|jste zde|itt vagyok|أنت هنا",
        ),
        key=len,
        reverse=True,
    )
)
"""What a line that shows the way begins with."""

SECTION_WORDS = _set(
    """news|world|world news|international|politics|us|us news|u s|usa|uk|uk news|nation|national|local|local news|metro
    business|economy|finance|money|markets|companies|technology|tech|science|health|environment|education|sport|sports
    football|soccer|cricket|tennis|entertainment|arts|culture|books|music|film|movies|tv|media|lifestyle|life|travel
    opinion|editorial|editorials|comment|commentisfree|analysis|features|weather|crime|law|justice|religion|society
    defence|defense|military|security|europe|asia|asia pacific|south asia|africa|middle east|mideast
    americas|latin america
    north america|canada|australia|china|india|russia|ukraine|britain|england|scotland|wales|northern ireland|ireland
    obituaries|magazine|investigations|energy|climate|food|fashion|auto|autos|cars|real estate|property|jobs|elections
    election|washington|pacific|caribbean|white house|congress|supreme court|wars|conflict|diplomacy|terrorism""",
    """nachrichten|politik|ausland|inland|deutschland|österreich|schweiz|wirtschaft|sport|fußball|fussball|kultur|panorama
    gesellschaft|wissen|wissenschaft|gesundheit|technik|digital|netzwelt|reise|meinung|kommentar|lokales|regional
    vermischtes|feuilleton|finanzen|unternehmen|börse|medien|bildung|justiz|welt|europa|leben|stil|auto|karriere""",
    """actualité|actualités|monde|politique|société|économie|economie|culture|sports|international|internationale|france|europe
    afrique|proche orient|amériques|asie pacifique|planète|planete|sciences|santé|sante|médias|medias
    technologies|faits divers
    justice|environnement|éducation|education|opinions|idées|débats|régions|lokal""",
    """noticias|internacional|internacionales|mundo|nacional|españa|espana|política|politica|economía|economia|sociedad
    deportes|cultura|ciencia|tecnología|tecnologia|salud|opinión|opinion|sucesos|américa|america|latinoamérica|educación
    medio ambiente|negocios|entretenimiento|espectáculos|gente|policiales|el mundo|el país""",
    """notícias|brasil|política|economia|esporte|esportes|desporto|ciência|saúde|saude|tecnologia|educação|educacao
    cotidiano|cidades|polícia|opinião|país|pais|sociedade|ilustrada|mercado|meio ambiente""",
    """notizie|esteri|mondo|cronaca|cronache|italia|politica|economia|sport|calcio|cultura|spettacoli|scienze|salute
    tecnologia|società|ambiente|opinioni|finanza|motori""",
    """nieuws|buitenland|binnenland|politiek|economie|sport|voetbal|cultuur|wetenschap|gezondheid|opinie|tech|media
    koningshuis|regio|geld|wonen""",
    """wiadomości|wiadomosci|świat|swiat|kraj|polska|polityka|gospodarka|biznes|sport|kultura|nauka|zdrowie|opinie
    technologie|społeczeństwo|spoleczenstwo|europa""",
    """новости|мир|в мире|политика|экономика|общество|спорт|культура|наука|технологии|происшествия|армия|оборона
    россия|украина|в россии|бизнес|финансы|здоровье|мнения|интернет|медиа|экология|религия
    novosti|politika|ekonomika|obshchestvo|obschestvo|mir|kultura|nauka|proisshestviya|incidents|economics""",
    """новини|світ|політика|економіка|суспільство|спорт|культура|наука|події|війна|україна|здоров'я|думки""",
    """haber|haberler|dünya|dunya|gündem|gundem|türkiye|turkiye|siyaset|politika|ekonomi|spor|kültür|kultur|sağlık|saglik
    teknoloji|yaşam|yasam|eğitim|egitim|magazin|bilim|yazarlar""",
    """أخبار|الأخبار|سياسة|العالم|عربي|عربي ودولي|دولي|اقتصاد|رياضة|ثقافة|علوم|صحة|تكنولوجيا|محليات|مجتمع",
    "رأي|فن|حوادث""",
    """新闻|新聞|国际|國際|国内|國內|政治|经济|經濟|财经|財經|社会|社會|体育|體育|文化|科技|科学|健康|娱乐|娛樂|军事|軍事|教育|评论|評論|两岸|兩岸|港澳|台湾|世界|中国|生活|地方""",
    """国内|国際|政治|経済|社会|スポーツ|文化|科学|科学・医療|暮らし|エンタメ|芸能|地域|社説|オピニオン|ビジネス|教育|環境|ニュース|海外""",
    """뉴스|정치|경제|사회|국제|세계|문화|스포츠|연예|과학|북한|생활|오피니언|사설|산업|증권|전국|건강""",
    """nyheter|utrikes|inrikes|ekonomi|kultur|sport|världen|verden|udland|indland|politikk|nyheder|utenriks|innenriks
    økonomi|kotimaa|ulkomaat|talous|urheilu|domácí|domaci|zahraniční|zahranici|ekonomika|krimi|belföld|külföld|gazdaság
    κόσμος|πολιτική|οικονομία|κοινωνία|ελλάδα|kinh doanh|thế giới|thời sự|thể thao|internasional|nasional
    ekonomi|dunia""",
)
"""Names of sections that a folder of an address may have."""
