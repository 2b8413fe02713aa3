"""``dateline show``: one event with the story of each source, or one article."""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType
from typing import Annotated

import typer

from crawler.article_facts import time_of
from crawler.cli.article_page import print_article
from crawler.cli.console import JsonOption, LibraryOption, Part, jsonable, opened, print_json, say
from crawler.coverage import Report, coverage_of, merits, summary
from crawler.naming import event_name, number_of
from crawler.source_stories import Gone, State, story_of
from crawler.tombstones import tombstones_of
from storage.errors import ArticleNotFound, EventNotFound
from storage.protocol import Store
from storage.types import ArticleView, EventView, LinkHow, LinkState, SourceView

_STATES = {State.UNREQUESTABLE: "yellow", State.TAKEN_DOWN: "red", State.DEAD: "red", State.MISSING: "red"}
_STYLES = {
    LinkState.LINKED: "green",
    LinkState.CONFIRMED: "green",
    LinkState.PROPOSED: "yellow",
    LinkState.REJECTED: "red",
}
_HOW = {LinkHow.CITATION: " by citation", LinkHow.CONTENT: " by content", LinkHow.HAND: " by hand"}


def show(
    name: Annotated[
        str, typer.Argument(help="An event (key, page path, file, unique beginning of the key) or an article number.")
    ],
    *,
    why: Annotated[
        bool, typer.Option("--why", help="Of an article: also how its text was found, and what was cut.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one event: entry, sources with what became of them, related entries; or one article by its number."""
    with opened(library) as found:
        number = number_of(name)
        view = found.store.event(event_name(name)) if number is None else _numbered(found.store, name, number)
        gone = {} if isinstance(view, ArticleView) else tombstones_of(found.store, view)
    if as_json:
        print_json(_told(view, gone))
    elif isinstance(view, ArticleView):
        print_article(view, why=why)
    else:
        print_event(view, gone)


def _told(view: ArticleView | EventView, gone: Gone) -> object:
    """What is printed for scripts: of an event also which reports are independent, and what was taken down."""
    if isinstance(view, ArticleView):
        return view
    return {**jsonable(view), "reports": coverage_of(view), "taken_down": gone}


def _numbered(store: Store, name: str, number: int) -> ArticleView | EventView:
    """An article's number, or the year that one event's key begins with."""
    with suppress(ArticleNotFound):
        return store.article(number)
    with suppress(EventNotFound):
        return store.event(name)
    raise ArticleNotFound(number)


def print_event(event: EventView, gone: Gone = MappingProxyType({})) -> None:
    """The event as a person reads it."""
    entry = event.entry
    say((entry.headline, "bold"))
    say(f"{entry.event_date:%Y-%m-%d}  {entry.key}")
    for name in event.aliases:
        say(f"  also entered as {name}")
    for label, values in (("topics", entry.topics), ("context", entry.entities)):
        if values:
            say(f"{label}: {', '.join(values)}")
    if entry.category:
        say(f"category: {entry.category}")
    if entry.description:
        say((entry.description, "dim"))
    if event.revision > 1:
        say(f"revision {event.revision} of {event.revised_at:%Y-%m-%d %H:%M}Z")
    _print_sources(event, gone)
    _print_coverage(event)
    _print_links(event)
    _print_related(event)


def _print_sources(event: EventView, gone: Gone) -> None:
    say()
    say(("Sources", "bold"), f" ({len(event.sources)})")
    for source in event.sources:
        withdrawn = f" (withdrawn {source.withdrawn_at:%Y-%m-%d})" if source.withdrawn_at else ""
        say(f" {source.link.position}. {source.link.label or '(no label)'}", (withdrawn, "dim"))
        say(f"    {source.link.cited_url}")
        say("    ", *_story(source, gone))


def _story(source: SourceView, gone: Gone) -> tuple[Part, ...]:
    """One line: what became of a source."""
    told = story_of(source, gone)
    if told.article_id is not None:
        origin = "" if told.state is State.LIVE else f" ({told.text})"
        worry = f" ({told.worry})" if told.worry else ""
        return (f"article {told.article_id}", "green"), f" {source.headline}", (origin, "dim"), (worry, "yellow")
    return ((told.text, _STATES.get(told.state, "dim")),)


def _print_coverage(event: EventView) -> None:
    """How many articles and independent reports there are, and the articles of each report."""
    found = coverage_of(event)
    if not found.reports:
        return
    say()
    say(("Coverage", "bold"), f": {summary(found)}")
    for report in found.reports:
        size = f" x{len(report.articles)}" if len(report.articles) > 1 else ""
        say(f" {report.label}{size}")
        _print_report(report)


def _print_report(report: Report) -> None:
    """The articles of one report, by time, and what is not to be seen on their pages."""
    for one in report.articles:
        facts = f"    article {one.article_id} {one.host}, {time_of(one.reported_at)}, {one.length} characters"
        say(facts, (f": {merit}" if (merit := merits(report, one)) else "", "green"))
        if one.credit.startswith("the "):
            say((f"        credits {one.agency} by {one.credit}", "dim"))
        for other in one.also:
            say((f"        article {other} is the same under another URL", "dim"))


def _print_links(event: EventView) -> None:
    """Links that were found by content, or about which a person decided."""
    links = [one for one in event.links if one.how is not LinkHow.CITATION or one.state is not LinkState.LINKED]
    if not links:
        return
    say()
    say(("Links", "bold"), f" ({len(links)})")
    headlines = {one.article_id: one.headline for one in event.coverage}
    for one in links:
        by = f" by {one.decided_by}" if one.decided_by else _HOW[one.how]
        when = f" on {one.decided_at:%Y-%m-%d}" if one.decided_at else f", {one.score:.2f}"
        headline = f": {headlines[one.article_id]}" if one.article_id in headlines else ""
        say(f" article {one.article_id} ", (one.state, _STYLES[one.state]), f"{by}{when}{headline}")
        if one.evidence:
            say((f"    {one.evidence}", "dim"))


def _print_related(event: EventView) -> None:
    if not event.related:
        return
    say()
    say(("Related", "bold"), f" ({len(event.related)})")
    for one in event.related:
        known = "" if one.known_key else " (not imported)"
        say(f" {one.link.position}. {one.link.headline}", (known, "dim"))
        say((f"    {one.known_key or one.link.target_key}", "dim"))
        if one.link.context:
            say(f"    shares {', '.join(one.link.context)}")
