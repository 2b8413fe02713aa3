"""Who may ask a host, and how long it rests: pure, shared by every backend.

Why the longer rest always stands: several runs learn about one host at different moments, and the one that knows
less (an interval between two requests) must not shorten what the other was told (``Retry-After: 3600``).

Why a host that rests is refused even to the run that holds it: the run may have forgotten the rest, the store has not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.types import Host, HostClaim, HostState

INTERVAL = "interval"
"""Why a host rests that a run gave back, or that was taken from a dead one."""


def merged(stored: HostState, fresh: HostState) -> HostState:
    """What is kept of a host when `fresh` is to be written over `stored`; turns that were taken stay taken."""
    fresh = replace(fresh, booked=stored.booked)
    longer = stored.not_before is not None and (fresh.not_before is None or stored.not_before > fresh.not_before)
    return replace(fresh, not_before=stored.not_before, rest_reason=stored.rest_reason) if longer else fresh


def rested(stored: HostState, until: datetime) -> HostState:
    """The host after it was given back to rest until then; a rest that lasts as long stands with its own reason."""
    stands = stored.not_before is not None and stored.not_before >= until
    return stored if stands else replace(stored, not_before=until, rest_reason=INTERVAL)


def allowed(stored: HostState) -> HostState:
    """The host when nothing speaks against asking it any more; its Crawl-delay stays."""
    return replace(stored, not_before=None, rest_reason="", cool_down_s=0.0, failures=0)


def claim(host: Host, *, token: str, now: datetime) -> HostClaim:
    """Whether a run may take a host beside those that it has."""
    if host.paused_at is not None:
        return HostClaim(granted=False, state=host.state, paused=True)
    taken = host.lease_token != token and host.lease_until is not None and host.lease_until > now
    obstacles = [host.lease_until if taken else None, host.state.not_before]
    ahead = [moment for moment in obstacles if moment is not None and moment > now]
    return HostClaim(granted=not ahead, state=host.state, ready_at=max(ahead, default=None))
