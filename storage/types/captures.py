"""Captures: what servers answered at one moment, where an archived copy comes from, and where record and file stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.types.time import require_utc


class CaptureKind(StrEnum):
    """How a capture was observed; ``RENDERED``: what a browser made of the page, beside the live capture."""

    LIVE = "live"
    RENDERED = "rendered"
    MEMENTO = "memento"
    IMPORTED = "imported"


REMOVED = "removed:"
"""How the file of a record begins that is none any more; behind it stands by which takedown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordLocation:
    """Where a WARC record stands, or that it was removed and by which takedown.

    Attributes:
        file: name relative to the captures folder, with ``/`` separators; ``removed:17`` where takedown 17 removed it.
        offset: of the record's first byte in the file (of its gzip member).
        length: in bytes, as stored (compressed).
        record_id: ``WARC-Record-ID`` without angle brackets (``urn:uuid:...``).
    """

    file: str
    offset: int
    length: int
    record_id: str

    @classmethod
    def removed(cls, takedown_id: int, capture_id: int, record_id: str) -> RecordLocation:
        """The place of a record that is none any more; no two captures have the same."""
        return cls(file=f"{REMOVED}{takedown_id}", offset=capture_id, length=0, record_id=record_id)

    @property
    def takedown_id(self) -> int | None:
        """The takedown by which the record was removed; ``None`` while it is there."""
        number = self.file.removeprefix(REMOVED)
        return int(number) if number and number != self.file else None


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

    @property
    def takedown_id(self) -> int | None:
        """The takedown by which its record was removed while its text stays; ``None`` while it has one."""
        return self.location.takedown_id


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
class StoredFile:
    """A WARC file that was put where all machines find it, and is complete.

    Attributes:
        file: name, as in `RecordLocation.file`.
        place: where it was put, as ``storage.captures`` named it then: a folder's path, or ``s3://BUCKET/PREFIX``.
        size: bytes.
        sha256: of all its bytes, 64 hex digits.
        machine: host name of the one that put it there.
        stored_at: when.
        becoming: digest that it gets by an overwriting that is under way, or was when its program was killed; else
            empty. Until that is finished the file has either of the two.
    """

    file: str
    place: str
    size: int
    sha256: str
    machine: str
    stored_at: datetime
    becoming: str = ""

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(stored_at=self.stored_at)
