"""What Prometheus reads: a collector that asks the library when it is scraped.

Why a registry of our own: the global one carries the figures of the process and of whatever else was imported.

Why nothing is counted in this process: the work is done by others, on several machines. The database knows it all, and
a scheduler that was started anew begins at no zero.

Why no label ever names a host, but for alerts that stand (at most `MOST_ALERTS`): a library knows thousands of hosts,
and each value of a label is a series that Prometheus keeps. Labels are outcomes, states, kinds and the ids of jobs.

Why a reading is kept for a while: counting a library of millions takes seconds. It is kept for `KEPT_S`, or for as long
as it took twenty times over, so that scrapes never take more than a twentieth of the database's time.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from crawler.configuration import Configuration, Job
from crawler.disk import free_bytes
from crawler.health.alerts import successes_of
from crawler.health.daemon_state import DaemonState
from storage import __version__
from storage.errors import StorageError
from storage.protocol import Store
from storage.types import (
    Alert,
    AlertKind,
    BackfillState,
    HostDay,
    JobMark,
    LibraryStatus,
    Outcome,
    Run,
    RunState,
    utc_now,
)

KEPT_S: Final = 10.0
"""Seconds for which a reading of the database is good."""
MOST_ALERTS: Final = 100
"""Alerts that are told one by one."""

_SHARE = 20
_RUNS_READ = 2000
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the database said at one moment.

    Attributes:
        status: counts over the library.
        days: what was asked today (UTC).
        runs: those that began within a day, or are at work.
        latest: of each job.
        marks: of each job of which people said something.
        alerts: those that stand.
    """

    status: LibraryStatus
    days: Sequence[HostDay]
    runs: Sequence[Run]
    latest: Mapping[str, Run]
    marks: Mapping[str, JobMark]
    alerts: Sequence[Alert]


def read(store: Store, now: datetime) -> Reading:
    """Ask the database. Raises `StoreUnavailable`."""
    lately = [run for run in store.runs(limit=_RUNS_READ) if run.started_at > now - _DAY]
    known = {run.number for run in lately}
    return Reading(
        status=store.status(now=now),
        days=tuple(store.host_days(since=now.date(), until=now.date())),
        runs=(*lately, *(run for run in store.runs(state=RunState.RUNNING) if run.number not in known)),
        latest=store.latest_runs(),
        marks=store.job_marks(),
        alerts=store.alerts(),
    )


class LibraryCollector(Collector):
    """All metrics of a library and of the scheduler that answers.

    Args:
        configuration: of the library.
        state: of the scheduler.
        ask: one call on the store, from any thread; raises `StorageError`.
        clock: of the process, in seconds.
    """

    def __init__(
        self,
        configuration: Configuration,
        state: DaemonState,
        ask: Callable[[Callable[[Store], Reading]], Reading],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._configuration, self._state, self._ask, self._clock = configuration, state, ask, clock
        self._lock = threading.Lock()
        self._kept: Reading | None = None
        self._good_until = 0.0
        self._took = 0.0

    def describe(self) -> list[Metric]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every metric; without the database, those that need none."""
        now = utc_now()
        yield from _of_scheduler(self._state)
        yield from _of_disk(self._configuration)
        try:
            reading = self._reading(now)
        except StorageError:
            yield _gauge("database_up", "Whether the database answers (1) or not (0).", 0)
            return
        yield _gauge("database_up", "Whether the database answers (1) or not (0).", 1)
        yield _gauge("reading_seconds", "How long the latest reading of the database took.", self._took)
        yield from _of_library(reading.status)
        yield from _of_attempts(reading.days)
        yield _labelled(
            "runs_last_day",
            "Runs that began within the last 24 hours or are at work, by state.",
            "state",
            {state: sum(run.state is state for run in reading.runs) for state in RunState},
        )
        yield from _of_jobs(self._configuration.jobs, reading, self._state)
        yield from _of_alerts(reading.alerts)

    def _reading(self, now: datetime) -> Reading:
        """The one that is kept, or a new one; several scrapes at once share it."""
        with self._lock:
            if self._kept is None or self._clock() >= self._good_until:
                began = self._clock()
                self._kept = None
                self._kept = self._ask(lambda store: read(store, now))
                self._took = self._clock() - began
                self._good_until = self._clock() + max(KEPT_S, self._took * _SHARE)
            return self._kept


def registry_of(collector: LibraryCollector) -> CollectorRegistry:
    """A registry with this collector and nothing else."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return registry


# -- what is told ----------------------------------------------------------------------------------------------


def _of_scheduler(state: DaemonState) -> Iterator[Metric]:
    yield InfoMetricFamily("dateline_build", "Version of the program.", value={"version": __version__})
    yield _gauge(
        "leader", "Whether this scheduler is the one that starts jobs (1) or stands by (0).", int(state.leading)
    )
    yield _gauge("scheduler_start_timestamp_seconds", "When this scheduler was started.", state.started_at.timestamp())
    if state.ticked_at is not None:
        text = "When this scheduler last did its rounds; old where it hangs."
        yield _gauge("scheduler_heartbeat_timestamp_seconds", text, state.ticked_at.timestamp())
    family = CounterMetricFamily(
        "dateline_scheduler_events",
        "What this scheduler did since it was started: jobs started, finished, failed, killed, skipped, missed.",
        labels=["event"],
    )
    for event, number in sorted(dict(state.counts).items()):
        family.add_metric([event], number)
    yield family


def _of_disk(configuration: Configuration) -> Iterator[Metric]:
    least = configuration.size("storage.min_free_mb")
    yield _gauge("disk_free_bytes", "Room left on the disk of the library.", free_bytes(configuration.library))
    yield _gauge("disk_needed_bytes", "Runs stop when less room than this is left.", least)


def _of_library(status: LibraryStatus) -> Iterator[Metric]:
    for name, text in _COUNTS.items():
        yield _gauge(name, text, getattr(status, name))
    yield _gauge("hosts_resting", "Hosts that may not be asked before some later moment.", status.resting_hosts)
    yield _gauge("hosts_paused", "Hosts that a person paused.", status.paused_hosts)
    backfills: dict[str, float] = {state: status.backfills.get(state, 0) for state in BackfillState}
    text = "Documents that are or were wanted from web archives, by where that stands."
    yield _labelled("backfills", text, "state", backfills)


_COUNTS = {
    "events": "Event entries.",
    "documents": "Web documents that entries cite or feeds named.",
    "due": "Documents that a crawl would fetch now.",
    "leased": "Documents that runs hold now.",
    "articles": "Articles.",
    "versions": "Versions of articles.",
    "captures": "Raw captures.",
    "clusters": "Groups of articles that tell one story.",
}


def _of_attempts(days: Sequence[HostDay]) -> Iterator[Metric]:
    """Gauges that fall back to 0 at midnight UTC: a counter that starts anew twice looks like one that did once."""
    counted: Counter[tuple[str, str]] = Counter()
    for one in days:
        counted["archive" if one.archive else "live", one.outcome] += one.attempts
    text = "Attempts that ended today (UTC), by whom was asked and by outcome; starts anew at midnight."
    family = GaugeMetricFamily("dateline_attempts_today", text, labels=["web", "outcome"])
    for web in ("live", "archive"):
        for outcome in Outcome:
            family.add_metric([web, outcome], counted[web, outcome])
    yield family
    text = "Attempts that ended today (UTC) and brought a version of an article; starts anew at midnight."
    yield _gauge("articles_today", text, sum(one.articles for one in days))


def _of_jobs(jobs: Sequence[Job], reading: Reading, state: DaemonState) -> Iterator[Metric]:
    last = {job.id: reading.latest[job.id] for job in jobs if job.id in reading.latest}
    states = GaugeMetricFamily(
        "dateline_job_last_run_state", "1 for the state of the latest run of the job.", labels=["job", "state"]
    )
    for job, run in last.items():
        for one in RunState:
            states.add_metric([job, one], int(run.state is one))
    yield states
    for name, (text, value_of) in _JOB_FIGURES.items():
        values = {job: value_of(run) for job, run in last.items()}
        yield _labelled(name, text, "job", {job: value for job, value in values.items() if value is not None})
    paused = {job.id: int((mark := reading.marks.get(job.id)) is not None and mark.paused) for job in jobs}
    yield _labelled("job_paused", "Whether a person paused the job.", "job", paused)
    next_starts = dict(state.next_starts)
    starts = {job.id: next_starts[job.id].timestamp() for job in jobs if job.id in next_starts}
    yield _labelled("job_next_start_timestamp_seconds", "When the clock starts the job next.", "job", starts)


def _exit_status(run: Run) -> float | None:
    return run.exit_status


def _duration(run: Run) -> float:
    return ((run.finished_at or utc_now()) - run.started_at).total_seconds()


_JOB_FIGURES: Mapping[str, tuple[str, Callable[[Run], float | None]]] = {
    "job_last_run_start_timestamp_seconds": (
        "When the latest run of the job began.",
        lambda run: run.started_at.timestamp(),
    ),
    "job_last_run_duration_seconds": ("How long the latest run of the job took, or takes so far.", _duration),
    "job_last_run_exit_status": (
        "Exit status of the latest run of the job; minus a signal's number where one ended it.",
        _exit_status,
    ),
    "job_last_run_successes": ("Attempts of the latest run of the job that ended well.", successes_of),
}


def _of_alerts(alerts: Sequence[Alert]) -> Iterator[Metric]:
    kinds = Counter(alert.kind for alert in alerts)
    text = "Alerts that stand, by what they are about."
    yield _labelled("alerts_open", text, "kind", {kind: kinds[kind] for kind in AlertKind})
    family = GaugeMetricFamily(
        "dateline_alert_opened_timestamp_seconds",
        f"When each alert that stands was raised; the {MOST_ALERTS} latest.",
        labels=["kind", "subject"],
    )
    for alert in alerts[:MOST_ALERTS]:
        family.add_metric([alert.kind, alert.subject], alert.opened_at.timestamp())
    yield family


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", text, value=value)


def _labelled(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"dateline_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
