"""The dedup side between articles: how two of them relate, which documents are one, what copies an event has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.types.time import require_utc


class RelationKind(StrEnum):
    """What two articles of different documents have in common.

    ``COPY``: they tell one story in the same words, whole or cut. ``DERIVED``: one quotes the other at length, digests
    it or writes it through: neither the same nor nothing.
    """

    COPY = "copy"
    DERIVED = "derived"


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """How a fresh article relates to one stored version of another document (`crawler.dedup.decide` says).

    Attributes:
        version_id: the stored version.
        article_id: its article.
        kind: see `RelationKind`.
        signal: name of the rule or signal that says so.
        score: 0 to 1; the same whichever of the two came first.
        share: how much of the fresh text stands in the stored one, 0 to 1.
        other_share: how much of the stored text stands in the fresh one, 0 to 1.
        evidence: one clause with the figures.
    """

    version_id: int
    article_id: int
    kind: RelationKind
    signal: str
    score: float
    share: float
    other_share: float
    evidence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """How two stored articles relate: the strongest `Likeness` of any two of their versions.

    Attributes:
        article_id: the article that is looked from.
        other_id: the other one.
        kind: see `RelationKind`.
        signal: that says so.
        score: 0 to 1, symmetric.
        share: how much of this article's text stands in the other one.
        other_share: how much of the other one's text stands in this.
        evidence: one clause, as it was said of the one that came later.
    """

    article_id: int
    other_id: int
    kind: RelationKind
    signal: str
    score: float
    share: float
    other_share: float
    evidence: str = ""


class SameDocumentHow(StrEnum):
    """What says that two documents are one.

    ``REDIRECT``: the server moved it for good (301 or 308). ``CANONICAL``: its page declares the other's URL, and the
    texts are copies. ``HAND``: a person. ``RULES``: by the present rules for URLs both have one canonical URL.
    """

    REDIRECT = "redirect"
    CANONICAL = "canonical"
    HAND = "hand"
    RULES = "rules"


@dataclass(frozen=True, kw_only=True, slots=True)
class SameDocumentClaim:
    """What a fetched page says: this document is the one at another canonical URL. Only evidence, until validated.

    Attributes:
        canonical_url: of the other document, which may not be known yet.
        how: see `SameDocumentHow`.
        evidence: one clause (``301 to https://...``).
    """

    canonical_url: str
    how: SameDocumentHow
    evidence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentMerge:
    """That one document is another one under a second URL. Both keep everything; readers count them once.

    Attributes:
        document_id: the document that is the other one.
        canonical_url: of it.
        into_id: the document that stands for both; never merged itself.
        into_url: its canonical URL.
        how: see `SameDocumentHow`.
        evidence: why, one sentence.
        merged_at: when.
        undone_at: when a person took it back; it is never merged automatically again. ``None`` while it stands.
        undone_because: that person's reason.
    """

    document_id: int
    canonical_url: str
    into_id: int
    into_url: str
    how: SameDocumentHow
    evidence: str
    merged_at: datetime
    undone_at: datetime | None = None
    undone_because: str = ""

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(merged_at=self.merged_at, undone_at=self.undone_at)


class UrlChange(StrEnum):
    """What became of a document whose canonical URL the present rules write otherwise.

    ``RENAMED``: it has the URL now. ``MERGED``: another document has it, which is this one. ``LEFT``: neither.
    """

    RENAMED = "renamed"
    MERGED = "merged"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class RenewedUrl:
    """One document whose canonical URL is another one by the present rules.

    Attributes:
        document_id: of it.
        before: its canonical URL as it was stored.
        url: its canonical URL by the present rules; empty where they give none.
        change: see `UrlChange`.
        reason: why it was left as it is, one clause; empty otherwise.
    """

    document_id: int
    before: str
    url: str
    change: UrlChange
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RenewedUrls:
    """What renewing the canonical URLs of one batch of documents brought.

    Attributes:
        last: highest number that was looked at; where the next batch begins. 0 where there were no more.
        looked: how many documents were looked at.
        changes: of them and of those that stood in their way, those whose URL differs, in the order of deciding;
            without those that are merged already.
    """

    last: int
    looked: int
    changes: tuple[RenewedUrl, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryArticle:
    """One article of an event's coverage, as far as telling copies from reports needs.

    Attributes:
        article_id: of the article.
        host: of its document.
        site_name: of its current version.
        agency: credited by its current version.
        headline: likewise.
        reported_at: when its first version was published, else captured.
        length: of its current body, in characters.
        cluster_id: the story that it tells.
        representative: it stands for its story.
        same_as: the article of the document into which its own was merged; ``None`` for all others.
    """

    article_id: int
    host: str
    site_name: str
    agency: str
    headline: str
    reported_at: datetime
    length: int
    cluster_id: int
    representative: bool = False
    same_as: int | None = None

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(reported_at=self.reported_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class WireCount:
    """How many articles of one publisher credit one agency.

    Attributes:
        host: of the documents.
        agency: credited; empty for own work.
        articles: how many articles, merged documents counted once.
        copies: how many of them have a copy elsewhere in the library.
        first: how many of them represent their story.
    """

    host: str
    agency: str
    articles: int
    copies: int
    first: int
