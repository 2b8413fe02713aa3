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
    err,
    opened,
    out,
    plain,
    print_json,
    progress_bar,
    table,
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
    from crawler.rebuilding import rebuild  # noqa: PLC0415 - see above

    with opened(library) as found, progress_bar() as bar:
        task = bar.add_task("extracting", total=None)
        report = rebuild(found, host=host, dry_run=dry_run, progress=lambda: bar.update(task, advance=1))
    if as_json:
        print_json(report)
    else:
        _tell(report, dry_run=dry_run)
    return INCOMPLETE if report.problems else OK


def _tell(report: Rebuilt, *, dry_run: bool) -> None:
    would = "would change" if dry_run else "changed"
    out.print(f"{report.versions} versions extracted again with {report.extractor}; {report.changed} {would}")
    if report.fields:
        made = table("field", "changed#")
        for name, count in sorted(report.fields.items()):
            made.add_row(name, str(count))
        out.print(made)
    for url, problem in report.problems:
        err.print(f"[yellow]kept as it was:[/] {plain(url)}: {plain(problem)}", highlight=False)
