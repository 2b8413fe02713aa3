"""Hosts that a run holds: their documents one at a time, what is known of them, giving them back, and losing them.

Why there is one home for this: a crawl on one machine chooses its hosts from the database (`crawler.frontier`), a
worker is told them by jobs (`crawler.queued_hosts`). What happens to a host between is the same, and so are its rules.

Why one document of a host at a time, the next only when the last is stored: nothing piles up in front of a slow disk or
extractor, a host that says "too often" is left alone at once, and Ctrl-C waits for one request per host, not twenty.

Why the run's token is its fencing token (`crawler.fencing`): every host and every document on lease is marked with it.
A run that was paused for longer than its lease may find its hosts in other hands. So no request leaves unless the host
is ours for certain (`still_holds`), what is under way is given up when that cannot be said any more, and what it
brought all the same is refused by the store (`storage.types.FetchResult.lease`).

Why a host that was lost is not taken again while anything of it is out: its request may still be on the wire, and a
second one beside it would be one too many. Why what cannot be asked of the store is not lost yet: when the database is
back it says whose the hosts are, and where nobody took them the run goes on.

Why leases may be prolonged in another thread than all else is asked in: a batch of a hundred pages, or one that waits
for the database to come back, would hold up the signs of life until the leases are over. What is answered there may
be overtaken: a host that was given back and taken again meanwhile is not lost (`Deadlines.granted_since`).
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from crawler.fencing import Deadlines, steady_s
from crawler.guests import Guests, Refusal
from crawler.host_states import HostStates
from crawler.items import FailedFetch, FetchedPage
from crawler.leasing import PER_HOST, FrontierLimits, leased
from crawler.store_thread import StoreThread
from storage.errors import StoreUnavailable
from storage.protocol import Store
from storage.types import (
    Citation,
    Document,
    DocumentRole,
    HostProbe,
    HostState,
    LeaseRequest,
    Outcome,
    Selection,
    utc_now,
)

log = logging.getLogger(__name__)

ASK_AGAIN_S: Final = 1.0
"""How often a store that is away is asked whether a host is still ours."""


def _nobody(_hosts: frozenset[str]) -> None:
    """Nobody wants to hear of lost hosts."""


@dataclass(slots=True, kw_only=True)
class HostSlices(ABC):
    """What a run holds. `take` hands out documents; `done`, `give_up` or `let_go` end each one's fetch.

    Attributes:
        store: the store's thread.
        signs: the thread in which leases are prolonged, where that is another one.
        token: the run's; it fences.
        limits: see there.
        hosts: how politely each host is asked.
        clock: UTC now; tests move it.
        steady: seconds on a clock that counts suspension too; tests move it.
        on_lost: told of hosts that may not be asked any more; what is under way to them is to be given up.
    """

    store: StoreThread
    signs: StoreThread | None = None
    token: str
    limits: FrontierLimits
    hosts: HostStates
    clock: Callable[[], datetime] = utc_now
    steady: Callable[[], float] = steady_s
    on_lost: Callable[[frozenset[str]], None] = _nobody
    guests: Guests = field(init=False)
    _deadlines: Deadlines = field(init=False)
    _waiting: dict[str, deque[Document]] = field(default_factory=dict)
    """Host -> its leased documents that are not handed out yet; a host is here as long as it is held."""
    _out: dict[int, str] = field(default_factory=dict)
    """Document -> its host, while it is out."""
    _lost: dict[str, set[int]] = field(default_factory=dict)
    """Hosts that were lost while documents were out on them; each stays until the last of these is back."""
    _probes: dict[str, HostProbe] = field(default_factory=dict)
    _citations: dict[int, tuple[Citation, ...]] = field(default_factory=dict)
    """Of the documents that wait or are out."""
    _given_up: set[str] = field(default_factory=set)
    """Hosts with a document that cannot be stored at all: the run would meet it again and again."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _watch: asyncio.TimerHandle | None = None

    def __post_init__(self) -> None:
        """Hosts where redirects lead are held beside the leased ones."""
        self._deadlines = Deadlines(steady=self.steady)
        self.guests = Guests(
            store=self.store,
            token=self.token,
            lease=self.limits.lease,
            hosts=self.hosts,
            clock=self.clock,
            is_leased=lambda host: host in self._waiting,
            is_lost=lambda host: host in self._lost,
            granted=self._granted,
            steady=self.steady,
        )

    # -- what differs ----------------------------------------------------------------------------------------------

    @abstractmethod
    async def take(self) -> list[Document]:
        """The next documents to fetch, at most one per host, waiting for room; an empty list ends the run."""

    @abstractmethod
    def selection_of(self, document: Document) -> Selection:
        """As what a document that is out was asked for."""

    @abstractmethod
    def _more_of(self, host: str) -> LeaseRequest:
        """The request for further documents of a host that is held, or is to be."""

    @abstractmethod
    def let_go(self, document: Document) -> None:
        """The run stops, and nobody waits for the document any more; it stays due."""

    @abstractmethod
    def _is_back(self, document: Document) -> None:
        """A document that was out is dealt with; its host may have been lost meanwhile."""

    @abstractmethod
    def _were_lost(self, hosts: frozenset[str]) -> None:
        """These hosts are not held any more."""

    @abstractmethod
    async def _look_over(self, held: frozenset[str]) -> None:
        """These hosts are ours, as the store says."""

    def _keeps_owing(self, hosts: Iterable[str], error: StoreUnavailable) -> None:
        """Hosts could not be given back; a run that ends now owes nothing, its leases expire."""
        del hosts
        raise error

    # -- documents -------------------------------------------------------------------------------------------------

    def done(self, document: Document) -> None:
        """The document's result is stored; its host may go on, and those where redirects led are left."""
        self.guests.leave(document.id)
        self._citations.pop(document.id, None)
        was_out = self._out.pop(document.id, None)
        for host in [host for host, out in self._lost.items() if document.id in out]:
            self._came_back(host, document.id)
        if was_out:
            self._is_back(document)
        self._changed.set()

    def give_up(self, document: Document) -> None:
        """Nothing about the document can be stored: its host is left to another run."""
        self._given_up.add(document.host)
        self._waiting.get(document.host, deque()).clear()
        self.done(document)

    def citations_of(self, document: Document) -> tuple[Citation, ...]:
        """How event entries cite a document that is out."""
        return self._citations.get(document.id, ())

    async def visit(self, document: Document, host: str) -> Refusal | None:
        """Hold a host where a redirect of the document leads; returns why it may not be asked now."""
        return None if host == document.host else await self.guests.visit(document.id, host)

    # -- hosts -----------------------------------------------------------------------------------------------------

    @property
    def held(self) -> frozenset[str]:
        """The hosts that the run holds, as far as it knows; those where redirects led, too."""
        return self._ours()

    def is_resting(self, host: str) -> bool:
        """Whether the host is to be left alone now."""
        return self.hosts.is_resting(host, self.clock())

    def learn(self, item: FetchedPage | FailedFetch, outcome: Outcome) -> tuple[HostState, ...]:
        """What an attempt taught about the hosts that it asked; of lost ones others know more by now."""
        return tuple(one for one in self.hosts.learn(item, outcome) if one.name not in self._lost)

    def probe_of(self, host: str) -> HostProbe | None:
        """What a held host answers for a path that cannot exist, as far as known."""
        return self._probes.get(host) or self.guests.probes.get(host)

    def probed(self, host: str, probe: HostProbe) -> None:
        """A held host was probed just now."""
        (self._probes if host in self._waiting else self.guests.probes)[host] = probe

    # -- fencing ---------------------------------------------------------------------------------------------------

    def is_certain(self, host: str) -> bool:
        """Whether the host is ours for certain, as far as can be said without the store."""
        return self._deadlines.holds(host)

    async def still_holds(self, host: str) -> bool:
        """Whether a request may leave for the host now; without a query as long as its lease is young.

        Where the database is away it waits for it, as long as `FrontierLimits.patience`; then the answer is no.
        """
        loop = asyncio.get_running_loop()
        give_up = loop.time() + self.limits.patience.total_seconds()
        while not self.is_certain(host):
            if host not in self._ours():
                return False
            try:
                held = await self._hold(host)
            except StoreUnavailable as error:
                if loop.time() > give_up:
                    return False
                log.warning("nobody knows whether %s is still ours: %s", host, error)
                await asyncio.sleep(ASK_AGAIN_S)
                continue
            if not held:
                self._lose(self._ours() & {host})
                return False
            if loop.time() > give_up:  # answers take as long as leases last
                return self.is_certain(host)
        return True

    async def keep_alive(self) -> None:
        """Prolong the leases, and find out which were lost; call it well within the lease time."""
        asked_at, ours, until = self.steady(), self._ours(), self.clock() + self.limits.lease

        def work(store: Store) -> frozenset[str]:
            store.renew(self.token, until=until)
            return store.held_hosts(self.token)

        held = await (self.signs or self.store).call(work)
        self._granted(ours & held & self._ours(), asked_at)
        self._lose(frozenset(host for host in (ours & self._ours()) - held if not self._is_newer(host, asked_at)))
        await self._look_over(held)

    def _is_newer(self, host: str, asked_at: float) -> bool:
        return self._deadlines.granted_since(host, asked_at=asked_at, lease=self.limits.lease)

    async def close(self) -> int:
        """Give everything back; returns how many documents were not done."""
        if self._watch is not None:
            self._watch.cancel()
        hosts = {host: self._ready_again(host) for host in self._ours()}
        self._waiting.clear()
        return await self.store.call(lambda store: store.release(self.token, not_before=hosts))

    def _ours(self) -> frozenset[str]:
        return self.guests.held.union(self._waiting)

    async def _hold(self, host: str) -> bool:
        """Ask the store whether the host is ours; where it is, its lease is prolonged."""
        asked_at, until = self.steady(), self.clock() + self.limits.lease
        held = await (self.signs or self.store).call(lambda store: store.hold_host(self.token, host, until=until))
        if held and host in self._ours():
            self._granted([host], asked_at)
        return held

    def _granted(self, hosts: Iterable[str], asked_at: float) -> None:
        """The store said that these hosts are ours; it was asked at this second of the steady clock."""
        self._deadlines.granted(hosts, asked_at=asked_at, lease=self.limits.lease)
        wait_s = self._deadlines.next_s()
        if self._watch is None and wait_s is not None:
            self._watch = asyncio.get_running_loop().call_later(wait_s, self._look)

    def _look(self) -> None:
        """Give up what is under way to hosts whose leases were not prolonged in time; wait for the next one."""
        self._watch = None
        doubtful = self._deadlines.expired() & self._ours()
        if doubtful:
            log.warning("no lease is certain any more, requests are given up: %s", ", ".join(sorted(doubtful)))
            self.on_lost(doubtful)
        self._granted((), self.steady())

    def _lose(self, hosts: frozenset[str]) -> None:
        """Others hold these hosts now: nothing more of them is handed out, what is under way is given up."""
        if not hosts:
            return
        log.warning("held by another run from now on, nothing of it is stored: %s", ", ".join(sorted(hosts)))
        for host in sorted(hosts):
            for document in self._waiting.pop(host, ()):
                self._citations.pop(document.id, None)
            out = {number for number, own in self._out.items() if own == host} | self.guests.lose(host)
            if out:
                self._lost[host] = out
            else:
                self._forget(host)
        self._deadlines.forget(hosts)
        self._were_lost(hosts)
        self.on_lost(hosts)
        self._changed.set()

    def _came_back(self, host: str, document_id: int) -> None:
        """A document that was out on a lost host is back; behind the last one the host may be had again."""
        self._lost[host].discard(document_id)
        if not self._lost[host]:
            del self._lost[host]
            self._forget(host)

    # -- slices ----------------------------------------------------------------------------------------------------

    async def _next_of(self, host: str) -> Document | None:
        """The next document of a held host, leased where none waits; it is out from now on."""
        if host in self._waiting and not self._waiting[host] and not self.is_resting(host):
            await self._lease(self._more_of(host))
        waiting = self._waiting.get(host)
        if not waiting or self.is_resting(host):
            return None
        document = waiting.popleft()
        self._out[document.id] = host
        return document

    async def _ready_in_s(self, host: str, patience: timedelta) -> float | None:
        """In how many seconds a host, which only waits for its interval, has more documents; ``None``: not soon."""
        if self.is_resting(host) or host in self._avoided():
            return None
        request = self._more_of(host)
        ready = await self.store.call(lambda store: store.next_ready(request))
        # A host may rest till midnight because its documents of the day are done.
        if ready is None or ready - self.clock() > patience:
            return None
        return max((ready - self.clock()).total_seconds(), 0.0) + 0.01

    async def _lease(self, request: LeaseRequest) -> None:
        asked_at = self.steady()
        taken = await self.store.call(lambda store: leased(store, request))
        self.hosts.know(state for host, state in taken.states.items() if host not in self._waiting)
        self._probes |= taken.probes
        self._citations |= taken.citations
        for document in taken.documents:
            self._waiting.setdefault(document.host, deque()).append(document)
        self._granted({document.host for document in taken.documents}, asked_at)

    def _lease_request(self, selection: Selection, *, hosts: int, since: datetime | None) -> LeaseRequest:
        now = self.clock()
        return LeaseRequest(
            token=self.token,
            now=now,
            until=now + self.limits.lease,
            max_hosts=hosts,
            per_host=PER_HOST,
            selection=selection,
            skip_before=None if selection.due_only else since,
            avoid=self._avoided(),
            per_day=self.limits.per_day if _is_bounded(selection) else None,
            host_per_day=self.hosts.budgets,
        )

    def _avoided(self) -> frozenset[str]:
        """Hosts of which nothing is to be taken."""
        return self.hosts.paused.union(self._given_up, self._lost)

    async def _give_back(self, host: str) -> None:
        """Nothing of the host is out: let others have it, unless a redirect of another document is just there."""
        for document in self._waiting.pop(host):
            self._citations.pop(document.id, None)
        if self.guests.is_visited(host):
            self.guests.adopt(host)
        else:
            await self._release([host])

    async def _release(self, hosts: list[str]) -> None:
        if hosts:
            ready = {host: self._ready_again(host) for host in hosts}
            self._deadlines.forget(hosts)
            for host in hosts:
                self._forget(host)
            try:
                await self.store.call(lambda store: store.release(self.token, not_before=ready, hosts=hosts))
            except StoreUnavailable as error:
                self._keeps_owing(hosts, error)

    def _forget(self, host: str) -> None:
        self.hosts.forget(host)
        self._probes.pop(host, None)

    def _ready_again(self, host: str) -> datetime:
        earliest = self.clock() + self.hosts.interval(host)
        return max(earliest, self.hosts.state(host).not_before or earliest)


def _is_bounded(selection: Selection) -> bool:
    """Whether a day's budget holds: not for what a person names, and not for feeds."""
    return selection.due_only and selection.role is not DocumentRole.FEED
