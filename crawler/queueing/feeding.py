"""What is due finds its way into the queue by itself, as long as a worker is there.

Why the queue is kept short: what waits in it was chosen some time ago. A few jobs per place are enough that no place is
ever idle, and which of three thousand hosts comes next is decided by the tables a second before, where the host that
waits longest is known, and who rests or is paused.

Why one feeder at a time by a moment in a row, and not by an advisory lock: a feeder that is paused would keep the lock
for as long as it sleeps, and its connection with it. Here it just does not come for its next turn. Where one takes
longer than a turn two may feed at once: they put the same orders, which wait once.

Why the feeder comes sooner where much was missing: a thousand hosts with one document each are done within seconds.

Why what is due is also brought up to date by whoever feeds (`Preparation`): it looks at every document of the library,
and once is enough, however many workers there are. Why beside the turns: it may take longer than many of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.configuration import Configuration
from crawler.host_states import HostStates
from crawler.lead_images import as_configured
from crawler.queueing.orders import QUEUES, HostOrder, WorkKind
from crawler.queueing.reaching import DEAD_S, translated
from crawler.store_thread import StoreThread
from storage.errors import StorageError, StoreUnavailable
from storage.protocol import Store
from storage.types import BackfillRequest, LeaseRequest, Selection

if TYPE_CHECKING:  # an extra, there where workers are used
    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

log = logging.getLogger(__name__)

FEED_S = 2.0
"""How often hosts are looked for."""
PER_PLACE = 4
"""How many jobs may wait for each place of all workers."""
PREPARE_S = 300.0
"""How often what is due is brought up to date."""
_SOON_S = 0.25
_LOOKED_AT = 20
"""Documents that are looked at, for each host that is wanted for archives."""

Feed = Callable[[int], Awaitable[Sequence[str]]]
"""Given how many are wanted, hosts that could be worked on now, the longest waiting first."""
Put = Callable[[Sequence[HostOrder]], Awaitable[int]]
Preparation = Callable[[], Awaitable[None]]
"""Finds out what has become due, where that takes more than a look."""

_TURN = """
    UPDATE dateline_about SET fed_at = now(), fed_by = %(name)s
    WHERE fed_by = %(name)s OR fed_at < now() - make_interval(secs => %(every_s)s) RETURNING fed_by
"""
_PLACES = """
    SELECT coalesce(sum(p.places), 0) FROM dateline_places p JOIN procrastinate_workers w ON w.id = p.worker_id
    WHERE p.queue = %(queue)s AND w.last_heartbeat > now() - make_interval(secs => %(dead_s)s)
"""
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = %(queue)s"
_LOCKS = "SELECT DISTINCT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = %(queue)s"


def feeds(store: StoreThread, configuration: Configuration) -> Mapping[WorkKind, Feed]:
    """What a library says is due: hosts for the live web, hosts for archives."""

    async def for_crawls(limit: int) -> Sequence[str]:
        return await store.call(lambda store: ready_hosts(store, configuration, now=store.clock(), limit=limit))

    async def for_backfills(limit: int) -> Sequence[str]:
        return await store.call(lambda store: hosts_for_archives(store, now=store.clock(), limit=limit))

    return {WorkKind.CRAWL: for_crawls, WorkKind.BACKFILL: for_backfills}


def ready_hosts(store: Store, configuration: Configuration, *, now: datetime, limit: int) -> list[str]:
    """Hosts that a plain crawl could ask now, as the library's settings have it."""
    return store.ready_hosts(plain_request(store, configuration, now=now, hosts=limit))


def plain_request(store: Store, configuration: Configuration, *, now: datetime, hosts: int) -> LeaseRequest:
    """What a plain crawl would ask the store for, to look and not to lease."""
    states = HostStates.configured(configuration)
    return LeaseRequest(
        token="",
        now=now,
        until=now,
        max_hosts=hosts,
        per_host=1,
        selection=as_configured(configuration, store, Selection()),
        avoid=states.paused,
        per_day=configuration.whole("crawl.per_day"),
        host_per_day=states.budgets,
    )


def hosts_for_archives(store: Store, *, now: datetime, limit: int) -> list[str]:
    """Hosts of the documents that wait longest for archives."""
    request = BackfillRequest(token="", now=now, until=now, limit=limit * _LOOKED_AT)
    return list(store.backfill_hosts(request))[:limit]


async def _nothing() -> None:
    """Nothing has to be found out."""


@dataclass(kw_only=True, slots=True)
class Feeder:
    """Feeds the queue in turn with others.

    Attributes:
        pool: of connections to the queue.
        put: queues orders.
        feeds: kind -> who knows which hosts are ready.
        name: of the feeder, unique among them.
        prepare: see there.
        every_s: between two turns.
    """

    pool: AsyncConnectionPool[Any]
    put: Put
    feeds: Mapping[WorkKind, Feed]
    name: str
    prepare: Preparation = _nothing
    every_s: float = FEED_S
    _preparing: asyncio.Task[None] | None = None
    _prepared_at: float = float("-inf")

    async def run(self, stop: asyncio.Event) -> None:
        """Feed until told to stop; a database that is away is asked again at the next turn."""
        while not stop.is_set():
            soon = False
            try:
                with translated():
                    soon = await self.turn()
            except StorageError as problem:
                say_put_off("nothing is fed", problem)
            await wait(stop, _SOON_S if soon else self.every_s)
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.wait([self._preparing])

    def _prepare_now_and_then(self) -> None:
        if self._preparing is not None and self._preparing.done():
            self._preparing.result()
            self._preparing = None
        now = asyncio.get_running_loop().time()
        if self._preparing is None and now - self._prepared_at >= PREPARE_S:
            self._prepared_at = now
            self._preparing = asyncio.ensure_future(self._prepared())

    async def _prepared(self) -> None:
        try:
            await self.prepare()
        except StorageError as problem:
            say_put_off("what is due was not brought up to date", problem)

    async def turn(self) -> bool:
        """Feed once, if it is our turn; returns whether more may be wanted soon."""
        async with self.pool.connection() as connection:
            turn = await connection.execute(_TURN, {"name": self.name, "every_s": self.every_s * 1.5})
            if await turn.fetchone() is None:
                return False
            self._prepare_now_and_then()
            rooms = {kind: await _room(connection, QUEUES[kind]) for kind in self.feeds}
        fed = [await self._feed(kind, *room) for kind, room in rooms.items()]
        return any(fed)

    async def _feed(self, kind: WorkKind, most: int, waiting: int, locks: frozenset[str]) -> bool:
        """Put orders for hosts without a job, as far as there is room; returns whether many were missing."""
        room = most - waiting
        if room <= 0:
            return False
        found = [HostOrder(host=host, kind=kind) for host in await self.feeds[kind](room + len(locks))]
        fresh = [order for order in found if order.lock not in locks][:room]
        if fresh:
            await self.put(fresh)
        return len(fresh) > most // 2


async def is_short(pool: AsyncConnectionPool[Any], queue: str) -> bool:
    """Whether fewer jobs wait in a queue than there are places: some may soon be idle.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    given = {"queue": queue, "dead_s": DEAD_S}
    with translated():
        async with pool.connection() as connection:
            return await _number(connection, _WAITING, given) < await _number(connection, _PLACES, given)


async def _room(connection: AsyncConnection[Any], queue: str) -> tuple[int, int, frozenset[str]]:
    """How many jobs may wait in a queue, how many do, and the locks of its hosts that have one."""
    given = {"queue": queue, "dead_s": DEAD_S}
    places, waiting = [await _number(connection, query, given) for query in (_PLACES, _WAITING)]
    locks = await (await connection.execute(_LOCKS, given)).fetchall()
    return places * PER_PLACE, waiting, frozenset(row[0] for row in locks)


async def _number(connection: AsyncConnection[Any], query: Any, given: Mapping[str, Any]) -> int:  # noqa: ANN401 - SQL
    row = await (await connection.execute(query, given)).fetchone()
    return int(row[0]) if row else 0


def say_put_off(what: str, problem: StorageError) -> None:
    """A database that is away is back soon; what it refuses stays refused, and a person has to hear of it."""
    log.log(logging.DEBUG if isinstance(problem, StoreUnavailable) else logging.WARNING, "%s: %s", what, problem)


async def wait(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until told to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
