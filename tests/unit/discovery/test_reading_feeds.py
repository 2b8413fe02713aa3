"""RSS, Atom and JSON Feed in their dialects: what they name, when it was printed, how often they ask to be polled."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery import FeedInput, read_feed
from crawler.discovery.dates import moment
from crawler.discovery.intervals import Hints
from storage.types import FeedKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "https://harbour-post.example"
MORNING = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


def read(content, url=f"{HOST}/feed", **fields):
    content = content.encode() if isinstance(content, str) else content
    return read_feed(FeedInput(url=url, content=content, kind=FeedKind.FEED, seen_at=NOW, **fields))


def told(reading):
    return [(one.identity.request_url.removeprefix(HOST), one.title, one.published_at) for one in reading.found]


RSS_2 = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>
<item><title>The ferry is late</title><link>/news/ferry</link><pubDate>Sun, 22 Nov 2026 08:30:00 +0100</pubDate></item>
</channel></rss>"""
RSS_091 = RSS_2.replace('version="2.0"', 'version="0.91"').replace(
    "<rss", '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss.dtd"><rss'
)
RSS_1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour Post</title></channel>
<item><title>The ferry is late</title><link>/news/ferry</link>
<dc:date>2026-11-22T08:30:00+01:00</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Harbour &lt;i&gt;Post&lt;/i&gt;</title>
<link rel="alternate" href="https://harbour-post.example/"/><link rel="self" href="https://harbour-post.example/feed"/>
<entry><title>The ferry is late</title><link rel="enclosure" href="/sound.mp3"/><link href="/news/ferry"/>
<id>tag:harbour-post.example,2026:1</id><published>2026-11-22T07:30:00Z</published>
<updated>2026-11-22T11:00:00Z</updated></entry></feed>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Harbour Post</title><entry>
<title>The ferry is late</title><link rel="alternate" type="text/html" href="https://harbour-post.example/news/ferry"/>
<issued>2026-11-22T07:30:00Z</issued></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour Post",
        "items": [
            7,
            {"title": "no address"},
            {"id": "1", "url": "/news/ferry", "title": "The ferry is late", "date_published": "2026-11-22T07:30:00Z"},
        ],
    }
)


@pytest.mark.parametrize("text", [RSS_2, RSS_091, RSS_1, ATOM, ATOM_03, JSON_FEED])
def test_every_dialect_says_the_same(text):
    reading = read(text)
    assert reading.problem == ""
    assert told(reading) == [("/news/ferry", "The ferry is late", MORNING)]
    assert reading.title == "Harbour Post"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (RSS_2.replace("ferry is", "fährt").encode("latin-1").replace(b'"1.0"', b'"1.0" encoding="latin-1"', 1), ""),
        (RSS_2.replace("ferry is", "fährt").encode("utf-16"), ""),
        (RSS_2.replace("ferry is", "fährt").encode("windows-1252"), "text/xml; charset=windows-1252"),
        (b"\xef\xbb\xbf\n" + RSS_2.replace("ferry is", "fährt").encode(), "text/html"),
        (RSS_2.replace("ferry is", "f&auml;hrt & so").replace("so late", "late").encode(), "application/rss+xml"),
    ],
)
def test_encodings_and_entities_are_those_of_real_feeds(content, content_type):
    (one,) = read(content, content_type=content_type).found
    assert one.title.startswith("The fährt")


def entry(**fields):
    said = "".join(f"<{name}>{value}</{name.split()[0]}>" for name, value in fields.items())
    return f"<item>{said}</item>"


def channel(*items, head=""):
    spaces = (
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    )
    return f'<rss version="2.0" {spaces}><channel><title>Harbour Post</title>{head}{"".join(items)}</channel></rss>'


def test_redirectors_are_looked_behind():
    counted = "http://feeds.feedburner.com/~r/harbour/123"
    text = channel(
        f"<item><link>{counted}</link><feedburner:origLink>{HOST}/news/origin</feedburner:origLink></item>",
        f"<item><link>{counted}</link><guid isPermaLink='true'>{HOST}/news/name</guid></item>",
        f"<item><guid>{HOST}/news/guid-alone</guid></item>",
        "<item><link>http://feeds.feedburner.com/~r/harbour/nobody-knows</link></item>",
    )
    assert [path for path, _, _ in told(read(text))] == ["/news/origin", "/news/name", "/news/guid-alone"]


def test_a_feed_at_a_service_speaks_for_the_site_that_it_names():
    item = entry(title="A", link=f"{HOST}/news/ferry")
    at_service = "https://feeds.service.example/harbour"
    assert told(read(channel(item), url=at_service)) == []
    assert len(told(read(channel(item, head=f"<link>{HOST}/</link>"), url=at_service))) == 1
    assert len(told(read(channel(item), url=at_service, found_by=f"{HOST}/"))) == 1


def test_what_is_no_article_of_the_owner_is_left_out():
    left_out = [
        "https://ads.example/x",
        "/photo.JPG",
        "/",
        "https://www.harbour-post.example/index.html",
        "mailto:a@b.example",
    ]
    left_out += ["/feed", "javascript:void(0)", f"https://web.archive.org/web/2020/{HOST}/news/old", "/x" * 3000]
    items = [entry(title="x", link=url.replace("&", "&amp;")) for url in left_out]
    twice = [entry(title=name, link=f"/news/ferry?utm_source={name}") for name in ("first", "second")]
    other = entry(title="sub", link="https://sport.harbour-post.example/match")
    found = told(read(channel(*items, *twice, other)))
    assert [title for _, title, _ in found] == ["first", "sub"]


def test_old_entries_go_and_dates_of_the_future_are_none():
    dates = {
        "/young": "Fri, 20 Nov 2026 08:00:00 GMT",
        "/old": "Fri, 13 Nov 2026 08:00:00 GMT",
        "/future": "Fri, 20 Nov 2099 08:00:00 GMT",
        "/unreadable": "Freitag, 13. November 2026",
        "/2026/11/01/the-day-is-in-the-address": "",
        "/2026/11/21/likewise": "",
    }
    items = [entry(title="x", link=path, pubDate=when) for path, when in dates.items()]
    found = {path: when for path, _, when in told(read(channel(*items)))}
    assert found == {
        "/young": datetime(2026, 11, 20, 8, tzinfo=UTC),
        "/future": None,
        "/unreadable": None,
        "/2026/11/21/likewise": None,
    }
    assert "/old" in dict.fromkeys(path for path, _, _ in told(read(channel(*items), max_age=timedelta(days=30))))


@pytest.mark.parametrize(
    ("head", "hints"),
    [
        ("", Hints()),
        ("<ttl>90</ttl>", Hints(least=timedelta(minutes=90))),
        ("<ttl>-1</ttl>", Hints()),
        ("<ttl>99999999999999999999</ttl>", Hints()),
        ("<ttl>900000</ttl>", Hints(least=timedelta(days=1))),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Hints(least=timedelta(hours=6)),
        ),
        ("<skipHours><hour>1</hour><hour> 24</hour><hour>x</hour></skipHours>", Hints(skip_hours=frozenset({0, 1}))),
    ],
)
def test_how_often_it_asks_to_be_polled(head, hints):
    assert read(channel(entry(title="a", link="/news/ferry"), head=head)).hints == hints


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the response is empty"),
        (b" \n", "the response is empty"),
        (b"<html><body>We value your privacy</body></html>", "a page came in place of a feed"),
        (b"%PDF-1.4 ...", "a PDF document came in place of a feed"),
        (b'{"error": "no such feed"}', "it is JSON, but no JSON Feed"),
        (b"[1, 2]", "JSON data came in place of a feed"),
        (b"{broken", "it cannot be read: JSONDecodeError"),
        (b"{" + b'"a":{' * 100_000, "it cannot be read: RecursionError"),
        (b"\x1f\x8b\x08 and then nothing of the kind", "it cannot be read: error"),
        (b"<opml><body/></opml>", "opml markup came in place of a feed"),
        (b"<rss><channel>" + b"<a>" * 300_000, "its elements are nested without end"),
        (b"<wml><p>no</p></wml>", "it is neither RSS nor Atom nor a sitemap"),
    ],
)
def test_what_is_no_feed_has_a_problem_and_nothing_else(content, problem):
    reading = read(content)
    assert reading.problem.startswith(problem)
    assert (reading.found, reading.feeds, reading.entries) == ((), (), 0)


def test_entities_are_not_unfolded_and_no_file_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    levels = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'x' * 1000}'>" for n in range(9))
    outside = f"<!ENTITY out SYSTEM 'file://{secret}'>"
    text = f"<!DOCTYPE rss [{levels}{outside}]>" + channel(entry(title="&a8;&out;", link="/news/ferry"))
    (one,) = read(text).found
    assert len(one.title) < 100
    assert "SECRET" not in one.title


def test_only_so_many_entries_are_looked_at_and_titles_are_short():
    items = [entry(title="word " * 5000, link=f"/news/{number}") for number in range(1500)]
    reading = read(channel(*items))
    assert (len(reading.found), reading.entries) == (1000, 1500)
    assert max(len(one.title) for one in reading.found) <= 500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 22 Nov 2026 08:30:00 +0100", MORNING),
        ("22 Nov 2026 02:30 EST", MORNING),
        ("2026-11-22T08:30:00.123456789+01:00", MORNING.replace(microsecond=123456)),
        ("2026-11-22 07:30:00", MORNING),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("Sun, 22 Nov 2026 08:30:00 +9999", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("11/12/2026", None),
        ("", None),
        (7, None),
    ],
)
def test_dates(text, expected):
    assert moment(text) == expected
