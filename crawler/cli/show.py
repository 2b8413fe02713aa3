"""``dateline show``: one event with the story of each source, or one article."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, Listing, Part, count_of, opened, print_json, say
from crawler.naming import event_name
from storage.errors import ArticleNotFound, EventNotFound
from storage.protocol import Store
from storage.types import OUTCOME_MEANINGS, ArticleView, DatedTime, EventView, LinkKind, SourceView

_DIGITS = 18
"""Longest number that every database knows."""


def show(
    name: Annotated[
        str, typer.Argument(help="An event (key, page path, file, unique beginning of the key) or an article number.")
    ],
    *,
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
        print_article(view)
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


def print_article(view: ArticleView) -> None:
    """The article's latest version with its evidence."""
    version = view.versions[-1]
    article = version.article
    say((article.headline, "bold"))
    made = Listing("field", "value", "evidence")
    for label, value in (
        ("byline", article.byline),
        ("agency", article.agency),
        ("dateline", article.dateline),
        ("published_at", _moment(article.published_at)),
        ("modified_at", _moment(article.modified_at)),
        ("language", article.language),
        ("site_name", article.site_name),
        ("access", article.access),
        ("lead_image_url", article.lead_image_url),
        ("declared_url", article.declared_url),
    ):
        if value:
            made.add(label, value, article.evidence.get(label, ""))
    made.add("canonical_url", view.document.canonical_url, "")
    made.add("captured_at", f"{version.captured_at:%Y-%m-%d %H:%M:%S}Z", count_of(len(view.versions), "version"))
    if memento := version.memento:
        made.add("archive", memento.archive, f"digest {memento.digest_check.replace('_', ' ')}")
        made.add("archived copy", memento.public_url or memento.url, memento.source)
    made.add("verdict", version.verdict.kind, version.verdict.evidence)
    made.print()
    for link in view.events:
        say(f"reports {link.event_key} ({link.how})")
    for member in view.cluster:
        if member.article_id != view.id:
            say(f"same story: article {member.article_id} {member.canonical_url}")
    say()
    for line in article.body.split("\n"):
        say(line)


def _moment(dated: DatedTime | None) -> str:
    if dated is None:
        return ""
    return f"{dated.value:%Y-%m-%d %H:%M}Z" if dated.precision in {"minute", "second"} else f"{dated.value:%Y-%m-%d}"
