"""``dateline events export``: event entries for the people whom they came from, with archived links beside sources."""

from __future__ import annotations

import calendar
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    JsonOption,
    LibraryOption,
    count_of,
    opened,
    plain,
    print_json,
    tell,
    write_bytes,
)
from crawler.cli.selections import WhereOption, selected
from crawler.errors import ConfigurationError
from crawler.events.days import iso_day
from crawler.events.notes import Notes, notes_of
from crawler.events.writing import day_page, item_of, line_of, page_of, page_path
from crawler.library import Library
from crawler.naming import event_name
from crawler.takeout import LibrarySelection
from crawler.written_files import Written, write_whole
from storage.protocol import Store
from storage.types import EventEntry, EventView

Told: TypeAlias = tuple[EventEntry, Notes | None]
"""An entry, and what is known about its sources where that is wanted."""

_SUFFIXES = {"md": (".md", ".markdown"), "wikitext": (".txt", ".wiki", ".wikitext")}
_FORMATS = (*_SUFFIXES, "jsonl")
_LINES_FILE = "events.jsonl"
"""What ``jsonl`` writes where a folder is named."""
_AT_ONCE = 100
_SHOWN = 10


@dataclass(slots=True)
class _Tally:
    """What was written where."""

    events: int = 0
    written: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)

    def count(self, path: Path, done: Written) -> None:
        self.written += done is Written.NEW
        self.unchanged += done is Written.SAME
        if done is Written.KEPT:
            self.kept.append(str(path))


def export(  # noqa: PLR0913  one parameter per option
    names: Annotated[list[str] | None, typer.Argument(metavar="EVENT...", help="Only these; default: all.")] = None,
    *,
    library: LibraryOption = None,
    export_format: Annotated[str, typer.Option("--format", "-f", help=f"One of {', '.join(_FORMATS)}.")] = "md",
    with_archive_links: Annotated[
        bool,
        typer.Option("--with-archive-links", help="Add an archived copy, its date and the status beside each source."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder for md (pages) and wikitext (day pages); for jsonl a file, or a folder for its events.jsonl.",
        ),
    ] = None,
    where: WhereOption = "",
    since: Annotated[str, typer.Option(help="Only events of this day or later, for example 2006-07-05.")] = "",
    until: Annotated[str, typer.Option(help="Only events of this day or earlier.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over files with another content.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Write event entries as they were imported, byte for byte but for what is added; one event goes to the terminal.

    With md that is the whole page, with wikitext each item: the frame of a day page (its header, categories, topics)
    is laid out anew. So are pages and items that were read from another format. Everything is written in UTF-8.
    """
    _check(export_format, names or [], output, as_json=as_json)
    if where and (names or since or until):
        raise ConfigurationError("--where says all of it: since:, until: and event: belong there")
    first, last = _day(since, "--since"), _day(until, "--until")
    if first and last and first > last:
        raise ConfigurationError(f"--since {since} lies behind --until {until}: exchange them")
    if output is not None and export_format == "jsonl" and output.is_dir():
        output /= _LINES_FILE
    with opened(library) as found:
        if where:
            views = _fitting(found, where)
        else:
            views = (view for view in _views(found.store, names or [], first, last) if _is_of(view, first, last))
        told = _told(found.store, views, with_notes=with_archive_links)
        tally = _Tally()
        counted = _counted(told, tally)
        if output is None:
            _print(export_format, counted)
        else:
            _write(export_format, counted, output, tally, force=force, one=len(names or []) == 1)
    if output is not None:
        _report(tally, output, as_json=as_json)
    return INCOMPLETE if tally.kept else OK


def _check(export_format: str, names: list[str], output: Path | None, *, as_json: bool) -> None:
    if export_format not in _FORMATS:
        raise ConfigurationError(
            f"there is no format {export_format!r} for event entries; the formats are {', '.join(_FORMATS)}"
        )
    if output is None and as_json:
        raise ConfigurationError("--json and the export would mix on standard output: name an --output")
    if output is None and export_format != "jsonl" and len(names) != 1:
        raise ConfigurationError(f"several events in {export_format} need a folder: name it with --output")
    if output is not None and output.is_file() and export_format != "jsonl" and len(names) != 1:
        raise ConfigurationError(f"{output} is a file: {export_format} needs a folder for several events")


def _day(written: str, option: str) -> date | None:
    day = iso_day(written) if written else None
    if written and day is None:
        raise ConfigurationError(f"{option} {written!r} is no day: write it as 2006-07-05")
    return day


def _views(store: Store, names: list[str], first: date | None, last: date | None) -> Iterator[EventView]:
    if names:
        views = {view.entry.key: view for view in (store.event(event_name(name)) for name in names)}
        yield from sorted(views.values(), key=lambda view: (view.entry.event_date, view.entry.key))
        return
    for summary in store.events():
        if last is not None and summary.event_date > last:
            return
        if first is None or summary.event_date >= first:
            yield store.event(summary.key)


def _fitting(library: Library, where: str) -> Iterator[EventView]:
    selection = LibrarySelection(library=library, query=selected(library.store, where))
    summaries = selection.event_summaries()
    while batch := list(islice(summaries, _AT_ONCE)):
        yield from library.store.event_views([one.key for one in batch])


def _is_of(view: EventView, first: date | None, last: date | None) -> bool:
    day = view.entry.event_date
    return (first is None or first <= day) and (last is None or day <= last)


def _told(store: Store, views: Iterator[EventView], *, with_notes: bool) -> Iterator[Told]:
    """Each entry with its notes; copies are asked for many events at once."""
    while batch := list(islice(views, _AT_ONCE)):
        if not with_notes:
            yield from ((view.entry, None) for view in batch)
            continue
        wanted = {source.document.id for view in batch for source in view.sources if source.document}
        copies = store.archive_links(sorted(wanted)) if wanted else {}
        yield from ((view.entry, notes_of(view.sources, copies)) for view in batch)


def _counted(told: Iterator[Told], tally: _Tally) -> Iterator[Told]:
    for one in told:
        tally.events += 1
        yield one


def _item(entry: EventEntry, notes: Notes | None) -> str:
    return item_of(entry, notes) + "\n"


_RENDER: dict[str, Callable[[EventEntry, Notes | None], str]] = {"md": page_of, "wikitext": _item, "jsonl": line_of}


def _print(export_format: str, told: Iterable[Told]) -> None:
    """On standard output; a terminal could be steered by a text, so there it is made plain."""
    for entry, notes in told:
        text = _RENDER[export_format](entry, notes)
        if sys.stdout and sys.stdout.isatty():
            sys.stdout.write("\n".join(plain(line) for line in text.split("\n")))
        else:
            write_bytes(text.encode("utf-8", "replace"))


def _write(export_format: str, told: Iterator[Told], output: Path, tally: _Tally, *, force: bool, one: bool) -> None:
    if export_format == "jsonl":
        files = iter([(output, _lines(told))])
    elif one and not output.is_dir() and (output.is_file() or output.suffix in _SUFFIXES[export_format]):
        files = ((output, iter([_RENDER[export_format](*item)])) for item in told)
    elif export_format == "md":
        files = ((output / page_path(entry), iter([page_of(entry, notes)])) for entry, notes in told)
    else:
        files = _day_files(told, output)
    for path, pieces in files:
        tally.count(path, write_whole(path, pieces, force=force))


def _lines(told: Iterator[Told]) -> Iterator[str]:
    return (line_of(entry, notes) for entry, notes in told)


def _day_files(told: Iterator[Told], folder: Path) -> Iterator[tuple[Path, Iterator[str]]]:
    """``2006_July_5.txt`` for each day, its items in the order in which they were read."""
    for day, entries in groupby(told, key=lambda one: one[0].event_date):
        ordered = sorted(entries, key=lambda one: (one[0].origin.name, one[0].origin.line, one[0].key))
        name = f"{day.year:04}_{calendar.month_name[day.month]}_{day.day}.txt"
        yield folder / name, iter([day_page([(entry, item_of(entry, notes)) for entry, notes in ordered])])


def _report(tally: _Tally, output: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "events": tally.events,
                "files_written": tally.written,
                "files_unchanged": tally.unchanged,
                "files_kept": tally.kept,
                "output": str(output),
            }
        )
        return
    if not tally.events:
        tell("no event fits")
        return
    unchanged = f", {count_of(tally.unchanged, 'file')} unchanged" if tally.unchanged else ""
    tell(f"{count_of(tally.events, 'event')}: {count_of(tally.written, 'file')} written to {output}{unchanged}")
    for path in tally.kept[:_SHOWN]:
        tell(("kept: ", "bold red"), f"{path} has another content (--force writes over it)")
    if len(tally.kept) > _SHOWN:
        tell(f"... and {count_of(len(tally.kept) - _SHOWN, 'more file')}; --json lists all")
