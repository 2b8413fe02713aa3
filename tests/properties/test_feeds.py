"""Whatever a server sends in place of a feed, reading it ends in a value that can be stored."""

import gzip
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler.discovery import FeedInput, read_feed
from crawler.discovery.choosing import found_in
from crawler.discovery.dates import day_in_path, moment
from crawler.discovery.plain import plain
from crawler.discovery.values import LONGEST_TITLE, MOST_ENTRIES, MOST_FEEDS, Entry, Listing
from storage.types import FeedKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://harbour-post.example/feed"
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone

WORDS = """<rss version="2.0">|<channel>|</channel></rss>|<rdf:RDF>|<feed xmlns="http://www.w3.org/2005/Atom">|<urlset>|
<sitemapindex>|<html>|<body>|<item>|</item>|<entry>|</entry>|<url>|</url>|<sitemap>|</sitemap>|<title>|</title>|
<loc>https://harbour-post.example/news/a-b-c-d</loc>|<link>/news/1</link>|<link href='/news/2'/>|<guid>|</guid>|
<a href='/news/one-two-three-four'>|</a>|<pubDate>Sun, |</pubDate>|<lastmod>2026-11-21</lastmod>|<![CDATA[|]]>|<!--|
-->|<!DOCTYPE|<!ENTITY|&a;|&amp;|&#0;|&#xD800;|<?xml version="1.0"?>|{|}|[|]|"items":|"url":|"x"|,|\ufeff|\x00|<nav>|
<base href='http://['>|<link rel=alternate type=application/rss+xml href=/f>|https://harbour-post.example/2026/11/21/x|
<skipHours><hour>1</hour></skipHours>|<ttl>5</ttl>|xmlns:n="u"|<n:x>|</n:x>"""
PIECES = st.sampled_from(WORDS.split("|"))
PATCHWORK = st.lists(PIECES | st.text(max_size=8), max_size=40).map(" ".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "latin-1", "utf-32"])
CONTENTS = st.one_of(
    st.binary(max_size=400),
    st.builds(lambda text, encoding: text.encode(encoding, "replace"), PATCHWORK, ENCODINGS),
    PATCHWORK.map(lambda text: gzip.compress(text.encode("utf-8", "replace"))),
)


def check(reading, given_):
    assert reading.problem == "" or (reading.found, reading.feeds) == ((), ())
    assert len(reading.problem) <= 300
    assert len(reading.found) <= MOST_ENTRIES
    assert len(reading.feeds) <= MOST_FEEDS
    urls = [one.identity.canonical_url for one in reading.found]
    assert len(urls) == len(set(urls))
    for one in reading.found:
        assert one.identity.host.endswith("harbour-post.example")
        assert one.published_at is None or one.published_at >= given_.seen_at - given_.max_age
    for text in (reading.title, reading.problem, *(one.title for one in (*reading.found, *reading.feeds))):
        assert "\0" not in text
        text.encode("utf-8")


@given(content=CONTENTS, kind=st.sampled_from(list(FeedKind)), content_type=st.text(max_size=40))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=timedelta(seconds=5))
@example(content=b"<rss><channel><item><link>/a</link>" + b"<a>" * 3000, kind=FeedKind.FEED, content_type="")
@example(content=b'{"items": [{"url": "/\\ud800", "title": "\\ud800\\u0000"}]}', kind=FeedKind.FEED, content_type="")
@example(content=b"<urlset>" + b"<url>" * 5000, kind=FeedKind.SITEMAP, content_type="")
def test_any_bytes_end_in_a_value(content, kind, content_type):
    given_ = FeedInput(url=URL, content=content, kind=kind, seen_at=NOW, content_type=content_type)
    check(read_feed(given_), given_)


@given(
    urls=st.lists(
        st.text(max_size=30) | st.text(max_size=10).map("https://harbour-post.example/{}".format), max_size=5
    ),
    published_at=st.none() | MOMENTS,
    dated_only=st.booleans(),
)
def test_any_addresses_can_be_chosen_from(urls, published_at, dated_only):
    given_ = FeedInput(url=URL, content=b"", kind=FeedKind.FEED, seen_at=NOW)
    entries = tuple(Entry(url=url, published_at=published_at) for url in urls)
    for one in found_in(Listing(entries=entries, dated_only=dated_only), given_):
        assert one.identity.request_url.isascii()
        assert one.published_at is None or NOW - given_.max_age <= one.published_at <= NOW + timedelta(hours=26)


@given(st.text(max_size=80) | st.builds(str, MOMENTS) | st.integers())
def test_any_text_is_a_moment_in_utc_or_none(text):
    found = moment(text)
    assert found is None or found.utcoffset() == timedelta(0)


@given(MOMENTS)
def test_a_moment_comes_back_from_both_forms(when):
    whole = when.replace(microsecond=0)
    assert moment(when.isoformat()) == when
    assert moment(whole.strftime("%a, %d %b %Y %H:%M:%S GMT")) == whole


@given(st.text(max_size=40) | st.from_regex(r"/(19|20)\d\d/\d\d?/\d\d?/", fullmatch=True))
def test_any_path_has_a_day_or_none(path):
    day = day_in_path(path)
    assert day is None or str(day.year) in path


@given(st.text() | st.lists(PIECES).map("".join))
def test_titles_are_one_short_line(text):
    line = plain(text)
    assert len(line) <= LONGEST_TITLE
    assert line == " ".join(line.split())
    line.encode("utf-8")
