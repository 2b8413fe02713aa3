"""Orders for texts: the stored versions of one host, extracted again and staged, a slice at a time.

What is staged waits: no text is written over before somebody ran ``dateline reextract``, saw the figures and agreed.
One slice takes versions where the one before it stopped; when all of them are staged they are weighed. Both steps are
those of a single process (`crawler.staging`), and so is what comes of them.

Why a version whose capture this worker cannot read is left out, and not staged as one that nobody can read: the file
may be on another machine. The command that shows the figures tries it once more, and says so.

Why a database that is away is not waited for here: the order goes back to the queue, and the worker can stop at once.

Why no more pages at a time than there are extracting processes: those of the crawl wait in the same line.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from crawler import staging
from crawler.library import Library
from crawler.queueing.orders import AGAIN, HostOrder, Served
from crawler.renewing import Given, Missing, extracted_again
from crawler.session import Session
from crawler.staging import Row
from crawler.store_thread import StoreThread
from crawler.workers import ExtractionPool
from crawler.working.own_library import own_library
from storage.errors import PlaceUnavailable, StoreUnavailable
from storage.protocol import Store
from storage.types import Article

log = logging.getLogger(__name__)

_BATCH: Final = 32
"""Versions between two looks at the clock: about a second's work."""
_PAGE: Final = 4 * _BATCH
"""Versions that are read at once."""


async def serve(session: Session, order: HostOrder) -> Served:
    """Extract, stage and weigh the versions of a host for a slice."""
    ends_at = time.monotonic() + session.configuration.number("workers.slice_s")
    try:
        async with own_library(session.configuration) as (library, thread):
            one = _Slice(pool=session.pool, order=order, library=library, thread=thread, ends_at=ends_at)
            return await one.serve()
    except StoreUnavailable as problem:
        return _put_off(order, problem, after=order.after)


def _put_off(order: HostOrder, problem: Exception, *, after: int) -> Served:
    log.warning("%s: put off: %s", order.host, problem)
    return Served(more=True, after=after)


@dataclass(slots=True, kw_only=True)
class _Slice:
    """One slice of one order.

    Attributes:
        pool: of the worker.
        order: see there.
        library: this slice's own.
        thread: where its store is.
        ends_at: on the steady clock.
        documents: versions that were dealt with.
    """

    pool: ExtractionPool
    order: HostOrder
    library: Library
    thread: StoreThread
    ends_at: float
    documents: int = 0

    async def serve(self) -> Served:
        after = self.order.after
        try:
            while rows := await self.thread.call(partial(self._next, after=after)):
                for batch in staging.batches(rows, _BATCH):
                    await self._stage(batch)
                    after = batch[-1][0].id
                    if self._is_over:
                        return Served(documents=self.documents, more=True, after=after)
            while pending := await self.thread.call(self._unweighed):
                for few in staging.batches(pending, _BATCH):
                    await self.thread.call(partial(staging.weigh, version_ids=few))
                    if self._is_over:
                        return Served(documents=max(self.documents, len(few)), more=True, after=after)
        except (StoreUnavailable, PlaceUnavailable) as problem:
            return _put_off(self.order, problem, after=after)
        return Served(documents=self.documents)

    @property
    def _is_over(self) -> bool:
        return time.monotonic() >= self.ends_at

    def _next(self, store: Store, *, after: int) -> list[Row]:
        return list(islice(store.versions(host=self.order.host, after=after), _PAGE))

    def _unweighed(self, store: Store) -> list[int]:
        return list(islice(staging.unweighed(store, self.order.host), _PAGE))

    async def _stage(self, rows: list[Row]) -> None:
        again = bool(self.order.options.get(AGAIN))
        wanted = (await self.thread.call(lambda store: staging.sorted_out(store, rows, again=again))).missing
        given = await self.thread.call(lambda _: staging.read(self.library, wanted)) if wanted else []
        pages: list[Given] = []
        readable: list[Row] = []
        for row, one in zip(wanted, given, strict=True):
            if isinstance(one, Missing):
                log.warning("%s is left to another machine: %s", row[2].canonical_url, one.reason)
            else:
                readable.append(row)
                pages.append(one)
        if readable:
            found = await self._extracted(pages)
            await self.thread.call(lambda store: staging.put_beside(store, readable, found))
            self.documents += len(readable)

    async def _extracted(self, given: list[Given]) -> list[Article | Missing]:
        places = asyncio.Semaphore(self.pool.workers)

        async def extracted(one: Given) -> Article | Missing:
            async with places:
                return await extracted_again(self.pool, one)

        return await asyncio.gather(*(extracted(one) for one in given))
