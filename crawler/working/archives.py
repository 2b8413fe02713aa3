"""Orders for archives: a slice of one host's documents, each searched for as a backfill does it.

Why a worker begins with new turns after archives said "too often" three times: a run ends there, and a person decides
when the next one begins (`crawler.turns`). A worker does not end; it leaves all archives alone until the last of them
may be asked again, and begins to count anew.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from crawler.archives.protocol import Archive
from crawler.archiving import Patient
from crawler.backfilling.beginning import means_of
from crawler.backfilling.desk import Desk
from crawler.backfilling.flow import Backfiller, Sought
from crawler.backfilling.network import Network
from crawler.backfilling.orders import Order, order
from crawler.backfilling.places import archives_of
from crawler.logformat import sought_line
from crawler.queueing.feeding import wait
from crawler.queueing.orders import HostOrder, Served
from crawler.session import Session
from crawler.spiders.work import ArchiveWorkSpider
from crawler.turns import Turns
from crawler.working.counting import Tally
from storage.types import utc_now

log = logging.getLogger(__name__)

_YES = frozenset({"1", "true", "yes"})


class Archives:
    """Serves orders for archives.

    Args:
        spider: whose engine asks.
        session: of the worker.
        tally: where copies are counted.
        stop: set where the worker ends.
    """

    def __init__(self, spider: ArchiveWorkSpider, session: Session, tally: Tally, stop: asyncio.Event) -> None:
        self._spider, self._session, self._tally, self._stop = spider, session, tally, stop
        self._slice_s = session.configuration.number("workers.slice_s")
        self._turns = self._new_turns()

    async def serve(self, one: HostOrder) -> Served:
        """Look for documents of a host until the slice is over, nothing is left, or the worker ends.

        Raises:
            ConfigurationError, StorageError: see `crawler.backfilling.orders.order`.
        """
        await self._rest()
        if self._stop.is_set():
            return Served(more=True)
        archive = one.options.get("archive", "")
        archives = archives_of(self._session.configuration, archive)
        wanted = await Patient(self._session.store).call(lambda store: order(store, **_words(one)))
        work = asyncio.ensure_future(self._slice(one, wanted, archives, archive))
        self._spider.busy_with(work)
        try:
            return await work
        except asyncio.CancelledError:
            if self._stop.is_set():
                return Served(more=True)
            raise

    async def _slice(self, one: HostOrder, wanted: Order, archives: tuple[Archive, ...], only: str) -> Served:
        means = means_of(self._session, Network(self._spider.crawler), self._turns, wanted)
        backfiller = Backfiller(means=means, archives=archives, only=only)
        desk = Desk(self._session, wanted, self._turns, at_once=1, since=one.since)
        loop, documents = asyncio.get_running_loop(), 0
        ends_at = loop.time() + self._slice_s
        while loop.time() < ends_at and not self._stop.is_set():
            task = await desk.next()
            if task is None:
                return Served(documents=documents, more=self._turns.stopped is not None)
            self._count(await backfiller.rescue(task))
            documents += 1
        return Served(documents=documents, more=True)

    def _count(self, sought: Sought) -> None:
        log.info("%s", sought_line(sought))
        for outcome, count in sought.outcomes.items():
            for _ in range(count):
                self._tally.count(outcome)
        if sought.lost:
            self._tally.stale += 1

    async def _rest(self) -> None:
        """Leave archives alone that asked for it, as long as they did."""
        stopped = self._turns.stopped
        if stopped is None:
            return
        log.warning("no archive is asked: %s", stopped.text)
        await wait(self._stop, max(0.0, (stopped.until - utc_now()).total_seconds()))
        if self._turns.stopped is stopped and not self._stop.is_set():
            self._turns = self._new_turns()

    def _new_turns(self) -> Turns:
        return Turns.configured(Patient(self._session.store), self._session.configuration)


def _words(one: HostOrder) -> dict[str, Any]:
    """What was ordered, as a person would have named it."""
    return {
        "events": [one.event_key],
        "host": one.host,
        "since": one.options.get("since", ""),
        "until": one.options.get("until", ""),
        "versions": one.options.get("versions", "").lower() in _YES,
        "archive": one.options.get("archive", ""),
    }
