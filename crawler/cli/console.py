"""What every command shares: where it prints, how it fails, how it names a library.

Exit statuses: 0 all done; 1 the work ran but something is left or wrong (said in the text); 2 bad input or usage,
of which nothing was done; 130 interrupted (143 by SIGTERM), running the same command again goes on.

Why no console markup: headlines, labels, URLs and error texts come from outside. Styles are given as ``(text, style)``
parts, so that no bracket of theirs can ever be read as a style, and `plain` takes out what would steer the terminal.

Why JSON goes out as bytes: it is UTF-8 by definition, whatever the terminal's encoding is.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from crawler import phrases
from crawler.configuration import LIBRARY_VARIABLE, Configuration, load
from crawler.errors import EntryFileError
from crawler.library import Library, open_library
from crawler.naming import host_name
from storage.errors import LibraryError, NotFound, StorageError, StoreUnavailable
from storage.protocol import Store
from storage.types import Selection, utc_now

OK, INCOMPLETE, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

USAGE_ERROR: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""Base of usage errors: Typer brings a click of its own since 0.2x and does not export it."""

out = Console(soft_wrap=True, markup=False, highlight=False, emoji=False)
err = Console(soft_wrap=True, markup=False, highlight=False, emoji=False, stderr=True)

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", "-L", help="Folder of the library.", show_envvar=False, metavar="FOLDER"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts, and nothing else.")]
JsonLinesOption = Annotated[bool, typer.Option("--json", help="Print one JSON document per line, and nothing else.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]

Part: TypeAlias = str | tuple[str, str]
"""Text, or text with a style."""

_WIDEST = 60
"""Cells wider than this are not lined up when the output is no terminal."""
_GAP = "  "
_KEPT_FORMAT_SIGNS = "\N{SOFT HYPHEN}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


# -- the library -----------------------------------------------------------------------------------------------


def settings_of(library: Path | None, overrides: Mapping[str, Any] | None = None) -> Configuration:
    """The configuration of the library that a command means (option, variable, nearest file)."""
    return load(library, overrides)


@contextmanager
def opened(library: Path | None, overrides: Mapping[str, Any] | None = None) -> Iterator[Library]:
    """The library that a command means, open."""
    configuration = settings_of(library, overrides)
    with ExitStack() as stack:
        with naming_database(configuration):
            found = stack.enter_context(open_library(configuration))
        yield found


@contextmanager
def going_on_without(option: str) -> Iterator[None]:
    """Ctrl-C in here says to leave out an option that marked everything first; empty where none did."""
    try:
        yield
    except KeyboardInterrupt as stop:
        if not option:
            raise
        how = f"interrupted; run the same command again without {option} to go on"
        raise KeyboardInterrupt(how) from stop


@contextmanager
def naming_database(configuration: Configuration) -> Iterator[None]:
    """Say which database it was that could not be used, and where its address stands."""
    try:
        yield
    except (LibraryError, NotFound):
        raise
    except StorageError as problem:
        kind = StoreUnavailable if isinstance(problem, StoreUnavailable) else StorageError
        raise kind(f"{problem} ({configuration.database_origin})") from problem


def require_host(store: Store, host: str) -> str:
    """Refuse a host that the library does not know: a typing error would look like "nothing to do".

    Returns the host as the store knows it, empty for an empty one; a URL on it is understood.

    Raises:
        NotFound: no document is on this host, or the host was taken down.
        ConfigurationError: it is no host at all.
    """
    if not host:
        return ""
    name = host_name(host)
    if takedown := store.takedown_of("", name):
        raise NotFound(f"{takedown.text}; `dateline forget --undo {name}` lets it be fetched again")
    anything = Selection(host=name, due_only=False)
    if next(iter(store.due(anything, now=utc_now(), limit=1)), None) is None:
        raise unknown_host(store, name)
    return name


def unknown_host(store: Store, name: str) -> NotFound:
    """The error that no document is on this host, with the hosts that are written nearly so."""
    names = [host.name for host in store.hosts(now=utc_now()) if host.documents]
    near = get_close_matches(name, names, n=3)
    remedy = f"did you mean {' or '.join(near)}?" if near else "`dateline hosts list` shows those that there are"
    return NotFound(f"no event entry cites anything on the host {name!r}: {remedy}")


def note_library_variable() -> str:
    """For help texts."""
    return f"The library is named by --library, by {LIBRARY_VARIABLE}, or by the nearest dateline.toml."


# -- text ------------------------------------------------------------------------------------------------------


def say(*parts: Part) -> None:
    """One line on standard output."""
    out.print(_line(parts))


def tell(*parts: Part) -> None:
    """One line on standard error."""
    err.print(_line(parts))


def plain(text: str) -> str:
    """Outside text as one line that is safe for the terminal: a headline may carry escape sequences or line ends."""
    return "".join(map(_shown, text))


count_of, shortened = phrases.count_of, phrases.shortened


def _line(parts: tuple[Part, ...]) -> Text:
    return Text.assemble(*(plain(part) if isinstance(part, str) else (plain(part[0]), part[1]) for part in parts))


def _shown(sign: str) -> str:
    if sign in "\n\t":
        return " "
    if sign.isprintable() or sign in _KEPT_FORMAT_SIGNS or unicodedata.category(sign) == "Zs":
        return sign
    return "\N{REPLACEMENT CHARACTER}"


class Listing:
    """Rows under headings: fitted to the window on a terminal, one whole line per row elsewhere (grep, cut).

    Columns that end in ``#`` are right-aligned numbers; those that end in ``…`` are cut on a terminal, the others
    folded. Cells may be any outside text.
    """

    def __init__(self, *columns: str, heading: bool = True) -> None:
        self.columns = columns
        self.heading = heading
        self.rows: list[tuple[str, ...]] = []

    def add(self, *cells: object) -> None:
        """One row."""
        self.rows.append(tuple(plain(str(cell)) for cell in cells))

    def print(self) -> None:
        """On standard output."""
        if out.is_terminal:
            out.print(self._table())
        else:
            for line in self._lines():
                out.print(line)

    def _names(self) -> tuple[str, ...]:
        return tuple(column.rstrip("#…") for column in self.columns)

    def _table(self) -> Table:
        made = Table(box=None, pad_edge=False, header_style="bold", show_header=self.heading)
        for column, name, width in zip(self.columns, self._names(), self._fitted(), strict=True):
            made.add_column(
                name,
                justify="right" if column.endswith("#") else "left",
                overflow="ellipsis" if column.endswith("…") else "fold",
                no_wrap=column.endswith(("…", "#")),
                width=width,
            )
        for row in self.rows:
            made.add_row(*row)
        return made

    def _fitted(self) -> list[int | None]:
        """Widths with which the columns that may be cut share what the others leave; no matter where none may be."""
        widest = [max(map(cell_len, column)) for column in zip(self._names(), *self.rows, strict=True)]
        cut = [column.endswith("…") for column in self.columns]
        if not any(cut):
            return [None] * len(cut)
        room = out.width - sum(width for width, may in zip(widest, cut, strict=True) if not may)
        share = max(1, (room - len(_GAP) * (len(cut) - 1)) // sum(cut))
        return [min(width, share) if may else width for width, may in zip(widest, cut, strict=True)]

    def _lines(self) -> Iterator[str]:
        rows = [self._names(), *self.rows] if self.heading else self.rows
        widths = [max((w for w in map(cell_len, column) if w <= _WIDEST), default=0) for column in zip(*rows)]  # noqa: B905 - no rows, no widths
        for row in rows:
            cells = []
            for column, cell, width in zip(self.columns, row, widths, strict=True):
                space = " " * (width - cell_len(cell))
                cells.append(space + cell if column.endswith("#") else cell + space)
            yield _GAP.join(cells).rstrip()


def progress_bar() -> Progress:
    """A progress bar on standard error that is only there on a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


# -- JSON ------------------------------------------------------------------------------------------------------


def print_json(value: object) -> None:
    """One JSON document on standard output, with datetimes in ISO 8601."""
    write_bytes(_json(value, indent=2))


def print_json_lines(values: Iterable[object]) -> None:
    """One JSON document per line; streams."""
    for value in values:
        write_bytes(_json(value))


def write_bytes(content: bytes) -> None:
    """Onto standard output, as they are."""
    if sys.stdout:  # none where the caller closed it
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def jsonable(value: object) -> Any:  # noqa: ANN401 - JSON is untyped
    """Values of the vocabulary as plain JSON types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: jsonable(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, EntryFileError):
        return {"file": value.name, "line": value.line, "problem": value.problem, "remedy": value.remedy}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def _json(value: object, indent: int | None = None) -> bytes:
    """UTF-8; signs that nobody sees but a terminal obeys, and lone surrogates, are escaped."""
    text = json.dumps(jsonable(value), ensure_ascii=False, indent=indent) + "\n"
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text).encode()
