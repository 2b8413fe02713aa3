"""Comparing the captures folder with the database, both ways.

Every row has its record: same place, id, length, digest, the payload hashed again. Every record of a capture has its
row. Every revisit's target is there. Rows and records are walked side by side in file order, so memory does not grow
with the library; the price of a revisit is one look at its target.

A record that was copied from somebody else's file states digests that are not ours to rely on. It is compared with the
digest of all its bytes in the metadata record before it, and its payload, chunks taken off, with its row
(`storage.captures.copies`).

A file that was put in a place is read there, whole and once, and compared with the digest of its row, too. What is left
of it here (a program was killed between the two) is not looked at: the next one removes it. A file that another machine
wrote and still has cannot be compared; that is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from itertools import groupby
from pathlib import Path

from storage.captures.copies import COPIED_TYPES, MAX_COPIED, RECORD_DIGEST, payload_of
from storage.captures.files import PARTIAL, UNCOMMITTED, capture_files, is_being_written, is_ours, path_of
from storage.captures.members import Damage, FoundRecord, Readable, digest_at, read_head, read_record, scan
from storage.captures.places.finding import Places
from storage.captures.places.opening import Opener, OpenFile
from storage.captures.records import (
    CAPTURE_TYPES,
    MAX_HEAD,
    NOT_MODIFIED,
    Malformed,
    RecordHead,
    RecordType,
    sha256,
    unbracketed,
)
from storage.captures.removal import is_head_of_notice
from storage.types import Capture, CaptureKind

_OFFSET = re.compile(r"[0-9]{1,18}")
_TYPE_OF_KIND = {CaptureKind.IMPORTED: RecordType.RESOURCE, CaptureKind.RENDERED: RecordType.CONVERSION}


class ProblemKind(StrEnum):
    """What can be wrong."""

    NO_FILE = "no_file"
    NO_RECORD = "no_record"
    WRONG_RECORD = "wrong_record"
    WRONG_LENGTH = "wrong_length"
    WRONG_DIGEST = "wrong_digest"
    NO_ROW = "no_row"
    NO_TARGET = "no_target"
    DAMAGED = "damaged"
    TORN_TAIL = "torn_tail"
    UNKNOWN_FILE = "unknown_file"
    WRONG_FILE = "wrong_file"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        kind: of problem.
        file: name, relative to the captures folder.
        offset: bytes.
        record_id: of the row, or of the record where there is no row; empty where neither has one.
        text: one sentence with the facts.
    """

    kind: ProblemKind
    file: str
    text: str
    offset: int = 0
    record_id: str = ""


def verify(folder: Path, captures: Iterator[Capture], places: Places | None = None) -> Iterator[Problem]:
    """Everything in which the files and the rows differ.

    While another process writes to a file, what lies behind the last row in it is not a problem.

    Args:
        folder: of the library's captures; may be missing.
        captures: every row; those of one file stand together, by offset.
        places: where files are that are not in the folder; ``None``: nowhere.

    Raises:
        ValueError: the rows are not in that order.
        PlaceUnavailable: a file is in a place that cannot be used now.
    """
    seen: set[str] = set()
    opener = Opener(folder, places)
    for name, rows in groupby(captures, key=lambda capture: capture.location.file):
        if name in seen:
            raise ValueError(f"the rows of {name} do not stand together")
        seen.add(name)
        yield from _verify_file(opener, name, rows)
    stored = opener.stored_names()
    for name in sorted({*capture_files(folder), *stored}):
        if name not in seen:
            yield from _verify_file(opener, name, iter(()))
    yield from _unknown_files(folder, seen)


def _unknown_files(folder: Path, seen: set[str]) -> Iterator[Problem]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        ours = is_ours(path.name.removesuffix(PARTIAL)) and path.is_file()
        if path.name in seen or path.name == UNCOMMITTED or ours:
            continue
        yield Problem(kind=ProblemKind.UNKNOWN_FILE, file=path.name, text="this is no file that dateline wrote")


def _verify_file(opener: Opener, name: str, rows: Iterator[Capture]) -> Iterator[Problem]:
    try:
        with opener.opened(name, whole=True) as file:
            yield from _Comparison(opener, name, file, rows).problems()
            yield from _of_file(name, file)
    except FileNotFoundError as problem:
        yield from _of_missing(opener, name, rows, problem)
    except OSError as problem:
        for row in rows:
            yield _of_row(row, ProblemKind.NO_FILE, f"the file cannot be opened: {problem.strerror}")


def _of_missing(opener: Opener, name: str, rows: Iterator[Capture], problem: OSError) -> Iterator[Problem]:
    if machine := opener.machine_of(name):
        text = f"it was not compared: the machine {machine} wrote it and has not moved it out yet"
        yield Problem(kind=ProblemKind.ELSEWHERE, file=name, text=text)
        return
    if opener.is_stored(name):
        text = f"its row says that it is in {opener.is_stored(name)}, where it is not"
        yield Problem(kind=ProblemKind.NO_FILE, file=name, text=text)
    for row in rows:
        yield _of_row(row, ProblemKind.NO_FILE, f"the file cannot be opened: {problem.strerror or problem}")


def _of_file(name: str, file: OpenFile) -> Iterator[Problem]:
    """Whether a file in a place is what its row says, as a whole."""
    row = file.row
    if row is None:
        return
    if file.size != row.size:
        text = f"it has {file.size} bytes, its row {row.size}"
        yield Problem(kind=ProblemKind.WRONG_FILE, file=name, text=text)
    elif (digest := file.sha256()) not in {row.sha256, row.becoming}:
        text = f"its digest is sha256:{digest}, its row's sha256:{row.sha256}"
        yield Problem(kind=ProblemKind.WRONG_FILE, file=name, text=text)


class _Comparison:
    """The rows of one file beside its records."""

    def __init__(self, opener: Opener, name: str, file: OpenFile, rows: Iterator[Capture]) -> None:
        self._opener, self._name, self._open, self._rows = opener, name, file, rows
        self._file = file.file
        self._row = next(rows, None)
        self._announced: tuple[str, str] | None = None

    def problems(self) -> Iterator[Problem]:
        busy = isinstance(self._file, int) and is_being_written(self._file)
        for found in scan(self._file, 0, self._open.size):
            rows = list(self._rows_before(found.end))
            tail = self._row is None and not rows
            copied = self._copied_digest(found)
            yield from self._of_rows(rows, found, is_copy=bool(copied))
            if not (busy and tail):
                has_row = any(row.location.offset == found.offset for row in rows)
                yield from self._of_found(found, copied, has_row=has_row)
        for row in self._rows_before(None):
            yield _of_row(row, ProblemKind.NO_RECORD, "the file ends before the record")

    def _rows_before(self, end: int | None) -> Iterator[Capture]:
        while self._row is not None and (end is None or self._row.location.offset < end):
            yield self._row
            self._row = next(self._rows, None)

    def _copied_digest(self, found: FoundRecord | Damage) -> str:
        """The digest that a copied record should have; empty for a record of ours."""
        announced, self._announced = self._announced, None
        if isinstance(found, Damage):
            return ""
        if found.head.type == RecordType.METADATA:
            self._announced = _announced(self._file, found)
        return announced[1] if announced is not None and announced[0] == found.head.record_id else ""

    def _of_rows(self, rows: list[Capture], found: FoundRecord | Damage, *, is_copy: bool) -> Iterator[Problem]:
        for row in rows:
            if isinstance(found, Damage):
                yield _of_row(row, ProblemKind.NO_RECORD, f"the record cannot be read: {found.text}")
            elif row.location.offset != found.offset:
                yield _of_row(row, ProblemKind.NO_RECORD, f"no record begins there, one begins at {found.offset}")
            else:
                yield from _differences(row, _unchunked(self._file, found) if is_copy else found, is_copy=is_copy)

    def _of_found(self, found: FoundRecord | Damage, copied: str, *, has_row: bool) -> Iterator[Problem]:
        if isinstance(found, Damage):
            kind = ProblemKind.TORN_TAIL if found.torn else ProblemKind.DAMAGED
            yield self._problem(kind, found.offset, f"{found.length} bytes hold no whole record: {found.text}")
            return
        fields, at, record_id = found.head.fields, found.offset, found.head.record_id
        if copied and digest_at(self._file, at, found.end) != copied:
            text = "it is not the record that was copied: its bytes have another digest"
            yield self._problem(ProblemKind.WRONG_DIGEST, at, text, record_id)
        if not copied and fields.get("warc-block-digest", found.block_digest) != found.block_digest:
            yield self._problem(ProblemKind.WRONG_DIGEST, at, "its block digest is not that of its bytes", record_id)
        if found.head.type in CAPTURE_TYPES and not has_row:
            yield self._problem(ProblemKind.NO_ROW, at, f"no row points to this {found.head.type} record", record_id)
        if found.head.type == RecordType.REVISIT and "warc-refers-to" in fields:
            missing = _missing_target(self._opener, found)
            if missing:
                yield self._problem(ProblemKind.NO_TARGET, at, missing, record_id)

    def _problem(self, kind: ProblemKind, offset: int, text: str, record_id: str = "") -> Problem:
        return Problem(kind=kind, file=self._name, offset=offset, record_id=record_id, text=text)


def _announced(fd: Readable, found: FoundRecord) -> tuple[str, str] | None:
    """Of the metadata record before a copy: the copy's id and the digest of its bytes."""
    block = bytearray()
    if found.head.block_length > MAX_HEAD:
        return None
    read_record(fd, found.offset, found.end, block=block, most=MAX_HEAD)
    for line in bytes(block).split(b"\r\n"):
        name, _, value = line.partition(b": ")
        if name == RECORD_DIGEST.encode():
            return unbracketed(found.head.fields.get("warc-refers-to", "")), value.decode("ascii", "replace")
    return None


def _unchunked(fd: Readable, found: FoundRecord) -> FoundRecord:
    """A copied record with the figures of its payload behind the chunks."""
    if found.head.block_length > MAX_COPIED:
        return found
    block = bytearray()
    read_record(fd, found.offset, found.end, block=block, most=MAX_COPIED)
    payload = payload_of(found.head, bytes(block))
    return replace(found, payload_digest=sha256(payload), payload_length=len(payload))


def _differences(row: Capture, found: FoundRecord, *, is_copy: bool) -> Iterator[Problem]:
    head = found.head
    if head.record_id != row.location.record_id:
        yield _of_row(row, ProblemKind.WRONG_RECORD, f"record {head.record_id} stands there")
        return
    if head.type not in (COPIED_TYPES if is_copy else {_expected_type(row)}):
        yield _of_row(row, ProblemKind.WRONG_RECORD, f"it is a {head.type} record, not a {_expected_type(row)}")
        return
    if found.length != row.location.length:
        yield _of_row(row, ProblemKind.WRONG_LENGTH, f"it has {found.length} bytes, its row {row.location.length}")
    if head.type == RecordType.REVISIT:
        yield from _revisit_differences(row, found)
        return
    if found.payload_length != row.payload_length:
        text = f"its payload has {found.payload_length} bytes, its row says {row.payload_length}"
        yield _of_row(row, ProblemKind.WRONG_LENGTH, text)
    stated = () if is_copy else (head.fields.get("warc-payload-digest", "none"),)
    for digest in {found.payload_digest, *stated} - {row.payload_digest}:
        yield _of_row(row, ProblemKind.WRONG_DIGEST, f"its payload digest is {digest}, its row's {row.payload_digest}")


def _revisit_differences(row: Capture, found: FoundRecord) -> Iterator[Problem]:
    fields = found.head.fields
    if fields.get("warc-profile") == NOT_MODIFIED:
        return
    digest = fields.get("warc-payload-digest", "none")
    if digest != row.payload_digest:
        yield _of_row(row, ProblemKind.WRONG_DIGEST, f"its payload digest is {digest}, its row's {row.payload_digest}")
    target = unbracketed(fields.get("warc-refers-to", "none"))
    if target != row.revisit_of:
        yield _of_row(row, ProblemKind.NO_TARGET, f"it refers to {target}, its row to {row.revisit_of}")


def _expected_type(row: Capture) -> RecordType:
    if row.revisit_of or (row.status == HTTPStatus.NOT_MODIFIED and not row.payload_length):
        return RecordType.REVISIT
    return _TYPE_OF_KIND.get(row.kind, RecordType.RESPONSE)


def _missing_target(opener: Opener, found: FoundRecord) -> str:
    fields = found.head.fields
    name, offset = fields.get("warc-refers-to-filename", ""), fields.get("warc-refers-to-file-offset", "")
    if path_of(opener.folder, name) is None or not _OFFSET.fullmatch(offset):
        return "it does not say where its target is"
    if fields.get("warc-profile") == NOT_MODIFIED and _is_removed(opener, name, int(offset)):
        return ""  # it holds nothing that the target was needed for
    try:
        target = _head_at(opener, name, int(offset))
    except (OSError, Malformed) as problem:
        gone = isinstance(problem, FileNotFoundError)
        told = gone and opener.machine_of(name)  # of that file
        return "" if told else f"its target in {name} at {offset} cannot be read: {problem}"
    return _target_differs(opener, fields, target, (name, int(offset)))


def _target_differs(opener: Opener, fields: Mapping[str, str], target: RecordHead, where: tuple[str, int]) -> str:
    name, offset = where
    if target.record_id != unbracketed(fields["warc-refers-to"]):
        return f"in {name} at {offset} stands {target.record_id}, not its target"
    wanted = fields.get("warc-payload-digest")
    # What a copied record states is its own; the bytes tell.
    same = target.fields.get("warc-payload-digest") == wanted or _payload_digest_at(opener, name, offset) == wanted
    return "" if same else f"its target in {name} at {offset} has another payload digest"


def _is_removed(opener: Opener, name: str, offset: int) -> bool:
    """Whether what stood there was taken down: a notice covers it, or the file is gone with all that it had.

    Damage there is no concern of a record that needs no bytes of it: it is told where it is.
    """
    try:
        return is_head_of_notice(_head_at(opener, name, offset))
    except (FileNotFoundError, Malformed):
        return True
    except OSError:
        return False


def _head_at(opener: Opener, name: str, offset: int) -> RecordHead:
    with opener.opened(name) as found:
        return read_head(found.file, offset, found.size)


def _payload_digest_at(opener: Opener, name: str, offset: int) -> str:
    try:
        with opener.opened(name) as target:
            found = read_record(target.file, offset, target.size)
            return _unchunked(target.file, found).payload_digest
    except (OSError, Malformed):
        return ""  # told where the target itself is looked at


def _of_row(row: Capture, kind: ProblemKind, text: str) -> Problem:
    location = row.location
    return Problem(kind=kind, file=location.file, offset=location.offset, record_id=location.record_id, text=text)
