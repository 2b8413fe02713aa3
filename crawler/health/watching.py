"""Look at the library, say which alerts stand: the scheduler does it each minute, ``dateline alerts --check`` by hand.

Why the counts of past days are kept between two looks: they do not change any more. What an attempt counts for is the
day on which it ended, so each look reads yesterday and today, and all days once a day. Three thousand hosts and 44 days
are read in seconds, two days of them in a tenth of one.

Why a host is judged anew only when its counts changed, or an alert about it stands: else the answer is that of before.

Why whether a host is paused is asked last, and only of hosts that would raise an alert: these are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crawler.configuration import Configuration, Job
from crawler.disk import free_bytes
from crawler.health.alerts import (
    DISK_KINDS,
    HOST_KINDS,
    JOB_KINDS,
    Found,
    JobFacts,
    attempts_of,
    disk_alerts,
    host_alert,
    job_alerts,
    opened_days,
    without_left_alone,
)
from crawler.health.yields import Rule, Tally, tallied
from crawler.politeness import rests
from storage.errors import HostNotFound
from storage.protocol import Store
from storage.types import Alert, AlertKind, Host, Run, RunState

NextStart = Callable[[Job, datetime], datetime | None]
"""The first start of a job by the clock after a moment; ``None``: there is none."""

_LOOK_BACK = 20
"""Runs of a job that are looked through for one that is over, or had work to do."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What one look found.

    Attributes:
        standing: how many alerts stand now.
        opened: those that are new.
        closed: those that are over.
    """

    standing: int
    opened: tuple[Alert, ...] = ()
    closed: tuple[Alert, ...] = ()


class Watcher:
    """Looks at one library; what it keeps between two looks only saves time.

    Args:
        next_start: see `NextStart`; where there is none, nobody can say that a job is late.
    """

    def __init__(self, *, next_start: NextStart | None = None) -> None:
        self._next_start = next_start
        self._read_on: tuple[date, Rule] | None = None
        self._days: dict[str, dict[date, Tally]] = {}
        self._bad: dict[str, Found] = {}
        self._idle: dict[str, datetime] = {}

    def look(
        self, store: Store, configuration: Configuration, *, now: datetime, leading_since: datetime | None = None
    ) -> Looked:
        """Find what stands, and write what changed.

        Args:
            store: of the library.
            configuration: in force.
            now: moment of the look.
            leading_since: since when the scheduler that looks has been the one that starts jobs; a job that never ran
                is late if it should have been started since then.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        standing = store.alerts()
        found = self._hosts(store, rule_of(configuration), standing, now)
        found |= self._jobs(store, configuration, now, leading_since)
        found |= _disk(configuration, standing)
        opened, closed = store.put_alerts(found, kinds=(*HOST_KINDS, *JOB_KINDS, *DISK_KINDS), now=now)
        return Looked(standing=len(found), opened=tuple(opened), closed=tuple(closed))

    # -- hosts ---------------------------------------------------------------------------------------------------

    def _hosts(self, store: Store, rule: Rule, standing: list[Alert], now: datetime) -> Found:
        today, opened = now.date(), opened_days(standing)
        changed = self._read(store, today, rule)
        for host in {*changed, *opened, *self._bad}:
            past = self._days.get(host, {})
            self._bad[host] = host_alert(host, past, today=today, rule=rule, standing=opened.get(host, {}))
        self._bad = {host: found for host, found in self._bad.items() if found}
        found = {name: text for one in self._bad.values() for name, text in one.items()}
        left_alone = [known for host in self._bad if (known := _known(store, host, now)) is not None]
        return without_left_alone(
            found,
            paused={one.name for one in left_alone if one.paused_at is not None},
            resting={one.name for one in left_alone if rests(one.state, now)},
            standing=standing,
        )

    def _read(self, store: Store, today: date, rule: Rule) -> Iterable[str]:
        """Bring the counts up to date; returns the hosts whose counts changed."""
        if self._read_on != (today, rule):
            self._days = tallied(store.host_days(since=today - rule.reach, until=today))
            self._read_on, self._bad = (today, rule), {}
            return tuple(self._days)
        changed = []
        for host, days in tallied(store.host_days(since=today - _ONE_DAY, until=today)).items():
            past = self._days.setdefault(host, {})
            if any(past.get(day) != tally for day, tally in days.items()):
                past |= days
                changed.append(host)
        return changed

    # -- jobs ----------------------------------------------------------------------------------------------------

    def _jobs(self, store: Store, configuration: Configuration, now: datetime, leading_since: datetime | None) -> Found:
        latest, marks = store.latest_runs(), store.job_marks()
        facts = []
        for job in configuration.jobs:
            last, mark = latest.get(job.id), marks.get(job.id)
            if not job.enabled or (mark is not None and mark.paused):
                self._idle[job.id] = now
            due_at = self._due(job, last, leading_since)
            facts.append(JobFacts(job=job, mark=mark, runs=_runs(store, job, last), due_at=due_at))
        return job_alerts(facts, now=now)

    def _due(self, job: Job, last: Run | None, leading_since: datetime | None) -> datetime | None:
        """The start to wait for.

        The first after its latest run was over: what falls due while a job is at work is dropped. And none of before
        it was seen paused or switched off.
        """
        since = (last.finished_at or last.started_at) if last else leading_since
        if self._next_start is None or since is None:
            return None
        return self._next_start(job, max(since, self._idle.get(job.id, since)))


def _runs(store: Store, job: Job, last: Run | None) -> tuple[Run, ...]:
    """As far back as is needed to judge."""
    if last is None:
        return ()
    if last.state is RunState.RUNNING or (job.minimum and not attempts_of(last)):
        return tuple(store.runs(job=job.id, limit=_LOOK_BACK))
    return (last,)


def rule_of(configuration: Configuration) -> Rule:
    """The settings ``health.*``."""
    return Rule(
        window_days=configuration.whole("health.window_days"),
        least_attempts=configuration.whole("health.least_attempts"),
        drop=configuration.number("health.drop"),
    )


def _known(store: Store, host: str, now: datetime) -> Host | None:
    try:
        return store.host(host, now=now)
    except HostNotFound:
        return None


def _disk(configuration: Configuration, standing: list[Alert]) -> Found:
    stands = any(one.kind is AlertKind.DISK_LOW for one in standing)
    free, least = free_bytes(configuration.library), configuration.size("storage.min_free_mb")
    return disk_alerts(configuration.library, free=free, least=least, stands=stands)
