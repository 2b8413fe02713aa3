"""Recorded answers of archives: ours, in the shapes of the real ones, with invented hosts and prose.

A file holds one answer as it went over the wire: status line, headers, an empty line, the body.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archives import Answer, CdxRecord, Pool, Question, Wanted, Window

RECORDINGS = Path(__file__).parent / "recordings"
ASKED = "https://web.archive.org/web/20060705162011id_/http://www.harbour.example/news/ferry?a=1&b=2"


def _recorded(name, url=ASKED, *, about="", **fields):
    head, _, body = (RECORDINGS / f"{name}.http").read_bytes().partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    headers = tuple(tuple(line.split(": ", 1)) for line in lines)
    question = Question(url=url, pool=Pool.REPLAY, about=about)
    given = {"status": int(first.split()[1]), "headers": headers, "body": body, "payload": body}
    return Answer(question=question, **(given | fields))


@pytest.fixture(scope="session")
def recorded():
    """Gives a recorded answer by name, to a question for a URL."""
    return _recorded


@pytest.fixture(scope="session")
def wanted():
    """A page of July 2006, wanted from copies of ten years."""
    return Wanted(
        url="http://harbour.example/news/ferry",
        url_key="example,harbour)/news/ferry",
        window=Window(
            since=datetime(2006, 7, 3, tzinfo=UTC),
            until=datetime(2016, 7, 3, tzinfo=UTC),
            near=datetime(2006, 7, 5, tzinfo=UTC),
        ),
    )


def _copy(timestamp="20060705162011", url="http://harbour.example/news/ferry", **fields):
    moment = datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return CdxRecord(timestamp=timestamp, captured_at=moment, url=url, **fields)


@pytest.fixture(scope="session")
def copy():
    """Makes a copy as an index lists it."""
    return _copy
