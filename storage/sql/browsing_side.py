"""The section "browsing" of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from storage.sql import browsing, counting, event_views, looking_up, reading
from storage.sql.connected import Connected
from storage.sql.searching import expect_words
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


class BrowsingSide(Connected):
    """What readers find."""

    def find_events(
        self, query: LibraryQuery, *, after: EventPlace | None = None, newest_first: bool = False, limit: int
    ) -> list[EventSummary]:
        """See `BrowsingStore.find_events`."""
        with self._read() as connection:
            expect_words(connection)
            return browsing.find_events(connection, query, after=after, newest_first=newest_first, limit=limit)

    def count_events(self, query: LibraryQuery, *, most: int = 1_000) -> int:
        """See `BrowsingStore.count_events`."""
        with self._read() as connection:
            expect_words(connection)
            return browsing.count_events(connection, query, most=most)

    def find_articles(
        self, query: LibraryQuery, *, after: ArticlePlace | None = None, newest_first: bool = False, limit: int
    ) -> list[ArticleSummary]:
        """See `BrowsingStore.find_articles`."""
        with self._read() as connection:
            expect_words(connection)
            return browsing.find_articles(connection, query, after=after, newest_first=newest_first, limit=limit)

    def count_articles(self, query: LibraryQuery, *, most: int = 1_000) -> int:
        """See `BrowsingStore.count_articles`."""
        with self._read() as connection:
            expect_words(connection)
            return browsing.count_articles(connection, query, most=most)

    def new_articles(self, *, limit: int) -> list[ArticleSummary]:
        """See `BrowsingStore.new_articles`."""
        with self._read() as connection:
            return browsing.new_articles(connection, limit=limit)

    def event_views(self, keys: Sequence[str]) -> list[EventView]:
        """See `BrowsingStore.event_views`."""
        with self._read() as connection:
            return event_views.event_views(connection, keys)

    def article_views(self, article_ids: Sequence[int]) -> list[ArticleView]:
        """See `BrowsingStore.article_views`."""
        with self._read() as connection:
            return reading.article_views(connection, article_ids)

    def capture(self, capture_id: int) -> CaptureView:
        """See `BrowsingStore.capture`."""
        with self._read() as connection:
            return looking_up.capture_view(connection, capture_id)

    def cluster(self, cluster_id: int) -> ClusterView:
        """See `BrowsingStore.cluster`."""
        with self._read() as connection:
            return looking_up.cluster_view(connection, cluster_id)

    def months(self) -> list[MonthCount]:
        """See `BrowsingStore.months`."""
        with self._read() as connection:
            return counting.months(connection)

    def days(self, since: date, until: date) -> dict[date, int]:
        """See `BrowsingStore.days`."""
        with self._read() as connection:
            return counting.days(connection, since, until)

    def facets(self) -> Facets:
        """See `BrowsingStore.facets`."""
        with self._read() as connection:
            return counting.facets(connection)
