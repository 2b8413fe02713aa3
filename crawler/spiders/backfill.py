"""The backfill: looks in web archives for documents whose pages the live web does not give.

Usage: ``scrapy crawl backfill [-a event=KEY] [-a host=NAME] [-a since=DAY] [-a until=DAY] [-a archive=NAME]
[-a versions=1]``; the same as ``dateline backfill``.

Why workers and not Scrapy's callbacks: one document leads to a dozen questions, each of which depends on the answer
before it (`crawler.backfilling.flow`). A few documents at a time are enough: it is the archives' turns that take the
time, and while one document waits for an index, another one is at a replay.

Why its items pass no pipelines: a copy that is not accepted is followed by the next one, so everything is stored
before the search goes on. An item is the report on one document.

Why the middlewares are told of no interval: the turns are taken before a request is handed over, across all processes
(`crawler.turns`); a second queue behind that would only send them late.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from crawler.archiving import Patient
from crawler.backfilling.accepting import Judge
from crawler.backfilling.asking import Asker
from crawler.backfilling.desk import Desk
from crawler.backfilling.flow import Backfiller, Sought
from crawler.backfilling.network import Network
from crawler.backfilling.orders import Order, order
from crawler.backfilling.places import archives_of
from crawler.backfilling.searching import Means
from crawler.backfilling.standing import Limits
from crawler.errors import DatelineError
from crawler.planning import backfill_rules
from crawler.session import Session, opened
from crawler.turns import Turns
from storage.errors import StorageError
from storage.types import BackfillState, Document, SearchState, utc_now

log = logging.getLogger(__name__)

_YES = frozenset({"1", "true", "yes"})


class BackfillSpider(Spider):
    """Looks for documents in archives, one item per document."""

    name = "backfill"
    custom_settings = {  # noqa: RUF012 - Scrapy declares it so
        "ITEM_PIPELINES": {},
        "COMPRESSION_ENABLED": False,
        # The turns bound how many requests are under way; Scrapy must not hold back one whose turn has come.
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    }

    def __init__(
        self,
        event: str = "",
        host: str = "",
        since: str = "",
        until: str = "",
        archive: str = "",
        versions: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**kwargs)
        self.wanted: dict[str, Any] = {
            "events": event.split("\n"),
            "host": host,
            "since": since,
            "until": until,
            "versions": versions.lower() in _YES,
        }
        self.only = archive
        self.problem = ""
        """Why the run could not begin or go on; empty while all is well."""
        self.notice = ""
        """Why it ended before its work did, though nothing is broken."""
        self.searched: Counter[tuple[str, SearchState]] = Counter()
        self.ended: Counter[BackfillState] = Counter()
        self.next_at: datetime | None = None
        """When the first of the documents that wait for an archive is worth another try."""
        self._session: Session | None = None
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
            raise RuntimeError("the backfill has not begun")
        return self._session

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> BackfillSpider:  # noqa: ANN401
        """Scrapy's ``-a`` arguments narrow the backfill."""
        spider: BackfillSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.spider_closed, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Sought]:
        """A report per document, as long as any are wanted."""
        try:
            archives = archives_of(self.crawler.settings["DATELINE_CONFIGURATION"], self.only)
            self._session, wanted = opened(self.crawler, lambda store: order(store, **self.wanted))
        except (DatelineError, StorageError) as error:
            raise self._ended(error, "bad_input") from error
        self._heartbeat = asyncio.ensure_future(self._keep_alive())
        turns = Turns.configured(Patient(self.session.store), self.session.configuration)
        backfiller = Backfiller(means=self._means(wanted, turns), archives=archives, only=self.only)
        try:
            await self._prepare()
            async for sought in self._all(Desk(self.session, wanted, turns), backfiller):
                self._count(sought)
                yield sought
        except StorageError as error:
            raise self._ended(error, "store_unavailable") from error
        if turns.stopped is not None:
            self.notice = turns.stopped.text
            log.error("the backfill ends: %s", self.notice)
            raise CloseSpider("too_often")

    def _means(self, wanted: Order, turns: Turns) -> Means:
        session, limits = self.session, Limits.configured(self.session.configuration)
        store = Patient(session.store)
        asker = Asker(
            store=store,
            turns=turns,
            download=Network(self.crawler),
            answers=limits.answers,
            max_bytes=limits.max_bytes,
        )
        return Means(
            asker=asker,
            judge=Judge(session),
            put=session.writer.put,
            store=store,
            limits=limits,
            token=session.token,
            by_hand=wanted.by_hand,
            versions=wanted.versions,
        )

    async def _prepare(self) -> None:
        """Queue what the rules say is wanted, and forget answers that are no good any more."""
        now, store = utc_now(), Patient(self.session.store)
        await store.call(lambda one: one.forget_answers(before=now))
        await store.call(lambda one: one.queue_backfills(backfill_rules(), now=now))

    async def _all(self, desk: Desk, backfiller: Backfiller) -> AsyncIterator[Sought]:
        """Reports of a few workers, in the order in which they come."""
        results: asyncio.Queue[Sought | asyncio.Task[None]] = asyncio.Queue()

        async def work() -> None:
            while (task := await desk.next()) is not None:
                results.put_nowait(await backfiller.rescue(task))

        parallel = self.session.configuration.whole("backfill.parallel")
        self._workers = [asyncio.ensure_future(work()) for _ in range(parallel)]
        for worker in self._workers:
            worker.add_done_callback(results.put_nowait)
        working = len(self._workers)
        try:
            while working:
                result = await results.get()
                if isinstance(result, Sought):
                    yield result
                else:
                    working -= 1
                    await result
        finally:
            for worker in self._workers:
                worker.cancel()

    def _count(self, sought: Sought) -> None:
        self.ended[sought.state] += 1
        if sought.state is BackfillState.WAITING and sought.next_at is not None:
            self.next_at = min(self.next_at or sought.next_at, sought.next_at)
        for search in sought.searches:
            self.searched[search.archive, search.state] += 1
            if self.crawler.stats:
                self.crawler.stats.inc_value(f"backfill/{search.archive}/{search.state}")

    def _ended(self, error: Exception, reason: str) -> CloseSpider:
        log.error("the backfill ends: %s", error)
        self.problem = str(error)
        return CloseSpider(reason)

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

    # -- the end -----------------------------------------------------------------------------------------------

    async def spider_closed(self, reason: str) -> None:
        """Stop the workers, give everything back and close the run."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
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
