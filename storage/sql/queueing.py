"""Filling the queue of documents that are wanted from web archives.

Why in SQL: which of ten million documents are wanted is decided where they are; none of them is read into Python.

Why in slices, each a transaction: one statement over all of them holds the writers' lock for half a minute, as long as
others wait. A queue that was filled in part is filled on by the next call, so nothing is lost by stopping in between.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, insert, literal, null, or_, select

from storage.sql.columns import StoredText, UtcDateTime
from storage.sql.models import ArticleRow, ArticleVersionRow, BackfillRow, DocumentRow, HostRow
from storage.sql.rows import NOT_TAKEN_DOWN
from storage.sql.selecting import Reading, is_role
from storage.types import Access, BackfillRules, BackfillState, DocumentRole, Outcome
from storage.wanting import HOST_DEAD, MEMENTO_CITED

_SLICE = 200_000
_QUEUED = ("document_id", "state", "reason", "wanted_at", "next_at")


def queue(
    read: Reading, write: Callable[[], AbstractContextManager[Connection]], rules: BackfillRules, *, now: datetime
) -> int:
    """See `storage.protocol.Store.queue_backfills`."""
    with read() as connection:
        last = connection.scalar(select(func.max(DocumentRow.id))) or 0
    queued = 0
    for after in range(0, last, _SLICE):
        with write() as connection:
            queued += insert_places(connection, newly_wanted(rules, now).where(_within(after)))
    return queued


def newly_wanted(rules: BackfillRules, now: datetime) -> Select[*tuple[Any, ...]]:
    """Documents without a place in the queue that the rules want, as `insert_places` takes them."""
    reason = _reason(rules)
    full = func.coalesce(DocumentRow.last_outcome, "") == Outcome.FETCHED
    return (
        select(DocumentRow.id, *place(reason, now))
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .outerjoin(ArticleRow, ArticleRow.document_id == DocumentRow.id)
        .where(reason.is_not(None), ~full, ~is_queued(), is_role(DocumentRole.SOURCE))
        .where(NOT_TAKEN_DOWN)
    )


def _within(after: int) -> ColumnElement[bool]:
    return and_(DocumentRow.id > after, DocumentRow.id <= after + _SLICE)


def _reason(rules: BackfillRules) -> ColumnElement[Any]:
    failed = [
        and_(DocumentRow.last_outcome == outcome, DocumentRow.failures >= most)
        for outcome, most in sorted(rules.failures.items())
    ]
    dead = HostRow.last_outcome.in_(sorted(rules.dead_outcomes))
    without = ArticleRow.id.is_(None)
    return case(
        (or_(false(), *failed), DocumentRow.last_outcome),
        (and_(DocumentRow.memento_url.is_not(None), without), literal(MEMENTO_CITED, StoredText())),
        (and_(dead, HostRow.failures >= rules.dead_after, without), literal(HOST_DEAD, StoredText())),
        else_=null(),
    )


def is_queued() -> ColumnElement[bool]:
    """Whether a document has a place in the queue."""
    return select(BackfillRow.document_id).where(BackfillRow.document_id == DocumentRow.id).exists()


def place(reason: ColumnElement[Any], now: datetime) -> tuple[ColumnElement[Any], ...]:
    """The values of a new place in the queue beside the document's id: it is due at once."""
    moment = literal(now, UtcDateTime())
    return literal(BackfillState.WANTED, StoredText()), reason, moment, moment


def insert_places(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> int:
    """Give documents a place in the queue: ids with what `place` says, as one query; returns how many there were."""
    statement = insert(BackfillRow).from_select(list(_QUEUED), wanted)
    return connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount


def has_full_text() -> ColumnElement[bool]:
    """Whether a document has an article, and not only the beginning of one."""
    current = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
    texts = select(ArticleRow.id).join(ArticleVersionRow, current)
    return texts.where(ArticleRow.document_id == DocumentRow.id, ArticleVersionRow.access != Access.TEASER).exists()
