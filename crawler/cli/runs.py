"""``dateline runs``: who worked on the library, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.console import (
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    jsonable,
    opened,
    out,
    print_json,
    print_json_lines,
    say,
    shortened,
)
from crawler.cli.following import Tail, last_lines
from crawler.errors import ConfigurationError
from crawler.library import Library
from crawler.runlog import log_name, output_name
from crawler.runs import has_process, is_dead, last_sign
from storage.types import RUN_MEANINGS, Run, RunState, utc_now

app = typer.Typer(help="Who worked on the library, and what came of it.", invoke_without_command=True)

_LOOK_S = 0.5
_COUNTS = 3
_COMMAND = 60
_HOUR, _MINUTE = 3600, 60


@app.callback(invoke_without_command=True)
def runs(
    ctx: typer.Context,
    *,
    library: LibraryOption = None,
    job: Annotated[str, typer.Option(help="Only runs of this scheduled job.")] = "",
    state: Annotated[RunState | None, typer.Option(help="Only runs in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    as_json: JsonLinesOption = False,
) -> None:
    """List the runs of commands that change the library or take long, latest first."""
    if ctx.invoked_subcommand is not None:
        return
    with opened(library) as found:
        wanted = found.store.runs(state=state, job=job or None, limit=limit + 1)
    shown = wanted[:limit]
    if as_json:
        print_json_lines(shown)
        return
    if not shown:
        say("no run fits" if job or state else "no runs yet")
        return
    _list(shown)
    if len(wanted) > limit:
        say(f"only the latest {limit}: --limit lists more")


def _list(shown: list[Run]) -> None:
    made = Listing("run#", "state", "exit#", "started", "took#", "by", "command…", "counts…")
    for one in shown:
        made.add(
            one.number,
            one.state,
            "" if one.exit_status is None else one.exit_status,
            f"{one.started_at:%Y-%m-%d %H:%M:%S}Z",
            took(one),
            one.job or one.who,
            shortened(one.command, _COMMAND),
            counts_text(one.counts, most=_COUNTS) or one.problem,
        )
    made.print()


@app.command()
def show(
    number: Annotated[int, typer.Argument(min=1, help="Number of the run.")],
    *,
    library: LibraryOption = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Show what it logs and prints until it ends; Ctrl-C leaves it alone.")
    ] = False,
    lines: Annotated[int, typer.Option(min=0, help="So many of the last lines of its log.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show all that is known of a run, and the last lines of its log."""
    if follow and as_json:
        raise ConfigurationError("--follow is for people: use it without --json")
    with opened(library) as found:
        one = found.store.run(number)
        if as_json:
            print_json(_json_of(found, one, lines))
            return
        _print_run(found, one)
        with _tails(found, one) as tails:
            _print_last(found, one, lines)
            if follow:
                with _left_alone(one):
                    _follow(found, one, tails)


def took(one: Run) -> str:
    """How long a run took, or is at work: ``12 s``, ``3 min 05 s``, ``2 h 07 min``."""
    length = (one.finished_at or utc_now()) - one.started_at
    return span(length)


def span(length: timedelta) -> str:
    """``12 s``, ``3 min 05 s``, ``2 h 07 min``."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min {seconds % _MINUTE:02} s"
    return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE:02} min"


def counts_text(counts: Mapping[str, int], *, most: int = 0) -> str:
    """``12 fetched, 3 gone``; the largest first, all or at most so many."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    shown = ", ".join(f"{count} {name}" for name, count in ordered[: most or None])
    return f"{shown}, ..." if most and len(ordered) > most else shown


# -- one run ---------------------------------------------------------------------------------------------------


def _print_run(library: Library, one: Run) -> None:
    say((f"run {one.number}", "bold"), f" {one.state}: {_meaning(library, one)}")
    for name, text in _facts(library, one):
        if text:
            say((f"  {name:<10}", "dim"), text)


def _facts(library: Library, one: Run) -> Iterator[tuple[str, str]]:
    yield "command", one.command
    yield "job", one.job
    yield "by", f"{one.who} on {one.machine}" + (f", process {one.pid}" if one.pid else ", not begun yet")
    yield "started", f"{one.started_at:%Y-%m-%d %H:%M:%S}Z"
    if one.finished_at is None:
        yield "last sign", f"{last_sign(library.configuration.library, one):%Y-%m-%d %H:%M:%S}Z"
        yield "ends by", f"{one.deadline_at:%Y-%m-%d %H:%M:%S}Z at the latest" if one.deadline_at else ""
    else:
        yield "ended", f"{one.finished_at:%Y-%m-%d %H:%M:%S}Z"
    yield "took", took(one)
    yield "exit", "" if one.exit_status is None else f"status {one.exit_status}"
    yield "counts", counts_text(one.counts)
    yield "note", one.note
    yield "problem", one.problem
    yield "log", str(library.configuration.library / one.log) if one.log else ""


def _meaning(library: Library, one: Run) -> str:
    if one.state is RunState.RUNNING and is_dead(library.configuration, one, utc_now()):
        return "its process is gone without a word; the next command that works on the library takes its work back"
    return RUN_MEANINGS[one.state]


def _json_of(library: Library, one: Run, lines: int) -> dict[str, Any]:
    log, output = _files(library, one)
    return {
        **jsonable(one),
        "last_sign_at": last_sign(library.configuration.library, one),
        "log_lines": last_lines(log, lines),
        "output_lines": last_lines(output, lines),
    }


def _files(library: Library, one: Run) -> tuple[Path, Path]:
    """Its log, and what it printed where the scheduler started it; either may be missing."""
    folder = library.configuration.library
    return folder / (one.log or log_name(one.number)), folder / output_name(one.number)


def _print_last(library: Library, one: Run, lines: int) -> None:
    log, output = _files(library, one)
    for path, heading in ((log, "log"), (output, "printed")):
        found = last_lines(path, lines)
        if found:
            say((f"{heading}, its last lines:" if len(found) == lines else f"{heading}:", "bold"))
        for line in found:
            say(line)


# -- following -------------------------------------------------------------------------------------------------


@contextmanager
def _tails(library: Library, one: Run) -> Iterator[list[Tail]]:
    """Opened before the last lines are read: a line may come twice, none is left out."""
    log, output = _files(library, one)
    with closing(Tail(log)) as logged, closing(Tail(output)) as printed:
        yield [logged, printed]


@contextmanager
def _left_alone(one: Run) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(f"not followed any more; run {one.number} is left alone") from stop


def _follow(library: Library, one: Run, tails: list[Tail]) -> None:
    while _goes_on(library, one):
        _print_new([line for tail in tails for line in tail.lines()])
        time.sleep(_LOOK_S)
        one = library.store.run(one.number)
    _print_new([line for tail in tails for line in tail.end()])
    status = "its exit status is not known" if one.exit_status is None else f"exit status {one.exit_status}"
    say((f"run {one.number} {one.state}", "bold"), f", {status}" + (f": {one.problem}" if one.problem else ""))


def _goes_on(library: Library, one: Run) -> bool:
    """Whether anything may still come: a run that is over may have a process that still links or counts."""
    if one.state is RunState.RUNNING:
        return not is_dead(library.configuration, one, utc_now())
    return one.exit_status is None and has_process(one)


def _print_new(lines: list[str]) -> None:
    for line in lines:
        say(line)
    if lines:
        out.file.flush()
