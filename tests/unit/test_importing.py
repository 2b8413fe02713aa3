"""Saved articles are imported once: which of them are known already."""

import uuid

import pytest

from crawler.configuration import load
from crawler.dedup import decide
from crawler.entry_files import EntryFile
from crawler.events import ReadOptions
from crawler.importing import import_entries
from crawler.library import open_library
from crawler.urls import canonical_url
from storage.captures import CaptureWriter
from storage.types import CaptureKind, Exchange, FetchAttempt, FetchReason, FetchResult, Outcome, utc_now

URL = "https://www.merrow-post.example/quay"
SAVED = """# The quay of Merrow is mended

By [Mara Lind](#)

May 9, 2011

The quay of Merrow has been mended at a cost of {} hundred crowns a metre, the harbour board said on Monday.

"We have waited for the work to begin and to end," said Anders Quill, a baker, whose shop stands beside the quay.

Original url:

<https://www.merrow-post.example/quay>"""


@pytest.fixture
def library(tmp_path):
    (tmp_path / "news").mkdir()
    with open_library(load(tmp_path / "news"), create=True) as opened:
        yield opened


def imported(library, *contents, **options):
    files = [EntryFile(name=f"{number}.md", content=text.encode()) for number, text in enumerate(contents)]
    report = import_entries(library, files, ReadOptions(), **options)
    assert report.problems == []
    return report.saved_new


def fetched(library, payload):
    """A live capture of the same document."""
    now = utc_now()
    exchange = Exchange(
        url=URL, request_headers=(), status=200, headers=(), payload=payload, fetched_at=now, remote_address=""
    )
    with CaptureWriter(library.captures, token="live", software="tests") as writer:
        captures = (writer.append(exchange, kind=CaptureKind.LIVE, known={}),)
        writer.sync()
        attempt = FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=library.store.document(canonical_url(URL)).id,
            reason=FetchReason.NEW,
            outcome=Outcome.NO_ARTICLE,
            request_url=URL,
            final_url=URL,
            started_at=now,
            finished_at=now,
            status=200,
        )
        (archived,) = library.store.archive([FetchResult(attempt=attempt, captures=captures)], decide=decide, now=now)
    assert not archived.error


def captures(library):
    return [one.kind for one in library.store.history(canonical_url(URL)).captures]


def test_a_saved_article_is_imported_once(library):
    first, second = SAVED.format(1), SAVED.format(2)
    assert imported(library, first, dry_run=True) == 1
    assert imported(library, first) == 1
    assert imported(library, first) == imported(library, first, dry_run=True) == 0
    assert captures(library) == [CaptureKind.IMPORTED]
    assert imported(library, second) == 1, "another content of the same document is new"
    assert imported(library, first, second) == 0, "each that was imported stays known, not only the latest"
    assert captures(library) == [CaptureKind.IMPORTED] * 2


def test_the_same_bytes_from_the_live_web_are_no_import(library):
    """Who imports a file wants it told apart from what was fetched."""
    first, second = SAVED.format(1), SAVED.format(2)
    assert imported(library, first) == 1
    fetched(library, second.encode())
    assert imported(library, second) == 1
    assert captures(library) == [CaptureKind.IMPORTED, CaptureKind.LIVE, CaptureKind.IMPORTED]
    assert imported(library, second) == 0


def test_the_same_bytes_of_another_document_are_new(library):
    elsewhere = SAVED.format(1).replace("/quay>", "/harbour>")
    assert imported(library, SAVED.format(1), elsewhere) == 2
    assert imported(library, elsewhere) == 0
