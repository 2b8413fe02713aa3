"""When which job starts: APScheduler, kept true to ``dateline.toml``.

Why jobs are compared at every start and change of the file: APScheduler keeps starting what its table holds, whether
the file still names it or not. A job that is gone is removed, one whose rule changed gets the new rule, one that is as
it was keeps its next start, over restarts too. A start that was missed is made up for by the job's misfire rule even if
the rule for later starts has changed meanwhile.

What happens with missed starts, and when the clock was moved, is said in `crawler.scheduling.jobs`. A rule that was
changed while a start was missed changes nothing about that start.

Why a start counts as made when a run of the job began after the time of the start: a scheduler that was killed just
then did not come to write down the next one.

Why the function that is called stands in a context variable: APScheduler stores jobs by the name of a module's
function, and two schedulers may live in one process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, EVENT_JOB_SUBMITTED
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.configuration import Job
from crawler.scheduling.job_store import MirroredJobStore
from crawler.scheduling.jobs import JobTrigger, options_of, planned
from storage.types import utc_now

log = logging.getLogger(__name__)

Begin = Callable[[str], Awaitable[asyncio.Task[None] | None]]
"""Begins a run of a job; returns something to wait for its end, or ``None`` where none was begun.

Raises `NotBegun` where this scheduler may not begin it any more, and the next one should."""

_fire: ContextVar[Callable[[str], Awaitable[None]]] = ContextVar("fire")
_PATIENCE_S = 30.0
_FOR_PROGRAMMERS = ("apscheduler.scheduler", "apscheduler.executors.default")


class NotBegun(Exception):
    """The start was not made and is still to be made, by the scheduler that leads next."""


async def fire(job_id: str) -> None:
    """What APScheduler calls when a job is due; its name stands in the database."""
    with suppress(asyncio.CancelledError):  # the scheduler is shut down; the run goes on
        await _fire.get()(job_id)


class Timetable:
    """The starts to come; all methods are called in the event loop's thread."""

    def __init__(self, engine: Any, *, begin: Begin, tell: Callable[[str, str], None]) -> None:  # noqa: ANN401 - SQLAlchemy's
        """``tell(event, job)`` hears of ``missed`` and ``skipped`` starts."""
        for name in _FOR_PROGRAMMERS:
            logging.getLogger(name).setLevel(logging.ERROR)
        self._store = MirroredJobStore(engine)
        self._scheduler = AsyncIOScheduler(timezone="UTC", jobstores={"default": self._store})
        self._scheduler.add_listener(self._heard, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_SUBMITTED)
        self._begin, self._tell = begin, tell
        self._begun: dict[str, datetime] = {}
        self._beginning: set[str] = set()
        self._firing = 0
        self._writes: set[asyncio.Future[None]] = set()
        self._closed = False

    # -- life ----------------------------------------------------------------------------------------------------

    async def open(self, jobs: Iterable[Job], *, salt: str, begun: Mapping[str, datetime]) -> None:
        """Read the table, make it true to ``jobs``, and begin to start them.

        ``begun`` says when the latest run of each job began; ``salt`` is for `jobs.trigger_of`.
        Raises SQLAlchemy's errors.
        """
        await asyncio.to_thread(self._store.load, self._scheduler)
        _fire.set(self._run)
        self._scheduler.start(paused=True)
        self.reconcile(jobs, salt=salt, begun=begun)
        self._scheduler.resume()

    async def flush(self) -> bool:
        """Write what changed into the database; returns whether it could be reached. Closed, it writes nothing."""
        if self._closed or not self._store.unwritten - self._beginning:
            return not self._closed
        write = asyncio.ensure_future(asyncio.to_thread(self._store.flush, held=frozenset(self._beginning)))
        self._writes.add(write)
        write.add_done_callback(self._writes.discard)
        try:
            await asyncio.shield(write)  # a start that is cancelled leaves its thread at work
        except Exception as problem:  # noqa: BLE001 - SQLAlchemy's errors, which only storage may name; tried again
            log.warning("the table of jobs cannot be written now: %s", str(problem).partition("\n")[0])
            return False
        return True

    def pause(self) -> None:
        """Start nothing any more that is not due already."""
        if self._scheduler.running:
            self._scheduler.pause()

    @property
    def busy(self) -> bool:
        """Whether a run that the clock started, or one that makes up for a missed start, is not over yet."""
        return self._firing > 0

    async def close(self) -> None:
        """Stop APScheduler; runs go on. What was not flushed is forgotten, and nothing is written afterwards.

        A write at work is waited for, half a minute at most: it would else overwrite the next leader's, on a connection
        that nobody closes.
        """
        self._closed = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # it does so with the loop's next turn
        if self._writes:
            await asyncio.wait(set(self._writes), timeout=_PATIENCE_S)

    # -- what starts when ----------------------------------------------------------------------------------------

    def next_starts(self) -> dict[str, datetime]:
        """The next start of each job that has one."""
        return {one.id: one.next_run_time for one in self._store.get_all_jobs() if one.next_run_time}

    def reconcile(self, jobs: Iterable[Job], *, salt: str, begun: Mapping[str, datetime]) -> None:
        """Make the table true to the configuration."""
        now = utc_now()
        self._begun |= begun
        wanted = {job.id: job for job in jobs if job.enabled}
        known = {one.id: one for one in self._store.get_all_jobs()}
        for name in known.keys() - wanted.keys():
            self._scheduler.remove_job(name)
            log.info("job %s is no longer scheduled", name)
        for name, job in wanted.items():
            if name not in known and name in self._beginning:
                continue  # its one start is being made just now
            self._put(options_of(job, salt), known.get(name), now)

    def catch_up(self) -> None:
        """The clock was moved: look again at what is due, and at what can no longer be."""
        now = utc_now()
        for one in self._store.get_all_jobs():
            due = planned(one.trigger, one.next_run_time, now, self._begun.get(one.id))
            if due is None:
                self._scheduler.remove_job(one.id)
            elif due != one.next_run_time:
                self._scheduler.modify_job(one.id, next_run_time=due)
        self._scheduler.wakeup()

    def _put(self, options: dict[str, Any], known: Any, now: datetime) -> None:  # noqa: ANN401 - APScheduler's, untyped
        name, trigger = options["id"], options["trigger"]
        due = _due(trigger, known, self._begun.get(name), now)
        if due is not None:
            if known is None or not trigger.same_rule(known.trigger):
                log.info("job %s: %s, next start %s", name, trigger, due.isoformat(timespec="seconds"))
            due = due.astimezone(UTC)
            self._scheduler.add_job(fire, args=(name,), next_run_time=due, replace_existing=True, **options)
        elif known is not None:
            self._scheduler.remove_job(name)

    # -- what APScheduler says -----------------------------------------------------------------------------------

    def _heard(self, event: Any) -> None:  # noqa: ANN401 - as above
        if event.code == EVENT_JOB_SUBMITTED:
            self._beginning.add(event.job_id)
            return
        if event.code == EVENT_JOB_MISSED:
            self._beginning.discard(event.job_id)
        self._tell("missed" if event.code == EVENT_JOB_MISSED else "skipped", event.job_id)

    async def _run(self, job_id: str) -> None:
        self._firing += 1
        try:
            await self._run_once(job_id)
        finally:
            self._firing -= 1

    async def _run_once(self, job_id: str) -> None:
        try:
            end = await self._begin(job_id)
        except NotBegun:
            return  # it stays written down as the next start
        except Exception:
            log.exception("job %s cannot be started", job_id)
            end = None
        self._begun[job_id] = utc_now()
        self._beginning.discard(job_id)
        await self.flush()
        if end is not None:
            await asyncio.shield(end)


def _due(trigger: JobTrigger, known: Any, begun: datetime | None, now: datetime) -> datetime | None:  # noqa: ANN401 - APScheduler's
    """The start to wait for; ``known`` is the job as the table has it, ``begun`` when its latest run began."""
    if known is None:
        return planned(trigger, None, now, begun)
    stored: datetime = known.next_run_time
    if begun is not None and stored <= begun <= now:
        return trigger.after(begun)
    if trigger.same_rule(known.trigger) or (stored <= now and not trigger.once):
        return planned(trigger, stored, now, begun)
    return planned(trigger, None, now, begun)
