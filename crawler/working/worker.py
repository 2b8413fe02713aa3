"""One worker at work: what it does beside serving hosts, and how it ends.

Why every loop of it ends with the worker: one that does half of its work, such as serving hosts without giving signs of
life, is worse than none. A mistake of ours in one of them ends the worker; its service manager begins a new one.

Why a slice is waited for until it gives up, and no longer: the job's lock keeps its host from others until then.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final

from crawler.archiving import Patient
from crawler.backfilling.beginning import prepare
from crawler.configuration import Configuration
from crawler.lead_images import as_configured
from crawler.liveness import WORKER, lease_s
from crawler.queueing.engine import WorkQueue, open_queue
from crawler.queueing.feeding import feeds, say_put_off, wait
from crawler.queueing.orders import QUEUES, HostOrder, Served, WorkKind
from crawler.scheduling.service import READY, STOPPING, WATCHDOG, tell_service
from crawler.session import CrawlSession
from crawler.spiders.work import ArchiveWorkSpider, WorkSpider
from crawler.working.archives import Archives
from crawler.working.burying import Burial
from crawler.working.counting import Tally
from crawler.working.finishing import Remaining
from crawler.working.kinds import KINDS
from crawler.working.own_library import own_library
from storage.errors import LibraryError, StorageError, StoreUnavailable
from storage.types import Selection

log = logging.getLogger(__name__)

ROLE_S: Final = 60.0
"""For how long an answer is good to whether lead images are due that are not to be fetched."""
PULSE_S: Final = 1.0
"""How often the service manager and the metrics hear that the loop turns."""

Serve = Callable[[HostOrder], Awaitable[Served]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What a worker is to do.

    Attributes:
        kinds: of the orders that it serves.
        feeds: whether it queues what is due, beside what was ordered.
        once: it ends when nothing is left that could be done now.
    """

    kinds: frozenset[WorkKind] = frozenset(WorkKind)
    feeds: bool = True
    once: bool = False

    @property
    def queues(self) -> tuple[str, ...]:
        """Those that it works off."""
        return tuple(dict.fromkeys(QUEUES[kind] for kind in WorkKind if kind in self.kinds))


def name_of() -> str:
    """This worker's name, for people."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Worker:
    """Serves orders until it is asked to stop.

    Args:
        configuration: of the library.
        task: see there.
        tally: what is counted.
    """

    def __init__(self, configuration: Configuration, task: Task, tally: Tally) -> None:
        self._configuration, self._task, self._tally = configuration, task, tally
        self._stop = asyncio.Event()
        self._live: WorkSpider | None = None
        self._archives: Archives | None = None
        self._role, self._role_until = "", 0.0

    def stop(self) -> None:
        """Take no new orders, and end those that are being served."""
        if not self._stop.is_set():
            self._tally.stopping = True
            self._stop.set()
            tell_service(STOPPING)

    async def work(self, live: WorkSpider, archives: ArchiveWorkSpider) -> None:
        """Serve orders until `stop`, or until something breaks.

        Raises:
            ConfigurationError, LibraryError, StoreUnavailable: there is no queue.
        """
        session = live.session
        session.saying = lambda: self._tally.sign().text
        self._live, self._archives = live, Archives(archives, session, self._tally, self._stop)
        try:
            async with open_queue(self._configuration.database_url) as queue:
                tell_service(READY)
                log.info("at work as %s: %s", name_of(), ", ".join(self._task.queues))
                await self._together(queue, session)
        finally:
            self.stop()

    async def _together(self, queue: WorkQueue, session: CrawlSession) -> None:
        places = self._places(session)
        loops: list[Coroutine[Any, Any, None]] = [
            queue.work(self._serve, queue=one, places=places[one], name=name_of(), stop=self._stop)
            for one in self._task.queues
        ]
        loops += [self._every(PULSE_S, self._pulse), self._bury(session)]
        offered = feeds(session.store, self._configuration) if self._task.feeds else {}
        offered = {kind: feed for kind, feed in offered.items() if kind in self._task.kinds}
        if offered:
            preparing = self._prepare if WorkKind.BACKFILL in offered else None
            loops.append(queue.feed(offered, stop=self._stop, prepare=preparing))
        if self._task.once:
            loops.append(
                Remaining(queue, session, self._task.queues, offered, self._tally).ended(self.stop, self._stop)
            )
        tasks = [asyncio.ensure_future(self._noticed(one)) for one in loops]
        # Each ends by itself once the worker stops; none is cancelled, what it serves is given back first.
        await asyncio.wait(tasks)
        for task in tasks:
            task.result()

    def _places(self, session: CrawlSession) -> dict[str, int]:
        settings = session.configuration
        return {
            QUEUES[WorkKind.CRAWL]: settings.whole("crawl.hosts"),
            QUEUES[WorkKind.BACKFILL]: settings.whole("backfill.parallel"),
            QUEUES[WorkKind.REEXTRACT]: 1,
        }

    async def _noticed(self, loop: Coroutine[Any, Any, None]) -> None:
        """A loop that breaks ends the others, each in its own order."""
        try:
            await loop
        except BaseException:
            self.stop()
            raise

    # -- serving -----------------------------------------------------------------------------------------------

    async def _serve(self, order: HostOrder) -> Served:
        """Serve one order; one that is given up counts as one that has more."""
        assert self._live is not None  # noqa: S101 - served by `work` only
        serving = asyncio.ensure_future(self._served(order))
        given_up = asyncio.ensure_future(self._live.given_up())
        self._tally.at_work += 1
        try:
            await asyncio.wait([serving, given_up], return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                serving.cancel()
                return Served(more=True)
            return self._told(order, serving.result())
        except Exception as error:
            self._tally.failed += 1
            if isinstance(error, LibraryError):
                self._live.broken(error)
            raise
        finally:
            given_up.cancel()
            self._tally.at_work -= 1

    def _told(self, order: HostOrder, served: Served) -> Served:
        self._tally.served(order.kind, served)
        if served.held_by_other:
            log.info("%s %s: another run holds it", order.kind, order.host)
        else:
            more = ", more to do" if served.more else ""
            noun = "document" if served.documents == 1 else "documents"
            log.info("%s %s: %d %s%s", order.kind, order.host, served.documents, noun, more)
        return served

    async def _served(self, order: HostOrder) -> Served:
        assert self._live is not None and self._archives is not None  # noqa: S101, PT018 - as above
        session = self._live.session
        if order.kind is WorkKind.CRAWL:
            return await self._live.hosts.serve(await self._as_configured(session, order))
        if order.kind is WorkKind.BACKFILL:
            return await self._from_archives(order)
        return await KINDS[order.kind](session, order)

    async def _from_archives(self, order: HostOrder) -> Served:
        """Look for a host's documents; one that could not be brought to an end stays with this worker while it lasts.

        Its store is asked for minutes before it counts as away: the worker ends then, as every other run.
        """
        assert self._live is not None and self._archives is not None  # noqa: S101, PT018 - as above
        try:
            return await self._archives.serve(order)
        except StoreUnavailable as error:
            self._live.broken(error)
            raise

    async def _as_configured(self, session: CrawlSession, order: HostOrder) -> HostOrder:
        """The order without lead images where they are not to be stored; asked about the library once a minute."""
        now = self._tally.clock()
        if now >= self._role_until:
            plain = await Patient(session.store).call(
                lambda store: as_configured(self._configuration, store, Selection())
            )
            self._role, self._role_until = str(plain.role or ""), now + ROLE_S
        return order if order.role else replace(order, role=self._role)

    # -- beside it ---------------------------------------------------------------------------------------------

    async def _pulse(self) -> None:
        tell_service(WATCHDOG)
        self._tally.beat_at = self._tally.clock()
        self._tally.held = len(self._live.hosts.held) if self._live is not None else 0

    async def _prepare(self) -> None:
        """Queue what the live web does not give for archives."""
        async with own_library(self._configuration) as (_, thread):
            await prepare(thread)

    async def _bury(self, session: CrawlSession) -> None:
        """Look for the dead, from a thread of its own."""
        burial = Burial(self._configuration, token=session.token)

        async def look() -> None:
            self._tally.buried += await asyncio.to_thread(burial.look)

        try:
            await self._every(lease_s(self._configuration, WORKER) / 4, look)
        finally:
            await asyncio.to_thread(burial.close)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do it again and again until the worker ends; a database that is away is asked again the next time."""
        while not self._stop.is_set():
            try:
                await work()
            except StorageError as problem:
                say_put_off("put off", problem)
            await wait(self._stop, seconds)
