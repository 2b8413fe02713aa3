"""The saving: asks the Internet Archive to save pages that live and of which no public copy is known.

Usage: ``scrapy crawl save [-a event=KEY] [-a host=NAME] [-a since=DAY] [-a until=DAY]``; the same as ``dateline backfill
--save``. The keys come from the environment (`crawler.backfilling.saving_service`), never as an argument.

Why nothing of the exchanges is stored: they are a conversation about pages and no copies of them; what they say is in
the rows of the saves.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter, deque
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawler.archiving import Patient
from crawler.backfilling.network import Network
from crawler.backfilling.orders import Order, order
from crawler.backfilling.saving import KeysRefused, Saved, Saver
from crawler.backfilling.saving_service import SaveService, save_service
from crawler.backfilling.unsaved import Unsaved, unsaved
from crawler.errors import DatelineError
from crawler.session import Session, opened
from crawler.turns import Turns
from storage.errors import StorageError
from storage.types import Document, SavingState, utc_now

log = logging.getLogger(__name__)


class SaveSpider(Spider):
    """Has pages saved, one item per document."""

    name = "save"
    custom_settings = {  # noqa: RUF012 - Scrapy declares it so
        "ITEM_PIPELINES": {},
        "COMPRESSION_ENABLED": False,
        # As in a backfill: the turns bound how many requests are under way.
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    }

    def __init__(
        self,
        event: str = "",
        host: str = "",
        since: str = "",
        until: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**kwargs)
        self.wanted: dict[str, Any] = {"events": event.split("\n"), "host": host, "since": since, "until": until}
        self.problem = ""
        """Why the run could not begin or go on; empty while all is well."""
        self.keys_refused = False
        """The service does not accept the keys."""
        self.notice = ""
        """Why it ended before its work did, though nothing is broken."""
        self.states: Counter[SavingState] = Counter()
        self._session: Session | None = None
        self._saver: Saver | None = None
        self._heartbeat: asyncio.Task[None] | None = None
        self._workers: list[asyncio.Task[None]] = []

    @property
    def began(self) -> bool:
        """Whether the session could be opened."""
        return self._session is not None

    @property
    def session(self) -> Session:
        """The run's resources; there are none before `start`."""
        if self._session is None:
            raise RuntimeError("the saving has not begun")
        return self._session

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SaveSpider:  # noqa: ANN401
        """Scrapy's ``-a`` arguments narrow it."""
        spider: SaveSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.spider_closed, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Saved]:
        """A report per page that the service was asked about."""
        try:
            service = save_service(self.crawler.settings["DATELINE_CONFIGURATION"], os.environ)
            self._session, wanted = opened(self.crawler, lambda store: order(store, **self.wanted))
        except (DatelineError, StorageError) as error:
            raise self._ended(error, "bad_input") from error
        self._heartbeat = asyncio.ensure_future(self._keep_alive())
        self._saver = self._made(service)
        try:
            waiting = await self._waiting(wanted, service)
            async for saved in self._all(waiting, self._saver):
                self.states[saved.save.state] += 1
                yield saved
        except KeysRefused as error:
            self.keys_refused = True
            raise self._ended(error, "keys_refused") from error
        except StorageError as error:
            raise self._ended(error, "store_unavailable") from error
        if self._saver.notice:
            self.notice = self._saver.notice
            log.error("the saving ends: %s", self.notice)
            raise CloseSpider("service_closed")

    def _made(self, service: SaveService) -> Saver:
        configuration, store = self.session.configuration, Patient(self.session.store)
        return Saver(
            store=store,
            turns=Turns.configured(store, configuration),
            network=Network(self.crawler),
            service=service,
            refused_for=timedelta(days=configuration.number("backfill.retry_days")),
            max_bytes=configuration.size("crawl.max_mb"),
        )

    async def _waiting(self, wanted: Order, service: SaveService) -> deque[Unsaved]:
        now, name = utc_now(), service.place.name
        return await Patient(self.session.store).call(
            lambda store: deque(unsaved(store, wanted, archive=name, now=now))
        )

    async def _all(self, waiting: deque[Unsaved], saver: Saver) -> AsyncIterator[Saved]:
        """Reports of a few workers, in the order in which they come."""
        results: asyncio.Queue[Saved | asyncio.Task[None]] = asyncio.Queue()

        async def work() -> None:
            while waiting and not saver.notice:
                saved = await saver.save(waiting.popleft())
                if saved is not None:
                    results.put_nowait(saved)

        parallel = self.session.configuration.whole("backfill.parallel")
        self._workers = [asyncio.ensure_future(work()) for _ in range(parallel)]
        for worker in self._workers:
            worker.add_done_callback(results.put_nowait)
        working = len(self._workers)
        try:
            while working:
                result = await results.get()
                if isinstance(result, Saved):
                    yield result
                else:
                    working -= 1
                    await result
        finally:
            for worker in self._workers:
                worker.cancel()

    def _ended(self, error: Exception, reason: str) -> CloseSpider:
        log.error("the saving ends: %s", error)
        self.problem = str(error)
        return CloseSpider(reason)

    # -- what middlewares ask and tell --------------------------------------------------------------------------

    def interval_of(self, host: str) -> timedelta:  # noqa: ARG002 - of a `HostKeeper`
        """None: a request comes here when its turn has come."""
        return timedelta()

    def heard_crawl_delay(self, host: str, seconds: float | None) -> None:
        """The service's interval is known; nobody asks its robots.txt."""

    def hold_back(self, response: Response) -> None:
        """What an answer asks for is told to the turns."""

    async def visit(self, document: Document, host: str) -> None:
        """Archives are held by nobody: their turns are."""

    # -- the end -----------------------------------------------------------------------------------------------

    async def spider_closed(self, reason: str) -> None:
        """Stop the workers, remember what the service heard, and close the run."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._saver is not None:
            await self._saver.settle()
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        if self._session is not None:
            await self._session.close(reason, broken=bool(self.problem))

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self.session.heartbeat_s)
            try:
                await self.session.beat()
            except StorageError as error:
                log.warning("no heartbeat: %s", error)
