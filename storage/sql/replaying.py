"""Stored captures that are understood again: which there are, and how an attempt that replayed one is stored.

Why the latest page and not the latest attempt: a page that could not be reached today is still the page of last month;
and neither an answer without a body (304) nor a redirect that led nowhere is a page.

Why a capture keeps its first sighting when it is replayed: the sighting says by which verdict its version came. Only
where a replay makes a version of the capture does it show that one from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.errors import Unstorable
from storage.placing import require_latest
from storage.sql.chunks import chunks
from storage.sql.engine import expect_lookups
from storage.sql.models import ArticleVersionRow, AttemptRow, CaptureRow, DocumentRow, SightingRow
from storage.sql.rows import HAS_RECORD, attempt, attempts, capture, captures, document, documents
from storage.sql.selecting import Reading, conditions, is_role
from storage.types import Capture, Document, DocumentRole, FetchAttempt, FetchResult, Selection

_DOCUMENTS = 100


def replayable(read: Reading, selection: Selection) -> Iterator[tuple[Document, FetchAttempt, Capture]]:
    """See `storage.protocol.Store.replayable`."""
    tried = (DocumentRow.last_outcome.is_not(None), is_role(DocumentRole.SOURCE))
    statement = documents().where(*conditions(selection, None), *tried).order_by(DocumentRow.id).limit(_DOCUMENTS)
    after = 0
    while True:
        with read() as connection:
            expect_lookups(connection)
            rows = connection.execute(statement.where(DocumentRow.id > after)).all()
            pages = _pages(connection, [row.id for row in rows])
        for row in rows:
            if row.id in pages:
                yield (document(row), *pages[row.id])
        if len(rows) < _DOCUMENTS:
            return
        after = rows[-1].id


def _pages(connection: Connection, document_ids: Sequence[int]) -> dict[int, tuple[FetchAttempt, Capture]]:
    """For each document the latest attempt that has a page, and the page."""
    asked = select(AttemptRow.id, AttemptRow.document_id, AttemptRow.replayed_capture_id)
    asked = asked.where(AttemptRow.document_id.in_(document_ids), AttemptRow.archive == "").order_by(
        AttemptRow.started_at, AttemptRow.id
    )
    tried = connection.execute(asked).all()
    last = _last_captures(connection, [row.id for row in tried])
    page_of = {row.id: row.replayed_capture_id or last.get(row.id) for row in tried}
    real = _with_body(connection, {capture_id for capture_id in page_of.values() if capture_id is not None})
    latest = {row.document_id: (row.id, page_of[row.id]) for row in tried if page_of[row.id] in real}
    return _loaded(connection, latest)


def _last_captures(connection: Connection, attempt_ids: Sequence[int]) -> dict[int, int]:
    """The last capture of each attempt that has some; read by attempt, as asking for the largest id walks over all."""
    last: dict[int, int] = {}
    for piece in chunks(attempt_ids):
        own = select(CaptureRow.attempt_id, CaptureRow.id).where(CaptureRow.attempt_id.in_(piece))
        for attempt_id, capture_id in connection.execute(own):
            last[attempt_id] = max(capture_id, last.get(attempt_id, 0))
    return last


def _with_body(connection: Connection, capture_ids: Iterable[int]) -> set[int]:
    """Those that are pages: no redirects, and not "not modified"."""
    found: set[int] = set()
    bodiless = CaptureRow.status.between(300, 399)
    for piece in chunks(sorted(capture_ids)):
        found.update(connection.scalars(select(CaptureRow.id).where(CaptureRow.id.in_(piece), ~bodiless, HAS_RECORD)))
    return found


def _loaded(
    connection: Connection, latest: Mapping[int, tuple[int, int | None]]
) -> dict[int, tuple[FetchAttempt, Capture]]:
    asked = attempts().where(AttemptRow.id.in_([attempt_id for attempt_id, _ in latest.values()]))
    shown = captures().where(CaptureRow.id.in_([capture_id for _, capture_id in latest.values()]))
    by_attempt = {row.id: attempt(row) for row in connection.execute(asked)}
    by_capture = {row.id: capture(row) for row in connection.execute(shown)}
    return {
        document_id: (by_attempt[attempt_id], by_capture[capture_id])
        for document_id, (attempt_id, capture_id) in latest.items()
        if capture_id is not None
    }


def stored_page(connection: Connection, result: FetchResult, capture_id: int) -> Capture:
    """The capture that a result replays.

    Raises:
        Unstorable: there is no such capture of its document, or the document was attempted meanwhile.
    """
    document_id = result.attempt.document_id
    of_document = select(DocumentRow.last_attempt_at).where(DocumentRow.id == document_id)
    require_latest(result, connection.scalar(of_document))
    statement = captures().join(AttemptRow, AttemptRow.id == CaptureRow.attempt_id)
    statement = statement.where(CaptureRow.id == capture_id, AttemptRow.document_id == document_id)
    row = connection.execute(statement).first()
    if row is None:
        raise Unstorable(f"document {document_id} has no capture {capture_id} to be replayed")
    return capture(row)


def require_unversioned(connection: Connection, capture_id: int) -> None:
    """Refuse a second version of one capture.

    Raises:
        Unstorable: a version came from this capture already.
    """
    own = select(ArticleVersionRow.id).where(ArticleVersionRow.capture_id == capture_id)
    if version_id := connection.scalar(own):
        raise Unstorable(f"capture {capture_id} shows version {version_id}: `dateline reextract` renews its text")


def sight_again(connection: Connection, sighting: Mapping[str, Any], *, versioned: bool) -> None:
    """Write what a replayed capture shows: kept where it was sighted before, unless it became a version now."""
    of_capture = SightingRow.capture_id == sighting["capture_id"]
    if connection.scalar(select(SightingRow.version_id).where(of_capture)) is None:
        connection.execute(insert(SightingRow), dict(sighting))
    elif versioned:
        connection.execute(update(SightingRow).where(of_capture), dict(sighting))
