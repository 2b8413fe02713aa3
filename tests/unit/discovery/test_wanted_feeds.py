"""Which feeds are wanted: of the file, of a person, of the publishers that are cited most."""

from datetime import UTC, datetime

import pytest

from crawler.configuration import load
from crawler.errors import ConfigurationError
from crawler.urls import identify
from crawler.wanted_feeds import configured_feeds, kind_of, publishers, put_wanted, wanted_feed
from storage import open_store
from storage.types import FeedKind, Host, HostState

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://a.example/", FeedKind.SECTION),
        ("a.example", FeedKind.SECTION),
        ("https://a.example/world/europe", FeedKind.SECTION),
        ("https://a.example/rss", FeedKind.FEED),
        ("https://a.example/world/index.xml", FeedKind.FEED),
        ("https://a.example/?feed=rss2", FeedKind.FEED),
        ("https://feeds.a.example/news", FeedKind.SECTION),
        ("https://a.example/sitemap_index.xml", FeedKind.SITEMAP),
        ("https://a.example/news-sitemap.xml.gz", FeedKind.SITEMAP),
    ],
)
def test_the_address_tells_the_kind(url, kind):
    assert kind_of(url) is kind


@pytest.mark.parametrize("url", ["ftp://a.example/rss", "", "https://web.archive.org/web/2016/https://a.example/rss"])
def test_what_cannot_be_polled_is_refused(url):
    with pytest.raises(ConfigurationError, match="no feed to poll"):
        wanted_feed(url, FeedKind.FEED)


@pytest.fixture
def library(tmp_path):
    (tmp_path / "dateline.toml").write_text(
        '[discovery]\nfeeds = ["https://a.example/rss", "https://b.example/rss"]\n'
        'sitemaps = ["https://a.example/news.xml"]\nsections = ["https://c.example/"]\n'
    )
    return tmp_path


def test_what_the_file_names(library):
    found = [(one.identity.request_url, one.kind, one.found_by) for one in configured_feeds(load(library))]
    assert found == [
        ("https://a.example/rss", FeedKind.FEED, "configuration"),
        ("https://b.example/rss", FeedKind.FEED, "configuration"),
        ("https://a.example/news.xml", FeedKind.SITEMAP, "configuration"),
        ("https://c.example/", FeedKind.SECTION, "configuration"),
    ]


@pytest.mark.parametrize("value", ['"https://a.example/rss"', "[1]", '[["x"]]', "true"])
def test_a_setting_that_is_no_list_of_texts_is_refused(tmp_path, value):
    (tmp_path / "dateline.toml").write_text(f"[discovery]\nfeeds = {value}\n")
    with pytest.raises(ConfigurationError, match=r"discovery\.feeds must be a list of texts"):
        load(tmp_path)


def host(name, documents, *, answered=True, failures=0):
    state = HostState(name=name, last_success_at=NOW if answered else None, failures=failures)
    return Host(documents=documents, state=state)


def test_the_publishers_that_are_cited_most_and_answer():
    hosts = [host("few.example", 2), host("most.example", 9), host("dead.example", 99, failures=7)]
    hosts += [host("untried.example", 99, answered=False), host("some.example", 5)]
    found = [(one.identity.request_url, one.kind) for one in publishers(hosts, 2)]
    assert found == [("https://most.example/", FeedKind.SECTION), ("https://some.example/", FeedKind.SECTION)]


def test_they_are_put_once_and_nothing_to_poll_is_an_error(library, tmp_path):
    empty = load(tmp_path / "elsewhere")
    with open_store("memory:") as store:
        with pytest.raises(ConfigurationError, match="nothing to poll"):
            put_wanted(store, empty)
        assert put_wanted(store, load(library), dry_run=True) == 4
        assert list(store.feeds()) == []
        assert put_wanted(store, load(library)) == 4
        assert put_wanted(store, load(library)) == 0
        assert put_wanted(store, empty) == 0


def test_what_is_a_source_is_not_polled_and_said(library, caplog):
    with open_store("memory:") as store:
        store.ensure_document(identify("https://a.example/rss"), now=NOW)
        assert put_wanted(store, load(library)) == 3
        assert "https://a.example/rss is a source of this library" in caplog.text
        assert store.discovery_status().feeds == {"feed": 1, "section": 1, "sitemap": 1}
