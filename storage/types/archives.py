"""The archive side: what is wanted from web archives, what each of them was asked, and what it said.

Why a search has a state of its own and no outcome: an outcome says what one fetch brought; a search says where we stand
with one archive about one document. "It has no copy" and "it could not be asked" must never look alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.documents import Document, Selection
from storage.types.outcomes import Outcome
from storage.types.pages import Citation
from storage.types.time import require_utc


class SearchState(StrEnum):
    """Where the search for one document in one archive stands."""

    LISTED = "listed"
    FOUND = "found"
    NEVER_ARCHIVED = "never_archived"
    ALL_REJECTED = "all_rejected"
    EXCLUDED = "excluded"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


SEARCH_MEANINGS: dict[SearchState, str] = {
    SearchState.LISTED: "the archive lists copies; not all of those worth trying were tried yet",
    SearchState.FOUND: "a copy was accepted",
    SearchState.NEVER_ARCHIVED: "the archive answered: it has no copy of the time in question",
    SearchState.ALL_REJECTED: "the archive has copies; none of those that were tried shows the article",
    SearchState.EXCLUDED: "the archive keeps this site out of reach, so nobody can tell whether it has a copy",
    SearchState.RATE_LIMITED: "the archive says that we ask too often: it could not be asked",
    SearchState.UNREACHABLE: "the archive did not answer as it should: it could not be asked",
    SearchState.FAILED: "our own code failed; the log has the details",
}

MISSES = frozenset({SearchState.NEVER_ARCHIVED, SearchState.ALL_REJECTED})
"""States that say "this archive has no article for us"; all others but `FOUND` leave the question open."""

UNANSWERED = frozenset({SearchState.RATE_LIMITED, SearchState.UNREACHABLE, SearchState.FAILED})
"""States in which the archive could not be asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveSearch:
    """Where the search for one document in one archive stands; there is one per (document, archive).

    Attributes:
        document_id: which document.
        archive: name of the archive, as in ``dateline.toml`` (``internet-archive``).
        state: see `SearchState`.
        asked_at: when the archive last said something about it, or could not be asked.
        next_at: when it is worth asking again; ``None``: not unless asked for.
        since: beginning of the window of capture times; ``None`` where it is open.
        until: end of that window; ``None`` where it is open.
        candidates: how many copies of the window the archive lists, repeats removed.
        tried: ``TIMESTAMP URL`` of each copy that was fetched, in order; the next one is the best of the others.
        failures: times in a row that it could not be asked.
        detail: one sentence.
    """

    document_id: int
    archive: str
    state: SearchState
    asked_at: datetime
    next_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    candidates: int = 0
    tried: tuple[str, ...] = ()
    failures: int = 0
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(asked_at=self.asked_at, next_at=self.next_at, since=self.since, until=self.until)


class BackfillState(StrEnum):
    """Where the backfill of one document stands, over all archives."""

    WANTED = "wanted"
    WAITING = "waiting"
    RESCUED = "rescued"
    MISSING = "missing"


BACKFILL_MEANINGS: dict[BackfillState, str] = {
    BackfillState.WANTED: "not every archive was asked yet",
    BackfillState.WAITING: "an archive could not be asked; it is asked again later",
    BackfillState.RESCUED: "an archived copy was accepted",
    BackfillState.MISSING: "every archive was asked; none gave a copy that shows the article",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Backfill:
    """That a document is wanted from archives; there is at most one per document.

    Attributes:
        document_id: which document.
        state: see `BackfillState`.
        reason: why it is wanted: an outcome (``gone``), ``memento cited``, ``host dead`` or ``requested``.
        wanted_at: when it was queued.
        next_at: when a backfill without names takes it up; ``None``: not unless asked for.
        ended_at: when a backfill of it last came to an end; ``None`` before the first.
    """

    document_id: int
    state: BackfillState
    reason: str
    wanted_at: datetime
    next_at: datetime | None = None
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(wanted_at=self.wanted_at, next_at=self.next_at, ended_at=self.ended_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class BackfillRules:
    """Which documents are wanted from archives without anybody naming them.

    Attributes:
        failures: outcome of the latest attempt -> after so many failures in a row (`crawler.planning` decides).
        dead_after: all documents without an article on a host that failed so often in a row, by `dead_outcomes`.
        dead_outcomes: outcomes that say that a host is not there.
    """

    failures: Mapping[Outcome, int]
    dead_after: int
    dead_outcomes: frozenset[Outcome]


@dataclass(frozen=True, kw_only=True, slots=True)
class BackfillRequest:
    """A request for documents to look for in archives; at most `limit`, each leased to `token` until `until`.

    Attributes:
        token: the run's.
        now: moment of asking.
        until: when the leases expire unless renewed.
        limit: bound on documents.
        selection: which documents; with ``due_only`` only those in the queue whose ``next_at`` has come, else all of
            the selection, queued or not (those without a queue row get one, ``requested``).
        since: only documents that an event of this day or later cites; ISO date, empty for no bound.
        before: only documents that an event before this day cites; likewise.
        rescued: also documents whose backfill found a copy, or that have an article, where ``due_only`` is False.
        skip_after: with ``due_only`` False: documents whose backfill ended at or after this moment are done already.
        queued: with ``due_only`` False: only documents that have a place in the queue, whenever their next try is.
    """

    token: str
    now: datetime
    until: datetime
    limit: int
    selection: Selection = field(default_factory=Selection)
    since: str = ""
    before: str = ""
    rescued: bool = False
    skip_after: datetime | None = None
    queued: bool = False

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(now=self.now, until=self.until, skip_after=self.skip_after)


@dataclass(frozen=True, kw_only=True, slots=True)
class BackfillTask:
    """One document to look for in archives, with all that is known about it.

    Attributes:
        document: which.
        backfill: its place in the queue.
        searches: archive -> where the search stands; archives that were never asked are not in it.
        citations: how event entries cite it.
    """

    document: Document
    backfill: Backfill
    searches: Mapping[str, ArchiveSearch]
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveAnswer:
    """What an archive's index answered to one question, kept so that it is not asked twice.

    Attributes:
        archive: its name.
        question: the URL that was requested; with the archive's name it identifies the answer.
        answered_at: when.
        good_until: after this it is asked again.
        status: HTTP status.
        headers: of the answer.
        body: with the content-encoding removed.
    """

    archive: str
    question: str
    answered_at: datetime
    good_until: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(answered_at=self.answered_at, good_until=self.good_until)


class SavingState(StrEnum):
    """Where the saving of one page by an archive stands."""

    SENT = "sent"
    PENDING = "pending"
    SAVED = "saved"
    ENOUGH = "enough"
    REFUSED = "refused"
    LATER = "later"


SAVING_MEANINGS: dict[SavingState, str] = {
    SavingState.SENT: "the archive was asked to save the page; whether it heard that is not known",
    SavingState.PENDING: "the archive is saving the page",
    SavingState.SAVED: "the archive says that it saved the page",
    SavingState.ENOUGH: "others had the page saved so often today that the archive makes no more copies today",
    SavingState.REFUSED: "the archive says that it cannot save this page",
    SavingState.LATER: "the archive could not save the page now",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveSave:
    """That an archive was asked to save a document's page; there is at most one per (document, archive).

    Attributes:
        document_id: which document.
        archive: name of the archive, as in ``dateline.toml``.
        state: see `SavingState`.
        asked_at: when the archive was asked to save the page.
        next_at: not asked to save it again before this; ``None``: never again.
        job: the archive's own name for its work on it; empty where it gave none.
        url: of the copy, as a reader opens it; empty where there is none.
        captured_at: moment of the copy; ``None`` where there is none.
        detail: one sentence.
    """

    document_id: int
    archive: str
    state: SavingState
    asked_at: datetime
    next_at: datetime | None = None
    job: str = ""
    url: str = ""
    captured_at: datetime | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(asked_at=self.asked_at, next_at=self.next_at, captured_at=self.captured_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldFile:
    """A WARC, ARC or WACZ file of somebody else's that the library knows the contents of.

    Attributes:
        path: absolute.
        size: in bytes, when it was read.
        modified_ns: its modification time in nanoseconds since the epoch, when it was read.
        kind: ``warc``, ``arc`` or ``wacz``.
        indexed_at: when it was read.
        records: how many of its records were kept in the index.
        wanted_only: only records of documents that the library wanted then were kept.
        problems: what could not be read, one sentence each, at most 100.
        id: ours; ``None`` before it is stored.
    """

    path: str
    size: int
    modified_ns: int
    kind: str
    indexed_at: datetime
    records: int = 0
    wanted_only: bool = False
    problems: tuple[str, ...] = ()
    id: int | None = None

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(indexed_at=self.indexed_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRecord:
    """One response (or revisit) in a held file.

    Attributes:
        path: of the file.
        member: name of the WARC inside a WACZ; empty elsewhere.
        offset: of the record (of its gzip member), within the member where there is one.
        length: stored bytes up to the next record.
        url: as the record states it.
        url_key: its SURT.
        captured_at: WARC-Date, or the ARC's archive date.
        status: HTTP status; ``None`` where the record has none.
        media_type: lower-case; empty where unknown.
        digest: payload digest as the file states it (``sha1:BASE32``); empty where it states none.
        refers_to: for a revisit, ``TIMESTAMP URL`` of the record with the bytes, as far as stated; empty for others.
        revisit: it is a revisit record.
    """

    path: str
    offset: int
    length: int
    url: str
    url_key: str
    captured_at: datetime
    member: str = ""
    status: int | None = None
    media_type: str = ""
    digest: str = ""
    refers_to: str = ""
    revisit: bool = False

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(captured_at=self.captured_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveLink:
    """The public address of a copy of a document, for people who cite it.

    Attributes:
        archive: name of the archive; the host where only the entry's own link names it.
        url: of the copy, as a reader opens it.
        captured_at: when the page was so; ``None`` where nobody knows.
        verified: its page was fetched and accepted; False where an entry or an archive merely says that it is there.
    """

    archive: str
    url: str
    captured_at: datetime | None = None
    verified: bool = False

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(captured_at=self.captured_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRot:
    """How many documents of one year and host stand the same way: one row of a report about link rot.

    Attributes:
        year: of the earliest event that cites them; 0 where none does.
        host: of the documents.
        outcome: of the latest attempt at the live web; ``None`` where it was never asked.
        backfill: where their backfill stands; ``None`` where they are not wanted from archives.
        documents: how many.
        articles: how many of them have an article.
    """

    year: int
    host: str
    outcome: Outcome | None
    backfill: BackfillState | None
    documents: int
    articles: int
