"""Handing out work: leases on hosts and on their documents.

Why hosts and not documents are taken: one host must be asked by one run at a time, whatever the number of runs.

Why it stays fast with ten million documents: a plain crawl finds hosts by an index on "first document due", and the
documents of each by indexes on (host, next fetch). No document is counted or sorted. Narrowed requests (one event's
sources, a re-fetch of what timed out) find their hosts through their documents instead: those are few, or meant.

Why what is due on one host comes in three turns: what was never asked for is what the library lacks, what failed it
lacks as long as it fails, and what is only asked for again can wait. Each turn reads one index; sorting by the turn
would sort everything that is due.

Why a host's budget is looked up when it is handed out and not when it is chosen: it is a sum of daily counts, and a
host that has none left gets a rest until midnight, so that it is looked at once a day, however many such hosts there
are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    update,
)

from storage.resting import BUDGET, INTERVAL, budget_of, next_midnight
from storage.searching import day_number
from storage.sql import backfills
from storage.sql.chunks import chunks
from storage.sql.models import DocumentRow, HostDayRow, HostRow
from storage.sql.rows import document, documents
from storage.sql.selecting import conditions
from storage.types import Document, LeaseRequest, Selection

_Hosts = Sequence[Row[Any]]
_HOST = (HostRow.id, HostRow.name, HostRow.lease_token, HostRow.lease_until)
_LOOKED_AT = 100
"""Hosts that are looked at together where some may have used up their budgets."""
_UNTRIED = DocumentRow.last_outcome.is_(None)
_FAILED = DocumentRow.failures > literal_column("0")
_AGAIN = and_(DocumentRow.last_outcome.is_not(None), DocumentRow.failures == literal_column("0"))
_OPEN_TO_ALL = (HostRow.paused_at.is_(None), HostRow.takedown_id.is_(None))
_TURNS: tuple[ColumnElement[bool], ...] = (_UNTRIED, _FAILED, _AGAIN)
"""Which documents of a host are given out first; written out, so that partial indexes can be used."""
_ONE_TURN = (true(),)


def lease(connection: Connection, request: LeaseRequest) -> list[Document]:
    """See `storage.protocol.Store.lease`."""
    taken: list[Document] = []
    granted: list[int] = []
    while True:
        hosts = [host for host in _waiting_hosts(connection, request) if host.id not in granted]
        evict(connection, hosts, request.now)
        left = _left(connection, hosts, request)
        out = _out(connection, left, request)
        for host in hosts:
            if len(granted) == request.max_hosts:
                break
            room = left[host.id] - out[host.id] if host.id in left else request.per_host
            if found := _free_documents(connection, host.id, request, room):
                granted.append(host.id)
                taken += found
        used_up = [host_id for host_id, documents_left in left.items() if documents_left <= 0]
        # Those that rest from now on are not found again: there may be others behind them.
        if len(granted) == request.max_hosts or not _rest_till_midnight(connection, used_up, request):
            break
    _mark(connection, granted, taken, request)
    return taken


def _left(connection: Connection, hosts: _Hosts, request: LeaseRequest) -> dict[int, int]:
    """How many more attempts may end today at documents of these hosts; a host without a bound is left out."""
    left = {host.id: bound for host in hosts if (bound := budget_of(request, host.name))}
    for piece in chunks(left):
        today = (HostDayRow.day == day_number(request.now), HostDayRow.archive == "", HostDayRow.host_id.in_(piece))
        for host_id, attempts in connection.execute(select(HostDayRow.host_id, HostDayRow.attempts).where(*today)):
            left[host_id] -= attempts
    return left


def _out(connection: Connection, host_ids: Iterable[int], request: LeaseRequest) -> Counter[int]:
    """How many documents of these hosts the token holds already."""
    out: Counter[int] = Counter()
    for piece in chunks(host_ids):
        held = (DocumentRow.lease_token == request.token, DocumentRow.host_id.in_(piece))
        out.update(connection.scalars(select(DocumentRow.host_id).where(*held)))
    return out


def _rest_till_midnight(connection: Connection, host_ids: Sequence[int], request: LeaseRequest) -> int:
    """Let hosts rest whose budget is used up; returns how many."""
    rest = {"not_before": next_midnight(request.now), "rest_reason": BUDGET}
    for piece in chunks(host_ids):
        connection.execute(update(HostRow).where(HostRow.id.in_(piece)), rest)
    return len(host_ids)


def _waiting_hosts(connection: Connection, request: LeaseRequest) -> _Hosts:
    """Hosts that may be given, the longest waiting first; enough of them that `max_hosts` have documents left.

    A host that the token holds already may have all its due documents out; any other has one at least.
    """
    enough = request.max_hosts + _held(connection, request.token) + len(request.avoid)
    if request.per_day is not None:
        enough = max(enough, _LOOKED_AT)
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
    if request.per_day is None:
        awake = or_(awake, HostRow.rest_reason == BUDGET)
    return _is_free(request), *_OPEN_TO_ALL, awake


def _wanted(request: LeaseRequest) -> list[ColumnElement[bool]]:
    wanted = conditions(request.selection, request.now)
    if request.skip_before is not None and not request.selection.due_only:
        last = DocumentRow.last_attempt_at
        wanted.append(or_(last.is_(None), last < request.skip_before))
    return wanted


def next_ready(connection: Connection, request: LeaseRequest) -> datetime | None:
    """See `storage.protocol.Store.next_ready`."""
    chosen = _by_documents(request) if _is_narrow(request.selection) else _by_index(request)
    resting = chosen.where(_is_free(request), *_OPEN_TO_ALL, HostRow.not_before > request.now)
    if request.per_day is None:
        resting = resting.where(HostRow.rest_reason != BUDGET)
    hosts = resting.add_columns(HostRow.not_before, _is_mine(request).label("mine"))
    enough = 1 + _held(connection, request.token) + len(request.avoid)
    soonest = hosts.order_by(None).order_by(HostRow.not_before).limit(enough)
    for host in connection.execute(soonest).all():
        if host.name in request.avoid:
            continue
        if not host.mine or _free_documents(connection, host.id, request, 1):
            return cast("datetime", host.not_before)
    return None


def ready_hosts(connection: Connection, request: LeaseRequest) -> list[str]:
    """See `storage.protocol.Store.ready_hosts`."""
    narrow = _is_narrow(request.selection)
    chosen = _by_documents(request) if narrow else _by_index(request)
    due = func.min(DocumentRow.next_fetch_at) if narrow else HostRow.due_at
    since = case((HostRow.last_attempt_at > due, HostRow.last_attempt_at), else_=due)
    new = replace(request, new_hosts=True)
    waiting = chosen.where(*_may_be_given(new), HostRow.name.not_in(request.avoid))
    waiting = waiting.order_by(None).order_by(since.is_(None), since, HostRow.id)
    rows = connection.execute(waiting.limit(request.max_hosts))
    return [row.name for row in rows]


def due_hosts(connection: Connection, selection: Selection, *, now: datetime) -> dict[str, int]:
    """See `storage.protocol.Store.due_hosts`."""
    first = func.min(DocumentRow.next_fetch_at)
    counted = (
        select(HostRow.name, func.count().label("documents"))
        .join(DocumentRow, DocumentRow.host_id == HostRow.id)
        .where(*conditions(selection, now))
        .group_by(HostRow.id)
        .order_by(first.is_(None), first, HostRow.id)
    )
    return {row.name: row.documents for row in connection.execute(counted)}


def evict(connection: Connection, hosts: _Hosts, now: datetime) -> None:
    """Free the documents that an expired lease of these hosts still marks."""
    expired = [host for host in hosts if host.lease_token is not None and host.lease_until <= now]
    if expired:
        held = and_(
            DocumentRow.lease_token.in_({host.lease_token for host in expired}),
            DocumentRow.host_id.in_([host.id for host in expired]),
        )
        connection.execute(update(DocumentRow).where(held), {"lease_token": None})


def _free_documents(connection: Connection, host_id: int, request: LeaseRequest, room: int) -> list[Document]:
    """Documents of a host that the token does not hold yet, at most ``room``; what is due by turns (`_TURNS`)."""
    room = min(request.per_host, room)
    when = DocumentRow.next_fetch_at
    free = documents().where(DocumentRow.host_id == host_id, DocumentRow.lease_token.is_(None), *_wanted(request))
    ordered, turns = free.order_by(when, DocumentRow.id), _TURNS
    if not request.selection.due_only:
        ordered, turns = free.order_by(when.is_(None), when, DocumentRow.id), _ONE_TURN
    found: list[Document] = []
    for turn in turns:
        if room > len(found):
            found += map(document, connection.execute(ordered.where(turn).limit(room - len(found))))
    return found


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


def hold(connection: Connection, token: str, host: str, *, until: datetime) -> bool:
    """See `storage.protocol.Store.hold_host`."""
    mine = and_(HostRow.name == host, HostRow.lease_token == token)
    return connection.execute(update(HostRow).where(mine), {"lease_until": until}).rowcount > 0


def held(connection: Connection, token: str) -> frozenset[str]:
    """See `storage.protocol.Store.held_hosts`."""
    return frozenset(connection.scalars(select(HostRow.name).where(HostRow.lease_token == token)))


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


def reclaim(
    connection: Connection, tokens: Iterable[str], *, not_before: datetime, expired_at: datetime | None = None
) -> int:
    """See `storage.protocol.Store.reclaim`; with ``expired_at`` only leases that have run out at this moment."""
    dead = sorted(set(tokens))
    # Locked: who is thought dead may wake up and prolong them just now.
    chosen = select(HostRow.id).where(HostRow.lease_token.in_(dead)).order_by(HostRow.id).with_for_update()
    if expired_at is not None:
        chosen = chosen.where(HostRow.lease_until <= expired_at)
    own = connection.scalars(chosen).all()
    freed = _free(connection, own, dead) + backfills.free(connection, dead, expired_at=expired_at)
    for piece in chunks(own):
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
