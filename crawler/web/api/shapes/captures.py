"""Captures: what servers and archives answered at one moment."""

from __future__ import annotations

from datetime import datetime

from crawler.web.api.shapes.shape import Shape
from storage.types import CaptureKind, DigestCheck


class Memento(Shape):
    """Where an archived copy comes from."""

    archive: str
    """Name of the archive."""
    url: str
    """The copy's URL as it was requested."""
    public_url: str
    """The address at which a reader opens it; empty where there is none."""
    page_url: str
    """The URL that it is a copy of, as the archive states it."""
    captured_at: datetime
    """The copy's own time."""
    requested_at: datetime
    """The time that was asked for."""
    digest_check: DigestCheck
    """Whether the bytes are those that the archive's index lists."""


class Capture(Shape):
    """One HTTP response at one moment, live or archived, or one imported text: what is known of it."""

    id: int
    """Ours."""
    kind: CaptureKind
    """How it was observed."""
    url: str
    """What was requested; of an archived copy the archive's URL."""
    page_url: str
    """The URL of the page itself, wherever it was got."""
    captured_at: datetime
    """When the page was so: of an archived copy the copy's own time."""
    fetched_at: datetime
    """When we got it."""
    status: int
    """HTTP status; 0 for an imported text."""
    media_type: str
    """As the response says, without parameters; empty where it does not."""
    payload_digest: str
    """`sha256:` and 64 hex digits, over the body as it came."""
    payload_length: int
    """Bytes of the body as it came."""
    truncated: str
    """`length` or `time` where the body was cut by one of our limits; empty otherwise."""
    tls: str
    """`verified`, or what is wrong with the certificate; empty without TLS."""
    memento: Memento | None
    """Where an archived copy comes from; null for all others."""


class Header(Shape):
    """One header of a response."""

    name: str
    """As received."""
    value: str
    """As received."""


class CaptureDetails(Capture):
    """One capture, and what it belongs to."""

    headers: list[Header]
    """Of the response, as received, repeats kept."""
    canonical_url: str
    """Of the document that was wanted."""
    attempt_id: int
    """The attempt that brought it."""
    article_id: int | None
    """The article that was extracted from it; null where none was."""
    version: int | None
    """Number of that article's version that it shows; null likewise."""
    removed: str
    """That its record was removed, by whom and why, in one sentence; empty while it has one."""
    raw: str | None
    """Where the body itself is to be had on this site; null where the record was removed."""
    record: str | None
    """Where its WARC record is to be had; null likewise."""
