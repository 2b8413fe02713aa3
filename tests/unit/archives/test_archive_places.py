import pytest

from crawler.archives import KINDS, PLACES, ArchivePlace, Pool, archive_of, cited_place, cited_record
from crawler.errors import ConfigurationError
from storage.types import KnownMemento

PAGE = "http://harbour.example/news/ferry"


def cited(url):
    return KnownMemento(archive="x", url=url)


def test_the_built_in_archives_are_asked_in_this_order():
    assert [place.name for place in PLACES] == ["local", "internet-archive", "arquivo.pt", "common-crawl"]
    assert {place.kind for place in PLACES} <= set(KINDS)


@pytest.mark.parametrize(
    ("name", "pool", "per_minute"),
    [
        ("internet-archive", Pool.INDEX, 24),
        ("internet-archive", Pool.REPLAY, 120),
        ("arquivo.pt", Pool.INDEX, 250),
        ("arquivo.pt", Pool.REPLAY, 400),
        ("common-crawl", Pool.INDEX, 60),
    ],
)
def test_no_archive_is_asked_more_often_than_it_allows(name, pool, per_minute):
    place = next(place for place in PLACES if place.name == name)
    assert 60 / place.interval_s[pool] <= per_minute


def test_no_two_built_in_archives_claim_one_host():
    hosts = [host for place in PLACES for host in place.hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("url", "name", "raw"),
    [
        (f"https://wayback.archive-it.org/1234/20060705162011/{PAGE}", "wayback.archive-it.org", f"https://wayback.archive-it.org/1234/20060705162011id_/{PAGE}"),
        (f"http://memory.example:8080/all/2006/{PAGE}", "memory.example:8080", f"http://memory.example:8080/all/20060101000000id_/{PAGE}"),
        (f"https://memory.example/20060705162011mp_/{PAGE}", "memory.example", f"https://memory.example/20060705162011id_/{PAGE}"),
    ],
)  # fmt: skip
def test_a_copy_in_an_archive_that_nobody_configured_can_be_asked_for(url, name, raw):
    place = cited_place(cited(url))
    assert (place.name, place.index_url, place.enabled) == (name, "", False)
    assert place.interval_s[Pool.REPLAY] >= 1
    archive = archive_of(place)
    assert archive.cited(cited(url)).url == raw
    assert archive.replay(cited_record(cited(url))).url == raw


@pytest.mark.parametrize(
    "url",
    [
        "https://archive.today/20060705162011/http://harbour.example/",
        "https://www.webcitation.org/20060705/http://harbour.example/",
        "https://archive.today/AbCdE",
        "https://memory.example/web/*/http://harbour.example/",
        "https://memory.example/about",
        "no address",
        "http://[/2006/http://harbour.example/",
    ],
)
def test_where_no_raw_copy_can_be_told_there_is_no_place(url):
    assert cited_place(cited(url)) is None


def test_a_cited_copy_states_page_and_moment():
    record = cited_record(cited(f"https://web.archive.org/web/20060705162011/{PAGE}"))
    assert record.name == f"20060705162011 {PAGE}"
    assert cited_record(cited(f"https://web.archive.org/web/{PAGE}")) is None
    assert cited_record(cited(f"https://web.archive.org/web/0001/{PAGE}")) is None


def test_a_kind_that_nobody_serves_is_our_users_mistake():
    with pytest.raises(ConfigurationError, match=r"archives\.attic\.kind: 'shelf' is none of cdx, memento"):
        archive_of(ArchivePlace(name="attic", kind="shelf"))
