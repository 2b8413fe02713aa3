"""The scheduled jobs: the built-in ones, as the file changes them, and those that it adds: ``[jobs."nightly"]``.

A section with the id of a built-in job changes what it says and nothing else; one that says when (cron, every or at)
replaces the built-in job's own rule. Any other id is a new job, which must say its command and when.

Why jobs stand in the file and not in the database: who keeps ``dateline.toml`` under version control sees who changed
the schedule, and a second machine needs nothing but the file. What is said in passing (paused, wanted now) stands in
the database, where it holds for all machines at once.

Why an id is so narrow: it is the name of a job on the command line, in log files' names and in metrics.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.configuration.checking import checked_section, dotted
from crawler.configuration.cron import cron_times
from crawler.configuration.rendering import EXAMPLE_JOB, toml_value
from crawler.configuration.section_settings import JOB_SETTINGS
from crawler.configuration.setting import Value
from crawler.configuration.times import duration_of, moment_of, zone_problem
from crawler.errors import ConfigurationError

WHEN = ("cron", "every", "at")
"""The keys of which exactly one says when a job starts."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_DURATIONS = ("every", "jitter", "deadline", "misfire_grace")
_PROGRAM = "dateline"
_LIBRARY = re.compile(r"--library(=.*)?|-L.*")
_NEVER_SCHEDULED: Mapping[tuple[str, ...], str] = {
    ("schedule", "run"): "it would be a scheduler inside the scheduler",
    ("demo",): "the demo waits for a person",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One command that the scheduler starts by the clock.

    Attributes:
        id: lower-case letters, digits, hyphens.
        command: the words of the command behind ``dateline``, without the library.
        cron: minute, hour, day of month, month, day of week; empty where another rule says when.
        every: between two starts; ``None`` likewise.
        at: the one start, local to ``time_zone``, ISO 8601; empty likewise.
        time_zone: of ``cron`` and ``at``; IANA name.
        jitter: each start is put off by a random time up to this one.
        deadline: a run that takes longer is ended; ``None``: never.
        misfire_grace: how late a missed start is made up for.
        coalesce: several missed starts are made up for by one.
        minimum: successes that a run brings at least, if it had work to do.
        enabled: started by the clock.
        built_in: one of ours, possibly changed by the file.
        why: what a built-in job is for; empty for others.
    """

    id: str
    command: tuple[str, ...]
    cron: str = ""
    every: timedelta | None = None
    at: str = ""
    time_zone: str = "UTC"
    jitter: timedelta = timedelta()
    deadline: timedelta | None = timedelta(hours=6)
    misfire_grace: timedelta = timedelta(hours=1)
    coalesce: bool = True
    minimum: int = 0
    enabled: bool = True
    built_in: bool = False
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DefaultJob:
    """A built-in job, in the words of the file.

    Attributes:
        id: of the job.
        why: what it is for.
        says: the keys of its section.
    """

    id: str
    why: str
    says: Mapping[str, str]


DEFAULT_JOBS: tuple[DefaultJob, ...] = (
    DefaultJob(
        id="sources",
        why="fetches what is due: what events cite and is new, and what is to be looked at again",
        says={"command": "crawl", "every": "1h", "jitter": "5m", "deadline": "6h"},
    ),
    DefaultJob(
        id="discovery",
        why="polls feeds, sitemaps and section pages; each has its own pace, so most of these runs ask for little",
        says={"command": "discover", "every": "15m", "jitter": "1m", "deadline": "2h", "misfire_grace": "15m"},
    ),
    DefaultJob(
        id="backfill",
        why="looks in web archives for pages that died",
        says={"command": "backfill", "every": "6h", "jitter": "15m", "deadline": "12h", "misfire_grace": "3h"},
    ),
    # Books only, the hourly crawl fetches: who fetches must obey one budget per host and day.
    DefaultJob(
        id="recheck",
        why="books a second look at pages that live and have no date for one yet",
        says={
            "command": "plan --book",
            "cron": "40 3 * * *",
            "jitter": "15m",
            "deadline": "1h",
            "misfire_grace": "12h",
        },
    ),
    # At the week's end, when least else is to be done: it reads every byte that was ever captured.
    DefaultJob(
        id="verify",
        why="reads every raw capture and compares it with its digest, so that a rotten disk is noticed",
        says={
            "command": "captures verify",
            "cron": "20 4 * * sun",
            "jitter": "1h",
            "deadline": "2d",
            "misfire_grace": "3d",
        },
    ),
    DefaultJob(
        id="retention",
        why="removes what the rules of retention say, and logs and rows of runs that are old",
        says={
            "command": "retention --apply",
            "cron": "10 2 * * *",
            "jitter": "15m",
            "deadline": "6h",
            "misfire_grace": "12h",
        },
    ),
)
"""What every library needs, in the order of the listing."""


def scheduled_jobs(tables: Mapping[str, Any], values: Mapping[str, Value], where: str) -> tuple[Job, ...]:
    """The built-in jobs (unless ``schedule.defaults`` is off), as the file changes them, then those that it adds.

    Args:
        tables: the file's tables below ``jobs``.
        values: the settings of the whole library.
        where: file that a complaint names.

    Raises:
        ConfigurationError: an id, key or value is wrong.
    """
    said = {name: _said(name, table, where) for name, table in tables.items()}
    built_in = {job.id: job for job in DEFAULT_JOBS} if values["schedule.defaults"] else {}
    zone = str(values["schedule.time_zone"])
    return tuple(_job(name, said.get(name, {}), built_in.get(name), zone, where) for name in {**built_in, **said})


def _said(name: str, table: object, where: str) -> dict[str, Value]:
    """What one section says, its values checked one by one."""
    if not isinstance(table, dict):
        raise ConfigurationError(f'{where}: what holds for a job stands below [jobs."{EXAMPLE_JOB}"]')
    if any(isinstance(value, dict) for value in table.values()):
        raise ConfigurationError(f"{where}: [jobs.{dotted(name, table)}] has a dot in its id: use a hyphen")
    if not _ID.fullmatch(name):
        raise ConfigurationError(
            f"{where}: {name!r} is no id for a job: at most 60 lower-case letters, digits and hyphens,"
            f" a letter or digit first, such as {EXAMPLE_JOB}"
        )
    plain = {key: _without_date(value) for key, value in table.items()}
    return checked_section(section_name(name), plain, JOB_SETTINGS, where)


def _without_date(value: object) -> object:
    """TOML has dates of its own; ``at`` may be written as one."""
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value


def section_name(name: str) -> str:
    """As complaints call it: ``jobs."nightly"``."""
    return f"jobs.{toml_value(name)}"


def _job(name: str, said: Mapping[str, Value], known: DefaultJob | None, zone: str, where: str) -> Job:
    """The job that a section describes, complete."""
    section = f"{where}: {section_name(name)}"
    _require_one_rule(said, known, section)
    given = _own_defaults() if known is None else _own_defaults() | _says(known, said)
    values = given | dict(said)
    times = {key: _duration(str(values[key]), f"{section}.{key}") for key in _DURATIONS if values[key] != ""}
    job = Job(
        id=name,
        command=_words(str(values["command"]), section),
        cron=" ".join(str(values["cron"]).split()),
        every=times.get("every"),
        at=_moment(str(values["at"]), section),
        time_zone=str(values["time_zone"]) or zone,
        jitter=times.get("jitter", timedelta()),
        deadline=times.get("deadline") or None,
        misfire_grace=times.get("misfire_grace", timedelta()),
        coalesce=bool(values["coalesce"]),
        minimum=int(str(values["minimum"])),
        enabled=bool(values["enabled"]),
        built_in=known is not None,
        why=known.why if known else "",
    )
    _require_sense(job, section)
    return job


def _own_defaults() -> dict[str, Value]:
    """A new job before its section is read: it has no command and no rule."""
    return {setting.key: setting.default for setting in JOB_SETTINGS} | dict.fromkeys(("command", *WHEN), "")


def _says(known: DefaultJob, said: Mapping[str, Value]) -> dict[str, Value]:
    """What a built-in job says, without its rule where the section has another."""
    replaced = any(said.get(key) for key in WHEN)
    return {key: value for key, value in known.says.items() if not (replaced and key in WHEN)}


def _require_one_rule(said: Mapping[str, Value], known: DefaultJob | None, section: str) -> None:
    """Refuse a job that never starts, and one that starts by two rules."""
    rules = [key for key in WHEN if said.get(key)]
    if len(rules) > 1:
        raise ConfigurationError(f"{section} says {' and '.join(rules)}: a job has one rule, leave one of them")
    if rules or (known is not None and not any(key in said for key in WHEN)):
        return
    off = any(section.endswith(section_name(job.id)) for job in DEFAULT_JOBS) and known is None
    hint = "; schedule.defaults is off, so this is a job of your own" if off else ""
    raise ConfigurationError(
        f'{section} does not say when: write cron = "15 3 * * *", every = "6h" or at = "2026-12-01 04:00"{hint}'
    )


def _duration(text: str, key: str) -> timedelta:
    try:
        return duration_of(text)
    except ValueError as error:
        raise ConfigurationError(f"{key}: {error}") from error


def _moment(text: str, section: str) -> str:
    if not text:
        return ""
    try:
        return moment_of(text).isoformat(sep=" ")
    except ValueError as error:
        raise ConfigurationError(f"{section}.at: {error}") from error


def _words(command: str, section: str) -> tuple[str, ...]:
    """The words of a command that the scheduler may start.

    Whether its first word is a command is not known here: the commands stand above the settings.
    """
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise ConfigurationError(f"{section}.command: {command!r} cannot be split into words: {error}") from error
    if not words:
        raise ConfigurationError(f'{section}.command is missing; write for example command = "crawl"')
    if words[0] == _PROGRAM:
        raise ConfigurationError(f"{section}.command begins with {_PROGRAM}: leave that word out")
    if any(_LIBRARY.fullmatch(word) for word in words):
        raise ConfigurationError(
            f"{section}.command names a library: leave it out, a job works on the library it is of"
        )
    if "--" in words:
        raise ConfigurationError(f"{section}.command has a -- in it, which would hide the library: leave it out")
    for never, reason in _NEVER_SCHEDULED.items():
        if words[: len(never)] == never:
            raise ConfigurationError(f"{section}.command: {' '.join(never)} is not for a job: {reason}")
    return words


def _require_sense(job: Job, section: str) -> None:
    """Refuse rules and zones that no clock could follow."""
    if problem := zone_problem(job.time_zone):
        raise ConfigurationError(f"{section}.time_zone: {problem}")
    gap = job.every
    if gap is not None and not gap:
        raise ConfigurationError(f"{section}.every must be longer than nothing, for example 6h")
    if job.cron:
        try:
            gap = timedelta(minutes=cron_times(job.cron).least_gap)
        except ValueError as error:
            raise ConfigurationError(f"{section}.cron: {error}") from error
    if gap is not None and job.jitter >= gap:
        raise ConfigurationError(
            f"{section}.jitter must be shorter than the time between two starts, which may be"
            f" {gap.total_seconds() / 60:g} minutes"
        )
