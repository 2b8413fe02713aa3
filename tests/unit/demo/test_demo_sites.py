from __future__ import annotations

import csv
import html
import json
import re
import urllib.error
import urllib.request
from itertools import combinations
from urllib.parse import urlsplit

import pytest
from w3lib.encoding import resolve_encoding

from crawler.demo import FEED_URL, entries_folder
from crawler.demo.bulk import bulk_entries, bulk_sites, bulk_urls
from crawler.demo.expected import ARTICLES, EXPECTED, FAILURES, FOUND_URL, NO_ARTICLES, RESCUES, SAVED_URL
from crawler.demo.layouts import story
from crawler.demo.site import Delivery, Page, Request
from crawler.demo.site_file import sites_named
from crawler.demo.sites import demo_sites
from crawler.demo.web import LocalWeb
from storage.types import Outcome, SearchState

SITES = {site.host: site for site in demo_sites()}
URL = re.compile(r"(?:https?|ftp)://[^\s\])|}>]+")
ENTRY = re.compile(r"/news/\d{4}/\d{2}/\d{1,2}/(?!index)[^/]+\.md")


def cited_urls():
    cited = set()
    for file in entries_folder().rglob("*"):
        if file.suffix in {".md", ".txt"}:
            cited |= set(URL.findall(file.read_text(encoding="iso-8859-1")))
    with (entries_folder() / "tables" / "researcher.csv").open(newline="", encoding="utf-8") as table:
        cited |= {row["url"] for row in csv.DictReader(table)}
    return cited


def page_of(url, number=1):
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    _, route = SITES[parts.hostname].find(target)
    if isinstance(route, Page):
        return route
    return route(Request(method="GET", host=parts.hostname, target=target, number=number))


def live(url):
    return html.unescape(re.sub(r"^http://web\.archive\.org/web/\d+/", "", url))


def text_of(page):
    encoding = re.search(rb"charset=\"?([\w-]+)", page.body)
    # As browsers read labels: iso-8859-1 means windows-1252, gb2312 means its superset.
    name = resolve_encoding(encoding[1].decode()) if encoding else "utf-8"
    shown = html.unescape(page.body.decode(name, "strict"))
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_every_cited_url_has_an_expectation_and_the_other_way_round():
    assert cited_urls() == {expected.cited_url for expected in EXPECTED} | {SAVED_URL}
    assert len({expected.cited_url for expected in EXPECTED}) == len(EXPECTED)


def test_the_demo_shows_most_outcomes():
    shown = {expected.outcome for expected in EXPECTED}
    shown |= {outcome for rescue in RESCUES for _, outcome in rescue.rejected}
    assert set(Outcome) - shown == {
        Outcome.NOT_MODIFIED,
        Outcome.IMPORTED,
        Outcome.HTTP_ERROR,
        Outcome.TLS,
        Outcome.BAD_URL,
        Outcome.EXTRACTION_LIMIT,
        Outcome.FAILED,
        Outcome.EXCLUDED,
        Outcome.IMAGE,
        Outcome.NOT_IMAGE,
        Outcome.FEED,
        Outcome.NOT_FEED,
    }
    assert {rescue.state for rescue in RESCUES} == {
        SearchState.FOUND,
        SearchState.NEVER_ARCHIVED,
        SearchState.ALL_REJECTED,
        SearchState.EXCLUDED,
        None,
    }


def test_the_day_page_is_in_the_old_encoding():
    content = (entries_folder() / "portal" / "2011_May_9.txt").read_bytes()
    assert "Café Teller" in content.decode("iso-8859-1")
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_all_hosts_are_invented():
    assert all(host.endswith(".example") for host in SITES)
    hosts = {urlsplit(live(url)).hostname for url in cited_urls()}
    assert {host for host in hosts if not host.endswith(".example")} == {"10.0.0.8"}  # private: belongs to nobody


def test_no_host_has_more_than_six_pages():
    assert {host: len(site.routes) for host, site in SITES.items() if len(site.routes) > 6} == {}


@pytest.mark.parametrize("expected", [*ARTICLES, *NO_ARTICLES], ids=lambda expected: expected.cited_url)
def test_what_is_expected_to_be_fetched_is_there(expected):
    page = page_of(expected.final_url or live(expected.cited_url))
    assert (page.status, page.delivery) == (200, Delivery.WHOLE)
    assert not SITES[urlsplit(live(expected.cited_url)).hostname].robots or "/private/" not in expected.cited_url


@pytest.mark.parametrize("expected", ARTICLES, ids=lambda expected: expected.cited_url)
def test_articles_hold_their_story_and_furniture(expected):
    page = page_of(expected.final_url or live(expected.cited_url))
    shown = text_of(page)
    held = [told for told in map(story, STORIES) if sum(paragraph in shown for paragraph in told.paragraphs) >= 2]
    assert len(held) == 1
    told = [paragraph for paragraph in held[0].paragraphs if paragraph in shown]
    if expected.outcome is not Outcome.TEASER:
        assert len("".join(told)) > (300 if any("\u4e00" <= letter <= "\u9fff" for letter in shown) else 900)
    assert len(shown) > len(" ".join(told)) + 30
    assert "$" not in shown.replace("$$", "")


LOST = ("bell", "council", "dijk", "miller", "piano", "rain", "strike")
STORIES = (
    "breakwater",
    "dam",
    "divers",
    "ferry",
    "glacier",
    "lantern",
    "mine",
    "most",
    "orbit",
    "pier",
    "recount",
    "reservoir",
    "salt",
    "teaser",
    "tram",
)


@pytest.mark.parametrize(
    "expected", [e for e in NO_ARTICLES if e.outcome is not Outcome.NOT_HTML], ids=lambda e: e.cited_url
)
def test_pages_without_an_article_are_short_of_prose(expected):
    body = page_of(expected.final_url or expected.cited_url).body
    shown = text_of(Page(body=re.sub(rb"<(script|title)\b.*?</\1>", b"", body, flags=re.DOTALL)))
    assert 5 < len(shown.split()) < 25


@pytest.mark.parametrize("told", [*STORIES, *LOST, "ferrymen"])
def test_stories_are_several_hundred_words(told):
    words = " ".join(story(told).paragraphs)
    assert story(told).published.tzinfo is not None
    if told in {"reservoir", "lantern"}:
        assert len(words) > 300
    elif told != "teaser":
        assert len(words.split()) > 170


def test_the_wire_story_runs_on_three_sites_with_edits():
    full, cut, local = (
        text_of(page_of(url))
        for url in (
            "http://www.kestrel-observer.example/world/2009/03/dam-talks-hollin/",
            "http://www.tallis-herald.example/articles/2009/03/12/dam.html",
            "http://www.harbour-standard.example/news/local/dam-reaction-4471",
        )
    )
    counts = [sum(paragraph in shown for paragraph in story("dam").paragraphs) for shown in (full, cut, local)]
    assert counts == [12, 6, 11]
    assert all("ARDMOOR, Varnia (AP) — Varnia" in shown for shown in (full, cut, local))
    assert "Maren Colby" in full
    assert "Copyright 2009 The Associated Press" in cut
    assert "eleven tractors" in local


def test_an_event_is_told_by_two_agencies_and_a_paper_that_nobody_cites():
    (entry,) = (entries_folder() / "news" / "2018" / "09" / "6").glob("*.md")
    pages = [text_of(page_of(url)) for url in URL.findall(entry.read_text(encoding="utf-8"))]
    held = {
        told: [sum(paragraph in page for paragraph in story(told).paragraphs) for page in pages]
        for told in ("pier", "divers")
    }
    assert held == {"pier": [5, 8, 7, 0, 0], "divers": [0, 0, 0, 7, 5]}
    assert ["(Reuters)" in page for page in pages] == [False, True, True, False, False]
    feed = page_of(FEED_URL)
    assert FOUND_URL not in cited_urls()
    assert f"<link>{FOUND_URL}?from=rss</link>" in feed.body.decode()
    assert "pubDate" not in feed.body.decode()  # what is years old would be left out
    assert story("ferrymen").paragraphs[-1] in text_of(page_of(FOUND_URL))


@pytest.mark.parametrize(
    ("url", "encoding", "word"),
    [
        ("http://www.severny-vestnik.example/news/2008/08/14/most.html", "windows-1251", "Верескограде"),
        ("http://www.haidao-ribao.example/2007/jun/14/today-life3.htm", "big5", "渡輪停航"),
        ("http://news.lanting.example/html/2010-05/18/content_2210.htm", "gbk", "青螺山水库"),
        ("http://www.tallis-herald.example/articles/2006/07/05/breakwater.html", "windows-1252", "city’s"),
        ("http://www.meridian-post.example/world/2016/03/01/election-recount", "utf-8", "Saltholm"),
    ],
)
def test_encodings_are_those_of_the_page(url, encoding, word):
    body = page_of(url).body
    assert word in body.decode(encoding)
    assert (encoding == "utf-8") == (b'charset="utf-8"' in body)
    assert b"&#" not in body.replace(b"&#x27;", b"")


def test_the_second_visit_finds_an_updated_page():
    url = "http://www.meridian-post.example/world/2016/04/08/orbit-launch-delayed"
    first, second = page_of(url), page_of(url, number=2)
    assert first.etag != second.etag
    assert b'article:modified_time" content="2016-04-08T17:20:00-04:00"' in second.body
    assert "eighteen liquid-fuel" in text_of(first)
    assert "sixteen liquid-fuel" in text_of(second)
    assert "Correction:" in text_of(second)


def test_json_ld_is_json():
    for expected in ARTICLES:
        body = page_of(expected.final_url or live(expected.cited_url)).body
        for found in re.findall(rb'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL):
            assert "@type" in json.loads(found)


def test_related_entries_exist_but_for_the_forward_references():
    there = {f"/{file.relative_to(entries_folder()).as_posix()}" for file in entries_folder().rglob("*.md")}
    named = {target for file in entries_folder().rglob("news/**/*.md") for target in ENTRY.findall(file.read_text())}
    assert len(there) == 17
    assert named - there == {
        "/news/2007/06/14/往来海岛的渡轮停航九日后复航.md",
        "/news/2017/05/3/varnia-puts-its-first-weather-satellite-into-orbit-five-months-late.md",
    }


def test_expected_failures_fail_as_said_over_the_wire():
    with LocalWeb(SITES.values()) as web:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": web.proxy_url}))
        seen = {}
        for expected in FAILURES:
            if expected.status is None:
                continue
            with pytest.raises(urllib.error.HTTPError) as caught:
                opener.open(expected.cited_url, timeout=5)
            seen[expected.cited_url] = caught.value.code
            caught.value.close()
    assert seen == {expected.cited_url: expected.status for expected in FAILURES if expected.status}


def test_the_moved_page_is_found_behind_two_hosts():
    with LocalWeb(SITES.values()) as web:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": web.proxy_url}))
        with opener.open("http://old.northgate-gazette.example/archive/story.php?id=5512&x=1", timeout=5) as response:
            assert response.geturl() == "http://www.ngmedia.example/gazette/2013/02/19/night-tram/"
        assert [access.status for access in web.log] == [301, 301, 200]


def test_the_crowd_is_as_large_as_asked_for_and_always_the_same():
    sites = sites_named("bulk:3x4")
    assert len(sites) == 3
    urls = list(bulk_urls(hosts=3, pages=4))
    assert len(set(urls)) == 12
    bodies = set()
    for url in urls:
        parts = urlsplit(url)
        request = Request(method="GET", host=parts.hostname, target=parts.path)
        answers = [
            {site.host: site for site in made}[parts.hostname].fallback(request).body
            for made in (sites, bulk_sites(hosts=3, pages=4))
        ]
        assert answers[0] == answers[1]
        bodies.add(answers[0])
    assert len(bodies) == 12
    assert sites[0].fallback(Request(method="GET", host=sites[0].host, target="/news/4.html")).status == 404


def test_the_crowd_is_not_made_of_copies():
    texts = []
    for site in bulk_sites(hosts=4, pages=5):
        for page in range(5):
            body = site.fallback(Request(method="GET", host=site.host, target=f"/news/{page}.html")).body.decode()
            words = " ".join(re.findall(r"<p>(.*?)</p>", body)).split()
            assert len(words) > 150
            texts.append({tuple(words[at : at + 5]) for at in range(len(words) - 4)})
    shared = [len(one & other) / min(len(one), len(other)) for one, other in combinations(texts, 2)]
    assert max(shared) < 0.15


def test_the_crowd_comes_with_entries():
    rows = list(csv.DictReader(bulk_entries(hosts=3, pages=4).splitlines()))
    assert [row["url"] for row in rows] == list(bulk_urls(hosts=3, pages=4))
    assert len({row["event_id"] for row in rows}) == 6
    assert all(
        len({(row["date"], row["headline"]) for row in rows if row["event_id"] == event}) == 1
        for event in {row["event_id"] for row in rows}
    )
