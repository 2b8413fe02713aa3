"""The section "browsing" of the store in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from storage.memory import browsing, counting, looking_up, reading
from storage.memory.library import Library
from storage.types import (
    ArticlePlace,
    ArticleSummary,
    ArticleView,
    CaptureView,
    ClusterView,
    EventPlace,
    EventSummary,
    EventView,
    Facets,
    LibraryQuery,
    MonthCount,
)


class BrowsingSide:
    """What readers find."""

    _library: Library

    def find_events(
        self, query: LibraryQuery, *, after: EventPlace | None = None, newest_first: bool = False, limit: int
    ) -> list[EventSummary]:
        """See `BrowsingStore.find_events`."""
        return browsing.find_events(self._library, query, after=after, newest_first=newest_first, limit=limit)

    def count_events(self, query: LibraryQuery, *, most: int = 1_000) -> int:
        """See `BrowsingStore.count_events`."""
        return len(browsing.find_events(self._library, query, after=None, newest_first=False, limit=most))

    def find_articles(
        self, query: LibraryQuery, *, after: ArticlePlace | None = None, newest_first: bool = False, limit: int
    ) -> list[ArticleSummary]:
        """See `BrowsingStore.find_articles`."""
        return browsing.find_articles(self._library, query, after=after, newest_first=newest_first, limit=limit)

    def count_articles(self, query: LibraryQuery, *, most: int = 1_000) -> int:
        """See `BrowsingStore.count_articles`."""
        return len(browsing.find_articles(self._library, query, after=None, newest_first=False, limit=most))

    def new_articles(self, *, limit: int) -> list[ArticleSummary]:
        """See `BrowsingStore.new_articles`."""
        return browsing.new_articles(self._library, limit=limit)

    def event_views(self, keys: Sequence[str]) -> list[EventView]:
        """See `BrowsingStore.event_views`."""
        own = {event.key for event in self._library.events()}
        return [reading.event(self._library, key) for key in keys if key in own]

    def article_views(self, article_ids: Sequence[int]) -> list[ArticleView]:
        """See `BrowsingStore.article_views`."""
        return [reading.article(self._library, one) for one in article_ids if one in self._library.articles]

    def capture(self, capture_id: int) -> CaptureView:
        """See `BrowsingStore.capture`."""
        return looking_up.capture_view(self._library, capture_id)

    def cluster(self, cluster_id: int) -> ClusterView:
        """See `BrowsingStore.cluster`."""
        return looking_up.cluster_view(self._library, cluster_id)

    def months(self) -> list[MonthCount]:
        """See `BrowsingStore.months`."""
        return counting.months(self._library)

    def days(self, since: date, until: date) -> dict[date, int]:
        """See `BrowsingStore.days`."""
        return counting.days(self._library, since, until)

    def facets(self) -> Facets:
        """See `BrowsingStore.facets`."""
        return counting.facets(self._library)
