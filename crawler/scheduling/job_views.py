"""A scheduled job as a person wants to see it: the file's word, people's word, the next start, the last run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.configuration import Configuration, Job
from crawler.configuration.checking import near
from crawler.configuration.times import duration_text
from crawler.host_conditions import moment
from crawler.scheduling.processes import command_line
from storage.errors import NotFound
from storage.leading import Leader, leader
from storage.protocol import Store
from storage.types import JobMark, Run, RunState, utc_now

NOBODY_SCHEDULES = "no scheduler is at work: `dateline schedule run` starts one"

_STARTS_SHOWN = 5
SALT_SETTING = "crawl.contact"
"""Sets the jitter of one library apart from another's."""

Checked = Callable[[tuple[str, ...]], str]
"""What is wrong with a command, as a phrase; empty where nothing is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobView:
    """One job as it stands.

    Attributes:
        job: as configured.
        mark: what people said about it.
        starts: by the clock, to come; none while it is paused or switched off.
        last: its latest run.
        problem: why its command would be refused.
    """

    job: Job
    mark: JobMark
    starts: tuple[datetime, ...]
    last: Run | None
    problem: str = ""


def views_of(
    store: Store, configuration: Configuration, now: datetime, *, count: int = 1, problem_of: Checked = lambda _: ""
) -> list[JobView]:
    """Every job in the order of the configuration, with so many starts to come.

    ``problem_of``: who knows the commands; without it no problem is found.
    """
    from crawler.scheduling.jobs import next_starts  # noqa: PLC0415 - APScheduler is only for those who ask when

    marks, latest = store.job_marks(), store.latest_runs()
    views = []
    for job in configuration.jobs:
        mark = marks.get(job.id) or JobMark(job=job.id)
        idle = mark.paused or not job.enabled
        starts = () if idle else next_starts(job, now, count, configuration.text(SALT_SETTING))
        problem = problem_of(job.command)
        views.append(JobView(job=job, mark=mark, starts=tuple(starts), last=latest.get(job.id), problem=problem))
    return views


def scheduler_at_work(configuration: Configuration) -> Leader | None:
    """Who starts the jobs now, on any machine."""
    return leader(configuration.database_url, configuration.library)


def known_job(configuration: Configuration, name: str) -> Job:
    """The job that a person means.

    Raises:
        NotFound: there is none; says what is written nearly so.
    """
    jobs = {job.id: job for job in configuration.jobs}
    if name not in jobs:
        remedy = near(name, jobs) or "`dateline schedule list` shows those that there are"
        raise NotFound(f"there is no job {name!r}: {remedy}")
    return jobs[name]


def view_of(store: Store, configuration: Configuration, job: Job, *, problem_of: Checked = lambda _: "") -> JobView:
    """One job as it stands, with its next starts; ``problem_of`` as in `views_of`."""
    alone = replace(configuration, jobs=(job,))
    (view,) = views_of(store, alone, utc_now(), count=_STARTS_SHOWN, problem_of=problem_of)
    return view


def when(job: Job) -> str:
    """``every 6h``, ``cron 40 3 * * * (Europe/Prague)``, ``at 2026-12-01 04:00:00 (UTC)``."""
    if job.every is not None:
        return f"every {duration_text(job.every)}"
    return f"{'cron ' + job.cron if job.cron else 'at ' + job.at} ({job.time_zone})"


def next_words(view: JobView, now: datetime) -> str:
    """When the clock starts it next, or why it does not."""
    if view.mark.wanted_at is not None:
        return f"at once, {view.mark.wanted_by or 'somebody'} asked for it"
    if not view.job.enabled:
        return "switched off"
    if view.mark.paused:
        return f"paused: {view.mark.pause_reason}" if view.mark.pause_reason else "paused"
    return moment(view.starts[0], now) if view.starts else "never again"


def last_words(run: Run | None, now: datetime) -> str:
    """What came of a run in one phrase."""
    if run is None:
        return "never ran"
    if run.state is RunState.RUNNING:
        return f"at work since {moment(run.started_at, now)}"
    status = "" if run.exit_status is None else f", exit {run.exit_status}"
    return f"{run.state}{status}, {moment(run.finished_at or run.started_at, now)}"


def took(run: Run, now: datetime) -> str:
    """How long a run took, or takes so far."""
    return str(timedelta(seconds=round(((run.finished_at or now) - run.started_at).total_seconds())))


def in_zone(start: datetime, zone: str) -> str:
    """In UTC, and as a clock on the wall shows it where that differs."""
    local = start.astimezone(ZoneInfo(zone))
    here = "" if zone == "UTC" else f", {local:%Y-%m-%d %H:%M:%S} in {zone}"
    return f"{start:%Y-%m-%d %H:%M:%S}Z{here}"


def facts(view: JobView, now: datetime) -> list[tuple[str, str]]:
    """What a person may want to know, as (name, value); nothing about what is not so."""
    job, mark = view.job, view.mark
    pairs = [
        ("what for", job.why),
        ("command", command_line(job)),
        ("problem", view.problem),
        ("when", when(job)),
        ("jitter", f"up to {duration_text(job.jitter)}" if job.jitter else ""),
        ("deadline", duration_text(job.deadline) if job.deadline else "none"),
        ("missed", _missed(job)),
        ("minimum", f"{job.minimum} successes of a run that had work to do" if job.minimum else ""),
        ("switched off", "enabled = false" if not job.enabled else ""),
        ("paused", _said(mark.paused_at, mark.paused_by, mark.pause_reason, now)),
        ("wanted now", _said(mark.wanted_at, mark.wanted_by, "", now)),
        ("last run", f"{view.last.number}: {last_words(view.last, now)}" if view.last else "never ran"),
        ("problem of it", view.last.problem if view.last else ""),
        *[("next start" if number == 0 else "", in_zone(one, job.time_zone)) for number, one in enumerate(view.starts)],
    ]
    return [(name, value) for name, value in pairs if value]


def _missed(job: Job) -> str:
    how = "all by one run" if job.coalesce else "one run after the other"
    return f"starts made up for within {duration_text(job.misfire_grace)}, {how}" if job.misfire_grace else "dropped"


def _said(at: datetime | None, who: str, reason: str, now: datetime) -> str:
    if at is None:
        return ""
    return f"{moment(at, now)}{f' by {who}' if who else ''}{f': {reason}' if reason else ''}"
