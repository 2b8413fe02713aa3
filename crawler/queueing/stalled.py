"""Signs of life, and what becomes of the jobs of workers that give none.

Why the heartbeats are ours and not procrastinate's: its end with the wish to stop, while the last jobs still run; after
some seconds those would be taken over though they are at work.

Why nobody is buried by a worker that was away from the database itself: after a restart of the database all heartbeats
are old, and whoever comes back first would take every job of those who come back a second later. Who buries has seen
the database without a break for as long as a worker may be silent.

Why any worker buries and not one of them: what is found dead is the same for all, each does it in one short
transaction, and nothing hangs on who else lives.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from crawler.queueing.jobs import BURY, LOCK, PUT_LOCK, of_nobody, of_the_dead
from crawler.queueing.patient import PatientConnector
from crawler.queueing.reaching import BEAT_S, DEAD_S

if TYPE_CHECKING:
    from procrastinate.worker import Worker

log = logging.getLogger(__name__)

_ALIVE = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(id)s RETURNING id"
_PLACES = """
    INSERT INTO dateline_places (worker_id, name, queue, places) VALUES (%(id)s, %(name)s, %(queue)s, %(places)s)
    ON CONFLICT (worker_id) DO NOTHING
"""
_STALLED = """
    SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(dead_s)s))
        OR EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL) AS found
"""
_MINE = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %(id)s"


class Beat:
    """The signs of life of one worker on one queue.

    Args:
        worker: procrastinate's.
        connector: the worker's.
        places: what `dateline_places` is to say of it: ``name``, ``queue``, ``places``.
    """

    def __init__(self, worker: Worker, connector: PatientConnector, places: dict[str, Any]) -> None:
        self._worker, self._connector, self._places = worker, connector, places
        self._seen_since: float | None = None
        self._unheard: set[int] = set()

    async def go_on(self) -> None:
        """Beat until cancelled; ends by itself where the worker was buried, which then has to begin anew."""
        while True:
            try:
                async with asyncio.timeout(DEAD_S):
                    if not await self._beat():
                        log.warning("this worker was silent for too long: others took over its jobs on this queue")
                        return
                self._seen_since = self._seen_since or time.monotonic()
            except (TimeoutError, psycopg.Error) as problem:
                self._seen_since = None
                log.debug("no sign of life: %s", problem)
            await asyncio.sleep(BEAT_S)

    async def _beat(self) -> bool:
        """One sign of life, and whatever is to be done for others; False where nobody waits for it any more."""
        me = self._worker.worker_id
        if me is None:  # not registered yet, or not any more
            return True
        async with self._connector.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_ALIVE, {"id": me})
            if await cursor.fetchone() is None:
                return self._worker.worker_id is None
            await cursor.execute(_PLACES, {"id": me, **self._places})
            await self._take_back_unheard(cursor, me)
            if self._may_bury:
                await self._bury(cursor)
        return True

    @property
    def _may_bury(self) -> bool:
        return self._seen_since is not None and time.monotonic() - self._seen_since >= DEAD_S

    async def _take_back_unheard(self, cursor: psycopg.AsyncCursor[Any], me: int) -> None:
        """Queue again what was given to us by answers that never came; twice seen, because an answer takes its time."""
        await cursor.execute(_MINE, {"id": me})
        unheard = {row["id"] for row in await cursor.fetchall()} - self._connector.held
        lost, self._unheard = unheard & self._unheard, unheard
        if lost:
            await self._put_back(cursor, *of_nobody(lost))

    async def _bury(self, cursor: psycopg.AsyncCursor[Any]) -> None:
        await cursor.execute(_STALLED, {"dead_s": DEAD_S})
        found = await cursor.fetchone()
        if found and found["found"]:
            await self._put_back(cursor, *of_the_dead(), bury=True)

    @staticmethod
    async def _put_back(
        cursor: psycopg.AsyncCursor[Any], statement: LiteralString, values: dict[str, Any], *, bury: bool = False
    ) -> None:
        async with cursor.connection.transaction():
            await cursor.execute(LOCK, {"key": PUT_LOCK})
            await cursor.execute(statement, values)
            taken = [row["lock"] for row in await cursor.fetchall()]
            if bury:
                await cursor.execute(BURY, {"dead_s": DEAD_S})
        for lock in taken:
            log.info("the job of a worker that is gone goes to another: %s", lock)
