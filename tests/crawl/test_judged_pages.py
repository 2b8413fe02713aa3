"""Every page is judged before it is believed: outcomes, clues, probes and repeats of real crawls."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Page, Request, Site, html, in_turn, rate_limited, redirect
from crawler.demo.web import LocalWeb
from crawler.probing import fresh
from storage.types import Access, HostProbe, Outcome, PageKind, utc_now

PROSE = next(iter(bulk_sites(hosts=1, pages=9))).fallback


def story(number=0, host="paper-000.bulk.example"):
    """An article page with enough prose, different for each number."""
    return PROSE(Request(method="GET", host=host, target=f"/news/{number}.html"))


def crawl(desk, *sites, urls):
    with LocalWeb(sites) as web:
        desk.configure(proxy=web.proxy_url, allow_private=True)
        desk.import_urls(*urls)
        desk.run("crawl", "--json")
        return web.log


def last(desk, url):
    return desk.attempts(url)[-1]


def clue_names(attempt):
    return {clue.name for clue in attempt.page.clues}


def document(title, body, head=""):
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


MENU = '<div><a href="/">Front</a> <a href="/world/">World</a> <a href="/sport/">Sport</a></div>'
GONE = document("Quay Courier", MENU + "<h1>Sorry</h1><p>The story that you asked for is no longer here.</p>")
NOTICE = document(
    "Quay Courier",
    MENU + "<p>Dear reader, our house has moved its older stories into the cellar. We are sorting them by size and by "
    "smell, and will bring them up again once the stairs are mended. Until then, please enjoy the harbour.</p>",
)
HOME = document(
    "Quay Courier",
    MENU
    + "".join(
        f'<h3><a href="/world/{n}-harbour-crane-learns-to-sing">Harbour crane number {n} learns to sing</a></h3>'
        f"<p>The crane sang for {n} hours, dockers said on Monday.</p>"
        for n in range(12)
    ),
)
CHECK = document(
    "Just a moment...",
    "<h1>quay.example</h1><h2>Checking if the site connection is secure</h2><noscript>Enable JavaScript and cookies "
    "to continue</noscript><script>window._cf_chl_opt={cvId:'2'}</script>",
)
CONSENT = document(
    "Your privacy",
    "<h1>We value your privacy</h1><p>We and our 412 partners store and access information on a device, such as "
    "cookies, and process personal data, such as unique identifiers, to show personalised advertising.</p>"
    "<form><button>Accept all</button><button>Manage options</button></form>",
)
LOGIN = document(
    "Sign in",
    "<h1>Sign in to continue</h1><form action='/login'><input name='user'><input type='password' name='p'></form>"
    "<p>Forgot your password? Not a member yet? Please register, registration is free.</p>",
)
SHELL = document(
    "Quay Courier",
    "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    "<script src='/a.js'></script>",
)
LIVE = document(
    "Live: harbour bridge opens",
    "<h1>Live: harbour bridge opens</h1>"
    + "".join(
        f"<div><h3>1{n}:05</h3><p>The mayor walked over span number {n} and said that it held, as it had on the day "
        f"before, and that the {n} painters might go home now.</p></div>"
        for n in range(9)
    ),
)
FAULT = document(
    "500 Internal Server Error", "<h1>Internal Server Error</h1><p>The server encountered an internal error.</p>"
)

PAGES = {
    "/says-gone": (html(GONE), Outcome.SOFT_404, PageKind.SOFT_404),
    "/check": (html(CHECK), Outcome.CHALLENGE, PageKind.CHALLENGE),
    "/check-forbidden": (Page(status=403, body=CHECK.encode()), Outcome.CHALLENGE, PageKind.CHALLENGE),
    "/check-unavailable": (Page(status=503, body=CHECK.encode()), Outcome.CHALLENGE, PageKind.CHALLENGE),
    "/plain-forbidden": (Page(status=403, body=b"<h1>Forbidden</h1><p>Not for you.</p>"), Outcome.BLOCKED, None),
    "/consent": (html(CONSENT), Outcome.CONSENT_WALL, PageKind.CONSENT_WALL),
    "/login": (html(LOGIN), Outcome.LOGIN_WALL, PageKind.LOGIN_WALL),
    "/list": (html(HOME), Outcome.NO_ARTICLE, PageKind.LISTING),
    "/shell": (html(SHELL), Outcome.NEEDS_JAVASCRIPT, PageKind.NEEDS_JAVASCRIPT),
    "/fault": (html(FAULT), Outcome.SERVER_ERROR, PageKind.ERROR_PAGE),
    "/live-bridge": (html(LIVE), Outcome.FETCHED, PageKind.LIVE_BLOG),
    "/news/2.html": (story(2), Outcome.FETCHED, PageKind.ARTICLE),
}


@pytest.fixture(scope="module")
def judged(make_desk):
    """A library after one crawl over all of `PAGES`, each on a host of its own."""
    desk = make_desk("judged")
    sites = [Site(host=host_of(path), routes={path: route}) for path, (route, _, _) in PAGES.items()]
    crawl(desk, *sites, urls=[url_of(path) for path in PAGES])
    return desk


def host_of(path):
    return path.strip("/").replace("/", "-").replace(".", "-") + ".judged.example"


def url_of(path):
    return f"http://{host_of(path)}{path}"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_outcome_of_what_it_is(judged, path):
    _, outcome, kind = PAGES[path]
    attempt = last(judged, url_of(path))
    assert attempt.outcome is outcome, attempt
    if kind is not None:
        assert attempt.page.kind is kind, attempt.page
    assert attempt.page.clues
    assert bool(attempt.detail) == (outcome is not Outcome.FETCHED)


@pytest.mark.parametrize("path", PAGES)
def test_what_is_no_article_creates_none_and_the_capture_is_kept(judged, path):
    history = judged.history(url_of(path))
    assert (history.document.article_id is not None) == (PAGES[path][1] is Outcome.FETCHED)
    assert len(history.captures) == 1
    assert history.captures[0].payload_length > 0


def test_a_deep_address_that_leads_to_the_home_page_is_gone(desk):
    site = Site(host="a.example", routes={"/2009/03/crane-falls": redirect("/"), "/": html(HOME)})
    crawl(desk, site, urls=["http://a.example/2009/03/crane-falls"])
    attempt = last(desk, "http://a.example/2009/03/crane-falls")
    assert attempt.outcome is Outcome.SOFT_404
    assert "redirected to the home page" in attempt.detail


def test_a_home_page_that_was_asked_for_is_a_list(desk):
    crawl(desk, Site(host="a.example", routes={"/": html(HOME)}), urls=["http://a.example/"])
    attempt = last(desk, "http://a.example/")
    assert (attempt.outcome, attempt.page.kind) == (Outcome.NO_ARTICLE, PageKind.LISTING)


def test_a_host_that_answers_any_path_so_is_found_out_by_one_probe(desk):
    site = Site(host="a.example", routes={}, fallback=lambda _: html(NOTICE), robots="")
    urls = [f"http://a.example/stories/{n}.html" for n in (1, 2)]
    log = crawl(desk, site, urls=urls)
    assert [last(desk, url).outcome for url in urls] == [Outcome.SOFT_404, Outcome.SOFT_404]
    assert "the host answers any path so" in clue_names(last(desk, urls[0]))
    probes = [access for access in log if "no-such-page" in access.target]
    assert len(probes) == 1
    assert probes[0].target.startswith("/stories/no-such-page-")


def test_a_brief_on_a_host_that_says_what_is_missing_stays_an_article(desk):
    brief = document(
        "Quay",
        "<p>The harbour master of Quay said on Tuesday that the crane which fell on the fish market "
        "last week had been put up again and that nobody had been hurt when it fell.</p>",
    )
    site = Site(host="a.example", routes={"/stories/1.html": html(brief)})
    log = crawl(desk, site, urls=["http://a.example/stories/1.html"])
    assert last(desk, "http://a.example/stories/1.html").outcome is Outcome.FETCHED
    assert sum("no-such-page" in access.target for access in log) == 1


def test_a_long_report_is_never_probed(desk):
    log = crawl(desk, Site(host="a.example", routes={"/news/2.html": story(2)}), urls=["http://a.example/news/2.html"])
    assert not [access for access in log if "no-such-page" in access.target]


def test_robots_holds_for_the_probe_too(desk):
    robots = "User-agent: *\nDisallow: /stories/no-such\n"
    site = Site(host="a.example", routes={}, fallback=lambda _: html(NOTICE), robots=robots)
    log = crawl(desk, site, urls=["http://a.example/stories/1.html"])
    assert not [access for access in log if "no-such-page" in access.target]
    assert last(desk, "http://a.example/stories/1.html").outcome is Outcome.FETCHED


@pytest.mark.parametrize("status", [403, 503])
def test_a_probe_that_was_refused_says_nothing(desk, status):
    refused = Page(status=status, body=NOTICE.encode())
    site = Site(
        host="a.example",
        routes={},
        fallback=lambda request: refused if "no-such-page" in request.target else html(NOTICE),
        robots="",
    )
    log = crawl(desk, site, urls=["http://a.example/stories/1.html"])
    assert "no-such-page" in log[-1].target
    assert last(desk, "http://a.example/stories/1.html").outcome is Outcome.FETCHED
    with desk.library() as library:
        assert library.store.probes(["a.example"]) == {}


def test_a_probe_counts_for_a_month():
    url = "http://a.example/no-such-page"
    probe = HostProbe(
        probed_at=utc_now() - timedelta(days=29), url=url, status=200, final_url=url, fingerprint=(1, 2, 3)
    )
    assert fresh(probe) is probe
    assert fresh(replace(probe, probed_at=utc_now() - timedelta(days=31))) is None
    assert fresh(None) is None


def test_a_host_that_says_too_often_to_the_probe_is_left_alone(desk):
    """No attempt is stored of a probe; what it was told holds all the same, from that moment."""
    told = rate_limited("3600")
    site = Site(
        host="a.example",
        routes={},
        fallback=lambda request: told if "no-such-page" in request.target else html(NOTICE),
        robots="",
    )
    urls = [f"http://a.example/stories/{n}.html" for n in (1, 2)]
    log = crawl(desk, site, urls=urls)
    assert sorted(len(desk.attempts(url)) for url in urls) == [0, 1]
    assert "no-such-page" in log[-1].target


def test_the_same_text_at_many_addresses_is_no_article(desk):
    """The notice is on every address, but no probe may tell."""
    robots = "User-agent: *\nDisallow: /stories/no-such\n"
    site = Site(host="a.example", routes={}, fallback=lambda _: html(NOTICE), robots=robots)
    urls = [f"http://a.example/stories/{n}.html" for n in range(4)]
    crawl(desk, site, urls=urls)
    outcomes = [last(desk, url).outcome for url in urls]
    assert outcomes == [Outcome.FETCHED, Outcome.FETCHED, Outcome.SOFT_404, Outcome.SOFT_404]
    assert "other documents show the same text" in clue_names(last(desk, urls[3]))


TEASER = document(
    "Crane falls on fish market",
    "<h1>Crane falls on fish market</h1><p>A harbour crane fell on the fish market of Quay on Tuesday and crushed four "
    "stalls that had been shut for the holiday, the harbour master said.</p><p>Nobody was hurt, but the price of …</p>"
    "<div>To continue reading, subscribe to the Courier.</div>",
)
WHOLE = document(
    "Crane falls on fish market",
    "<h1>Crane falls on fish market</h1><p>A harbour crane fell on the fish market of Quay on Tuesday and crushed four "
    "stalls that had been shut for the holiday, the harbour master said.</p>"
    + "".join(
        f"<p>Stall keeper number {n} said that she had heard the beam give way at {n} in the morning, and that her "
        f"brother had written {n} letters about the rust to the board of the port, who thanked him for each.</p>"
        for n in range(2, 9)
    ),
)


def test_a_teaser_says_so_and_the_whole_text_takes_its_place(desk):
    url = "http://a.example/crane-falls-on-market"
    with LocalWeb(
        [Site(host="a.example", routes={"/crane-falls-on-market": in_turn(html(TEASER), html(WHOLE))})]
    ) as web:
        desk.configure(proxy=web.proxy_url, allow_private=True)
        desk.import_urls(url)
        desk.run("crawl", "--json")
        teaser = last(desk, url)
        desk.run("refetch", desk.first_event(), "--json")
    assert (teaser.outcome, teaser.page.kind) == (Outcome.TEASER, PageKind.TEASER)
    assert last(desk, url).outcome is Outcome.FETCHED
    with desk.library() as library:
        versions = library.store.article(desk.history(url).document.article_id).versions
    assert [version.article.access for version in versions] == [Access.TEASER, Access.UNKNOWN]


def test_a_teaser_never_replaces_a_longer_text(desk):
    url = "http://a.example/crane-falls-on-market"
    with LocalWeb(
        [Site(host="a.example", routes={"/crane-falls-on-market": in_turn(html(WHOLE), html(TEASER))})]
    ) as web:
        desk.configure(proxy=web.proxy_url, allow_private=True)
        desk.import_urls(url)
        desk.run("crawl", "--json")
        desk.run("refetch", desk.first_event(), "--json")
    assert [attempt.outcome for attempt in desk.attempts(url)] == [Outcome.FETCHED, Outcome.TEASER]
    with desk.library() as library:
        versions = library.store.article(desk.history(url).document.article_id).versions
    assert [version.article.access for version in versions] == [Access.UNKNOWN]


def test_what_the_publisher_reserves_is_kept_with_the_attempt(desk):
    page = story(3)
    site = Site(host="a.example", routes={"/x.html": Page(body=page.body, headers=(("X-Robots-Tag", "noarchive"),))})
    crawl(desk, site, urls=["http://a.example/x.html"])
    assert last(desk, "http://a.example/x.html").reservations == ("X-Robots-Tag: noarchive",)
