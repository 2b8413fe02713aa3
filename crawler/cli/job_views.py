"""What the command line shows of a scheduled job, beside `crawler.scheduling.job_views`."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from crawler.cli.console import jsonable
from crawler.cli.job_commands import command_problem
from crawler.scheduling import job_views
from crawler.scheduling.job_views import JobView, when
from crawler.scheduling.processes import command_line

JobArgument = Annotated[str, typer.Argument(help="Id of a job, as `dateline schedule list` shows it.", metavar="ID")]

views_of = partial(job_views.views_of, problem_of=command_problem)
view_of = partial(job_views.view_of, problem_of=command_problem)
"""With what the command line says of their commands."""


def json_of(view: JobView) -> dict[str, Any]:
    """For scripts."""
    job, mark = view.job, view.mark
    durations = {
        key: None if length is None else length.total_seconds()
        for key, length in (
            ("every_s", job.every),
            ("jitter_s", job.jitter),
            ("deadline_s", job.deadline),
            ("misfire_grace_s", job.misfire_grace),
        )
    }
    rule = {"when": when(job), "cron": job.cron or None, "at": job.at or None, "time_zone": job.time_zone}
    plain = {key: getattr(job, key) for key in ("coalesce", "minimum", "enabled", "built_in")}
    said = {key: value for key, value in jsonable(mark).items() if key != "job"}
    return {
        "id": job.id,
        "command": command_line(job),
        "problem": view.problem,
        **rule,
        **durations,
        **plain,
        **said,
        "next_start": view.starts[0] if view.starts else None,
        "last_run": view.last,
    }
