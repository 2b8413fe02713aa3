"""``dateline images``: fetch and store the lead images of articles that are stored already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import typer

from crawler.cli.console import (
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    print_json,
    require_host,
    say,
    settings_of,
)
from crawler.cli.crawl import crawl_with_progress
from crawler.cli.fetching import AllowPrivateOption, LogLevelOption, given_settings, status_of, tell_problem
from crawler.lead_images import OPTION, require_decoder, wanted_image
from crawler.naming import select
from storage.protocol import Store
from storage.types import OUTCOME_MEANINGS, DocumentRole, Outcome, Selection, WantedImage, utc_now

_BATCH = 200


@dataclass(slots=True)
class _Queued:
    """What was found and queued.

    Attributes:
        articles: that were looked at.
        without: of them, those that name no lead image that can be requested.
        linked: of them, those whose image is fetched or queued already.
        fresh: of them, those whose image was not asked for so far.
        new: images that are queued now; several articles may show one.
    """

    articles: int = 0
    without: int = 0
    linked: int = 0
    fresh: int = 0
    new: int = 0


def images(  # noqa: PLR0913 - one argument per option
    *,
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="Only articles of this host.")] = "",
    event: Annotated[str, typer.Option(help="Only articles that this event cites.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Queue the images of at most so many articles; 0 is all.")] = 0,
    allow_private: AllowPrivateOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Fetch and store the lead images of articles: those that were never asked for, and those that are due again."""
    settings = settings_of(library, given_settings(allow_private=allow_private) | {OPTION: True})
    require_decoder(settings)
    with opened(library) as found:
        host = require_host(found.store, host)
        selection = select(found.store, event=event, host=host)
        queued = _queue(found.store, selection, limit=limit, dry_run=dry_run)
    if dry_run:
        print_json(_counts(queued)) if as_json else _tell_queued(queued, would=True)
        return OK
    arguments = {"role": str(DocumentRole.LEAD_IMAGE)}
    typed = "".join(f" --{name} {value}" for name, value in (("host", host), ("event", event)) if value)
    report = crawl_with_progress(settings, f"dateline images{typed}", arguments, log_level)
    if as_json:
        print_json({**_counts(queued), "outcomes": report.outcomes, "problem": report.problem})
    else:
        _tell_queued(queued, would=False)
        _tell_outcomes(Counter(dict(report.outcomes)))
        tell_problem(report.problem)
    return status_of(report.state)


def _queue(store: Store, selection: Selection, *, limit: int, dry_run: bool) -> _Queued:
    """Queue the images of the selected articles, batch by batch; killed in between, the next run goes on."""
    found = _Queued()
    fresh = islice(_fresh(store, selection, found), limit or None)
    while batch := dict(islice(fresh, _BATCH)):
        found.fresh += len(batch)
        found.new += store.put_lead_images(batch, now=utc_now(), dry_run=dry_run)
    return found


def _fresh(store: Store, selection: Selection, found: _Queued) -> Iterator[tuple[int, WantedImage]]:
    """Current versions whose lead image was not asked for so far."""
    for view in store.articles(selection):
        current = view.versions[-1]
        wanted = wanted_image(current.article)
        known = view.lead_image
        found.articles += 1
        if wanted is None:
            found.without += 1
        elif known is not None and known.url == wanted.url:
            found.linked += 1
        else:
            yield current.id, wanted


def _counts(queued: _Queued) -> dict[str, int]:
    return {name: getattr(queued, name) for name in ("articles", "without", "linked", "fresh", "new")}


def _tell_queued(queued: _Queued, *, would: bool) -> None:
    verb = "would be" if would else "is" if queued.new == 1 else "are"
    known = f"{queued.linked} asked for before, {queued.without} without one"
    say(f"{count_of(queued.articles, 'article')}: {count_of(queued.new, 'lead image')} {verb} new; {known}")


def _tell_outcomes(outcomes: Counter[str]) -> None:
    """How many are stored, left out because of their size, and failed, the last with why."""
    stored = outcomes[Outcome.IMAGE] + outcomes[Outcome.NOT_MODIFIED]
    large = outcomes[Outcome.TOO_LARGE]
    failed = outcomes.total() - stored - large
    say(f"{stored} stored, {large} too large, {failed} failed")
    made = Listing("outcome", "count#", "meaning")
    for name, count in outcomes.most_common():
        if name not in {Outcome.IMAGE, Outcome.NOT_MODIFIED}:
            made.add(name, count, OUTCOME_MEANINGS[Outcome(name)])
    if made.rows:
        made.print()
        say("`dateline why URL` says more of one; those that may come back are tried again by later runs")
