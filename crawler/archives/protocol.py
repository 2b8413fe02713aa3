"""Archive: what a module must do so that documents can be looked for in one kind of web archive.

Sans-I/O: a module makes questions (URLs to request) and reads answers; it never asks anything itself, keeps no state
and never raises for what an archive sends. `crawler.backfilling` asks, paces, keeps answers and decides. So one set of
modules serves the crawl, the tests with recorded answers and the fuzzers.

The conversation about one document:

1. `Archive.begin` gives the first questions to the archive's index.
2. Each answer goes to `Archive.heard`, which gives copies (`CdxRecord`), further questions (the next page of a long
   list, the indexes that a catalogue names), or the reason why there is no usable answer (`Problem`).
3. The copies of all answers are cleaned and ranked (`crawler.archives.choosing`).
4. `Archive.replay` gives the question for one copy; its answer goes to `Archive.replayed`, which tells an archived
   response (`Replayed`) from a hop to another capture (`Hop`) and from a refusal (`Problem`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from storage.types import KnownMemento, Memento, SearchState, require_utc


class Pool(StrEnum):
    """What an archive limits apart from each other; turns are taken per archive host and pool."""

    INDEX = "index"
    REPLAY = "replay"
    SAVE = "save"
    """Requests to save a page (`crawler.archives.saving`); no module of an archive asks such a question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Capture times that count, and the moment that they are ranked by.

    Attributes:
        since: beginning; ``None`` where it is open.
        until: end; ``None`` where it is open.
        near: the copy nearest to this moment is the best, other things being equal; ``None``: the earliest.
    """

    since: datetime | None = None
    until: datetime | None = None
    near: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(since=self.since, until=self.until, near=self.near)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes:
        url: the request URL of the document (or of an archived redirect's target).
        url_key: its SURT.
        window: see `Window`.
    """

    url: str
    url_key: str
    window: Window


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One GET to an archive.

    Attributes:
        url: to be requested as it is.
        pool: whose turn it takes.
        headers: beside the usual ones.
        good_for: how long an answer need not be asked for again; ``None``: it is no answer of an index, never kept.
        about: what the module itself needs to know when the answer comes (``page 2``, ``CC-MAIN-2014-10``).
    """

    url: str
    pool: Pool
    headers: tuple[tuple[str, str], ...] = ()
    good_for: timedelta | None = None
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        question: that was asked.
        status: HTTP status.
        headers: in order, repeats kept, as received.
        body: with the content-encoding removed.
        payload: with the content-encoding still on; equal to ``body`` for a kept answer of an index.
        truncated: the body was cut by a limit, or the connection ended early.
    """

    question: Question
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    payload: bytes = b""
    truncated: bool = False

    def header(self, name: str) -> str:
        """The first value of a header; empty where there is none."""
        return next((value for one, value in self.headers if one.lower() == name.lower()), "")


@dataclass(frozen=True, kw_only=True, slots=True)
class CdxRecord:
    """One copy as an index lists it, repaired.

    Attributes:
        timestamp: 14 digits, a real moment.
        captured_at: the same moment.
        url: as the index states it; what a replay asks for.
        url_key: as the index states it; empty where it states none.
        media_type: lower-case; empty for ``unk``, ``-`` and the like.
        status: HTTP status; ``None`` where the index states none.
        digest: as the index states it, without a prefix; empty where it states none.
        other_digests: of further rows about the same moment and URL: a replay gives one of them, nobody knows which.
        length: stored bytes; ``None`` where the index states none.
        revisit: it repeats an earlier payload.
        file: path of the WARC or ARC file where the index tells; empty elsewhere.
        offset: of the record in that file; ``None`` elsewhere.
        row: the line as the index sent it, at most 2,000 characters.
    """

    timestamp: str
    captured_at: datetime
    url: str
    url_key: str = ""
    media_type: str = ""
    status: int | None = None
    digest: str = ""
    other_digests: tuple[str, ...] = ()
    length: int | None = None
    revisit: bool = False
    file: str = ""
    offset: int | None = None
    row: str = ""

    @property
    def name(self) -> str:
        """``TIMESTAMP URL``: which copy this is, in `storage.types.ArchiveSearch.tried`."""
        return f"{self.timestamp} {self.url}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why an answer gives nothing.

    Attributes:
        state: `NEVER_ARCHIVED` (the archive says so), `EXCLUDED`, `RATE_LIMITED`, `UNREACHABLE`; of a replay,
            `NEVER_ARCHIVED` means that this copy is not there.
        detail: one sentence.
        retry_after_s: what the archive asks for; ``None`` where it does not.
    """

    state: SearchState
    detail: str
    retry_after_s: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What one answer of an index says.

    Attributes:
        records: copies, in the index's order.
        questions: that follow from it; asked only while fewer than `crawler.backfilling` wants are known.
        problem: why there is no usable answer; ``None`` where there is one (an empty list of copies is one).
        skipped: lines that could not be read.
    """

    records: tuple[CdxRecord, ...] = ()
    questions: tuple[Question, ...] = ()
    problem: Problem | None = None
    skipped: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """An archived response, as the archive gives it.

    Attributes:
        memento: where it comes from (digest not checked yet where the module cannot).
        status: of the archived response.
        headers: of the archived response as far as the archive gives them, under their own names.
        payload: body, transfer-encoding removed, content-encoding still on where ``headers`` say so.
        redirect_to: where an archived redirect leads: the page's own absolute URL, never one of the archive; empty for
            a response that is none.
        record: the WARC record that it was read from, whole and uncompressed; empty for an exchange over HTTP.
        reason: status text; empty where unknown.
        truncated: as in `storage.types.Exchange`.
    """

    memento: Memento
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    redirect_to: str = ""
    record: bytes = b""
    reason: str = ""
    truncated: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hop:
    """The archive sends on to the nearest copy that it can give.

    Attributes:
        question: for that copy.
        detail: one sentence.
    """

    question: Question
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivePlace:
    """Where one archive is, and how it may be asked; from ``dateline.toml`` (`crawler.configuration`).

    Attributes:
        name: as a person types it (``internet-archive``).
        kind: which module serves it (a name in `crawler.archives.KINDS`).
        index_url: of its index; empty where the kind needs none or knows it.
        replay_url: beginning of its replay URLs; likewise.
        public_url: beginning of the addresses at which readers open its copies; empty: they cannot.
        hosts: host names whose URLs in entries are copies in this archive.
        interval_s: pool -> least seconds between two requests.
        dialect: which variant of the index's language (a name in `crawler.archives.dialects.DIALECTS`), where the kind
            has such.
        enabled: it is asked without being named.
    """

    name: str
    kind: str
    index_url: str = ""
    replay_url: str = ""
    public_url: str = ""
    hosts: tuple[str, ...] = ()
    interval_s: Mapping[Pool, float] = field(default_factory=dict)
    dialect: str = ""
    enabled: bool = True


class Archive(Protocol):
    """One archive, ready to be asked: a module's class made from an `ArchivePlace`. Pure and without state."""

    @property
    def place(self) -> ArchivePlace:
        """Where it is, and how it may be asked."""

    def begin(self, wanted: Wanted) -> tuple[Question, ...]:
        """The first questions to the index; none where the archive cannot have it (the window lies outside)."""

    def heard(self, wanted: Wanted, answer: Answer) -> Heard:
        """What an answer of the index says. Never raises."""

    def replay(self, record: CdxRecord) -> Question | None:
        """The question for one copy; ``None`` where the archive cannot give it."""

    def cited(self, memento: KnownMemento) -> Question | None:
        """The question for the very copy that an entry cites; ``None`` where it is no copy in this archive."""

    def replayed(self, record: CdxRecord, answer: Answer) -> Replayed | Hop | Problem:
        """What the answer to `replay` (or to a hop, or to `cited`) is. Never raises.

        ``record`` is the copy that was wanted: `Memento.requested_at` and the digest come from it.
        """

    def public_url(self, record: CdxRecord) -> str:
        """The address at which a reader opens this copy; empty where there is none."""
