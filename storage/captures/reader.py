"""Reading captures back, every byte checked.

Why a record is found by its place and not by its id: an index of ids would be a second database to keep; the row has
the place, and the id at that place proves that it is the right one.

Why the library's own folder is looked into first: it costs nothing, and a file that was moved out meanwhile is found
in its place then. Of a file in an object store one request fetches the record, never the file.
"""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.captures.content import MAX_CONTENT, decoded_content
from storage.captures.copies import payload_of
from storage.captures.files import path_of
from storage.captures.members import FoundRecord, Held, Readable, pread, read_record
from storage.captures.messages import RENDERED_HEADERS, Headers, copied_headers, received_headers
from storage.captures.places.finding import Found, Places
from storage.captures.places.pieces import Pieces, Stretch
from storage.captures.records import MAX_HEAD, Malformed, RecordType, sha256, unbracketed
from storage.errors import DigestMismatch, RecordMissing
from storage.http_messages import split_message
from storage.types import Capture, KnownPayload, RecordLocation

_OPEN_FILES = 16
_STEP = 256 << 10
_OFFSET = re.compile(r"[0-9]{1,18}")


class CaptureReader:
    """Reads payloads and headers of captures; a context manager, usable from several threads.

    Holds at most 16 files open. Files that a writer is still appending to can be read.

    Args:
        folder: of the library's captures.
        places: where files are that are not in it; ``None``: nowhere.

    All methods that read raise `PlaceUnavailable` where the place of a file cannot be used now.
    """

    def __init__(self, folder: Path, places: Places | None = None) -> None:
        self._folder, self._places = folder, places
        self._lock = threading.Lock()
        self._fds: OrderedDict[str, int] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def payload(self, capture: Capture, known: KnownPayload | None = None) -> bytes:
        """The payload as it was received, content-encoding still on.

        Args:
            capture: whose payload is wanted.
            known: for a revisit, the record that holds the bytes; where not given, the revisit record says where.

        Raises:
            RecordMissing: the file or the record is not there, or is another one.
            DigestMismatch: the bytes are not those that were stored.
        """
        holder = capture.location
        if capture.revisit_of:
            holder = known.location if known else self._target(capture)
        found, block = self._record(holder, capture.payload_length + MAX_HEAD)
        if found.head.type == RecordType.REVISIT and capture.payload_length:
            raise RecordMissing(holder.file, holder.offset, "it is a revisit record, without bytes of its own")
        payload = payload_of(found.head, block)
        # Hashed while it was read, unless it was in chunks.
        digest = found.payload_digest if len(payload) == found.payload_length else sha256(payload)
        if digest != capture.payload_digest:
            raise DigestMismatch(holder.file, holder.offset, capture.payload_digest, digest)
        return payload

    def content(self, capture: Capture, known: KnownPayload | None = None, *, max_bytes: int = MAX_CONTENT) -> bytes:
        """The payload without its content-encoding, at most `max_bytes` of it; see `decoded_content`.

        Raises:
            RecordMissing: as from `payload`.
            DigestMismatch: likewise.
        """
        return decoded_content(self.payload(capture, known), capture.headers, max_bytes=max_bytes)

    def headers(self, capture: Capture) -> Headers:
        """The response's headers as received, from the record; empty for an imported text.

        A rendered page has those of `RENDERED_HEADERS`. Headers in a copied record are not read by our own rule of
        prefixes (`storage.captures.messages`): other crawlers have other rules.

        Raises:
            RecordMissing: as from `payload`.
        """
        found, block = self._record(capture.location, capture.payload_length + MAX_HEAD)
        if found.head.type == RecordType.CONVERSION:
            return RENDERED_HEADERS
        if not found.head.holds_message:
            stated = found.head.fields.get("content-type", "")
            return (("Content-Type", stated),) if capture.memento and stated else ()
        head = split_message(block)[0]
        # A copy, and a record that was composed in its place, are told apart by what the row says.
        copied = copied_headers(head) if capture.memento and capture.memento.source else None
        return copied if copied is not None and copied == capture.headers else received_headers(head)

    def stretch(self, location: RecordLocation, *, before: int = 0) -> tuple[Held, int]:
        """The bytes of a record as they are stored, read at once, and so many bytes before them; not checked.

        Args:
            location: of the record; without a length the record is looked at first.
            before: at most so many are read.

        Returns:
            The bytes, and the offset behind the record.

        Raises:
            RecordMissing: the file is not there, or no record is at that offset.
        """
        if location.takedown_id is not None:
            raise RecordMissing(location.file, location.offset, "it was removed on purpose")
        with self._lock:
            file = self._open(location)
            if isinstance(file, int):
                return _held(file, os.fstat(file).st_size, location, before)
        return _held(_fetched(file, location, before), file.size, location, before)

    def target(self, capture: Capture) -> RecordLocation:
        """Where the bytes of a revisit are, as its record says; the length is not known (0).

        Raises:
            RecordMissing: as from `payload`, or the record does not say it.
        """
        return self._target(capture)

    def close(self) -> None:
        """Close all files; idempotent, and reading opens them again."""
        with self._lock:
            while self._fds:
                os.close(self._fds.popitem()[1])

    def _record(self, location: RecordLocation, most: int) -> tuple[FoundRecord, bytes]:
        if location.takedown_id is not None:
            raise RecordMissing(location.file, location.offset, "it was removed on purpose")
        with self._lock:
            file = self._open(location)
            if isinstance(file, int):
                return _read(file, os.fstat(file).st_size, location, most)
        return _read(_fetched(file, location), file.size, location, most)

    def _target(self, capture: Capture) -> RecordLocation:
        fields = self._record(capture.location, MAX_HEAD)[0].head.fields
        offset = fields.get("warc-refers-to-file-offset", "")
        if not _OFFSET.fullmatch(offset):
            place = capture.location
            raise RecordMissing(place.file, place.offset, "the revisit record does not say where the bytes are")
        return RecordLocation(
            file=fields.get("warc-refers-to-filename", ""),
            offset=int(offset),
            length=0,
            record_id=unbracketed(fields.get("warc-refers-to", "")),
        )

    def _open(self, location: RecordLocation) -> int | Found:
        fd = self._fds.get(location.file)
        if fd is None:
            opened = self._opened(location)
            if not isinstance(opened, int):
                return opened
            fd = self._fds[location.file] = opened
            if len(self._fds) > _OPEN_FILES:
                os.close(self._fds.popitem(last=False)[1])
        self._fds.move_to_end(location.file)
        return fd

    def _opened(self, location: RecordLocation) -> int | Found:
        path = path_of(self._folder, location.file)
        if path is None:
            raise RecordMissing(location.file, location.offset, "that is no file of the captures folder")
        try:
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as problem:
            if self._places is None:
                raise RecordMissing(location.file, location.offset, problem.strerror or str(problem)) from problem
            return self._elsewhere(self._places, location, problem)
        except OSError as problem:
            raise RecordMissing(location.file, location.offset, problem.strerror or str(problem)) from problem

    @staticmethod
    def _elsewhere(places: Places, location: RecordLocation, problem: OSError) -> int | Found:
        found = places.find(location.file)
        if found is None:
            raise places.missing(location.file, location.offset, problem.strerror or str(problem)) from problem
        if found.path is None:
            return found
        try:
            return os.open(found.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as gone:
            found.place.size(location.file)  # raises where it is the folder that is away
            said = f"{found.path}: {gone.strerror}"
            raise RecordMissing(location.file, location.offset, said) from gone


def _fetched(found: Found, location: RecordLocation, before: int = 0) -> Readable:
    """The record's bytes and some before, or as many as are needed at a time where nobody knows how many it has."""
    if not 0 <= location.offset < found.size:
        return -1  # nobody reads it: `_read` tells that the offset is none
    try:
        if location.length:
            start = max(0, location.offset - before)
            return Stretch(found.place, location.file, start, location.offset + location.length)
        pieces = Pieces(found.place, location.file, found.size, step=_STEP)
        pieces.pread(1, location.offset)
    except FileNotFoundError as problem:
        said = f"{found.place.address} has no such file any more"
        raise RecordMissing(location.file, location.offset, said) from problem
    return pieces


def _held(file: Readable, size: int, location: RecordLocation, before: int) -> tuple[Held, int]:
    if not 0 <= location.offset < size:
        raise RecordMissing(location.file, location.offset, f"the file has {size} bytes")
    start = max(0, location.offset - before)
    try:
        length = location.length or read_record(file, location.offset, size).length
        end = location.offset + length
        return Held(start, pread(file, end - start, start)), end
    except (Malformed, OSError) as problem:
        raise RecordMissing(location.file, location.offset, str(problem)) from problem


def _read(file: Readable, size: int, location: RecordLocation, most: int) -> tuple[FoundRecord, bytes]:
    block = bytearray()
    if not 0 <= location.offset < size:
        raise RecordMissing(location.file, location.offset, f"the file has {size} bytes")
    end = min(size, location.offset + location.length) if location.length else size
    try:
        found = read_record(file, location.offset, end, block=block, most=most)
    except (Malformed, OSError) as problem:
        raise RecordMissing(location.file, location.offset, str(problem)) from problem
    if found.head.record_id != location.record_id:
        raise RecordMissing(location.file, location.offset, f"record {found.head.record_id} stands there")
    return found, bytes(block)
