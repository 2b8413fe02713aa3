"""What the scheduler that leads does, from the moment that it does to the moment that it no longer does."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from crawler.configuration import Job
from crawler.scheduling.at_work import AtWork
from crawler.scheduling.clocks import ClockWatch
from crawler.scheduling.database import Database
from crawler.scheduling.pace import Pace
from crawler.scheduling.settings_file import SettingsFile
from crawler.scheduling.starting import Starter
from crawler.scheduling.state import SchedulerState
from crawler.scheduling.timetable import NotBegun, Timetable
from storage.protocol import Store
from storage.types import JobMark, Run, RunState, utc_now

log = logging.getLogger(__name__)


class Term:
    """One time in the lead; `open`, then `tick` again and again, then `close`."""

    def __init__(
        self,
        database: Database,
        settings: SettingsFile,
        at_work: AtWork,
        starter: Starter,
        state: SchedulerState,
        pace: Pace,
    ) -> None:
        self._database, self._settings, self._at_work = database, settings, at_work
        self._starter, self._state, self._pace = starter, state, pace
        self._clock = ClockWatch(wall=time.time, steady=time.monotonic)
        self._orphans_at = 0.0
        self._wanted: dict[str, JobMark] = {}
        self._by_hand: set[asyncio.Task[None]] = set()
        self._timetable: Timetable | None = None

    async def open(self, engine: Any) -> None:  # noqa: ANN401 - SQLAlchemy's, which only storage may name
        """Take over what others left, and begin to start jobs.

        Raises:
            StoreUnavailable: the database went away meanwhile; or SQLAlchemy's errors, likewise.
        """
        await self._at_work.adopt_orphans()
        self._timetable = timetable = Timetable(engine, begin=self._begin_by_clock, tell=self._tell)
        now = self._settings.now
        await timetable.open(
            now.jobs, salt=now.text("crawl.contact"), begun=_starts(await self._database.call(_latest))
        )
        self._state.next_starts = timetable.next_starts()

    async def tick(self, *, reread: bool) -> None:
        """One round: what people asked for, the clock, the settings, orphans. A database that is away waits."""
        timetable = self._timetable
        if timetable is None:
            return
        moved = self._clock.moved()
        if moved:
            log.info("the clock was moved by %+.0f s, or the machine slept", moved)
            timetable.catch_up()
        if self._settings.changed(asked=reread):
            now, latest = self._settings.now, await self._database.try_call(_latest)
            timetable.reconcile(now.jobs, salt=now.text("crawl.contact"), begun=_starts(latest or {}))
        await self._start_wanted()
        await timetable.flush()
        if time.monotonic() - self._orphans_at >= self._pace.orphans:
            self._orphans_at = time.monotonic()
            await self._at_work.adopt_orphans()
        self._state.next_starts = timetable.next_starts()

    async def only_what_is_due(self) -> None:
        """Make no start that falls due from now on, and wait for the end of what was started."""
        if self._timetable is None:
            return
        await asyncio.sleep(0)  # APScheduler looks at what is due with the loop's next turn
        self._timetable.pause()
        while self._timetable.busy or self._by_hand or len(self._at_work):  # noqa: ASYNC110 - three things, not one
            await asyncio.sleep(self._pace.poll)

    async def close(self, *, in_order: bool) -> None:
        """Start nothing any more; runs go on. ``in_order``: we still lead, and what we know is written down."""
        self._state.next_starts = {}
        if self._timetable is not None:
            self._timetable.pause()
        await self._starter.close()
        if self._by_hand:
            await asyncio.wait(set(self._by_hand))
        if self._wanted:  # for the next leader
            await self._database.try_call(partial(_want_again, marks=tuple(self._wanted.values())))
        if self._timetable is not None:
            if in_order:
                await self._timetable.flush()
            await self._timetable.close()

    # -- by the clock --------------------------------------------------------------------------------------------

    async def _begin_by_clock(self, name: str) -> asyncio.Task[None] | None:
        job = self._job(name)
        return await self._starter.begin(self._settings.now, job) if job and job.enabled else None

    def _tell(self, event: str, name: str) -> None:
        self._state.count(event)
        if event == "missed":
            log.warning("job %s: a start was missed, and it is too late to make up for it", name)
        else:
            log.info("job %s is not started: its last run is still at work", name)

    # -- by hand -------------------------------------------------------------------------------------------------

    async def _start_wanted(self) -> None:
        """Start what people asked for; a job that is at work is started again when it has ended."""
        for mark in await self._database.try_call(_wanted) or ():
            self._wanted[mark.job] = mark
        if not self._wanted:
            return
        running = await self._database.try_call(lambda store: store.runs(state=RunState.RUNNING))
        if running is not None:
            at_work = {run.job for run in running}
            for name in [name for name in self._wanted if name not in at_work]:
                self._start_now(self._wanted.pop(name))

    def _start_now(self, mark: JobMark) -> None:
        """Nobody waits for its end here: several jobs may be wanted at once."""
        task = asyncio.create_task(self._begin_by_hand(mark))
        self._by_hand.add(task)
        task.add_done_callback(self._by_hand.discard)

    async def _begin_by_hand(self, mark: JobMark) -> None:
        job = self._job(mark.job)
        if job is None:
            log.warning("job %s is wanted by %s, but the settings do not name it", mark.job, mark.wanted_by)
            return
        try:
            await self._starter.begin(self._settings.now, job, by=mark.wanted_by or "somebody")
        except NotBegun:
            self._wanted[mark.job] = mark

    def _job(self, name: str) -> Job | None:
        return next((job for job in self._settings.now.jobs if job.id == name), None)


def _latest(store: Store) -> dict[str, Run]:
    return store.latest_runs()


def _starts(latest: Mapping[str, Run]) -> dict[str, datetime]:
    return {name: run.started_at for name, run in latest.items()}


def _wanted(store: Store) -> list[JobMark]:
    return store.take_wanted_jobs()


def _want_again(store: Store, *, marks: tuple[JobMark, ...]) -> None:
    for mark in marks:
        store.want_job(mark.job, now=mark.wanted_at or utc_now(), who=mark.wanted_by)
