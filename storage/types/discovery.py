"""Discovery: feeds, news sitemaps and section pages that are polled for articles that no entry cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from storage.types.documents import Document
from storage.types.events import DocumentIdentity
from storage.types.time import require_utc


class FeedKind(StrEnum):
    """What a polled document is: an RSS or Atom feed, a sitemap (or an index of them), a page that lists articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedFeed:
    """A document to poll.

    Attributes:
        identity: of the document.
        kind: see `FeedKind`.
        found_by: ``configuration``, or the URL of the page or sitemap that named it.
        title: as it names itself; empty where unknown.
    """

    identity: DocumentIdentity
    kind: FeedKind
    found_by: str = "configuration"
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundArticle:
    """An article that a feed names.

    Attributes:
        identity: of its document.
        title: as the feed writes it; empty where it has none.
        published_at: as the feed states it; ``None`` where it does not.
    """

    identity: DocumentIdentity
    title: str = ""
    published_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(published_at=self.published_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPoll:
    """What one poll of a feed brought; stored in the transaction of its attempt.

    Attributes:
        found: articles to be fetched, in the order of the feed.
        feeds: further documents to poll that it names (sitemaps of an index).
        entries: how many entries it had in all.
        interval: how long until it is polled again.
        title: as it names itself; empty where it does not say or was not read.
        problem: why nothing could be read of it; empty when all is well.
    """

    found: tuple[FoundArticle, ...] = ()
    feeds: tuple[WantedFeed, ...] = ()
    entries: int = 0
    interval: timedelta = timedelta(hours=1)
    title: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A polled document and how it does.

    Attributes:
        document: where its polling stands (outcome, next poll, validators).
        kind: see `FeedKind`.
        found_by: see `WantedFeed`.
        title: as it names itself.
        added_at: when it was first wanted.
        interval: between polls at present; ``None`` before the first.
        polls: how many were answered with something that could be read, or with "not modified".
        entries: of the latest answer.
        found: documents that it named first, in all.
        last_found_at: when it last named a new one; ``None`` while it has not.
        problem: of the latest poll; empty when all is well.
        enabled: whether it is polled; a person may switch it off, nothing is forgotten.
    """

    document: Document
    kind: FeedKind
    found_by: str
    title: str
    added_at: datetime
    interval: timedelta | None = None
    polls: int = 0
    entries: int = 0
    found: int = 0
    last_found_at: datetime | None = None
    problem: str = ""
    enabled: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovery:
    """That a feed named a document that nobody had cited before.

    Attributes:
        feed_id: document id of the feed.
        feed_url: its canonical URL.
        found_at: when.
        title: as the feed wrote it.
        published_at: as the feed stated it.
    """

    feed_id: int
    feed_url: str
    found_at: datetime
    title: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscoveryStatus:
    """Counts over all feeds: by kind, and documents found by latest outcome (``untried`` before the first attempt)."""

    feeds: Mapping[str, int] = field(default_factory=dict)
    found: Mapping[str, int] = field(default_factory=dict)
