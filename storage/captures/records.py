"""The syntax of WARC 1.1 records: rendering ours, reading the head of any.

Why not warcio's writer: it percent-encodes HTTP header values that are not ASCII (a record must hold what was
received), always compresses at the slowest level, and what is left of it is the twenty lines below. Why not its
reader: it takes a damaged gzip member for plain text or for a shorter one, and a repair has to see the difference.
The tests read everything back with warcio and pywb.
"""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

WARC_VERSION = b"WARC/1.1"
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
MAX_HEAD = 1 << 20
"""Bytes that the head of a record, or of an HTTP message in it, may have."""

_LEVEL = 6
_SAMPLE = 4096
_LINE_BREAKS = re.compile(r"[\r\n\x00]+")
_URI_BYTES = frozenset(range(0x21, 0x7F)) - frozenset(b'<>"')
_FIRST_LINE = re.compile(rb"WARC/1\.[01]\r\n")
_FIELD = re.compile(r"^([^\s:]+):[ \t]*(.*?)[ \t]*$")


class RecordType(StrEnum):
    """The record types that we write."""

    WARCINFO = "warcinfo"
    REQUEST = "request"
    RESPONSE = "response"
    REVISIT = "revisit"
    RESOURCE = "resource"
    CONVERSION = "conversion"
    METADATA = "metadata"


CAPTURE_TYPES = frozenset({RecordType.RESPONSE, RecordType.REVISIT, RecordType.RESOURCE, RecordType.CONVERSION})
"""Types that a `storage.types.Capture` points to; the others belong to a neighbour of one of these."""


class Malformed(Exception):
    """Bytes are not a WARC record; inside this package only, callers see the `CaptureError` family."""


class Torn(Malformed):
    """The file ends inside what began as a record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record to be written.

    Attributes:
        type: of record.
        record_id: see `new_record_id`.
        date: becomes ``WARC-Date``.
        content_type: of the block; empty where the block is.
        block: everything after the record's head.
        fields: named fields besides those above and the block's length and digest; empty values are left out.
    """

    type: RecordType
    record_id: str
    date: datetime
    content_type: str
    block: bytes
    fields: tuple[tuple[str, str], ...] = ()

    def rendered(self) -> bytes:
        """The record as it stands in an uncompressed WARC file."""
        fields = (
            ("WARC-Type", self.type.value),
            ("WARC-Record-ID", f"<{self.record_id}>"),
            ("WARC-Date", warc_date(self.date)),
            *self.fields,
            ("WARC-Block-Digest", sha256(self.block)),
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(self.block))),
        )
        lines = [f"{name}: {one_line(value)}" for name, value in fields if value]
        head = "\r\n".join(lines).encode("utf-8", "replace")
        return b"".join((WARC_VERSION, b"\r\n", head, b"\r\n\r\n", self.block, b"\r\n\r\n"))

    def member(self) -> bytes:
        """The record as one gzip member; what does not shrink (images, gzipped pages) is wrapped, not compressed."""
        return _member(self.rendered(), self.block[-_SAMPLE:])


@dataclass(frozen=True, kw_only=True, slots=True)
class CopiedRecord:
    """One record of somebody else's file, to be written as it is (`storage.captures.copies`).

    Attributes:
        record_id: its own.
        data: head, block and the two line breaks at the end.
    """

    record_id: str
    data: bytes

    def member(self) -> bytes:
        """The record as one gzip member, as `Record.member`."""
        return _member(self.data, self.data[-_SAMPLE:])


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordHead:
    """The head of a record that was read.

    Attributes:
        fields: lower-case name -> value; of repeated names the first.
        block_length: bytes of block that it announces.
    """

    fields: Mapping[str, str]
    block_length: int

    @property
    def type(self) -> str:
        """``WARC-Type``."""
        return self.fields["warc-type"]

    @property
    def record_id(self) -> str:
        """``WARC-Record-ID`` without its angle brackets."""
        return unbracketed(self.fields["warc-record-id"])

    @property
    def holds_message(self) -> bool:
        """Whether the block is an HTTP message, so that the payload begins behind a blank line."""
        return self.fields.get("content-type", "").lower().startswith("application/http")


def parse_head(data: bytes) -> RecordHead:
    """Read a record's head, its version line included, up to but without the blank line.

    Raises:
        Malformed: it is not one, or lacks a mandatory field.
    """
    if not _FIRST_LINE.match(data + b"\r\n"):
        raise Malformed("it does not begin with a WARC version")
    fields: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").split("\r\n")[1:]:
        match = _FIELD.match(line)
        if match is None:
            raise Malformed(f"its head has a line that is not a field: {line[:80]!r}")
        fields.setdefault(match[1].lower(), match[2])
    missing = {"warc-type", "warc-record-id", "warc-date", "content-length"} - fields.keys()
    if missing:
        raise Malformed(f"its head lacks {', '.join(sorted(missing))}")
    return RecordHead(fields=fields, block_length=_length(fields["content-length"]))


def _length(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise Malformed(f"its Content-Length is {text[:40]!r}")
    return int(text)


def _member(data: bytes, sample: bytes) -> bytes:
    shrinks = len(zlib.compress(sample, 1)) < 0.95 * len(sample)
    packer = zlib.compressobj(_LEVEL if shrinks or len(sample) < _SAMPLE else 0, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def new_record_id() -> str:
    """A fresh ``urn:uuid:...``."""
    return uuid.uuid4().urn


def unbracketed(uri: str) -> str:
    """``<urn:...>`` without its angle brackets."""
    return uri.removeprefix("<").removesuffix(">")


def warc_date(moment: datetime) -> str:
    """A moment as WARC 1.1 writes it, to the microsecond so that rows can be rebuilt from records."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def sha256(data: bytes) -> str:
    """A labelled digest: ``sha256:`` and 64 hex digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def one_line(value: str) -> str:
    """A value that cannot end its field: line breaks and NULs become one space."""
    return _LINE_BREAKS.sub(" ", value).strip()


def target_uri(url: str) -> str:
    """A URL fit for a WARC field: everything but printable ASCII percent-encoded as UTF-8.

    Never empty: warcio and pywb give up on the whole file at a request or response without a target.
    """
    raw = url.encode("utf-8", "replace")
    return "".join(chr(byte) if byte in _URI_BYTES else f"%{byte:02X}" for byte in raw) or "about:invalid"
