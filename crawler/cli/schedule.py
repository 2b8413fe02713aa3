"""``dateline schedule``: what runs by the clock, and the scheduler that starts it."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.console import (
    INCOMPLETE,
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    opened,
    print_json,
    print_json_lines,
    say,
    settings_of,
    tell,
)
from crawler.cli.job_commands import command_problem, require_command
from crawler.cli.job_editing import add, remove
from crawler.cli.job_views import JobArgument, json_of, view_of, views_of
from crawler.configuration import FILE_NAME
from crawler.host_conditions import moment
from crawler.runs import login_name
from crawler.scheduling.job_views import (
    NOBODY_SCHEDULES,
    facts,
    known_job,
    last_words,
    next_words,
    scheduler_at_work,
    took,
    when,
)
from crawler.scheduling.processes import command_line
from storage.leading import Leader
from storage.types import Run, RunState, utc_now

app = typer.Typer(help="What runs by the clock: the jobs, and the scheduler that starts them.")


# -- looking -----------------------------------------------------------------------------------------------------


@app.command("list")
def list_(*, library: LibraryOption = None, as_json: JsonLinesOption = False) -> None:
    """List the jobs: when each starts, when it starts next, what came of its last run."""
    now = utc_now()
    with opened(library) as found:
        views = views_of(found.store, found.configuration, now)
        gone = sorted(set(found.store.job_marks()) - {view.job.id for view in views})
        scheduler = scheduler_at_work(found.configuration)
    if as_json:
        print_json_lines(json_of(view) for view in views)
        return
    if not views:
        say(f"no jobs: `dateline schedule add ID --command ... --every 6h`, or schedule.defaults in {FILE_NAME}")
    else:
        made = Listing("job", "when", "next start", "last run", "command…")
        for view in views:
            made.add(
                view.job.id, when(view.job), next_words(view, now), last_words(view.last, now), command_line(view.job)
            )
        made.print()
    for view in views:
        if view.problem:
            tell(f"the command of the job {view.job.id} is wrong: {view.problem}")
    if scheduler is None:
        tell(NOBODY_SCHEDULES)
    if gone:
        tell(f"paused or wanted, but in no {FILE_NAME} any more: {', '.join(gone)}")


@app.command()
def show(job: JobArgument, *, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show everything about one job, with its next starts."""
    now = utc_now()
    with opened(library) as found:
        known = known_job(found.configuration, job)
        view = view_of(found.store, found.configuration, known)
    if as_json:
        print_json(json_of(view) | {"why": view.job.why, "next_starts": view.starts})
        return
    say((view.job.id, "bold"))
    made = Listing("", "", heading=False)
    for name, value in facts(view, now):
        made.add(f"  {name}", value)
    made.print()


@app.command()
def history(
    job: JobArgument,
    *,
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    as_json: JsonLinesOption = False,
) -> None:
    """List the runs of one job, latest first."""
    now = utc_now()
    with opened(library) as found:
        runs = found.store.runs(job=job, limit=limit)
        if not runs:
            known_job(found.configuration, job)
    if as_json:
        print_json_lines(runs)
        return
    if not runs:
        say(f"{job} never ran: `dateline schedule run-now {job}` starts it")
        return
    made = Listing("run#", "started", "took#", "state", "exit#", "machine", "what came of it…")
    for run in runs:
        status = "" if run.exit_status is None else run.exit_status
        made.add(run.number, moment(run.started_at, now), took(run, now), run.state, status, run.machine, _outcome(run))
    made.print()


def _outcome(run: Run) -> str:
    """Its problem, its figures or its last word."""
    counts = ", ".join(f"{count} {name}" for name, count in sorted(run.counts.items()))
    return run.problem or counts or run.note


app.command()(add)
app.command()(remove)


# -- changing what people say ------------------------------------------------------------------------------------


@app.command()
def pause(
    job: JobArgument,
    *,
    library: LibraryOption = None,
    reason: Annotated[str, typer.Option(help="Why, for those who come after you.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Do not start one job by the clock until it is resumed; safe to run again."""
    with opened(library) as found:
        known = known_job(found.configuration, job)
        before = found.store.job_marks().get(job)
        kept = reason or (before.pause_reason if before is not None and before.paused else "")
        found.store.pause_job(job, now=utc_now(), who=login_name(), reason=kept)
        view = view_of(found.store, found.configuration, known)
    if as_json:
        print_json(json_of(view))
        return
    say((job, "bold"), f": paused{f': {kept}' if kept else ''}; `dateline schedule resume {job}` ends it")
    if view.last is not None and view.last.state is RunState.RUNNING:
        say(f"its run {view.last.number} is at work and goes on to its end")


@app.command()
def resume(job: JobArgument, *, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Start one job by the clock again; starts that fell into the pause are not made up for."""
    with opened(library) as found:
        known = known_job(found.configuration, job)
        before = found.store.job_marks().get(job)
        found.store.resume_job(job)
        view = view_of(found.store, found.configuration, known)
    if as_json:
        print_json(json_of(view))
        return
    was = "resumed" if before is not None and before.paused else "was not paused"
    say((job, "bold"), f": {was}; next start {next_words(view, utc_now())}")


@app.command("run-now")
def run_now(job: JobArgument, *, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Ask the scheduler to start one job at once, even if it is paused or switched off."""
    with opened(library) as found:
        known = known_job(found.configuration, job)
        require_command(known, found.configuration.file.name)
        found.store.want_job(job, now=utc_now(), who=login_name())
        view = view_of(found.store, found.configuration, known)
        scheduler = scheduler_at_work(found.configuration)
    busy = view.last is not None and view.last.state is RunState.RUNNING
    if as_json:
        print_json(json_of(view) | {"scheduler_at_work": scheduler is not None})
    elif view.last is not None and busy:
        say((job, "bold"), f": its run {view.last.number} is at work; nothing is started beside it")
    else:
        say((job, "bold"), ": wanted at once")
        tell(NOBODY_SCHEDULES if scheduler is None else f"the scheduler{_on(scheduler)} starts it within seconds")
    if busy:
        raise typer.Exit(INCOMPLETE)


# -- the scheduler -----------------------------------------------------------------------------------------------


@app.command()
def run(
    *,
    library: LibraryOption = None,
    once: Annotated[
        bool, typer.Option("--once", help="Make the starts that are due, wait for their ends, end.")
    ] = False,
) -> None:
    """Start the jobs by the clock until it is stopped; a second one waits to take over."""
    from crawler.scheduling.daemon import run as schedule  # noqa: PLC0415 - APScheduler is only for the scheduler
    from crawler.scheduling.queued import require_queue  # noqa: PLC0415 - as above

    configuration = settings_of(library)
    require_queue(configuration)
    for job in configuration.jobs:
        if problem := command_problem(job.command):  # no reason to keep the others waiting
            tell(f"the command of the job {job.id} is wrong, its runs will fail: {problem}")
    raise typer.Exit(schedule(configuration, once=once))


def _on(scheduler: Leader) -> str:
    return f" on {scheduler.machine}" if scheduler.machine else ""
