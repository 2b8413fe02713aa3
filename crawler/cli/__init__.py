"""The command ``dateline``: one module per sub-command, all of them listed in `COMMANDS`."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from crawler.cli import (
    alerts,
    articles,
    backfill,
    backup,
    captures,
    crawl,
    database,
    dedup,
    demo,
    diff,
    discover,
    doctor,
    events,
    exporting,
    feeds,
    forget,
    golden,
    holdings,
    hosts,
    images,
    init,
    link,
    linkrot,
    mark,
    merges,
    plan,
    queue,
    reextract,
    refetch,
    replay,
    restore,
    retention,
    retry,
    runs,
    schedule,
    serve,
    show,
    status,
    why,
    work,
    workers,
)
from crawler.cli.console import BAD_INPUT, INCOMPLETE, INTERRUPTED, USAGE_ERROR, note_library_variable, tell
from crawler.errors import DatelineError
from crawler.runs import end_process, failed_run, note_given
from crawler.stopping import asked_by, stoppable, stopped_status
from storage import __version__
from storage.errors import DiskFull, StorageError

COMMANDS: tuple[tuple[str, Callable[..., Any] | typer.Typer], ...] = (
    ("init", init.init),
    ("events", events.app),
    ("holdings", holdings.app),
    ("crawl", crawl.crawl),
    ("refetch", refetch.refetch),
    ("images", images.images),
    ("feeds", feeds.app),
    ("discover", discover.discover),
    ("backfill", backfill.backfill),
    ("retry", retry.retry),
    ("hosts", hosts.app),
    ("plan", plan.plan),
    ("schedule", schedule.app),
    ("work", work.work),
    ("queue", queue.app),
    ("workers", workers.workers),
    ("runs", runs.app),
    ("alerts", alerts.alerts),
    ("serve", serve.serve),
    ("show", show.show),
    ("diff", diff.diff),
    ("why", why.why),
    ("status", status.status),
    ("articles", articles.app),
    ("export", exporting.app),
    ("link", link.app),
    ("mark", mark.mark),
    ("marks", mark.marks),
    ("dedup", dedup.app),
    ("merges", merges.app),
    ("linkrot", linkrot.linkrot),
    ("replay", replay.replay),
    ("reextract", reextract.reextract),
    ("db", database.app),
    ("captures", captures.app),
    ("doctor", doctor.doctor),
    ("backup", backup.backup),
    ("restore", restore.restore),
    ("forget", forget.forget),
    ("retention", retention.retention),
    ("golden", golden.app),
    ("demo", demo.demo),
)
"""Every command, in the order of the help."""


_PIPE_CLOSED = 1


class _InOrder(TyperGroup):
    """Lists commands as `COMMANDS` does (Typer would put those with sub-commands last); Ctrl-C says how to go on."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - the click that Typer brings is not exported
        return [name for name, _ in COMMANDS]

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:  # Typer makes it a bare exit status
            tell(str(stop) or "interrupted; run the same command again to go on")
            raise


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="dateline",
        cls=_InOrder,
        help="Turn an archive of event entries into a linked library of the articles that they cite. "
        + note_library_variable(),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_version_option)
    for name, command in COMMANDS:
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, no_args_is_help=not _lists_by_itself(command))
        else:
            app.command(name)(command)
    return app


def _lists_by_itself(group: typer.Typer) -> bool:
    """Whether a group of commands does something where none of them is named."""
    own = group.registered_callback
    return own is not None and own.invoke_without_command is True


def main() -> None:
    """Entry point: a user's mistake is one clear sentence and exit status 2, never a traceback."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    note_given()
    asked_by(0)
    _tolerate_any_encoding()
    status = INCOMPLETE
    try:
        with stoppable():
            status = _written()
    except KeyboardInterrupt:  # a second one, while the first was obeyed
        status = stopped_status()
    finally:
        end_process(status)
    sys.exit(status)


def _written() -> int:
    """Run the command that was typed and get its last line out; returns the exit status."""
    try:
        status = _run()
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = _PIPE_CLOSED
    return stopped_status() if status == INTERRUPTED else status


def _run() -> int:
    """Run the command that was typed; returns the exit status."""
    try:
        status = build()(prog_name="dateline", standalone_mode=False)
    except typer.Exit as ended:
        status = ended.exit_code
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except USAGE_ERROR as error:
        error.show()
        return BAD_INPUT
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - raised again where nobody knows more
        return _told(error)
    return status if isinstance(status, int) else 0


def _told(error: Exception) -> int:
    """Say in a sentence why the command could not do its work; returns the exit status."""
    if isinstance(error, (DatelineError, StorageError)):
        return _refuse(str(error), INCOMPLETE if isinstance(error, DiskFull) else BAD_INPUT)
    if isinstance(error, OSError):
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
    if not failed_run():
        raise error
    where = f"our own code failed; the log of {failed_run()} says where"
    return _refuse(f"{type(error).__name__}: {error}\n{where}", INCOMPLETE)


def _refuse(text: str, status: int = BAD_INPUT) -> int:
    first, *more = text.split("\n")
    tell(("error: ", "bold red"), first)
    for line in more:
        tell(line)
    return status


def _tolerate_any_encoding() -> None:
    """A terminal without the signs of a headline shows their numbers."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's way
    if wanted:
        typer.echo(f"dateline {__version__}")
        raise typer.Exit


def _version_option(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options of the command itself."""
