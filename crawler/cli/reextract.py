"""``dateline reextract``: rebuild articles from their captures, without fetching anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    print_json,
    progress_bar,
    require_host,
    say,
    tell,
)

if TYPE_CHECKING:  # the extractor takes a second to import: only this command's work pays for it
    from crawler.rebuilding import Rebuilt


def reextract(
    *,
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="Only documents of this host.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Extract every stored capture again with the present extractor; says which fields changed."""
    with opened(library) as found, progress_bar() as bar:
        host = require_host(found.store, host)
        from crawler.rebuilding import rebuild  # noqa: PLC0415 - see above

        task = bar.add_task("extracting", total=None if host else found.store.info().rows.get("article_versions"))
        report = rebuild(found, host=host, dry_run=dry_run, progress=lambda: bar.update(task, advance=1))
    if as_json:
        print_json(report)
    else:
        _report(report, dry_run=dry_run)
    return INCOMPLETE if report.problems else OK


def _report(report: Rebuilt, *, dry_run: bool) -> None:
    would = "would change" if dry_run else "changed"
    say(f"{count_of(report.versions, 'version')} extracted again, {report.changed} {would} ({report.extractor})")
    if report.fields:
        made = Listing("field", "changed#")
        for name, count in sorted(report.fields.items()):
            made.add(name, count)
        made.print()
    for url, problem in report.problems:
        tell(("kept as it was: ", "yellow"), f"{url}: {problem}")
