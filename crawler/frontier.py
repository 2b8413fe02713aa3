"""The frontier of one run: documents come from the database by host slices, and each is given back exactly once.

Why slices of hosts and not a queue of URLs: politeness is a property of hosts. A run holds a bounded number of hosts,
each exclusively, so two runs on one library never ask one host at once, memory does not grow with the number of
documents that wait, and a host's slice is all that a crash can leave on lease. Rejected: Scrapy's own queues (1.6 GB
for a million requests) and JOBDIR (dies with the process, one open file per host).

Why a host makes way after a turn of documents: a run holds a few hosts, and one with ten thousand documents would keep
its place for half a day while a hundred small ones wait. Who waits is asked for before the host is given up: where
nobody does it goes on at once, and what it costs is one question to the database per turn. Those that had a turn wait
until everybody had one. Rejected: smaller slices for all (every slice costs a lease), and priorities in the store (who
had a turn is this run's affair; another run has hosts of its own).

Why budgets are not kept here: several runs, one after the other, make up a day; the store counts (`LeaseRequest`). What
a person asks for by name is not held up by them, and neither are feeds: they are few, and have intervals of their own.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from crawler.host_slices import HostSlices
from crawler.leasing import PER_HOST, FrontierLimits
from storage.types import Document, LeaseRequest, Selection

__all__ = ["PER_HOST", "TURN", "Frontier", "FrontierLimits"]

log = logging.getLogger(__name__)

TURN = 100
"""Documents of one host after which others that wait come first."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_WIDEN_EVERY = timedelta(seconds=1)
"""While there is work and no host was given back, new hosts are not looked for more often."""


@dataclass(slots=True, kw_only=True)
class Frontier(HostSlices):
    """Hands out documents until nothing of the selection is left that this run may fetch.

    Attributes:
        selection: what is wanted.
        since: when the run began: a re-fetch by hand asks for each document once.
    """

    selection: Selection
    since: datetime
    _free: deque[str] = field(default_factory=deque)
    """Held hosts of which no document is out."""
    _served: Counter[str] = field(default_factory=Counter)
    """How many documents of a host were handed out in its present turn."""
    _had_turn: deque[str] = field(default_factory=deque)
    """Hosts that made way, in this order: they come again when nobody else waits."""
    _widened_at: datetime = _LONG_AGO

    async def take(self) -> list[Document]:
        """The next documents to fetch, at most one per host, waiting for room; an empty list ends the run."""
        while True:
            began = self.clock()
            self._changed.clear()
            await self._release(self.guests.to_give_back())
            documents = await self._next_of_free_hosts()
            if not documents:
                await self._widen()
                documents = await self._next_of_free_hosts()
            if documents:
                return documents
            if self._waiting:
                await self._changed.wait()
            elif not await self._rest(began):
                return []

    def selection_of(self, document: Document) -> Selection:  # noqa: ARG002 - the same for all
        """As what a document that is out was asked for."""
        return self.selection

    def _more_of(self, host: str) -> LeaseRequest:
        return self._request(replace(self.selection, host=host), hosts=1)

    def let_go(self, document: Document) -> None:
        """Nothing: the run ends, and `close` gives everything back."""

    def _is_back(self, document: Document) -> None:
        if document.host in self._waiting:
            self._free.append(document.host)

    def _were_lost(self, hosts: frozenset[str]) -> None:
        self._free = deque(host for host in self._free if host not in hosts)
        for host in hosts:
            self._served.pop(host, None)
        self._widened_at = _LONG_AGO

    async def _look_over(self, held: frozenset[str]) -> None:
        """Nothing: what could not be given back ends the run."""

    async def _next_of_free_hosts(self) -> list[Document]:
        """One document of each held host that has none out; hosts without more are given back."""
        found: list[Document] = []
        while self._free:
            host = self._free.popleft()
            makes_way = await self._makes_way(host)
            document = None if makes_way else await self._next_of(host)
            if document is not None:
                self._served[host] += 1
                found.append(document)
            elif makes_way or not await self._has_more_soon(host):
                await self._leave(host)
        return found

    async def _makes_way(self, host: str) -> bool:
        """Whether a host had its turn and another one, which was taken now, has its place."""
        if self._waiting[host] or self.is_resting(host) or self._served[host] < TURN or self.selection.host:
            return False
        self._served[host] = 0
        taken = await self._take_new(1, avoid={*self._had_turn, host})
        while not taken and self._had_turn:
            self._had_turn.popleft()  # the turn that is longest ago
            taken = await self._take_new(1, avoid={*self._had_turn, host})
        if taken:
            self._had_turn.append(host)
        return taken

    async def _has_more_soon(self, host: str) -> bool:
        """Whether the host has more documents and only waits for its interval; then it will be free again by itself."""
        waiting = self._waiting.get(host)
        wait_s = await self._ready_in_s(host, max(self.limits.patience, self.hosts.interval(host)))
        if wait_s is None:
            return False
        asyncio.get_running_loop().call_later(wait_s, self._wake, host, waiting)
        return True

    def _wake(self, host: str, waiting: deque[Document] | None) -> None:
        """The interval of a host is over, unless the host was lost meanwhile; perhaps it was even taken again."""
        if waiting is not None and self._waiting.get(host) is waiting:
            self._free.append(host)
            self._changed.set()

    async def _widen(self) -> None:
        """Take hosts that this run does not hold yet."""
        room = self.limits.hosts - len(self._waiting)
        now = self.clock()
        if room > 0 and (not self._waiting or now - self._widened_at >= _WIDEN_EVERY):
            self._widened_at = now
            await self._take_new(room, avoid={*self._had_turn})
            room = self.limits.hosts - len(self._waiting)
            if room > 0 and self._had_turn:
                self._had_turn.clear()
                await self._take_new(room, avoid=set())

    async def _take_new(self, hosts: int, *, avoid: AbstractSet[str]) -> bool:
        """Lease hosts that this run does not hold yet; returns whether there were any."""
        held = set(self._waiting)
        request = self._request(self.selection, hosts)
        await self._lease(replace(request, new_hosts=True, avoid=request.avoid | avoid))
        fresh = [host for host in self._waiting if host not in held]
        self._free.extend(fresh)
        return bool(fresh)

    def _request(self, selection: Selection, hosts: int) -> LeaseRequest:
        return self._lease_request(selection, hosts=hosts, since=self.since)

    async def _leave(self, host: str) -> None:
        """Give back a host that is free, unless it was lost a moment ago."""
        if host in self._waiting:
            self._served.pop(host, None)
            self._widened_at = _LONG_AGO
            await self._give_back(host)

    async def _rest(self, since: datetime) -> bool:
        """Sleep until a host is ready that rested at that moment; False when there is none within the patience.

        A host whose rest ended between the question for work and this one would be seen by neither.
        """
        request = replace(self._request(self.selection, self.limits.hosts), now=since)
        ready = await self.store.call(lambda store: store.next_ready(request))
        if ready is None or ready - self.clock() > self.limits.patience:
            return False
        wait = max((ready - self.clock()).total_seconds(), 0.0) + 0.01
        log.info("waiting %.1f s for resting hosts", wait)
        await asyncio.sleep(wait)
        return True
