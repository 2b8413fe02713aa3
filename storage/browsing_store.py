"""The part of the store's contract that is for readers: find events and articles, count them by time and by name.

Why apart from `LinkingStore`'s searches: those find candidates (any of the words, best first, some passed over), these
answer a person exactly: every word, everything that fits, in one order, page by page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

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


class BrowsingStore(Protocol):
    """The section "browsing" of `storage.protocol.Store`.

    What is asked of publisher and outcome, one and the same source link must have; what is asked of language and
    agency, one and the same article. An article's day is that on which its first version was published, else captured.

    Words are compared as in `LinkingStore`: without case and accents; characters of a database's query language mean
    nothing. A query without any word to look for (only signs) finds nothing where it had ``words``.
    """

    def find_events(
        self, query: LibraryQuery, *, after: EventPlace | None = None, newest_first: bool = False, limit: int
    ) -> list[EventSummary]:
        """Events that fit, by (event_date, key), or the other way round; ``after`` is a place to continue behind.

        A place need not be that of an event. What comes between two pages is found where it stands.
        """

    def count_events(self, query: LibraryQuery, *, most: int = 1_000) -> int:
        """How many events fit; counted up to ``most``."""

    def find_articles(
        self, query: LibraryQuery, *, after: ArticlePlace | None = None, newest_first: bool = False, limit: int
    ) -> list[ArticleSummary]:
        """Articles that fit, by (day, article_id), or the other way round; ``after`` is a place to continue behind."""

    def count_articles(self, query: LibraryQuery, *, most: int = 1_000) -> int:
        """How many articles fit; counted up to ``most``."""

    def new_articles(self, *, limit: int) -> list[ArticleSummary]:
        """Articles that were stored last, latest number first, without those that are marked as none."""

    def event_views(self, keys: Sequence[str]) -> list[EventView]:
        """Events by their own keys, in this order; unknown ones are left out. A few questions, however many keys."""

    def article_views(self, article_ids: Sequence[int]) -> list[ArticleView]:
        """Articles in this order, unknown ones left out. A few questions, however many articles."""

    def capture(self, capture_id: int) -> CaptureView:
        """One capture with what it belongs to. Raises `CaptureNotFound`."""

    def cluster(self, cluster_id: int) -> ClusterView:
        """One story with its members; of a cluster that became part of another, that one. Raises `ClusterNotFound`."""

    def months(self) -> list[MonthCount]:
        """What there is of each month that has events, by time."""

    def days(self, since: date, until: date) -> dict[date, int]:
        """Events of each of these days (both included) that has any."""

    def facets(self) -> Facets:
        """What queries can ask for."""
