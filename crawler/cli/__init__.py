"""The command ``dateline``: one module per sub-command, all of them listed in `COMMANDS`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from crawler.cli import (
    articles,
    captures,
    crawl,
    database,
    demo,
    events,
    init,
    reextract,
    refetch,
    show,
    status,
    why,
)
from crawler.cli.console import BAD_INPUT, INTERRUPTED, err, note_library_variable
from crawler.errors import DatelineError
from storage import __version__
from storage.errors import StorageError

COMMANDS: tuple[tuple[str, Callable[..., Any] | typer.Typer], ...] = (
    ("init", init.init),
    ("events", events.app),
    ("crawl", crawl.crawl),
    ("refetch", refetch.refetch),
    ("show", show.show),
    ("why", why.why),
    ("status", status.status),
    ("articles", articles.app),
    ("reextract", reextract.reextract),
    ("db", database.app),
    ("captures", captures.app),
    ("demo", demo.demo),
)
"""Every command, in the order of the help."""


_ClickException: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""Base of usage errors: Typer brings a click of its own since 0.2x and does not export it."""


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="dateline",
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
    try:
        status = build()(standalone_mode=False)
    except typer.Exit as ended:
        sys.exit(ended.exit_code)
    except typer.Abort:
        err.print("interrupted; run the same command again to go on")
        sys.exit(INTERRUPTED)
    except _ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except (DatelineError, StorageError) as error:
        err.print(f"[bold red]error:[/] {_escaped(str(error))}", highlight=False)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        err.print("interrupted; run the same command again to go on")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


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


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
