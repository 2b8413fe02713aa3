"""What ``dateline demo`` says when it is done."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.cli.console import INTERRUPTED, Listing, count_of, say, shortened, tell
from crawler.cli.fetching import print_outcomes
from crawler.cli.linking import LinkedAfter
from crawler.importing import ImportReport
from crawler.library import Library
from storage.types import (
    SEARCH_MEANINGS,
    SUCCESSES,
    ArticleView,
    EventSummary,
    LibraryStatus,
    LinkHow,
    LinkState,
    Outcome,
    SearchState,
    SourceView,
    utc_now,
)

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.crawling import CrawlReport

_SHOWN = 6
_HEADLINE = 64
_KEY = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What a demo did.

    Attributes:
        imported: entries.
        crawl: of the live web.
        from_live: sources that had an article behind it.
        linked: by content, after the crawl; ``None`` where it was not reached.
        discovered: what ``dateline discover --json`` says; empty where it was not reached or could not begin.
        backfill: what ``dateline backfill --json`` says; empty likewise.
        status: exit status.
    """

    imported: ImportReport
    crawl: CrawlReport
    from_live: int
    linked: LinkedAfter | None = None
    discovered: Mapping[str, Any] = field(default_factory=dict)
    backfill: Mapping[str, Any] = field(default_factory=dict)
    status: int = 0


def tell_done(library: Library, folder: Path, done: Done) -> None:
    """Print what was imported, crawled and rescued, what stands now, and what to try next."""
    counts, imported = library.store.status(now=utc_now()), done.imported
    say(
        ("imported", "bold"),
        f" {imported.new} events with {imported.links_added} source links"
        f" and {imported.saved_new} saved article(s) from {imported.files} files",
    )
    say()
    say(("crawled", "bold"), " an invented web of many hosts on this machine:")
    print_outcomes(done.crawl.outcomes)
    say()
    if done.discovered:
        _tell_discovered(done.discovered, sum(library.store.discovery_status().feeds.values()))
    if done.backfill.get("documents"):
        _tell_rescued(done.backfill["documents"], done.backfill["archives"])
        say()
    _tell_articles(counts, done)
    say()
    events = sorted(library.store.events(limit=None), key=lambda event: (-event.sources, event.key))
    _tell_coverage(events, counts, done)
    say()
    _tell_next(library, folder, events)
    problems = (
        done.linked and done.linked.problem,
        *(told.get("problem") for told in (done.discovered, done.backfill)),
    )
    for problem in (done.crawl.problem, *problems, done.backfill.get("notice")):
        if problem:
            tell(("stopped: ", "bold red"), problem)
    if done.status == INTERRUPTED:
        tell("interrupted: everything done so far is stored, but the invented web is gone")


def _tell_discovered(discovered: Mapping[str, Any], feeds: int) -> None:
    say(
        ("discovered", "bold"),
        f" {count_of(discovered['found'], 'article')} that no entry cites, from {count_of(feeds, 'feed')}",
    )
    say()


def _tell_articles(counts: LibraryStatus, done: Done) -> None:
    """Articles, stories and links by content; an article may have been weighed more than once."""
    told = (done.crawl.verdicts, done.discovered.get("verdicts", {}), done.backfill.get("verdicts", {}))
    found = sum((Counter(verdicts) for verdicts in told), Counter[str]())
    verdicts = ", ".join(f"{count} {name}" for name, count in sorted(found.items()))
    say(("articles", "bold"), f" {counts.articles} in {counts.clusters} stories: {verdicts}")
    linked, proposed = (counts.links.get(state, 0) for state in (LinkState.LINKED, LinkState.PROPOSED))
    say(("links by content", "bold"), f" {linked} linked, {proposed} proposed")


def _tell_rescued(documents: Mapping[str, int], archives: Mapping[str, Mapping[str, int]]) -> None:
    say(
        ("rescued", "bold"),
        f" {documents.get('rescued', 0)} of {sum(documents.values())} sources that the web has lost,"
        " from an invented archive:",
    )
    made = Listing("archive", "state", "count#", "meaning")
    for archive, states in archives.items():
        for state, count in sorted(states.items(), key=lambda pair: -pair[1]):
            made.add(archive, state, count, SEARCH_MEANINGS[SearchState(state)])
    made.print()


def _tell_coverage(events: list[EventSummary], counts: LibraryStatus, done: Done) -> None:
    complete = sum(event.articles >= event.sources > 0 for event in events)
    live = f" ({done.from_live} from the live web)" if done.backfill else ""
    say(
        ("coverage", "bold"),
        f" {with_article(events)} of {sum(event.sources for event in events)} sources have an article{live},"
        f" {complete} of {counts.events} events all of theirs; the most cited:",
    )
    made = Listing("date", "articles#", "sources#", "headline…")
    for event in events[:_SHOWN]:
        made.add(event.event_date, event.articles, event.sources, shortened(event.headline, _HEADLINE))
    made.print()


def with_article(events: Iterable[EventSummary]) -> int:
    """How many of the events' sources have an article."""
    return sum(event.articles for event in events)


def _tell_next(library: Library, folder: Path, events: list[EventSummary]) -> None:
    named = f"-L {shlex.quote(str(folder))}"
    say(("try next", "bold"))
    rescued, best = _rescued_url(library, events), max(events, key=lambda event: event.articles)
    views = list(library.store.articles())
    changed = next((view.id for view in views if len(view.versions) > 1), None)
    found = next((view.id for view in views if _is_found(view)), None)
    for line in (
        f"dateline serve {named}",
        f"dateline status {named}",
        f"dateline show {shlex.quote(best.key[:_KEY])} {named}",
        *([f"dateline link explain {found} {named}"] if found else []),
        *([f"dateline diff {changed} {named}"] if changed else []),
        *([f"dateline why {shlex.quote(rescued)} {named}"] if rescued else []),
        f"dateline why {shlex.quote(_missing_url(library, events))} {named}",
        f"dateline linkrot {named}",
        f"dateline hosts list {named}",
        f"dateline articles export {named} -f md {shlex.quote(str(folder / 'articles'))}",
        f"dateline events export {named} -f md --with-archive-links -o {shlex.quote(str(folder / 'events'))}",
        f"dateline captures verify {named}",
    ):
        say(f"  {line}")


def _is_found(view: ArticleView) -> bool:
    """Whether no entry cites it and its text alone links it to an event."""
    hows = {link.how for link in view.events if link.state is LinkState.LINKED}
    return hows == {LinkHow.CONTENT}


def _sources(library: Library, events: list[EventSummary]) -> Iterator[SourceView]:
    views = (library.store.event(event.key) for event in sorted(events, key=lambda event: event.key))
    return (source for view in views for source in view.sources)


def _rescued_url(library: Library, events: list[EventSummary]) -> str:
    """The cited URL with the longest story among those whose article an archive gave; empty where there is none."""
    longest, chosen = 0, ""
    for source in _sources(library, events):
        known = source.document
        if known is None or known.article_id is None or known.last_outcome in {*SUCCESSES, Outcome.TEASER}:
            continue
        attempts = len(library.store.history(known.canonical_url).attempts)
        if attempts > longest:
            longest, chosen = attempts, source.link.cited_url
    return chosen


def _missing_url(library: Library, events: list[EventSummary]) -> str:
    """Some cited URL without an article; best one that is gone although its server says that all is well."""
    documents = ((source, source.document) for source in _sources(library, events))
    missing = [(source, known) for source, known in documents if known is not None and known.article_id is None]
    missing.sort(key=lambda pair: pair[1].last_outcome is not Outcome.SOFT_404)
    return missing[0][0].link.cited_url if missing else "URL"
