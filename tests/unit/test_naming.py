import pytest

from crawler.naming import event_name


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
