"""Writing a stored capture anew, because the bytes that it rests on are to be removed.

A revisit record of a document that stays may point to a record that goes. Its own records (request, metadata, the
answer's head) are read and written again elsewhere, with the payload behind the head, or with a reference to where that
was written a moment ago. They keep their ids, their dates and their headers: it is the same capture, in another place.

Why the records before it are found by what they refer to: a row has the place of the answer alone, and only the records
themselves say which of those before it belong to it.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.captures.files import path_of
from storage.captures.members import FoundRecord, Held, Readable, beside, pread, read_record
from storage.captures.places.finding import Places
from storage.captures.places.pieces import Stretch
from storage.captures.records import (
    IDENTICAL_PAYLOAD,
    MAX_HEAD,
    WARC_VERSION,
    CopiedRecord,
    Malformed,
    RecordType,
    sha256,
    target_uri,
    warc_date,
)
from storage.errors import RecordMissing
from storage.types import Capture, CaptureKind, KnownPayload

_MOST = 3 * MAX_HEAD
_BLANK_LINE = b"\r\n\r\n"
_NEW = ("warc-type", "warc-profile", "warc-block-digest", "content-length", "content-type")
_REFERS = "warc-refers-to"
_Fields = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRevisit:
    """A revisit capture as its records say it.

    Attributes:
        capture: as its row says.
        beside: the records before it that belong to it, in order.
        fields: of its own record's head, in order, without the version line.
        block: of its own record: the head of the HTTP answer, or nothing.
    """

    capture: Capture
    beside: tuple[CopiedRecord, ...]
    fields: tuple[tuple[str, str], ...]
    block: bytes


def stored_revisit(folder: Path, capture: Capture, places: Places | None = None) -> StoredRevisit:
    """Read a revisit and what belongs to it.

    Args:
        folder: of the library's captures.
        capture: the revisit.
        places: where files are that are not in the folder.

    Raises:
        RecordMissing: it is not where its row says.
        PlaceUnavailable: its file is in a place that cannot be used now.
    """
    place = capture.location
    path = path_of(folder, place.file)
    try:
        fd = os.open(path or folder / "-", os.O_RDONLY | os.O_CLOEXEC)
    except OSError as problem:
        if places is None or not isinstance(problem, FileNotFoundError):
            raise RecordMissing(place.file, place.offset, problem.strerror or str(problem)) from problem
        return _read(_window(places, capture, problem), capture)
    try:
        return _read(fd, capture)
    finally:
        os.close(fd)


def _window(places: Places, capture: Capture, problem: OSError) -> Readable:
    """The record in a place, and what may belong to it before it."""
    place = capture.location
    found = places.find(place.file)
    if found is None:
        raise places.missing(place.file, place.offset, problem.strerror or str(problem)) from problem
    try:
        return Stretch(found.place, place.file, max(0, place.offset - MAX_HEAD), place.offset + place.length)
    except FileNotFoundError as gone:
        raise RecordMissing(place.file, place.offset, f"{found.place.address} has no such file") from gone


def _read(file: Readable, capture: Capture) -> StoredRevisit:
    place = capture.location
    try:
        found, data = _whole(file, place.offset, place.offset + place.length)
        if found.head.record_id != place.record_id:
            raise RecordMissing(place.file, place.offset, f"record {found.head.record_id} stands there")
        beside = tuple(_beside(file, place.offset, place.record_id))
    except (Malformed, OSError) as problem:
        raise RecordMissing(place.file, place.offset, str(problem)) from problem
    head, _, rest = data.partition(_BLANK_LINE)
    return StoredRevisit(
        capture=capture, beside=beside[::-1], fields=tuple(_fields(head)), block=rest[: found.head.block_length]
    )


def written_anew(
    stored: StoredRevisit, *, payload: bytes, known: KnownPayload | None, warcinfo_id: str
) -> tuple[CopiedRecord, ...]:
    """The records of the capture for another file: with its bytes, or as a revisit of where they are now.

    Args:
        stored: as it was read.
        payload: its bytes.
        known: a record that holds them; ``None``: this one is to.
        warcinfo_id: of the other file's first record.
    """
    capture = stored.capture
    imported = capture.kind is CaptureKind.IMPORTED
    block = stored.block if known else stored.block + payload
    kind = RecordType.RESOURCE if imported else RecordType.RESPONSE
    content_type = capture.media_type if imported else dict(_lowered(stored.fields)).get("content-type", "")
    fields = [
        ("WARC-Type", RecordType.REVISIT.value if known else kind.value),
        *((name, value) for name, value in stored.fields if not _is_new(name)),
        *(_refers(known) if known else ()),
        ("WARC-Block-Digest", sha256(block)),
        ("Content-Type", "" if known and imported else content_type),
        ("Content-Length", str(len(block))),
    ]
    answer = CopiedRecord(record_id=capture.location.record_id, data=_record(fields, block, warcinfo_id))
    beside = (CopiedRecord(record_id=one.record_id, data=_rehomed(one.data, warcinfo_id)) for one in stored.beside)
    return (*beside, answer)


def _refers(known: KnownPayload) -> _Fields:
    return [
        ("WARC-Profile", IDENTICAL_PAYLOAD),
        ("WARC-Refers-To", f"<{known.location.record_id}>"),
        ("WARC-Refers-To-Target-URI", target_uri(known.url)),
        ("WARC-Refers-To-Date", warc_date(known.fetched_at)),
        ("WARC-Refers-To-Filename", known.location.file),
        ("WARC-Refers-To-File-Offset", str(known.location.offset)),
    ]


def _is_new(name: str) -> bool:
    return name.lower() in _NEW or name.lower().startswith(_REFERS)


def _lowered(fields: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    return ((name.lower(), value) for name, value in fields)


def _fields(head: bytes) -> _Fields:
    lines = head.decode("utf-8", "surrogateescape").split("\r\n")[1:]
    return [(name, value.strip(" \t")) for name, _, value in (line.partition(":") for line in lines)]


def _record(fields: _Fields, block: bytes, warcinfo_id: str) -> bytes:
    lines = [WARC_VERSION.decode()]
    for name, value in fields:
        if name.lower() == "warc-warcinfo-id":
            lines.append(f"{name}: <{warcinfo_id}>")
        elif value:
            lines.append(f"{name}: {value}")
    head = "\r\n".join(lines).encode("utf-8", "surrogateescape")
    return b"".join((head, _BLANK_LINE, block, _BLANK_LINE))


def _rehomed(data: bytes, warcinfo_id: str) -> bytes:
    head, _, rest = data.partition(_BLANK_LINE)
    return _record(_fields(head), rest[: -len(_BLANK_LINE)], warcinfo_id)


def _whole(fd: Readable, offset: int, end: int) -> tuple[FoundRecord, bytes]:
    """The record that takes up this stretch exactly, and all of its bytes as they stand uncompressed."""
    found = read_record(fd, offset, end)
    if found.end != end or found.head.block_length > MAX_HEAD:
        raise Malformed("it is not a small record that ends where the next begins")
    return found, zlib.decompressobj(31).decompress(pread(fd, found.length, offset), _MOST)


def _beside(fd: Readable, offset: int, record_id: str) -> Iterator[CopiedRecord]:
    """The records right before an offset that belong to this record, last first."""
    start = max(0, offset - MAX_HEAD)
    held = Held(start, pread(fd, offset - start, start))
    for found in beside(held, offset, record_id):
        data = zlib.decompressobj(31).decompress(held.pread(found.length, found.offset), _MOST)
        yield CopiedRecord(record_id=found.head.record_id, data=data)
