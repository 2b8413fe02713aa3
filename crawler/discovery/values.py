"""What is given to the readers of feeds, and what they give back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.discovery.intervals import Hints
from storage.types import FeedKind, FoundArticle, WantedFeed, require_utc

MOST_BYTES = 50_000_000
"""What a sitemap may have unpacked, by its protocol; nothing longer is read."""
MOST_ENTRIES = 1000
"""Entries of one document that are looked at; a news sitemap may have as many. More is an archive, not news."""
MOST_FEEDS = 50
"""Further documents to poll that one document may name."""
LONGEST_URL = 2000
LONGEST_TITLE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedInput:
    """An answer to a request for a feed.

    Attributes:
        url: where it was found, after redirects.
        content: its body with the content-encoding removed.
        kind: what it is polled as.
        seen_at: when it was fetched, UTC.
        content_type: value of the header; empty where there is none.
        max_age: entries that are older by their date are left out.
        found_by: URL of the page or sitemap that named it; empty where a person did. Its owner's articles count too.
        sitemaps: that robots.txt of its host names.
    """

    url: str
    content: bytes
    kind: FeedKind
    seen_at: datetime
    content_type: str = ""
    max_age: timedelta = timedelta(days=7)
    found_by: str = ""
    sitemaps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(seen_at=self.seen_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry as the document writes it.

    Attributes:
        url: absolute, or as written; not checked yet.
        title: plain text.
        published_at: UTC; ``None`` where it has none that can be read.
    """

    url: str
    title: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Further:
    """A document that the one at hand names to be polled too; not checked yet."""

    url: str
    kind: FeedKind
    title: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A document as it was read, before anything is chosen.

    Attributes:
        entries: in its order, at most `MOST_ENTRIES`.
        further: further documents to poll.
        title: as it names itself.
        home: URL of the site that it says it is of; empty where it does not.
        total: entries that it has in all.
        hints: how often it asks to be polled.
        dated_only: an entry without a date is not known to be news.
        problem: why nothing could be read; empty when all is well.
    """

    entries: tuple[Entry, ...] = ()
    further: tuple[Further, ...] = ()
    title: str = ""
    home: str = ""
    total: int = 0
    hints: Hints = field(default_factory=Hints)
    dated_only: bool = False
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedReading:
    """What came of reading one answer.

    Attributes:
        found: articles to be fetched, in the order of the document, each once.
        feeds: further documents to poll.
        entries: how many entries it has in all.
        title: as it names itself; empty where it does not say.
        hints: how often it asks to be polled.
        problem: why nothing could be read; empty when all is well.
    """

    found: tuple[FoundArticle, ...] = ()
    feeds: tuple[WantedFeed, ...] = ()
    entries: int = 0
    title: str = ""
    hints: Hints = field(default_factory=Hints)
    problem: str = ""
