"""``dateline link``: link articles to events by what they tell, and the word of a person about a link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.console import (
    DryRunOption,
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    going_on_without,
    jsonable,
    opened,
    print_json,
    print_json_lines,
    progress_bar,
    say,
    shortened,
)
from crawler.cli.deciding import ArticleArgument, BecauseOption, ByOption, who_says
from crawler.errors import ConfigurationError
from crawler.library import Library
from crawler.naming import event_name
from crawler.runs import as_typed, registered
from storage.protocol import Store
from storage.types import EventLink, LinkHow, LinkState, RelatedEvent, utc_now

if TYPE_CHECKING:  # the stemmer and the pass: only the commands that weigh pay for their import
    from crawler.linking import Found
    from crawler.linking_run import Linked

app = typer.Typer(help="Link articles to events by what they tell, and say whether a link is right.")

EventArgument = Annotated[str, typer.Argument(help="An event: key, page path, file, unique beginning of the key.")]

_PAGE = 500
_HEADLINE = 90


@app.command()
def run(
    *,
    library: LibraryOption = None,
    again: Annotated[bool, typer.Option("--again", help="Weigh all articles, not only those that wait.")] = False,
    event: Annotated[str, typer.Option(help="Weigh those again that were reported around this event, too.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Weigh the articles that wait against the events that they may report; what is sure is linked, the rest proposed.

    Articles wait when they are new or changed, or when an event near their day is. A run that was interrupted goes on
    where it was.
    """
    if dry_run and (again or event):
        raise ConfigurationError("--dry-run looks at the articles that wait: use it without --again and --event")
    typed = as_typed("dateline link run", again=again, event=event)
    with (
        going_on_without("--again" if again else "--event" if event else ""),
        opened(library) as found,
        registered(found, typed, unless=dry_run) as work,
    ):
        _mark(found.store, again=again, event=event)
        report = _linked(found, dry_run=dry_run)
        work.counts |= {"articles": report.articles, "linked": report.linked, "proposed": report.proposed}
    if as_json:
        print_json(report)
    else:
        _print_report(report, dry_run=dry_run)


def _mark(store: Store, *, again: bool, event: str) -> None:
    if again:
        store.link_later()
    elif event:
        store.link_later(event_keys=[store.event(event_name(event)).entry.key])


def _linked(library: Library, *, dry_run: bool) -> Linked:
    from crawler.linking_run import link_waiting  # noqa: PLC0415 - see above

    with progress_bar() as bar:
        task = bar.add_task("linking", total=library.store.status(now=utc_now()).unlinked)
        return link_waiting(
            library.store, library.configuration, dry_run=dry_run, progress=lambda: bar.update(task, advance=1)
        )


def _print_report(report: Linked, *, dry_run: bool) -> None:
    if not report.articles:
        say("nothing to do: no article waits (--again weighs all)")
        return
    if report.links:
        _print_links(report.links)
    say(f"{count_of(report.articles, 'article')} weighed against {count_of(report.events, 'event')}")
    new = "nothing was written" if dry_run else f"{report.new} new"
    say(f"{count_of(report.linked, 'link')}, {report.proposed} proposed ({new}); {report.unlinked} without an event")
    if report.proposed and not dry_run:
        say("`dateline link list` shows what is proposed; `dateline link confirm` and `reject` decide")


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    state: Annotated[LinkState, typer.Option(help="Links in this state.")] = LinkState.PROPOSED,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    all_: Annotated[bool, typer.Option("--all", help="All of them, whatever --limit says.")] = False,
    citations: Annotated[
        bool, typer.Option("--citations", help="With linked: also what is linked because the entry cites it.")
    ] = False,
    as_json: JsonLinesOption = False,
) -> None:
    """List links between events and articles, by event."""
    with opened(library) as found:
        if as_json:
            links = _links(found.store, state, citations=citations)
            print_json_lines(link for number, link in enumerate(links) if all_ or number < limit)
            return
        shown: list[EventLink] = []
        for link in _links(found.store, state, citations=citations):
            if len(shown) == limit and not all_:
                say(f"only the first {limit}: --all lists every one")
                break
            shown.append(link)
    if shown:
        _print_links(shown)
    else:
        cited = " by content (--citations lists what entries cite)" if state is LinkState.LINKED else ""
        say(f"no link is {state}{cited}")


def _links(store: Store, state: LinkState, *, citations: bool) -> Iterator[EventLink]:
    after = ("", 0)
    while batch := store.links(state=state, after=after, limit=_PAGE):
        yield from (link for link in batch if citations or link.how is not LinkHow.CITATION or link.decided_by)
        after = (batch[-1].event_key, batch[-1].article_id)


def _print_links(links: list[EventLink]) -> None:
    made = Listing("article#", "score#", "state", "event", "evidence")
    for link in links:
        made.add(link.article_id, f"{link.score:.2f}", link.state, link.event_key, _said(link))
    made.print()


def _said(link: EventLink) -> str:
    by = f"by {link.decided_by}" if link.decided_by else ""
    return ": ".join(part for part in (by, link.evidence) if part)


@app.command()
def confirm(
    event: EventArgument,
    article: ArticleArgument,
    *,
    library: LibraryOption = None,
    by: ByOption = "",
    because: BecauseOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say that an article reports an event, whether or not a link was found; nothing overwrites that."""
    with opened(library) as found:
        link = _decided(found.store, event, article, LinkState.CONFIRMED, by, because)
    print_json(link) if as_json else say(f"article {article} reports {link.event_key}: confirmed by {link.decided_by}")


@app.command()
def reject(
    event: EventArgument,
    article: ArticleArgument,
    *,
    library: LibraryOption = None,
    by: ByOption = "",
    because: BecauseOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say that an article does not report an event; it will not be linked or proposed again."""
    with opened(library) as found:
        link = _decided(found.store, event, article, LinkState.REJECTED, by, because)
    if as_json:
        print_json(link)
    else:
        say(f"article {article} does not report {link.event_key}: rejected by {link.decided_by}")


def _decided(store: Store, event: str, article: int, state: LinkState, by: str, because: str) -> EventLink:
    who = who_says(by)
    return store.decide_link(event_name(event), article, state=state, by=who, because=because, now=utc_now())


@app.command()
def related(
    event: EventArgument,
    *,
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 10,
    as_json: JsonLinesOption = False,
) -> None:
    """Show events that share entities with one: those with most first, then the latest."""
    with opened(library) as found:
        events = found.store.related_events(event_name(event), limit=limit)
    if as_json:
        print_json_lines(events)
    elif not events:
        say("no event shares an entity with it")
    for number, one in enumerate(() if as_json else events, start=1):
        _print_related(number, one)


def _print_related(number: int, one: RelatedEvent) -> None:
    say(f"{number:2}. ", (shortened(one.headline, _HEADLINE), "bold"))
    say((f"    {one.key}", "dim"))
    say(f"    shares {', '.join(one.shared)}")


@app.command()
def explain(
    article: ArticleArgument,
    *,
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many events.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Show the best events for an article and what speaks for each, also those below the thresholds; writes nothing."""
    from crawler.linking_run import explain as weighed  # noqa: PLC0415 - see above

    with opened(library) as found:
        text, events = weighed(found.store, found.configuration, article)
    if as_json:
        print_json({"article_id": article, "weighed": len(events), "events": [_json_of(one) for one in events[:limit]]})
        return
    day = f"{text.reported_at:%Y-%m-%d}" if text.dated else "undated"
    say((text.headline or text.canonical_url, "bold"), f" ({day})")
    say(f"{count_of(len(events), 'event')} weighed")
    for one in events[:limit]:
        _print_found(one)


def _print_found(one: Found) -> None:
    from crawler.linking import evidence_of, state_of  # noqa: PLC0415 - see above

    state = "cited" if one.cited else state_of(one) or "below both thresholds"
    say(f"{one.probability:.2f} {state}: ", (shortened(one.event.headline, _HEADLINE), "bold"))
    say((f"     {one.event.key}", "dim"))
    say(f"     {evidence_of(one)}")


def _json_of(one: Found) -> dict[str, Any]:
    from crawler.linking import evidence_of, state_of  # noqa: PLC0415 - see above

    return {
        "event_key": one.event.key,
        "event_date": one.event.event_date,
        "headline": one.event.headline,
        "score": round(one.probability, 4),
        "state": state_of(one),
        "cited": one.cited,
        "evidence": evidence_of(one),
        "features": {name: round(value, 3) for name, value in jsonable(one.features._asdict()).items()},
    }
