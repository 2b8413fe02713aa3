"""``dateline schedule add`` and ``remove``: the commands that change ``dateline.toml``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crawler.cli.console import DryRunOption, JsonOption, LibraryOption, opened, print_json, say, tell
from crawler.cli.job_commands import require_command
from crawler.cli.job_views import JobArgument, json_of, view_of
from crawler.configuration import JOB_SETTINGS, Configuration, Job, Setting
from crawler.configuration.jobs import DEFAULT_JOBS, WHEN, scheduled_jobs
from crawler.errors import ConfigurationError
from crawler.scheduling.job_views import NOBODY_SCHEDULES, in_zone, known_job, scheduler_at_work, when
from crawler.scheduling.processes import command_line
from storage.types import RunState, utc_now

_HELP = {setting.key: f"{setting.meaning[0].upper()}{setting.meaning[1:]}." for setting in JOB_SETTINGS}


def add(  # noqa: PLR0913 - one argument per setting of a job
    job: Annotated[str, typer.Argument(help="Its id: lower-case letters, digits, hyphens.", metavar="ID")],
    *,
    command: Annotated[str, typer.Option(help=_HELP["command"])],
    cron: Annotated[str, typer.Option(help=_HELP["cron"])] = "",
    every: Annotated[str, typer.Option(help=_HELP["every"])] = "",
    at: Annotated[str, typer.Option(help=_HELP["at"])] = "",
    time_zone: Annotated[str, typer.Option(help=_HELP["time_zone"])] = "",
    jitter: Annotated[str, typer.Option(help=_HELP["jitter"])] = "0s",
    deadline: Annotated[str, typer.Option(help=_HELP["deadline"])] = "6h",
    misfire_grace: Annotated[str, typer.Option(help=_HELP["misfire_grace"])] = "1h",
    coalesce: Annotated[bool, typer.Option(help=_HELP["coalesce"])] = True,
    minimum: Annotated[int, typer.Option(help=_HELP["minimum"])] = 0,
    enabled: Annotated[bool, typer.Option("--enabled/--disabled", help=_HELP["enabled"])] = True,
    library: LibraryOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Add a job to dateline.toml; everything else in the file stays as it is."""
    given = {
        "command": command,
        "cron": cron,
        "every": every,
        "at": at,
        "time_zone": time_zone,
        "jitter": jitter,
        "deadline": deadline,
        "misfire_grace": misfire_grace,
        "coalesce": coalesce,
        "minimum": minimum,
        "enabled": enabled,
    }
    said = {setting.key: given[setting.key] for setting in JOB_SETTINGS if _worth_saying(setting, given[setting.key])}
    with opened(library) as found:
        configuration = found.configuration
        added = _new_job(configuration, job, said)
        if not dry_run:
            _write(configuration, job, said)
        view = view_of(found.store, configuration, added)
        scheduler = scheduler_at_work(found.configuration)
    if as_json:
        print_json(json_of(view) | {"added": not dry_run})
        return
    say((job, "bold"), f": {'would be added' if dry_run else 'added'} to {configuration.file}: {when(added)}")
    if view.starts:
        say(f"next start {in_zone(view.starts[0], added.time_zone)}: {command_line(added)}")
    if not dry_run and scheduler is None:
        tell(NOBODY_SCHEDULES)


def _worth_saying(setting: Setting, value: object) -> bool:
    """Whether a key belongs into the file: what a job says anyway need not stand there."""
    return bool(value) if setting.key in ("command", *WHEN) else value != setting.default


def _new_job(configuration: Configuration, name: str, said: dict[str, Any]) -> Job:
    """The job that the options describe.

    Raises:
        ConfigurationError: the id is taken, an option is wrong, or it would never start.
    """
    file = configuration.file
    if name in {one.id for one in DEFAULT_JOBS}:
        raise ConfigurationError(f'{name} is a built-in job: write [jobs."{name}"] in {file} to change it')
    if any(one.id == name for one in configuration.jobs):
        raise ConfigurationError(f"there is a job {name} in {file} already: change it there, or take another id")
    values = dict(configuration.values) | {"schedule.defaults": False}
    (made,) = scheduled_jobs({name: said}, values, "command line")
    require_command(made, "command line")
    if not _starts(made):
        raise ConfigurationError(f"command line: {made.at} ({made.time_zone}) is over: the job would never start")
    return made


def _starts(job: Job) -> bool:
    from crawler.scheduling.jobs import next_starts  # noqa: PLC0415 - APScheduler is only for those who ask when

    return bool(next_starts(job, utc_now(), 1))


def _write(configuration: Configuration, name: str, said: dict[str, Any]) -> None:
    from crawler.configuration.editing import file_text, save, with_section  # noqa: PLC0415 - for two commands

    file = configuration.file
    before = file_text(file)
    save(file, before, with_section(before, "jobs", name, said, file), configuration.library)


def remove(
    job: JobArgument, *, library: LibraryOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False
) -> None:
    """Remove a job from dateline.toml; its runs stay in the library."""
    from crawler.configuration.editing import file_text, save, without_section  # noqa: PLC0415 - for two commands

    with opened(library) as found:
        configuration = found.configuration
        known = known_job(configuration, job)
        file = configuration.file
        if known.built_in:
            raise ConfigurationError(
                f'{job} is a built-in job: enabled = false below [jobs."{job}"] in {file} switches it off'
            )
        before = file_text(file)
        after = without_section(before, "jobs", job, file)
        if not dry_run:
            save(file, before, after, configuration.library)
            found.store.forget_job(job)
        last = found.store.latest_runs().get(job)
    if as_json:
        print_json({"id": job, "removed": not dry_run, "file": str(file)})
        return
    say((job, "bold"), f": {'would be removed' if dry_run else 'removed'} from {file}")
    if last is not None and last.state is RunState.RUNNING:
        say(f"its run {last.number} is at work and goes on to its end")
