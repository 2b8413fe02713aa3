"""One run's resources, opened once and closed once: library, run, store thread, writer, pool; a crawl's frontier.

Why a backfill has no frontier: the frontier hands out hosts of the live web, one run each. A backfill asks a handful of
archives that all runs share; their turns are taken in the store (`crawler.turns`).

Why a worker gives its signs of life over a connection of its own: its leases last for seconds, and the store's thread
may be in one call for as long, or wait there for a database that is back long since. A crawl's last for minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any, TypeVar

from scrapy.crawler import Crawler

from crawler.archiving import ArchiveWriter
from crawler.browser import available, missing_reason
from crawler.configuration import Configuration
from crawler.disk import Room
from crawler.frontier import Frontier, FrontierLimits
from crawler.giving_up import Patience
from crawler.host_states import HostStates
from crawler.lead_images import OPTION, as_configured, require_decoder
from crawler.library import Library, open_library
from crawler.naming import select
from crawler.queued_hosts import QueuedHosts
from crawler.revisiting import policy
from crawler.runs import heartbeat_s, lease_s, run, touch
from crawler.store_thread import StoreThread
from crawler.timing import keep_time
from crawler.uploading import moving_out
from crawler.workers import ExtractionPool
from storage import __version__, open_store
from storage.captures import CaptureWriter
from storage.protocol import Store
from storage.types import Run, RunState, Selection, utc_now

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Session:
    """What every run that fetches holds.

    Attributes:
        run: its row.
        configuration: in force.
        store: the store's thread.
        signs: the thread in which signs of life are given; the same, unless somebody has a reason.
        writer: where results go.
        resources: closed last, in reverse order of opening.
        patience: with what is under way, but for what is being stored.
        saying: what the run does now, for its row; asked with each sign of life, empty where there is nothing to say.
    """

    run: Run
    configuration: Configuration
    store: StoreThread
    signs: StoreThread
    writer: ArchiveWriter
    resources: ExitStack
    patience: Patience = field(default_factory=Patience)
    saying: Callable[[], str] = lambda: ""
    _pool: ExtractionPool | None = None

    @property
    def pool(self) -> ExtractionPool:
        """Where pages are understood; started when it is first asked for, which takes seconds of CPU."""
        if self._pool is None:
            self._pool = ExtractionPool.configured(self.configuration)
            self.resources.callback(self._pool.close)
        return self._pool

    @property
    def token(self) -> str:
        """The run's token."""
        return self.run.token

    @property
    def heartbeat_s(self) -> float:
        """How often the run says that it lives."""
        return heartbeat_s(self.configuration, self.run.command)

    @property
    def lease(self) -> timedelta:
        """How long a lease lasts without a sign of life."""
        return timedelta(seconds=lease_s(self.configuration, self.run.command))

    async def keep_leases(self) -> None:
        """Prolong what is leased."""
        until = utc_now() + self.lease
        await self.signs.call(lambda store: store.renew(self.token, until=until))

    async def give_back(self) -> None:
        """End what is leased."""
        await self.store.call(lambda store: store.release(self.token, not_before={}))

    async def unless_given_up(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result; raises `crawler.giving_up.GivenUp` where the run stops before it is there."""
        return await self.patience.wait(work)

    async def beat(self) -> None:
        """Say that the run lives, and keep its leases; the database is asked last, it may be away."""
        touch(self.configuration.library, self.token)
        await self.keep_leases()
        counts, note = dict(self.writer.outcomes), self.saying()

        def say(store: Store) -> None:
            keep_time(store)
            store.heartbeat(self.token, now=utc_now(), counts=counts, note=note)

        await self.signs.call(say)

    async def close(self, reason: str, *, problem: str, notice: str = "") -> None:
        """Give the leases back, close the run's row, then everything else.

        Args:
            reason: Scrapy's, for closing.
            problem: why the run could not go on; empty where it could.
            notice: why it ended before its work did, though nothing is broken.
        """
        state = state_after(reason, broken=bool(problem))
        counts = dict(self.writer.outcomes)

        def closed(store: Store) -> None:
            now = utc_now()
            if notice:
                store.heartbeat(self.token, now=now, counts=counts, note=notice)
            store.finish_run(self.token, now=now, state=state, counts=counts, problem=problem)

        try:
            await self.give_back()
            await self.store.call(closed)
        finally:
            self.resources.close()


@dataclass(slots=True, kw_only=True)
class CrawlSession(Session):
    """What a crawl of the live web holds beside.

    Attributes:
        frontier: where documents come from; a worker's hosts are brought by jobs.
        browser: whether pages that need JavaScript are opened in a browser.
    """

    frontier: Frontier | QueuedHosts
    browser: bool

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *,
        event: str = "",
        host: str = "",
        outcome: str = "",
        role: str = "",
        prepare: Callable[[Store, Configuration], object] = lambda _store, _configuration: None,
    ) -> CrawlSession:
        """Open the library that the settings name and register a run.

        Args:
            crawler: of the run.
            event: see `crawler.naming.select`; likewise ``host``, ``outcome`` and ``role``.
            host: likewise.
            outcome: likewise.
            role: likewise.
            prepare: what is to be put into the library first; where it raises there is no run.

        Raises:
            ConfigurationError, LibraryError, EventNotFound, AmbiguousEvent: as a person has to hear it.
        """
        configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
        require_decoder(configuration)

        def chosen(store: Store) -> Selection:
            prepare(store, configuration)
            wanted = select(store, event=event, host=host, outcome=outcome, role=role)
            return as_configured(configuration, store, wanted)

        session, selection = opened(crawler, chosen)
        return _crawling(session, _frontier(session, selection))

    @classmethod
    def for_worker(cls, crawler: Crawler) -> CrawlSession:
        """Open the library that the settings name and register a run whose hosts are brought by jobs.

        Raises:
            ConfigurationError, LibraryError: as a person has to hear it.
        """
        configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
        require_decoder(configuration)
        session, _ = opened(crawler, lambda _store: None)
        session.signs = session.resources.enter_context(_connection(configuration))
        return _crawling(session, _queued_hosts(session))

    async def keep_leases(self) -> None:
        """Prolong what is leased, by the frontier's clock."""
        await self.frontier.keep_alive()

    async def give_back(self) -> None:
        """End what is leased; each host rests for its own interval."""
        await self.frontier.close()


def state_after(reason: str, *, broken: bool) -> RunState:
    """How a run ended, given Scrapy's reason for closing."""
    if broken:
        return RunState.FAILED
    return RunState.FINISHED if reason == "finished" else RunState.INTERRUPTED


def opened(crawler: Crawler, choose: Callable[[Store], T]) -> tuple[Session, T]:
    """Open the library that a crawler's settings name, look up what is wanted, and register a run.

    Args:
        crawler: of the run.
        choose: from an open store, what the run is about; where it raises there is no run.

    Raises:
        ConfigurationError, LibraryError: as a person has to hear it; and whatever ``choose`` raises.
    """
    configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
    with ExitStack() as opening:
        library = opening.enter_context(open_library(configuration))
        keep_time(library.store)
        chosen = choose(library.store)
        begun = opening.enter_context(run(library, crawler.settings["DATELINE_COMMAND"]))
        session = _session(library, begun, opening)
        session.resources = opening.pop_all()
    return session, chosen


@contextmanager
def _connection(configuration: Configuration) -> Iterator[StoreThread]:
    """The library's store once more, in a thread of its own."""
    with open_store(configuration.database_url) as store:
        thread = StoreThread(store)
        try:
            yield thread
        finally:
            thread.close()


def _session(library: Library, begun: Run, opening: ExitStack) -> Session:
    settings = library.configuration
    captures = opening.enter_context(
        CaptureWriter(
            library.captures,
            token=begun.token,
            rotate_at=settings.size("storage.rotate_mb"),
            software=f"dateline/{__version__}",
        )
    )
    opening.enter_context(moving_out(library, captures))
    store = StoreThread(library.store)
    opening.callback(store.close)
    return Session(
        run=begun,
        configuration=settings,
        store=store,
        signs=store,
        writer=ArchiveWriter(store=store, captures=captures, require_room=Room.configured(settings).require),
        resources=opening,
    )


def _crawling(session: Session, frontier: Frontier | QueuedHosts) -> CrawlSession:
    """The session with a frontier; its writer tells what hosts taught."""
    settings = session.configuration
    browser = available(settings)
    if settings.flag("crawl.browser") and not browser:
        log.warning("%s", missing_reason(settings))
    session.writer.learn, session.writer.browser = frontier.learn, browser
    session.writer.is_certain = frontier.is_certain
    session.writer.images, session.writer.recrawl = settings.flag(OPTION), policy(settings)
    # Now, and not in the middle of the crawl.
    given = {one.name: getattr(session, one.name) for one in fields(Session)} | {"_pool": session.pool}
    return CrawlSession(**given, frontier=frontier, browser=browser)


def _frontier(session: Session, selection: Selection) -> Frontier:
    return Frontier(
        store=session.store,
        token=session.token,
        selection=selection,
        limits=_limits(session),
        since=session.run.started_at,
        hosts=HostStates.configured(session.configuration),
    )


def _queued_hosts(session: Session) -> QueuedHosts:
    settings = session.configuration
    return QueuedHosts(
        store=session.store,
        signs=session.signs,
        token=session.token,
        limits=_limits(session),
        hosts=HostStates.configured(settings),
        slice_s=settings.number("workers.slice_s"),
    )


def _limits(session: Session) -> FrontierLimits:
    settings = session.configuration
    return FrontierLimits(
        hosts=settings.whole("crawl.hosts"), lease=session.lease, per_day=settings.whole("crawl.per_day")
    )
