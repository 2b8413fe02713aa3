"""What pages say around their stories, in many languages, as data: each phrase as `text.folded` has it.

Why by place: "Comments" below a story opens what readers wrote, above it counts them, and within it may be anything.
Why no more words: a phrase is here only where it says the same on every page of every newsroom; what one site alone
says is told by its markup, or by standing on its other pages too.
"""

from __future__ import annotations

ANYWHERE_WHOLE: dict[str, tuple[str, ...]] = {
    "advertisement": (
        "advertisement", "advertising", "story continues below advertisement",
        "article continues below advertisement", "article continues after advertisement",
        "article continues below this ad", "continue reading below", "advertisement continue reading the main story",
        "continue reading the main story", "story continues below", "article continues below", "scroll to continue",
        "sponsored", "sponsored content", "skip advertisement", "advertisement scroll to continue",
        "advertisement article continues below", "skip ad", "ad", "anzeige", "werbung", "anzeige scrollen sie weiter",
        "nach der werbung weiterlesen", "publicité", "la suite après cette publicité", "la suite après la publicité",
        "publicidad", "anuncio", "continúa leyendo", "sigue leyendo", "pubblicità", "continua a leggere",
        "publicidade", "continua após a publicidade", "continua depois da publicidade", "advertentie",
        "artikel gaat verder onder de advertentie", "reklama", "dalsza część artykułu pod reklamą",
        "reszta tekstu pod reklamą", "реклама", "на правах рекламы", "reklam", "reklam alanı", "annons", "annonse",
        "annonce", "mainos", "inzerce", "hirdetés", "publicitate", "διαφήμιση", "إعلان", "اعلان", "广告", "廣告",
        "広告", "광고", "विज्ञापन", "iklan",
    ),
}  # fmt: skip
"""Reason -> whole lines that are no part of any story, wherever they stand."""

TEASER_LABELS: tuple[str, ...] = (
    "read more", "read also", "also read", "see also", "related", "related article", "related articles",
    "related story", "related stories", "related news", "related content", "related links", "related topics",
    "related coverage", "related reading", "related posts", "related post", "more on this story",
    "more on this topic", "more on this", "more from", "read next", "up next", "recommended", "recommended reading",
    "recommended stories", "don t miss", "you may also like", "you might also like", "you may also be interested in",
    "suggested reading", "further reading", "more stories", "more news", "most read", "most popular", "trending",
    "trending now", "editors picks", "editor s picks", "top stories", "latest stories", "in other news",
    "more like this", "lesen sie auch", "lesen sie mehr", "lesen sie hier", "mehr zum thema", "auch interessant",
    "das könnte sie auch interessieren", "das könnte dich auch interessieren", "mehr dazu", "weitere artikel",
    "weiterlesen", "passend dazu", "mehr zu", "lesen sie dazu auch", "zum thema", "meistgelesen", "weitere meldungen",
    "mehr aus dem ressort", "zum artikel", "lire aussi", "à lire aussi", "à lire également", "voir aussi",
    "lire également", "à voir aussi", "sur le même sujet", "articles liés", "notre sélection", "vous aimerez aussi",
    "les plus lus", "à relire", "pour aller plus loin", "lire la suite", "lee también", "lea también", "leer también",
    "le puede interesar", "te puede interesar", "ver también", "leer más", "lea más", "más información",
    "noticias relacionadas", "te recomendamos", "también te puede interesar", "lo más leído", "mira también",
    "relacionadas", "puedes leer", "más sobre", "además", "leggi anche", "leggi pure", "vedi anche",
    "ti potrebbe interessare", "potrebbe interessarti", "approfondisci", "articoli correlati", "per approfondire",
    "da non perdere", "notizie correlate", "i più letti", "leia também", "leia mais", "veja também", "saiba mais",
    "veja mais", "notícias relacionadas", "mais lidas", "lees ook", "lees meer", "lees verder", "bekijk ook",
    "meer over", "ook interessant", "gerelateerde artikelen", "meest gelezen", "czytaj też", "czytaj także",
    "zobacz też", "zobacz także", "czytaj również", "przeczytaj także", "czytaj więcej", "polecamy", "zobacz również",
    "przeczytaj również", "najczęściej czytane", "читайте также", "читайте ещё", "читайте еще", "читать также",
    "смотрите также", "по теме", "материалы по теме", "подробнее", "читать далее", "другие новости",
    "новости по теме", "самое читаемое", "читайте також", "дивіться також", "читайте ще", "матеріали за темою",
    "також читайте", "ayrıca okuyun", "ilgili haberler", "bunlar da ilginizi çekebilir", "ilginizi çekebilir",
    "haberin devamı", "bunu da oku", "čtěte také", "čtěte též", "přečtěte si", "související články",
    "súvisiace články", "přečtěte si také", "čítajte aj", "läs mer", "läs också", "läs även", "les også", "les mer",
    "læs også", "læs mere", "lue myös", "lue lisää", "citește și", "citeşte şi", "vezi și", "kapcsolódó cikkek",
    "olvasta már", "ezt is olvassa el", "διαβάστε επίσης", "διαβάστε ακόμη", "διαβάστε ακόμα", "прочетете още",
    "pročitajte još", "pročitajte i", "čitajte još", "preberite še", "baca juga", "đọc thêm", "xem thêm", "اقرأ أيضا",
    "اقرأ أيضاً", "إقرأ أيضا", "مواضيع ذات صلة", "اخبار ذات صلة", "شاهد أيضا", "قراءة المزيد", "بیشتر بخوانید",
    "مطالب مرتبط", "קראו גם", "קרא גם", "相关阅读", "延伸阅读", "相关新闻", "相关报道", "延伸閱讀", "相關新聞",
    "推薦閱讀", "更多新聞", "関連記事", "あわせて読みたい", "こちらも読む", "関連ニュース", "関連キーワード",
    "おすすめ情報", "관련기사", "관련 기사", "더보기", "यह भी पढ़ें", "ये भी पढ़ें", "इसे भी पढ़ें", "อ่านเพิ่มเติม",
)  # fmt: skip
"""What introduces a link to another story: alone on a line, or before a colon or a link."""

TAIL_LABELS: dict[str, tuple[str, ...]] = {
    "comments": (
        "comments", "leave a comment", "leave a reply", "post a comment", "add a comment", "join the conversation",
        "join the discussion", "write a comment", "be the first to comment", "view comments", "show comments",
        "reader comments", "have your say", "what do you think", "cancel reply", "kommentare", "kommentar schreiben",
        "diskutieren sie mit", "leserkommentare", "schreiben sie einen kommentar", "schreibe einen kommentar",
        "commentaires", "laisser un commentaire", "réagir", "comentarios", "deja un comentario", "deja una respuesta",
        "commenti", "lascia un commento", "commenta", "comentários", "deixe um comentário", "deixe uma resposta",
        "reacties", "geef een reactie", "plaats een reactie", "komentarze", "dodaj komentarz", "комментарии",
        "оставить комментарий", "коментарі", "yorumlar", "yorum yap", "komentáře", "hozzászólások", "kommentarer",
        "التعليقات", "اترك تعليقا", "评论", "我要评论", "コメント", "댓글",
    ),
    "author": (
        "about the author", "about the authors", "about the writer", "author bio", "about author", "meet the author",
        "über den autor", "über die autorin", "zur person", "à propos de l auteur", "sobre el autor",
        "sobre la autora", "l autore", "informazioni sull autore", "sobre o autor", "sobre a autora",
        "over de auteur", "o autorze", "об авторе",
    ),
    "newsletter": (
        "newsletter", "newsletters", "subscribe", "sign up", "sign up for our newsletter",
        "subscribe to our newsletter", "join our newsletter", "stay informed", "stay updated", "stay connected",
        "stay in touch", "get our newsletter", "newsletter abonnieren", "subscribe now", "sign up now", "boletín",
        "boletines", "iscriviti alla newsletter", "рассылка", "nieuwsbrief", "nyhedsbrev", "nyhetsbrev",
        "メールマガジン", "뉴스레터",
    ),
    "tags": (
        "tags", "topics", "topics in this article", "filed under", "categories", "more about",
        "explore more on these topics", "schlagworte", "schlagwörter", "themen", "stichworte", "thèmes", "mots clés",
        "sujets", "etiquetas", "temas", "archivado en", "argomenti", "tag", "assuntos", "tópicos", "onderwerpen",
        "tematy", "tagi", "теги", "метки", "темы", "etiketler", "témata", "štítky", "emner", "ämnen",
        "الكلمات المفتاحية", "标签", "關鍵字", "キーワード", "키워드",
    ),
    "share": (
        "share", "share this", "share this article", "share this story", "share this post", "share this page",
        "share on facebook", "share on twitter", "follow us", "connect with us", "find us on", "spread the word",
        "teilen", "artikel teilen", "diesen artikel teilen", "partager", "partager cet article", "compartir",
        "comparte", "condividi", "compartilhe", "compartilhar", "delen", "deel dit artikel", "udostępnij",
        "поделиться", "поділитися", "paylaş", "sdílet", "dela", "del", "jaa", "مشاركة", "شارك", "分享", "分享到",
        "シェア", "공유", "공유하기",
    ),
}  # fmt: skip
"""Reason -> whole lines that, below a story, open what is none any more."""

TOP_WHOLE: dict[str, tuple[str, ...]] = {
    "share": (
        "share", "print", "email", "e mail", "tweet", "save", "save article", "bookmark", "copy link", "listen",
        "listen to this article", "listen to article", "print this article", "print article", "email this",
        "link copied", "share this article", "share full article", "gift this article", "text size", "a a",
        "font size", "like", "pin it", "teilen", "drucken", "merken", "artikel anhören", "vorlesen", "link kopiert",
        "partager", "imprimer", "envoyer", "écouter", "écouter l article", "compartir", "imprimir", "escuchar",
        "guardar", "condividi", "stampa", "ascolta", "compartilhar", "ouvir", "salvar", "delen", "afdrukken",
        "luister", "udostępnij", "drukuj", "posłuchaj", "поделиться", "распечатать", "поділитися", "друкувати",
        "paylaş", "yazdır", "مشاركة", "طباعة", "分享", "打印", "列印", "印刷", "保存", "シェア", "공유", "인쇄",
        "कॉपी लिंक", "スクラップ", "完了しました",
    ),
    "contents": (
        "table of contents", "table of content", "contents", "in this article", "on this page", "jump to",
        "what s inside", "inhalt", "inhaltsverzeichnis", "sommaire", "table des matières", "índice", "contenido",
        "indice", "sumário", "inhoudsopgave", "inhoud", "spis treści", "содержание", "оглавление", "зміст",
        "içindekiler", "obsah", "innehåll", "المحتويات", "目录", "目錄", "目次", "목차",
    ),
    "video": (
        "play video", "watch video", "video", "now playing", "0 of", "loading", "video player is loading",
    ),
}  # fmt: skip
"""Reason -> whole lines that, above a story, are buttons or its table of contents."""

TAIL_OPENINGS: dict[str, tuple[str, ...]] = {
    "newsletter": (
        "sign up for", "sign up to", "sign up here", "sign up today", "subscribe to", "subscribe for",
        "subscribe now", "get the latest", "get our", "get more", "get real time", "join our", "want more stories",
        "for more stories like this", "for the latest", "to get the latest", "want to stay", "never miss a",
        "don t miss", "stay informed", "stay up to date", "stay on top", "check out our", "abonnieren sie",
        "melden sie sich", "der newsletter", "jetzt anmelden", "jetzt abonnieren", "hier können sie", "abonniere den",
        "mit unserem newsletter", "inscrivez vous", "abonnez vous", "recevez", "suscríbete", "suscribite", "recibe",
        "recibí", "regístrate", "iscriviti", "ricevi", "inscreva se", "assine", "receba", "abonneer", "schrijf je in",
        "meld je aan", "zapisz się", "подпишитесь", "подписывайтесь", "підписуйтесь", "abone ol", "přihlaste se",
        "prenumerera", "tilmeld dig", "meld deg på", "订阅", "登録は",
    ),
    "follow": (
        "follow us", "follow me", "like us on", "find us on", "join us on", "follow our", "follow the",
        "you can follow", "folgen sie uns", "folge uns", "suivez nous", "retrouvez nous", "síguenos", "seguinos",
        "sigue a", "sigue toda", "seguici", "segui", "siga", "siga nos", "acompanhe", "volg ons", "śledź nas",
        "obserwuj nas", "следите за", "читайте нас", "слідкуйте", "читайте наші", "bizi takip edin", "sledujte nás",
        "följ oss", "følg oss", "følg os", "تابعونا", "تابعنا", "关注我们", "扫码", "フォロー",
    ),
    "app": (
        "download our", "download the", "get the app", "laden sie", "téléchargez", "descarga", "descargá", "scarica",
        "baixe", "download de app", "скачайте", "скачать приложение", "pobierz", "下载", "下載",
    ),
    "copyright": (
        "copyright", "c copyright", "all rights reserved", "no part of this", "this material may not be",
        "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
        "tutti i diritti riservati", "riproduzione riservata", "todos os direitos reservados",
        "alle rechten voorbehouden", "wszelkie prawa", "все права защищены", "tüm hakları", "저작권자", "무단 전재",
        "版权所有", "版權所有", "無断転載",
    ),
    "contact": (
        "contact the author", "contact the reporter", "contact the writer", "email the author",
        "to contact the reporter", "to contact the editor", "to contact the author", "contact us", "contact him at",
        "contact her at", "reach him at", "reach her at", "have a story", "have you got a story",
        "do you have a story", "do you have a tip", "have a tip", "got a tip", "got a story", "if you have a story",
        "send us", "email us", "do you know more", "have you been affected", "fehler gefunden", "haben sie fehler",
        "haben sie hinweise", "hinweise an", "vous avez une info", "une erreur", "tienes una historia",
        "заметили ошибку", "нашли ошибку", "нашли опечатку", "якщо ви знайшли помилку", "помітили помилку",
        "pokud jste našli", "masz temat", "zauważyłeś błąd", "haberle ilgili",
        "this article was originally published", "this story was originally published", "this post first appeared",
        "this article originally appeared", "this article first appeared", "this article was first published",
        "the post", "click here to", "join the conversation", "what do you think", "tell us", "let us know",
        "share your thoughts", "leave a comment",
    ),
    "subscription": (
        "subscribers only", "this article is for subscribers", "this content is for subscribers",
        "already a subscriber", "to continue reading", "to read the full", "read the full story",
        "support our journalism", "support independent", "support local journalism", "become a member",
        "become a subscriber", "log in to", "sign in to", "register to", "create an account", "jetzt weiterlesen",
        "diesen artikel weiterlesen", "testen sie", "sie haben noch", "cet article est réservé",
        "la suite est réservée", "il vous reste", "déjà abonné", "este contenido es exclusivo", "contenido exclusivo",
        "articolo riservato", "conteúdo exclusivo", "dit artikel is voor abonnees", "al abonnee", "pozostało",
        "dalszy ciąg materiału", "материал доступен", "有料会員", "この記事は会員限定", "この記事は有料", "残り",
        "この記事は", "会員登録",
    ),
    "related": (
        "more from", "more on", "read more", "read our", "read the", "see more", "view all", "see all", "learn more",
        "watch more", "click here for",
    ),
    "affiliate": (
        "this post contains affiliate", "this article contains affiliate", "we may earn", "when you buy through",
        "products are chosen independently", "if you buy something", "purchases made through",
        "as an amazon associate",
    ),
}  # fmt: skip
"""Reason -> how lines below a story begin that invite, sell or warn."""

INVITING_WORDS: tuple[str, ...] = (
    "newsletter", "newsletters", "nieuwsbrief", "nyhetsbrev", "nyhedsbrev", "рассылку", "рассылка", "розсилку",
    "boletín", "bülten", "whatsapp channel", "whatsapp kanal", "whatsapp group", "canal de whatsapp",
    "canale whatsapp", "telegram channel", "telegram kanal", "telegram канал", "телеграм канал", "canal de telegram",
    "canale telegram", "google news", "push notifications", "メルマガ", "뉴스레터", "公众号", "時事通訊",
)  # fmt: skip
"""What the last lines of a page speak of when they invite."""

CREDIT_OPENINGS: tuple[str, ...] = (
    "photo", "photos", "photograph", "photo by", "photo credit", "photograph by", "photography by", "photos by",
    "image", "images", "image credit", "image source", "image by", "picture", "pictures", "picture by",
    "getty images", "credit", "credits", "illustration", "illustration by", "video", "featured image", "file photo",
    "file image", "file picture", "foto", "fotos", "bild", "bilder", "quelle", "symbolbild", "archivfoto",
    "archivbild", "imago", "crédit photo", "crédits", "crédit", "photo d archives", "photo d illustration", "imagen",
    "imagen de archivo", "foto de archivo", "fotografía", "crédito", "imagem", "imagens", "divulgação", "reprodução",
    "foto di", "beeld", "fot", "zdjęcie", "фото", "фотография", "изображение", "ілюстрація", "fotoğraf", "صورة",
    "图片", "图", "圖", "图片来源", "圖片來源", "写真", "사진", "foto ilustrasi",
)  # fmt: skip
"""How a line that credits a picture begins; more follows it."""

BY_WORDS: frozenset[str] = frozenset((
    "actualizado", "af", "aggiornato", "ago", "aktualisiert", "aktualizacja", "aktualizováno", "alle", "am", "and",
    "at", "atualizado", "author", "autor", "autorin", "av", "bijgewerkt", "bst", "by", "cet", "correspondent",
    "created", "da", "data", "date", "de", "di", "door", "e", "edited", "editor", "edt", "el", "en", "erstellt",
    "est", "et", "first", "for", "fri", "friday", "gepubliceerd", "gmt", "güncelleme", "h", "hours", "hrs", "i", "il",
    "in", "ist", "jour", "julkaistu", "last", "le", "letzte", "mis", "modified", "modifié", "mon", "monday", "och",
    "od", "og", "on", "opdateret", "oppdatert", "opublikowano", "ore", "original", "par", "pdt", "pm", "por",
    "posted", "pst", "pubblicato", "publicado", "publicerad", "publiceret", "publie", "publisert", "published",
    "publié", "päivitetty", "redacción", "redactie", "redaktion", "redazione", "report", "reported", "reporter",
    "reviewed", "sat", "saturday", "special", "staff", "stand", "story", "sun", "sunday", "tarihi", "testo", "text",
    "texte", "texto", "the", "thu", "thursday", "time", "to", "tue", "tuesday", "uhr", "um", "und", "updated",
    "uppdaterad", "utc", "veröffentlicht", "von", "vydáno", "wed", "wednesday", "words", "writer", "written", "y",
    "yayınlanma", "à", "änderung", "автор", "и", "обновлено", "оновлено", "опубликовано", "опубліковано", "та",
    "текст", "تحديث", "نشر", "公開", "发布", "時間", "更新", "来源", "発布", "編集", "記者", "记者", "기자", "수정",
    "입력",
))  # fmt: skip
"""What a byline or a date line says beside names and dates."""

READING_TIME = r"\b\d{1,3}\s?(?:min(?:ute)?s?|minuten|minuti|minutos|минут\w{0,2}|хв|dk|dakika|分)\b"
"""How long the story takes."""

READING_WORDS: frozenset[str] = frozenset((
    "ca", "czytania", "dakika", "de", "di", "dk", "estimate", "estimated", "lectura", "lecture", "leestijd",
    "leitura", "lesedauer", "lesen", "lesezeit", "lettura", "listen", "min", "mins", "minute", "minuten", "minutes",
    "minuti", "minutos", "okuma", "read", "reading", "s", "süresi", "tempo", "temps", "tiempo", "time", "to", "watch",
    "минут", "хв", "читать", "чтения",
))  # fmt: skip
"""What a line says that tells how long the story takes."""

CONTINUES: tuple[str, ...] = (
    "reporting by", "additional reporting", "writing by", "editing by", "compiled by", "translated by",
    "with reporting", "with additional reporting", "reporting and", "with inputs from", "with agency",
    "with agencies", "associated press writer", "correction", "corrections", "clarification", "editor s note",
    "editors note", "this story has been corrected", "this article has been corrected", "this article was amended",
    "this story was corrected", "an earlier version", "a previous version", "this story has been updated",
    "this article has been updated", "korrektur", "anmerkung der redaktion", "in einer früheren version",
    "rectificatif", "correctif", "fe de errores", "fe de erratas", "corrección", "rectificación", "errata corrige",
    "correção", "erramos", "rectificatie", "correctie", "sprostowanie", "исправление", "поправка", "уточнение",
    "виправлення", "düzeltme", "rättelse", "rettelse", "訂正", "更正", "정정", "mit agenturmaterial",
    "mit material von", "avec afp", "avec agences", "con información de", "source", "à propos des", "this report",
    "material from",
)  # fmt: skip
"""How closing lines begin that do belong to a story: who else reported it, and what was put right in it."""
