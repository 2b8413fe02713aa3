"""The frontier of one run: documents come from the database by host slices, and each is given back exactly once.

Why slices of hosts and not a queue of URLs: politeness is a property of hosts. A run holds a bounded number of hosts,
each exclusively, so two runs on one library never ask one host at once, memory does not grow with the number of
documents that wait, and a host's slice is all that a crash can leave on lease. Rejected: Scrapy's own queues (1.6 GB
for a million requests) and JOBDIR (dies with the process, one open file per host).

Why one document of a host at a time, the next only when the last is stored: nothing piles up in front of a slow disk or
extractor, a host that says "too often" is left alone at once, and Ctrl-C waits for one request per host, not twenty.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from crawler.store_thread import StoreThread
from storage.types import Document, LeaseRequest, Selection, utc_now

log = logging.getLogger(__name__)

PER_HOST = 20
"""Documents leased of one host at a time: enough to ask the database rarely, few enough to lose little."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_WIDEN_EVERY = timedelta(seconds=1)
"""While there is work and no host was given back, new hosts are not looked for more often."""


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
    _waiting: dict[str, deque[Document]] = field(default_factory=dict)
    """Host -> its leased documents that are not handed out yet; a host is here as long as it is held."""
    _free: deque[str] = field(default_factory=deque)
    """Held hosts of which no document is out."""
    _intervals: dict[str, timedelta] = field(default_factory=dict)
    _rests: dict[str, datetime] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _widened_at: datetime = _LONG_AGO

    async def take(self) -> list[Document]:
        """The next documents to fetch, at most one per host, waiting for room; an empty list ends the run."""
        while True:
            self._changed.clear()
            documents = await self._next_of_free_hosts()
            if not documents:
                await self._widen()
                documents = await self._next_of_free_hosts()
            if documents:
                return documents
            if self._waiting:
                await self._changed.wait()
            elif not await self._rest():
                return []

    def done(self, document: Document) -> None:
        """The document's result is stored; its host may go on."""
        if document.host in self._waiting:
            self._free.append(document.host)
            self._changed.set()

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
        hosts = {host: self._ready_again(host) for host in self._waiting}
        self._waiting.clear()
        return await self.store.call(lambda store: store.release(self.token, not_before=hosts))

    async def _next_of_free_hosts(self) -> list[Document]:
        """One document of each held host that has none out; hosts without more are given back."""
        found: list[Document] = []
        while self._free:
            host = self._free.popleft()
            if not self._waiting[host] and not self.is_resting(host):
                await self._lease(self._request(replace(self.selection, host=host), hosts=1))
            if self._waiting[host] and not self.is_resting(host):
                found.append(self._waiting[host].popleft())
            else:
                await self._give_back(host)
        return found

    async def _widen(self) -> None:
        """Take hosts that this run does not hold yet."""
        room = self.limits.hosts - len(self._waiting)
        now = self.clock()
        if room > 0 and (not self._waiting or now - self._widened_at >= _WIDEN_EVERY):
            self._widened_at = now
            held = set(self._waiting)
            await self._lease(replace(self._request(self.selection, room), new_hosts=True))
            self._free.extend(host for host in self._waiting if host not in held)

    async def _lease(self, request: LeaseRequest) -> None:
        for document in await self.store.call(lambda store: store.lease(request)):
            self._waiting.setdefault(document.host, deque()).append(document)

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
        del self._waiting[host]
        self._widened_at = _LONG_AGO
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
