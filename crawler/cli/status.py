"""``dateline status``: what the library holds and what is missing."""

from __future__ import annotations

from crawler.cli.console import JsonOption, LibraryOption, opened, out, print_json, table
from crawler.cli.crawl import print_outcomes
from storage.types import utc_now


def status(*, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Count events, documents by outcome, captures and articles; list runs that are at work."""
    with opened(library) as found:
        counts = found.store.status(now=utc_now())
        runs = found.store.runs(limit=5)
        folder = found.configuration.library
    if as_json:
        print_json({"library": str(folder), "status": counts, "runs": runs})
        return
    out.print(f"[bold]library[/] {folder}", highlight=False)
    made = table("", "#")
    made.show_header = False
    for name in ("events", "source_links", "documents", "untried", "due", "leased", "attempts", "captures"):
        made.add_row(name.replace("_", " "), str(getattr(counts, name)))
    for name in ("articles", "versions", "clusters", "unreachable_links", "image_links"):
        made.add_row(name.replace("_", " "), str(getattr(counts, name)))
    out.print(made)
    if counts.by_outcome:
        out.print()
        print_outcomes(counts.by_outcome)
    for one in runs:
        out.print(f"run {one.token} {one.state}: {one.command} ({one.started_at:%Y-%m-%d %H:%M:%S}Z)", highlight=False)
