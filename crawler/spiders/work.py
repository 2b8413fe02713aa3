"""What a worker fetches with: one engine for the live web, one for archives, and one run of a library for both.

Why two engines in one process: the live web is asked one request per host at a time, behind robots.txt and under a
lease; an archive is asked when its turn in the database has come, by several requests, and what it sends is not
decoded. Those are settings of a whole engine. Rejected: one engine whose middlewares ask each request what it is for
(every one of them would have to know, and one that forgets hurries a host); two runs (two extraction pools, two WARC
files and two rows for one process).

Why neither engine decides anything: documents are there when a job brought their host, and both engines end when the
worker does (`crawler.working`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request
from scrapy.exceptions import CloseSpider

from crawler.archiving import Stored
from crawler.errors import DatelineError
from crawler.items import FailedFetch
from crawler.queued_hosts import QueuedHosts
from crawler.session import CrawlSession
from crawler.spiders.runs import ArchiveSpider
from crawler.spiders.sources import SourcesSpider
from storage.errors import LibraryError, StorageError, StoreUnavailable

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Shift:
    """What the two engines of one worker share.

    Attributes:
        work: what the worker does with them, from the moment at which both can be used until it ends.
        stop: asks it to end.
        stored: told of each attempt that was stored.
        lost: told how many hosts others took from the worker.
        over: there is nothing more to do; the engines may end.
        archives_begun: the spider that asks archives, once its engine runs.
        archives_ended: that engine is gone, or never came.
    """

    work: Callable[[WorkSpider, ArchiveWorkSpider], Coroutine[Any, Any, None]]
    stop: Callable[[], None]
    stored: Callable[[Stored], None] = lambda _item: None
    lost: Callable[[int], None] = lambda _hosts: None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    archives_begun: asyncio.Future[ArchiveWorkSpider] | None = None
    archives_ended: asyncio.Event = field(default_factory=asyncio.Event)

    def archives(self) -> asyncio.Future[ArchiveWorkSpider]:
        """The spider that asks archives; awaited by whoever needs it."""
        if self.archives_begun is None:
            self.archives_begun = asyncio.get_running_loop().create_future()
        return self.archives_begun


class WorkSpider(SourcesSpider):
    """Fetches the documents of the hosts that jobs bring."""

    name = "work"
    what = "worker"

    def __init__(self, shift: Shift | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        if shift is None:
            raise ValueError("a worker is started with `dateline work`")
        super().__init__(**kwargs)
        self._shift = shift
        self._working: asyncio.Task[None] | None = None
        self._given_up = asyncio.Event()

    @property
    def hosts(self) -> QueuedHosts:
        """The hosts that jobs brought."""
        frontier = self.session.frontier
        assert isinstance(frontier, QueuedHosts)  # noqa: S101 - made so in `_opened`
        return frontier

    def _opened(self) -> CrawlSession:
        """The session, whose hosts are brought by jobs."""
        return CrawlSession.for_worker(self.crawler)

    async def start(self) -> AsyncIterator[Request | FailedFetch]:
        """Requests for the documents of the hosts that are brought, until the worker ends."""
        try:
            async for request in super().start():
                yield request
        except CloseSpider:
            raise
        except Exception as error:
            log.exception("our own code failed: the worker stops")
            raise self._ended(error, "broken") from error
        finally:
            self._shift.over.set()

    async def _requests(self) -> AsyncIterator[Request | FailedFetch]:
        archives = await self._shift.archives()
        archives.share(self.session)
        self._working = asyncio.ensure_future(self._shift.work(self, archives))
        self._working.add_done_callback(self._worked)
        async for request in super()._requests():
            yield request
        await asyncio.wait([self._working])

    def _worked(self, working: asyncio.Task[None]) -> None:
        """The worker ended, by itself or because something broke: no document comes any more."""
        self.hosts.end()
        problem = None if working.cancelled() else working.exception()
        if problem is None or self.problem:
            return
        if not isinstance(problem, (DatelineError, StorageError)):
            log.error("our own code failed: the worker stops", exc_info=problem)
        self._end_early(_as_error(problem), "store_unavailable")

    # -- the end -----------------------------------------------------------------------------------------------

    def hurry(self) -> None:
        """Take no new jobs; the hosts that are held are given back as soon as their documents under way are done."""
        super().hurry()
        self._shift.stop()
        if self.began:
            self.hosts.end()

    def broken(self, error: LibraryError | StoreUnavailable) -> None:
        """The disk or the database fails under work that is not the live web's: as in the crawl, nothing goes on."""
        self._stop(error)

    def _give_up(self) -> None:
        super()._give_up()
        self._given_up.set()

    async def given_up(self) -> None:
        """Wait until the worker waits for nothing any more."""
        await self._given_up.wait()

    def _let_go(self, hosts: frozenset[str]) -> None:
        """As in the crawl; counted where others have them, and not only nobody knows."""
        self._shift.lost(len(hosts - self.hosts.held))
        super()._let_go(hosts)

    def item_done(self, item: Stored) -> None:
        """The item's result is stored."""
        self._shift.stored(item)
        super().item_done(item)

    async def _settle(self) -> None:
        """Let the worker and the other engine end before what both use is closed."""
        self._shift.stop()
        if self.began:
            self.hosts.end()
        self._given_up.set()
        if self._working is not None:
            await asyncio.wait([self._working])
        self._shift.over.set()
        await self._shift.archives_ended.wait()
        await super()._settle()


class ArchiveWorkSpider(ArchiveSpider):
    """Asks archives for a worker; its session is the worker's, which opens and closes it."""

    name = "work_archives"
    what = "part of the worker that asks archives"

    def __init__(self, shift: Shift | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        if shift is None:
            raise ValueError("a worker is started with `dateline work`")
        super().__init__(**kwargs)
        self._shift = shift

    def share(self, session: CrawlSession) -> None:
        """The worker's session is open."""
        self._session = session

    async def start(self) -> AsyncIterator[Request]:
        """Nothing of its own: it is asked to ask."""
        begun = self._shift.archives()
        if not begun.done():
            begun.set_result(self)
        await self._shift.over.wait()
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def busy_with(self, task: asyncio.Task[Any]) -> None:
        """A piece of work that is given up when the worker stops."""
        self._workers.append(task)
        task.add_done_callback(self._workers.remove)

    async def spider_closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's signature
        """Stop what is under way; the session is the worker's to close."""
        if self._hurried is not None:
            self._hurried.cancel()
        await self._settle()
        self._shift.archives_ended.set()


def _as_error(problem: BaseException) -> Exception:
    """What to say of it."""
    if isinstance(problem, (DatelineError, StorageError)):
        return problem
    return RuntimeError(f"{type(problem).__name__}: {problem}")
