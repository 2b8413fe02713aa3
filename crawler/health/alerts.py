"""Pure: which alerts stand, from what was counted, from the runs of jobs, and from the room on the disk.

An alert is named by its kind and its subject (a host, a job, a folder); its text has the figures of the moment.

Why a paused host, a paused job and one that is switched off raise nothing: a person knows. Why a host that rests raises
nothing new: it is not asked, so nothing was found out; what it did before it rested is judged when the rest is over.
Alerts about it that stand go on standing, or each rest would close one and open the next.

Why a run that is at work changes nothing: what it brings is known when it is over. Until then its job is judged by the
run before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from crawler.configuration import Job
from crawler.health.yields import WELL, Past, Rule, judged
from storage.types import Alert, AlertKind, JobMark, Outcome, Run, RunState

Name = tuple[AlertKind, str]
"""Kind and subject: what an alert is called while it stands."""

Found = dict[Name, str]
"""What stands now: name -> one sentence."""

HOST_KINDS: Final = (AlertKind.SILENT_HOST, AlertKind.SUDDEN_DROP)
JOB_KINDS: Final = (AlertKind.LOW_YIELD, AlertKind.JOB_FAILED, AlertKind.JOB_LATE)
DISK_KINDS: Final = (AlertKind.DISK_LOW,)

_BAD_ENDS = frozenset({RunState.FAILED, RunState.DEAD, RunState.KILLED})
_LEFT_OR_WRONG = 1
_MEBIBYTE = 1 << 20
_STARTING = timedelta(minutes=5)
"""Nobody is late who is being started."""
_ENOUGH_AGAIN = 1.1
"""Room that ends an alert, as a share of what is needed: a file that comes and goes must not open it again."""


# -- hosts -----------------------------------------------------------------------------------------------------


def opened_days(alerts: Iterable[Alert]) -> dict[str, dict[AlertKind, date]]:
    """Host -> kind -> the day on which the alert about it that stands was opened."""
    found: dict[str, dict[AlertKind, date]] = {}
    for one in alerts:
        if one.kind in HOST_KINDS and one.closed_at is None:
            found.setdefault(one.subject, {})[one.kind] = one.opened_at.date()
    return found


def host_alert(host: str, past: Past, *, today: date, rule: Rule, standing: Mapping[AlertKind, date]) -> Found:
    """At most one alert about a host; see `crawler.health.yields.judged`."""
    verdict = judged(past, today=today, rule=rule, standing=standing)
    return {(verdict.kind, host): f"{host}: {verdict.text}"} if verdict else {}


def without_left_alone(
    found: Found, *, paused: Collection[str], resting: Collection[str], standing: Iterable[Alert]
) -> Found:
    """Leave out paused hosts; of resting hosts, what does not stand already."""
    stands = {(one.kind, one.subject) for one in standing}
    return {
        name: text
        for name, text in found.items()
        if name[0] not in HOST_KINDS or (name[1] not in paused and (name[1] not in resting or name in stands))
    }


# -- jobs ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class JobFacts:
    """What is known of one job.

    Attributes:
        job: as configured.
        mark: what people said about it.
        runs: its runs, latest start first, as far back as is needed.
        due_at: its first start by the clock after the latest run; ``None`` where that is unknown or never.
    """

    job: Job
    mark: JobMark | None = None
    runs: tuple[Run, ...] = ()
    due_at: datetime | None = None

    @property
    def at_work(self) -> bool:
        """Whether it runs now."""
        return bool(self.runs) and self.runs[0].state is RunState.RUNNING

    @property
    def paused(self) -> bool:
        """Whether a person paused it."""
        return self.mark is not None and self.mark.paused


def job_alerts(facts: Iterable[JobFacts], *, now: datetime) -> Found:
    """Jobs that failed, bring too little, or were not started."""
    found: Found = {}
    for one in facts:
        if not one.job.enabled:
            continue
        said = {
            AlertKind.JOB_FAILED: _failed(one),
            AlertKind.LOW_YIELD: _low_yield(one),
            AlertKind.JOB_LATE: _late(one, now),
        }
        found |= {(kind, one.job.id): text for kind, text in said.items() if text}
    return found


def _failed(facts: JobFacts) -> str:
    run = next((one for one in facts.runs if one.state is not RunState.RUNNING), None)
    if run is None or not _ended_badly(run):
        return ""
    status = "" if run.exit_status is None else f", exit status {run.exit_status}"
    why = f": {run.problem}" if run.problem else ""
    return f"{facts.job.id}: run {run.number} of {_minute(run.started_at)} ended as {run.state}{status}{why}"


def _ended_badly(run: Run) -> bool:
    if run.state in _BAD_ENDS:
        return True
    status = run.exit_status or 0
    return run.state is RunState.FINISHED and not 0 <= status <= _LEFT_OR_WRONG


def _low_yield(facts: JobFacts) -> str:
    run = next((one for one in facts.runs if one.state is RunState.FINISHED and attempts_of(one)), None)
    if not facts.job.minimum or run is None or successes_of(run) >= facts.job.minimum:
        return ""
    return (
        f"{facts.job.id}: run {run.number} of {_minute(run.started_at)} brought {successes_of(run)} of the"
        f" {facts.job.minimum} successes that are expected, by {attempts_of(run)} attempts"
    )


def _late(facts: JobFacts, now: datetime) -> str:
    due = facts.due_at
    if due is None or facts.paused or facts.at_work or now <= due + max(facts.job.misfire_grace, _STARTING):
        return ""
    last = f"it last began at {_minute(facts.runs[0].started_at)}" if facts.runs else "it never ran"
    return f"{facts.job.id}: nobody started it at {_minute(due)}; {last}"


def attempts_of(run: Run) -> int:
    """How often the run asked for something; counts of commands that do not fetch are no attempts."""
    return sum(number for name, number in run.counts.items() if name in _OUTCOMES)


def successes_of(run: Run) -> int:
    """How many of its attempts ended well."""
    return sum(number for name, number in run.counts.items() if name in _WELL)


_OUTCOMES = frozenset(map(str, Outcome))
_WELL = frozenset(map(str, WELL))


# -- disk ------------------------------------------------------------------------------------------------------


def disk_alerts(folder: Path, *, free: int, least: int, stands: bool = False) -> Found:
    """Whether a disk has less room than runs need.

    Args:
        folder: on it.
        free: bytes that may still be written.
        least: bytes below which runs stop; 0: they never do.
        stands: there is such an alert already; it ends a little above ``least``.
    """
    needed = least * _ENOUGH_AGAIN if stands else least
    if free >= needed:
        return {}
    text = f"{folder}: {free // _MEBIBYTE} MiB are free on its disk, runs stop below {least // _MEBIBYTE} MiB"
    return {(AlertKind.DISK_LOW, str(folder)): text}


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
