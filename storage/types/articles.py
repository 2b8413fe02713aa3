"""The newsroom and dedup sides: articles, their versions, verdicts and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.archives import ArchiveSearch
from storage.types.captures import Capture, Memento
from storage.types.discovery import FeedPoll
from storage.types.documents import FetchAttempt
from storage.types.hosts import HostState
from storage.types.images import ImageFacts, WantedImage
from storage.types.linking import LinkHow, LinkState
from storage.types.stories import Likeness, SameDocumentClaim
from storage.types.texts import BodyChoice, Contributor, LiveEntry, MediaItem, Medium
from storage.types.time import DatedTime, require_utc


class Access(StrEnum):
    """How much of the article the page shows a reader who does not pay."""

    FULL = "full"
    TEASER = "teaser"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """Text and metadata extracted from one capture.

    Attributes:
        headline: the story's, without the site's name.
        body: structured text: blocks separated by one blank line; ``## `` opens a heading, ``- `` a list item,
            ``> `` a quotation; everything else is a paragraph.
        byline: people and roles as written, "By" removed; empty where there is none.
        published_at: as the page states it.
        modified_at: likewise; never copied from ``published_at``.
        language: ISO 639-1; empty where unknown.
        site_name: as the page names its publisher.
        declared_url: rel=canonical or og:url, absolute, unvalidated.
        lead_image_url: absolute.
        lead_image_caption: as it stands under the image in the page; empty where nothing does.
        lead_image_credit: who took it, as written.
        agency: the wire agency credited, by its usual name (``Reuters``, ``AP``); empty for own work.
        dateline: place (and agency) that open the body, as written; not a date.
        access: see `Access`.
        standfirst: the summary that stands under the headline; no part of the body.
        section: the desk or topic that the page files it under, as written; the narrowest where several are named.
        keywords: tags as written, no repeats.
        contributors: the same people and agencies as in the byline, told apart.
        corrections: notices of correction or clarification that the page carries, as written.
        medium: see `Medium`.
        entries: of a live blog, in the order of the page; ``body`` has their text too.
        media: the videos or sounds that the page is about; of a document its file.
        evidence: where each field was found: field name -> short phrase.
        confidence: how far each found field can be trusted: field name -> 0 to 1, the share of pages on which a
            value from such a place was right (``crawler/extraction`` says where it was measured).
        choice: how the body was found.
        edge_lines: 64-bit signed hashes of the lines at the edges of the body, before lines that the host shows
            everywhere were cut (`crawler.extraction` defines it); left empty when read from a store.
        extractor: name of the extractor.
        extractor_version: its version and its libraries' (``2.3.1``); changes when results may change.
        text_digest: SHA-256 hex of the normalised text (`crawler.dedup` defines it).
        keys: per signal name, the 64-bit signed keys by which near duplicates are found.
        agency_own: the agency that is credited published it itself (Reuters on reuters.com).
    """

    headline: str
    body: str
    byline: str = ""
    published_at: DatedTime | None = None
    modified_at: DatedTime | None = None
    language: str = ""
    site_name: str = ""
    declared_url: str = ""
    lead_image_url: str = ""
    agency: str = ""
    dateline: str = ""
    access: Access = Access.UNKNOWN
    lead_image_caption: str = ""
    lead_image_credit: str = ""
    standfirst: str = ""
    section: str = ""
    keywords: tuple[str, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    corrections: tuple[str, ...] = ()
    medium: Medium = Medium.TEXT
    entries: tuple[LiveEntry, ...] = ()
    media: tuple[MediaItem, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    choice: BodyChoice = field(default_factory=BodyChoice)
    edge_lines: tuple[int, ...] = ()
    extractor: str = ""
    extractor_version: str = ""
    text_digest: str = ""
    keys: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    agency_own: bool = False


class VerdictKind(StrEnum):
    """What a freshly extracted article is, compared with all that is stored.

    ``DERIVED``: it quotes, digests or writes through another article at length: a story of its own that says so.
    """

    NEW = "new"
    REVISIT = "revisit"
    NEW_VERSION = "new_version"
    NEAR_DUPLICATE = "near_duplicate"
    SYNDICATED = "syndicated"
    DERIVED = "derived"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A stored version that a fresh article may be the same as.

    Attributes:
        version_id: the stored version.
        article_id: its article.
        document_id: the document it was extracted from.
        canonical_url: of that document.
        same_document: it is the fresh article's own document.
        current: it is that article's latest version.
        same_payload: its capture had the same payload digest.
        text_digest: of the stored version.
        shared_keys: per signal name, how many keys both have.
        own_keys: per signal name, how many keys the stored version has.
        published_at: of the stored version, or the capture's time where the page states none.
        agency: of the stored version.
        access: of the stored version.
        length: of its body, in characters.
        later: it was captured after the fresh article, which is an archived copy then.
        extractor_version: that made its text.
        agency_own: of the stored version.
        headline: of the stored version; given with the body.
        body: of the stored version; given for the document's own current version and for the 20 versions of other
            documents that share the largest part of the shorter text's keys (of equal parts most keys), those with
            the fresh article's payload or text passed over; empty for all others.
        language: of the stored version.
        stock_keys: per signal name, how many of the shared keys stand in reports of many other days: stock phrases and
            boilerplate, which prove nothing. An estimate: counted among the keys that are in the index and taken for
            all (`storage.stock`). Empty for the document's own versions.
    """

    version_id: int
    article_id: int
    document_id: int
    canonical_url: str
    same_document: bool
    current: bool
    same_payload: bool
    text_digest: str
    published_at: datetime
    agency: str = ""
    access: Access = Access.UNKNOWN
    length: int = 0
    later: bool = False
    extractor_version: str = ""
    shared_keys: Mapping[str, int] = field(default_factory=dict)
    own_keys: Mapping[str, int] = field(default_factory=dict)
    agency_own: bool = False
    headline: str = ""
    body: str = ""
    language: str = ""
    stock_keys: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(published_at=self.published_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What `crawler.dedup.decide` says, and why.

    Attributes:
        kind: the verdict.
        signal: name of the rule or signal that decided (``same payload``, ``grams``); ``none`` for new.
        matched_version_id: the stored version it was compared with; ``None`` for new.
        score: 0 to 1.
        evidence: one sentence with the figures.
        likenesses: how it relates to every candidate of another document with which it has much in common, whatever
            the verdict; not stored with the sighting but as relations between articles.
    """

    kind: VerdictKind
    signal: str = "none"
    matched_version_id: int | None = None
    score: float = 0.0
    evidence: str = ""
    likenesses: tuple[Likeness, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchResult:
    """Everything that one attempt brought, to be stored in one transaction.

    Attributes:
        attempt: the attempt; closes the document's lease where it is held under ``attempt.run_token``.
        captures: in the order of the exchanges; the last is the page itself. Empty where nothing answered.
        article: extracted from the last capture; ``None`` where there is none.
        etag: of the last capture, for the next conditional request.
        last_modified: likewise.
        hosts: how politely the hosts that were asked must be asked from now on.
        replayed: id of the stored capture that was understood again, in place of `captures`.
        search: where the search in the attempt's archive stands now, written in the same transaction.
        lead_image: of the article, where it is to be stored too.
        image: what the last capture shows, where it is a lead image.
        claims: what the exchange and the page say about which document this is.
        feed: what the last capture names, where the document is a feed.
        lease: token under whose lease it was fetched: it is stored only while the document is held under it still.
            Empty: nobody's lease matters.
    """

    attempt: FetchAttempt
    captures: tuple[Capture, ...] = ()
    article: Article | None = None
    etag: str = ""
    last_modified: str = ""
    hosts: tuple[HostState, ...] = ()
    replayed: int | None = None
    search: ArchiveSearch | None = None
    lead_image: WantedImage | None = None
    image: ImageFacts | None = None
    claims: tuple[SameDocumentClaim, ...] = ()
    feed: FeedPoll | None = None
    lease: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """The answer to storing one `FetchResult`.

    Attributes:
        attempt_id: of the stored attempt.
        repeated: this attempt's key was stored before; nothing was written now.
        verdict: on the article; ``None`` where there was none.
        article_id: the document's article.
        version_id: the version that this capture shows.
        event_links: event-article links written now.
        error: why this one item could not be stored (the others of its batch were); empty when all is well.
        takedown_id: the tombstone because of which nothing was stored, and its captures' records are to be overwritten
            (`storage.types.takedowns.Removal`); ``None`` for all others.
        stale: nothing was stored, because the document is not held any more under `FetchResult.lease`: somebody else
            fetches it, or has done so.
    """

    attempt_id: int | None = None
    repeated: bool = False
    verdict: Verdict | None = None
    article_id: int | None = None
    version_id: int | None = None
    event_links: int = 0
    error: str = ""
    takedown_id: int | None = None
    stale: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleVersion:
    """One version of a stored article.

    Attributes:
        id: ours.
        article_id: of the article.
        number: 1-based.
        capture_id: the capture it was first extracted from.
        captured_at: that capture's time.
        extracted_at: when the extractor ran last on it.
        article: what was extracted (``keys`` left empty: they live in the index).
        verdict: what was decided when it came.
        memento: where the capture comes from where it is an archived copy; ``None`` for all others.
    """

    id: int
    article_id: int
    number: int
    capture_id: int
    captured_at: datetime
    extracted_at: datetime
    article: Article
    verdict: Verdict
    memento: Memento | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(captured_at=self.captured_at, extracted_at=self.extracted_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class EventLink:
    """That an article reports an event.

    Where a person said something about the pair, that alone is shown (``how`` is ``hand``), and nothing overwrites it.

    Attributes:
        event_key: the event.
        article_id: the article.
        how: see `LinkHow`.
        score: 0 to 1, calibrated: of links with this score about such a share is right.
        evidence: one sentence, or several clauses separated by ``; ``.
        state: see `LinkState`.
        decided_by: who confirmed or rejected it; empty for all others.
        decided_at: when; ``None`` likewise.
    """

    event_key: str
    article_id: int
    how: LinkHow = LinkHow.CITATION
    score: float = 1.0
    evidence: str = ""
    state: LinkState = LinkState.LINKED
    decided_by: str = ""
    decided_at: datetime | None = None
