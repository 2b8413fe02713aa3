"""``dateline show``: one event with the story of each source, or one article."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.console import JsonOption, LibraryOption, opened, out, plain, print_json, table
from crawler.naming import event_name
from storage.types import OUTCOME_MEANINGS, ArticleView, DatedTime, EventView, LinkKind, SourceView


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
        if name.isdecimal():
            article = found.store.article(int(name))
            print_json(article) if as_json else print_article(article)
        else:
            event = found.store.event(event_name(name))
            print_json(event) if as_json else print_event(event)


def print_event(event: EventView) -> None:
    """The event as a person reads it."""
    entry = event.entry
    out.print(f"[bold]{_text(entry.headline)}[/]", highlight=False)
    out.print(f"{entry.event_date:%Y-%m-%d}  {_text(entry.key)}", highlight=False)
    for name in event.aliases:
        out.print(f"  also entered as {_text(name)}", highlight=False)
    for label, values in (("topics", entry.topics), ("context", entry.entities)):
        if values:
            out.print(f"{label}: {_text(', '.join(values))}", highlight=False)
    if entry.category:
        out.print(f"category: {_text(entry.category)}", highlight=False)
    if entry.description:
        out.print(f"[dim]{_text(entry.description)}[/]", highlight=False)
    if event.revision > 1:
        out.print(f"revision {event.revision} of {event.revised_at:%Y-%m-%d %H:%M}Z", highlight=False)
    _print_sources(event)
    _print_related(event)


def _print_sources(event: EventView) -> None:
    out.print(f"\n[bold]Sources[/] ({len(event.sources)})", highlight=False)
    for source in event.sources:
        mark = " [dim](withdrawn)[/]" if source.withdrawn_at else ""
        out.print(f" {source.link.position}. {_text(source.link.label or '(no label)')}{mark}", highlight=False)
        out.print(f"    {_text(source.link.cited_url)}", highlight=False)
        out.print(f"    {_story(source)}", highlight=False)


def _story(source: SourceView) -> str:
    """One line: what became of a source."""
    if source.link.kind is LinkKind.IMAGE:
        return "[dim]an image, not an article: kept, not fetched[/]"
    document = source.document
    if document is None:
        return f"[yellow]cannot be requested:[/] {_text(source.link.problem)}"
    if document.article_id is not None:
        stale = "" if document.failures == 0 else f" [yellow](last attempt: {document.last_outcome})[/]"
        return f"[green]article {document.article_id}[/] {_text(source.headline)}{stale}"
    if document.last_outcome is None:
        return "[dim]not tried yet[/]"
    return f"[red]{document.last_outcome}[/]: {OUTCOME_MEANINGS[document.last_outcome]}"


def _print_related(event: EventView) -> None:
    if not event.related:
        return
    out.print(f"\n[bold]Related[/] ({len(event.related)})", highlight=False)
    for one in event.related:
        known = "" if one.known_key else " [dim](not imported)[/]"
        out.print(f" {one.link.position}. {_text(one.link.headline)}{known}", highlight=False)
        shared = f"    shares {_text(', '.join(one.link.context))}" if one.link.context else ""
        out.print(f"    [dim]{_text(one.known_key or one.link.target_key)}[/]{shared}", highlight=False)


def print_article(view: ArticleView) -> None:
    """The article's latest version with its evidence."""
    version = view.versions[-1]
    article = version.article
    out.print(f"[bold]{_text(article.headline)}[/]", highlight=False)
    made = table("field", "value", "evidence")
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
            made.add_row(label, _text(value), _text(article.evidence.get(label, "")))
    made.add_row("canonical_url", _text(view.document.canonical_url), "")
    made.add_row("captured_at", f"{version.captured_at:%Y-%m-%d %H:%M:%S}Z", f"{len(view.versions)} version(s)")
    made.add_row("verdict", version.verdict.kind, _text(version.verdict.evidence))
    out.print(made)
    for link in view.events:
        out.print(f"reports {_text(link.event_key)} ({link.how})", highlight=False)
    for member in view.cluster:
        if member.article_id != view.id:
            out.print(f"same story: article {member.article_id} {_text(member.canonical_url)}", highlight=False)
    out.print(f"\n{_text(article.body)}", highlight=False)


def _moment(dated: DatedTime | None) -> str:
    if dated is None:
        return ""
    return f"{dated.value:%Y-%m-%d %H:%M}Z" if dated.precision in {"minute", "second"} else f"{dated.value:%Y-%m-%d}"


def _text(text: str) -> str:
    return escape(plain(text))
