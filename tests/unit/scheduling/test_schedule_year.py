"""A few simulated weeks of schedules (`tests/benchmarks/schedule_year.py` has the whole year)."""

import importlib.util
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

_spec = importlib.util.spec_from_file_location(
    "schedule_year", Path(__file__).parents[2] / "benchmarks" / "schedule_year.py"
)
schedule_year = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = schedule_year
_spec.loader.exec_module(schedule_year)

DAY, HOUR = schedule_year.DAY, schedule_year.HOUR
Kind, Trouble, Year = schedule_year.Kind, schedule_year.Trouble, schedule_year.Year


def jobs(*names, **own):
    return [job for job in schedule_year.default_jobs(**own) if job.id in {*names, *own}]


def only(**own):
    """One job called ``one``, which is quick."""
    return jobs(one={"command": "crawl", "deadline": "1m"} | own)


def starts(year, name="one"):
    return [wall for _, wall in year.starts[name]]


def moments(year, *hours):
    return [year.begin + timedelta(hours=hour) for hour in hours]


@pytest.mark.parametrize("begin", [datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)])
def test_nothing_overlaps_is_forgotten_or_made_twice_whatever_happens(begin):
    chosen = jobs("sources", "backfill", "prague-daily", "new-york-hourly", "each-one", "once")
    kinds = [Kind.KILLED, Kind.KILLED_AT_A_START, Kind.STOPPED, Kind.SLEEP, Kind.JUMP, Kind.JUMP]
    lengths = [3, 3, 5 * HOUR, 7 * HOUR, -50 * 60, 90 * 60]
    troubles = [
        Trouble(at=(3.2 + number * 0.6) * DAY, kind=kind, length=length)
        for number, (kind, length) in enumerate(zip(kinds, lengths, strict=True))
    ]
    year = Year(chosen, troubles, begin=begin, days=7.0).run()
    rows = {job.id: year.row(job.id) for job in chosen}
    assert [(name, row) for name, row in rows.items() if row["overlaps"] or row["undecided"] or row["twice"]] == []
    assert sum(row["made up"] for row in rows.values()) > 0
    assert sum(row["at work"] for row in rows.values()) > 0
    days = Counter(wall.astimezone(ZoneInfo("Europe/Prague")).date() for wall in starts(year, "prague-daily"))
    assert max(days.values()) == 1


def test_a_run_that_takes_longer_than_its_interval_lets_starts_pass():
    year = Year(jobs(one={"command": "crawl", "every": "1m", "deadline": "90s"}), [], days=0.02)
    year.duration = lambda _: 150.0
    year.run()
    row = year.row("one")
    assert row["killed"] == row["on time"]
    assert abs(row["at work"] - row["on time"]) <= 1
    assert row["overlaps"] == row["undecided"] == row["made up"] == 0


def test_what_was_missed_in_an_outage_is_made_up_for_by_one_run_within_the_grace():
    outage = Trouble(at=2.5 * HOUR, kind=Kind.STOPPED, length=3.2 * HOUR)  # until 5:42
    year = Year(only(every="1h", misfire_grace="1h"), [outage], days=0.3).run()
    takeover = year.begin + timedelta(hours=5.7)
    assert starts(year) == [*moments(year, 0, 1, 2), takeover, *moments(year, 6, 7)]
    late = Year(only(every="1h", misfire_grace="30m"), [outage], days=0.3).run()
    assert starts(late) == moments(late, 0, 1, 2, 6, 7)
    assert late.counts["one"]["missed"] == 1


def test_each_missed_start_is_made_up_for_where_a_job_does_not_coalesce():
    outage = Trouble(at=2.5 * HOUR, kind=Kind.STOPPED, length=3.2 * HOUR)
    year = Year(only(every="1h", misfire_grace="2h", coalesce=False), [outage], days=0.3).run()
    takeover = year.begin + timedelta(hours=5.7)
    assert starts(year) == [*moments(year, 0, 1, 2), takeover, takeover + timedelta(minutes=1), *moments(year, 6, 7)]
    assert year.counts["one"]["missed"] == 1  # the one of three o'clock, more than two hours ago


def test_a_scheduler_that_is_killed_between_a_start_and_its_being_written_down_does_not_repeat_it():
    killed = Trouble(at=1.5 * HOUR, kind=Kind.KILLED_AT_A_START, length=5)
    year = Year(only(every="1h", deadline="50m"), [killed], days=0.2).run()
    assert starts(year) == moments(year, 0, 1, 2, 3, 4)
    assert year.counts["one"]["skipped"] == 0


def test_a_machine_that_slept_goes_on_within_a_second_of_its_waking_up():
    year = Year(only(cron="30 3 * * *"), [Trouble(at=2 * HOUR, kind=Kind.SLEEP, length=2 * HOUR)], days=0.5).run()
    (start,) = starts(year)
    assert timedelta() <= start - (year.begin + timedelta(hours=4)) <= timedelta(seconds=1)


def test_a_clock_that_goes_back_a_little_repeats_nothing_and_by_days_begins_anew():
    little = Trouble(at=2.5 * HOUR, kind=Kind.JUMP, length=-0.7 * HOUR)
    year = Year(only(every="1h"), [little], days=0.2).run()
    assert starts(year) == moments(year, 0, 1, 2, 3, 4)
    ahead = [
        Trouble(at=1.5 * HOUR, kind=Kind.JUMP, length=100 * DAY),
        Trouble(at=2.75 * HOUR, kind=Kind.JUMP, length=-100 * DAY),
    ]
    year = Year(only(every="1h", misfire_grace="1m"), ahead, days=0.2).run()
    assert starts(year) == moments(year, 0, 1, 2402, 3, 4)


def test_once_is_once_through_every_change_of_scheduler():
    troubles = [Trouble(at=(1 + number) * HOUR, kind=Kind.KILLED, length=2) for number in range(4)]
    year = Year(only(at="2026-01-01 02:30"), troubles, days=0.25).run()
    assert starts(year) == moments(year, 2.5)
