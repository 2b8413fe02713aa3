"""What Prometheus reads: names, units, bounded labels, and that the database is asked rarely."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import generate_latest
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families

from crawler.health.metrics import KEPT_S, MOST_ALERTS, LibraryCollector, registry_of
from storage import __version__, open_store
from storage.errors import StoreUnavailable
from storage.types import AlertKind, HostState, Outcome, RunState, utc_now


@pytest.fixture
def clock(clock):
    clock.now = 0.0
    return clock


@pytest.fixture
def collector(configured, state, store, clock):
    return LibraryCollector(configured(), state, lambda work: work(store), clock=clock)


def samples(collector):
    text = generate_latest(registry_of(collector)).decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    return families, {
        (sample.name.removeprefix("dateline_"), *sample.labels.values()): sample.value
        for family in families.values()
        for sample in family.samples
    }


def test_the_exposition_is_valid_in_both_formats(collector):
    families, _ = samples(collector)
    assert all(name.startswith("dateline_") and family.documentation for name, family in families.items())
    assert len(families) >= 30
    text = openmetrics.generate_latest(registry_of(collector)).decode()
    strict = {family.name for family in openmetrics_families(text)}
    assert {"dateline_documents", "dateline_scheduler_events"} <= strict


def test_what_the_database_says(collector, store, state, ran):
    now = utc_now()
    ran(store, 1, counts={"fetched": 7, "timeout": 2})
    ran(store, 2, ago=timedelta(days=3), job="verify", state=RunState.FAILED)
    ran(store, 3, job="removed-from-the-file", state=RunState.KILLED)
    store.settle_run(f"{1:016x}", now=now, state=RunState.FINISHED, exit_status=1)
    store.pause_job("verify", now=now, who="ada", reason="")
    store.put_host_states([HostState(name="a.example", not_before=now + timedelta(hours=1), rest_reason="429")])
    store.put_alerts({(AlertKind.JOB_FAILED, "verify"): "it failed"}, kinds=(), now=now)
    state.next_starts = {"sources": datetime(2026, 3, 2, tzinfo=UTC), "removed-from-the-file": now}
    state.counts = Counter(started=4, missed=1)
    _, values = samples(collector)
    assert values["leader",] == values["database_up",] == 1
    assert values["build_info", __version__] == 1
    assert values["hosts_resting",] == 1
    assert values["runs_last_day", "finished"] == 1
    assert values["runs_last_day", "failed"] == 0  # three days ago
    assert values["job_last_run_state", "verify", "failed"] == 1
    assert values["job_last_run_state", "verify", "finished"] == 0
    assert values["job_last_run_exit_status", "sources"] == 1
    assert values["job_last_run_duration_seconds", "sources"] == 60
    assert values["job_last_run_successes", "sources"] == 7
    assert values["job_paused", "verify"] == 1
    assert values["job_paused", "sources"] == 0
    assert values["job_next_start_timestamp_seconds", "sources"] == 1772409600
    assert values["alerts_open", "job_failed"] == 1
    assert values["alerts_open", "silent_host"] == 0
    assert values["alert_opened_timestamp_seconds", "job_failed", "verify"] == pytest.approx(now.timestamp())
    assert values["scheduler_events_total", "started"] == 4
    assert values["disk_free_bytes",] > 0
    assert values["disk_needed_bytes",] == 512 << 20
    assert not [key for key in values if "removed-from-the-file" in key]


def test_attempts_of_today_by_whom_was_asked(collector, store, attempted):
    attempted(Outcome.FETCHED, Outcome.TIMEOUT, Outcome.TIMEOUT)
    _, values = samples(collector)
    assert values["attempts_today", "timeout", "live"] == 2
    assert values["attempts_today", "timeout", "archive"] == 0
    assert values["documents",] == 3


def test_series_do_not_grow_with_hosts_or_alerts(collector, store):
    def series():
        return len(samples(LibraryCollector(collector._configuration, collector._state, collector._ask))[1])

    before = series()
    store.put_host_states([HostState(name=f"{number}.example") for number in range(300)])
    assert series() == before
    found = {(AlertKind.SILENT_HOST, f"{number}.example"): "" for number in range(300)}
    store.put_alerts(found, kinds=(), now=utc_now())
    assert series() == before + MOST_ALERTS


# -- how often it asks -----------------------------------------------------------------------------------------


def counting(collector, clock, *, takes=0.0):
    asked = []
    inner = collector._ask

    def ask(work):
        asked.append(clock.now)
        clock.now += takes
        return inner(work)

    collector._ask = ask
    return asked


def test_a_reading_is_kept(collector, clock):
    asked = counting(collector, clock)
    for clock.now in (0.0, 5.0, KEPT_S - 0.1, KEPT_S, KEPT_S + 1):
        samples(collector)
    assert asked == [0.0, KEPT_S]


def test_a_slow_reading_is_kept_for_longer(collector, clock):
    asked = counting(collector, clock, takes=3.0)
    samples(collector)
    for clock.now in (30.0, 62.0, 63.0):
        samples(collector)
    assert asked == [0.0, 63.0]


def test_scrapes_at_the_same_time_share_a_reading(collector, clock):
    asked = counting(collector, clock)
    threads = [threading.Thread(target=samples, args=(collector,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1


def test_without_the_database_the_rest_is_told(configured, state, clock, store):
    answers = [StoreUnavailable("away"), None]

    def ask(work):
        if problem := answers.pop(0):
            raise problem
        return work(store)

    collector = LibraryCollector(configured(), state, ask, clock=clock)
    _, values = samples(collector)
    assert values["database_up",] == 0
    assert values["leader",] == 1
    assert values["disk_free_bytes",] > 0
    assert ("documents",) not in values
    assert samples(collector)[1]["database_up",] == 1  # it is asked again at once


def test_reading_works_on_every_database(any_database, configured, state):
    with open_store(any_database) as opened:
        collector = LibraryCollector(configured(), state, lambda work: work(opened))
        assert samples(collector)[1]["documents",] == 0
