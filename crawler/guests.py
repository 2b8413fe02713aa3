"""Hosts that a run asks without having leased them: redirects lead there.

Why they are claimed: politeness is a promise to a host, and it does not matter to it whether its own pages are wanted
or those of a hundred others that all send their readers to it. Without a claim, two runs would ask it at once.

Why a deadlock is impossible: a run that holds one host and wants another waits for a bounded time, then gives up the
document (it is tried again later) and with it, in time, the host. Nobody waits for ever, so nobody waits in a circle.

Why documents of one run share a claim: they stand in the host's queue one behind the other, at its interval. Given
back between two of them, the host might never be got again while the other run has work on it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.host_states import HostStates
from crawler.politeness import INTERVAL
from crawler.store_thread import StoreThread
from storage.protocol import Store
from storage.types import HostClaim, HostProbe

PATIENCE_S = 30.0
"""Longest wait for a host that rests or is held by another run; its document waits with all that it holds."""
POLL_S = 1.0
"""How often a host is asked for that another run holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why a host may not be asked now.

    Attributes:
        reason: one sentence.
        ready_at: when it may be; ``None`` where nobody knows.
        patient: waiting for it may help.
    """

    reason: str
    ready_at: datetime | None = None
    patient: bool = True


@dataclass(slots=True)
class Guests:
    """The hosts that a run claimed beside its leases.

    Attributes:
        store: the store's thread.
        token: the run's.
        lease: how long a claim lasts without a sign of life.
        hosts: what is known of them.
        clock: UTC now.
        is_leased: whether the run holds a host anyway.
        is_lost: whether a host was lost to another run a moment ago, and something is out on it still.
        granted: told of claimed hosts, and at which second of the steady clock the store was asked for them.
        steady: seconds on a steady clock.
    """

    store: StoreThread
    token: str
    lease: timedelta
    hosts: HostStates
    clock: Callable[[], datetime]
    is_leased: Callable[[str], bool]
    is_lost: Callable[[str], bool]
    granted: Callable[[Iterable[str], float], None]
    steady: Callable[[], float]
    patience_s: float = PATIENCE_S
    poll_s: float = POLL_S
    probes: dict[str, HostProbe] = field(default_factory=dict)
    _visits: Counter[str] = field(default_factory=Counter)
    _granted: set[str] = field(default_factory=set)
    _visited: dict[int, set[str]] = field(default_factory=dict)
    _left: set[str] = field(default_factory=set)

    @property
    def held(self) -> frozenset[str]:
        """Hosts that are claimed now."""
        return frozenset(self._granted)

    @property
    def awaited(self) -> frozenset[str]:
        """Hosts on which somebody's fetch is, or soon will be."""
        return frozenset(self._visits)

    def is_visited(self, host: str) -> bool:
        """Whether some document's fetch is on this host now."""
        return self._visits[host] > 0

    async def visit(self, document_id: int, host: str) -> Refusal | None:
        """Hold a host for a document until `leave`; waits a while for it. Returns why it could not be had."""
        if host in self._visited.get(document_id, ()):
            return self._at_home(host)
        # Entered before it is granted: what is given back meanwhile must not be this host.
        self._visits[host] += 1
        refusal: Refusal | None = Refusal(reason="the wait was interrupted")
        try:
            refusal = await self._wait_for(host)
        finally:
            if refusal is None:
                self._visited.setdefault(document_id, set()).add(host)
            else:
                self._leave(host)
        return refusal

    def leave(self, document_id: int) -> None:
        """The document's fetch is over: its hosts are given back where nobody else is on them."""
        for host in self._visited.pop(document_id, ()):
            self._leave(host)

    def to_give_back(self) -> list[str]:
        """Claimed hosts that nobody needs any more; they count as given back from now on."""
        hosts = [host for host in sorted(self._left) if not self._visits[host] and not self.is_leased(host)]
        self._left.clear()
        self._granted.difference_update(hosts)
        for host in hosts:
            self.probes.pop(host, None)
        return hosts

    def adopt(self, host: str) -> None:
        """A leased host is given back while somebody is on it: it stays as a claimed one."""
        self._granted.add(host)

    def hand_over(self, host: str) -> None:
        """A host is leased from now on, claimed before or not; who is on it stays."""
        self._granted.discard(host)
        self._left.discard(host)

    def lose(self, host: str) -> set[int]:
        """Another run holds the host now; returns the documents whose fetch is on it."""
        self._granted.discard(host)
        self._left.discard(host)
        self.probes.pop(host, None)
        visitors = {number for number, hosts in self._visited.items() if host in hosts}
        for number in visitors:
            self._visited[number].discard(host)
            self._leave(host)
        return visitors

    def _leave(self, host: str) -> None:
        self._visits[host] -= 1
        if not self._visits[host]:
            del self._visits[host]
            if host in self._granted:
                self._left.add(host)

    async def _wait_for(self, host: str) -> Refusal | None:
        loop = asyncio.get_running_loop()
        give_up = loop.time() + self.patience_s
        while True:
            refusal = self._at_home(host)
            if refusal is None and host not in self._granted and not self.is_leased(host):
                refusal = await self._claim(host)
            if refusal is None:
                return None
            wait_s = self._wait_s(refusal)
            if not refusal.patient or loop.time() + wait_s > give_up:
                return refusal
            await asyncio.sleep(wait_s)

    def _wait_s(self, refusal: Refusal) -> float:
        if refusal.ready_at is None:
            return self.poll_s
        return max((refusal.ready_at - self.clock()).total_seconds(), 0.0) + 0.01

    def _at_home(self, host: str) -> Refusal | None:
        """What the run itself knows against asking the host."""
        if self.is_lost(host):
            return _held_by_other(host)
        if host in self.hosts.paused:
            return Refusal(reason=f"{host} (where the redirect leads) is paused in dateline.toml", patient=False)
        if not self.hosts.is_resting(host, self.clock()):
            return None
        state = self.hosts.state(host)
        return _resting(host, state.not_before, state.rest_reason)

    async def _claim(self, host: str) -> Refusal | None:
        now, asked_at = self.clock(), self.steady()

        def work(store: Store) -> tuple[HostClaim, dict[str, HostProbe]]:
            claim = store.claim_host(host, token=self.token, now=now, until=now + self.lease)
            return claim, store.probes([host]) if claim.granted else {}

        claim, probes = await self.store.call(work)
        if claim.granted:
            # A lease of it may have been granted meanwhile; then it is that which ends.
            if not self.is_leased(host):
                self._granted.add(host)
                self.hosts.know([claim.state])
            self.granted([host], asked_at)
            self.probes |= probes
            return None
        return _refused(host, claim, now)


def _refused(host: str, claim: HostClaim, now: datetime) -> Refusal:
    state = claim.state
    if claim.paused:
        return Refusal(reason=f"a person paused {host} (where the redirect leads)", patient=False)
    if state.not_before is not None and state.not_before > now:
        return _resting(host, state.not_before, state.rest_reason)
    return _held_by_other(host)


def _held_by_other(host: str) -> Refusal:
    return Refusal(reason=f"{host} (where the redirect leads) is held by another run")


def _resting(host: str, until: datetime | None, reason: str) -> Refusal:
    why = f" ({reason})" if reason and reason != INTERVAL else ""
    moment = f" until {until:%Y-%m-%d %H:%M:%S} UTC" if until is not None else ""
    return Refusal(reason=f"{host} (where the redirect leads) is resting{moment}{why}", ready_at=until)
