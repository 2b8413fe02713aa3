import pytest

from crawler.errors import ConfigurationError, UnusableUrl
from crawler.naming import event_name, host_name, select
from storage import open_store
from storage.types import Outcome, Selection


@pytest.mark.parametrize(
    "given",
    [
        "2006/07/5/two-ports-closed",
        "/news/2006/07/5/two-ports-closed.md",
        "news/2006/07/5/two-ports-closed.md",
        "./entries/2006/07/5/two-ports-closed.md",
        "/home/me/entries/news/2006/07/5/two-ports-closed.md",
        "2006/07/5/two-ports-closed.md",
        "https://archive.example/news/2006/07/5/two-ports-closed.html#top",
        "entries\\2006\\07\\5\\two-ports-closed.md",
    ],
)
def test_paths_and_files_name_the_key(given):
    assert event_name(given) == "2006/07/5/two-ports-closed"


@pytest.mark.parametrize("given", ["2006/07/5", "2006/07/5/two-po", "2006"])
def test_a_beginning_of_a_key_stays(given):
    assert event_name(given) == given


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("www.news.example", "www.news.example"),
        ("WWW.News.Example.", "www.news.example"),
        ("http://www.news.example/2006/a?b=c#d", "www.news.example"),
        ("https://news.example:8443/a", "news.example:8443"),
        ("news.example:80", "news.example"),
        ("новости.example", "xn--b1amnebsh.example"),
        ("http://web.archive.org/web/20060706081500/http://old.example/a", "old.example"),
    ],
)
def test_a_host_is_named_by_itself_or_by_a_url(given, name):
    assert host_name(given) == name


@pytest.mark.parametrize("given", ["", " ", "no host", "ftp://a.example/", "a.example:port", "http://"])
def test_what_is_no_host_is_refused(given):
    with pytest.raises(ConfigurationError, match="is no host"):
        host_name(given)


def test_a_selection_says_what_was_named():
    with open_store("memory:", upgrade=True) as store:
        assert select(store) == Selection()
        named = select(store, host="http://A.example/x", outcome="gone", url="http://www.a.example/x?utm_source=y")
        assert named == Selection(
            host="a.example", outcome=Outcome.GONE, canonical_url="https://a.example/x", due_only=False
        )
        with pytest.raises(ConfigurationError, match=r"did you mean timeout\?"):
            select(store, outcome="time_out")
        with pytest.raises(UnusableUrl):
            select(store, url="mailto:a@b.example")
