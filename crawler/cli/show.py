"""``dateline show``: one event with the story of each source, or one article."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from crawler.cli.article_page import print_article
from crawler.cli.console import JsonOption, LibraryOption, Part, opened, print_json, say
from crawler.naming import event_name
from storage.errors import ArticleNotFound, EventNotFound
from storage.protocol import Store
from storage.types import OUTCOME_MEANINGS, ArticleView, EventView, LinkKind, SourceView

_DIGITS = 18
"""Longest number that every database knows."""


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
        numbered = name.isascii() and name.isdigit() and len(name) <= _DIGITS
        view = _numbered(found.store, name) if numbered else found.store.event(event_name(name))
    if as_json:
        print_json(view)
    elif isinstance(view, ArticleView):
        print_article(view, why=why)
    else:
        print_event(view)


def _numbered(store: Store, name: str) -> ArticleView | EventView:
    """An article's number, or the year that one event's key begins with."""
    with suppress(ArticleNotFound):
        return store.article(int(name))
    with suppress(EventNotFound):
        return store.event(name)
    raise ArticleNotFound(int(name))


def print_event(event: EventView) -> None:
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
    _print_sources(event)
    _print_related(event)


def _print_sources(event: EventView) -> None:
    say()
    say(("Sources", "bold"), f" ({len(event.sources)})")
    for source in event.sources:
        withdrawn = f" (withdrawn {source.withdrawn_at:%Y-%m-%d})" if source.withdrawn_at else ""
        say(f" {source.link.position}. {source.link.label or '(no label)'}", (withdrawn, "dim"))
        say(f"    {source.link.cited_url}")
        say("    ", *_story(source))


def _story(source: SourceView) -> tuple[Part, ...]:
    """One line: what became of a source."""
    if source.link.kind is LinkKind.IMAGE:
        return (("an image, not an article: kept, not fetched", "dim"),)
    document = source.document
    if document is None:
        return (("cannot be requested: ", "yellow"), source.link.problem)
    if document.article_id is not None:
        stale = f" (last attempt: {document.last_outcome})" if document.failures else ""
        return (
            (f"article {document.article_id}", "green"),
            f" {source.headline}",
            (_archived(source), "dim"),
            (stale, "yellow"),
        )
    if document.last_outcome is None:
        return (("not tried yet", "dim"),)
    return ((document.last_outcome, "red"), f": {OUTCOME_MEANINGS[document.last_outcome]}")


def _archived(source: SourceView) -> str:
    """Which archived copy the text is from; empty where the live web gave it."""
    copy = source.memento
    return f" (archived {copy.captured_at:%Y-%m-%d}, {copy.archive})" if copy else ""


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
