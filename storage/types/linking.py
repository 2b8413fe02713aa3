"""Event links by content: what is searched, what was found, what a person said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from storage.types.time import require_utc


class LinkState(StrEnum):
    """How far an event link can be relied on.

    ``LINKED``: cited, or found above the upper threshold. ``PROPOSED``: found between the thresholds; nothing counts it
    until a person confirms it. ``CONFIRMED`` and ``REJECTED``: a person said so; nothing overwrites that.
    """

    LINKED = "linked"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class LinkHow(StrEnum):
    """How we know that an article reports an event."""

    CITATION = "citation"
    CONTENT = "content"
    HAND = "hand"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventText:
    """What linking reads of an event.

    Attributes:
        key: event key.
        event_date: its day.
        headline: of the present entry.
        topics: likewise.
        entities: likewise.
        category: likewise.
    """

    key: str
    event_date: date
    headline: str
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    category: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryLink:
    """That an article of the same story is linked to an event already.

    Attributes:
        event_key: the event.
        article_id: the other article.
        state: of that link.
        how: likewise.
        fit: score of the relation between the two articles, 0 to 1.
    """

    event_key: str
    article_id: int
    state: LinkState
    how: LinkHow
    fit: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleText:
    """What linking reads of an article: its current version.

    Attributes:
        article_id: of the article.
        canonical_url: of its document.
        headline: of the version.
        standfirst: likewise.
        body: likewise.
        language: ISO 639-1; empty where unknown.
        section: likewise.
        keywords: likewise.
        dateline: likewise.
        reported_at: when its first version was published, else captured.
        dated: whether the page states when it was published; ``reported_at`` is the capture's time otherwise.
        cited_by: keys of the events that cite its document at present.
        story: links that other articles of its cluster have, without rejected ones.
    """

    article_id: int
    canonical_url: str
    headline: str
    body: str
    reported_at: datetime
    dated: bool
    standfirst: str = ""
    language: str = ""
    section: str = ""
    keywords: tuple[str, ...] = ()
    dateline: str = ""
    cited_by: tuple[str, ...] = ()
    story: tuple[StoryLink, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(reported_at=self.reported_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedEvent:
    """An event that shares entities with another one.

    Attributes:
        key: of the event.
        event_date: its day.
        headline: of its present entry.
        shared: entities of both, as the event that was asked about writes them, in its order.
    """

    key: str
    event_date: date
    headline: str
    shared: tuple[str, ...]
