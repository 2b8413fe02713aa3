"""Sitemaps, indexes and plain lists: only what is news, and only the sitemaps that may hold it."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery import FeedInput, read_feed
from storage.types import FeedKind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = "https://harbour-post.example"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def read(content, kind=FeedKind.SITEMAP, **fields):
    content = content.encode() if isinstance(content, str) else content
    return read_feed(FeedInput(url=f"{HOST}/map.xml", content=content, kind=kind, seen_at=NOW, **fields))


def url(path, inside=""):
    return f"<url><loc>{HOST}{path}</loc>{inside}</url>"


def urlset(*urls):
    return f'<?xml version="1.0"?><urlset {SPACES}>{"".join(urls)}</urlset>'


def index(*sitemaps):
    told = "".join(
        f"<sitemap><loc>{HOST}{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for path, day in sitemaps
    )
    return f"<sitemapindex {SPACES}>{told}</sitemapindex>"


def paths(reading):
    return [one.identity.request_url.removeprefix(HOST) for one in reading.found]


def named(reading):
    return [one.identity.request_url.removeprefix(HOST) for one in reading.feeds]


NEWS = (
    "<n:news><n:publication><n:name>Harbour Post</n:name></n:publication>"
    "<n:publication_date>2026-11-22T08:00:00+01:00</n:publication_date>"
    "<n:title>The ferry &amp; the fog</n:title></n:news>"
    "<image:image><image:loc>https://pictures.example/a.jpg</image:loc><image:title>Fog</image:title></image:image>"
)
MIXED = urlset(
    url("/news/ferry", NEWS),
    url("/news/changed", "<lastmod>2026-11-20</lastmod>"),
    url("/news/old", "<lastmod>2019-04-01</lastmod>"),
    url("/news/undated"),
    url("/2026/11/21/the-day-is-in-the-address"),
    url("/2016/11/21/and-here-an-old-one"),
)


@pytest.mark.parametrize("kind", list(FeedKind))
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_of_a_sitemap_only_what_is_known_to_be_young(kind, pack):
    reading = read(pack(MIXED.encode()), kind=kind)
    assert paths(reading) == ["/news/ferry", "/news/changed", "/2026/11/21/the-day-is-in-the-address"]
    assert (reading.found[0].title, reading.found[0].published_at) == (
        "The ferry & the fog",
        datetime(2026, 11, 22, 7, tzinfo=UTC),
    )
    assert (reading.entries, reading.problem) == (6, "")


def test_the_latest_entries_of_a_long_sitemap_are_looked_at():
    dates = [datetime(2026, 11, 22, tzinfo=UTC) - timedelta(hours=number * 7 % 1500) for number in range(1500)]
    reading = read(
        urlset(*(url(f"/n/{place}", f"<lastmod>{when.isoformat()}</lastmod>") for place, when in enumerate(dates)))
    )
    since = datetime(2026, 11, 15, 12, tzinfo=UTC)
    assert paths(reading) == [f"/n/{place}" for place, when in enumerate(dates) if when >= since]
    assert reading.entries == 1500
    everything = read(urlset(*(url(f"/n/{n}", "<lastmod>2026-11-21</lastmod>") for n in range(1500))))
    assert (len(everything.found), everything.entries) == (1000, 1500)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (index(("/posts.xml", ""), ("/news-map.xml", ""), ("/pages.xml", "2026-11-22")), ["/news-map.xml"]),
        (index(("/news-2011.xml", "2011-02-01"), ("/posts9.xml", "2026-11-21")), ["/posts9.xml"]),
        (index(("/a.xml", "2026-11-20"), ("/b.xml", "2026-11-22")), ["/b.xml", "/a.xml"]),
        (index(("/1.xml", ""), ("/2.xml", ""), ("/images.xml", ""), ("/3.xml", "")), ["/1.xml", "/3.xml"]),
        (index(("/old.xml", "2011-01-01")), []),
    ],
)
def test_of_an_index_only_what_may_hold_news(content, expected):
    reading = read(content)
    assert named(reading) == expected
    assert {one.kind for one in reading.feeds} <= {FeedKind.SITEMAP}
    assert {one.found_by for one in reading.feeds} <= {f"{HOST}/map.xml"}


def test_an_index_names_sitemaps_of_its_own_site_alone_and_only_so_many():
    foreign = "<sitemap><loc>https://other.example/news.xml</loc></sitemap>"
    many = index(*((f"/news-{number}.xml", "") for number in range(200))).replace(
        "</sitemapindex>", f"{foreign}</sitemapindex>"
    )
    reading = read(many)
    assert len(reading.feeds) == 50
    assert {one.identity.host for one in reading.feeds} == {"harbour-post.example"}
    assert named(read(index(("/map.xml", ""), ("/map.xml#again", "")))) == []


def test_a_plain_list():
    lines = f"{HOST}/2026/11/21/young\r\nnot an address\n{HOST}/2011/11/21/old\n{HOST}/undated\n"
    assert paths(read(lines)) == ["/2026/11/21/young"]


def test_a_broken_sitemap_is_read_as_far_as_it_goes():
    whole = MIXED.encode()
    assert paths(read(whole[: whole.index(b"/news/old")])) == ["/news/ferry", "/news/changed"]
    loose = whole.replace(b"The ferry &amp;", b"The ferry & &nbsp; <b>")
    assert "/news/changed" in paths(read(loose))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (urlset(), ""),
        (f"<urlset {SPACES}/>", ""),
        ("<urlset>", "it is a sitemap that stops before its first entry"),
        ("<html><body>No</body></html>", "a page came in place of a sitemap"),
        (gzip.compress(bytes(60_000_000)), "it cannot be read: _TooLong: more than 50,000,000 bytes"),
    ],
)
def test_nothing_in_it_is_a_problem_only_where_it_is_broken(content, problem):
    reading = read(content)
    assert (reading.problem, reading.found, reading.feeds) == (problem, (), ())


def test_entities_are_not_unfolded():
    levels = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'x' * 1000}'>" for n in range(9))
    reading = read(f"<!DOCTYPE urlset [{levels}]>" + urlset(url("/news/&a8;", NEWS), url("/news/ferry", NEWS)))
    assert all(len(one.identity.request_url) < 100 for one in reading.found)
