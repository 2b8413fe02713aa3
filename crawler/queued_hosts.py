"""Hosts that jobs bring: what a worker holds instead of a frontier that looks for hosts by itself.

Each order is served by one slice: its host is leased, its documents are handed out one after the other as in any crawl
(`crawler.host_slices`), and after some seconds it is given back, whatever is left. What is left is no loss: it stands
in the database, and the answer (`Served.more`) says that there is more.

Why a slice ends after seconds and not after documents: a place in a worker is time. A host that answers slowly, or that
wants half a minute between two requests, would hold its place as long as fifty quick ones; so a slice also ends where a
host must be left alone for more than a moment (`MOMENT`). The store knows until when, and nobody asks it sooner.

Why the order's own selection and moment count: workers serve the crawl of what is due and what a person asked for side
by side. Why a host that is in other hands is no error: the job that brought it may come from a worker that was thought
dead, and whoever has the host does its work.

Why what cannot be given back is remembered: a frontier whose database is gone ends with its run; a worker outlives it,
and would prolong for ever what it does not know any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from crawler.host_slices import HostSlices
from crawler.queueing.orders import HostOrder, Served
from storage.errors import HostNotFound, StoreUnavailable
from storage.types import Document, LeaseRequest, Selection

log = logging.getLogger(__name__)

MOMENT: Final = timedelta(seconds=5)
"""A host that must be left alone for longer is given back."""
GIVEN_UP_S: Final = 3600.0
"""How long a worker leaves a host alone of which a document could not be stored at all."""


@dataclass(slots=True, eq=False)
class _Serving:
    """One order at work."""

    order: HostOrder
    ends_at: float
    """On the steady clock."""
    documents: int = 0
    more: bool = False
    out: int = 0
    """The document that is out; 0 where none is."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """The document is back, or there is something else to look at."""


@dataclass(slots=True, kw_only=True)
class QueuedHosts(HostSlices):
    """Hands out the documents of hosts while they are served.

    `limits.hosts` and `limits.patience` of a frontier mean nothing here but for a store that is away.

    Attributes:
        slice_s: about how long a host is served.
    """

    slice_s: float
    _serving: dict[str, _Serving] = field(default_factory=dict)
    _offered: list[Document] = field(default_factory=list)
    """Documents that wait for `take`."""
    _owed: set[str] = field(default_factory=set)
    """Hosts that could not be given back when they were to be."""
    _unknown: frozenset[str] = frozenset()
    """Hosts that the store said are ours, and that nobody here knew of."""
    _given_up_until: dict[str, float] = field(default_factory=dict)
    """When hosts of which a document could not be stored are tried again, on the steady clock."""
    _ended: bool = False

    async def serve(self, order: HostOrder) -> Served:
        """Serve a host for one slice; any number of hosts at once, each by one order.

        Raises:
            StorageError: the database cannot be reached; what is held is given back as soon as it can.
        """
        if self._ended or order.host in self._serving:
            return Served(more=self._ended, held_by_other=not self._ended)
        self._forgive()
        serving = _Serving(order, ends_at=self.steady() + self.slice_s)
        self._serving[order.host] = serving
        try:
            return await self._served(serving)
        finally:
            del self._serving[order.host]
            self._changed.set()

    async def take(self) -> list[Document]:
        """Documents to fetch, as soon as there are any; an empty list when `end` was called and nothing is held."""
        while True:
            self._changed.clear()
            await self._release(self.guests.to_give_back())
            if self._offered:
                documents, self._offered = self._offered, []
                return documents
            if self._ended and not self._serving:
                return []
            await self._changed.wait()

    def end(self) -> None:
        """The run stops: each slice ends when the document that is out is back; further orders are put back."""
        self._ended = True
        for serving in self._serving.values():
            serving.changed.set()
        self._changed.set()

    def let_go(self, document: Document) -> None:
        """The run stops, and nobody waits for the document any more; call `end` before."""
        self.done(document)

    def selection_of(self, document: Document) -> Selection:
        """As what a document that is out was asked for."""
        serving = self._serving.get(document.host)
        return serving.order.selection if serving is not None else Selection(host=document.host)

    async def _look_over(self, held: frozenset[str]) -> None:
        """Give back what is owed to others, and what nobody here knows of, seen twice: it may just be on its way."""
        unknown = held - self._ours() - self._serving.keys() - self.guests.awaited
        owed, self._unknown = (self._owed | (self._unknown & unknown)) & unknown, unknown
        self._owed.clear()
        await self._release(sorted(owed))

    def _more_of(self, host: str) -> LeaseRequest:
        order = self._serving[host].order
        return self._lease_request(order.selection, hosts=1, since=order.since)

    def _is_back(self, document: Document) -> None:
        serving = self._serving.get(document.host)
        if serving is not None and serving.out == document.id:
            serving.out = 0
            serving.changed.set()

    def _were_lost(self, hosts: frozenset[str]) -> None:
        for host in hosts:
            if (serving := self._serving.get(host)) is None:
                continue
            if offered := [one for one in self._offered if one.host == host]:
                self._offered = [one for one in self._offered if one.host != host]
                for document in offered:
                    self.done(document)
            serving.changed.set()

    def _keeps_owing(self, hosts: Iterable[str], error: StoreUnavailable) -> None:
        log.warning("not given back yet: %s: %s", ", ".join(hosts), error)
        self._owed.update(hosts)

    def _forgive(self) -> None:
        """Hosts of which a document could not be stored are tried again after a while."""
        now = self.steady()
        self._given_up_until |= dict.fromkeys(self._given_up - self._given_up_until.keys(), now + GIVEN_UP_S)
        for host in [host for host, until in self._given_up_until.items() if until < now]:
            del self._given_up_until[host]
            self._given_up.discard(host)

    # -- one order -------------------------------------------------------------------------------------------------

    async def _served(self, serving: _Serving) -> Served:
        host = serving.order.host
        while not await self._begin(host):
            wait_s = await self._ready_in_s(host, MOMENT)
            if wait_s is None or self._is_over(serving):
                return await self._not_served(host)
            await self._pause(serving, wait_s)
        try:
            await self._hand_out(serving)
        finally:
            ready_at = self._rest_of(host)
            if host in self._waiting and not serving.out:
                await self._give_back(host)
        return Served(documents=serving.documents, more=serving.more, ready_at=ready_at)

    async def _begin(self, host: str) -> bool:
        """Lease the host; returns whether there is something to do."""
        if host not in self._avoided():
            await self._lease(self._more_of(host))
        if host not in self._waiting:
            return False
        self.guests.hand_over(host)
        self._owed.discard(host)
        return True

    async def _hand_out(self, serving: _Serving) -> None:
        """Hand out documents of a held host, one after the other, until the slice is over."""
        host = serving.order.host
        while host in self._waiting:
            document = await self._next_of(host)
            if document is None:
                wait_s = await self._ready_in_s(host, MOMENT)
                if wait_s is None or self._is_over(serving):
                    return
                await self._pause(serving, wait_s)
            elif self._is_over(serving):
                # Looked for all the same: whether there is more is known now.
                self.done(document)
                serving.more = True
                return
            else:
                await self._fetched(serving, document)
                if self.hosts.interval(host) > MOMENT:
                    return

    async def _fetched(self, serving: _Serving, document: Document) -> None:
        """Offer one document and wait until it is back."""
        serving.out = document.id
        self._offered.append(document)
        self._changed.set()
        while serving.out:
            serving.changed.clear()
            await serving.changed.wait()
        serving.documents += 1

    async def _pause(self, serving: _Serving, wait_s: float) -> None:
        """Wait so long, or until the slice has to end."""
        serving.changed.clear()
        if not self._ended:
            with suppress(TimeoutError):
                await asyncio.wait_for(serving.changed.wait(), wait_s)

    def _is_over(self, serving: _Serving) -> bool:
        return self._ended or self.steady() >= serving.ends_at

    def _rest_of(self, host: str) -> datetime | None:
        """Until when a host must be left alone that is given back now; ``None`` where that is a moment."""
        left_alone = host in self._waiting and (self.is_resting(host) or self.hosts.interval(host) > MOMENT)
        return self._ready_again(host) if left_alone else None

    async def _not_served(self, host: str) -> Served:
        """Why nothing of a host could be leased."""
        if host in self._lost:
            return Served(held_by_other=True)  # something of ours may still be on its way there
        request, now = self._more_of(host), self.clock()
        ready_at = await self.store.call(lambda store: store.next_ready(request))
        if ready_at is not None:
            return Served(ready_at=ready_at)
        try:
            stored = await self.store.call(lambda store: store.host(host, now=now))
        except HostNotFound:
            return Served()
        is_live = stored.lease_until is not None and stored.lease_until > now
        return Served(held_by_other=is_live and stored.lease_token != self.token)
