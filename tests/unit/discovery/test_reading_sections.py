"""Pages that list articles: links that look like stories, feeds that are declared, sitemaps that robots.txt names."""

from datetime import UTC, datetime

import pytest

from crawler.discovery import FeedInput, read_feed
from storage.types import FeedKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "https://lind-herald.example"


def read(body, head="", **fields):
    content = f"<html><head><title>Lind Herald</title>{head}</head><body>{body}</body></html>".encode()
    given = {"url": f"{HOST}/world/", "content": content, "kind": FeedKind.SECTION, "seen_at": NOW, **fields}
    return read_feed(FeedInput(**given))


def link(path, words="The bridge over the Lind is closed", attributes=""):
    return f'<a href="{path}" {attributes}>{words}</a>'


def paths(reading):
    return [one.identity.request_url.removeprefix(HOST) for one in reading.found]


STORY = "/world/bridge-over-lind-closed"


@pytest.mark.parametrize(
    "body",
    [
        link(STORY),
        link("bridge-over-lind-closed"),
        link(f"https://www.lind-herald.example{STORY}").replace("www.", ""),
        f"<article><h2>{link(STORY, 'The bridge over <b>the</b> Lind')}</h2></article>",
        link(STORY, "more", 'aria-label="The bridge over the Lind"'),
        link(STORY, "洪水过后林德河大桥关闭三天"),
        f"<header><div>{link(STORY)}</div></header>",
    ],
)
def test_a_story_is_found(body):
    assert paths(read(body)) == [STORY]


@pytest.mark.parametrize(
    "body",
    [
        f"<nav>{link(STORY)}</nav>",
        f"<div role='navigation'>{link(STORY)}</div>",
        f"<footer><p>{link(STORY)}</p></footer>",
        link(STORY, "Read more"),
        link("/world/"),
        link("/about"),
        link("/contact-us", "Write to our little team now"),
        link("/pictures/the-bridge-over-lind.jpg"),
        link("https://other.example/world/bridge-over-lind-closed"),
        link("/world/2016/11/21/bridge"),
        link("#the-bridge-over-the-lind"),
        link("javascript:open('/world/bridge-over-lind-closed')"),
        link("http://[bad/the-bridge-over-lind"),
    ],
)
def test_what_is_no_story_is_left_out(body):
    assert paths(read(body)) == []


def test_each_story_once_in_the_order_of_the_page():
    first, second = link("/world/one-two-three-four"), link("/world/47110-news?utm_source=home")
    reading = read(first + second + first + link("/world/47110-news"))
    assert paths(reading) == ["/world/one-two-three-four", "/world/47110-news?utm_source=home"]
    assert reading.found[0].title == "The bridge over the Lind is closed"
    assert (reading.title, reading.problem) == ("Lind Herald", "")


def test_the_base_of_the_page_counts():
    assert paths(read(link("bridge-over-lind-closed"), head=f'<base href="{HOST}/sport/">')) == [
        "/sport/bridge-over-lind-closed"
    ]


def test_declared_feeds_and_the_sitemaps_of_robots_are_polled_too():
    head = "".join(
        f'<link rel="{rel}" type="{kind}" title="{title}" href="{url}">'
        for rel, kind, title, url in (
            ("alternate", "application/rss+xml", "All", "/rss"),
            ("alternate home", "application/atom+xml; charset=utf-8", "World", "/world.atom"),
            ("alternate", "application/rss+xml", "Comments", "/comments/feed"),
            ("alternate", "application/rss+xml", "Again", "/rss#top"),
            ("alternate", "application/rss+xml", "Foreign", "https://other.example/rss"),
            ("alternate", "text/html", "English", "/en"),
            ("stylesheet", "application/rss+xml", "", "/style"),
        )
    )
    sitemaps = (f"{HOST}/sitemap.xml", f"{HOST}/news-sitemap.xml", "https://other.example/news.xml", "nonsense")
    found = read(link(STORY), head=head, sitemaps=sitemaps).feeds
    assert [(one.identity.request_url.removeprefix(HOST), one.kind, one.title) for one in found] == [
        ("/rss", FeedKind.FEED, "All"),
        ("/world.atom", FeedKind.FEED, "World"),
        ("/news-sitemap.xml", FeedKind.SITEMAP, ""),
    ]
    assert {one.found_by for one in found} == {f"{HOST}/world/"}


def test_a_page_is_read_as_a_page_only_where_one_is_expected():
    assert read(link(STORY), kind=FeedKind.FEED).problem == "a page came in place of a feed"
    assert read("", content=b"%PDF-1.7", content_type="application/pdf").problem == (
        "a PDF document came in place of a section"
    )


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8", "no-such-charset", ""])
def test_the_charset_of_the_header_counts(charset):
    text = f"<html><head><meta charset='utf-8'></head><body>{link(STORY, 'Мост через реку Линд закрыт')}</body></html>"
    known = charset if charset in {"windows-1251", "koi8-r"} else "utf-8"
    (one,) = read("", content=text.encode(known), content_type=f"text/html; charset={charset}").found
    assert one.title == "Мост через реку Линд закрыт"
