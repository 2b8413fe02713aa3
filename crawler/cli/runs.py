"""``dateline runs``: who worked on the library, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
from crawler.errors import ConfigurationError
from crawler.following import Tail, last_lines
from crawler.library import Library
from crawler.run_views import counts_text, facts_of, files_of, goes_on, meaning_of, took
from crawler.runs import last_sign
from storage.types import Run, RunState

app = typer.Typer(help="Who worked on the library, and what came of it.", invoke_without_command=True)

_LOOK_S = 0.5
_COUNTS = 3
_COMMAND = 60


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


# -- one run ---------------------------------------------------------------------------------------------------


def _print_run(library: Library, one: Run) -> None:
    say((f"run {one.number}", "bold"), f" {one.state}: {meaning_of(library.configuration, one)}")
    for name, text in facts_of(library.configuration, one):
        if text:
            say((f"  {name:<10}", "dim"), text)


def _json_of(library: Library, one: Run, lines: int) -> dict[str, Any]:
    log, output = files_of(library.configuration, one)
    return {
        **jsonable(one),
        "last_sign_at": last_sign(library.configuration.library, one),
        "log_lines": last_lines(log, lines),
        "output_lines": last_lines(output, lines),
    }


def _print_last(library: Library, one: Run, lines: int) -> None:
    log, output = files_of(library.configuration, one)
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
    log, output = files_of(library.configuration, one)
    with closing(Tail(log)) as logged, closing(Tail(output)) as printed:
        yield [logged, printed]


@contextmanager
def _left_alone(one: Run) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(f"not followed any more; run {one.number} is left alone") from stop


def _follow(library: Library, one: Run, tails: list[Tail]) -> None:
    while goes_on(library.configuration, one):
        _print_new([line for tail in tails for line in tail.lines()])
        time.sleep(_LOOK_S)
        one = library.store.run(one.number)
    _print_new([line for tail in tails for line in tail.end()])
    status = "its exit status is not known" if one.exit_status is None else f"exit status {one.exit_status}"
    say((f"run {one.number} {one.state}", "bold"), f", {status}" + (f": {one.problem}" if one.problem else ""))


def _print_new(lines: list[str]) -> None:
    for line in lines:
        say(line)
    if lines:
        out.file.flush()
