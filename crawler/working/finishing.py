"""When a worker that is to work only once has nothing left: nothing waits, and nothing becomes ready soon.

Why it looks twice: between a job that ends and the one that is put for the same host nothing waits for a moment.
Why it waits for hosts that rest a little: a crawl does the same (`crawler.frontier.FrontierLimits`), and without it a
host with two documents would be left with one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from crawler.archiving import Patient
from crawler.queueing.engine import WorkQueue
from crawler.queueing.feeding import Feed, plain_request
from crawler.queueing.orders import WorkKind
from crawler.session import CrawlSession
from crawler.working.counting import Tally
from storage.errors import StorageError
from storage.protocol import Store

LOOK_S: Final = 0.5
_LOOKS = 2


class Remaining:
    """What is left to do.

    Args:
        queue: open.
        session: of the worker.
        queues: that it works off.
        offered: kind -> who knows which hosts are ready; empty where only orders are served.
        tally: of the worker.
    """

    def __init__(
        self,
        queue: WorkQueue,
        session: CrawlSession,
        queues: Sequence[str],
        offered: Mapping[WorkKind, Feed],
        tally: Tally,
    ) -> None:
        self._queue, self._session, self._queues = queue, session, queues
        self._offered, self._tally = offered, tally

    async def ended(self, stop: Callable[[], None], stopped: asyncio.Event) -> None:
        """Stop the worker when nothing is left."""
        idle = 0
        while not stopped.is_set() and idle < _LOOKS:
            await asyncio.sleep(LOOK_S)
            try:
                idle = 0 if await self._any() else idle + 1
            except StorageError:
                idle = 0
        stop()

    async def _any(self) -> bool:
        if self._tally.at_work or await self._queue.jobs(self._queues):
            return True
        for feed in self._offered.values():
            if await feed(1):
                return True
        crawls = WorkKind.CRAWL in self._offered
        return crawls and await Patient(self._session.store).call(self._is_soon)

    def _is_soon(self, store: Store) -> bool:
        """Whether a host with something due ends its rest within the patience of a crawl."""
        settings, now = self._session.configuration, store.clock()
        ready = store.next_ready(plain_request(store, settings, now=now, hosts=1))
        return ready is not None and ready - now <= self._patience

    @property
    def _patience(self) -> timedelta:
        return self._session.frontier.limits.patience
