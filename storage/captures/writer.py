"""Appending captures to a WARC file of this process's own.

Why one file per writer: appends of two processes to one file would need a lock around every record, and a crash of
one could tear the other's. Why the writer remembers what it wrote only until it is synced, and within its current file:
a revisit of a record that never gets a row keeps its bytes because they lie before it in the same file; across files a
repair could move them away. Payloads that have rows are given by the caller (``known``), however old they are, and a
row that a takedown removed is not given any more. Why what came too late to be stored (`withdraw`) is overwritten at
once, and not left without a row: it is in the middle of a file, where no repair looks, and whoever has the document now
has the page too. Why full files stay held
for a while: their last rows may not be committed yet, and a program that starts now would take their last records for
leftovers of a crash. Whoever knows that they are committed may let a file go before (`CaptureWriter.let_go`).

Why a file may be full because of its age: where it is to be moved to a place that machines share, nobody else can read
it before that, and it would be lost with this machine.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.captures.composing import (
    About,
    Composed,
    compose_copy,
    compose_exchange,
    compose_rendered,
    compose_text,
    compose_warcinfo,
)
from storage.captures.copies import copy_of
from storage.captures.files import GrowingFile, file_name
from storage.captures.messages import plain_media_type
from storage.captures.moving import StoredRevisit, written_anew
from storage.captures.records import CopiedRecord, Record, sha256
from storage.captures.removal import WITHDRAWN, overwrite
from storage.errors import LibraryError
from storage.types import Capture, CaptureKind, Exchange, KnownPayload, RecordLocation, Removal, require_utc, utc_now

_GIB = 1 << 30
_REMEMBERED = 1 << 16
_COPIED_IDS = 1 << 16
_HELD = 8
_FORMAT = (
    ("format", "WARC File Format 1.1"),
    ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
)


class CaptureWriter:
    """Writes captures; a context manager. Calls may come from several threads, one works at a time.

    Files are made in `folder` at the first append and whenever the current one has `rotate_at` bytes. Close the writer
    after the rows of everything appended are committed, not before: what has no row in a file that nobody holds is put
    aside by the next program that starts (`recover`).

    Args:
        folder: of the library's captures; made where it is missing.
        token: of the run, ASCII letters and digits; its first 8 characters are part of the file names.
        software: name and version of this program, for the warcinfo record.
        rotate_at: bytes.
        operator: name and contact of whoever runs the crawl.
        robots: how robots.txt is treated: ``obey``, or what the operator decided.

    Raises:
        ValueError: the token cannot be part of a file name.
    """

    def __init__(
        self,
        folder: Path,
        *,
        token: str,
        software: str,
        rotate_at: int = _GIB,
        operator: str = "",
        robots: str = "obey",
    ) -> None:
        if not (token.isascii() and token.isalnum()):
            raise ValueError(f"a run's token has ASCII letters and digits only, got {token!r}")
        self._folder, self._token, self._rotate_at = folder, token, rotate_at
        self._about = (("software", software), *_FORMAT, ("robots", robots), ("operator", operator))
        self._rotate_after_s, self._on_full, self._begun = math.inf, _unheard, 0.0
        self._lock = threading.Lock()
        self._file: GrowingFile | None = None
        self._warcinfo_id = ""
        self._written: OrderedDict[str, KnownPayload] = OrderedDict()
        self._full: deque[GrowingFile] = deque()
        self._serial = 0
        self._last_response: Capture | None = None
        self._copied: OrderedDict[str, None] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def append(
        self,
        exchange: Exchange,
        *,
        kind: CaptureKind,
        known: Mapping[str, KnownPayload],
        captured_at: datetime | None = None,
        unchanged: KnownPayload | None = None,
    ) -> Capture:
        """Write one exchange: request and response, or a revisit where the payload is stored already.

        What a browser made of a page (``exchange.rendered``) becomes a ``conversion`` record. It refers to the
        response that was appended just before, if that is one of the same URL.

        An archived copy (``exchange.memento``) has a metadata record with where it comes from, and the memento's time.
        A record that it was read from (``exchange.record``) is written byte for byte, unless the payload is stored
        already or the record is unfit (`storage.captures.copies` says when, and what is written then).

        Args:
            exchange: what went over the wire, or what a foreign record says.
            kind: how it was observed; a rendered page is ``RENDERED`` whatever is said here, an archived copy
                ``MEMENTO``.
            known: digest -> record, of payloads that have rows.
            captured_at: when the page was so; the fetch time, or the memento's, where not given.
            unchanged: for an answer 304, the record of the payload that has not changed, where it is known.

        Raises:
            LibraryError: it could not be written; nothing of it is in the file.
            ValueError: a moment is not in UTC.
        """
        require_utc(captured_at=captured_at)
        digest = sha256(exchange.payload)
        with self._lock:
            file = self._growing()
            memento_time = exchange.memento.captured_at if exchange.memento else None
            about = About(
                kind=_kind(exchange, kind),
                captured_at=captured_at or memento_time or exchange.fetched_at,
                known=self._same(digest, known) if exchange.payload and not exchange.rendered else None,
                unchanged=unchanged,
                made_from=self._made_from(exchange),
                tls=exchange.tls,
                memento=exchange.memento,
                warcinfo_id=self._warcinfo_id,
            )
            capture = self._write(file, self._composed(exchange, digest, about))
            self._last_response = None if exchange.rendered else capture
            return capture

    def append_text(
        self,
        url: str,
        content: bytes,
        media_type: str,
        *,
        fetched_at: datetime,
        known: Mapping[str, KnownPayload],
        captured_at: datetime | None = None,
    ) -> Capture:
        """Write one imported text: a ``resource`` record, or a revisit where the payload is stored already.

        Args:
            url: of the document that the text is of.
            content: the text, encoded.
            media_type: of the content; what is none becomes ``application/octet-stream``.
            fetched_at: when it was imported.
            known: as in `append`.
            captured_at: when the page was so; the import time where not given.

        Raises:
            LibraryError: it could not be written; nothing of it is in the file.
            ValueError: a moment is not in UTC.
        """
        require_utc(fetched_at=fetched_at, captured_at=captured_at)
        digest = sha256(content)
        with self._lock:
            file = self._growing()
            about = About(
                kind=CaptureKind.IMPORTED,
                captured_at=captured_at or fetched_at,
                known=self._same(digest, known) if content else None,
                warcinfo_id=self._warcinfo_id,
            )
            content_type = media_type if plain_media_type(media_type) else "application/octet-stream"
            return self._write(file, compose_text(url, content, content_type, fetched_at, about))

    def append_again(self, stored: StoredRevisit, payload: bytes, *, known: KnownPayload | None) -> Capture:
        """Write a stored revisit anew, with its payload, or as a revisit of where that is now.

        Args:
            stored: as `storage.captures.moving.stored_revisit` read it.
            payload: its bytes.
            known: a record that holds them and stays; ``None``: the new record holds them.

        Raises:
            LibraryError: it could not be written; nothing of it is in the file.
        """
        with self._lock:
            file = self._growing()
            records = written_anew(stored, payload=payload, known=known, warcinfo_id=self._warcinfo_id)
            location = self._appended(file, records)
            return replace(stored.capture, location=location, revisit_of=known.location.record_id if known else "")

    def sync(self) -> None:
        """Put everything appended so far on disk; after it, rows may be committed.

        Raises:
            LibraryError: the disk failed; captures since the last sync may be lost, their rows must not be committed.
        """
        with self._lock:
            self._written.clear()
            if self._file is not None:
                self._file.sync()

    def withdraw(self, captures: Sequence[Capture]) -> None:
        """Overwrite records that this writer appended and that get no row; nothing that stays may rest on them.

        Raises:
            LibraryError: they cannot be overwritten, or their file was moved away; they stay, without rows.
        """
        with self._lock:
            now = utc_now()
            places = sorted((one.location.file, one.location.offset, one.location.length) for one in captures)
            for file, group in groupby(places, key=itemgetter(0)):
                stretches = [
                    (Removal(file=file, offset=offset, length=length, takedown_id=WITHDRAWN), now)
                    for _, offset, length in group
                ]
                try:
                    overwrite(self._folder / file, stretches)
                except FileNotFoundError as problem:
                    raise LibraryError(f"{file} was moved away before its records could be withdrawn") from problem

    def close(self) -> None:
        """Sync and let all files go; idempotent. The next append makes a new file.

        Raises:
            LibraryError: as from `sync`; the file is let go all the same.
        """
        with self._lock:
            try:
                self._retire()
            finally:
                while self._full:
                    self._full.popleft().close()

    def watch(self, on_full: Callable[[], None], *, rotate_after_s: float) -> None:
        """Let somebody know of full files, whatever appends goes on.

        Args:
            on_full: called from the thread that appends, when a file is full.
            rotate_after_s: seconds; a file that was begun so long ago is full too.
        """
        with self._lock:
            self._on_full, self._rotate_after_s = on_full, rotate_after_s

    def full_files(self) -> dict[str, int]:
        """Files that get no more records and are held until their rows are committed: name -> size in bytes."""
        with self._lock:
            return {file.path.name: file.size for file in self._full}

    def let_go(self, name: str) -> None:
        """The rows of a full file are committed: hold it no longer."""
        with self._lock:
            for file in [one for one in self._full if one.path.name == name]:
                self._full.remove(file)
                file.close()

    def end_old_file(self) -> None:
        """End the current file where it was begun `rotate_after_s` ago, though nothing is appended.

        Raises:
            LibraryError: as from `sync`.
        """
        with self._lock:
            if self._file is not None and self._is_old():
                self._retire()

    def _is_old(self) -> bool:
        return time.monotonic() - self._begun > self._rotate_after_s

    def _growing(self) -> GrowingFile:
        if self._file is not None and (self._file.sealed or self._file.size >= self._rotate_at or self._is_old()):
            self._retire()
        if self._file is None:
            self._file = self._new_file()
        return self._file

    def _retire(self) -> None:
        file, self._file = self._file, None
        self._written.clear()
        if file is None:
            return
        self._full.append(file)
        if len(self._full) > _HELD:
            self._full.popleft().close()
        if not file.sealed:
            file.sync()
            file.seal()
        self._on_full()

    def _new_file(self) -> GrowingFile:
        moment = utc_now()
        while True:
            self._serial += 1
            path = self._folder / file_name(moment, self._token, self._serial)
            with contextlib.suppress(FileExistsError):
                file = GrowingFile(path)
                break
        warcinfo = compose_warcinfo(path.name, moment, self._about)
        try:
            file.append(warcinfo.member())
        except LibraryError:
            file.discard()
            raise
        self._warcinfo_id, self._begun = warcinfo.record_id, time.monotonic()
        return file

    def _same(self, digest: str, known: Mapping[str, KnownPayload]) -> KnownPayload | None:
        return known.get(digest) or self._written.get(digest)

    def _made_from(self, exchange: Exchange) -> str:
        last = self._last_response if exchange.rendered else None
        return last.location.record_id if last and last.url == exchange.url else ""

    def _composed(self, exchange: Exchange, digest: str, about: About) -> Composed:
        if exchange.rendered:
            return compose_rendered(exchange, digest, about)
        if not exchange.record or about.known is not None:
            return compose_exchange(exchange, digest, about)
        copy = copy_of(exchange, self._copied)
        if isinstance(copy, CopiedRecord):
            return compose_copy(exchange, copy, digest, about)
        return compose_exchange(exchange, digest, replace(about, not_copied=copy))

    def _write(self, file: GrowingFile, composed: Composed) -> Capture:
        location = self._appended(file, composed.records)
        capture = composed.capture(location)
        if composed.payload_length and not capture.revisit_of and capture.kind is not CaptureKind.RENDERED:
            self._remember(capture)
        if isinstance(composed.records[-1], CopiedRecord):
            self._copied[location.record_id] = None
            if len(self._copied) > _COPIED_IDS:
                self._copied.popitem(last=False)
        return capture

    @staticmethod
    def _appended(file: GrowingFile, records: Sequence[Record | CopiedRecord]) -> RecordLocation:
        """Append records that belong together; returns where the last one is."""
        members = [record.member() for record in records]
        start = file.append(b"".join(members))
        return RecordLocation(
            file=file.path.name,
            offset=start + sum(map(len, members[:-1])),
            length=len(members[-1]),
            record_id=records[-1].record_id,
        )

    def _remember(self, capture: Capture) -> None:
        self._written[capture.payload_digest] = KnownPayload.of(capture)
        if len(self._written) > _REMEMBERED:
            self._written.popitem(last=False)


def _unheard() -> None:
    """Nobody watches."""


def _kind(exchange: Exchange, stated: CaptureKind) -> CaptureKind:
    if exchange.rendered:
        return CaptureKind.RENDERED
    return CaptureKind.MEMENTO if exchange.memento else stated
