"""Discovery, through the real command: feeds, sitemaps and section pages polled, what they name fetched and stored."""

import gzip
import os
import signal
import time
from datetime import timedelta
from email.utils import format_datetime

from crawler.demo.access import by_host
from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Delivery, Page, Request, Site, failing, html, missing
from crawler.demo.web import LocalWeb
from storage.types import DocumentRole, Outcome, Selection, utc_now

PROSE = next(iter(bulk_sites(hosts=1, pages=20))).fallback
POST = "harbour-post.example"
HERALD = "lind-herald.example"
XML = "application/xml"


def story(number):
    return PROSE(Request(method="GET", host="paper-000.bulk.example", target=f"/news/{number}.html"))


def path_of(number):
    return f"/news/2101-the-harbour-story-{number}"


def rss(host, numbers, **page):
    now = format_datetime(utc_now() - timedelta(hours=1))
    items = "".join(
        f"<item><title>Story {number}</title><link>http://{host}{path_of(number)}</link><pubDate>{now}</pubDate></item>"
        for number in numbers
    )
    text = f"<rss version='2.0'><channel><title>The {host}</title><link>http://{host}/</link>{items}</channel></rss>"
    return Page(body=text.encode(), content_type="application/rss+xml", **page)


def sitemap(host, numbers):
    now = utc_now().isoformat()
    urls = "".join(
        f"<url><loc>http://{host}{path_of(number)}</loc><news:news><news:publication_date>{now}"
        f"</news:publication_date><news:title>Story {number}</news:title></news:news></url>"
        for number in numbers
    )
    old = f"<url><loc>http://{host}/news/the-very-old-story</loc><lastmod>2009-01-01</lastmod></url>"
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    return f"<urlset {space}>{urls}{old}</urlset>".encode()


def index(host):
    return f"<sitemapindex><sitemap><loc>http://{host}/news-map.xml.gz</loc></sitemap></sitemapindex>".encode()


def section(numbers):
    links = "".join(f"<a href='{path_of(number)}'>The harbour story with number {number}</a>" for number in numbers)
    menu = "<nav><a href='/news/all-the-latest-news'>All the latest news of today</a></nav>"
    head = "<link rel='alternate' type='application/rss+xml' href='/declared.rss'>"
    return html(f"<html><head><title>Herald</title>{head}</head><body>{menu}<main>{links}</main></body></html>")


def configure(desk, web, crawl=(), **discovery):
    desk.configure(proxy=web.proxy_url, **dict(crawl))
    lines = [f"{name} = {value}".replace("'", '"') for name, value in discovery.items()]
    with (desk.folder / "dateline.toml").open("a") as file:
        file.write("\n".join(["[discovery]", *lines, ""]))


def stories(numbers):
    return {path_of(number): story(number) for number in numbers}


def asked(web, host):
    return sorted(access.target for access in by_host(web.log).get(host, ()) if access.target != "/robots.txt")


def feeds(desk):
    with desk.library() as library:
        return {feed.document.request_url: feed for feed in library.store.feeds()}


def make_due(desk, *hosts):
    """The feeds of these hosts, as if their intervals were over."""
    with desk.library() as library:
        for host in hosts:
            feeds_of_host = Selection(role=DocumentRole.FEED, host=host, due_only=False)
            library.store.reschedule(feeds_of_host, next_fetch_at=utc_now())


def web_of_two_papers():
    post = Site(
        host=POST,
        robots=f"User-agent: *\nDisallow: {path_of(3)}\n",
        routes={
            "/rss.xml": rss(POST, range(4), etag='"first"'),
            "/sitemap.xml": Page(body=index(POST), content_type=XML),
            "/news-map.xml.gz": Page(body=gzip.compress(sitemap(POST, range(2, 6))), content_type="application/gzip"),
            **stories(range(6)),
        },
    )
    herald = Site(
        host=HERALD,
        robots=f"Sitemap: http://{HERALD}/news.xml\n",
        routes={
            "/": section([10, 11]),
            "/declared.rss": rss(HERALD, [11, 12]),
            "/news.xml": Page(body=sitemap(HERALD, [13]), content_type=XML),
            **stories(range(10, 14)),
        },
    )
    return post, herald


def bomb():
    levels = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'x' * 1000}'>" for n in range(9))
    return f"<!DOCTYPE rss [{levels}]><rss version='2.0'><channel><title>&a8;</title></channel></rss>".encode()


HOSTILE = {
    "/page.rss": (html("<html><body><form>Accept our cookies</form></body></html>"), Outcome.NOT_FEED),
    "/garbage.rss": (Page(body=bytes(range(256)) * 40, content_type="application/rss+xml"), Outcome.NOT_FEED),
    "/unfolds.rss": (Page(body=gzip.compress(bytes(60_000_000))), Outcome.NOT_FEED),
    "/endless.rss": (failing(Delivery.ENDLESS), Outcome.TOO_LARGE),
    "/gone.rss": (missing(410), Outcome.GONE),
    "/private.rss": (rss(POST, [1]), Outcome.ROBOTS),
    "/entities.rss": (Page(body=bomb(), content_type=XML), Outcome.FEED),
}


def test_what_feeds_sitemaps_and_pages_name_is_fetched_once_and_hostile_ones_leave_a_problem(desk):
    hosts = {path: f"h{number}.feeds.example" for number, path in enumerate(HOSTILE)}
    hostile = {path: f"http://{host}{path}" for path, host in hosts.items()}
    rules = "User-agent: *\nDisallow: /private\n"
    sites = [Site(host=host, routes={path: HOSTILE[path][0]}, robots=rules) for path, host in hosts.items()]
    with LocalWeb([*web_of_two_papers(), *sites]) as web:
        configure(
            desk,
            web,
            feeds=[f"http://{POST}/rss.xml", *hostile.values()],
            sitemaps=[f"http://{POST}/sitemap.xml"],
            sections=[f"http://{HERALD}/"],
            per_host=4,
            max_mb=0.5,
        )
        report = desk.run("discover", "--json").json
        assert asked(web, hosts["/private.rss"]) == []
        assert report["outcomes"] == {
            "feed": 7,
            "not_feed": 3,
            "too_large": 1,
            "gone": 1,
            "fetched": 7,
            "robots": 2,
        }
        assert (report["found"], report["left"]) == (10, 2)
        the_first_run_told_all(desk, web)
        the_hostile_ones_left_a_problem_and_nothing_else(desk, hostile)
        the_second_run_asks_conditionally_and_goes_on(desk, web)
    assert desk.problems() == []


def the_first_run_told_all(desk, web):
    named = [path_of(number) for number in (0, 1, 2)]
    assert asked(web, POST) == sorted(["/rss.xml", "/sitemap.xml", "/news-map.xml.gz", *named])
    assert asked(web, HERALD) == sorted(["/", "/declared.rss", "/news.xml", *map(path_of, range(10, 14))])
    papers = {url: feed for url, feed in feeds(desk).items() if ".feeds.example" not in url}
    assert {(feed.polls, feed.problem) for feed in papers.values()} == {(1, "")}
    assert {url.removeprefix("http://"): feed.found_by.removeprefix("http://") for url, feed in papers.items()} == {
        f"{POST}/rss.xml": "configuration",
        f"{POST}/sitemap.xml": "configuration",
        f"{POST}/news-map.xml.gz": f"{POST}/sitemap.xml",
        f"{HERALD}/": "configuration",
        f"{HERALD}/declared.rss": f"{HERALD}/",
        f"{HERALD}/news.xml": f"{HERALD}/",
    }
    rss_feed = papers[f"http://{POST}/rss.xml"]
    assert rss_feed.title == f"The {POST}"
    assert rss_feed.document.next_fetch_at > utc_now() + timedelta(minutes=9)
    views = {view.document.request_url: view for view in stored(desk)}
    assert len(views) == 7
    assert {discovery.title for discovery in views[f"http://{POST}{path_of(0)}"].found_by} == {"Story 0"}
    with desk.library() as library:
        status = library.store.discovery_status()
    assert status.found == {"fetched": 7, "robots": 1, "untried": 2}


def the_hostile_ones_left_a_problem_and_nothing_else(desk, hostile):
    found = {path: feeds(desk)[url] for path, url in hostile.items()}
    assert {path: one.document.last_outcome for path, one in found.items()} == {
        path: outcome for path, (_, outcome) in HOSTILE.items()
    }
    assert [path for path, one in found.items() if not one.problem] == ["/entities.rss"]
    assert len(found["/entities.rss"].title) < 1000
    assert sum(one.found for one in found.values()) == 0
    later = utc_now() + timedelta(hours=1)
    assert all(one.document.next_fetch_at > later for path, one in found.items() if path != "/entities.rss")


def the_second_run_asks_conditionally_and_goes_on(desk, web):
    web.clear_log()
    make_due(desk, POST, HERALD)
    report = desk.run("discover", "--json").json
    assert report["outcomes"] == {"feed": 5, "not_modified": 1, "fetched": 2}
    assert (report["found"], report["left"], report["verdicts"]) == (0, 0, {"new": 2})
    stories_asked = [path for path in asked(web, POST) + asked(web, HERALD) if path.startswith("/news/")]
    assert stories_asked == [path_of(4), path_of(5)]
    again = feeds(desk)[f"http://{POST}/rss.xml"]
    assert (again.polls, again.problem, again.entries) == (2, "", 4)
    (_, conditional) = desk.attempts(f"http://{POST}/rss.xml")
    assert (conditional.outcome, conditional.status) == (Outcome.NOT_MODIFIED, 304)


def test_a_kill_leaves_what_was_found_to_the_next_crawl(desk):
    routes = {"/rss.xml": rss(POST, range(6)), **{path_of(n): Page(body=story(n).body, delay_s=0.3) for n in range(6)}}
    with LocalWeb([Site(host=POST, routes=routes)]) as web:
        configure(desk, web, feeds=[f"http://{POST}/rss.xml"])
        process = desk.start("discover")
        deadline = time.monotonic() + 100
        while len(asked(web, POST)) < 2 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        with desk.library() as library:
            assert library.store.discovery_status().found["untried"] >= 4
        make_due(desk, POST)
        report = desk.run("crawl", "--json").json
        assert (set(report["outcomes"]), report["left"]) == ({"fetched"}, 0)
        assert asked(web, POST).count("/rss.xml") == 1
    assert len(stored(desk)) == 6
    assert all(len(desk.attempts(f"http://{POST}{path_of(number)}")) == 1 for number in range(6))
    assert desk.problems() == []


def stored(desk):
    with desk.library() as library:
        return list(library.store.articles())
