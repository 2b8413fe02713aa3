"""Titles of pages that are no reports: lists, pictures, films; and of reports that go on."""

from __future__ import annotations

from crawler.classify.wording import labels

LIST_LABELS = labels(
    en="""
        home|home page|homepage|front page|latest news|latest headlines|top stories|headlines|news|archive|archives
        news archive|search results|search|results|all articles|all stories|more stories|topics|tag|tags|category
        section|sitemap|site map|breaking news|world news|local news|sports news|most read|most popular|news index
        today s headlines|article archive|recent articles|latest stories|latest articles
    """,
    de="""
        startseite|aktuelle nachrichten|nachrichten|schlagzeilen|archiv|suchergebnisse|suche|alle artikel|themen
        übersicht|neueste artikel|alle meldungen
    """,
    fr="""
        accueil|page d accueil|à la une|actualités|toute l actualité|archives|résultats de recherche
        résultats de la recherche|tous les articles|dernières nouvelles
    """,
    es="""
        portada|inicio|últimas noticias|noticias|titulares|archivo|resultados de búsqueda|resultados de la búsqueda
        hemeroteca|todas las noticias
    """,
    pt="""
        página inicial|início|últimas notícias|notícias|manchetes|arquivo|resultados da busca|resultados da pesquisa
        todas as notícias
    """,
    it="home|prima pagina|ultime notizie|notizie|archivio|risultati della ricerca|tutte le notizie",
    nl="voorpagina|home|laatste nieuws|nieuws|archief|zoekresultaten|alle artikelen|nieuwsoverzicht",
    ru="""
        главная|главная страница|последние новости|новости|лента новостей|архив|архив новостей|результаты поиска
        все новости
    """,
    uk="""
        головна|головна сторінка|останні новини|новини|стрічка новин|архів|результати пошуку|всі новини|усі новини
    """,
    pl="""
        strona główna|najnowsze wiadomości|wiadomości|aktualności|archiwum|wyniki wyszukiwania|wszystkie artykuły
    """,
    tr="ana sayfa|anasayfa|son dakika|son haberler|haberler|arşiv|arama sonuçları|tüm haberler|manşetler",
    ar="الرئيسية|الصفحة الرئيسية|آخر الأخبار|أخبار|الأرشيف|نتائج البحث|كل الأخبار",
    zh="""
        首页|新闻首页|最新新闻|新闻中心|新闻列表|搜索结果|首頁|最新消息|新聞列表|搜尋結果|即时新闻|即時新聞|滚动新闻
        要闻
    """,
    ja="トップページ|ホーム|ニュース一覧|最新ニュース|検索結果|記事一覧|アーカイブ|ニュース|新着記事",
    ko="홈|메인|최신뉴스|뉴스|전체기사|검색결과|검색 결과|기사목록|기사 목록",
)

MEDIA_LABELS = labels(
    en="""
        in pictures|photo gallery|photos|gallery|slideshow|slide show|pictures|images|video|videos|watch|photo essay
        the week in pictures|day in pictures|pictures of the day|audio|podcast|listen|photo gallery photos|in photos
        photo story|audio slideshow|picture gallery|video gallery|cartoon|cartoon of the day|today s cartoon
        infographic|graphic|map|interactive map|watch live|full episode|episode
    """,
    de="""
        bilderstrecke|fotostrecke|bildergalerie|in bildern|galerie|video|videos|fotos|mediathek|die bilder des tages
        bilder|karikatur|karikatur des tages|infografik|grafik|karte
    """,
    fr="""
        dessin du jour|infographie|carte|en images|diaporama|galerie photos|portfolio|vidéo|vidéos|en photos|photos
        galerie
    """,
    es="""
        viñeta|infografía|mapa|gráfico|en imágenes|fotogalería|galería|galería de fotos|vídeo|video
        fotos|galería de imágenes|en fotos
    """,
    pt="charge|cartoon|infográfico|mapa|em imagens|galeria|galeria de fotos|fotogaleria|vídeo|fotos|em fotos|imagens",
    it="""
        vignetta|infografica|mappa|fotogallery|galleria fotografica|le immagini|le foto|video|galleria|foto
        in immagini
    """,
    nl="cartoon|infographic|kaart|in beeld|fotoserie|fotoalbum|beeldverslag|video|foto s|in foto s|galerij",
    ru="карикатура|инфографика|карта|фоторепортаж|фотогалерея|фото|видео|галерея|в фотографиях|фотолента",
    uk="фоторепортаж|фотогалерея|фото|відео|галерея|у фотографіях",
    pl="infografika|mapa|rysunek|galeria|galeria zdjęć|zdjęcia|wideo|fotorelacja|fotogaleria|w obiektywie|film",
    tr="foto galeri|fotoğraf galerisi|video|galeri|fotoğraflarla|video galeri|fotoğraflar",
    ar="بالصور|معرض الصور|صور|فيديو|ألبوم الصور|شاهد|بالفيديو",
    zh="图集|组图|图片|视频|高清组图|圖集|組圖|影片|相册|圖片|图片新闻|影音|多图",
    ja="写真特集|フォトギャラリー|写真|動画|ギャラリー|画像|フォト|映像|写真一覧",
    ko="포토|화보|사진|동영상|영상|포토뉴스|갤러리|포토 갤러리|비디오",
)

LIVE_LABELS = labels(
    en="""
        live|live updates|live blog|liveblog|live coverage|as it happened|live reporting|live report
        rolling coverage|minute by minute|latest updates|live news
    """,
    de="""
        liveticker|live ticker|live|newsblog|im liveblog|liveblog|newsticker|live blog|zum nachlesen|im liveticker
        ticker
    """,
    fr="en direct|direct|live|suivez en direct|le direct|en continu|minute par minute",
    es="en directo|en vivo|minuto a minuto|directo|última hora en directo|última hora",
    pt="ao vivo|em direto|minuto a minuto|em atualização|ao minuto|acompanhe ao vivo",
    it="in diretta|diretta|la diretta|minuto per minuto|live|liveblog",
    nl="liveblog|live|live blog|minuut tot minuut|live verslag|volg live",
    ru="""
        онлайн|прямая трансляция|онлайн трансляция|текстовая трансляция|хроника|хроника событий|главное к этому часу
    """,
    uk="онлайн|пряма трансляція|текстова трансляція|хроніка|наживо|онлайн трансляція",
    pl="na żywo|relacja na żywo|relacja live|minuta po minucie|relacja",
    tr="canlı|canlı yayın|canlı anlatım|dakika dakika|canlı blog|son gelişmeler",
    ar="مباشر|بث مباشر|تغطية مباشرة|لحظة بلحظة|تغطية مستمرة",
    zh="直播|实时更新|滚动更新|文字直播|即時更新|不断更新|图文直播|實時更新",
    ja="ライブ|速報|ライブ更新|随時更新|ライブブログ|タイムライン",
    ko="실시간|실시간 업데이트|속보|라이브|생중계|라이브 블로그",
)

FURNITURE_LABELS = labels(
    en="""
        all rights reserved|copyright|terms of use|privacy policy|terms and conditions|terms of service
        cookie policy|powered by|may not be published|may not be reproduced|without permission|registered in england
        reproduction in whole or in part|best viewed|is prohibited|contact us|use of this site
    """,
    de="alle rechte vorbehalten|impressum|datenschutz|nutzungsbedingungen",
    fr="tous droits réservés|mentions légales|toute reproduction",
    es="todos los derechos reservados|aviso legal|prohibida la reproducción",
    pt="todos os direitos reservados|termos de uso",
    it="tutti i diritti riservati|riproduzione riservata|p iva",
    nl="alle rechten voorbehouden|algemene voorwaarden",
    ru="все права защищены|при использовании материалов|свидетельство о регистрации|зарегистрировано",
    uk="всі права захищено|усі права захищені|передрук",
    pl="wszelkie prawa zastrzeżone|wszystkie prawa zastrzeżone",
    tr="tüm hakları saklıdır|her hakkı saklıdır",
    ar="جميع الحقوق محفوظة|حقوق النشر",
    zh="版权所有|版權所有|未经许可|未經許可|不得转载|icp备|著作權所有",
    ja="無断転載|無断複製|著作権|all rights reserved",
    ko="무단 전재|무단전재|재배포 금지|저작권자",
)

"""Parts of lines that stand under every page of a site."""
