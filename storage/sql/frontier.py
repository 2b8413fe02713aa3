"""Handing out work: leases on hosts and on their documents.

Why hosts and not documents are taken: one host must be asked by one run at a time, whatever the number of runs.

Why it stays fast with ten million documents: a plain crawl finds hosts by an index on "first document due", and the
documents of each by an index on (host, next fetch). Nothing is counted or sorted. Narrowed requests (one event's
sources, a re-fetch of what timed out) find their hosts through their documents instead: those are few, or meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, not_, or_, select, update

from storage.resting import INTERVAL
from storage.sql import backfills
from storage.sql.chunks import chunks
from storage.sql.models import DocumentRow, HostRow
from storage.sql.rows import document, documents
from storage.sql.selecting import conditions
from storage.types import Document, LeaseRequest, Selection

_Hosts = Sequence[Row[Any]]
_HOST = (HostRow.id, HostRow.name, HostRow.lease_token, HostRow.lease_until)


def lease(connection: Connection, request: LeaseRequest) -> list[Document]:
    """See `storage.protocol.Store.lease`."""
    hosts = _waiting_hosts(connection, request)
    evict(connection, hosts, request.now)
    taken: list[Document] = []
    granted: list[int] = []
    for host in hosts:
        if len(granted) == request.max_hosts:
            break
        if found := _free_documents(connection, host.id, request):
            granted.append(host.id)
            taken += found
    _mark(connection, granted, taken, request)
    return taken


def _waiting_hosts(connection: Connection, request: LeaseRequest) -> _Hosts:
    """Hosts that may be given, the longest waiting first; enough of them that `max_hosts` have documents left.

    A host that the token holds already may have all its due documents out; any other has one at least.
    """
    enough = request.max_hosts + _held(connection, request.token) + len(request.avoid)
    chosen = _by_documents(request) if _is_narrow(request.selection) else _by_index(request)
    rows = connection.execute(chosen.where(*_may_be_given(request)).limit(enough)).all()
    return [row for row in rows if row.name not in request.avoid]


def _held(connection: Connection, token: str) -> int:
    return connection.scalar(select(func.count()).where(HostRow.lease_token == token)) or 0


def _is_narrow(selection: Selection) -> bool:
    named = selection.event_key or selection.canonical_url or selection.role or selection.found
    return bool(named or selection.outcome is not None or not selection.due_only)


def _by_index(request: LeaseRequest) -> Select[*tuple[Any, ...]]:
    hosts = select(*_HOST).order_by(HostRow.due_at, HostRow.id)
    hosts = hosts.where(HostRow.due_at <= request.now)
    return hosts.where(HostRow.name == request.selection.host) if request.selection.host else hosts


def _by_documents(request: LeaseRequest) -> Select[*tuple[Any, ...]]:
    first = func.min(DocumentRow.next_fetch_at)
    return (
        select(*_HOST)
        .join(DocumentRow, DocumentRow.host_id == HostRow.id)
        .where(*_wanted(request), or_(DocumentRow.lease_token.is_(None), not_(_is_mine(request))))
        .group_by(HostRow.id)
        .order_by(first.is_(None), first, HostRow.id)
    )


def _is_mine(request: LeaseRequest) -> ColumnElement[bool]:
    return func.coalesce(and_(HostRow.lease_token == request.token, HostRow.lease_until > request.now), False)


def _is_free(request: LeaseRequest) -> ColumnElement[bool]:
    free = or_(HostRow.lease_token.is_(None), HostRow.lease_until <= request.now)
    return free if request.new_hosts else or_(free, HostRow.lease_token == request.token)


def _may_be_given(request: LeaseRequest) -> tuple[ColumnElement[bool], ...]:
    awake = or_(HostRow.not_before.is_(None), HostRow.not_before <= request.now)
    return _is_free(request), HostRow.paused_at.is_(None), awake


def _wanted(request: LeaseRequest) -> list[ColumnElement[bool]]:
    wanted = conditions(request.selection, request.now)
    if request.skip_before is not None and not request.selection.due_only:
        last = DocumentRow.last_attempt_at
        wanted.append(or_(last.is_(None), last < request.skip_before))
    return wanted


def next_ready(connection: Connection, request: LeaseRequest) -> datetime | None:
    """See `storage.protocol.Store.next_ready`."""
    chosen = _by_documents(request) if _is_narrow(request.selection) else _by_index(request)
    resting = chosen.where(_is_free(request), HostRow.paused_at.is_(None), HostRow.not_before > request.now)
    hosts = resting.add_columns(HostRow.not_before, _is_mine(request).label("mine"))
    enough = 1 + _held(connection, request.token) + len(request.avoid)
    soonest = hosts.order_by(None).order_by(HostRow.not_before).limit(enough)
    for host in connection.execute(soonest).all():
        if host.name in request.avoid:
            continue
        if not host.mine or _free_documents(connection, host.id, replace(request, per_host=1)):
            return cast("datetime", host.not_before)
    return None


def evict(connection: Connection, hosts: _Hosts, now: datetime) -> None:
    """Free the documents that an expired lease of these hosts still marks."""
    expired = [host for host in hosts if host.lease_token is not None and host.lease_until <= now]
    if expired:
        held = and_(
            DocumentRow.lease_token.in_({host.lease_token for host in expired}),
            DocumentRow.host_id.in_([host.id for host in expired]),
        )
        connection.execute(update(DocumentRow).where(held), {"lease_token": None})


def _free_documents(connection: Connection, host_id: int, request: LeaseRequest) -> list[Document]:
    next_fetch_at = DocumentRow.next_fetch_at
    order = (next_fetch_at,) if request.selection.due_only else (next_fetch_at.is_(None), next_fetch_at)
    statement = (
        documents()
        .where(DocumentRow.host_id == host_id, DocumentRow.lease_token.is_(None), *_wanted(request))
        .order_by(*order, DocumentRow.id)
        .limit(request.per_host)
    )
    return [document(row) for row in connection.execute(statement)]


def _mark(connection: Connection, host_ids: list[int], taken: list[Document], request: LeaseRequest) -> None:
    for piece in chunks(host_ids):
        lease = {"lease_token": request.token, "lease_until": request.until}
        connection.execute(update(HostRow).where(HostRow.id.in_(piece)), lease)
    for piece in chunks(one.id for one in taken):
        connection.execute(update(DocumentRow).where(DocumentRow.id.in_(piece)), {"lease_token": request.token})


def renew(connection: Connection, token: str, *, until: datetime) -> int:
    """See `storage.protocol.Store.renew`."""
    connection.execute(update(HostRow).where(HostRow.lease_token == token), {"lease_until": until})
    held = connection.scalar(select(func.count()).where(DocumentRow.lease_token == token)) or 0
    return held + backfills.renew(connection, token, until=until)


def release(
    connection: Connection, token: str, *, not_before: Mapping[str, datetime], hosts: Iterable[str] | None
) -> int:
    """See `storage.protocol.Store.release`."""
    held = select(HostRow.id).where(HostRow.lease_token == token)
    freed = 0
    if hosts is None:
        freed = _free(connection, connection.scalars(held).all(), (token,)) + backfills.free(connection, (token,))
    else:
        for piece in chunks(hosts):
            freed += _free(connection, connection.scalars(held.where(HostRow.name.in_(piece))).all(), (token,))
    for name, moment in sorted(not_before.items()):
        _rest(connection, HostRow.name == name, moment)
    return freed


def reclaim(connection: Connection, tokens: Iterable[str], *, not_before: datetime) -> int:
    """See `storage.protocol.Store.reclaim`."""
    dead = sorted(set(tokens))
    held = connection.scalars(select(HostRow.id).where(HostRow.lease_token.in_(dead))).all()
    freed = _free(connection, held, dead) + backfills.free(connection, dead)
    for piece in chunks(held):
        _rest(connection, HostRow.id.in_(piece), not_before)
    return freed


def _free(connection: Connection, host_ids: Iterable[int], tokens: Sequence[str]) -> int:
    """End the leases of these hosts; returns how many documents were still out."""
    freed = 0
    for piece in chunks(host_ids):
        held = and_(DocumentRow.lease_token.in_(tokens), DocumentRow.host_id.in_(piece))
        freed += connection.execute(update(DocumentRow).where(held), {"lease_token": None}).rowcount
        ended = {"lease_token": None, "lease_until": None}
        connection.execute(update(HostRow).where(HostRow.id.in_(piece)), ended)
    return freed


def _rest(connection: Connection, which: ColumnElement[bool], until: datetime) -> None:
    """Let hosts rest; a rest that lasts as long stands, as in `storage.resting.rested`."""
    shorter = or_(HostRow.not_before.is_(None), HostRow.not_before < until)
    connection.execute(update(HostRow).where(which, shorter), {"not_before": until, "rest_reason": INTERVAL})
