"""``dateline status``: what the library holds and what is missing."""

from __future__ import annotations

from crawler.cli.console import JsonOption, LibraryOption, Listing, opened, print_json, say
from crawler.cli.crawl import print_outcomes
from storage.types import LibraryStatus, utc_now

_ROWS = ("events", "source_links", "unreachable_links", "image_links", "documents", "untried", "due", "leased")
_ROWS_OF_ARTICLES = ("attempts", "captures", "articles", "versions", "clusters")
_RUNS = 5


def status(*, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Count events, documents by outcome, captures and articles; list the latest runs."""
    with opened(library) as found:
        counts = found.store.status(now=utc_now())
        runs = found.store.runs(limit=_RUNS)
        folder = found.configuration.library
    if as_json:
        print_json({"library": str(folder), "status": counts, "runs": runs})
        return
    say(("library ", "bold"), str(folder))
    made = Listing("", "#", heading=False)
    for name in (*_ROWS, *_ROWS_OF_ARTICLES):
        made.add(name.replace("_", " "), getattr(counts, name))
    made.print()
    if counts.by_outcome:
        say()
        print_outcomes(counts.by_outcome)
    if runs:
        say()
        say(("latest runs", "bold"))
    for one in runs:
        say(f"{one.started_at:%Y-%m-%d %H:%M:%S}Z  {one.state:<11}  {one.command}")
    _print_next(counts)


def _print_next(counts: LibraryStatus) -> None:
    if not counts.events and not counts.documents:
        say("next: `dateline events import FOLDER` fills it")
    elif counts.due:
        say(f"next: `dateline crawl` fetches what is due ({counts.due})")
