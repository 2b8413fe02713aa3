"""``dateline events``: import event entries, list and show them, give them back."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, BinaryIO

import typer

from crawler.cli.console import (
    BAD_INPUT,
    OK,
    DryRunOption,
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    out,
    print_json,
    print_json_lines,
    progress_bar,
    say,
    tell,
)
from crawler.cli.export import export
from crawler.cli.selections import WhereOption, selected
from crawler.cli.show import show
from crawler.entry_files import walk
from crawler.errors import ConfigurationError
from crawler.events import FORMATS, ReadOptions
from crawler.importing import ImportReport, import_entries
from crawler.library import Library
from crawler.naming import event_name
from crawler.runs import as_typed, registered
from crawler.takeout import LibrarySelection
from storage.types import EventPlace, EventSummary, Outcome

app = typer.Typer(help="Import event entries, list and show them, give them back with archived links.")

_SHOWN_PROBLEMS = 20
_WIDTH = 48


@app.command("import")
def import_(
    paths: Annotated[
        list[str], typer.Argument(help="Folders, files, tar archives of event entries; - is standard input.")
    ],
    *,
    library: LibraryOption = None,
    entry_format: Annotated[
        str, typer.Option("--format", help=f"Force one format: {', '.join(one.name for one in FORMATS)}.")
    ] = "",
    column: Annotated[
        list[str] | None, typer.Option(help="Map a table's column: FIELD=COLUMN, for example headline=title.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Import event entries. Importing again changes nothing; an edited entry becomes a new revision."""
    options = ReadOptions(format=_known_format(entry_format), columns=_mapping(column or []))
    typed = as_typed("dateline events import", *paths, format=entry_format)
    with (
        opened(library) as found,
        registered(found, typed, unless=dry_run, needs_room=True) as work,
        progress_bar() as bar,
    ):
        task = bar.add_task("importing", total=None)
        report = import_entries(
            found,
            walk(paths, _standard_input()),
            options,
            dry_run=dry_run,
            token=work.token,
            progress=lambda name: bar.update(task, advance=1, description=name[-_WIDTH:].ljust(_WIDTH)),
        )
        work.counts |= {"new": report.new, "changed": report.changed, Outcome.IMPORTED: report.saved_new}
        work.note = f"{count_of(report.files, 'file')} read, {len(report.problems)} not imported"
    if as_json:
        print_json(report)
    else:
        _tell(report, dry_run=dry_run)
    return BAD_INPUT if report.problems else OK


def _standard_input() -> BinaryIO:
    """Closed standard input is as good as empty."""
    return sys.stdin.buffer if sys.stdin else io.BytesIO()


def _tell(report: ImportReport, *, dry_run: bool) -> None:
    if report.files:
        _tell_counts(report, "would be " if dry_run else "")
    elif not report.problems:
        tell("no event entries there: give a folder, file or archive that holds some")
    if report.skipped:
        say(f"skipped {count_of(report.skipped, 'file')} without an entry (hidden, binary, links to folders)")
    for problem in report.problems[:_SHOWN_PROBLEMS]:
        tell(("not imported: ", "bold red"), str(problem))
    if len(report.problems) > _SHOWN_PROBLEMS:
        tell(f"... and {count_of(len(report.problems) - _SHOWN_PROBLEMS, 'more problem')}; --json lists all")


def _tell_counts(report: ImportReport, would: str) -> None:
    aliases = f" ({report.aliases} under another key of a known event)" if report.aliases else ""
    say(
        f"{count_of(report.files, 'file')}, {count_of(report.entries, 'event entry')}: {report.new} {would}new,"
        f" {report.changed} {would}changed, {report.unchanged} unchanged{aliases}"
    )
    if report.entries:
        images = f"; {count_of(report.images, 'image')} among all" if report.images else ""
        unusable = f"; {report.unusable} cannot be requested" if report.unusable else ""
        added = f"{report.links_added} {would}added, {report.links_withdrawn} {would}withdrawn"
        say(f"source links: {added}{images}{unusable}")
    if report.saved_articles:
        say(f"saved articles: {report.saved_new} {would}new of {report.saved_articles}")
    if report.loose:
        say(f"listed URLs: {report.loose_new} {would}new of {report.loose}")


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    prefix: Annotated[str, typer.Option(help="Only keys that begin so, for example 2006/07.")] = "",
    search: Annotated[str, typer.Option(help="Only headlines that contain this.")] = "",
    where: WhereOption = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    after: Annotated[str, typer.Option(help="Go on behind this key.")] = "",
    as_json: JsonLinesOption = False,
) -> None:
    """List events by date with their number of sources and articles."""
    if where and (prefix or search):
        raise ConfigurationError("--where says all of it: words of the headline and event: belong there")
    with opened(library) as found:
        wanted = None if as_json else limit + 1
        if where:
            found_events = _fitting(found, where, after=after, wanted=wanted)
        else:
            found_events = found.store.events(prefix=prefix, search=search, after=after, limit=wanted)
        if as_json:
            print_json_lines(found_events)
            return
        shown = list(islice(found_events, limit))
        more = next(found_events, None) is not None
    if not shown:
        narrowed = bool(prefix or search or where or after)
        say("no event fits" if narrowed else "no events yet: `dateline events import FOLDER` adds some")
        return
    (_list_on_terminal if out.is_terminal else _list_in_lines)(shown)
    if more:
        say(f"more: --after {shown[-1].key}")


def _fitting(library: Library, where: str, *, after: str, wanted: int | None) -> Iterator[EventSummary]:
    selection = LibrarySelection(library=library, query=selected(library.store, where))
    place = None
    if after:
        entry = library.store.event(event_name(after)).entry
        place = EventPlace(event_date=entry.event_date, key=entry.key)
    return islice(selection.event_summaries(after=place), wanted)


def _list_on_terminal(events: Iterable[EventSummary]) -> None:
    """Two lines per event: a key is too long to stand beside its headline."""
    made = Listing("date", "articles#", "sources#", "event…")
    for event in events:
        made.add(event.event_date, event.articles, event.sources, event.headline)
        made.add("", "", "", event.key)
    made.print()


def _list_in_lines(events: Iterable[EventSummary]) -> None:
    made = Listing("date", "articles#", "sources#", "key", "headline")
    for event in events:
        made.add(event.event_date, event.articles, event.sources, event.key, event.headline)
    made.print()


app.command("show")(show)
app.command("export")(export)


def _known_format(name: str) -> str:
    names = [one.name for one in FORMATS]
    if name and name not in names:
        raise ConfigurationError(f"there is no entry format {name!r}; the formats are {', '.join(names)}")
    return name


def _mapping(columns: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for text in columns:
        field, equals, column = text.partition("=")
        if not (field and equals and column):
            raise ConfigurationError(f"--column {text!r} is not FIELD=COLUMN, for example headline=title")
        mapping[field.strip()] = column.strip()
    return mapping
