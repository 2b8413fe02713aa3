"""Leases of the in-memory store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from storage.memory import backfills
from storage.memory.hosts import free, is_live
from storage.memory.library import Library
from storage.memory.selecting import chosen
from storage.resting import BUDGET, budget_forgotten, budget_of, next_midnight, rested
from storage.types import Document, Host, LeaseRequest, Selection

_NEVER = datetime.max.replace(tzinfo=UTC)


def waiting(document: Document) -> tuple[datetime, int]:
    """Sorts documents by how long they wait; those without a time come last."""
    return document.next_fetch_at or _NEVER, document.id


def _wanted(library: Library, request: LeaseRequest) -> dict[str, list[Document]]:
    """Documents that the token does not hold yet, by host; the longest waiting host first, its documents by turns."""
    found = chosen(library, request.selection, request.now)
    if request.skip_before is not None and not request.selection.due_only:
        before = request.skip_before
        found = [one for one in found if one.last_attempt_at is None or one.last_attempt_at < before]
    order = {name: number for number, name in enumerate(library.hosts)}
    free = [one for one in found if not _is_out(library, one, request)]
    by_host: dict[str, list[Document]] = {}
    for one in sorted(free, key=lambda one: (waiting(one)[0], order[one.host], one.id)):
        by_host.setdefault(one.host, []).append(one)
    if request.selection.due_only:
        return {name: sorted(documents, key=_turn) for name, documents in by_host.items()}
    return by_host


def _turn(document: Document) -> int:
    """What was never asked for goes first, then what failed, then what is only asked for again."""
    if document.last_outcome is None:
        return 0
    return 1 if document.failures else 2


def _is_out(library: Library, document: Document, request: LeaseRequest) -> bool:
    return document.id in library.leased and is_live(library.hosts[document.host], request.now)


def _is_free(host: Host, request: LeaseRequest) -> bool:
    """Whether the token may have the host, if it does not rest."""
    if host.paused_at is not None or host.name in request.avoid:
        return False
    return not is_live(host, request.now) or (host.lease_token == request.token and not request.new_hosts)


def lease(library: Library, request: LeaseRequest) -> list[Document]:
    """See `storage.protocol.Store.lease`."""
    taken: list[Document] = []
    granted = 0
    for name, documents in _wanted(library, request).items():
        host = library.hosts[name]
        if granted == request.max_hosts or _ready_at(host, request) or not _is_free(host, request):
            continue
        if not is_live(host, request.now):
            free(library, name)
        left = _left(library, name, request)
        if left is not None and left <= 0:
            rest = replace(host.state, not_before=next_midnight(request.now), rest_reason=BUDGET)
            library.hosts[name] = replace(library.hosts[name], state=rest)
            continue
        given = documents[: _room(library, name, request, left)]
        if given:
            granted += 1
            library.hosts[name] = replace(library.hosts[name], lease_token=request.token, lease_until=request.until)
            taken += given
    library.leased.update((one.id, request.token) for one in taken)
    return taken


def _ready_at(host: Host, request: LeaseRequest) -> datetime | None:
    """When a host that rests may be given out; ``None`` where it does not rest."""
    state = budget_forgotten(host.state) if request.per_day is None else host.state
    return state.not_before if state.not_before is not None and state.not_before > request.now else None


def _left(library: Library, name: str, request: LeaseRequest) -> int | None:
    """How many more attempts may end today at documents of a host; ``None``: any number."""
    bound = budget_of(request, name)
    today = request.now.date()
    asked = sum(
        one for (day, host, archive, _), (one, _) in library.days.items() if (day, host, archive) == (today, name, "")
    )
    return bound - asked if bound else None


def _room(library: Library, name: str, request: LeaseRequest, left: int | None) -> int:
    """How many documents of a host may be given out by this call."""
    if left is None:
        return request.per_host
    out = sum(library.documents[number].host == name for number in library.leased)
    return max(0, min(request.per_host, left - out))


def next_ready(library: Library, request: LeaseRequest) -> datetime | None:
    """See `storage.protocol.Store.next_ready`."""
    hosts = [library.hosts[name] for name in _wanted(library, request)]
    resting = [_ready_at(host, request) for host in hosts if _is_free(host, request)]
    return min((moment for moment in resting if moment is not None), default=None)


def ready_hosts(library: Library, request: LeaseRequest) -> list[str]:
    """See `storage.protocol.Store.ready_hosts`."""
    new = replace(request, new_hosts=True)
    order = {name: number for number, name in enumerate(library.hosts)}
    waiting = [
        (_waits_since(library.hosts[name], documents), order[name], name)
        for name, documents in _wanted(library, new).items()
        if _is_free(library.hosts[name], new) and _ready_at(library.hosts[name], new) is None
    ]
    return [name for _, _, name in sorted(waiting)][: request.max_hosts]


def _waits_since(host: Host, documents: Iterable[Document]) -> datetime:
    due = min(waiting(one)[0] for one in documents)
    asked = host.state.last_attempt_at
    return due if asked is None or due == _NEVER else max(due, asked)


def due_hosts(library: Library, selection: Selection, *, now: datetime) -> dict[str, int]:
    """See `storage.protocol.Store.due_hosts`."""
    order = {name: number for number, name in enumerate(library.hosts)}
    found = chosen(library, selection, now)
    found.sort(key=lambda one: (waiting(one)[0], order[one.host]))
    return dict(Counter(one.host for one in found))


def renew(library: Library, token: str, *, until: datetime) -> int:
    """See `storage.protocol.Store.renew`."""
    for name, host in library.hosts.items():
        if host.lease_token == token:
            library.hosts[name] = replace(host, lease_until=until)
    held = sum(1 for holder in library.leased.values() if holder == token)
    return held + backfills.renew(library, token, until=until)


def hold(library: Library, token: str, name: str, *, until: datetime) -> bool:
    """See `storage.protocol.Store.hold_host`."""
    host = library.hosts.get(name)
    if host is None or host.lease_token != token:
        return False
    library.hosts[name] = replace(host, lease_until=until)
    return True


def held(library: Library, token: str) -> frozenset[str]:
    """See `storage.protocol.Store.held_hosts`."""
    return frozenset(name for name, host in library.hosts.items() if host.lease_token == token)


def release(library: Library, token: str, *, not_before: Mapping[str, datetime], hosts: Iterable[str] | None) -> int:
    """See `storage.protocol.Store.release`."""
    names = set(library.hosts) if hosts is None else set(hosts) & set(library.hosts)
    freed = sum(free(library, name) for name in names if library.hosts[name].lease_token == token)
    if hosts is None:
        freed += backfills.free(library, {token})
    for name in not_before.keys() & library.hosts.keys():
        _rest(library, name, not_before[name])
    return freed


def reclaim(
    library: Library, tokens: Iterable[str], *, not_before: datetime, expired_at: datetime | None = None
) -> int:
    """See `storage.protocol.Store.reclaim`; with ``expired_at`` only leases that have run out at this moment."""
    dead = set(tokens)
    held = [
        name
        for name, host in library.hosts.items()
        if host.lease_token in dead
        and (expired_at is None or (host.lease_until is not None and host.lease_until <= expired_at))
    ]
    freed = sum(free(library, name) for name in held) + backfills.free(library, dead, expired_at=expired_at)
    for name in held:
        _rest(library, name, not_before)
    return freed


def _rest(library: Library, name: str, until: datetime) -> None:
    host = library.hosts[name]
    library.hosts[name] = replace(host, state=rested(host.state, until))
