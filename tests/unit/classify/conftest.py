from datetime import UTC, date, datetime

import pytest

from crawler.classify.reading import classify, read_page
from crawler.extraction import PageInput
from storage.types import Citation

CAPTURED = datetime(2010, 6, 1, 12, tzinfo=UTC)


def _input(body="", title="", head="", url="http://www.paper.example/2009/03/12/crane-falls.html", event="", **fields):
    content = fields.pop(
        "content", f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()
    )
    citations = (Citation(event_key="e", event_date=date(2009, 3, 12), headline=event),) if event else ()
    given = {"content_type": "text/html", "captured_at": CAPTURED, "citations": citations}
    return PageInput(url=url, content=content, **(given | fields))


@pytest.fixture(scope="session")
def page():
    """Makes the input of a page from its body, title and head; an event's headline makes a citation."""
    return _input


@pytest.fixture(scope="session")
def verdict():
    """The verdict on such a page."""
    return lambda *args, **fields: classify(_input(*args, **fields))


@pytest.fixture(scope="session")
def reading():
    """All that is read from such a page."""
    return lambda *args, **fields: read_page(_input(*args, **fields))
