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

from crawler.guests import Guests, Refusal
from crawler.host_states import HostStates
from crawler.store_thread import StoreThread
from storage.protocol import Store
from storage.types import Citation, Document, HostProbe, HostState, LeaseRequest, Selection, utc_now

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
        patience: longest wait for a resting host before the run ends.
    """

    hosts: int
    lease: timedelta
    patience: timedelta = timedelta(seconds=120)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Slice:
    """What one lease brought, with all that is known about it."""

    documents: list[Document]
    states: dict[str, HostState]
    probes: dict[str, HostProbe]
    citations: dict[int, tuple[Citation, ...]]


@dataclass(slots=True)
class Frontier:
    """Hands out documents until nothing of the selection is left that this run may fetch.

    Attributes:
        store: the store's thread.
        token: the run's.
        selection: what is wanted.
        limits: see there.
        since: when the run began: a re-fetch by hand asks for each document once.
        hosts: how politely each host is asked.
        clock: UTC now; tests move it.
    """

    store: StoreThread
    token: str
    selection: Selection
    limits: FrontierLimits
    since: datetime
    hosts: HostStates
    clock: Callable[[], datetime] = utc_now
    guests: Guests = field(init=False)
    _waiting: dict[str, deque[Document]] = field(default_factory=dict)
    """Host -> its leased documents that are not handed out yet; a host is here as long as it is held."""
    _free: deque[str] = field(default_factory=deque)
    """Held hosts of which no document is out."""
    _probes: dict[str, HostProbe] = field(default_factory=dict)
    _citations: dict[int, tuple[Citation, ...]] = field(default_factory=dict)
    """Of the documents that wait or are out."""
    _given_up: set[str] = field(default_factory=set)
    """Hosts with a document that cannot be stored at all: the run would meet it again and again."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _widened_at: datetime = _LONG_AGO

    def __post_init__(self) -> None:
        """Hosts where redirects lead are held beside the leased ones."""
        self.guests = Guests(
            store=self.store,
            token=self.token,
            lease=self.limits.lease,
            hosts=self.hosts,
            clock=self.clock,
            is_leased=lambda host: host in self._waiting,
        )

    async def take(self) -> list[Document]:
        """The next documents to fetch, at most one per host, waiting for room; an empty list ends the run."""
        while True:
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
            elif not await self._rest():
                return []

    def done(self, document: Document) -> None:
        """The document's result is stored; its host may go on, and those where redirects led are left."""
        self.guests.leave(document.id)
        self._citations.pop(document.id, None)
        if document.host in self._waiting:
            self._free.append(document.host)
        self._changed.set()

    def give_up(self, document: Document) -> None:
        """Nothing about the document can be stored: its host is left to another run."""
        self._given_up.add(document.host)
        self._waiting.get(document.host, deque()).clear()
        self.done(document)

    async def visit(self, document: Document, host: str) -> Refusal | None:
        """Hold a host where a redirect of the document leads; returns why it may not be asked now."""
        return None if host == document.host else await self.guests.visit(document.id, host)

    def is_resting(self, host: str) -> bool:
        """Whether the host is to be left alone now."""
        return self.hosts.is_resting(host, self.clock())

    def citations_of(self, document: Document) -> tuple[Citation, ...]:
        """How event entries cite a document that is out."""
        return self._citations.get(document.id, ())

    def probe_of(self, host: str) -> HostProbe | None:
        """What a held host answers for a path that cannot exist, as far as known."""
        return self._probes.get(host) or self.guests.probes.get(host)

    def probed(self, host: str, probe: HostProbe) -> None:
        """A held host was probed just now."""
        (self._probes if host in self._waiting else self.guests.probes)[host] = probe

    async def keep_alive(self) -> None:
        """Prolong the leases; call it well within the lease time."""
        until = self.clock() + self.limits.lease
        await self.store.call(lambda store: store.renew(self.token, until=until))

    async def close(self) -> int:
        """Give everything back; returns how many documents were not done."""
        hosts = {host: self._ready_again(host) for host in {*self._waiting, *self.guests.held}}
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
            elif not await self._has_more_soon(host):
                await self._give_back(host)
        return found

    async def _has_more_soon(self, host: str) -> bool:
        """Whether the host has more documents and only waits for its interval; then it will be free again by itself."""
        if self.is_resting(host) or host in self._given_up:
            return False
        request = self._request(replace(self.selection, host=host), hosts=1)
        ready = await self.store.call(lambda store: store.next_ready(request))
        if ready is None:
            return False
        wait_s = max((ready - self.clock()).total_seconds(), 0.0) + 0.01
        asyncio.get_running_loop().call_later(wait_s, self._wake, host)
        return True

    def _wake(self, host: str) -> None:
        if host in self._waiting:
            self._free.append(host)
            self._changed.set()

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
        def work(store: Store) -> _Slice:
            documents = store.lease(request)
            names = {document.host for document in documents}
            return _Slice(
                documents=documents,
                states=store.host_states(names) if names else {},
                probes=store.probes(names) if names else {},
                citations=store.citations([document.id for document in documents]) if documents else {},
            )

        taken = await self.store.call(work)
        self.hosts.know(state for host, state in taken.states.items() if host not in self._waiting)
        self._probes |= taken.probes
        self._citations |= taken.citations
        for document in taken.documents:
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
            avoid=self.hosts.paused | self._given_up,
        )

    async def _give_back(self, host: str) -> None:
        for document in self._waiting.pop(host):
            self._citations.pop(document.id, None)
        self._widened_at = _LONG_AGO
        if self.guests.is_visited(host):
            self.guests.adopt(host)
        else:
            await self._release([host])

    async def _release(self, hosts: list[str]) -> None:
        if hosts:
            ready = {host: self._ready_again(host) for host in hosts}
            for host in hosts:
                self.hosts.forget(host)
                self._probes.pop(host, None)
            await self.store.call(lambda store: store.release(self.token, not_before=ready, hosts=hosts))

    def _ready_again(self, host: str) -> datetime:
        earliest = self.clock() + self.hosts.interval(host)
        return max(earliest, self.hosts.state(host).not_before or earliest)

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
