"""Looking at a library: what opens, what closes, and what is not read twice."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler import disk
from crawler.health import watching
from crawler.health.watching import Watcher
from crawler.politeness import INTERVAL
from storage import open_store
from storage.types import AlertKind, HostDay, HostState, Outcome, RunState

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOST = "harbour-post.example"


class Counts:
    """A store whose daily counts are given; everything else is its own."""

    def __init__(self, store):
        self._store, self.days, self.asked = store, [], []

    def __getattr__(self, name):
        return getattr(self._store, name)

    def host_days(self, *, since, until):
        self.asked.append((until - since).days)
        return (one for one in self.days if since <= one.day <= until)

    def count(self, ago, outcome, attempts):
        self.days.append(HostDay(day=(NOW - timedelta(days=ago)).date(), host=HOST, outcome=outcome, attempts=attempts))


@pytest.fixture
def counts(any_database):
    with open_store(any_database) as store:
        store.put_host_states([HostState(name=HOST)])
        found = Counts(store)
        for ago in range(1, 15):
            found.count(ago, Outcome.FETCHED, 30)
        yield found


def look(watcher, counts, configuration, *, now=NOW):
    looked = watcher.look(counts, configuration, now=now)
    return [(one.kind, one.subject) for one in looked.opened], [one.subject for one in looked.closed]


SILENT = (AlertKind.SILENT_HOST, HOST)


def test_a_silent_host_opens_once_and_closes_when_it_gives_again(counts, configured):
    watcher, configuration = Watcher(), configured()
    assert look(watcher, counts, configuration) == ([], [])
    counts.count(0, Outcome.TIMEOUT, 30)
    assert look(watcher, counts, configuration) == ([SILENT], [])
    assert look(watcher, counts, configuration) == ([], [])
    assert look(Watcher(), counts, configuration) == ([], [])  # another process, the same alert
    counts.count(0, Outcome.NOT_MODIFIED, 30)
    assert look(watcher, counts, configuration) == ([], [HOST])
    assert counts.alerts() == []


def test_days_that_are_over_are_read_once_a_day(counts, configured):
    watcher, configuration = Watcher(), configured()
    for now in (NOW, NOW + timedelta(minutes=1), NOW + timedelta(days=1)):
        look(watcher, counts, configuration, now=now)
    assert counts.asked == [44, 1, 44]
    look(watcher, counts, configured(health__window_days=20), now=NOW + timedelta(days=1))
    assert counts.asked[-1] == 50


def test_a_host_is_judged_by_the_counts_of_now_and_not_of_the_first_look(counts, configured):
    watcher, configuration = Watcher(), configured()
    look(watcher, counts, configuration)
    counts.count(0, Outcome.TIMEOUT, 5)
    assert look(watcher, counts, configuration)[0] == []
    counts.days[-1] = HostDay(day=NOW.date(), host=HOST, outcome=Outcome.TIMEOUT, attempts=40)
    assert look(watcher, counts, configuration)[0] == [SILENT]


def test_a_paused_host_raises_nothing_and_ends_its_alert(counts, configured):
    watcher, configuration = Watcher(), configured()
    counts.count(0, Outcome.TIMEOUT, 30)
    assert look(watcher, counts, configuration)[0] == [SILENT]
    counts.pause_host(HOST, now=NOW, reason="they asked us to")
    assert look(watcher, counts, configuration) == ([], [HOST])
    assert look(Watcher(), counts, configuration) == ([], [])


def test_a_host_that_rests_is_judged_when_the_rest_is_over(counts, configured):
    watcher, configuration = Watcher(), configured()
    counts.count(0, Outcome.RATE_LIMITED, 30)
    rest = NOW + timedelta(hours=1)
    counts.put_host_states([HostState(name=HOST, not_before=rest, rest_reason="429, cool-down 3600 s")])
    assert look(watcher, counts, configuration) == ([], [])
    assert look(watcher, counts, configuration, now=rest + timedelta(seconds=1))[0] == [SILENT]
    later = rest + timedelta(hours=1)
    counts.put_host_states([HostState(name=HOST, not_before=later, rest_reason="429, cool-down 3600 s")])
    assert look(watcher, counts, configuration, now=rest + timedelta(minutes=1)) == ([], [])  # it stands on


def test_waiting_for_its_next_turn_is_no_rest(counts, configured):
    counts.count(0, Outcome.TIMEOUT, 30)
    counts.put_host_states([HostState(name=HOST, not_before=NOW + timedelta(seconds=2), rest_reason=INTERVAL)])
    assert look(Watcher(), counts, configured())[0] == [SILENT]


# -- jobs and disk ---------------------------------------------------------------------------------------------

JOBS = '[jobs."sources"]\nminimum = 5\n'


def test_jobs_are_judged_by_their_runs(counts, configured, ran):
    configuration = configured(JOBS)
    ran(counts, 1, now=NOW, state=RunState.FAILED, problem="the proxy is gone")
    ran(counts, 2, now=NOW, job="no-longer-configured", state=RunState.FAILED)
    assert look(Watcher(), counts, configuration)[0] == [(AlertKind.JOB_FAILED, "sources")]
    ran(counts, 3, now=NOW, ago=timedelta(minutes=30), counts={"timeout": 9})
    assert look(Watcher(), counts, configuration) == ([(AlertKind.LOW_YIELD, "sources")], ["sources"])
    ran(counts, 4, now=NOW, ago=timedelta(minutes=20))  # nothing was due
    ran(counts, 5, now=NOW, ago=timedelta(minutes=10), state=RunState.RUNNING)
    assert look(Watcher(), counts, configuration) == ([], [])
    counts.finish_run(f"{5:016x}", now=NOW, state=RunState.FINISHED, counts={"fetched": 9})
    assert look(Watcher(), counts, configuration) == ([], ["sources"])


def test_a_job_is_late_by_the_clock_that_is_given(counts, configured, ran):
    configuration = configured()
    ran(counts, 1, now=NOW, ago=timedelta(hours=30))

    def next_start(job, after):
        return after + timedelta(hours=24)

    assert look(Watcher(), counts, configuration)[0] == []  # nobody can say
    watcher = Watcher(next_start=next_start)
    assert look(watcher, counts, configuration)[0] == [(AlertKind.JOB_LATE, "sources")]
    counts.pause_job("sources", now=NOW, who="ada", reason="")
    assert look(watcher, counts, configuration) == ([], ["sources"])
    counts.resume_job("sources")
    assert look(watcher, counts, configuration)[0] == []  # it was not meant to run while it was paused
    assert look(watcher, counts, configuration, now=NOW + timedelta(hours=26))[0] == [(AlertKind.JOB_LATE, "sources")]


def test_what_fell_due_while_a_job_was_at_work_is_not_late(counts, configured, ran):
    begun = ran(counts, 1, now=NOW, ago=timedelta(hours=8), state=RunState.RUNNING)
    watcher = Watcher(next_start=lambda _, after: after.replace(minute=0) + timedelta(hours=1))
    assert look(watcher, counts, configured())[0] == []
    counts.finish_run(begun.token, now=NOW, state=RunState.FINISHED, counts={})
    assert look(watcher, counts, configured(), now=NOW + timedelta(minutes=90))[0] == []  # due at 13:00, grace an hour
    assert look(watcher, counts, configured(), now=NOW + timedelta(hours=3))[0] == [(AlertKind.JOB_LATE, "sources")]


def test_a_job_that_never_ran_is_late_by_the_time_in_the_lead(counts, configured):
    watcher = Watcher(next_start=lambda job, after: after + timedelta(hours=6) if job.id == "sources" else None)
    for hours, late in ((6, []), (8, [(AlertKind.JOB_LATE, "sources")])):
        since = NOW - timedelta(hours=hours)
        looked = watcher.look(counts, configured(), now=NOW, leading_since=since)
        assert [(one.kind, one.subject) for one in looked.opened] == late


def test_a_disk_that_fills_up(counts, configured, monkeypatch):
    configuration = configured(storage__min_free_mb=512)
    monkeypatch.setattr(watching, "free_bytes", lambda _: 100 << 20)
    assert look(Watcher(), counts, configuration)[0] == [(AlertKind.DISK_LOW, str(configuration.library))]
    monkeypatch.setattr(watching, "free_bytes", disk.free_bytes)
    assert look(Watcher(), counts, configuration)[1] == [str(configuration.library)]
