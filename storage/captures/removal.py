"""Overwriting what was taken down in WARC files, in place and without moving anything.

A stretch of a file (`storage.types.Removal`) holds the records of one capture, whole gzip members. One gzip member of
the same length takes its place: a ``metadata`` record, a notice, that says by which takedown something was removed and
when. It never says what.

Why in place and with the same length: every row and every revisit record names the offset of its record, and other
programs have indexes of the same offsets. Rejected: writing the file anew without the records. Every later offset would
change, and with it rows, revisits in other files, and files that a living process is appending to.

Why a notice depends on its place and its takedown alone: two programs that finish the same removal at once then write
the same bytes, and a write that was torn by a crash is healed by doing it again. A file that was put in a place is
overwritten there (`storage.captures.places.overwriting`). Why its padding is plain spaces,
stored without compression: any length can be met to the byte, and every reader skips it as it skips any block.

Why a stretch may begin before the capture's own records: the store knows where the record before it ends, not what lies
between. What does not belong to the capture (the file's first record, an older notice, a record whose row was never
committed) is found here and stays.
"""

from __future__ import annotations

import os
import uuid
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Protocol

from storage.captures.files import UNCOMMITTED, capture_files, path_of, sync_folder, try_lock, write_all_at
from storage.captures.members import Damage, FoundRecord, scan
from storage.captures.records import CAPTURE_TYPES, WARC_VERSION, RecordHead, RecordType, sha256, warc_date
from storage.errors import LibraryError
from storage.types import Removal
from storage.upkeep_store import UpkeepStore

NOTICE_FIELD = "Dateline-Removed"
"""Field of a notice's head, with the number of the takedown."""

WITHDRAWN = 0
"""In place of a takedown's number: the record came too late to be stored (`CaptureWriter.withdraw`)."""

_STORED_MOST = 0xFFFF
_STORED_HEAD = 5
_GZIP_HEAD = b"\x1f\x8b\x08%c\0\0\0\0\0\xff"
_GZIP_TAIL = 8
_PLAIN, _COMMENT = 0, 0x10
_END = b"\r\n\r\n"
_SPACES = (" ", "  ")
"""Before a length: of the lengths that no number of digits meets, one space more meets the next."""
_BATCH = 500

Noted = tuple[Removal, datetime]
"""A stretch that is to be overwritten, and when its takedown was made."""


class Elsewhere(Protocol):
    """Overwrites files that are not in the library's own folder (`storage.captures.places.overwriting`)."""

    def is_stored(self, name: str) -> bool:
        """Whether a file was put in a place."""

    def overwrite(self, name: str, noted: Sequence[Noted]) -> Removed | None:
        """Overwrite stretches of a file where it is; ``None``: it is nowhere.

        Says what is ``left`` where it cannot be done now, or by this machine.
        """

    def overwrite_too(self, name: str, noted: Sequence[Noted]) -> Removed:
        """The file is in the folder, where it was overwritten: do what is needed where it is also, or is being put."""

    def remove_empty(self, name: str) -> bool:
        """Delete a file in which nothing but notices is left; tells whether it was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """What was overwritten.

    Attributes:
        records: how many captures or single records.
        bytes: how many bytes of files.
        files: how many files are gone, because nothing else was in them.
        left: how many stretches are still to be overwritten, by the next program that starts.
        why: the reason for the last of them; empty where none is left.
    """

    records: int = 0
    bytes: int = 0
    files: int = 0
    left: int = 0
    why: str = ""

    def __add__(self, other: Removed) -> Removed:
        return Removed(
            records=self.records + other.records,
            bytes=self.bytes + other.bytes,
            files=self.files + other.files,
            left=self.left + other.left,
            why=other.why or self.why,
        )


# -- notices ---------------------------------------------------------------------------------------------------------


def is_notice(found: FoundRecord) -> bool:
    """Whether a record says that something was removed in its place."""
    return is_head_of_notice(found.head)


def is_head_of_notice(head: RecordHead) -> bool:
    """Likewise, by its head alone."""
    return NOTICE_FIELD.lower() in head.fields


def notice(length: int, *, place: str, takedown_id: int, made_at: datetime) -> bytes:
    """A gzip member of exactly this many bytes with one record that says that something was removed.

    Args:
        length: of the member; some 200 bytes at least, less than any record that we write has.
        place: makes the record's id, so that it is the same whoever writes it.
        takedown_id: because of which takedown; `WITHDRAWN` for none.
        made_at: of the takedown.

    Raises:
        LibraryError: the length is too small.
    """
    by = f"takedown {takedown_id}" if takedown_id != WITHDRAWN else "its own run, which had lost its lease"
    fields = (
        ("WARC-Type", RecordType.METADATA.value),
        ("WARC-Record-ID", f"<{uuid.uuid5(uuid.NAMESPACE_URL, f'dateline:removed:{takedown_id}:{place}').urn}>"),
        ("WARC-Date", warc_date(made_at)),
        (NOTICE_FIELD, str(takedown_id)),
    )
    said = f"removed-by: {by}\r\nremoved-at: {warc_date(made_at)}\r\npadding:".encode()
    pieces = -(-(length - len(_GZIP_HEAD % _PLAIN) - _GZIP_TAIL) // (_STORED_MOST + _STORED_HEAD))
    room = length - len(_GZIP_HEAD % _PLAIN) - _GZIP_TAIL - pieces * _STORED_HEAD
    record = _rendered(fields, said, room) or _rendered(fields, b"", room)
    return _stored(record, pieces) if record else _packed(_shortest(fields), length)


def _rendered(fields: Sequence[tuple[str, str]], said: bytes, room: int) -> bytes:
    """A record of exactly so many bytes, its block padded; empty where it does not fit."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    for spaces in _SPACES:
        for digits in range(1, len(str(max(room, 1))) + 1):
            bare = _head(lines, said, b"", spaces, "0" * digits)
            size = room - len(bare) - len(_END)
            if size >= len(said) and len(str(size)) == digits:
                block = said.ljust(size - 2) + b"\r\n" if size - 2 >= len(said) else said.ljust(size)
                return _head(lines, said, block, spaces, str(size)) + block + _END
    return b""


def _head(lines: str, said: bytes, block: bytes, spaces: str, size: str) -> bytes:
    # Programs that index files pass over what is of this type, and over nothing else that has no target.
    more = "Content-Type: application/warc-fields\r\n"
    if said:
        more += f"WARC-Block-Digest: {sha256(block)}\r\n"
    return WARC_VERSION + b"\r\n" + f"{lines}{more}Content-Length:{spaces}{size}\r\n\r\n".encode()


def _stored(data: bytes, pieces: int) -> bytes:
    """A gzip member that holds the data in so many pieces, uncompressed."""
    step = -(-len(data) // pieces)
    made = [_GZIP_HEAD % _PLAIN]
    for number in range(pieces):
        piece = data[number * step : (number + 1) * step]
        size = len(piece).to_bytes(2, "little")
        made += [bytes([number == pieces - 1]), size, bytes(255 - one for one in size), piece]
    return b"".join((*made, _tail(data)))


def _shortest(fields: Sequence[tuple[str, str]]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return _head(lines, b"", b"", " ", "0") + _END


def _packed(data: bytes, length: int) -> bytes:
    """A gzip member that holds the data compressed, and a comment that fills it up."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    spare = length - len(_GZIP_HEAD % _PLAIN) - len(packed) - _GZIP_TAIL
    if spare < 0:
        raise LibraryError(f"a record of {length} bytes is too short to be overwritten by a notice")
    comment = b" " * (spare - 1) + b"\0" if spare else b""
    return _GZIP_HEAD % (_COMMENT if spare else _PLAIN) + comment + packed + _tail(data)


def _tail(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")


# -- stretches -------------------------------------------------------------------------------------------------------


def finish_removals(
    folder: Path,
    store: UpkeepStore,
    *,
    committed_end: Callable[[str], int],
    done: Callable[[int], None] = lambda _: None,
    elsewhere: Elsewhere | None = None,
) -> Removed:
    """Overwrite every stretch that the store still lists, and say so; what a killed run left is finished by the next.

    Args:
        folder: of the library's captures.
        store: that lists them.
        committed_end: as in `storage.captures.recover`; a file without rows in which nothing else is left is deleted.
        done: called with the number of stretches after each piece of work.
        elsewhere: what is done for files that are not, or not only, in the folder; ``None``: there are none.

    Raises:
        LibraryError: a file cannot be written; the others may be done.
    """
    waiting = store.removals()
    made_at = {one.id: one.made_at for one in store.takedowns()} if waiting else {}
    total = Removed()
    for name, stretches in groupby(waiting, key=lambda one: one.file):
        noted = [(one, made_at[one.takedown_id]) for one in stretches]
        total += _finish(folder, store, name, noted, elsewhere)
        done(len(noted))
        if committed_end(name) == 0:
            total += Removed(files=_removed_empty(folder, name, elsewhere))
    store.end_removals(())
    return total


def _finish(
    folder: Path, store: UpkeepStore, name: str, noted: Sequence[Noted], elsewhere: Elsewhere | None
) -> Removed:
    """The stretches of one file: here first, since it may be put in a place while they are overwritten."""
    if elsewhere is not None and not (folder / name).exists():
        found = elsewhere.overwrite(name, noted)
        if found is not None:
            if not found.left:
                store.end_removals([one for one, _ in noted])
            return found
    total = Removed()
    for piece in _pieces(noted):
        overwritten = _overwrite(folder, name, piece)
        again = elsewhere.overwrite_too(name, piece) if elsewhere is not None else Removed()
        if again.left:
            return total + again
        store.end_removals([one for one, _ in piece])
        total += Removed(records=len(piece), bytes=overwritten)
    return total


def _removed_empty(folder: Path, name: str, elsewhere: Elsewhere | None) -> int:
    """How many files went, of this name: none, or one."""
    if elsewhere is not None and elsewhere.is_stored(name):
        return int(elsewhere.remove_empty(name))
    return int(remove_empty(folder, name))


def _pieces(items: Sequence[Noted]) -> Iterable[Sequence[Noted]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _overwrite(folder: Path, name: str, stretches: Iterable[Noted]) -> int:
    path = path_of(folder, name)
    if path is None or not folder.is_dir():
        raise LibraryError(f"{name} cannot be overwritten: {folder} does not hold it")
    try:
        return overwrite(path, stretches)
    except FileNotFoundError:
        return 0  # deleted already, by a removal that was killed before it could say so


def overwrite(path: Path, stretches: Iterable[Noted]) -> int:
    """Overwrite stretches of one file, on disk when this returns; returns how many bytes.

    Raises:
        FileNotFoundError: it is not there.
        LibraryError: it cannot be written.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise _unwritable(path, problem) from problem
    try:
        written = sum(_overwrite_one(fd, one, made_at) for one, made_at in stretches)
        os.fsync(fd)
    except OSError as problem:
        raise _unwritable(path, problem) from problem
    finally:
        os.close(fd)
    return written


def _overwrite_one(fd: int, stretch: Removal, made_at: datetime) -> int:
    end = min(stretch.offset + stretch.length, os.fstat(fd).st_size)
    start = _begins(fd, stretch.offset, end)
    if start >= end:
        return 0
    place = f"{stretch.file}:{start}"
    write_all_at(fd, notice(end - start, place=place, takedown_id=stretch.takedown_id, made_at=made_at), start)
    return end - start


def _begins(fd: int, start: int, end: int) -> int:
    """Where the records of the capture that ends at an offset begin; the end itself where they are overwritten."""
    found = list(scan(fd, start, end)) if start < end else []
    own = _target(found[-1]) if found else ""
    for one in found:
        if isinstance(one, FoundRecord) and _stays(one, own, end):
            start = one.end
    return start


def _stays(found: FoundRecord, own: str, end: int) -> bool:
    if is_notice(found) or (found.offset == 0 and found.head.type == RecordType.WARCINFO):
        return True
    # An answer before the last one is of another exchange, whose row was never committed.
    return found.head.type in CAPTURE_TYPES and found.end != end and _target(found) != own


def _target(found: FoundRecord | Damage) -> str:
    return "" if isinstance(found, Damage) else found.head.fields.get("warc-target-uri", "")


def _unwritable(path: Path, problem: OSError) -> LibraryError:
    return LibraryError(f"cannot remove what was taken down from {path}: {problem.strerror or problem}")


# -- what is left over -----------------------------------------------------------------------------------------------


def remove_empty(folder: Path, name: str) -> bool:
    """Delete a file of ours in which nothing but notices is left and that nobody writes; tells whether it was."""
    path = path_of(folder, name)
    if path is None or name not in capture_files(folder):
        return False
    fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        if not try_lock(fd) or not holds_only_notices(fd):
            return False
        path.unlink()
        sync_folder(folder)
    finally:
        os.close(fd)
    return True


def holds_only_notices(fd: int) -> bool:
    """Whether something was removed from a file, and nothing is left in it."""
    noticed = False
    for found in scan(fd, 0, os.fstat(fd).st_size):
        if isinstance(found, Damage) or not _stays(found, "", found.end):
            return False
        noticed = noticed or is_notice(found)
    return noticed


def remove_uncommitted(folder: Path, wanted: Callable[[str], bool], *, takedown_id: int, made_at: datetime) -> Removed:
    """Overwrite the records of these URLs that killed runs left and no row points to.

    Args:
        folder: of the library's captures.
        wanted: given a record's target, whether it is to go.
        takedown_id: because of which takedown.
        made_at: of the takedown.

    Raises:
        LibraryError: a file cannot be read or written.
    """
    total = Removed()
    for path in sorted((folder / UNCOMMITTED).glob("*.warc.gz")):
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as problem:
            raise _unwritable(path, problem) from problem
        try:
            for found in list(scan(fd, 0, os.fstat(fd).st_size)):
                if not isinstance(found, Damage) and (target := _target(found)) and wanted(target):
                    place = f"{UNCOMMITTED}/{path.name}:{found.offset}"
                    data = notice(found.length, place=place, takedown_id=takedown_id, made_at=made_at)
                    write_all_at(fd, data, found.offset)
                    total += Removed(records=1, bytes=found.length)
            os.fsync(fd)
        except OSError as problem:
            raise _unwritable(path, problem) from problem
        finally:
            os.close(fd)
    return total
