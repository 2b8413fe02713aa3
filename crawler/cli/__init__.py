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
    articles,
    backfill,
    captures,
    crawl,
    database,
    dedup,
    demo,
    diff,
    discover,
    doctor,
    events,
    feeds,
    golden,
    holdings,
    hosts,
    images,
    init,
    link,
    linkrot,
    merges,
    reextract,
    refetch,
    replay,
    retry,
    show,
    status,
    why,
)
from crawler.cli.console import BAD_INPUT, INTERRUPTED, note_library_variable, tell
from crawler.errors import DatelineError
from storage import __version__
from storage.errors import StorageError

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
    ("show", show.show),
    ("diff", diff.diff),
    ("why", why.why),
    ("status", status.status),
    ("articles", articles.app),
    ("link", link.app),
    ("dedup", dedup.app),
    ("merges", merges.app),
    ("linkrot", linkrot.linkrot),
    ("replay", replay.replay),
    ("reextract", reextract.reextract),
    ("db", database.app),
    ("captures", captures.app),
    ("doctor", doctor.doctor),
    ("golden", golden.app),
    ("demo", demo.demo),
)
"""Every command, in the order of the help."""


_ClickException: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""Base of usage errors: Typer brings a click of its own since 0.2x and does not export it."""

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
            app.add_typer(command, name=name, no_args_is_help=True)
        else:
            app.command(name)(command)
    return app


def main() -> None:
    """Entry point: a user's mistake is one clear sentence and exit status 2, never a traceback."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    _tolerate_any_encoding()
    try:
        status = _run()
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = _PIPE_CLOSED
    sys.exit(status)


def _run() -> int:
    """Run the command that was typed; returns the exit status."""
    try:
        status = build()(prog_name="dateline", standalone_mode=False)
    except typer.Exit as ended:
        status = ended.exit_code
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except _ClickException as error:
        error.show()
        return BAD_INPUT
    except (DatelineError, StorageError) as error:
        return _refuse(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
    return status if isinstance(status, int) else 0


def _refuse(text: str) -> int:
    first, *more = text.split("\n")
    tell(("error: ", "bold red"), first)
    for line in more:
        tell(line)
    return BAD_INPUT


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
