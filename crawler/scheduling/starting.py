"""Start one run of a job, or say why not.

Why the row is written before the process is there: the row is what keeps a job from overlapping itself, on any machine.
Why the lead is checked just before it: a leader that lost its connection does not know it yet, and the next leader may
have made the start already.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from crawler.configuration import Configuration, Job
from crawler.disk import Room
from crawler.liveness import take_back_dead
from crawler.runlog import output_name
from crawler.runs import login_name
from crawler.scheduling import processes
from crawler.scheduling.at_work import AtWork, named
from crawler.scheduling.database import Database
from crawler.scheduling.queued import as_queued
from crawler.scheduling.state import SchedulerState
from crawler.scheduling.timetable import NotBegun
from crawler.scheduling.watching import Ending
from storage.errors import DiskFull, JobRunning, RunNotFound
from storage.protocol import Store
from storage.types import JobMark, Run, RunState, utc_now

log = logging.getLogger(__name__)
T = TypeVar("T")


class Starter:
    """Starts jobs for the scheduler that leads.

    Args:
        database: of the library.
        at_work: takes what was started.
        state: where it is counted.
        leads: whether this scheduler leads, asked of the database.
        arguments: what is executed for a job.
    """

    def __init__(
        self,
        database: Database,
        at_work: AtWork,
        state: SchedulerState,
        *,
        leads: Callable[[], Awaitable[bool]],
        arguments: processes.Arguments,
    ) -> None:
        self._database, self._at_work, self._state = database, at_work, state
        self._leads, self._arguments = leads, arguments
        self._beginning: set[asyncio.Task[asyncio.Task[None] | None]] = set()
        self.closed = False

    async def begin(self, configuration: Configuration, job: Job, *, by: str = "") -> asyncio.Task[None] | None:
        """Start the job; returns what ends when its row is settled, ``None`` where it was not started for a reason.

        Args:
            configuration: in force.
            job: of it.
            by: who asked for it by hand, paused or not; empty: the clock.

        Raises:
            NotBegun: this scheduler starts nothing any more.
        """
        work = asyncio.create_task(self._begin(configuration, as_queued(configuration, job), by))
        self._beginning.add(work)
        work.add_done_callback(self._beginning.discard)
        return await asyncio.shield(work)  # between its row and its process nobody may interrupt it

    async def close(self) -> None:
        """Start nothing any more, and wait for what is being started."""
        self.closed = True
        if self._beginning:
            await asyncio.wait(set(self._beginning))

    async def _begin(self, configuration: Configuration, job: Job, by: str) -> asyncio.Task[None] | None:
        if not by and await self._is_paused(job):
            self._skip(job, "paused", "it is paused: `dateline schedule resume` ends that")
            return None
        try:
            Room.configured(configuration).require()
        except DiskFull as problem:
            self._skip(job, "disk_low", str(problem))
            return None
        if not await self._leads():
            raise NotBegun
        try:
            run = await self._insist(partial(self._write_row, run=row_of(job, by)))
        except JobRunning as problem:
            self._skip(job, "skipped", str(problem))
            return None
        return await self._start(configuration, job, run)

    async def _is_paused(self, job: Job) -> bool:
        marks = await self._insist(_marks)
        return job.id in marks and marks[job.id].paused

    async def _insist(self, work: Callable[[Store], T]) -> T:
        """Ask a database that may be away, as long as this scheduler may start anything. Raises `NotBegun`."""
        answer = await self._database.insist(work, while_=lambda: not self.closed)
        if answer is None:
            raise NotBegun
        return answer

    def _write_row(self, store: Store, *, run: Run) -> Run:
        take_back_dead(self._database.library)  # the process that is started puts their files in order
        return store.start_run(run)

    async def _start(self, configuration: Configuration, job: Job, run: Run) -> asyncio.Task[None] | None:
        if self.closed:
            stopped = Ending(state=RunState.INTERRUPTED, exit_status=None, problem="the scheduler stopped before it")
            await self._at_work.settle(run, stopped)
            return None
        words = self._arguments(configuration, job)
        left = job.deadline.total_seconds() if job.deadline else None
        settled = await launch(configuration, run, words, database=self._database, at_work=self._at_work, left=left)
        if settled is not None:
            self._state.count("started")
        return settled

    def _skip(self, job: Job, event: str, why: str) -> None:
        self._state.count(event)
        tell = log.warning if event == "disk_low" else log.info
        tell("job %s is not started: %s", job.id, why)


async def launch(
    configuration: Configuration,
    run: Run,
    words: list[str],
    *,
    database: Database,
    at_work: AtWork,
    left: float | None = None,
) -> asyncio.Task[None] | None:
    """Start the process of a run whose row is written, and watch it; where that fails its row is settled.

    Returns what ends when its row is settled, ``None`` where it could not be started.

    Args:
        configuration: in force.
        run: its row.
        words: what is executed.
        database: of the library.
        at_work: takes what was started.
        left: seconds until its deadline; ``None``: there is none.
    """
    output = output_name(run.number)
    try:
        child = processes.start(
            words,
            token=run.token,
            folder=processes.working_folder(configuration),
            output=configuration.library / output,
        )
    except OSError as error:
        failed = Ending(state=RunState.FAILED, exit_status=None, problem=f"it cannot be started: {error}")
        await at_work.settle(run, failed)
        return None
    log.info("%s started by %s: %s", named(run), run.who, run.command)
    settled = at_work.watch(run, child, left=left)
    await database.try_call(partial(_name_process, token=run.token, pid=child.pid, output=output))
    return settled


def row_of(job: Job, by: str) -> Run:
    """The row of a run that is about to be started; ``by``: who asked for it, empty: the clock."""
    now = utc_now()
    return Run(
        token=secrets.token_hex(8),
        command=processes.command_line(job),
        machine=socket.gethostname(),
        pid=0,
        started_at=now,
        heartbeat_at=now,
        who=by or login_name(),
        job=job.id,
        deadline_at=now + job.deadline if job.deadline else None,
    )


def _marks(store: Store) -> dict[str, JobMark]:
    return store.job_marks()


def _name_process(store: Store, *, token: str, pid: int, output: str) -> None:
    """For a command that does not take its row over; one that did so already is left alone."""
    try:
        if not store.run(token).pid:
            store.adopt_run(token, pid=pid, log=output, now=utc_now())
    except RunNotFound:
        log.warning("the row of the run %s is gone", token)
