"""``dateline dedup``: what articles have in common, who prints which agency, and working out stories anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import (
    OK,
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    going_on_without,
    opened,
    print_json,
    print_json_lines,
    progress_bar,
    require_host,
    say,
    settings_of,
    shortened,
)
from crawler.cli.ordering import Ordered, QueueOption, put_in_queue
from crawler.errors import ConfigurationError
from crawler.library import Library
from crawler.queueing.orders import EVERY_HOST, HostOrder, WorkKind
from crawler.runs import as_typed, registered
from storage.protocol import Store
from storage.types import ArticleView, WireCount

if TYPE_CHECKING:  # only what compares pays for it
    from crawler.comparing import Comparison, Recompared

app = typer.Typer(help="Compare articles, count wire copies, work out stories anew.")

_LARGEST = 10**18
"""Largest number that every database knows."""
_SHOWN = 12
_LINE = 160


@app.command()
def compare(
    one: Annotated[int, typer.Argument(help="Number of an article.", min=1, max=_LARGEST)],
    other: Annotated[int, typer.Argument(help="Number of another one.", min=1, max=_LARGEST)],
    *,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what two articles have in common: their relation, shares both ways, who contains whom, common passages."""
    from crawler.comparing import compared  # noqa: PLC0415 - see above

    if one == other:
        raise ConfigurationError(f"article {one} is compared with another article, not with itself")
    with opened(library) as found:
        views = found.store.article(one), found.store.article(other)
    comparison = compared(*views)
    print_json(comparison) if as_json else _print_comparison(comparison, views)


def _print_comparison(found: Comparison, views: tuple[ArticleView, ArticleView]) -> None:
    from crawler.comparing import related_in_words  # noqa: PLC0415 - see above

    for view in views:
        article = view.versions[-1].article
        credit = f", {article.agency}" if article.agency else ""
        say(f"article {view.id} ", (article.headline, "bold"), f" ({len(article.body)} characters{credit})")
        say((f"    {view.document.canonical_url}", "dim"))
    same = f"both tell story {views[0].cluster_id}" if found.same_story else "they tell two stories"
    if found.relation is None:
        say(f"{same}; they have little in common")
    else:
        origin = "" if found.stored else ", worked out now: nothing is stored of the two"
        say(f"{same}; article {found.article_id}: {related_in_words(found.relation)}")
        say((f"    {found.relation.signal}: {found.relation.evidence}{origin}", "dim"))
    if found.containment:
        say(found.containment)
    for passage in found.passages[:_SHOWN]:
        say((f" {passage.words:4} words ", "dim"), shortened(passage.text, _LINE))
    if len(found.passages) > _SHOWN:
        say((f" and {count_of(len(found.passages) - _SHOWN, 'shorter passage')}", "dim"))


@app.command()
def rebuild(
    *,
    again: Annotated[
        bool, typer.Option("--again", help="All articles, and not only those that wait; after a stop go on without.")
    ] = False,
    queue: QueueOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> int:
    """Compare articles again that changed since they were compared, and tell their stories anew.

    Nothing is fetched or extracted. Each batch is written at once: a run that was stopped goes on where it was. With
    --queue one worker does it, beside what the others do: writers come one after the other in any case.
    """
    typed = as_typed("dateline dedup rebuild", again=again)
    if queue:
        return put_in_queue(settings_of(library), typed, lambda found: _waiting(found, again=again), as_json=as_json)
    with going_on_without("--again" if again else ""), opened(library) as found, registered(found, typed) as work:
        report = compared_with_progress(found.store, again=again)
        work.counts |= {"compared": report.compared, "moved": report.moved}
    print_json(report) if as_json else print_recompared(report)
    return OK


def _waiting(found: Library, *, again: bool) -> Ordered:
    """All articles that wait, for a worker; one order for all of them."""
    articles = found.store.compare_later(None if again else ())
    orders = [HostOrder(host=EVERY_HOST, kind=WorkKind.COMPARE)] if articles else []
    return Ordered(orders=orders, documents=articles, of="article")


def compared_with_progress(store: Store, *, again: bool = False) -> Recompared:
    """Compare all articles that wait, with a bar on a terminal."""
    from crawler.comparing import compare_waiting  # noqa: PLC0415 - see above

    with progress_bar() as bar:
        task = bar.add_task("comparing", total=None)
        return compare_waiting(
            store, again=again, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )


def print_recompared(report: Recompared) -> None:
    """What comparing again brought, in a line."""
    if not report.compared:
        say("no article waits to be compared")
        return
    stories = f"{report.stories_before} stories before, {report.stories} now"
    say(f"{count_of(report.compared, 'article')} compared again, {report.moved} moved to another story; {stories}")


@app.command()
def wires(
    *,
    agency: Annotated[str, typer.Option(help="Only this agency, by any of its names.")] = "",
    host: Annotated[str, typer.Option(help="Only this publisher; its own work too.")] = "",
    library: LibraryOption = None,
    as_json: JsonLinesOption = False,
) -> None:
    """Count articles by the agency that they credit and their publisher.

    How many nobody else has, how many have copies elsewhere in the library, and how many stand for their story.
    """
    with opened(library) as found:
        host = require_host(found.store, host)
        counts = sorted(_chosen(found.store, agency, host), key=lambda one: (one.agency, -one.articles, one.host))
    if as_json:
        print_json_lines(counts)
    elif counts:
        _print_wires(counts)
    else:
        say(f"no article{f' of {host}' if host else ''} credits {agency or 'an agency'}")


def _chosen(store: Store, agency: str, host: str) -> Iterator[WireCount]:
    from crawler.extraction.dateline import agency_of  # noqa: PLC0415 - its patterns take long to build

    name = (agency_of(agency.strip()) or agency.strip()).casefold()
    for one in store.wire_counts():
        wanted = one.agency.casefold() == name if name else bool(one.agency or host)
        if wanted and host in {"", one.host}:
            yield one


def _print_wires(counts: list[WireCount]) -> None:
    made = Listing("agency", "publisher", "articles#", "alone#", "copies elsewhere#", "stand for their story#")
    for one in counts:
        made.add(one.agency or "(own work)", one.host, one.articles, one.articles - one.copies, one.copies, one.first)
    made.print()
