"""Finding the documents that a `Selection` means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, literal, literal_column, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

from storage.sql.chunks import CHUNK, chunks
from storage.sql.columns import BigId, UtcDateTime
from storage.sql.documents import is_no_feed, refresh_due
from storage.sql.models import DiscoveryRow, DocumentRow, EventKeyRow, FeedRow, HostRow, SourceLinkRow
from storage.sql.rows import document, documents, url_digest
from storage.types import Document, DocumentRole, Selection

_BOOK = update(DocumentRow).where(DocumentRow.id == bindparam("document"))

Reading = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction that reads one state of the library."""


def conditions(selection: Selection, now: datetime | None) -> list[ColumnElement[bool]]:
    """What documents (joined with their hosts) must satisfy; without ``now``, whether they are due is no matter."""
    wanted = [_is_none(DocumentRow.takedown_id), _is_none(HostRow.takedown_id)]
    if selection.due_only and now is not None:
        wanted.append(DocumentRow.next_fetch_at <= now)
    if selection.host:
        wanted.append(HostRow.name == selection.host)
    if selection.outcome is not None:
        wanted.append(DocumentRow.last_outcome == selection.outcome)
    if selection.canonical_url:
        wanted.append(DocumentRow.url_digest == url_digest(selection.canonical_url))
    if selection.event_key:
        wanted.append(DocumentRow.id.in_(cited_by(selection.event_key)))
    return wanted + _of_role(selection)


def of_host(read: Reading, selection: Selection) -> list[ColumnElement[bool]]:
    """The same as the condition on the host's name, for lists that are read page by page.

    Written out as a number, so that PostgreSQL knows how large this host is: of the largest it would collect and sort
    a hundred thousand rows for each page, as if it were one of the many small ones.
    """
    if not selection.host:
        return []
    with read() as connection:
        number = connection.scalar(select(HostRow.id).where(HostRow.name == selection.host))
    return [DocumentRow.host_id == literal_column(str(number or 0))]


def _is_none(takedown_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """That there is no tombstone; not as "is null", which PostgreSQL takes for rare in a table that is young.

    It would sort what it need only read in order, for the one row that it expects.
    """
    return func.coalesce(takedown_id, literal_column("0")) < literal_column("1")


def _of_role(selection: Selection) -> list[ColumnElement[bool]]:
    """What documents must be for the library."""
    wanted = [is_no_feed() if selection.role is None else is_role(selection.role)]
    if selection.role is DocumentRole.FEED:
        wanted.append(DocumentRow.id.in_(select(FeedRow.document_id).where(FeedRow.enabled)))
    if selection.found:
        wanted.append(select(DiscoveryRow.feed_id).where(DiscoveryRow.document_id == DocumentRow.id).exists())
    return wanted


def is_role(role: DocumentRole) -> ColumnElement[bool]:
    """That a document is this for the library; written out, so that the index of lead images can be used."""
    return DocumentRow.role == literal_column(f"'{role}'")


def cited_by(event_key: str) -> Any:  # noqa: ANN401 -- a sub-select, which SQLAlchemy types by its columns
    """Ids of the documents that the present source links of an event cite."""
    return (
        select(SourceLinkRow.document_id)
        .join(EventKeyRow, EventKeyRow.event_id == SourceLinkRow.event_id)
        .where(EventKeyRow.key == event_key)
        .where(SourceLinkRow.withdrawn_at.is_(None), SourceLinkRow.document_id.is_not(None))
    )


def due(read: Reading, selection: Selection, *, now: datetime, limit: int | None) -> Iterator[Document]:
    """See `storage.protocol.Store.due`: first those with a time, then (if asked for) those without, page by page."""
    left = limit
    wanted = conditions(selection, now) + of_host(read, selection)
    for timed in (True,) if selection.due_only else (True, False):
        for found in _pages(read, wanted, timed=timed):
            if left is not None:
                if left <= 0:
                    return
                left -= 1
            yield found


def _pages(read: Reading, wanted: list[ColumnElement[bool]], *, timed: bool) -> Iterator[Document]:
    when, key = DocumentRow.next_fetch_at, DocumentRow.id
    order = (when, key) if timed else (key,)
    statement = documents().where(*wanted, when.is_not(None) if timed else when.is_(None)).order_by(*order)
    behind: list[ColumnElement[bool]] = []
    while True:
        with read() as connection:
            rows = connection.execute(statement.where(*behind).limit(CHUNK)).all()
        yield from map(document, rows)
        if len(rows) < CHUNK:
            return
        behind = [_behind(rows[-1], timed=timed)]


def _behind(last: Row[Any], *, timed: bool) -> ColumnElement[bool]:
    last_id = literal(last.id, BigId)
    if not timed:
        return DocumentRow.id > last_id
    behind = tuple_(literal(last.next_fetch_at, UtcDateTime()), last_id)
    return tuple_(DocumentRow.next_fetch_at, DocumentRow.id) > behind


def reschedule(connection: Connection, selection: Selection, *, next_fetch_at: datetime | None) -> int:
    """See `storage.protocol.Store.reschedule`."""
    chosen = select(DocumentRow.id).join(HostRow, HostRow.id == DocumentRow.host_id)
    chosen = chosen.where(*conditions(selection, None))
    of_chosen = DocumentRow.id.in_(chosen)
    touched = connection.scalars(select(DocumentRow.host_id).where(of_chosen).distinct()).all()
    changed = connection.execute(update(DocumentRow).where(of_chosen), {"next_fetch_at": next_fetch_at})
    refresh_due(connection, touched)
    return changed.rowcount


def book(connection: Connection, moments: Mapping[int, datetime]) -> int:
    """See `storage.protocol.Store.book`."""
    free = conditions(Selection(due_only=False), None)
    booked = 0
    for piece in chunks(sorted(moments)):
        chosen = select(DocumentRow.id, DocumentRow.host_id).join(HostRow, HostRow.id == DocumentRow.host_id)
        rows = connection.execute(
            chosen.where(DocumentRow.id.in_(piece), DocumentRow.next_fetch_at.is_(None), *free)
        ).all()
        if rows:
            connection.execute(_BOOK, [{"document": row.id, "next_fetch_at": moments[row.id]} for row in rows])
            refresh_due(connection, {row.host_id for row in rows})
            booked += len(rows)
    return booked
