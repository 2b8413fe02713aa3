"""What every command shares: where it prints, how it fails, how it names a library.

Exit statuses: 0 all done; 1 the work ran but something is left or wrong (said in the text); 2 bad input or usage,
nothing was done; 130 interrupted, running the same command again goes on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawler.configuration import LIBRARY_VARIABLE, Configuration, load
from crawler.library import Library, open_library

OK, INCOMPLETE, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", "-L", help="Folder of the library.", show_envvar=False, metavar="FOLDER"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts, and nothing else.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]


def settings_of(library: Path | None, overrides: Mapping[str, Any] | None = None) -> Configuration:
    """The configuration of the library that a command means (option, variable, nearest file)."""
    return load(library, overrides)


@contextmanager
def opened(library: Path | None, overrides: Mapping[str, Any] | None = None) -> Iterator[Library]:
    """The library that a command means, open."""
    with open_library(settings_of(library, overrides)) as found:
        yield found


def print_json(value: object) -> None:
    """One JSON document on standard output, with datetimes in ISO 8601."""
    sys.stdout.write(json.dumps(jsonable(value), ensure_ascii=False, indent=2) + "\n")


def print_json_lines(values: Iterable[object]) -> None:
    """One JSON document per line; streams."""
    for value in values:
        sys.stdout.write(json.dumps(jsonable(value), ensure_ascii=False) + "\n")


def jsonable(value: object) -> Any:  # noqa: ANN401 - JSON is untyped
    """Values of the vocabulary as plain JSON types."""
    if is_dataclass(value) and not isinstance(value, type):
        return jsonable(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def table(*columns: str, title: str = "") -> Table:
    """A plain table; columns ending in ``#`` are right-aligned numbers."""
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = column.endswith("#")
        made.add_column(column.rstrip("#"), justify="right" if numeric else "left", overflow="fold")
    return made


def plain(text: str) -> str:
    """Outside text made safe for the terminal: control characters out (a headline may carry escape sequences)."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)


def progress_bar() -> Progress:
    """A progress bar on standard error that is only there on a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def note_library_variable() -> str:
    """For help texts."""
    return f"The library is named by --library, by {LIBRARY_VARIABLE}, or by the nearest dateline.toml."
