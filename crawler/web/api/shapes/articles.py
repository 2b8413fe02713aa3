"""Articles: their text with its evidence, their versions, what they have in common."""

from __future__ import annotations

from datetime import date, datetime

from crawler.web.api.shapes.captures import Capture, Memento
from crawler.web.api.shapes.documents import Discovery, DocumentMerge
from crawler.web.api.shapes.shape import Shape
from storage.types import (
    Access,
    ContributorKind,
    DatePrecision,
    LinkHow,
    LinkState,
    Medium,
    Outcome,
    RelationKind,
    VerdictKind,
)


class Mark(Shape):
    """That a person said that what was stored as an article is none; no crawl changes that."""

    article_id: int
    """The article."""
    marked_by: str
    """Who said so."""
    marked_at: datetime
    """When."""
    because: str
    """Why; may be empty."""
    undone_by: str
    """Who took it back; empty while it stands."""
    undone_at: datetime | None
    """When; null while it stands."""


class NumberedMark(Mark):
    """A mark in the list of all."""

    id: int
    """Ours, ascending."""


class EventLink(Shape):
    """That an article reports an event."""

    event_key: str
    """The event."""
    article_id: int
    """The article."""
    how: LinkHow
    """How we know."""
    state: LinkState
    """How far it can be relied on."""
    score: float
    """0 to 1: of links with this score about such a share is right."""
    evidence: str
    """Why, one sentence or several clauses."""
    decided_by: str
    """Who confirmed or rejected it; empty where nobody did."""
    decided_at: datetime | None
    """When; null where nobody did."""


class ArticleInList(Shape):
    """One article in a list."""

    id: int
    """Ours."""
    canonical_url: str
    """Our identity for the document; not meant to be requested."""
    host: str
    """Of the document."""
    headline: str
    """Of the current version, as are the fields below."""
    day: date
    """On which it was published, else captured (UTC)."""
    language: str
    """ISO 639-1; empty where unknown."""
    agency: str
    """The wire agency that it credits; empty for own work."""
    access: Access
    """How much of the article there is."""
    archive: str
    """The web archive that gave it; empty where the live web did."""
    added_at: datetime | None
    """When it was first stored."""
    marked: bool
    """A person said that it is no article."""


class StatedTime(Shape):
    """A time that a page states, with the reason to believe it."""

    value: datetime
    """The moment; what is finer than `precision` is zero, not known."""
    precision: DatePrecision
    """How much of it was stated."""
    evidence: str
    """Where it stood (`json-ld datePublished`)."""
    raw: str
    """The stated text, unchanged; empty where there is none."""


class Contributor(Shape):
    """One who signed an article."""

    name: str
    """As written; of an agency its usual name."""
    kind: ContributorKind
    """What it is."""
    role: str
    """As written; empty where none is stated."""


class LiveEntry(Shape):
    """One entry of a live blog."""

    headline: str
    """Empty where it has none."""
    body: str
    """Written as the body of an article."""
    posted_at: StatedTime | None
    """As stated; null where nothing is."""
    clock: str
    """The stated time of day as written; empty where there is none."""


class MediaItem(Shape):
    """A video or sound that a page is about, or the file that a document is."""

    medium: Medium
    """What it is."""
    name: str
    """Its title; empty where it has none."""
    description: str
    """What the page says that it shows."""
    url: str
    """Of the file or its player; empty where none is stated."""
    seconds: int | None
    """How long it runs; null where unknown."""
    pages: int | None
    """Of a document; null for the others."""


class Verdict(Shape):
    """What an article was, compared with all that was stored when it came."""

    kind: VerdictKind
    """The verdict."""
    signal: str
    """The rule that decided; `none` for what was new."""
    score: float
    """0 to 1."""
    evidence: str
    """One sentence with the figures."""


class VersionInList(Shape):
    """One version of an article, without its text."""

    number: int
    """1-based, by the order in which they came."""
    headline: str
    """Of this version."""
    length: int
    """Characters of its body."""
    text_digest: str
    """SHA-256 of its text without case, signs and spaces: versions that read alike have the same."""
    capture_id: int
    """The capture that it was first extracted from."""
    captured_at: datetime
    """That capture's time."""
    extracted_at: datetime
    """When the text was last extracted."""
    memento: Memento | None
    """Where an archived copy comes from; null where the live web gave it."""
    verdict: Verdict
    """What it was when it came."""
    current: bool
    """It is the one that stands for the article."""


class Version(VersionInList):
    """One version of an article: its text, its metadata, and where each was found."""

    body: str
    """Blocks separated by one blank line: `## ` opens a heading, `- ` an item, `> ` a quotation."""
    standfirst: str
    """The summary under the headline; no part of the body."""
    byline: str
    """People and roles as written, without "By"."""
    contributors: list[Contributor]
    """The same people and agencies, told apart."""
    published_at: StatedTime | None
    """As the page states it; null where it does not."""
    modified_at: StatedTime | None
    """Likewise."""
    language: str
    """ISO 639-1; empty where unknown."""
    site_name: str
    """As the page names its publisher."""
    section: str
    """The desk or topic that the page files it under."""
    keywords: list[str]
    """Tags as written."""
    agency: str
    """The wire agency that it credits, by its usual name; empty for own work."""
    dateline: str
    """Place and agency that open the body, as written; no date."""
    access: Access
    """How much of the article the page shows."""
    medium: Medium
    """In what form it tells its story."""
    media: list[MediaItem]
    """Videos or sounds that it is about."""
    entries: list[LiveEntry]
    """Of a live blog."""
    corrections: list[str]
    """Notices of correction, as written."""
    declared_url: str
    """What the page calls itself; not validated."""
    lead_image_url: str
    """Of the picture at its head; empty where there is none."""
    lead_image_caption: str
    """As it stands under the picture."""
    lead_image_credit: str
    """Who took it, as written."""
    evidence: dict[str, str]
    """Name of a field -> where on the page it was found."""
    confidence: dict[str, float]
    """Name of a field -> 0 to 1: how often a value from such a place was right."""
    extractor: str
    """Name of the program that extracted it."""
    extractor_version: str
    """Its version, and those of its libraries."""


class ClusterMember(Shape):
    """One article of a story."""

    article_id: int
    """The article."""
    canonical_url: str
    """Of its document."""
    headline: str
    """Of its current version."""
    agency: str
    """That it credits; empty for own work."""
    representative: bool
    """It stands for the story."""
    score: float
    """How well it fits, 0 to 1."""
    reported_at: datetime | None
    """When its first version was published, else captured."""
    length: int
    """Characters of its body."""


class Relation(Shape):
    """What this article has in common with another one."""

    article_id: int
    """The other article."""
    kind: RelationKind
    """Whether they are copies, or one quotes the other at length."""
    signal: str
    """The rule that says so."""
    score: float
    """0 to 1, the same from both sides."""
    share: float
    """How much of this article's text stands in the other one, 0 to 1."""
    other_share: float
    """How much of the other one's text stands in this, 0 to 1."""
    evidence: str
    """One clause with the figures."""


class LeadImage(Shape):
    """The picture at the head of an article, and what became of it."""

    url: str
    """As the article names it."""
    outcome: Outcome | None
    """What came of the latest attempt to fetch it; null before the first."""
    width: int | None
    """In pixels; null where it is not stored."""
    height: int | None
    """Likewise."""
    media_type: str
    """By its bytes; empty where it is not stored."""
    capture: Capture | None
    """That has its bytes; null where it is not stored."""


class Article(Shape):
    """One article with everything that is known about it."""

    id: int
    """Ours."""
    canonical_url: str
    """Our identity for its document; not meant to be requested."""
    request_url: str
    """What is requested."""
    host: str
    """Of the document."""
    versions: int
    """How many versions are stored."""
    current: Version
    """The version that stands for it."""
    events: list[EventLink]
    """Events that it is linked to, proposed and rejected links among them."""
    cluster_id: int
    """The story that it tells."""
    cluster: list[ClusterMember]
    """All articles of that story, itself among them."""
    relations: list[Relation]
    """To articles of other documents, the strongest first; at most 100."""
    lead_image: LeadImage | None
    """Of the current version, where it was asked for; null otherwise."""
    merges: list[DocumentMerge]
    """Which documents are this article's under another URL."""
    found_by: list[Discovery]
    """Feeds that named it before anybody cited it."""
    mark: Mark | None
    """That a person said that it is no article; null where nobody does."""
