"""The runs at work that this scheduler watches: its own, and those of schedulers that are gone.

Why it outlives the leadership: a scheduler that lost the lead starts nothing any more, but its processes are its
children, and nobody else learns how they end.

Why a dead run is buried before its row is settled: the burial keeps the intervals of the hosts that it held and puts
its unfinished WARC files aside; settling alone would only give the leases back.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from datetime import timedelta
from functools import partial

from crawler.liveness import SILENT_LEASES, bury_dead_runs, heartbeat_s, lease_s, lock_path, take_back_dead
from crawler.scheduling.database import Database
from crawler.scheduling.pace import Pace
from crawler.scheduling.processes import Group, Orphan, is_alive
from crawler.scheduling.state import SchedulerState
from crawler.scheduling.watching import Ending, Limits, Watch
from storage.errors import RunNotFound, StorageError
from storage.protocol import Store
from storage.types import Run, RunState, utc_now

log = logging.getLogger(__name__)

_BEING_STARTED = timedelta(seconds=15)
"""A row that is younger may belong to a process that is only about to exist."""


class AtWork:
    """Watches runs; all methods are called in the event loop's thread."""

    def __init__(self, database: Database, state: SchedulerState, pace: Pace) -> None:
        self._database, self._state, self._pace = database, state, pace
        self._folder = database.library.configuration.library
        self._machine = socket.gethostname()
        self._watches: dict[str, Watch] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._giving_up = False

    def __len__(self) -> int:
        return len(self._watches)

    def names(self) -> str:
        """``sources (run 12), verify (run 13)``."""
        return ", ".join(f"{one.run.job or one.run.command} (run {one.run.number})" for one in self._watches.values())

    # -- beginning and end of a watch ----------------------------------------------------------------------------

    def watch(self, run: Run, group: Group, *, left: float | None) -> asyncio.Task[None]:
        """Watch a run until its row is settled; the task ends then. ``left``: seconds until its deadline."""
        silence = SILENT_LEASES * lease_s(self._database.library.configuration)
        limits = Limits(left=left, silence=silence, grace=self._pace.grace, poll=self._pace.poll)
        watch = Watch(run, group, limits, steady=time.monotonic)
        self._watches[run.token] = watch
        self._tell_state()
        task = asyncio.create_task(self._accompany(watch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accompany(self, watch: Watch) -> None:
        try:
            ending = await watch.until_gone()
            await self.settle(watch.run, ending)
        finally:
            del self._watches[watch.run.token]
            self._tell_state()

    async def settle(self, run: Run, ending: Ending) -> None:
        """Write how a run ended, and say it; waits for a database that is away."""
        work = partial(self._settle, run=run, ending=ending)
        try:
            settled = await self._database.insist(work, while_=lambda: not self._giving_up)
        except RunNotFound:
            settled = None
        except StorageError:
            log.exception("%s: its end cannot be written", named(run))
            return
        if settled is None:
            log.error("%s ended, and nobody could write it down", named(run))
            return
        self._state.count(settled.state.value)
        tell = log.info if settled.state in (RunState.FINISHED, RunState.INTERRUPTED) else log.warning
        tell("%s", _ended(settled))

    def _settle(self, store: Store, *, run: Run, ending: Ending) -> Run:
        if ending.state in (RunState.DEAD, RunState.KILLED):
            self._bury(store)
        return store.settle_run(
            run.token, now=utc_now(), state=ending.state, exit_status=ending.exit_status, problem=ending.problem
        )

    # -- looking after them --------------------------------------------------------------------------------------

    async def look(self) -> None:
        """See which of them gave a sign of life, and give one for those that cannot."""
        if not self._watches:
            return
        rows = await self._database.try_call(lambda store: store.runs(state=RunState.RUNNING))
        by_token = {one.token: one for one in rows or ()}
        for token, watch in list(self._watches.items()):
            touched = self._touched(token)
            row = by_token.get(token)
            if rows is None:
                watch.excuse()
            elif row is None or touched is not None:
                watch.saw((row and row.heartbeat_at, touched), spoke=touched is not None)
            else:
                await self._speak_for(row)

    def _touched(self, token: str) -> float | None:
        try:
            return lock_path(self._folder, token).stat().st_mtime
        except OSError:
            return None

    async def _speak_for(self, row: Run) -> None:
        """A command without a heartbeat of its own would be taken for dead by others."""
        age = utc_now() - row.heartbeat_at
        if age.total_seconds() >= heartbeat_s(self._database.library.configuration):
            await self._database.try_call(partial(_heartbeat, run=row))

    async def adopt_orphans(self) -> None:
        """Watch the runs of this machine whose scheduler is gone, and bury those of all machines that died."""
        rows = await self._database.try_call(lambda store: store.runs(state=RunState.RUNNING))
        for run in rows or ():
            if run.job and run.machine == self._machine and run.token not in self._watches:
                await self._adopt(run)
        await self._database.try_call(self._bury_new)

    async def _adopt(self, run: Run) -> None:
        lock, now = lock_path(self._folder, run.token), utc_now()
        if is_alive(run, lock):
            log.info("%s is taken over from a scheduler that is gone", named(run))
            self._state.count("adopted")
            left = (run.deadline_at - now).total_seconds() if run.deadline_at else None
            self.watch(run, Orphan(run, lock), left=left)
        elif now - run.started_at > _BEING_STARTED:
            await self.settle(run, Ending(state=RunState.DEAD, exit_status=None, problem="its process is gone"))

    def _bury_new(self, store: Store) -> None:
        if take_back_dead(self._database.library):
            self._bury(store)

    def _bury(self, store: Store) -> None:
        del store  # the library's, in whose thread this runs
        for recovered in bury_dead_runs(self._database.library):
            log.warning("%s", recovered.text)

    # -- the end of all ------------------------------------------------------------------------------------------

    async def stop(self, *, within: float) -> None:
        """Ask all of them to stop in order, kill those that do not within so many seconds, and settle their rows."""
        for watch in self._watches.values():
            watch.stop(within=within)
        await asyncio.gather(*(watch.gone.wait() for watch in self._watches.values()))
        self._giving_up = True
        while self._tasks:
            await asyncio.wait(self._tasks)

    def kill(self) -> None:
        """End all of them at once."""
        for watch in self._watches.values():
            watch.kill()

    def _tell_state(self) -> None:
        self._state.at_work = {one.run.job: one.run.number for one in self._watches.values()}


def _heartbeat(store: Store, *, run: Run) -> None:
    store.heartbeat(run.token, now=utc_now(), counts=run.counts)


def _ended(run: Run) -> str:
    """``job sources: run 12 finished after 35 s, status 0``."""
    took = (run.finished_at or utc_now()) - run.started_at
    status = "" if run.exit_status is None else f", status {run.exit_status}"
    problem = f": {run.problem}" if run.problem else ""
    return f"{named(run)} {run.state} after {took.total_seconds():.0f} s{status}{problem}"


def named(run: Run) -> str:
    """``job sources: run 12``; of a run that is no job's ``run 12``."""
    return f"job {run.job}: run {run.number}" if run.job else f"run {run.number}"
