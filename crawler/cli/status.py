"""``dateline status``: what the library holds and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from crawler.cli.console import JsonOption, LibraryOption, Listing, count_of, opened, print_json, say
from crawler.cli.fetching import print_outcomes
from crawler.host_conditions import counted, view_of
from storage.types import BACKFILL_MEANINGS, BackfillState, DiscoveryStatus, LibraryStatus, LinkState, utc_now

_ROWS = ("events", "source_links", "unreachable_links", "image_links", "documents", "untried", "due", "leased")
_ROWS_OF_ARTICLES = ("attempts", "captures", "mementos", "articles", "versions", "clusters")
_RUNS = 5


def status(*, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Count events, documents by outcome, captures, articles, links, backfills; say what waits and which hosts rest."""
    now = utc_now()
    with opened(library) as found:
        counts = found.store.status(now=now)
        runs = found.store.runs(limit=_RUNS)
        discovery = found.store.discovery_status()
        folder = found.configuration.library
        hosts = [view_of(host, found.configuration, now) for host in found.store.hosts(now=now)]
    if as_json:
        conditions = Counter(view.condition for view in hosts)
        print_json(
            {"library": str(folder), "status": counts, "hosts": conditions, "discovery": discovery, "runs": runs}
        )
        return
    say(("library ", "bold"), str(folder))
    made = Listing("", "#", heading=False)
    for name in (*_ROWS, *_ROWS_OF_ARTICLES):
        made.add(name.replace("_", " "), getattr(counts, name))
    made.print()
    for label, parts in _side_counts(counts, discovery):
        say(f"{label}: {', '.join(f'{count} {name}' for name, count in parts.items())}")
    if counts.by_outcome:
        say()
        print_outcomes(counts.by_outcome)
    _print_backfills(counts)
    if runs:
        say()
        say(("latest runs", "bold"))
    for one in runs:
        say(f"{one.started_at:%Y-%m-%d %H:%M:%S}Z  {one.state:<11}  {one.command}")
    _print_next(counts, counted(hosts))


def _side_counts(counts: LibraryStatus, discovery: DiscoveryStatus) -> Iterator[tuple[str, Mapping[str, int]]]:
    """What is counted beside the table, each with its parts; what there is nothing of is left out."""
    named = sum(discovery.found.values())
    for label, parts in (
        ("lead images", counts.lead_images),
        ("links by content or by hand", counts.links),
        ("merges", {"under another URL": counts.merged} if counts.merged else {}),
        ("feeds", {_of_kind(kind, number): number for kind, number in discovery.feeds.items()}),
        (f"found by feeds ({named})", discovery.found),
    ):
        if parts:
            yield label, parts


def _of_kind(kind: str, number: int) -> str:
    """``feed``, ``sitemaps``."""
    return kind if number == 1 else f"{kind}s"


def _print_backfills(counts: LibraryStatus) -> None:
    """How many documents are or were wanted from archives, by state."""
    states = [state for state in BackfillState if counts.backfills.get(state)]
    if not states:
        return
    say()
    made = Listing("archives", "count#", "meaning")
    for state in states:
        made.add(state, counts.backfills[state], BACKFILL_MEANINGS[state])
    made.print()


def _print_next(counts: LibraryStatus, hindered: str) -> None:
    if hindered:
        say(f"{hindered}: `dateline hosts list`")
    if not counts.events and not counts.documents:
        say("next: `dateline events import FOLDER` fills it")
    elif counts.due:
        say(f"next: `dateline crawl` fetches what is due ({counts.due})")
    if counts.uncompared:
        say(f"next: {_wait(counts.uncompared)} for `dateline dedup rebuild`: other articles may tell the same story")
    if counts.unlinked:
        say(f"next: {_wait(counts.unlinked)} for `dateline link run`: they may report an event")
    if proposed := counts.links.get(LinkState.PROPOSED, 0):
        say(f"next: `dateline link list` shows links that are proposed ({proposed}); confirm or reject them")
    if wanted := counts.backfills.get(BackfillState.WANTED, 0):
        say(f"next: `dateline backfill` asks web archives for what is wanted from them ({wanted})")


def _wait(number: int) -> str:
    """``1 article waits``, ``3 articles wait``."""
    return f"{count_of(number, 'article')} wait{'s' if number == 1 else ''}"
