"""Both sides of every kind: a page that is one, and a report that only looks like one."""

import pytest

from storage.types import Outcome, PageKind, Redirect

BRIEF = (
    "<p>A harbour crane fell on the fish market of Quay on Tuesday and crushed four stalls that had been shut for the "
    "holiday, the harbour master said. Nobody was hurt, and the market opens again on Friday.</p>"
)
REPORT = BRIEF + "".join(
    f"<p>Stall keeper number {n} said that she had heard the beam give way at dawn, and that her brother had written "
    f"{n} letters about the rust to the board of the port, which thanked him for each of them.</p>"
    for n in range(2, 12)
)
MENU = "".join(f'<a href="/{name}/">{name.title()}</a> ' for name in ("world", "sport", "culture", "letters"))


def page_not_found(heading, text):
    return f"{MENU}<h1>{heading}</h1><p>{text}</p>"


GONE = {
    "en": ("Page not found", "The page you are looking for has been moved or deleted."),
    "de": ("Seite nicht gefunden", "Der Artikel ist nicht mehr verfügbar."),
    "fr": ("Page introuvable", "La page que vous recherchez n'existe plus."),
    "es": ("Página no encontrada", "La página que busca ya no está disponible."),
    "pt": ("Página não encontrada", "A notícia que você procura foi removida."),
    "it": ("Pagina non trovata", "La pagina che stai cercando non esiste."),
    "nl": ("Pagina niet gevonden", "Het artikel dat u zoekt bestaat niet meer."),
    "ru": ("Страница не найдена", "Запрашиваемая страница удалена или перемещена."),
    "uk": ("Сторінку не знайдено", "Сторінка, яку ви шукаєте, не існує."),
    "pl": ("Nie znaleziono strony", "Strona, której szukasz, nie istnieje."),
    "tr": ("Sayfa bulunamadı", "Aradığınız sayfa kaldırılmış olabilir."),
    "ar": ("الصفحة غير موجودة", "لم يتم العثور على الصفحة المطلوبة"),
    "zh": ("页面不存在", "您访问的页面不存在或已删除。"),
    "ja": ("ページが見つかりません", "お探しの記事は削除されました。"),
    "sv": ("Sidan hittades inte", "Sidan du söker har tagits bort."),
    "hu": ("Az oldal nem található", "A keresett cikk már nem elérhető."),
    "ko": ("페이지를 찾을 수 없습니다", "요청하신 기사가 삭제되었습니다."),
}


@pytest.mark.parametrize("lang", GONE)
def test_a_page_that_says_that_it_is_gone(verdict, lang):
    heading, text = GONE[lang]
    assert verdict(page_not_found(heading, text), title=f"{heading} | Quay Courier").kind is PageKind.SOFT_404


CONSENT = {
    "en": ("Your privacy", "We and our 300 partners use cookies and process personal data.", "Accept all"),
    "de": ("Ihre Privatsphäre", "Wir und unsere Partner verarbeiten Daten und verwenden Cookies.", "Alle akzeptieren"),
    "fr": ("Votre vie privée", "Nous et nos partenaires utilisons des cookies et vos données.", "Tout accepter"),
    "es": ("Tu privacidad", "Nosotros y nuestros socios utilizamos cookies y datos personales.", "Aceptar todo"),
    "pt": ("A sua privacidade", "Nós e os nossos parceiros utilizamos cookies e dados pessoais.", "Aceitar tudo"),
    "it": ("La tua privacy", "Noi e i nostri partner utilizziamo cookie e dati personali.", "Accetta tutto"),
    "nl": ("Uw privacy", "Wij en onze partners plaatsen cookies en verwerken persoonsgegevens.", "Akkoord"),
    "ru": ("Ваша конфиденциальность", "Мы и наши партнеры используем файлы cookie и данные.", "Принять все"),
    "pl": ("Szanujemy twoją prywatność", "My i nasi partnerzy używamy plików cookie i danych.", "Zgadzam się"),
    "tr": ("Gizliliğinize önem veriyoruz", "Biz ve ortaklarımız çerez kullanıyoruz, kişisel veri.", "Kabul et"),
    "zh": ("您的隐私", "我们和合作伙伴使用cookie并处理个人数据，请您同意。", "接受"),
    "ja": ("プライバシーについて", "当社とパートナーはcookieを使用します。", "同意する"),
}


@pytest.mark.parametrize("lang", CONSENT)
def test_a_page_that_asks_for_consent(verdict, lang):
    heading, text, button = CONSENT[lang]
    body = f"<h1>{heading}</h1><p>{text}</p><form><button>{button}</button></form>"
    assert verdict(body, title=heading).kind is PageKind.CONSENT_WALL


def test_a_report_below_a_consent_banner_is_an_article(verdict):
    heading, text, button = CONSENT["en"]
    banner = f"<div class=banner><h2>{heading}</h2><p>{text}</p><button>{button}</button></div>"
    assert verdict(banner + "<h1>Crane falls</h1>" + REPORT, title="Crane falls").kind is PageKind.ARTICLE


CHECKS = {
    "cloudflare": "<h1>paper.example</h1><h2>Checking your browser</h2><script>window._cf_chl_opt={}</script>",
    "datadome": "<p>Please enable JS and disable any ad blocker</p>"
    "<script src='https://geo.captcha-delivery.com/c.js'></script>",
    "human": "<div id='px-captcha'></div><p>Press and hold to confirm that you are a human and not a bot.</p>",
    "imperva": "<iframe id='main-iframe' src='/_Incapsula_Resource?CWUDNSAI=9'>"
    "Request unsuccessful. Incapsula incident ID: 4</iframe>",
    "akamai": "<h1>Access Denied</h1><p>You don't have permission to access this page.</p>"
    "<p>Reference #18.2d351ab8</p>",
    "f5": "<p>The requested URL was rejected. Please consult with your administrator.</p><p>Your support ID is: 74</p>",
    "interruption": "<h1>Pardon Our Interruption</h1><p>Something about your browser made us think you were a bot.</p>",
    "traffic": "<p>Our systems have detected unusual traffic from your computer network. Please solve the captcha.</p>",
    "cookie": "<script>document.cookie='k=1;path=/';location.reload();</script>",
    "testcookie": "<script src='/aes.js'></script>"
    "<script>document.cookie='__test='+toHex(slowAES.decrypt(c,2,a,b));location.href='/?i=1'</script>",
    "russian": "<h1>Я не робот</h1><p>Подтвердите, что вы не робот: подозрительная активность.</p>",
    "chinese": "<h1>安全验证</h1><p>请完成人机验证，确认您不是机器人。</p>",
}


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize("name", CHECKS)
def test_a_check_for_robots_whatever_its_status(verdict, name, status):
    assert verdict(CHECKS[name], status=status).kind is PageKind.CHALLENGE


HEADLINE_TRAPS = [
    "Page not found: the archive that lost its own catalogue",
    "Access denied: harbour master locked out of his own port",
    "Just a moment, says the crane driver, and falls asleep",
    "Court rules that web sites must ask for consent to cookies",
    "Sign in or stay out: clubs turn to electronic tickets",
    "Internal server error stops harbour trains for a day",
    "Robots take over the check at the port's gate",
]


@pytest.mark.parametrize("headline", HEADLINE_TRAPS)
def test_a_report_about_such_things_is_an_article(verdict, headline):
    said = f"<h1>{headline}</h1><p>By Anna Quill</p>"
    assert verdict(said + REPORT, title=f"{headline} | Quay Courier").kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    "script",
    [
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        "<script src='/_Incapsula_Resource?SWJIYLWA=7'></script>",
        "<script src='https://js.datadome.co/tags.js'></script>",
        "<div class='g-recaptcha'></div>",
        "<form action='/login'><input name=u><input type=password name=p> Forgot your password? Register</form>",
    ],
)
def test_a_brief_with_what_many_pages_carry_is_an_article(verdict, script):
    assert (
        verdict(f"<h1>Crane falls on market</h1>{BRIEF}{script}", title="Crane falls on market").kind
        is PageKind.ARTICLE
    )


NEWS_OF_FAILURES = [
    (
        "Website of port board hit by outage",
        (
            "The website of the port board was unavailable on Tuesday because of a server error, "
            "officials said. Visitors saw a page saying that the site was under maintenance until Wednesday morning."
        ),
    ),
    (
        "Domain for sale after port paper closes",
        (
            "The domain of the Quay Gazette is for sale after the paper closed last week, its owner "
            "said on Tuesday. He asks for nine crowns."
        ),
    ),
    (
        "New captcha tests annoy ferry users",
        (
            "Readers of Quay said on Monday that they were asked to prove they are not a robot when "
            "buying ferry tickets. The ferry line said the check would stay until the summer."
        ),
    ),
]


@pytest.mark.parametrize(("headline", "text"), NEWS_OF_FAILURES)
def test_a_brief_about_a_failure_under_its_headline_is_an_article(verdict, headline, text):
    assert verdict(f"<h1>{headline}</h1><p>{text}</p>", title=f"{headline} | Quay").kind is PageKind.ARTICLE


def test_a_brief_under_a_consent_banner_is_an_article(verdict):
    heading, text, button = CONSENT["en"]
    banner = f"<div><h2>{heading}</h2><p>{text}</p><button>{button}</button></div>"
    assert verdict(f"{banner}<h1>Crane falls</h1>{BRIEF}{BRIEF}", title="Crane falls | Quay").kind is PageKind.ARTICLE


def test_headers_alone_never_decide(verdict):
    headers = (("Server", "cloudflare"), ("CF-Mitigated", "challenge"), ("X-DataDome", "protected"))
    assert verdict(f"<h1>Crane falls</h1>{BRIEF}", title="Crane falls", headers=headers).kind is PageKind.ARTICLE


PLAIN_REPORTS = {
    "printed": f"<b>Crane falls on market</b><br><br>{REPORT.replace('<p>', '').replace('</p>', '<br><br>')}",
    "preformatted": "<pre>CRANE FALLS ON MARKET\n\n" + REPORT.replace("<p>", "").replace("</p>", "\n\n") + "</pre>",
    "table": f"<table><tr><td>{MENU}</td><td><font size=5>Crane falls</font><br>{REPORT}</td></tr></table>",
    "brief": BRIEF,
    "chinese": "<h1>港口起重机倒塌</h1><p>"
    + "周二，港口一台起重机倒在鱼市场上，压坏了四个摊位，港口负责人说没有人受伤。" * 4
    + "</p>",
    "with captchas": f"{REPORT}<p>Leave a comment</p><img src='/captcha.php'><input name='captcha'>",
}


@pytest.mark.parametrize("name", PLAIN_REPORTS)
def test_reports_of_any_age_and_length_are_articles(verdict, name):
    assert verdict(PLAIN_REPORTS[name], title="Crane falls").kind is PageKind.ARTICLE


OTHERS = [
    ("<h1>Sign in to continue</h1><form><input name=u><input type=password></form>", "Sign in", PageKind.LOGIN_WALL),
    (
        "<p>You must be a registered member to read this story. Registration is free.</p><form><input name=e></form>",
        "Registration required",
        PageKind.LOGIN_WALL,
    ),
    ("<h1>Service Temporarily Unavailable</h1><p>Please try again later.</p>", "503", PageKind.ERROR_PAGE),
    ("<b>Warning</b>: mysql_connect(): Access denied for user in /www/story.php on line 12", "", PageKind.ERROR_PAGE),
    ("<p>Microsoft OLE DB Provider for ODBC Drivers error '80004005'</p>", "", PageKind.ERROR_PAGE),
    (
        "<h1>This content is not available in your region</h1><p>For legal reasons we cannot show it.</p>",
        "",
        PageKind.ERROR_PAGE,
    ),
    (
        "<h1>paper.example</h1><p>This domain is for sale. Make an offer.</p>",
        "paper.example is for sale",
        PageKind.SOFT_404,
    ),
    ("<h1>Account Suspended</h1><p>This account has been suspended.</p>", "Account Suspended", PageKind.SOFT_404),
    ("<h1>It works!</h1>", "", PageKind.SOFT_404),
    (
        "<div id=root></div><script src=/a.js></script><noscript>Please enable JavaScript.</noscript>",
        "Quay",
        PageKind.NEEDS_JAVASCRIPT,
    ),
    ("<div id=__next></div><script src=/a.js></script><script src=/b.js></script>", "Quay", PageKind.NEEDS_JAVASCRIPT),
    ("<p>Crane.</p>", "Crane", PageKind.EMPTY),
    (MENU, "Quay Courier", PageKind.EMPTY),
    ("<h1>Whoops, looks like something went wrong.</h1>", "Whoops", PageKind.ERROR_PAGE),
    (
        MENU
        + "<p>We can't find the page you asked for.</p>"
        + "".join(f"<li><a href=/n/{n}>Fishermen find bell number {n} in the bay</a></li>" for n in range(8)),
        "Quay Courier",
        PageKind.SOFT_404,
    ),
    ("<video src=a.mp4></video><h1>Video: crane falls</h1><p>Watch the crane fall.</p>", "Video", PageKind.GALLERY),
]


@pytest.mark.parametrize(("body", "title", "kind"), OTHERS)
def test_other_kinds(verdict, body, title, kind):
    assert verdict(body, title=title).kind is kind


def test_a_region_that_is_refused_is_blocked(reading):
    found = reading("<h1>This content is not available in your region</h1><p>Due to legal reasons.</p>")
    assert (found.outcome, found.article) == (Outcome.BLOCKED, None)


def test_a_list_of_headlines_is_a_list_and_a_report_with_such_a_list_below_is_not(verdict):
    headlines = "".join(f'<h3><a href="/n/{n}.html">Crane number {n} learns to sing again</a></h3>' for n in range(25))
    assert verdict(MENU + headlines, url="http://www.paper.example/").kind is PageKind.LISTING
    assert verdict("<h1>Crane falls</h1>" + REPORT + headlines, title="Crane falls").kind is PageKind.ARTICLE


def test_what_is_no_page_says_what_it_is(reading):
    found = reading(content=b"%PDF-1.4", content_type="application/pdf")
    assert (found.verdict.kind, found.outcome) == (PageKind.NOT_A_PAGE, Outcome.NOT_HTML)
    assert found.detail == "the response is a PDF document, it is damaged"


def test_a_frameset_is_empty_and_says_why(reading):
    found = reading(content=b"<html><frameset cols='*,*'><frame src=a.html><frame src=b.html></frameset></html>")
    assert found.verdict.kind is PageKind.EMPTY
    assert "a frameset" in {clue.name for clue in found.verdict.clues}


def test_a_rendered_page_never_needs_javascript(verdict):
    shell = "<div id=root></div><script src=/a.js></script><noscript>Please enable JavaScript.</noscript>"
    assert verdict(shell, rendered=True).kind is PageKind.EMPTY


REDIRECTS = [
    ("http://www.paper.example/", PageKind.SOFT_404),
    ("http://www.group.example/index.html", PageKind.SOFT_404),
    ("http://www.paper.example/404.html", PageKind.SOFT_404),
    ("http://www.paper.example/errors/notfound.asp", PageKind.SOFT_404),
    ("http://www.paper.example/2009/", PageKind.SOFT_404),
    ("http://www.paper.example/login?next=%2F2009", PageKind.LOGIN_WALL),
    ("http://consent.paper.example/collectConsent?s=1", PageKind.CONSENT_WALL),
]


@pytest.mark.parametrize(("final", "kind"), REDIRECTS)
def test_where_a_redirect_leads(verdict, final, kind):
    asked = "http://www.paper.example/2009/03/12/crane-falls.html"
    headlines = "".join(f'<p><a href="/n/{n}">Crane number {n} learns to sing again</a></p>' for n in range(6))
    hops = (Redirect(url=asked, status=302),)
    assert verdict(MENU + headlines, url=final, requested_url=asked, redirects=hops).kind is kind


@pytest.mark.parametrize(
    "final", ["http://www.group.example/gazette/crane-falls/", "http://www.paper.example/story/981"]
)
def test_a_redirect_to_the_story_itself_is_none_of_these(verdict, final):
    asked = "http://www.paper.example/2009/03/12/crane-falls.html"
    assert verdict(REPORT, url=final, requested_url=asked).kind is PageKind.ARTICLE
