"""The live crawl: asks for each leased document and turns whatever happens into one item.

Usage: ``scrapy crawl sources [-a event=KEY] [-a host=NAME] [-a outcome=NAME]``; the same crawl as ``dateline crawl``
(without an event) and ``dateline refetch KEY`` (with one).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archiving import Stored
from crawler.errors import DatelineError
from crawler.handlers import EXCHANGES, HostResting, started_at
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.outcomes import outcome_of_failure, outcome_of_proxy_status, outcome_of_status, retry_after_s
from crawler.planning import reason_for
from crawler.session import CrawlSession
from crawler.urls import host_of
from storage.errors import StorageError
from storage.types import Document, Exchange, Outcome, Redirect, utc_now

log = logging.getLogger(__name__)

TASK = "dateline_task"
_REST_S = 60.0
"""A host that says "too often" without saying how long rests for this long."""


class SourcesSpider(Spider):
    """Fetches source links from the live web, one item per document."""

    name = "sources"

    def __init__(self, event: str = "", host: str = "", outcome: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self.wanted = {"event": event, "host": host, "outcome": outcome}
        self.problem = ""
        """Why the crawl could not begin or go on; empty while all is well."""
        self._session: CrawlSession | None = None
        self._heartbeat: asyncio.Task[None] | None = None

    @property
    def began(self) -> bool:
        """Whether the session could be opened."""
        return self._session is not None

    @property
    def session(self) -> CrawlSession:
        """The crawl's resources; there are none before `start`."""
        if self._session is None:
            raise RuntimeError("the crawl has not begun")
        return self._session

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourcesSpider:  # noqa: ANN401
        """Connect what others tell the spider; Scrapy's ``-a`` arguments narrow the crawl."""
        spider: SourcesSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.item_done, signal=signals.item_scraped)
        crawler.signals.connect(spider.item_lost, signal=signals.item_error)
        crawler.signals.connect(spider.callback_failed, signal=signals.spider_error)
        crawler.signals.connect(spider.spider_closed, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Requests for leased documents, as long as there are any."""
        try:
            # Not in from_crawler: Scrapy makes the spider before the add-on has read the configuration.
            self._session = CrawlSession.from_crawler(self.crawler, **self.wanted)
        except (DatelineError, StorageError) as error:
            raise self._ended(error, "bad_input") from error
        self._heartbeat = asyncio.ensure_future(self._keep_alive())
        while documents := await self._take():
            for document in documents:
                yield self.request_for(document)

    async def _take(self) -> list[Document]:
        """The next documents; a store that cannot be reached for good ends the crawl."""
        try:
            return await self.session.frontier.take()
        except StorageError as error:
            raise self._ended(error, "store_unavailable") from error

    def _ended(self, error: Exception, reason: str) -> CloseSpider:
        log.error("the crawl ends: %s", error)
        self.problem = str(error)
        return CloseSpider(reason)

    def request_for(self, document: Document) -> Request:
        """The request for one document, conditional where an earlier capture left validators."""
        requested = not self.session.frontier.selection.due_only
        task = FetchTask(
            document=document,
            reason=reason_for(document, requested=requested),
            attempt_key=uuid.uuid4().hex,
            run_token=self.session.token,
        )
        headers = {
            name: value
            for name, value in (
                ("If-None-Match", document.validators.etag),
                ("If-Modified-Since", document.validators.last_modified),
            )
            if value
        }
        return Request(
            document.request_url,
            callback=self.answered,
            errback=self.unanswered,
            headers=headers,
            dont_filter=True,
            meta={TASK: task},
        )

    def answered(self, response: Response) -> Iterator[FetchedPage | FailedFetch]:
        """A response came: a page to understand, or a status that says why not."""
        exchanges: list[Exchange] = response.meta[EXCHANGES]
        outcome, detail = outcome_of_status(response.status), f"HTTP {response.status}"
        if response.meta.get("proxy"):
            said = (response.headers.get("Proxy-Status") or b"").decode("latin-1")
            outcome, detail = outcome_of_proxy_status(said) or outcome, f"{detail} {said}".strip()
        if outcome is None and exchanges[-1].truncated and b"</html>" not in response.body[-2048:].lower():
            outcome, detail = Outcome.BAD_RESPONSE, "the connection ended before the announced end of the page"
        if outcome is not None:
            yield self._failed(response.request, outcome, detail, response)
            return
        task: FetchTask = response.meta[TASK]
        yield FetchedPage(
            task=task,
            started_at=started_at(response.meta, utc_now()),
            finished_at=utc_now(),
            redirects=_redirects(exchanges),
            final_url=response.url,
            exchanges=tuple(exchanges),
            content=response.body,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        )

    def unanswered(self, failure: Failure) -> Iterator[FailedFetch]:
        """No usable response came; ``failure.request`` is the request that failed (after redirects)."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, HostResting) and EXCHANGES not in request.meta:
            self.session.frontier.done(request.meta[TASK].document)
            return
        outcome, detail = outcome_of_failure(failure.value or RuntimeError("no reason given"))
        if outcome is Outcome.FAILED:
            log.error("our own code failed on %s", request.url, exc_info=failure.value)
        if outcome is Outcome.TOO_LARGE:
            detail = f"more than {self.settings.getint('DOWNLOAD_MAXSIZE')} bytes"
        yield self._failed(request, outcome, detail, None)

    def _failed(self, request: Request | None, outcome: Outcome, detail: str, response: Response | None) -> FailedFetch:
        assert request is not None  # noqa: S101 - Scrapy's responses always carry theirs here
        exchanges: list[Exchange] = request.meta.get(EXCHANGES, [])
        header = response.headers.get("Retry-After") if response is not None else None
        wait = retry_after_s(header.decode("latin-1")) if header else None
        if outcome is Outcome.RATE_LIMITED or wait:
            self.session.frontier.rest(host_of(request.url), timedelta(seconds=wait or _REST_S))
        return FailedFetch(
            task=request.meta[TASK],
            outcome=outcome,
            detail=detail,
            started_at=started_at(request.meta, utc_now()),
            finished_at=utc_now(),
            final_url=request.url,
            status=response.status if response is not None else None,
            redirects=_redirects(exchanges) if response is not None else _hops(exchanges),
            exchanges=tuple(exchanges),
            retry_after_s=wait,
        )

    # -- what others tell the spider ---------------------------------------------------------------------------

    def slow_down(self, host: str, interval: timedelta) -> None:
        """A host asks for a longer interval (Crawl-delay)."""
        self.session.frontier.slow_down(host, interval)

    def is_resting(self, url: str) -> bool:
        """Whether the URL's host said "too often" and has not been given back since."""
        return self.session.frontier.is_resting(host_of(url))

    def item_done(self, item: Stored) -> None:
        """The item's result is stored."""
        self.session.frontier.done(item.understood.item.task.document)

    def item_lost(self, item: FetchedPage | FailedFetch, failure: Failure) -> None:
        """The item could not be stored; its document stays due and comes back when the lease ends."""
        log.error("not stored: %s", item.task.document.canonical_url, exc_info=failure.value)
        self.session.frontier.done(item.task.document)

    def callback_failed(self, response: Response | Failure) -> None:
        """A callback of ours raised (the traceback is in the log): the document stays due, the crawl goes on."""
        request = getattr(response, "request", None)
        if request is not None:
            self.session.frontier.done(request.meta[TASK].document)

    async def spider_closed(self, reason: str) -> None:
        """Give everything back and close the run."""
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


def _redirects(exchanges: list[Exchange]) -> tuple[Redirect, ...]:
    return _hops(exchanges[:-1])


def _hops(exchanges: list[Exchange]) -> tuple[Redirect, ...]:
    return tuple(Redirect(url=hop.url, status=hop.status) for hop in exchanges)
