"""``dateline events``: import event entries, list and show them."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Annotated

import typer

from crawler.cli.console import (
    BAD_INPUT,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    err,
    opened,
    out,
    plain,
    print_json,
    print_json_lines,
    progress_bar,
    table,
)
from crawler.cli.show import show
from crawler.entry_files import walk
from crawler.errors import ConfigurationError
from crawler.events import FORMATS, ReadOptions
from crawler.importing import ImportReport, import_entries

app = typer.Typer(help="Import event entries, list and show them.")
app.command("show")(show)

_SHOWN_PROBLEMS = 20


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
    with opened(library) as found, progress_bar() as bar:
        task = bar.add_task("importing", total=None)
        report = import_entries(
            found,
            walk(paths, sys.stdin.buffer),
            options,
            dry_run=dry_run,
            progress=lambda name: bar.update(task, advance=1, description=plain(name)[-48:].ljust(48)),
        )
    if as_json:
        print_json(report)
    else:
        _tell(report, dry_run=dry_run)
    return BAD_INPUT if report.problems else OK


def _tell(report: ImportReport, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    out.print(
        f"{report.files} files, {report.entries} event entries: {report.new} {would}new,"
        f" {report.changed} {would}changed, {report.unchanged} unchanged"
        f" ({report.aliases} under another key of a known event)",
        highlight=False,
    )
    out.print(
        f"source links: {report.links_added} added, {report.links_withdrawn} withdrawn;"
        f" {report.images} images, {report.unusable} that cannot be requested",
        highlight=False,
    )
    if report.saved_articles or report.loose:
        out.print(
            f"saved articles: {report.saved_new} new of {report.saved_articles}; "
            f"listed URLs: {report.loose_new} new of {report.loose}",
            highlight=False,
        )
    if report.skipped:
        out.print(f"skipped {report.skipped} files without an entry (day indexes, hidden or binary files)")
    for problem in report.problems[:_SHOWN_PROBLEMS]:
        err.print(f"[bold red]not imported:[/] {plain(str(problem))}", highlight=False, markup=True)
    if len(report.problems) > _SHOWN_PROBLEMS:
        err.print(f"... and {len(report.problems) - _SHOWN_PROBLEMS} more files")


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    prefix: Annotated[str, typer.Option(help="Only keys that begin so, for example 2006/07.")] = "",
    search: Annotated[str, typer.Option(help="Only headlines that contain this.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    after: Annotated[str, typer.Option(help="Go on behind this key.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document per line.")] = False,
) -> None:
    """List events by date with their number of sources and articles."""
    with opened(library) as found:
        found_events = found.store.events(prefix=prefix, search=search, after=after, limit=None if as_json else limit)
        if as_json:
            print_json_lines(found_events)
            return
        made = table("date", "articles#", "sources#", "headline", "key")
        last = ""
        for event in islice(found_events, limit):
            last = event.key
            made.add_row(
                f"{event.event_date:%Y-%m-%d}",
                str(event.articles),
                str(event.sources),
                plain(event.headline)[:90],
                plain(event.key)[:60],
            )
    out.print(made)
    if made.row_count == limit:
        out.print(f"more: --after {last}", highlight=False)


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
