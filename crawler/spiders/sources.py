"""The live crawl: asks for each leased document and turns whatever happens into one item.

Usage: ``scrapy crawl sources [-a event=KEY] [-a host=NAME] [-a outcome=NAME]``; the same crawl as ``dateline crawl``
(without an event) and ``dateline refetch KEY`` (with one). ``-a role=lead_image`` narrows it to lead images.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archiving import Stored
from crawler.browser import BROWSER
from crawler.discovery import is_feed
from crawler.errors import DatelineError
from crawler.giving_up import is_given_up
from crawler.guests import Refusal
from crawler.handlers import EXCHANGES, MOST_BYTES, HostLost, HostResting
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.lead_images import is_lead_image
from crawler.middlewares.host_gate import HostHeld
from crawler.middlewares.keeper import TASK
from crawler.planning import reason_for
from crawler.politeness import host_asked
from crawler.session import CrawlSession
from crawler.spiders.attempts import Attempts, failed
from crawler.spiders.runs import RunSpider
from storage.errors import LibraryError, StorageError, StoreUnavailable
from storage.types import Document, Outcome

log = logging.getLogger(__name__)


class SourcesSpider(RunSpider[CrawlSession]):
    """Fetches source links from the live web, one item per document."""

    name = "sources"
    what = "crawl"

    def __init__(
        self,
        event: str = "",
        host: str = "",
        outcome: str = "",
        role: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**kwargs)
        self.wanted: dict[str, Any] = {"event": event, "host": host, "outcome": outcome, "role": role}
        self._saving: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401
        """Connect what others tell the spider; Scrapy's ``-a`` arguments narrow the crawl."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.item_done, signal=signals.item_scraped)
        crawler.signals.connect(spider.item_lost, signal=signals.item_error)
        crawler.signals.connect(spider.callback_failed, signal=signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Request | FailedFetch]:
        """Requests for leased documents, as long as there are any."""
        try:
            session = self._opened()
        except (DatelineError, StorageError) as error:
            raise self._ended(error, "bad_input") from error
        self._begin(session)
        async for request in self._requests():
            yield request

    def _begin(self, session: CrawlSession) -> None:
        """The session is open; from now on it says which hosts were lost."""
        session.frontier.on_lost = self._let_go
        super()._begin(session)

    def _opened(self) -> CrawlSession:
        """The library, open, and a run registered; raises what a person has to hear."""
        return CrawlSession.from_crawler(self.crawler, **self.wanted)

    async def _requests(self) -> AsyncIterator[Request | FailedFetch]:
        """Requests for leased documents of the selection, as long as there are any."""
        while documents := await self._take():
            for document in documents:
                yield self._begun(document)

    async def _take(self) -> list[Document]:
        """The next documents; a store that cannot be reached for good ends the crawl."""
        try:
            return await self.session.frontier.take()
        except StorageError as error:
            raise self._ended(error, "store_unavailable") from error

    def _begun(self, document: Document) -> Request | FailedFetch:
        """The request for a document, or its failed attempt where there can be none."""
        requested = not self.session.frontier.selection_of(document).due_only
        task = FetchTask(
            document=document,
            reason=reason_for(document, requested=requested),
            attempt_key=uuid.uuid4().hex,
            run_token=self.session.token,
        )
        try:
            return self.request_for(task)
        except Exception as error:  # noqa: BLE001 - one document must not end the crawl
            return self._told(self._attempts.unmade(task, error), error)

    def request_for(self, task: FetchTask) -> Request:
        """The request for one document, conditional where an earlier capture left validators."""
        document = task.document
        headers = {
            name: value
            for name, value in (
                ("If-None-Match", document.validators.etag),
                ("If-Modified-Since", document.validators.last_modified),
            )
            if value
        }
        meta: dict[str, Any] = {TASK: task}
        if self.session.browser and document.last_outcome is Outcome.NEEDS_JAVASCRIPT:
            meta[BROWSER] = True
        if is_lead_image(document):
            meta[MOST_BYTES] = self.session.configuration.size("images.max_mb")
        elif is_feed(document):
            meta[MOST_BYTES] = self.session.configuration.size("discovery.max_mb")
        return Request(
            document.request_url,
            callback=self.answered,
            errback=self.unanswered,
            headers=headers,
            dont_filter=True,
            meta=meta,
        )

    def answered(self, response: Response) -> Iterator[FetchedPage | FailedFetch]:
        """A response came: a page to understand, or a status that says why not."""
        assert response.request is not None  # noqa: S101 - Scrapy's responses always carry theirs here
        try:
            item = self._attempts.answered(response)
        except Exception as error:  # noqa: BLE001 - one page must not stop the crawl: it is told as `failed`
            item = self._told(self._attempts.unanswered(response.request, error), error)
        yield item

    def unanswered(self, failure: Failure) -> Iterator[FailedFetch]:
        """No usable response came; ``failure.request`` is the request that failed (after redirects)."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value or RuntimeError("no reason given")
        if is_given_up(error):
            self.session.frontier.let_go(request.meta[TASK].document)
            return
        never_asked = isinstance(error, HostResting) and not isinstance(error, HostHeld)
        if isinstance(error, HostLost) or (never_asked and EXCHANGES not in request.meta):
            self.session.frontier.done(request.meta[TASK].document)
            return
        yield self._told(self._attempts.unanswered(request, error), error)

    def _told(self, item: FailedFetch, error: BaseException) -> FailedFetch:
        """The item; where it is our own fault, the log has the traceback and what to do."""
        if item.outcome is Outcome.FAILED:
            url = item.task.document.canonical_url
            log.error("our own code failed; when it is mended: dateline replay %s", url, exc_info=error)
        return item

    @property
    def _attempts(self) -> Attempts:
        return Attempts(frontier=self.session.frontier)

    # -- what others tell the spider ---------------------------------------------------------------------------

    def interval_of(self, host: str) -> timedelta:
        """The least time between two requests to a host."""
        return self.session.frontier.hosts.interval(host)

    def heard_crawl_delay(self, host: str, seconds: float | None) -> None:
        """What robots.txt of the host says of the interval."""
        self.session.frontier.hosts.heard_crawl_delay(host, seconds)

    def hold_back(self, response: Response) -> None:
        """Leave the host alone from this moment, where its answer asks for that."""
        self._attempts.hold_back(response)

    async def visit(self, document: Document, host: str) -> Refusal | None:
        """Hold a host where a redirect of the document leads; returns why it cannot be had."""
        return await self.session.frontier.visit(document, host)

    async def still_holds(self, url: str) -> bool:
        """Whether the URL's host is ours still, so that a request may leave."""
        return await self.session.frontier.still_holds(host_asked(url))

    def _let_go(self, hosts: frozenset[str]) -> None:
        """These hosts may not be asked any more: what is under way to them is given up, it stays due."""
        if (downloader := self._downloader) is not None:
            downloader.let_go(lambda url: host_asked(url) in hosts, lambda url: HostLost(f"{url}: its host was lost"))

    def is_resting(self, url: str) -> bool:
        """Whether the URL's host is to be left alone now."""
        return self.session.frontier.is_resting(host_asked(url))

    def item_done(self, item: Stored) -> None:
        """The item's result is stored."""
        self.session.frontier.done(item.understood.item.task.document)

    def item_lost(self, item: FetchedPage | FailedFetch, failure: Failure) -> None:
        """A pipeline failed on the item: it is quarantined."""
        self._set_aside(item, failure.value)

    def callback_failed(self, response: Response | Failure, failure: Failure) -> None:
        """Something of ours raised around a callback (the traceback is in the log): the attempt is quarantined."""
        request: Request | None = getattr(response, "request", None)
        if request is not None:
            self._set_aside(failed(request.meta, request.url, Outcome.FAILED, ""), failure.value)

    def _set_aside(self, item: FetchedPage | FailedFetch, error: BaseException | None) -> None:
        if is_given_up(error):
            self.session.frontier.let_go(item.task.document)
            return
        if isinstance(error, (LibraryError, StoreUnavailable)):
            self._stop(error)
            return
        saving = asyncio.ensure_future(self._quarantine(item, error))
        self._saving.add(saving)
        saving.add_done_callback(self._saving.discard)

    async def _quarantine(self, item: FetchedPage | FailedFetch, error: BaseException | None) -> None:
        document = item.task.document
        log.error("not stored: %s", document.canonical_url, exc_info=error)
        try:
            await self.session.writer.quarantine(item, f"{type(error).__name__}: {error}")
        except Exception:
            log.exception("%s stays due; its host is left to another run", document.canonical_url)
            self.session.frontier.give_up(document)
        else:
            self.session.frontier.done(document)

    def _stop(self, error: LibraryError | StoreUnavailable) -> None:
        """The disk or the database fails: no page is to blame, all stay due, and fetching on would be in vain."""
        self._end_early(error, "store_unavailable")

    async def _settle(self) -> None:
        """Wait for what is being put into quarantine."""
        if self._saving:
            await asyncio.wait(self._saving)
