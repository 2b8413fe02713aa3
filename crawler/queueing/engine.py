"""The queue as its users see it: `open_queue`, `WorkQueue`, and `put_orders` for commands that run no event loop.

Why an order of what is due that has more is left to the feeder where enough others wait: the feeder knows who waits
longest, and a host that was just served is not among them. Put back by itself it would keep its place for ever: the
queue is short, and sixty large hosts would fill it. Where few wait it is put back at once, so that no place is idle.
What a person ordered is put back in any case, and so is every order that means less, or other documents, than what is
due: no feeder knows of it. While the database is away that waits, and the job with it.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crawler.configuration import Configuration
from crawler.queueing.feeding import Feed, Feeder, Preparation, is_short, wait
from crawler.queueing.jobs import LOCK, PUT, PUT_LOCK, Job, to_put
from crawler.queueing.orders import QUEUES, HostOrder, Served, WorkKind
from crawler.queueing.reaching import address_of, connected, translated
from crawler.queueing.tables import ensure_tables
from storage.types import utc_now

if TYPE_CHECKING:  # an extra, there where workers are used
    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

log = logging.getLogger(__name__)

Serve = Callable[[HostOrder], Awaitable[Served]]
"""Looks after one host; what it raises is logged, and the job ends all the same."""

_AGAIN_S = 1.0
_HELD_S = 3.0
"""For how long a host that somebody else holds, or where nothing could be done, is left alone."""
_RESTS_S = 60.0
"""For how long at most a host that rests is left alone; a person may end its rest."""
_SOON_S = 0.1
_CONNECTIONS = 4
_FOR_EVER_S = 10 * 365 * 86400.0
_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = ANY(%(queues)s)"


@asynccontextmanager
async def open_queue(database_url: str) -> AsyncIterator[WorkQueue]:
    """The queue of the library whose database this is; its tables are made or upgraded first.

    Args:
        database_url: as `Configuration.database_url` has it.

    Raises:
        ConfigurationError: the database is not PostgreSQL, or the extra is missing.
        LibraryError: the queue's tables were made by a newer procrastinate.
        StoreUnavailable: the database cannot be reached.
    """
    address = address_of(database_url)
    await asyncio.to_thread(ensure_tables, database_url)
    from psycopg_pool import AsyncConnectionPool  # noqa: PLC0415 - an extra, there where workers are used

    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # several lines per job
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        kwargs=address,
        configure=_each_statement_by_itself,
        min_size=1,
        max_size=_CONNECTIONS,
        timeout=10,
        reconnect_timeout=_FOR_EVER_S,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    with translated():
        await pool.open(wait=True, timeout=10)
    try:
        yield WorkQueue(pool)
    finally:
        await pool.close()


async def _each_statement_by_itself(connection: AsyncConnection[Any]) -> None:
    """Not by the connection's arguments: procrastinate gives that one itself where it listens."""
    await connection.set_autocommit(True)


class WorkQueue:
    """The queue, open.

    Args:
        pool: of connections to it.
    """

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool
        self._feeding: frozenset[WorkKind] = frozenset()

    async def put(self, orders: Iterable[HostOrder], *, priority: int = 0, wait_s: float = 0.0) -> int:
        """Queue orders; one that waits already is not queued twice. Returns how many jobs are new.

        Args:
            orders: what is to be done.
            priority: higher ones come first.
            wait_s: for how many seconds nobody takes them.

        Raises:
            StoreUnavailable: the database cannot be reached; nothing was queued.
        """
        given = to_put(orders, priority=priority, wait_s=wait_s)
        with translated():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(LOCK, {"key": PUT_LOCK})
                rows = await (await connection.execute(PUT, given)).fetchall()
        return sum(row[0] for row in rows)

    async def work(self, serve: Serve, *, queue: str, places: int, name: str, stop: asyncio.Event) -> None:
        """Work off one queue until ``stop`` is set, then wait for the serves that run; never cancels them.

        While the database is away it waits for it; it returns late, not with an error. Several calls may run at once
        on one open queue (one per name in `orders.QUEUES`).

        Args:
            serve: looks after one host.
            queue: one of `orders.QUEUES`' values.
            places: how many serves run at once.
            name: who works, for people: unique among workers, such as ``machine:pid``.
            stop: set it to end; ask the running serves to end, too.
        """
        from crawler.queueing.taking import Taker  # noqa: PLC0415 - procrastinate takes a while to import

        taker = Taker(
            pool=self._pool,
            serve=serve,
            put_again=self._put_again,
            queue=queue,
            places=places,
            name=name,
            stop=stop,
        )
        while not stop.is_set():
            try:
                await taker.run()
            except Exception as error:  # noqa: BLE001 - a worker ends when it is told to, not before
                log.warning("the queue %s cannot be worked off: %s", queue, error.__cause__ or error)
                await wait(stop, _AGAIN_S)

    async def feed(
        self, feeds: Mapping[WorkKind, Feed], *, stop: asyncio.Event, prepare: Preparation | None = None
    ) -> None:
        """Every two seconds, until ``stop``, queue what is due and has no job, as far as there are places for it.

        Any number of workers may do this at once; one of them does it at a time.

        Args:
            feeds: kind -> who knows which hosts are ready; `feeding.feeds` makes them.
            stop: ends it.
            prepare: called now and then by the one that feeds; cancelled at the end.
        """
        self._feeding = frozenset(feeds)
        feeder = Feeder(pool=self._pool, put=self.put, feeds=feeds, name=uuid.uuid4().hex)
        if prepare is not None:
            feeder.prepare = prepare
        try:
            await feeder.run(stop)
        finally:
            self._feeding = frozenset()

    async def jobs(self, queues: Iterable[str]) -> int:
        """How many jobs of these queues wait or run.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        with translated():
            async with self._pool.connection() as connection:
                row = await (await connection.execute(_JOBS, {"queues": list(queues)})).fetchone()
        return int(row[0]) if row else 0

    async def _put_again(self, job: Job, served: Served) -> None:
        """Queue an order that has more behind the others, unless the feeder brings its host again by itself.

        Raises:
            StorageError: it could not be queued.
        """
        order = job.order
        if not await self._is_fed(order, served):
            rest = replace(order, after=served.after)
            await self.put([rest], priority=job.priority, wait_s=_wait_s(served))

    async def _is_fed(self, order: HostOrder, served: Served) -> bool:
        if order.kind not in self._feeding or not order.is_plain:
            return False
        if not served.more or not served.documents:
            return True
        return not order.by and not await is_short(self._pool, QUEUES[order.kind])


def _wait_s(served: Served) -> float:
    """For how many seconds a host is left alone before its order is taken again."""
    if served.ready_at is not None:
        rest_s = (served.ready_at - utc_now()).total_seconds()
        return min(max(rest_s, _SOON_S), _RESTS_S)
    return 0.0 if served.documents and not served.held_by_other else _HELD_S


def put_orders(configuration: Configuration, orders: Iterable[HostOrder], *, priority: int = 0) -> int:
    """`WorkQueue.put` without an event loop; returns how many jobs are new.

    Raises:
        ConfigurationError, LibraryError, StoreUnavailable: see `open_queue`.
    """
    given = to_put(orders, priority=priority)
    ensure_tables(configuration.database_url)
    with connected(configuration.database_url) as connection, connection.transaction():
        connection.execute(LOCK, {"key": PUT_LOCK})
        return sum(row[0] for row in connection.execute(PUT, given))


__all__ = ["QUEUES", "Serve", "WorkQueue", "open_queue", "put_orders"]
