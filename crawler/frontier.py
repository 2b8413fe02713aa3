"""The frontier of one run: documents come from the database by host slices, and each is given back exactly once.

Why slices of hosts and not a queue of URLs: politeness is a property of hosts. A run holds a bounded number of hosts,
each exclusively, so two runs on one library never ask one host at once, memory does not grow with the number of
documents that wait, and a host's slice is all that a crash can leave on lease. Rejected: Scrapy's own queues (1.6 GB
for a million requests) and JOBDIR (dies with the process, one open file per host).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.store_thread import StoreThread
from storage.types import Document, LeaseRequest, Selection, utc_now

log = logging.getLogger(__name__)

PER_HOST = 20
"""Documents leased of one host at a time: enough to keep it busy, few enough to lose little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontierLimits:
    """How much a run takes at once.

    Attributes:
        hosts: held at the same time.
        lease: how long a lease lasts without a sign of life.
        interval: a host given back rests for this long.
        patience: longest wait for a resting host before the run ends.
    """

    hosts: int
    lease: timedelta
    interval: timedelta
    patience: timedelta = timedelta(seconds=120)


@dataclass(slots=True)
class Frontier:
    """Hands out documents until nothing of the selection is left that this run may fetch.

    Attributes:
        store: the store's thread.
        token: the run's.
        selection: what is wanted.
        limits: see there.
        since: when the run began: a re-fetch by hand asks for each document once.
        clock: UTC now; tests move it.
    """

    store: StoreThread
    token: str
    selection: Selection
    limits: FrontierLimits
    since: datetime
    clock: Callable[[], datetime] = utc_now
    _active: dict[str, set[int]] = field(default_factory=dict)
    _intervals: dict[str, timedelta] = field(default_factory=dict)
    _rests: dict[str, datetime] = field(default_factory=dict)
    _freed: asyncio.Event = field(default_factory=asyncio.Event)
    _drained: list[str] = field(default_factory=list)

    async def take(self) -> list[Document]:
        """The next documents to fetch, waiting for room; an empty list ends the run."""
        while True:
            documents = await self._refill() or await self._widen()
            if documents:
                return documents
            if not self._active and not await self._rest():
                return []
            if self._active:
                await self._freed.wait()
            self._freed.clear()

    def done(self, document: Document) -> None:
        """The document's result is stored; its host may go on."""
        waiting = self._active.get(document.host)
        if waiting is None:
            return
        waiting.discard(document.id)
        if not waiting:
            self._drained.append(document.host)
            self._freed.set()

    def slow_down(self, host: str, interval: timedelta) -> None:
        """The host asks for a longer interval (Crawl-delay)."""
        self._intervals[host] = interval

    def rest(self, host: str, interval: timedelta) -> None:
        """The host says "too often" (429, Retry-After): it is left alone that long."""
        self._rests[host] = max(self.clock() + interval, self._rests.get(host, self.clock()))

    def is_resting(self, host: str) -> bool:
        """Whether the host is to be left alone now."""
        return host in self._rests and self.clock() < self._rests[host]

    async def keep_alive(self) -> None:
        """Prolong the leases; call it well within the lease time."""
        until = self.clock() + self.limits.lease
        await self.store.call(lambda store: store.renew(self.token, until=until))

    async def close(self) -> int:
        """Give everything back; returns how many documents were not done."""
        hosts = {host: self._ready_again(host) for host in self._active}
        self._active.clear()
        return await self.store.call(lambda store: store.release(self.token, not_before=hosts))

    async def _refill(self) -> list[Document]:
        """More documents of hosts whose slice is done; hosts without more are given back."""
        drained, self._drained = self._drained, []
        found: list[Document] = []
        for host in drained:
            narrowed = replace(self.selection, host=host)
            more = await self._lease(narrowed, hosts=1) if not self.is_resting(host) else []
            if not more:
                await self._give_back(host)
            found += more
        return found

    async def _widen(self) -> list[Document]:
        """Documents of hosts that this run does not hold yet."""
        room = self.limits.hosts - len(self._active)
        return await self._lease(self.selection, hosts=room) if room > 0 else []

    async def _lease(self, selection: Selection, *, hosts: int) -> list[Document]:
        request = self._request(selection, hosts)
        documents = await self.store.call(lambda store: store.lease(request))
        for document in documents:
            self._active.setdefault(document.host, set()).add(document.id)
        return documents

    def _request(self, selection: Selection, hosts: int) -> LeaseRequest:
        now = self.clock()
        return LeaseRequest(
            token=self.token,
            now=now,
            until=now + self.limits.lease,
            max_hosts=hosts,
            per_host=PER_HOST,
            selection=selection,
            skip_before=None if selection.due_only else self.since,
        )

    async def _give_back(self, host: str) -> None:
        self._active.pop(host, None)
        rest = {host: self._ready_again(host)}
        await self.store.call(lambda store: store.release(self.token, not_before=rest, hosts=[host]))

    def _ready_again(self, host: str) -> datetime:
        interval = max(self.limits.interval, self._intervals.get(host, timedelta()))
        return max(self.clock() + interval, self._rests.get(host, self.clock()))

    async def _rest(self) -> bool:
        """Sleep until a resting host is ready; False when there is none within the patience."""
        request = self._request(self.selection, self.limits.hosts)
        ready = await self.store.call(lambda store: store.next_ready(request))
        if ready is None or ready - self.clock() > self.limits.patience:
            return False
        wait = max((ready - self.clock()).total_seconds(), 0.0) + 0.01
        log.info("waiting %.1f s for resting hosts", wait)
        await asyncio.sleep(wait)
        return True
