"""Reading captures back, every byte checked.

Why a record is found by its place and not by its id: an index of ids would be a second database to keep; the row has
the place, and the id at that place proves that it is the right one.
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
from storage.captures.members import FoundRecord, read_record
from storage.captures.messages import RENDERED_HEADERS, Headers, copied_headers, received_headers
from storage.captures.records import MAX_HEAD, Malformed, RecordType, sha256, unbracketed
from storage.errors import DigestMismatch, RecordMissing
from storage.http_messages import split_message
from storage.types import Capture, KnownPayload, RecordLocation

_OPEN_FILES = 16
_OFFSET = re.compile(r"[0-9]{1,18}")


class CaptureReader:
    """Reads payloads and headers of captures; a context manager, usable from several threads.

    Holds at most 16 files open. Files that a writer is still appending to can be read.

    Args:
        folder: of the library's captures.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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

    def close(self) -> None:
        """Close all files; idempotent, and reading opens them again."""
        with self._lock:
            while self._fds:
                os.close(self._fds.popitem()[1])

    def _record(self, location: RecordLocation, most: int) -> tuple[FoundRecord, bytes]:
        block = bytearray()
        with self._lock:
            fd = self._open(location)
            end = os.fstat(fd).st_size
            if not 0 <= location.offset < end:
                raise RecordMissing(location.file, location.offset, f"the file has {end} bytes")
            if location.length:
                end = min(end, location.offset + location.length)
            try:
                found = read_record(fd, location.offset, end, block=block, most=most)
            except (Malformed, OSError) as problem:
                raise RecordMissing(location.file, location.offset, str(problem)) from problem
        if found.head.record_id != location.record_id:
            raise RecordMissing(location.file, location.offset, f"record {found.head.record_id} stands there")
        return found, bytes(block)

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

    def _open(self, location: RecordLocation) -> int:
        fd = self._fds.get(location.file)
        if fd is None:
            fd = _opened(self._folder, location)
            self._fds[location.file] = fd
            if len(self._fds) > _OPEN_FILES:
                os.close(self._fds.popitem(last=False)[1])
        self._fds.move_to_end(location.file)
        return fd


def _opened(folder: Path, location: RecordLocation) -> int:
    path = path_of(folder, location.file)
    if path is None:
        raise RecordMissing(location.file, location.offset, "that is no file of the captures folder")
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as problem:
        raise RecordMissing(location.file, location.offset, problem.strerror or str(problem)) from problem
