"""The web side: documents, the attempts to fetch them, and the captures that came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.events import KnownMemento
from storage.types.outcomes import Outcome
from storage.types.pages import Coverage, PageVerdict, RobotsDecision
from storage.types.time import require_utc


class FetchReason(StrEnum):
    """Why a document is fetched now.

    ``REPLAYED``: a stored capture was understood again, nothing was fetched. ``BACKFILL``: a web archive was asked.
    """

    NEW = "new"
    RETRY = "retry"
    REFRESH = "refresh"
    REQUESTED = "requested"
    REPLAYED = "replayed"
    BACKFILL = "backfill"
    IMPORTED = "imported"


class DocumentRole(StrEnum):
    """What a document is for the library.

    ``SOURCE``: an event entry cites it, somebody named it, or a feed did. ``LEAD_IMAGE``: only an article shows it; its
    absence is no missing article. ``FEED``: it is polled for articles. What an entry cites is a source and no more.
    """

    SOURCE = "source"
    LEAD_IMAGE = "lead_image"
    FEED = "feed"


class CaptureKind(StrEnum):
    """How a capture was observed; ``RENDERED``: what a browser made of the page, beside the live capture."""

    LIVE = "live"
    RENDERED = "rendered"
    MEMENTO = "memento"
    IMPORTED = "imported"


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a conditional request needs, as the server sent it; empty strings where it sent none."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One web document that event entries cite or articles show, and where its fetching stands.

    Attributes:
        id: ours, stable.
        canonical_url: see `storage.types.events.DocumentIdentity`; unique.
        request_url: what is requested.
        url_key: SURT.
        host: see `DocumentIdentity`.
        added_at: when the first entry that cites it was imported.
        memento: a memento that some entry cites.
        last_outcome: of the latest attempt; ``None`` before the first.
        last_attempt_at: when that attempt ended.
        attempts: how many there were.
        failures: attempts since the last success (`fetched`, `image`, `not_modified`, `imported`); replays do not
            count.
        next_fetch_at: when it is due; ``None`` means never again unless asked for.
        validators: of the latest successful live capture.
        article_id: the article extracted from it, if any.
        role: see `DocumentRole`.
    """

    id: int
    canonical_url: str
    request_url: str
    url_key: str
    host: str
    added_at: datetime
    memento: KnownMemento | None = None
    last_outcome: Outcome | None = None
    last_attempt_at: datetime | None = None
    attempts: int = 0
    failures: int = 0
    next_fetch_at: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    article_id: int | None = None
    role: DocumentRole = DocumentRole.SOURCE

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(added_at=self.added_at, last_attempt_at=self.last_attempt_at, next_fetch_at=self.next_fetch_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which documents are meant; fields narrow each other.

    Attributes:
        event_key: only documents that this event's present source links cite.
        host: only this host.
        outcome: only documents whose latest attempt ended so.
        canonical_url: only this document.
        due_only: only documents whose ``next_fetch_at`` has come (False: whether due or not, as a re-fetch by hand).
        role: only documents that are this; ``None``: whatever they are, but no feeds. Of feeds, those switched on.
        found: only documents that a feed named before anybody cited them (`storage.types.discovery.Discovery`).
    """

    event_key: str = ""
    host: str = ""
    outcome: Outcome | None = None
    canonical_url: str = ""
    due_only: bool = True
    role: DocumentRole | None = None
    found: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaseRequest:
    """A request for work: at most `max_hosts` hosts that nobody else holds, at most `per_host` documents of each.

    Attributes:
        token: the run's token; the hosts and documents given out are marked with it.
        now: moment of asking.
        until: when the lease expires unless renewed.
        max_hosts: bound on hosts given out by this call.
        per_host: bound on documents per host.
        selection: which documents are meant.
        skip_before: with ``due_only`` False: documents attempted at or after this moment are done already
            (a re-fetch by hand asks for each once).
        new_hosts: only hosts that the token does not hold yet.
        avoid: hosts that are not given out, whatever is due on them.
    """

    token: str
    now: datetime
    until: datetime
    max_hosts: int
    per_host: int
    selection: Selection = field(default_factory=Selection)
    skip_before: datetime | None = None
    new_hosts: bool = False
    avoid: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(now=self.now, until=self.until, skip_before=self.skip_before)


@dataclass(frozen=True, kw_only=True, slots=True)
class Redirect:
    """One hop: the URL that was requested and the status with which it sent us on."""

    url: str
    status: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordLocation:
    """Where a WARC record stands.

    Attributes:
        file: name relative to the captures folder, with ``/`` separators.
        offset: of the record's first byte in the file (of its gzip member).
        length: in bytes, as stored (compressed).
        record_id: ``WARC-Record-ID`` without angle brackets (``urn:uuid:...``).
    """

    file: str
    offset: int
    length: int
    record_id: str


class DigestCheck(StrEnum):
    """Whether the bytes that an archive gave are those that its index lists."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Memento:
    """Where an archived copy comes from.

    Attributes:
        archive: name of the archive, as in ``dateline.toml``; the host for a copy that only an entry's link names.
        url: the memento's URL as it was requested; ``warc:`` and the file's path for a record of a held file.
        page_url: the URL that it is a copy of, as the archive states it.
        captured_at: the memento's own time (Memento-Datetime, WARC-Date).
        requested_at: the time that was asked for.
        digest_check: see `DigestCheck`; a difference is told, not a reason to refuse.
        index_digest: as the index states it; empty where it states none.
        index_row: the line of the index that led here; empty where none did.
        source: file and offset of the record where it was read from one (``crawl-data/... 1234+567``); else empty.
        public_url: the address at which a reader opens it; empty where there is none.
    """

    archive: str
    url: str
    page_url: str
    captured_at: datetime
    requested_at: datetime
    digest_check: DigestCheck = DigestCheck.NOT_CHECKED
    index_digest: str = ""
    index_row: str = ""
    source: str = ""
    public_url: str = ""

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(captured_at=self.captured_at, requested_at=self.requested_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One HTTP request and its response as they went over the wire, before any decoding of the content.

    Attributes:
        url: requested URL.
        method: ``GET``.
        request_headers: as sent, in order.
        status: HTTP status code.
        reason: status text; empty where the protocol has none.
        headers: response headers as received, in order, repeats kept.
        payload: the body, transfer-encoding removed, content-encoding (gzip, br) still on.
        fetched_at: when the response was complete.
        truncated: ``length`` or ``time`` where the body was cut by one of our limits; empty otherwise.
        remote_address: IP address connected to; empty where unknown.
        tls: ``verified``, or ``unverified: `` and what is wrong with the certificate (only where the library's
            settings allow that for the host); empty without TLS.
        rendered: the payload is not what the server sent but what a browser made of it, as UTF-8 HTML.
        memento: set where it is an archived copy, or an archived redirect on the way to one.
        record: the WARC record that holds this response in somebody else's file, whole and uncompressed, to be kept
            byte for byte (``url``, ``status``, ``headers`` and ``payload`` are read from it, ``fetched_at`` is when);
            empty for an exchange of our own.
    """

    url: str
    request_headers: tuple[tuple[str, str], ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    fetched_at: datetime
    method: str = "GET"
    reason: str = ""
    truncated: str = ""
    remote_address: str = ""
    tls: str = ""
    rendered: bool = False
    memento: Memento | None = None
    record: bytes = b""

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(fetched_at=self.fetched_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One HTTP response observed at one moment, live or replayed, or one imported text.

    Attributes:
        kind: how it was observed.
        url: the URL that was requested: of a memento, the archive's (`page_url` has the page's own).
        captured_at: when the page was so: fetch time of a live one, the memento's time of a memento.
        fetched_at: when we got it.
        status: HTTP status; 0 for an imported document.
        headers: response headers in order.
        media_type: lower-case, without parameters; empty where the response does not say.
        payload_digest: ``sha256:`` and 64 hex digits, over the payload as in `Exchange.payload`.
        payload_length: bytes.
        location: where the record is; the response record, or the revisit record.
        revisit_of: record id of the earlier record with the same payload; empty when this one has its own bytes.
        truncated: as in `Exchange.truncated`.
        tls: as in `Exchange.tls`.
        memento: where an archived copy comes from; ``None`` for all other kinds.
        id: ours; ``None`` before it is stored.
        attempt_id: the attempt it belongs to; ``None`` before it is stored.
    """

    kind: CaptureKind
    url: str
    captured_at: datetime
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    media_type: str
    payload_digest: str
    payload_length: int
    location: RecordLocation
    revisit_of: str = ""
    truncated: str = ""
    tls: str = ""
    memento: Memento | None = None
    id: int | None = None
    attempt_id: int | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(captured_at=self.captured_at, fetched_at=self.fetched_at)

    @property
    def page_url(self) -> str:
        """The URL of the page itself, wherever it was got."""
        return self.memento.page_url if self.memento else self.url


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPayload:
    """A stored record whose payload has a wanted digest: what a revisit record refers to.

    Attributes:
        payload_digest: as in `Capture`.
        location: of the response (or resource) record that holds the bytes, never of a revisit.
        url: its target URI.
        fetched_at: its WARC-Date.
    """

    payload_digest: str
    location: RecordLocation
    url: str
    fetched_at: datetime

    @classmethod
    def of(cls, capture: Capture) -> KnownPayload:
        """What the record of a capture with bytes of its own says of itself.

        A record that was copied from somebody else's file (`Memento.source`) keeps its own target and date.
        """
        foreign = capture.memento if capture.memento and capture.memento.source else None
        return cls(
            payload_digest=capture.payload_digest,
            location=capture.location,
            url=foreign.page_url if foreign else capture.url,
            fetched_at=foreign.captured_at if foreign else capture.fetched_at,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchAttempt:
    """That we asked, when, why, and what came of it.

    Attributes:
        key: unique, made before asking (UUID hex): storing the same attempt twice is impossible.
        document_id: which document was wanted.
        reason: why.
        outcome: what came of it.
        request_url: what was requested first.
        final_url: after redirects; equal to ``request_url`` where there were none.
        started_at: when the request was handed to the network, or the replay began.
        finished_at: when its outcome was known.
        status: final HTTP status; ``None`` where there was no response.
        redirects: hops before ``final_url``, in order.
        detail: one sentence for a person, with the figures that matter; empty when the outcome says all.
        next_fetch_at: when the document is due again; ``None`` is never.
        bytes_received: payload bytes of all exchanges.
        run_token: of the run that made it; empty for imports.
        page: what the answer was judged to be; ``None`` where nothing was judged.
        robots: what robots.txt said; ``None`` where it was not consulted.
        reservations: what the publisher reserves (``X-Robots-Tag: noarchive``, ``meta tdm-reservation: 1``), as found.
        archive: name of the archive that was asked; empty for the live web. An attempt at an archive changes nothing of
            where the document stands on the live web (`Document.last_outcome`, its failures, its next try).
        coverage: why an archived copy was taken or not; ``None`` where that was not judged.
        id: ours; ``None`` before it is stored.
    """

    key: str
    document_id: int
    reason: FetchReason
    outcome: Outcome
    request_url: str
    final_url: str
    started_at: datetime
    finished_at: datetime
    status: int | None = None
    redirects: tuple[Redirect, ...] = ()
    detail: str = ""
    next_fetch_at: datetime | None = None
    bytes_received: int = 0
    run_token: str = ""
    page: PageVerdict | None = None
    robots: RobotsDecision | None = None
    reservations: tuple[str, ...] = ()
    archive: str = ""
    coverage: Coverage | None = None
    id: int | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, finished_at=self.finished_at, next_fetch_at=self.next_fetch_at)
