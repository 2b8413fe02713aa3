"""Counting what there is, in memory: by month, by day, and by what queries can ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from storage.memory.library import Library, document_of
from storage.memory.shown_links import counting_article
from storage.revising import KnownEvent
from storage.types import Document, Facets, LinkKind, MonthCount

_MOST_NAMES = 500
_Month = tuple[int, int]


def months(library: Library) -> list[MonthCount]:
    """See `storage.browsing_store.BrowsingStore.months`."""
    events, sources, articles, archived = (Counter[_Month]() for _ in range(4))
    for event in library.events():
        month = (event.entry.event_date.year, event.entry.event_date.month)
        events[month] += 1
        sources[month] += sum(one.withdrawn_at is None and one.link.kind is LinkKind.ARTICLE for one in event.citations)
        told = [one for one in _cited(library, event) if _has_article(library, one)]
        articles[month] += len(told)
        archived[month] += sum(library.current(one.article_id or 0).memento is not None for one in told)
    return [
        MonthCount(
            year=month[0],
            month=month[1],
            events=events[month],
            sources=sources[month],
            articles=articles[month],
            archived=archived[month],
        )
        for month in sorted(events)
    ]


def _cited(library: Library, event: KnownEvent) -> Iterator[Document]:
    """The document of each present source link, with repeats."""
    for citation in event.citations:
        identity = document_of(citation.link)
        if identity is not None and citation.withdrawn_at is None:
            yield library.document(identity.canonical_url)


def _has_article(library: Library, document: Document) -> bool:
    return document.article_id is not None and counting_article(library, document.article_id)


def days(library: Library, since: date, until: date) -> dict[date, int]:
    """See `storage.browsing_store.BrowsingStore.days`."""
    counted = Counter(event.entry.event_date for event in library.events())
    return {day: counted[day] for day in sorted(counted) if since <= day <= until}


def facets(library: Library) -> Facets:
    """See `storage.browsing_store.BrowsingStore.facets`."""
    cited = [one for event in library.events() for one in _cited(library, event)]
    ended = [one.last_outcome for one in {one.id: one for one in cited}.values()]
    current = [library.current(one).article for one in library.articles if counting_article(library, one)]
    return Facets(
        publishers=_named(Counter(one.host for one in cited)),
        outcomes=_named(Counter(str(one) for one in ended if one is not None)),
        languages=_named(Counter(one.language for one in current if one.language)),
        agencies=_named(Counter(one.agency for one in current if one.agency)),
    )


def _named(counted: Counter[str]) -> Mapping[str, int]:
    """Name -> how often; most first, then by name."""
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:_MOST_NAMES])
