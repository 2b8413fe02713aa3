"""One crawl's resources, opened once and closed once: library, run, store thread, frontier, writer, pool."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

from scrapy.crawler import Crawler

from crawler.archiving import ArchiveWriter
from crawler.browser import available, missing_reason
from crawler.configuration import Configuration
from crawler.frontier import Frontier, FrontierLimits
from crawler.host_states import HostStates
from crawler.library import Library, open_library, run
from crawler.naming import select
from crawler.store_thread import StoreThread
from crawler.workers import ExtractionPool
from storage import __version__
from storage.captures import CaptureWriter
from storage.types import CrawlRun, RunState, Selection, utc_now

log = logging.getLogger(__name__)


@dataclass(slots=True)
class CrawlSession:
    """Everything that a crawl holds.

    Attributes:
        run: its row.
        configuration: in force.
        store: the store's thread.
        frontier: where documents come from.
        writer: where results go.
        pool: where pages are understood.
        browser: whether pages that need JavaScript are opened in a browser.
        resources: closed last, in reverse order of opening.
    """

    run: CrawlRun
    configuration: Configuration
    store: StoreThread
    frontier: Frontier
    writer: ArchiveWriter
    pool: ExtractionPool
    browser: bool
    resources: ExitStack

    @property
    def token(self) -> str:
        """The run's token."""
        return self.run.token

    @property
    def heartbeat_s(self) -> float:
        """How often the run says that it lives: four times within a lease."""
        return self.configuration.number("crawl.lease_s") / 4

    @classmethod
    def from_crawler(cls, crawler: Crawler, *, event: str = "", host: str = "", outcome: str = "") -> CrawlSession:
        """Open the library that the settings name and register a run.

        Raises:
            ConfigurationError, LibraryError, EventNotFound, AmbiguousEvent: as a person has to hear it.
        """
        configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
        with ExitStack() as opening:
            library = opening.enter_context(open_library(configuration))
            selection = select(library.store, event=event, host=host, outcome=outcome)
            begun = opening.enter_context(run(library, crawler.settings["DATELINE_COMMAND"]))
            session = _open(library, begun, selection, opening)
            session.resources = opening.pop_all()
        return session

    async def beat(self) -> None:
        """Say that the run lives, and keep its leases."""
        await self.frontier.keep_alive()
        counts = dict(self.writer.outcomes)
        await self.store.call(lambda store: store.heartbeat(self.token, now=utc_now(), counts=counts))

    async def close(self, reason: str, *, broken: bool) -> None:
        """Give the leases back, close the run's row, then everything else."""
        state = state_after(reason, broken=broken)
        counts = dict(self.writer.outcomes)
        try:
            await self.frontier.close()
            await self.store.call(lambda store: store.finish_run(self.token, now=utc_now(), state=state, counts=counts))
        finally:
            self.resources.close()


def state_after(reason: str, *, broken: bool) -> RunState:
    """How a run ended, given Scrapy's reason for closing."""
    if broken:
        return RunState.FAILED
    return RunState.FINISHED if reason == "finished" else RunState.INTERRUPTED


def _open(library: Library, begun: CrawlRun, selection: Selection, opening: ExitStack) -> CrawlSession:
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
    pool = ExtractionPool.configured(settings)
    opening.callback(pool.close)
    browser = available(settings)
    if settings.flag("crawl.browser") and not browser:
        log.warning("%s", missing_reason(settings))
    frontier = _frontier(store, begun, selection, settings)
    writer = ArchiveWriter(store=store, captures=captures, learn=frontier.hosts.learn, browser=browser)
    return CrawlSession(
        run=begun,
        configuration=settings,
        store=store,
        frontier=frontier,
        writer=writer,
        pool=pool,
        browser=browser,
        resources=opening,
    )


def _frontier(store: StoreThread, begun: CrawlRun, selection: Selection, settings: Configuration) -> Frontier:
    lease = timedelta(seconds=settings.number("crawl.lease_s"))
    return Frontier(
        store=store,
        token=begun.token,
        selection=selection,
        limits=FrontierLimits(hosts=settings.whole("crawl.hosts"), lease=lease),
        since=begun.started_at,
        hosts=HostStates.configured(settings),
    )
