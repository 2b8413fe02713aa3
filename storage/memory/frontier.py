"""Leases of the in-memory store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from storage.memory import backfills
from storage.memory.hosts import free, is_live
from storage.memory.library import Library
from storage.memory.selecting import chosen
from storage.resting import rested
from storage.types import Document, Host, LeaseRequest

_NEVER = datetime.max.replace(tzinfo=UTC)


def waiting(document: Document) -> tuple[datetime, int]:
    """Sorts documents by how long they wait; those without a time come last."""
    return document.next_fetch_at or _NEVER, document.id


def _wanted(library: Library, request: LeaseRequest) -> dict[str, list[Document]]:
    """Documents that the token does not hold yet, by host; the longest waiting host and document first."""
    found = chosen(library, request.selection, request.now)
    if request.skip_before is not None and not request.selection.due_only:
        before = request.skip_before
        found = [one for one in found if one.last_attempt_at is None or one.last_attempt_at < before]
    order = {name: number for number, name in enumerate(library.hosts)}
    free = [one for one in found if not _is_out(library, one, request)]
    by_host: dict[str, list[Document]] = {}
    for one in sorted(free, key=lambda one: (waiting(one)[0], order[one.host], one.id)):
        by_host.setdefault(one.host, []).append(one)
    return by_host


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
        rests = host.state.not_before is not None and host.state.not_before > request.now
        if granted == request.max_hosts or rests or not _is_free(host, request):
            continue
        if not is_live(host, request.now):
            free(library, name)
        granted += 1
        library.hosts[name] = replace(library.hosts[name], lease_token=request.token, lease_until=request.until)
        taken += documents[: request.per_host]
    library.leased.update((one.id, request.token) for one in taken)
    return taken


def next_ready(library: Library, request: LeaseRequest) -> datetime | None:
    """See `storage.protocol.Store.next_ready`."""
    hosts = [library.hosts[name] for name in _wanted(library, request)]
    resting = [host.state.not_before for host in hosts if _is_free(host, request)]
    return min((moment for moment in resting if moment is not None and moment > request.now), default=None)


def renew(library: Library, token: str, *, until: datetime) -> int:
    """See `storage.protocol.Store.renew`."""
    for name, host in library.hosts.items():
        if host.lease_token == token:
            library.hosts[name] = replace(host, lease_until=until)
    held = sum(1 for holder in library.leased.values() if holder == token)
    return held + backfills.renew(library, token, until=until)


def release(library: Library, token: str, *, not_before: Mapping[str, datetime], hosts: Iterable[str] | None) -> int:
    """See `storage.protocol.Store.release`."""
    names = set(library.hosts) if hosts is None else set(hosts) & set(library.hosts)
    freed = sum(free(library, name) for name in names if library.hosts[name].lease_token == token)
    if hosts is None:
        freed += backfills.free(library, {token})
    for name in not_before.keys() & library.hosts.keys():
        _rest(library, name, not_before[name])
    return freed


def reclaim(library: Library, tokens: Iterable[str], *, not_before: datetime) -> int:
    """See `storage.protocol.Store.reclaim`."""
    dead = set(tokens)
    held = [name for name, host in library.hosts.items() if host.lease_token in dead]
    freed = sum(free(library, name) for name in held) + backfills.free(library, dead)
    for name in held:
        _rest(library, name, not_before)
    return freed


def _rest(library: Library, name: str, until: datetime) -> None:
    host = library.hosts[name]
    library.hosts[name] = replace(host, state=rested(host.state, until))
