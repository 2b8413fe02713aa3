"""What stands where a story stood, and reports that only look like it; each rule from both sides."""

import pytest

from storage.types import PageKind

TEXT = [
    "The ferry Lantern ran aground on the sandbank off Quay early on Tuesday with forty passengers on board.",
    "A lifeboat took all of them to the old harbour, where the mayor had coffee made, the coast guard said.",
    "The captain, who has crossed the bay for thirty years, told reporters that the lamp of a buoy had been out.",
    "The port board denied that. It had replaced every lamp in spring and written down the day for each of them.",
    "The ship is to be towed off with the evening tide, when a tug arrives from the neighbouring island.",
    "The line will run two old boats in its place until an expert has looked at the hull and at the engine.",
]
SHIP = "Ferry runs aground off Quay"
TOPIC = "http://board.paper.example/viewtopic.php?t=48213"
REPORT = f"<h1>{SHIP}</h1>" + "".join(f"<p>{text}</p>" for text in TEXT)

MEMBERS = {
    "en": (
        "You are not logged in, or you may not have sufficient privileges to see this board.",
        "Try it again below.",
    ),
    "de": (
        "Sie sind nicht angemeldet oder besitzen keine ausreichenden Rechte.",
        "Das Brett ist den Paten vorbehalten.",
    ),
    "fr": ("Vous n'êtes pas connecté, ou ce forum est fermé aux visiteurs.", "Le mot de passe se demande au port."),
    "pl": ("Nie jesteś zalogowany albo nie masz uprawnień do tego działu.", "Spróbuj jeszcze raz poniżej."),
    "cs": ("Nejste přihlášen. Registrace je zdarma.", "Zapomněli jste heslo? Napište nám prosím."),
}


@pytest.mark.parametrize("language", MEMBERS)
def test_a_topic_for_members_asks_for_a_login(verdict, language):
    said, more = MEMBERS[language]
    form = "<form><input name=user><input type=password name=pass><input type=submit value=OK></form>"
    found = verdict(f"<div>{said}</div><div>{more}</div>{form}", title="The Pilots' Board", url=TOPIC)
    assert found.kind is PageKind.LOGIN_WALL


def test_a_report_with_a_login_box_for_its_readers_is_an_article(verdict):
    box = "<div>You are not logged in.</div><form><input name=user><input type=password></form>"
    assert verdict(box + REPORT, title=SHIP).kind is PageKind.ARTICLE


AGES = {
    "cs": ("Potvrďte svůj věk", "Na tyto stránky smí jen osoby starší 18 let.", "Souhlasím"),
    "sv": ("Är du över 18 år?", "Du måste vara över 18 år för att se sidorna om öl.", "Ja, jag är över 18"),
    "fi": ("Oletko yli 18-vuotias?", "Sivut on tarkoitettu vain yli 18-vuotiaille.", "Kyllä, olen yli 18"),
    "ro": ("Ai peste 18 ani?", "Paginile despre bere sunt pentru cei peste 18 ani.", "Da, am peste 18 ani"),
    "id": ("Verifikasi usia", "Situs ini hanya untuk pembaca berusia 18 tahun ke atas.", "Ya, saya berusia 18"),
}


@pytest.mark.parametrize("language", AGES)
def test_a_question_for_the_age_is_a_wall(verdict, language):
    asked, said, button = AGES[language]
    found = verdict(f"<h1>{asked}</h1><p>{said}</p><form><button>{button}</button></form>", title="Courier")
    assert found.kind is PageKind.CONSENT_WALL


def test_a_report_below_such_a_question_is_an_article(verdict):
    box = "<div>Potvrďte svůj věk: jste starší 18 let?</div><button>Souhlasím</button>"
    assert verdict(box + REPORT, title=SHIP).kind is PageKind.ARTICLE


FAREWELLS = {
    "en": "The Kestrel Gazette has ceased publication after ninety years. Its pages can no longer be read here. We "
    "thank our readers and wish them a good voyage.",
    "de": "Die Möwenpost wurde zum Jahresende eingestellt. Die Seiten sind nicht mehr abrufbar, wir danken unseren "
    "Lesern für viele schöne Jahre am Hafen.",
    "ru": "Портал «Чайка» прекратил работу первого марта. Материалы больше недоступны, благодарим читателей за "
    "двадцать лет.",
    "ko": "갈매기 신문 홈페이지 서비스가 종료되었습니다. 그동안 이용해 주셔서 고맙습니다. "
    "지난 기사는 도서관에서 보실 수 있습니다.",
    "tr": "Martı gazetesi yayınına son verdi ve site kapatıldı. Eski haberlere artık ulaşılamıyor. Okurlarımıza "
    "teşekkür ederiz.",
}


@pytest.mark.parametrize("language", FAREWELLS)
def test_a_site_that_takes_its_leave_has_no_story(verdict, language):
    body = f"<img src=/logo.png><p>{FAREWELLS[language]}</p><p><a href=/>Start</a></p>"
    found = verdict(body, title="Gull", event="Crane falls on a warehouse in Dunmere")
    assert found.kind is PageKind.SOFT_404


def test_a_brief_on_a_paper_that_closes_is_an_article(verdict):
    said = "The paper has closed its doors after ninety years, the publisher said. It will thank our readers on Friday."
    body = f"<h1>Gazette bids farewell</h1><p>DUNMERE, March 12 (KNA) - {said}</p><p>{TEXT[1]}</p>"
    url = "http://www.paper.example/2009/03/12/kestrel-gazette-bids-farewell.html"
    crane = "Crane falls on a warehouse in Dunmere"
    assert verdict(body, title="Gazette bids farewell", url=url, event=crane).kind is PageKind.ARTICLE
    cited = "Gazette of ninety years stops printing"
    assert verdict(body, title="Gazette bids farewell", event=cited).kind is PageKind.ARTICLE


GONE_FILMS = ["The film is unavailable in the library.", "Diese Sendung ist nicht mehr abrufbar.", "本动画视频已下线"]


@pytest.mark.parametrize("said", GONE_FILMS)
def test_a_film_that_is_gone_leaves_other_films(verdict, said):
    others = "".join(
        f"<li><a href=/v{n}><i>0{n}:1{n}</i> The gulls of Quay sing part {n}</a></li>" for n in range(1, 9)
    )
    found = verdict(
        f"<div class=frame><p>{said}</p></div><div>{others}</div>", url="http://www.paper.example/watch/48213/"
    )
    assert found.kind is PageKind.SOFT_404


def test_a_report_whose_film_is_gone_is_an_article(verdict):
    assert verdict(f"<div>This video is no longer available.</div>{REPORT}", title=SHIP).kind is PageKind.ARTICLE


SOLD = (
    "<h1>Deneme bonusu veren bahis siteleri</h1><p>Martı ile her gün yeni oyunlar seni bekliyor, hemen üye ol ve "
    "kazanmaya başla. Canlı casino masaları yirmi dört saat açık, ödemeler beş dakikada hesapta.</p>"
)


def test_a_domain_that_sells_games_of_chance_has_no_story(verdict):
    found = verdict(SOLD, title="Deneme bonusu veren siteler", event="Crane falls on a warehouse in Dunmere")
    assert found.kind is PageKind.SOFT_404


def test_a_report_on_games_of_chance_is_an_article(verdict):
    body = (
        f"<h1>Casino bonus case goes to court</h1><p>{' '.join(TEXT[2:5])}</p><p>The online casino bonus was a lie.</p>"
    )
    found = verdict(body, title="Casino bonus case goes to court", event="Court hears case of casino bonus in Dunmere")
    assert found.kind is PageKind.ARTICLE


def _posts():
    return "".join(f"<h3><a href=/p{n}>The gulls of part {n} sing</a></h3><p>{TEXT[n % 6]}</p>" for n in range(5))


def test_a_month_of_beginnings_is_a_list(verdict):
    found = verdict(_posts(), title="Gull diary", url="http://diary.paper.example/2009/03/")
    assert found.kind is PageKind.LISTING


def test_a_story_below_the_folder_of_its_month_is_an_article(verdict):
    assert verdict(REPORT, title=SHIP, url="http://diary.paper.example/2009/03/ferry/").kind is PageKind.ARTICLE
    assert verdict(REPORT, title=SHIP, url="http://diary.paper.example/2009/03/?p=4711").kind is PageKind.ARTICLE


ENTRIES = {
    "in bold": "<p><b>*** {clock} ***</b><br>{text}</p>",
    "after a word": "<p><strong>Aktualisierung | {clock}</strong> {text}</p>",
    "in a list": "<li><b>— {clock} Uhr —</b> {text}</li>",
}


@pytest.mark.parametrize("first", [9, 14])
@pytest.mark.parametrize("name", ENTRIES)
def test_entries_under_a_live_title_are_a_live_report(verdict, name, first):
    step = 1 if first == 9 else -1
    clocks = [f"{first + step * n}:{7 * n:02}" for n in range(5)]
    body = "".join(ENTRIES[name].format(clock=clock, text=text) for clock, text in zip(clocks, TEXT, strict=False))
    found = verdict(f"<h1>Fähre auf Grund im Liveticker</h1>{body}", title="Fähre auf Grund im Liveticker")
    assert found.kind is PageKind.LIVE_BLOG


def test_the_same_entries_under_another_title_are_a_report(verdict):
    body = "".join(f"<p><b>*** {9 + n}:15 ***</b><br>{text}</p>" for n, text in enumerate(TEXT[:5]))
    assert verdict(f"<h1>{SHIP}</h1>{body}", title=SHIP).kind is PageKind.ARTICLE


LONGER = "".join(f"<p>{text} The gulls looked on and said nothing at all.</p>" for text in TEXT)
BOX = "<h3>Ahoy!</h3><p>Subscribe to read on. To continue reading, please buy a season ticket.</p>"


def test_a_hidden_box_below_a_whole_text_makes_no_teaser(verdict):
    declared = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    hidden = f"<div style='display: none'>{BOX}</div>"
    assert verdict(f"<h1>{SHIP}</h1>{LONGER}{hidden}", title=SHIP, head=declared).kind is PageKind.ARTICLE
    assert verdict(f"<h1>{SHIP}</h1>{LONGER}<div>{BOX}</div>", title=SHIP, head=declared).kind is PageKind.TEASER
    assert (
        verdict(f"<h1>{SHIP}</h1><p>{TEXT[0]}</p><p>{TEXT[1]}</p>{hidden}", title=SHIP, head=declared).kind
        is PageKind.TEASER
    )


def test_a_note_on_marks_above_the_headline_makes_no_teaser(verdict):
    note = "<p>Stories with a key are for subscribers only.</p>"
    assert verdict(f"{note}<h1>{SHIP}</h1>{LONGER}", title=SHIP).kind is PageKind.ARTICLE
    assert verdict(f"{note}<h1>{SHIP}</h1><p>{TEXT[0]}</p><p>{TEXT[1]}</p>", title=SHIP).kind is PageKind.TEASER
    assert verdict(f"<h1>{SHIP}</h1>{LONGER}{note}", title=SHIP).kind is PageKind.TEASER


def test_data_for_programs_is_no_page(reading):
    data = b' {"title": "Ferry aground", "html": "<p>The ferry Lantern ran aground on the sandbank off Quay.</p>"}'
    found = reading(content=data, content_type="application/json")
    assert (found.verdict.kind, found.article) == (PageKind.NOT_A_PAGE, None)
    page = f"<html><title>{SHIP}</title><body>{REPORT}</body></html>".encode()
    assert reading(content=page, content_type="application/json").verdict.kind is PageKind.ARTICLE


SENT_ON = [
    '<meta http-equiv="refresh" content="0; url=/captcha/?back=%2F2009">',
    '<meta http-equiv="refresh" content="1;/antibot/start">',
    "<script>window.location.replace('/guard/captcha.php?back=1')</script>",
]


@pytest.mark.parametrize("head", SENT_ON)
def test_a_page_that_only_leads_to_a_check_is_one(verdict, head):
    assert verdict(head=head).kind is PageKind.CHALLENGE
    assert verdict(REPORT, title=SHIP, head=head).kind is PageKind.ARTICLE


@pytest.mark.parametrize("content", ["120", "0;/news/ferry", "0; url=/news/ferry"])
def test_a_page_that_leads_anywhere_else_is_no_check(verdict, content):
    assert verdict(head=f'<meta http-equiv="refresh" content="{content}">').kind is not PageKind.CHALLENGE


def test_a_firewall_that_stops_the_request_is_a_check(verdict):
    body = "<h2>您的访问被阻断</h2><p>该请求可能造成安全威胁, 编号 4711。</p>"
    assert verdict(body, title="405", status=405).kind is PageKind.CHALLENGE


def test_a_shell_that_foresees_its_failure_needs_javascript(verdict):
    shell = "<noscript><p>JavaScript is disabled. Please enable JavaScript to sail on with us, or take another browser "
    shell += "from the list of boats that we know.</p></noscript><div id=root></div><div>Something went wrong.</div>"
    assert (
        verdict(f"{shell}<script src=/a.js></script><script src=/main.js></script>").kind is PageKind.NEEDS_JAVASCRIPT
    )


def test_a_failure_without_such_a_request_is_an_error(verdict):
    assert verdict("<h1>Something went wrong</h1><p>Our server is down.</p>").kind is PageKind.ERROR_PAGE
