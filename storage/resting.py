"""Who may ask a host, and how long it rests: pure, shared by every backend.

Why the longer rest always stands: several runs learn about one host at different moments, and the one that knows
less (an interval between two requests) must not shorten what the other was told (``Retry-After: 3600``).

Why a host that rests is refused even to the run that holds it: the run may have forgotten the rest, the store has not.

Why a rest for its budget hinders nothing but the handing out of due documents: it only says what can be counted anew at
any time. A redirect may lead to the host, a person may ask for one of its pages, and a rest that the host asked for
takes its place though it is shorter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from storage.types import Host, HostClaim, HostState, LeaseRequest

INTERVAL = "interval"
"""Why a host rests that a run gave back, or that was taken from a dead one."""
BUDGET = "budget"
"""Why a host rests of which as many documents were asked for as may be on one day."""


def merged(stored: HostState, fresh: HostState) -> HostState:
    """What is kept of a host when `fresh` is to be written over `stored`; turns that were taken, and counts, stay."""
    fresh = replace(fresh, booked=stored.booked, checks=stored.checks, changes=stored.changes)
    longer = stored.not_before is not None and (fresh.not_before is None or stored.not_before > fresh.not_before)
    if longer and stored.rest_reason == BUDGET and fresh.not_before is not None:
        longer = fresh.rest_reason == INTERVAL
    return replace(fresh, not_before=stored.not_before, rest_reason=stored.rest_reason) if longer else fresh


def budget_forgotten(state: HostState) -> HostState:
    """The host without a rest for its budget, for whoever asks it all the same."""
    return replace(state, not_before=None, rest_reason="") if state.rest_reason == BUDGET else state


def next_midnight(now: datetime) -> datetime:
    """When the day ends (UTC), and with it its budgets."""
    return datetime.combine(now.date(), time(), tzinfo=UTC) + timedelta(days=1)


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
    state = budget_forgotten(host.state)
    obstacles = [host.lease_until if taken else None, state.not_before]
    ahead = [moment for moment in obstacles if moment is not None and moment > now]
    return HostClaim(granted=not ahead, state=state, ready_at=max(ahead, default=None))


def budget_of(request: LeaseRequest, host: str) -> int:
    """How many attempts at documents of a host may end on one day; 0: any number."""
    return 0 if request.per_day is None else request.host_per_day.get(host, request.per_day)
