"""What was selected, read out of the store page by page.

Why pages by place and not one long question: a store keeps nothing open between two pages, so a crawl that writes
meanwhile is not held up, and an export that takes an hour holds no snapshot for an hour.

Why so few views at once: a view has all versions of its article, each with its body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crawler.events.notes import notes_of
from crawler.exporting.protocol import SelectedEvent
from crawler.exporting.whole import Once
from crawler.library import Library
from storage.types import (
    ArticlePlace,
    ArticleSummary,
    ArticleView,
    EventPlace,
    EventSummary,
    EventView,
    LibraryQuery,
    LinkState,
)

_PAGE = 500
_VIEWS = 100
_COUNTING = frozenset({LinkState.LINKED, LinkState.CONFIRMED})


def _nobody(_events: int, _articles: int) -> None:
    """Nobody is told."""


@dataclass(slots=True, kw_only=True)
class LibrarySelection:
    """A selection of an open library; keeps `crawler.exporting.protocol.Selected`.

    Attributes:
        library: open.
        query: what was asked for; an event in it stands with its own key.
        told: is told how many events and articles were read so far, each counted once.
        read_events: how many that is.
        read_articles: likewise.
    """

    library: Library
    query: LibraryQuery = field(default_factory=LibraryQuery)
    told: Callable[[int, int], None] = _nobody
    read_events: int = 0
    read_articles: int = 0
    _seen: Once = field(default_factory=Once)

    def events(self) -> Iterator[SelectedEvent]:
        """See `crawler.exporting.protocol.Selected`."""
        read = 0
        summaries = self.event_summaries()
        while batch := list(islice(summaries, _VIEWS)):
            for event in self._selected([summary.key for summary in batch]):
                read += 1
                self.read_events = max(self.read_events, read)
                self._count(event.articles)
                yield event

    def articles(self, *, after: ArticlePlace | None = None) -> Iterator[ArticleView]:
        """See `crawler.exporting.protocol.Selected`; those behind a place."""
        summaries = self.article_summaries(after=after)
        while batch := list(islice(summaries, _VIEWS)):
            for view in self.library.store.article_views([one.article_id for one in batch]):
                self._count([view])
                yield view

    def newest(self, limit: int) -> Sequence[ArticleView]:
        """See `crawler.exporting.protocol.Selected`."""
        store = self.library.store
        if self.query == LibraryQuery():
            found = store.new_articles(limit=limit)
        else:
            found = store.find_articles(self.query, newest_first=True, limit=limit)
        views = store.article_views([one.article_id for one in found])
        self._count(views)
        return views

    def counts(self, *, most: int) -> tuple[int, int]:
        """How many events and how many articles fit; counted up to ``most``."""
        store = self.library.store
        return store.count_events(self.query, most=most), store.count_articles(self.query, most=most)

    def _count(self, views: Sequence[ArticleView]) -> None:
        self.read_articles += sum(self._seen.first(view.id) for view in views)
        self.told(self.read_events, self.read_articles)

    def event_summaries(self, *, after: EventPlace | None = None, page: int = _PAGE) -> Iterator[EventSummary]:
        """Events that fit as lists show them, by (event_date, key), behind a place; read so many at once."""
        while found := self.library.store.find_events(self.query, after=after, limit=page):
            yield from found
            after = EventPlace(event_date=found[-1].event_date, key=found[-1].key)

    def article_summaries(self, *, after: ArticlePlace | None = None, page: int = _PAGE) -> Iterator[ArticleSummary]:
        """Articles that fit as lists show them, by (day, article_id), behind a place; read so many at once."""
        while found := self.library.store.find_articles(self.query, after=after, limit=page):
            yield from found
            after = found[-1].place

    def _selected(self, keys: Sequence[str]) -> Iterator[SelectedEvent]:
        store = self.library.store
        views = store.event_views(keys)
        numbers = sorted({number for view in views for number in _articles_of(view)})
        articles = {one.id: one for one in store.article_views(numbers) if self.query.marked or one.mark is None}
        documents = {source.document.id for view in views for source in view.sources if source.document}
        copies = store.archive_links(sorted(documents)) if documents else {}
        for view in views:
            own = tuple(articles[number] for number in _articles_of(view) if number in articles)
            yield SelectedEvent(view=view, articles=own, notes=notes_of(view.sources, copies))


def _articles_of(view: EventView) -> list[int]:
    """Numbers of the articles that report an event: the cited ones as they are cited, then the others by number."""
    counting = {link.article_id for link in view.links if link.state in _COUNTING}
    cited = (source.document.article_id for source in view.sources if source.document)
    first = [number for number in dict.fromkeys(cited) if number in counting and number is not None]
    return [*first, *sorted(counting - set(first))]
