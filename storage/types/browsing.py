"""What a reader looks for in a library: queries, what is found, counts by time and by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from storage.types.articles import Access
from storage.types.outcomes import Outcome


class TextKind(StrEnum):
    """What there is to read.

    ``FULL``: an article that is no teaser. ``ARCHIVE_ONLY``: an article, but none that the live web gave. ``NONE``: no
    article at all.
    """

    FULL = "full"
    ARCHIVE_ONLY = "archive_only"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryQuery:
    """Which events or articles are meant; fields narrow each other, an empty query means all.

    Articles that a person marked as none (`storage.types.curation.Mark`) count for nothing unless ``marked``. The
    articles of an event are those that are linked to it or confirmed.

    Attributes:
        words: texts of which every word must occur: in an event's headline, topics, entities and category, or all of
            them in one of its articles; in an article's headline, standfirst and whole body.
        since: events of this day or later; articles reported then.
        until: likewise, this day or earlier.
        publisher: events of which a present source link cites a document of this host; articles of this host.
        outcome: events of which a present source's latest attempt ended so; articles whose document's did.
        text: events whose articles are so (see `TextKind`); articles that are so. No article is ``NONE``.
        language: events with an article in this language (ISO 639-1); such articles.
        agency: events with an article that credits this wire agency, by its usual name; such articles.
        event: only this event, by its own key; only its articles.
        marked: of articles only those that a person marked as none; of events those that have one.
    """

    words: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    publisher: str = ""
    outcome: Outcome | None = None
    text: TextKind | None = None
    language: str = ""
    agency: str = ""
    event: str = ""
    marked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class EventPlace:
    """Where an event stands in a list by day: a place to continue behind."""

    event_date: date
    key: str


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class ArticlePlace:
    """Where an article stands in a list by the day on which it was reported: a place to continue behind."""

    day: date
    article_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleSummary:
    """One article in a list.

    Attributes:
        article_id: ours.
        canonical_url: of its document.
        host: of its document.
        headline: of its current version, as are the fields below.
        day: on which its first version was published, else captured (UTC).
        language: ISO 639-1; empty where unknown.
        agency: credited; empty for own work.
        access: how much of it there is.
        archive: the archive that gave it; empty where the live web did.
        added_at: when the article was first stored.
        marked: a person marked it as no article.
    """

    article_id: int
    canonical_url: str
    host: str
    headline: str
    day: date
    language: str = ""
    agency: str = ""
    access: Access = Access.UNKNOWN
    archive: str = ""
    added_at: datetime | None = None
    marked: bool = False

    @property
    def place(self) -> ArticlePlace:
        """To continue behind it."""
        return ArticlePlace(day=self.day, article_id=self.article_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthCount:
    """What there is of the events of one month.

    Attributes:
        year: of the events.
        month: 1 to 12.
        events: how many.
        sources: their present source links that are no images.
        articles: for how many of these links there is an article that nobody marked as none.
        archived: of how many of these articles the current version is an archived copy's.
    """

    year: int
    month: int
    events: int
    sources: int
    articles: int
    archived: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facets:
    """What queries can ask for, each with how often it occurs: most first, then by name; at most 500 of each.

    Attributes:
        publishers: host -> present source links that cite it.
        outcomes: latest outcome -> documents that present source links cite.
        languages: language of current versions -> articles; unknown ones are left out.
        agencies: agency that current versions credit -> articles.
    """

    publishers: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    agencies: Mapping[str, int] = field(default_factory=dict)
