"""Hosts of the in-memory store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from storage.errors import HostNotFound
from storage.memory.library import Library
from storage.protocol import HostChange
from storage.resting import allowed, merged
from storage.resting import claim as claim_of
from storage.types import Host, HostClaim, HostProbe, HostState


def is_live(host: Host, now: datetime) -> bool:
    """Whether some run holds the host now."""
    return bool(host.lease_token) and host.lease_until is not None and host.lease_until > now


def free(library: Library, name: str) -> int:
    """End the lease of a host; returns how many documents were still out."""
    out = [document_id for document_id in library.leased if library.documents[document_id].host == name]
    for document_id in out:
        del library.leased[document_id]
    library.hosts[name] = replace(library.hosts[name], lease_token="", lease_until=None)
    return len(out)


def host(library: Library, name: str, *, now: datetime) -> Host:
    """See `storage.protocol.Store.host`."""
    if name not in library.hosts:
        raise HostNotFound(name)
    own = [one for one in library.documents.values() if one.host == name]
    due = [one for one in own if one.next_fetch_at is not None and one.next_fetch_at <= now]
    return replace(library.hosts[name], documents=len(own), due=len(due))


def states(library: Library, names: Iterable[str]) -> dict[str, HostState]:
    """See `storage.protocol.Store.host_states`."""
    return {name: library.hosts[name].state for name in sorted(set(names) & library.hosts.keys())}


def put_states(library: Library, fresh: Sequence[HostState]) -> None:
    """See `storage.protocol.Store.put_host_states`."""
    for one in fresh:
        stored = library.ensure_host(one.name)
        library.hosts[one.name] = replace(stored, state=merged(stored.state, one))


def change(library: Library, name: str, changed: HostChange) -> HostState:
    """See `storage.protocol.Store.change_host`."""
    stored = library.ensure_host(name)
    state = replace(changed(stored.state), name=name)
    library.hosts[name] = replace(stored, state=state)
    return state


def claim(library: Library, name: str, *, token: str, now: datetime, until: datetime) -> HostClaim:
    """See `storage.protocol.Store.claim_host`."""
    stored = library.ensure_host(name)
    if name in library.hosts_kept_away:
        return HostClaim(granted=False, state=stored.state, paused=True)
    answer = claim_of(stored, token=token, now=now)
    if answer.granted:
        if not is_live(stored, now):
            free(library, name)
        elif stored.lease_until is not None:
            until = max(until, stored.lease_until)
        library.hosts[name] = replace(library.hosts[name], lease_token=token, lease_until=until)
    return answer


def pause(library: Library, name: str, *, now: datetime, reason: str) -> Host:
    """See `storage.protocol.Store.pause_host`."""
    found = host(library, name, now=now)
    library.hosts[name] = replace(library.hosts[name], paused_at=found.paused_at or now, pause_reason=reason)
    return host(library, name, now=now)


def allow(library: Library, name: str, *, now: datetime) -> Host:
    """See `storage.protocol.Store.allow_host`."""
    state = allowed(host(library, name, now=now).state)
    library.hosts[name] = replace(library.hosts[name], state=state, paused_at=None, pause_reason="")
    return host(library, name, now=now)


def probes(library: Library, names: Iterable[str]) -> dict[str, HostProbe]:
    """See `storage.protocol.Store.probes`."""
    known = {name: library.hosts[name].probe for name in sorted(set(names) & library.hosts.keys())}
    return {name: probe for name, probe in known.items() if probe is not None}


def put_probe(library: Library, name: str, probe: HostProbe) -> None:
    """See `storage.protocol.Store.put_probe`."""
    library.hosts[name] = replace(library.ensure_host(name), probe=probe)
