"""The table of starts: kept in memory, written down, true to the settings, and on a clock that the tests move."""

import asyncio
import selectors
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import apscheduler.executors.base
import apscheduler.schedulers.base
import pytest

from crawler.configuration import Job
from crawler.scheduling import timetable as timetables
from crawler.scheduling.timetable import NotBegun, Timetable
from storage.opening import shared_engine

START = datetime(2026, 3, 20, 12, 0, 30, tzinfo=UTC)
PRAGUE = ZoneInfo("Europe/Prague")
HOUR = timedelta(hours=1)


class Timeless(selectors.DefaultSelector):
    """Nothing is waited for: time goes on at once to the next moment at which something is due."""

    def __init__(self):
        super().__init__()
        self.now = 0.0

    def select(self, timeout=None):
        if timeout:
            self.now += timeout
        return super().select(0)


class World:
    """A loop in which hours pass at once, with a wall clock that can be moved against it."""

    def __init__(self, engine):
        self.engine = engine
        self._selector = Timeless()
        self.loop = asyncio.SelectorEventLoop(self._selector)
        self.loop.time = lambda: self._selector.now
        self.loop._clock_resolution = 1e-6  # a year in seconds is no longer exact to a nanosecond
        self.offset = START
        self._works = set()
        self.begun = []
        self.ended = []
        self.told = Counter()
        self.lasts = {}
        self.leads = True
        self.table = None

    def now(self):
        return self.offset + timedelta(seconds=self._selector.now)

    async def begin(self, name):
        if not self.leads:
            raise NotBegun
        self.begun.append((name, self.now()))
        task = asyncio.create_task(self._work(name, self.now()))
        self._works.add(task)
        task.add_done_callback(self._works.discard)
        return task

    async def _work(self, name, since):
        await asyncio.sleep(self.lasts.get(name, 60))
        self.ended.append((name, since, self.now()))

    async def open(self, *jobs):
        self.table = Timetable(
            self.engine, begin=self.begin, tell=lambda event, name: self.told.update([(event, name)])
        )
        await self.table.open(jobs, salt="", begun=self.latest())

    def latest(self):
        return dict(self.begun)

    async def close(self, *, flushed=True):
        self.table.pause()
        if flushed:
            await self.table.flush()
        await self.table.close()
        if self._works:
            await asyncio.wait(self._works)
        await asyncio.sleep(0)

    async def sleeps(self, delta):
        """The machine is suspended: the wall clock goes on, the steady one does not."""
        self.offset += delta
        self.table.catch_up()
        await asyncio.sleep(1)

    def starts(self, name="one"):
        return [moment for one, moment in self.begun if one == name]

    def overlaps(self):
        spans = sorted(self.ended)
        return [one for one, other in pairwise(spans) if one[0] == other[0] and other[1] < one[2]]


@pytest.fixture
def world(sqlite_url, monkeypatch):
    engine = shared_engine(sqlite_url)
    made = World(engine)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return made.now().astimezone(tz)

    async def at_once(work, *words, **named):
        return work(*words, **named)

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Clock)
    monkeypatch.setattr(apscheduler.executors.base, "datetime", Clock)
    monkeypatch.setattr(timetables, "utc_now", made.now)
    monkeypatch.setattr(asyncio, "to_thread", at_once)
    yield made
    made.loop.close()
    engine.dispose()


def job_of(name="one", **fields):
    return Job(id=name, command=("status",), **fields)


def test_a_job_starts_by_its_rule_through_both_changes_of_the_clocks(world):
    async def year():
        await world.open(
            job_of("night", cron="30 2 * * *", time_zone="Europe/Prague"),
            job_of("six", every=6 * HOUR, jitter=timedelta(minutes=10)),
            job_of("long", every=HOUR),
        )
        world.table._store.flush = lambda **_: None  # ten thousand commits would show nothing
        world.lasts = {"long": 90 * 60}
        await asyncio.sleep(timedelta(days=365).total_seconds())
        await world.close(flushed=False)

    world.loop.run_until_complete(year())
    night = world.starts("night")
    days = Counter(moment.astimezone(PRAGUE).date() for moment in night)
    assert len(night) == 365
    assert set(days.values()) == {1}
    clocks = Counter((moment + timedelta(seconds=1)).astimezone(PRAGUE).strftime("%H:%M") for moment in night)
    assert clocks == {"02:30": 364, "03:00": 1}
    assert len(world.starts("six")) == 365 * 4
    assert len(world.starts("long")) == pytest.approx(365 * 12, abs=1)
    assert world.told == {("skipped", "long"): pytest.approx(365 * 12, abs=2)}
    assert world.overlaps() == []


def test_one_of_the_starts_that_a_sleeping_machine_missed_is_made_up_for(world):
    async def night():
        await world.open(
            job_of("one", every=HOUR, misfire_grace=2 * HOUR),
            job_of("each", every=HOUR, misfire_grace=2 * HOUR, coalesce=False),
            job_of("late", cron="0 18 * * *", misfire_grace=HOUR),
        )
        await asyncio.sleep(30 * 60)
        await world.sleeps(8 * HOUR)  # 12:30 to 20:30
        await asyncio.sleep(20 * 60)
        await world.close()

    world.loop.run_until_complete(night())
    assert len(world.starts("one")) == 1
    assert len(world.starts("each")) == 2  # 19:00 and 20:00, one after the other
    assert world.starts("late") == []
    assert world.told[("missed", "late")] == 1
    assert world.overlaps() == []


def test_a_year_without_a_scheduler_is_made_up_for_by_one_start(world):
    async def two_terms():
        await world.open(job_of(every=timedelta(minutes=1)))
        await world.close()
        world.offset += timedelta(days=365)
        await world.open(job_of(every=timedelta(minutes=1)))
        await asyncio.sleep(5)
        await world.close()

    world.loop.run_until_complete(two_terms())
    assert len(world.starts()) == 1


def test_a_clock_that_was_far_ahead_leaves_no_start_years_away(world):
    async def scenario():
        world.offset += timedelta(days=9000)
        await world.open(job_of(every=HOUR))
        await asyncio.sleep(2 * 3600 + 10)
        assert len(world.starts()) == 2
        await world.close()
        world.offset -= timedelta(days=9000)
        await world.open(job_of(every=HOUR))
        await asyncio.sleep(3 * 3600)
        await world.close()

    world.loop.run_until_complete(scenario())
    assert len(world.starts()) == 5


def test_a_start_that_was_made_but_not_written_down_is_not_made_again(world):
    async def scenario():
        await world.open(job_of(every=HOUR), job_of("once", at="2026-03-20 13:00"))
        await world.table.flush()
        await asyncio.sleep(0)
        world.table._store.flush = lambda **_: None  # killed before it could
        await asyncio.sleep(3600 + 5)
        assert sorted(name for name, _ in world.begun) == ["once", "one"]
        await world.close(flushed=False)
        await world.open(job_of(every=HOUR), job_of("once", at="2026-03-20 13:00"))
        await asyncio.sleep(60)
        await world.close()

    world.loop.run_until_complete(scenario())
    assert sorted(name for name, _ in world.begun) == ["once", "one"]


def test_a_start_that_was_not_made_is_left_to_the_next_leader(world):
    async def scenario():
        await world.open(job_of(every=HOUR))
        await world.table.flush()
        world.leads = False
        await asyncio.sleep(3600 + 5)
        await world.close()
        assert world.begun == []
        world.leads = True
        await world.open(job_of(every=HOUR))
        await asyncio.sleep(5)
        await world.close()

    world.loop.run_until_complete(scenario())
    assert len(world.starts()) == 1


def test_a_table_that_cannot_be_written_stops_no_start_and_is_written_later(world):
    async def scenario():
        await world.open(job_of(every=HOUR))
        real, world.table._store.flush = world.table._store.flush, broken
        await asyncio.sleep(3 * 3600)
        assert len(world.starts()) == 3
        assert not await world.table.flush()
        world.table._store.flush = real
        assert await world.table.flush()
        await world.close()
        await world.open(job_of(every=HOUR))
        (following,) = world.table.next_starts().values()
        assert following > world.now()
        await world.close()

    world.loop.run_until_complete(scenario())


def broken(*, held=()):
    raise OSError("the database is away")


def test_a_write_at_work_is_waited_for_and_none_follows_the_close(sqlite_url):
    """Lost leads end in the middle of things; the next leader's rows are not overwritten then."""
    engine, entered, may_go_on, written = shared_engine(sqlite_url), threading.Event(), threading.Event(), []

    async def begin(_name):
        return None

    async def scenario():
        table = Timetable(engine, begin=begin, tell=lambda *_: None)
        await table.open([job_of(every=HOUR)], salt="", begun={})
        real = table._store.flush

        def slow(**held):
            entered.set()
            assert may_go_on.wait(10)
            real(**held)
            written.append(held)

        table._store.flush = slow
        start = asyncio.create_task(table.flush())
        assert await asyncio.to_thread(entered.wait, 10)
        start.cancel()
        closing = asyncio.create_task(table.close())
        await asyncio.wait([start])
        await asyncio.sleep(0.1)
        assert start.cancelled()
        assert not closing.done()
        may_go_on.set()
        await closing
        assert len(written) == 1
        table._store.remove_job("one")
        assert not await table.flush()
        assert len(written) == 1

    asyncio.run(scenario())
    engine.dispose()


def test_jobs_that_are_gone_are_removed_and_others_keep_their_next_start(world):
    async def scenario():
        await world.open(job_of("stays", every=6 * HOUR), job_of("goes", every=HOUR), job_of("changes", every=HOUR))
        before = world.table.next_starts()
        await asyncio.sleep(60)
        jobs = (job_of("stays", every=6 * HOUR, misfire_grace=HOUR), job_of("changes", every=2 * HOUR))
        world.table.reconcile((*jobs, job_of("off", every=HOUR, enabled=False)), salt="", begun={})
        after = world.table.next_starts()
        assert set(after) == {"stays", "changes"}
        assert after["stays"] == before["stays"]
        assert after["changes"] == datetime(2026, 3, 20, 14, tzinfo=UTC)
        await world.close()

    world.loop.run_until_complete(scenario())
