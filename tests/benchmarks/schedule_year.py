"""A simulated year of schedules: the scheduler's own timetable on a clock of its own, without any sleeping.

    python tests/benchmarks/schedule_year.py [--days 365] [--seed 7] [--calm]

What is real: the rules and triggers of the jobs, `Timetable` with APScheduler and its table in SQLite, the watch on the
clock, the store's rule that a job never runs twice at once. What is simulated: the clock, how long runs take, and what
happens to the scheduler: it is killed (now and then between a start and its being written down), stopped for hours
and days, the machine sleeps, the clock is corrected by seconds and by an hour, and once it is three days ahead.

Prints per job: starts that the rule named, runs started on time, runs that made up for missed starts, starts dropped
because the job was at work, starts dropped as too old, starts that another one made up for too, runs ended by their
deadline; and the number of overlaps, of starts that nobody decided about, and of starts made twice, which must be 0.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import selectors
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import SimpleNamespace
from unittest import mock
from zoneinfo import ZoneInfo

from apscheduler.executors import base as executors
from apscheduler.schedulers import base as schedulers
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from crawler.configuration import SETTINGS
from crawler.configuration.jobs import scheduled_jobs
from crawler.scheduling import timetable
from crawler.scheduling.clocks import ClockWatch
from crawler.scheduling.jobs import ON_TIME, SET_BACK, trigger_of
from storage.errors import JobRunning
from storage.memory import MemoryStore
from storage.types import Run, RunState

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = 3600.0, 86400.0
PROMPT = timedelta(seconds=5)
CHANGES = tuple(datetime(2026, *day, tzinfo=UTC) for day in ((3, 8), (3, 29), (4, 4), (10, 3), (10, 25), (11, 1)))
"""Days on which clocks change in the zones of the jobs; nothing else happens on them."""

OWN_JOBS = {
    "prague-daily": {"command": "crawl", "cron": "30 2 * * *", "time_zone": "Europe/Prague", "misfire_grace": "6h"},
    "prague-office": {"command": "crawl", "cron": "0 9-17/4 * * mon-fri", "time_zone": "Europe/Prague"},
    "new-york-hourly": {"command": "crawl", "cron": "5 * * * *", "time_zone": "America/New_York", "jitter": "10m"},
    "lord-howe-daily": {"command": "crawl", "cron": "15 2 * * *", "time_zone": "Australia/Lord_Howe"},
    "each-one": {"command": "crawl", "every": "30m", "coalesce": False, "misfire_grace": "3h"},
    "once": {"command": "crawl", "at": "2026-10-20 12:00", "time_zone": "Europe/Prague"},
}
USUAL_S = {"sources": 1200, "discovery": 150, "backfill": 5400, "verify": 9 * HOUR}
"""The median of how long a run takes; five minutes for the others. Few take very much longer."""


class Kind(StrEnum):
    """What happens to the scheduler."""

    KILLED = "killed, a standby takes over"
    KILLED_AT_A_START = "killed between a start and its being written down"
    STOPPED = "stopped with its jobs"
    SLEEP = "the machine sleeps"
    JUMP = "the clock is moved"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One of them; ``at`` by the steady clock, both in seconds."""

    at: float
    kind: Kind
    length: float


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes when nothing is left to do; threads are done at once."""

    def __init__(self):
        super().__init__(selectors.SelectSelector())
        self.now = 0.0
        self._clock_resolution = 1e-6  # a billionth of a second is lost on so large a number of seconds
        real = self._selector.select

        def select(timeout=None):
            if timeout is None:
                raise RuntimeError("nothing will ever happen again")
            self.now += max(timeout, 0.0)
            return real(0)

        self._selector.select = select

    def time(self):
        return self.now

    def run_in_executor(self, _, work, *words):
        done = self.create_future()
        try:
            done.set_result(work(*words))
        except Exception as error:  # noqa: BLE001 - what a thread would hand over
            done.set_exception(error)
        return done


class Year:
    """The life of one library's schedule."""

    def __init__(self, jobs, troubles, *, begin=BEGIN, days=365.0, seed=7):
        self.jobs = {job.id: job for job in jobs}
        self.troubles, self.begin, self.days = sorted(troubles, key=lambda one: one.at), begin, days
        self.random = random.Random(seed)  # noqa: S311 - a simulation
        self.loop = VirtualLoop()
        self.moved_by = 0.0
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        self.store = MemoryStore()
        self.table = None
        self.struck = None
        self.at_work = {}
        self.counts = defaultdict(Counter)
        self.events = defaultdict(list)
        self.starts = defaultdict(list)
        self.spells = [[begin, None]]
        self.disturbed = []

    def wall(self):
        return self.begin + timedelta(seconds=self.loop.now + self.moved_by)

    # -- what the timetable calls --------------------------------------------------------------------------------

    async def begun(self, name):
        """As `Starter.begin` does: the row first; then it takes its time."""
        now, number = self.wall(), sum(self.counts[name].values())
        row = Run(token=f"{name}/{self.loop.now}/{number}", command="dateline crawl", machine="m", pid=1, job=name,
                  started_at=now, heartbeat_at=now)  # fmt: skip
        try:
            self.store.start_run(row)
        except JobRunning:
            self.tell("skipped", name)
            return None
        self.note(name, "started")
        if name in self.at_work:
            self.counts[name]["overlaps"] += 1
        end = self.loop.create_future()
        takes, deadline = self.duration(name), self.jobs[name].deadline
        if deadline is not None and takes > deadline.total_seconds():
            takes = deadline.total_seconds()
            self.counts[name]["killed"] += 1
        timer = self.loop.call_later(takes, self.ended, name, row.token, end)
        self.at_work[name] = (row.token, end, timer)
        if self.struck is not None and not self.struck.is_set():
            self.struck.set()
            await asyncio.Event().wait()
        return end

    def tell(self, event, name):
        self.note(name, event)

    def note(self, name, event):
        self.counts[name][event] += 1
        self.events[name].append(self.wall())
        if event == "started":
            self.starts[name].append((self.loop.now, self.wall()))

    def duration(self, name):
        usual = USUAL_S.get(name, 300.0)
        return usual * self.random.lognormvariate(0, 0.5) * (8 if self.random.random() < 0.03 else 1)

    def ended(self, name, token, end):
        self.store.settle_run(token, now=self.wall(), state=RunState.FINISHED, exit_status=0)
        self.at_work.pop(name)
        if not end.done():
            end.set_result(None)

    # -- what happens --------------------------------------------------------------------------------------------

    async def live(self):
        await self.lead()
        for trouble in self.troubles:
            await self.lead_until(trouble.at)
            before = self.wall()
            await self.suffer(trouble)
            await asyncio.sleep(1)
            await self.look()
            edges = sorted((before, self.wall()))
            self.disturbed.append((edges[0] - PROMPT, edges[1] + PROMPT))
        await self.lead_until(self.days * DAY)
        await self.table.close()
        self.spells[-1][1] = self.wall()

    async def lead(self):
        """As a scheduler that takes over does: with the latest starts that the rows show."""
        self.table = timetable.Timetable(self.engine, begin=self.begun, tell=self.tell)
        self.watch = ClockWatch(wall=lambda: self.wall().timestamp(), steady=self.loop.time)
        begun = {name: run.started_at for name, run in self.store.latest_runs().items()}
        await self.table.open(self.jobs.values(), salt="desk@news.example", begun=begun)

    async def lead_until(self, at):
        """Rounds in the same task as the rest, as a leader's are; fewer of them."""
        while self.loop.now < at:
            await asyncio.sleep(min(600.0, at - self.loop.now))
            await self.look()
            self.store.forget_runs(before=self.wall() - timedelta(hours=3))

    async def look(self):
        """As a leader's round does."""
        if self.watch.moved():
            self.table.catch_up()
        await self.table.flush()

    async def suffer(self, trouble):
        if trouble.kind is Kind.SLEEP:
            self.moved_by += trouble.length
        elif trouble.kind is Kind.JUMP:
            self.jump(trouble.length)
        else:
            await self.fail(trouble)

    def jump(self, by):
        before = self.wall()
        self.moved_by += by
        if -by > SET_BACK.total_seconds():  # the plan begins anew
            self.spells[-1][1] = before
            self.spells.append([self.wall(), None])

    async def fail(self, trouble):
        if trouble.kind is Kind.KILLED_AT_A_START:
            self.struck = asyncio.Event()
            await self.struck.wait()
        self.table.pause()
        await self.table.close()
        self.struck = None
        if trouble.kind is Kind.STOPPED:
            for name, (token, end, timer) in list(self.at_work.items()):
                timer.cancel()
                self.ended(name, token, end)
        await asyncio.sleep(trouble.length)
        await self.lead()

    # -- what came of it -----------------------------------------------------------------------------------------

    def run(self):
        logging.disable(logging.CRITICAL)
        asyncio.set_event_loop(self.loop)
        try:
            with self.patched():
                self.loop.run_until_complete(self.live())
                for task in asyncio.all_tasks(self.loop):
                    task.cancel()
                self.loop.run_until_complete(asyncio.sleep(0.1))
        finally:
            asyncio.set_event_loop(None)
            self.loop.close()
            self.engine.dispose()
            logging.disable(logging.NOTSET)
        return self

    @contextmanager
    def patched(self):
        clock = SimpleNamespace(now=lambda zone=UTC: self.wall().astimezone(zone))
        with (
            mock.patch.object(schedulers, "datetime", clock),
            mock.patch.object(executors, "datetime", clock),
            mock.patch.object(timetable, "utc_now", self.wall),
        ):
            yield

    def named(self, name):
        """Every start that the rule names while this schedule lived."""
        trigger, found = trigger_of(self.jobs[name], "desk@news.example"), []
        for begin, end in self.spells:
            moment = begin - timedelta(microseconds=1)
            while (moment := trigger.after(moment)) is not None and moment <= end - PROMPT:
                found.append(moment)
        return found

    def undecided(self, name):
        """Starts in quiet times about which nothing was decided when they were due."""
        events = sorted(self.events[name])
        left, number = [], 0
        for start in self.named(name):
            while number < len(events) and events[number] < start:
                number += 1
            prompt = number < len(events) and events[number] - start <= PROMPT
            if not prompt and not any(since <= start <= until for since, until in self.disturbed):
                left.append(start)
        return left

    def twice(self, name):
        """Runs that began although no start was named since the one before."""
        trigger = trigger_of(self.jobs[name], "desk@news.example")
        found = []
        for (_, before), (_, after) in zip(self.starts[name], self.starts[name][1:], strict=False):
            following = trigger.after(before)
            anew = after < before
            if self.jobs[name].coalesce and not anew and (following is None or following > after):
                found.append(after)
        return found

    def row(self, name):
        counts, named = self.counts[name], len(self.named(name))
        late = sum(self.is_late(name, wall) for _, wall in self.starts[name])
        decided = counts["started"] + counts["skipped"] + counts["missed"]
        return {
            "named": named,
            "on time": counts["started"] - late,
            "made up": late,
            "at work": counts["skipped"],
            "too old": counts["missed"],
            "merged": max(named - decided, 0),
            "killed": counts["killed"],
            "overlaps": counts["overlaps"],
            "undecided": len(self.undecided(name)),
            "twice": len(self.twice(name)),
        }

    def is_late(self, name, wall):
        trigger = trigger_of(self.jobs[name], "desk@news.example")
        due = trigger.after(wall - ON_TIME)
        return due is None or due > wall


def default_jobs(**own):
    """The built-in jobs and those of this simulation."""
    values = {setting.key: setting.default for setting in SETTINGS}
    return scheduled_jobs(OWN_JOBS | own, values, "schedule_year")


def troubles_of(days, seed, begin=BEGIN):
    """What happens in so many days, away from the days on which clocks change."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    share = days / 365
    found = []

    def put(number, kind, least, most):
        found.extend(
            Trouble(at=chance.uniform(0, days) * DAY, kind=kind, length=chance.uniform(least, most))
            for _ in range(max(1, round(number * share)))
        )

    put(24, Kind.KILLED, 2, 10)
    put(12, Kind.KILLED_AT_A_START, 2, 10)
    put(12, Kind.STOPPED, 60, 12 * HOUR)
    put(2, Kind.STOPPED, 2 * DAY, 5 * DAY)
    put(20, Kind.SLEEP, 600, 10 * HOUR)
    put(12, Kind.JUMP, -20, 20)
    put(4, Kind.JUMP, -HOUR, -600)
    put(4, Kind.JUMP, 600, 2 * HOUR)
    ahead = chance.uniform(0.1, 0.2) * days * DAY
    found += [
        Trouble(at=ahead, kind=Kind.JUMP, length=3 * DAY),
        Trouble(at=ahead + 5 * HOUR, kind=Kind.JUMP, length=-3 * DAY),
    ]
    return [one for one in found if not _near_a_change(one, begin)]


def _near_a_change(trouble, begin):
    """Within two days; a week for what lasts long."""
    at, room = begin + timedelta(seconds=trouble.at), timedelta(days=7 if abs(trouble.length) > HOUR else 2)
    return any(abs(at - change) < room for change in CHANGES)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--days", type=float, default=365.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--calm", action="store_true", help="nothing happens but the starts")
    options = parser.parse_args()
    troubles = [] if options.calm else troubles_of(options.days, options.seed)
    took = time.process_time()
    year = Year(default_jobs(), troubles, days=options.days, seed=options.seed).run()
    took = time.process_time() - took
    rows = {name: year.row(name) for name in year.jobs}
    heads = list(next(iter(rows.values())))
    print(f"{options.days:g} days from {year.begin:%Y-%m-%d}, {took:.1f} s of processor time")
    for kind, number in Counter(one.kind for one in troubles).items():
        print(f"  {number:3d} x {kind}")
    print("job".ljust(16), *(head.rjust(9) for head in heads))
    for name, row in rows.items():
        print(name.ljust(16), *(str(row[head]).rjust(9) for head in heads))
    print("all".ljust(16), *(str(sum(row[head] for row in rows.values())).rjust(9) for head in heads))
    for name in ("prague-daily", "lord-howe-daily"):
        days = Counter(wall.astimezone(ZoneInfo(year.jobs[name].time_zone)).date() for _, wall in year.starts[name])
        print(f"{name}: {len(days)} local days with a run, at most {max(days.values())} on one")


if __name__ == "__main__":
    main()
