"""Handing out the documents that are wanted from web archives, and the leases on them.

Why work is found by an index on (next try, document) and not by documents: a plain backfill reads as many rows as it
takes. A backfill of named documents, queued or not, finds them as a re-fetch by hand does; those are few, or meant.

Why days are asked for in two ways: the documents of a few events are listed first and then looked up; where most of the
queue fits, a list of millions would be made to take a dozen, so each waiting document is asked for its events instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal, or_, select, update

from storage.sql.chunks import chunks
from storage.sql.columns import StoredText
from storage.sql.event_links import citations
from storage.sql.models import BackfillRow, DocumentRow, EventRow, HostRow, SourceLinkRow
from storage.sql.queueing import has_full_text, insert_places, is_queued, newly_wanted, place
from storage.sql.rows import document, documents
from storage.sql.searches import searches
from storage.sql.selecting import conditions, is_role
from storage.types import (
    Backfill,
    BackfillRequest,
    BackfillRules,
    BackfillState,
    BackfillTask,
    Document,
    DocumentRole,
)
from storage.wanting import MOST_COUNTED, REQUESTED

_MANY = 50_000
_FREED = {"lease_token": None, "lease_until": None}


# -- handing out -----------------------------------------------------------------------------------------------------


def lease(connection: Connection, request: BackfillRequest) -> list[BackfillTask]:
    """See `storage.protocol.Store.lease_backfills`."""
    ids = connection.scalars(_chosen(connection, request).limit(request.limit)).all()
    for piece in chunks(ids):
        if not request.selection.due_only:
            missing = select(DocumentRow.id, *place(literal(REQUESTED, StoredText()), request.now))
            insert_places(connection, missing.where(DocumentRow.id.in_(piece), ~is_queued()))
        taken = {"lease_token": request.token, "lease_until": request.until}
        connection.execute(update(BackfillRow).where(BackfillRow.document_id.in_(piece)), taken)
    return _tasks(connection, ids)


def count(connection: Connection, request: BackfillRequest, rules: BackfillRules | None) -> int:
    """See `storage.protocol.Store.count_backfills`."""
    chosen = _chosen(connection, request) if rules is None else _newly_wanted(connection, request, rules)
    waiting = chosen.order_by(None).limit(MOST_COUNTED).subquery()
    return connection.scalar(select(func.count()).select_from(waiting)) or 0


def hosts(connection: Connection, request: BackfillRequest) -> dict[str, int]:
    """See `storage.protocol.Store.backfill_hosts`."""
    names: Counter[str] = Counter()
    ids = connection.scalars(_chosen(connection, request).limit(request.limit)).all()
    for piece in chunks(ids):
        of = select(DocumentRow.id, HostRow.name).join(HostRow, HostRow.id == DocumentRow.host_id)
        found = {row.id: row.name for row in connection.execute(of.where(DocumentRow.id.in_(piece)))}
        names.update(found[one] for one in piece)
    return dict(names)


def _newly_wanted(connection: Connection, request: BackfillRequest, rules: BackfillRules) -> Select[int]:
    """Ids of what is meant that has no place in the queue, and would be given one."""
    cited = _cited_between(connection, request, DocumentRow.id)
    meant = newly_wanted(rules, request.now).where(*conditions(request.selection, None), *cited)
    return meant.with_only_columns(DocumentRow.id)


def _chosen(connection: Connection, request: BackfillRequest) -> Select[int]:
    """Ids of the documents that may be given out, those that wait longest first."""
    return _due(connection, request) if request.selection.due_only else _named(connection, request)


def _due(connection: Connection, request: BackfillRequest) -> Select[int]:
    wanted = conditions(request.selection, None)
    chosen = select(BackfillRow.document_id).where(BackfillRow.next_at <= request.now, _is_free(request.now))
    if wanted:
        chosen = chosen.join(DocumentRow, DocumentRow.id == BackfillRow.document_id)
        chosen = chosen.join(HostRow, HostRow.id == DocumentRow.host_id).where(*wanted)
    cited = _cited_between(connection, request, BackfillRow.document_id)
    return chosen.where(*cited).order_by(BackfillRow.next_at, BackfillRow.document_id)


def _named(connection: Connection, request: BackfillRequest) -> Select[int]:
    chosen = (
        select(DocumentRow.id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .outerjoin(BackfillRow, BackfillRow.document_id == DocumentRow.id)
        .where(*conditions(request.selection, None), _is_free(request.now), is_role(DocumentRole.SOURCE))
        .where(*_cited_between(connection, request, DocumentRow.id))
    )
    if request.skip_after is not None:
        chosen = chosen.where(or_(BackfillRow.ended_at.is_(None), BackfillRow.ended_at < request.skip_after))
    if request.queued:
        chosen = chosen.where(BackfillRow.document_id.is_not(None))
    if not request.rescued:
        missing = or_(BackfillRow.state.is_(None), BackfillRow.state != BackfillState.RESCUED)
        chosen = chosen.where(missing, ~has_full_text())
    return chosen.order_by(BackfillRow.next_at.is_(None), BackfillRow.next_at, DocumentRow.id)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(BackfillRow.lease_token.is_(None), BackfillRow.lease_until <= now)


def _cited_between(
    connection: Connection,
    request: BackfillRequest,
    document_id: Any,  # noqa: ANN401 -- a mapped column
) -> list[ColumnElement[bool]]:
    """That an event of the asked-for days cites the document; nothing where no days are asked for."""
    days = []
    if request.since:
        days.append(EventRow.event_date >= date.fromisoformat(request.since))
    if request.before:
        days.append(EventRow.event_date < date.fromisoformat(request.before))
    if not days:
        return []
    citing = select(SourceLinkRow.document_id).join(EventRow, EventRow.id == SourceLinkRow.event_id).where(*days)
    citing = citing.where(SourceLinkRow.withdrawn_at.is_(None), SourceLinkRow.document_id.is_not(None))
    found = connection.scalar(select(func.count()).select_from(citing.limit(_MANY).subquery())) or 0
    if found < _MANY:
        return [document_id.in_(citing)]
    return [citing.where(SourceLinkRow.document_id == document_id).exists()]


def _tasks(connection: Connection, ids: Sequence[int]) -> list[BackfillTask]:
    wanted = backfills(connection, ids)
    known: dict[int, Document] = {}
    for piece in chunks(ids):
        rows = connection.execute(documents().where(DocumentRow.id.in_(piece)))
        known |= {row.id: document(row) for row in rows}
    searched, cited = searches(connection, ids), citations(connection, ids)
    return [
        BackfillTask(
            document=known[one],
            backfill=wanted[one],
            searches={search.archive: search for search in searched.get(one, ())},
            citations=cited.get(one, ()),
        )
        for one in ids
    ]


def backfills(connection: Connection, document_ids: Iterable[int]) -> dict[int, Backfill]:
    """The places of these documents in the queue."""
    found: dict[int, Backfill] = {}
    for piece in chunks(document_ids):
        rows = connection.execute(select(*BackfillRow.__table__.columns).where(BackfillRow.document_id.in_(piece)))
        found |= {row.document_id: _backfill(row) for row in rows}
    return found


def _backfill(row: Row[Any]) -> Backfill:
    return Backfill(
        document_id=row.document_id,
        state=BackfillState(row.state),
        reason=row.reason,
        wanted_at=row.wanted_at,
        next_at=row.next_at,
        ended_at=row.ended_at,
    )


# -- leases ----------------------------------------------------------------------------------------------------------


def end(
    connection: Connection,
    document_id: int,
    *,
    token: str,
    state: BackfillState,
    next_at: datetime | None,
    now: datetime,
) -> None:
    """See `storage.protocol.Store.end_backfill`."""
    held = and_(BackfillRow.document_id == document_id, BackfillRow.lease_token == token)
    connection.execute(update(BackfillRow).where(held), {"state": state, "next_at": next_at, "ended_at": now, **_FREED})


def renew(connection: Connection, token: str, *, until: datetime) -> int:
    """Prolong the token's leases; returns how many documents it holds."""
    return connection.execute(
        update(BackfillRow).where(BackfillRow.lease_token == token), {"lease_until": until}
    ).rowcount


def holders(connection: Connection, document_ids: Iterable[int]) -> dict[int, str | None]:
    """Under which tokens these documents are leased."""
    found: dict[int, str | None] = {}
    for piece in chunks(document_ids):
        rows = select(BackfillRow.document_id, BackfillRow.lease_token).where(BackfillRow.document_id.in_(piece))
        found |= {row.document_id: row.lease_token for row in connection.execute(rows)}
    return found


def free(connection: Connection, tokens: Sequence[str], *, expired_at: datetime | None = None) -> int:
    """End leases of these tokens, all or those that have run out; returns how many documents were still out."""
    own = update(BackfillRow).where(BackfillRow.lease_token.in_(tokens))
    if expired_at is not None:
        own = own.where(BackfillRow.lease_until <= expired_at)
    return connection.execute(own, _FREED).rowcount


def by_state(connection: Connection) -> dict[BackfillState, int]:
    """How many documents of the queue stand how."""
    counting = select(BackfillRow.state, func.count()).group_by(BackfillRow.state).order_by(BackfillRow.state)
    return {BackfillState(state): documents for state, documents in connection.execute(counting)}
