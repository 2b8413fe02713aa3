"""What every spider of ours is beside a spider: one run of a library, with its resources, its heartbeat and its end.

Why the session opens in `start` and not when the spider is made: Scrapy makes the spider before the add-on has read the
configuration.

Why those that ask archives share more: they take turns across all processes (`crawler.turns`) before a request is
handed to Scrapy, so its queues and intervals must not hold it up a second time; and what they do about one document is
one line of thought (`crawler.backfilling`), which a few workers follow at a time, instead of callbacks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, Generic, Self, TypeVar

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawler.giving_up import GRACE_S, PatientDownloader
from crawler.session import Session
from storage.errors import SchemaMismatch, StorageError
from storage.types import Document

log = logging.getLogger(__name__)
Held = TypeVar("Held", bound=Session)
Report = TypeVar("Report")


class RunSpider(Spider, Generic[Held]):
    """A spider with a run; `what` is its word for itself."""

    what = "run"

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.problem = ""
        """Why the run could not begin or go on; empty while all is well."""
        self.notice = ""
        """Why it ended before its work did, though nothing is broken."""
        self._session: Held | None = None
        self._heartbeat: asyncio.Task[None] | None = None
        self._hurried: asyncio.TimerHandle | None = None
        self._closing: asyncio.Future[None] | None = None

    @property
    def began(self) -> bool:
        """Whether the session could be opened."""
        return self._session is not None

    @property
    def session(self) -> Held:
        """The run's resources; there are none before `start`."""
        if self._session is None:
            raise RuntimeError(f"the {self.what} has not begun")
        return self._session

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401
        """Hear of the end; Scrapy's ``-a`` arguments narrow the run."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.spider_closed, signal=signals.spider_closed)
        return spider

    def _begin(self, session: Held) -> None:
        """The session is open: say from now on that the run lives."""
        self._session = session
        self._heartbeat = asyncio.ensure_future(self._keep_alive())

    def _ended(self, error: Exception, reason: str) -> CloseSpider:
        """What to raise when the run cannot begin or go on."""
        log.error("the %s ends: %s", self.what, error)
        self.problem = str(error)
        return CloseSpider(reason)

    def _end_early(self, error: Exception, reason: str) -> None:
        """The run cannot go on: end in order, all that is under way stays due."""
        if not self.problem and self.crawler.engine is not None:
            said = self._ended(error, reason).reason
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=said))
            self.hurry()

    @property
    def _downloader(self) -> PatientDownloader | None:
        """Scrapy's, which is ours; there is none before the engine is."""
        downloader = self.crawler.engine.downloader if self.crawler.engine is not None else None
        return downloader if isinstance(downloader, PatientDownloader) else None

    async def _settle(self) -> None:
        """Bring what is under way to an end, before the session closes."""

    def hurry(self) -> None:
        """The run is asked to stop: give up what is under way if it takes longer than a moment."""
        if self._hurried is None:
            log.info("the %s is asked to stop: what is under way has %g s to end", self.what, GRACE_S)
            self._hurried = asyncio.get_running_loop().call_later(GRACE_S, self._give_up)

    def _give_up(self) -> None:
        """Wait for nothing any more but for what is being stored; what is given up has no outcome."""
        log.info("the %s stops: what is under way is given up, it stays due", self.what)
        if self._session is not None:
            self._session.patience.end()
        if (downloader := self._downloader) is not None:
            downloader.give_up()

    async def spider_closed(self, reason: str) -> None:
        """Give everything back and close the run."""
        if self._hurried is not None:
            self._hurried.cancel()
        await self._settle()
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        if self._session is None:
            return
        try:
            await self._session.close(reason, problem=self.problem, notice=self.notice)
        except SchemaMismatch:
            # What a newer program keeps there is not ours to write: it takes leases back when they run out.
            log.warning("the %s leaves its row and its leases to the newer dateline", self.what)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self.session.heartbeat_s)
            try:
                await self.session.beat()
            except SchemaMismatch as error:
                # The database was upgraded, and this program must not use it any more.
                self._end_early(error, "schema_mismatch")
                return
            except StorageError as error:
                log.warning("no heartbeat: %s", error)
            except Exception:  # a mistake of ours here must not cost the run its signs of life
                log.exception("no heartbeat")


class ArchiveSpider(RunSpider[Session]):
    """A spider that asks archives, a few documents at a time."""

    custom_settings = {  # noqa: RUF012 - Scrapy declares it so
        # An item is the report on one document: everything is stored before it.
        "ITEM_PIPELINES": {},
        "COMPRESSION_ENABLED": False,
        # The turns bound how many requests are under way; Scrapy must not hold back one whose turn has come.
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    }

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self._workers: list[asyncio.Task[None]] = []

    async def _reports(self, work: Callable[[], Awaitable[Report | None]]) -> AsyncIterator[Report]:
        """Reports of a few workers, in the order in which they come, until each has nothing left to do.

        Args:
            work: takes up the next document; ``None`` when there is none.
        """
        results: asyncio.Queue[Report | asyncio.Task[None]] = asyncio.Queue()

        async def worker() -> None:
            while (report := await work()) is not None:
                results.put_nowait(report)

        parallel = self.session.configuration.whole("backfill.parallel")
        self._workers = [asyncio.ensure_future(worker()) for _ in range(parallel)]
        for one in self._workers:
            one.add_done_callback(results.put_nowait)
        working = len(self._workers)
        try:
            while working:
                result = await results.get()
                if isinstance(result, asyncio.Task):
                    working -= 1
                    await result
                else:
                    yield result
        finally:
            self._stop_workers()

    def _stop_workers(self) -> None:
        for worker in self._workers:
            worker.cancel()

    def _give_up(self) -> None:
        """Stop the workers first: what they ask for is not refused, it was never asked for to the end."""
        self._stop_workers()
        super()._give_up()

    async def _settle(self) -> None:
        """Stop the workers; what they have to store is stored first."""
        self._stop_workers()
        await asyncio.gather(*self._workers, return_exceptions=True)

    # -- what middlewares ask and tell --------------------------------------------------------------------------

    def interval_of(self, host: str) -> timedelta:  # noqa: ARG002 - of a `HostKeeper`
        """None: a request comes here when its turn has come."""
        return timedelta()

    def heard_crawl_delay(self, host: str, seconds: float | None) -> None:
        """An archive's interval is configured; nobody asks its robots.txt."""

    def hold_back(self, response: Response) -> None:
        """What an answer asks for is told to the turns, once it is known whether the archive said it or a copy."""

    async def visit(self, document: Document, host: str) -> None:
        """Archives are held by nobody: their turns are."""
