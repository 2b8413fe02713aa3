"""Web documents: where their fetching stands, and everything that was tried."""

from __future__ import annotations

from datetime import datetime

from crawler.web.api.shapes.captures import Capture
from crawler.web.api.shapes.shape import Shape
from storage.types import (
    BackfillState,
    DocumentRole,
    FetchReason,
    Outcome,
    PageKind,
    SameDocumentHow,
    SavingState,
    SearchState,
    TakedownKind,
)


class Document(Shape):
    """One web document, and where its fetching stands."""

    canonical_url: str
    """Our identity for the document, equal for all ways to write its URL; not meant to be requested."""
    request_url: str
    """What is requested."""
    host: str
    """Host name of the request URL, with its port where that is not the scheme's own."""
    role: DocumentRole
    """What it is for the library."""
    added_at: datetime
    """When it was first wanted."""
    last_outcome: Outcome | None
    """What came of the latest attempt on the live web; null before the first."""
    last_attempt_at: datetime | None
    """When that attempt ended."""
    attempts: int
    """How many attempts there were."""
    failures: int
    """Attempts since the last success."""
    next_fetch_at: datetime | None
    """When it is due again; null: not unless somebody asks for it."""
    article_id: int | None
    """The article that was extracted from it; null where there is none."""
    changed_at: datetime | None
    """When its article last got a later version; null: never."""


class Clue(Shape):
    """One piece of evidence about what a page is."""

    name: str
    """Of the rule that found it."""
    kind: PageKind
    """The kind of page that it speaks for."""
    weight: float
    """How strongly; below zero it speaks against the kind."""
    detail: str
    """Figures, or the words that were found."""


class PageVerdict(Shape):
    """What a page was judged to be."""

    kind: PageKind
    """The judgement."""
    score: float
    """How sure that is, 0 to 1."""
    clues: list[Clue]
    """Why, the strongest first."""


class RobotsDecision(Shape):
    """What robots.txt said about a URL."""

    allowed: bool
    """Whether we may fetch it."""
    rule: str
    """The line that decided, or why there is none."""
    status: int | None
    """HTTP status of robots.txt; null where it did not answer."""


class Coverage(Shape):
    """How well an archived copy covers what the event entries that cite it say."""

    score: float
    """0 to 1."""
    accepted: bool
    """The copy was taken for the page that was cited."""
    event_key: str
    """The event that it fits best; empty where none cites the document."""
    found: list[str]
    """Words of that event's entry that the page has."""
    missing: list[str]
    """Words of that entry that it has not."""
    detail: str
    """One sentence with the figures."""


class Redirect(Shape):
    """One hop on the way to a page."""

    url: str
    """What was requested."""
    status: int
    """The status with which the server sent us on."""


class Attempt(Shape):
    """That somebody asked for a document: when, why, and what came of it."""

    id: int
    """Ours."""
    reason: FetchReason
    """Why."""
    outcome: Outcome
    """What came of it."""
    started_at: datetime
    """When the request was sent."""
    finished_at: datetime
    """When its outcome was known."""
    request_url: str
    """What was requested first."""
    final_url: str
    """After redirects."""
    redirects: list[Redirect]
    """The hops before the final URL."""
    status: int | None
    """HTTP status; null where there was no response."""
    detail: str
    """One sentence with the figures that matter; empty when the outcome says all."""
    archive: str
    """The web archive that was asked; empty for the live web."""
    bytes_received: int
    """Bytes of all responses."""
    page: PageVerdict | None
    """What the answer was judged to be; null where nothing was judged."""
    robots: RobotsDecision | None
    """What robots.txt said; null where it was not asked."""
    reservations: list[str]
    """What the publisher reserves (`meta tdm-reservation: 1`), as found."""
    coverage: Coverage | None
    """Why an archived copy was taken or not; null for all others."""


class ArchiveSearch(Shape):
    """Where the search for a document in one web archive stands."""

    archive: str
    """Name of the archive."""
    state: SearchState
    """Where it stands."""
    asked_at: datetime
    """When the archive was last asked."""
    next_at: datetime | None
    """When it is worth asking again; null: not unless somebody asks for it."""
    candidates: int
    """How many copies the archive lists."""
    tried: list[str]
    """The copies that were fetched, in order, each with its time stamp and URL."""
    detail: str
    """One sentence."""


class Backfill(Shape):
    """That a document is wanted from web archives."""

    state: BackfillState
    """Where that stands, over all archives."""
    reason: str
    """Why it is wanted."""
    wanted_at: datetime
    """Since when."""
    next_at: datetime | None
    """When the archives are asked next; null: not unless somebody asks for it."""
    ended_at: datetime | None
    """When they were last asked to the end; null before."""


class ArchiveSave(Shape):
    """That a web archive was asked to save the page."""

    archive: str
    """Name of the archive."""
    state: SavingState
    """Where that stands."""
    asked_at: datetime
    """When the archive was asked."""
    url: str
    """Of the copy; empty where there is none."""
    captured_at: datetime | None
    """Moment of the copy; null where there is none."""
    detail: str
    """One sentence."""


class DocumentMerge(Shape):
    """That one document is another one under a second URL."""

    canonical_url: str
    """Of the document that is another one."""
    into_url: str
    """Of the document that stands for both."""
    how: SameDocumentHow
    """What says so."""
    evidence: str
    """Why, one sentence."""
    merged_at: datetime
    """When."""
    undone_at: datetime | None
    """When a person took it back; null while it stands."""
    undone_because: str
    """That person's reason."""


class Discovery(Shape):
    """That a feed named a document before any event cited it."""

    feed_url: str
    """The feed."""
    found_at: datetime
    """When."""
    title: str
    """As the feed wrote it."""
    published_at: datetime | None
    """As the feed stated it; null where it did not."""


class Takedown(Shape):
    """That something was removed on request, and is kept away."""

    kind: TakedownKind
    """What it is about."""
    subject: str
    """Canonical URL of the document, or name of the host."""
    reason: str
    """Why."""
    who: str
    """Who removed it."""
    made_at: datetime
    """When."""


class Citation(Shape):
    """That an event cites a document."""

    event_key: str
    """The event."""
    cited_url: str
    """The URL as its entry writes it."""


class SourceHistory(Shape):
    """Everything about one cited URL, above all why there is no article where there is none."""

    document: Document
    """The document that the URL means."""
    why: str
    """Where it stands, in one sentence."""
    next_try: str
    """When the live web is asked again, and why then."""
    archives: str
    """Where it stands with web archives; empty where none is asked."""
    cited_by: list[Citation]
    """The events that cite it or did."""
    attempts: list[Attempt]
    """The latest 500 attempts that the database still has, oldest first."""
    attempts_in_files: int
    """Further attempts, which are kept in files only."""
    captures: list[Capture]
    """What servers answered, the latest 500 times, oldest first."""
    backfill: Backfill | None
    """That it is wanted from web archives; null where it never was."""
    searches: list[ArchiveSearch]
    """Where the search in each archive stands, by time."""
    saves: list[ArchiveSave]
    """Where the saving by each archive stands, by time."""
    merges: list[DocumentMerge]
    """Which documents are this one or which this one is, undone ones too."""
    found_by: list[Discovery]
    """Feeds that named it before anybody cited it."""
    lead_image_of: list[int]
    """Articles that show it as their lead image."""
    takedown: Takedown | None
    """That it was removed on request and is kept away; null where it was not."""
