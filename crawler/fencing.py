"""Until when a run may believe that the hosts it took are still its own.

Why a run must doubt: whoever is paused, suspended or cut off for longer than its lease is thought dead, and others take
its hosts. When it goes on it knows nothing of that. The store's answer is the truth, and is asked for every few
seconds (`crawler.host_slices.HostSlices.keep_alive`); between two answers a run goes by its own clock, with a margin
for requests that are under way.

Why a clock that also counts while the machine sleeps (``CLOCK_BOOTTIME``): the usual monotonic clock stands still
then, and every lease would look young after a night in a bag. Wall clocks jump.

Why a lease counts from before the store was asked: the answer may have taken as long as the lease lasts.

Why the margin is never less than what two clocks may differ by: whoever takes an expired lease goes by its own, and
each of them counts as right that differs from the database's by less than `storage.types.time.TOLERANCE`.

Rejected: a query before each request (a round trip per page, and still a moment between answer and request), and
tokens that the other side checks (the hosts of the web check nothing).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from storage.types.time import TOLERANCE

MARGIN: Final = 0.2
"""Share of a lease that is not used without asking: what is under way is given up before others may begin."""
_CLOCKS_S: Final = 2 * TOLERANCE.total_seconds()


def steady_s() -> float:
    """Seconds on a clock that never jumps, and that goes on while the machine sleeps, where there is such a clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def sure_s(lease: timedelta) -> float:
    """For how many seconds a lease is believed in without asking."""
    seconds = lease.total_seconds()
    return seconds - max(seconds * MARGIN, min(_CLOCKS_S, seconds / 2))


@dataclass(slots=True, kw_only=True)
class Deadlines:
    """Until when each host may be asked without asking the store first.

    Attributes:
        steady: seconds on a steady clock; tests move it.
    """

    steady: Callable[[], float] = steady_s
    _until: dict[str, float] = field(default_factory=dict)

    def granted(self, hosts: Iterable[str], *, asked_at: float, lease: timedelta) -> None:
        """These hosts are ours for so long, as the store said; it was asked at ``asked_at`` of the steady clock."""
        until = asked_at + sure_s(lease)
        self._until.update({host: max(until, self._until.get(host, until)) for host in hosts})

    def granted_since(self, host: str, *, asked_at: float, lease: timedelta) -> bool:
        """Whether the store was asked for this host after ``asked_at``, and said that it is ours."""
        return self._until.get(host, asked_at) > asked_at + sure_s(lease)

    def forget(self, hosts: Iterable[str]) -> None:
        """These hosts were given back, or lost."""
        for host in hosts:
            self._until.pop(host, None)

    def holds(self, host: str) -> bool:
        """Whether the host is ours for certain, now."""
        until = self._until.get(host)
        return until is not None and self.steady() < until

    def expired(self) -> frozenset[str]:
        """Hosts of which nobody knows now whether they are ours; each is named once."""
        now = self.steady()
        passed = frozenset(host for host, until in self._until.items() if until <= now)
        self.forget(passed)
        return passed

    def next_s(self) -> float | None:
        """In how many seconds the next deadline passes, if none is prolonged; ``None`` where there is none."""
        return max(min(self._until.values()) - self.steady(), 0.0) if self._until else None
