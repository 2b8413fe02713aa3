"""Records as they stand in their files: checked, and taken out byte for byte to be written into other files.

Why whole gzip members and not records written anew: what is copied as it is keeps every digest and id, and needs no
compressing. Why one record at a time is held and not streamed: a takedown may overwrite it at any moment, and what is
checked and what is written must be the same bytes. So memory grows with the largest record, never with a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.captures.members import FoundRecord, Held, beside, pread, read_record
from storage.captures.reader import CaptureReader
from storage.captures.records import Malformed, RecordHead, RecordType
from storage.errors import RecordMissing
from storage.types import Capture, KnownPayload, RecordLocation

_WINDOW = 64 << 10
"""Bytes before a record in which those that belong to it are looked for: heads, and hardly ever a kilobyte each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRecord:
    """One record, taken out.

    Attributes:
        file: that it stands in, as in `RecordLocation.file`.
        found: its head, its digests as computed now, its place.
        message_head: head of the HTTP answer in it, without its blank line; empty where there is none.
        member: all of its bytes, one gzip member.
    """

    file: str
    found: FoundRecord
    message_head: bytes
    member: bytes

    @property
    def head(self) -> RecordHead:
        """Its head."""
        return self.found.head

    @property
    def is_revisit(self) -> bool:
        """Whether its payload is another record's."""
        return self.head.type == RecordType.REVISIT


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptureRecords:
    """The records of one capture.

    Attributes:
        target: holds the payload that a revisit repeats; ``None`` for all others, and for an answer "not modified" to
            something that is not known.
        beside: request and metadata, which stand before the record, in order.
        record: the one that the capture points to.
    """

    target: StoredRecord | None
    beside: tuple[StoredRecord, ...]
    record: StoredRecord

    def all(self) -> tuple[StoredRecord, ...]:
        """In the order in which they can be read: what is referred to comes first."""
        return (*([self.target] if self.target else []), *self.beside, self.record)


def records_of(reader: CaptureReader, capture: Capture, known: KnownPayload | None = None) -> CaptureRecords:
    """The records of a capture, each whole, the payload as it was stored.

    Args:
        reader: of the library's captures.
        capture: a stored one.
        known: for a revisit, a record that holds the bytes; looked at where the revisit record names none that is.

    Raises:
        RecordMissing: a record is not where it should be, or was removed on purpose.
        DigestMismatch: the payload's bytes are not those that were stored.
        PlaceUnavailable: its file is in a place that cannot be used now.
    """
    held, end = reader.stretch(capture.location, before=_WINDOW)
    record = _taken(held, capture.location, end)
    before = tuple(_beside(held, capture.location))[::-1]
    target = _target(reader, capture, known) if record.is_revisit else None
    holder = target or record
    if not holder.is_revisit and holder.found.payload_digest != capture.payload_digest and capture.payload_length:
        # Digests of what is in chunks are of what is inside of them.
        reader.payload(capture, known)
    return CaptureRecords(target=target, beside=before, record=record)


def _beside(held: Held, location: RecordLocation) -> Iterator[StoredRecord]:
    for found in beside(held, location.offset, location.record_id):
        member = pread(held, found.length, found.offset)
        yield StoredRecord(file=location.file, found=found, message_head=b"", member=member)


def _target(reader: CaptureReader, capture: Capture, known: KnownPayload | None) -> StoredRecord | None:
    """What the revisit record names, since readers of the file will look for that; else what the row's digest names."""
    try:
        return _at(reader, reader.target(capture))
    except RecordMissing:
        if known is not None:
            return _at(reader, known.location)
        if capture.payload_length:
            raise
        return None


def _at(reader: CaptureReader, location: RecordLocation) -> StoredRecord:
    held, end = reader.stretch(location)
    return _taken(held, location, end)


def _taken(held: Held, location: RecordLocation, end: int) -> StoredRecord:
    message_head = bytearray()
    try:
        found = read_record(held, location.offset, end, message_head=message_head)
    except Malformed as problem:
        raise RecordMissing(location.file, location.offset, str(problem)) from problem
    if found.head.record_id != location.record_id:
        raise RecordMissing(location.file, location.offset, f"record {found.head.record_id} stands there")
    member = pread(held, found.length, found.offset)
    return StoredRecord(file=location.file, found=found, message_head=bytes(message_head), member=member)
