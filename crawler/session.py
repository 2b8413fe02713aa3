"""One run's resources, opened once and closed once: library, run, store thread, writer, pool; a crawl's frontier.

Why a backfill has no frontier: the frontier hands out hosts of the live web, one run each. A backfill asks a handful of
archives that all runs share; their turns are taken in the store (`crawler.turns`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TypeVar

from scrapy.crawler import Crawler

from crawler.archiving import ArchiveWriter
from crawler.browser import available, missing_reason
from crawler.configuration import Configuration
from crawler.frontier import Frontier, FrontierLimits
from crawler.host_states import HostStates
from crawler.lead_images import OPTION, as_configured, require_decoder
from crawler.library import Library, open_library, run
from crawler.naming import select
from crawler.store_thread import StoreThread
from crawler.workers import ExtractionPool
from storage import __version__
from storage.captures import CaptureWriter
from storage.protocol import Store
from storage.types import CrawlRun, RunState, Selection, utc_now

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Session:
    """What every run that fetches holds.

    Attributes:
        run: its row.
        configuration: in force.
        store: the store's thread.
        writer: where results go.
        resources: closed last, in reverse order of opening.
    """

    run: CrawlRun
    configuration: Configuration
    store: StoreThread
    writer: ArchiveWriter
    resources: ExitStack
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
        """How often the run says that it lives: four times within a lease."""
        return self.configuration.number("crawl.lease_s") / 4

    @property
    def lease(self) -> timedelta:
        """How long a lease lasts without a sign of life."""
        return timedelta(seconds=self.configuration.number("crawl.lease_s"))

    async def keep_leases(self) -> None:
        """Prolong what is leased."""
        until = utc_now() + self.lease
        await self.store.call(lambda store: store.renew(self.token, until=until))

    async def give_back(self) -> None:
        """End what is leased."""
        await self.store.call(lambda store: store.release(self.token, not_before={}))

    async def beat(self) -> None:
        """Say that the run lives, and keep its leases."""
        await self.keep_leases()
        counts = dict(self.writer.outcomes)
        await self.store.call(lambda store: store.heartbeat(self.token, now=utc_now(), counts=counts))

    async def close(self, reason: str, *, broken: bool) -> None:
        """Give the leases back, close the run's row, then everything else."""
        state = state_after(reason, broken=broken)
        counts = dict(self.writer.outcomes)
        try:
            await self.give_back()
            await self.store.call(lambda store: store.finish_run(self.token, now=utc_now(), state=state, counts=counts))
        finally:
            self.resources.close()


@dataclass(slots=True, kw_only=True)
class CrawlSession(Session):
    """What a crawl of the live web holds beside.

    Attributes:
        frontier: where documents come from.
        browser: whether pages that need JavaScript are opened in a browser.
    """

    frontier: Frontier
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
        return _crawling(session, selection)

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
        chosen = choose(library.store)
        begun = opening.enter_context(run(library, crawler.settings["DATELINE_COMMAND"]))
        session = _session(library, begun, opening)
        session.resources = opening.pop_all()
    return session, chosen


def _session(library: Library, begun: CrawlRun, opening: ExitStack) -> Session:
    settings = library.configuration
    captures = opening.enter_context(
        CaptureWriter(
            library.captures,
            token=begun.token,
            rotate_at=settings.size("storage.rotate_mb"),
            software=f"dateline/{__version__}",
        )
    )
    store = StoreThread(library.store)
    opening.callback(store.close)
    return Session(
        run=begun,
        configuration=settings,
        store=store,
        writer=ArchiveWriter(store=store, captures=captures),
        resources=opening,
    )


def _crawling(session: Session, selection: Selection) -> CrawlSession:
    """The session with a frontier; its writer tells what hosts taught."""
    settings = session.configuration
    browser = available(settings)
    if settings.flag("crawl.browser") and not browser:
        log.warning("%s", missing_reason(settings))
    frontier = _frontier(session, selection)
    session.writer.learn, session.writer.browser = frontier.hosts.learn, browser
    session.writer.images = settings.flag(OPTION)
    # Now, and not in the middle of the crawl.
    given = {one.name: getattr(session, one.name) for one in fields(Session)} | {"_pool": session.pool}
    return CrawlSession(**given, frontier=frontier, browser=browser)


def _frontier(session: Session, selection: Selection) -> Frontier:
    settings = session.configuration
    return Frontier(
        store=session.store,
        token=session.token,
        selection=selection,
        limits=FrontierLimits(hosts=settings.whole("crawl.hosts"), lease=session.lease),
        since=session.run.started_at,
        hosts=HostStates.configured(settings),
    )
