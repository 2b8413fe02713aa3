"""One queue worked off by one worker: procrastinate's worker inside our event loop.

Why finished jobs are deleted whatever came of them: what is due stands in the library's tables, and a job that failed
says nothing that the log does not. Kept ones would grow by a row per host and slice for ever.

Why nothing is tried again by the queue: a serve that fails leaves its documents due, with their own retry times. What
the world's failure kept from being served is put back, but not what means something that there is not (any more): that
would come back for ever.

Why what has more is queued again at its end, and not gone on with: others that wait come first, so that a host with a
million documents does not keep a place from a thousand hosts with one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from procrastinate import App, JobContext
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from crawler.errors import DatelineError
from crawler.queueing.jobs import Job
from crawler.queueing.orders import HostOrder, Served
from crawler.queueing.patient import PatientConnector, insist
from crawler.queueing.reaching import BEAT_S, TASK
from crawler.queueing.stalled import Beat
from storage.errors import NotFound, StorageError

log = logging.getLogger(__name__)

_NEVER_S = 86400.0
"""For what procrastinate's worker does by the clock and we do ourselves, or not at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taker:
    """Takes jobs from one queue.

    Attributes:
        pool: of connections to the queue.
        serve: looks after one host.
        put_again: is told of a job with what came of it, where there is more to do.
        queue: name.
        places: how many jobs run at once.
        name: who works.
        stop: ends it.
    """

    pool: AsyncConnectionPool[Any]
    serve: Callable[[HostOrder], Awaitable[Served]]
    put_again: Callable[[Job, Served], Awaitable[None]]
    queue: str
    places: int
    name: str
    stop: asyncio.Event

    async def run(self) -> None:
        """Take jobs until told to stop, or until this worker was buried; then wait for what runs, never cancel it.

        Raises:
            ConnectorException: the database refuses, or is away still a while after the wish to stop.
        """
        connector = PatientConnector(self.stop)
        await connector.open_async(self.pool)
        worker = self._worker(App(connector=connector))
        places = {"name": self.name, "queue": self.queue, "places": self.places}
        running = asyncio.create_task(self._run(worker), name=f"queue {self.queue}")
        beating = asyncio.create_task(Beat(worker, connector, places).go_on(), name=f"beat {self.queue}")
        stopping = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait({running, beating, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            worker.stop()  # type: ignore[no-untyped-call]
            try:
                await _end_of(running)  # with signs of life until the last job ends
            finally:
                await _cancelled(beating, stopping)
        running.result()

    def _worker(self, app: App) -> Worker:
        app.task(name=TASK, pass_context=True)(self._do)
        return Worker(
            app,
            queues=[self.queue],
            name=self.name,
            concurrency=self.places,
            fetch_job_polling_interval=BEAT_S,
            abort_job_polling_interval=_NEVER_S,
            update_heartbeat_interval=_NEVER_S,
            stalled_worker_timeout=_NEVER_S,
            delete_jobs=DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
        )

    @staticmethod
    async def _run(worker: Worker) -> None:
        await worker.run()  # type: ignore[no-untyped-call]

    async def _do(self, _context: JobContext, /, **arguments: Any) -> None:  # noqa: ANN401 - JSON
        """One job, from its arguments to what becomes of it; only the library's own tables know what failed."""
        job = _read(arguments)
        if job is None:
            return
        try:
            served = await self.serve(job.order)
        except (DatelineError, NotFound) as problem:
            log.warning("%s is not served by anybody: %s", job.order.lock, problem)
            return
        except StorageError as problem:
            # The world's failure, not the order's: what a person ordered is not found again by any feeder.
            log.warning("%s was not served: %s", job.order.lock, problem)
            served = Served(more=True)
        except Exception:  # whatever it is, the queue goes on
            log.exception("%s was not served", job.order.lock)
            return
        if served.more or served.held_by_other or served.ready_at is not None:
            await self._put_again(job, served)

    async def _put_again(self, job: Job, served: Served) -> None:
        """Before the job ends; what a person ordered would be forgotten with it."""
        try:
            await insist(lambda: self.put_again(job, served), self.stop)
        except StorageError as problem:
            log.warning("%s has more, and cannot be queued now: %s", job.order.lock, problem)


def _read(arguments: Mapping[str, Any]) -> Job | None:
    try:
        return Job.from_arguments(arguments)
    except (ValueError, TypeError, KeyError) as error:
        log.warning("a job is none of ours, or of a newer dateline: %r (%s)", arguments, error)
        return None


async def _end_of(task: asyncio.Task[None]) -> None:
    """Wait until a task is over, whatever came of it and whoever is impatient."""
    impatient = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            impatient = True
    if impatient:
        raise asyncio.CancelledError


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
