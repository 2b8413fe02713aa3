"""A crawl that is asked to stop waits a moment for what is under way, then gives it up.

Scrapy waits until the last request is answered or has timed out, redirects included: minutes, where a service manager
or a person waits for seconds. What is given up has no outcome: nobody knows what the answer would have been, so its
document stays due and the next run fetches it.

Why a moment is waited at all: most answers come within it, and a page that was sent is work of the host's.

A run that loses a host to another one (`crawler.fencing`) gives up what is under way to that host in the same way, and
only that.

Why a downloader of our own and not a middleware: a request waits in many places (for its host, robots.txt, its turn, an
address, bytes), and only the downloader surrounds all of them. Why transfers are cancelled and not only left alone:
a connection that stays open keeps the other side busy, and the reactor complains about what it has to drop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet.defer import Deferred

T = TypeVar("T")

GRACE_S: Final = 1.5
"""What is under way may still end by itself for so long after a crawl was asked to stop."""


class GivenUp(DownloadTimeoutError):
    """The run stops: nobody waits for this any more. To who knows no better it is a timeout."""


def is_given_up(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is that the run stops."""
    while error is not None:
        if isinstance(error, GivenUp):
            return True
        error = error.__cause__
    return False


class Patience:
    """What a run waits for until it gives up; one per run."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[Any], str] = {}
        self._dropped: dict[asyncio.Future[Any], Exception] = {}
        self.ended = False

    async def wait(self, work: Coroutine[Any, Any, T], *, on: str = "") -> T:
        """The work's result.

        Args:
            work: what is waited for.
            on: what it is work on, for `drop`.

        Raises:
            GivenUp: it was given up; the work is cancelled.
            Exception: what `drop` was told to say; the work is cancelled.
        """
        if self.ended:
            work.close()
            raise GivenUp("the run stops")
        task = asyncio.ensure_future(work)
        self._waiting[task] = on
        try:
            return await task
        except asyncio.CancelledError:
            if (why := self._dropped.get(task)) is not None:
                raise why from None
            if not self.ended:
                task.cancel()
                raise
            raise GivenUp("the run stops") from None
        finally:
            del self._waiting[task]
            self._dropped.pop(task, None)

    def drop(self, is_meant: Callable[[str], bool], why: Callable[[str], Exception]) -> None:
        """Wait no more for the work on these; who waits for it is told why."""
        for task, name in tuple(self._waiting.items()):
            if is_meant(name) and not task.done():
                self._dropped[task] = why(name)
                task.cancel()

    def end(self) -> None:
        """Wait for nothing any more."""
        self.ended = True
        for task in tuple(self._waiting):
            task.cancel()


class PatientDownloader(Downloader):
    """Scrapy's downloader, which can give up all that is under way."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._patience = Patience()
        self._transfers: dict[asyncio.Task[Any], str] = {}
        self._cut: set[asyncio.Task[Any]] = set()

    def fetch(self, request: Request) -> Deferred[Response | Request]:  # type: ignore[override]
        """As Scrapy's; fails with `GivenUp`, or with what `let_go` was told to say."""
        return deferred_from_coro(self._patience.wait(self._fetched(request), on=request.url))

    async def _fetched(self, request: Request) -> Response | Request:
        result: Response | Request = await maybe_deferred_to_future(super().fetch(request))
        return result

    async def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Deferred[Response]) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - Scrapy schedules it as one
        self._transfers[task] = request.url
        try:
            await super()._wait_for_download(slot, request, queue_dfd)
        except asyncio.CancelledError:
            # Whoever waited for it was told before.
            if not self._patience.ended and task not in self._cut:
                raise
        finally:
            del self._transfers[task]
            self._cut.discard(task)

    def give_up(self) -> None:
        """Let go of every request: those that wait are not sent any more, those that are sent are hung up on."""
        for slot in self.slots.values():
            slot.queue.clear()
            slot.close()
        self._patience.end()
        for task in tuple(self._transfers):
            task.cancel()

    def let_go(self, is_meant: Callable[[str], bool], why: Callable[[str], Exception]) -> None:
        """Let go of some requests, whether they are under way or wait for their turn.

        Args:
            is_meant: given a URL, whether requests for it are.
            why: given a URL, what whoever waits for it is told.
        """
        for slot in self.slots.values():
            slot.queue = deque(one for one in slot.queue if not is_meant(one[0].url))
        self._patience.drop(is_meant, why)
        for task, url in tuple(self._transfers.items()):
            if is_meant(url):
                self._cut.add(task)
                task.cancel()
