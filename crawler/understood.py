"""An attempt with everything known about it, and what of that goes into its row. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.items import FailedFetch, FetchedPage
from storage.types import (
    ArchiveSearch,
    Article,
    CaptureKind,
    Coverage,
    Exchange,
    FeedPoll,
    FetchAttempt,
    HostState,
    ImageFacts,
    Outcome,
    PageVerdict,
    SearchState,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """An attempt with everything known about it, ready to be stored.

    Attributes:
        item: what the spider saw.
        outcome: the final one, after extraction.
        detail: one sentence.
        article: extracted, if any.
        verdict: what the page was judged to be; ``None`` where nothing was judged.
        reservations: what the publisher reserves, as found.
        hosts: what the attempt taught about each host that it asked.
        coverage: why an archived copy was taken or not; ``None`` where that was not judged.
        search: where the search in the attempt's archive stands with it; ``None`` for the live web.
        image: what it shows, where it is a lead image.
        feed: what it names, where it is a feed.
    """

    item: FetchedPage | FailedFetch
    outcome: Outcome
    detail: str
    article: Article | None = None
    verdict: PageVerdict | None = None
    reservations: tuple[str, ...] = ()
    hosts: tuple[HostState, ...] = ()
    coverage: Coverage | None = None
    search: ArchiveSearch | None = None
    image: ImageFacts | None = None
    feed: FeedPoll | None = None


def kind_of(exchange: Exchange) -> CaptureKind:
    """How an exchange was observed."""
    if exchange.memento is not None:
        return CaptureKind.MEMENTO
    return CaptureKind.RENDERED if exchange.rendered else CaptureKind.LIVE


def without_article(search: ArchiveSearch | None) -> ArchiveSearch | None:
    """Where a search stands whose copy was tried but could not be stored as an article."""
    found = search is not None and search.state is SearchState.FOUND
    return replace(search, state=SearchState.LISTED, detail="") if search is not None and found else search


def last_headers(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """The headers of the last answer that a server sent, by lower-case names."""
    sent = [exchange for exchange in exchanges if not exchange.rendered]
    return {name.lower(): value for name, value in sent[-1].headers} if sent else {}


def attempt_of(one: Understood, next_fetch_at: datetime | None) -> FetchAttempt:
    """The attempt's row."""
    item, task = one.item, one.item.task
    return FetchAttempt(
        key=task.attempt_key,
        document_id=task.document.id,
        reason=task.reason,
        outcome=one.outcome,
        request_url=task.document.request_url,
        final_url=item.final_url,
        started_at=item.started_at,
        finished_at=item.finished_at,
        status=item.status if item.exchanges else None,
        redirects=item.redirects,
        detail=one.detail,
        next_fetch_at=next_fetch_at,
        bytes_received=sum(len(exchange.payload) for exchange in item.exchanges if not exchange.rendered),
        run_token=task.run_token,
        page=one.verdict,
        robots=item.robots,
        reservations=one.reservations,
        archive=task.archive,
        coverage=one.coverage,
    )
