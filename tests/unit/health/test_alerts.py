"""Which alerts stand: jobs, disks, hosts that are left alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.configuration import Job
from crawler.health.alerts import JobFacts, disk_alerts, job_alerts, opened_days, without_left_alone
from storage.types import Alert, AlertKind, JobMark, Run, RunState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MIB = 1 << 20


def job(**fields):
    return Job(**{"id": "nightly", "command": ("crawl",), **fields})


def run(number=7, state=RunState.FINISHED, *, ago=timedelta(hours=1), **fields):
    values = {
        "token": f"{number:08x}",
        "command": "dateline crawl",
        "machine": "crawler-1",
        "pid": 42,
        "started_at": NOW - ago,
        "heartbeat_at": NOW - ago,
        "number": number,
        "job": "nightly",
        "state": state,
    }
    return Run(**{**values, **fields})


def kinds(*runs, mark=None, due_at=None, **fields):
    facts = JobFacts(job=job(**fields), mark=mark, runs=runs, due_at=due_at)
    return {kind: text for (kind, _), text in job_alerts([facts], now=NOW).items()}


@pytest.mark.parametrize(
    ("state", "status", "bad"),
    [
        (RunState.FINISHED, 0, False),
        (RunState.FINISHED, 1, False),
        (RunState.FINISHED, None, False),
        (RunState.FINISHED, 2, True),
        (RunState.FINISHED, -9, True),
        (RunState.INTERRUPTED, 130, False),
        (RunState.INTERRUPTED, 143, False),
        (RunState.FAILED, 2, True),
        (RunState.FAILED, None, True),
        (RunState.DEAD, None, True),
        (RunState.KILLED, -9, True),
    ],
)
def test_which_ends_are_bad(state, status, bad):
    assert (AlertKind.JOB_FAILED in kinds(run(state=state, exit_status=status))) is bad


def test_a_failed_run_is_told_with_its_problem():
    told = kinds(run(state=RunState.KILLED, exit_status=-9, problem="past its deadline"))
    assert told == {
        AlertKind.JOB_FAILED: "nightly: run 7 of 2026-03-01 11:00Z ended as killed, exit status -9: past its deadline"
    }


def test_a_run_at_work_changes_nothing_yet():
    failed = run(6, RunState.FAILED, ago=timedelta(hours=3))
    assert AlertKind.JOB_FAILED in kinds(run(7, RunState.RUNNING), failed)
    assert AlertKind.JOB_FAILED not in kinds(run(7, RunState.RUNNING), run(6), failed)


@pytest.mark.parametrize(
    ("counts", "minimum", "low"),
    [
        ({"fetched": 3, "timeout": 20}, 10, True),
        ({"fetched": 3, "not_modified": 8}, 10, False),
        ({"fetched": 3, "timeout": 20}, 0, False),
        ({"timeout": 20}, 1, True),
        ({}, 10, False),  # nothing was due
        ({"documents": 500}, 10, False),  # a command that asks nobody
    ],
)
def test_a_run_that_brings_too_little(counts, minimum, low):
    assert (AlertKind.LOW_YIELD in kinds(run(counts=counts), minimum=minimum)) is low


def test_the_last_run_with_work_to_do_decides_about_the_yield():
    poor, idle = run(5, counts={"timeout": 20}), run(6, counts={})
    assert kinds(run(7, RunState.RUNNING), idle, poor, minimum=5) == {
        AlertKind.LOW_YIELD: "nightly: run 5 of 2026-03-01 11:00Z brought 0 of the 5 successes that are expected,"
        " by 20 attempts"
    }
    assert kinds(run(8, counts={"fetched": 5}), idle, poor, minimum=5) == {}


PAUSED = JobMark(job="nightly", paused_at=NOW - timedelta(days=1), paused_by="ada")


@pytest.mark.parametrize(
    ("due", "late"), [(timedelta(minutes=61), True), (timedelta(minutes=60), False), (timedelta(hours=-1), False)]
)
def test_a_job_is_late_when_its_grace_is_over(due, late):
    before = run(ago=timedelta(days=2))
    assert (AlertKind.JOB_LATE in kinds(before, due_at=NOW - due)) is late


def test_who_is_not_late():
    due = {"due_at": NOW - timedelta(hours=5)}
    assert AlertKind.JOB_LATE in kinds(run(ago=timedelta(days=2)), **due)
    assert not kinds(run(ago=timedelta(days=2)), mark=PAUSED, **due)
    assert not kinds(run(ago=timedelta(days=2)), enabled=False, **due)
    assert not kinds(run(state=RunState.RUNNING), **due)
    assert not kinds(run(ago=timedelta(days=2)))


def test_a_job_that_is_switched_off_raises_nothing():
    assert not kinds(run(state=RunState.FAILED, counts={"timeout": 3}), minimum=3, enabled=False)


@pytest.mark.parametrize(
    ("free", "stands", "low"), [(511, False, True), (512, False, False), (520, True, True), (600, True, False)]
)
def test_a_disk_is_low_until_there_is_room_again(free, stands, low):
    found = disk_alerts(Path("/srv/news"), free=free * MIB, least=512 * MIB, stands=stands)
    assert list(found) == ([(AlertKind.DISK_LOW, "/srv/news")] if low else [])
    assert disk_alerts(Path("/srv/news"), free=0, least=0) == {}


# -- hosts -----------------------------------------------------------------------------------------------------


def alert(kind, subject, **fields):
    return Alert(kind=kind, subject=subject, text="", opened_at=NOW, seen_at=NOW, **fields)


def test_paused_hosts_are_left_out_and_resting_ones_raise_nothing_new():
    names = [(AlertKind.SILENT_HOST, f"{name}.example") for name in ("a", "paused", "rests", "rests-long")]
    found = dict.fromkeys([*names, (AlertKind.JOB_FAILED, "paused.example")], "")
    kept = without_left_alone(
        found,
        paused={"paused.example"},
        resting={"rests.example", "rests-long.example"},
        standing=[alert(AlertKind.SILENT_HOST, "rests-long.example"), alert(AlertKind.SUDDEN_DROP, "rests.example")],
    )
    assert list(kept) == [names[0], names[3], (AlertKind.JOB_FAILED, "paused.example")]


def test_only_standing_alerts_about_hosts_count():
    assert opened_days(
        [
            alert(AlertKind.SILENT_HOST, "a.example"),
            alert(AlertKind.SUDDEN_DROP, "a.example", closed_at=NOW),
            alert(AlertKind.JOB_LATE, "nightly"),
        ]
    ) == {"a.example": {AlertKind.SILENT_HOST: NOW.date()}}
