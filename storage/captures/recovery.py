"""Putting files in order that a killed run left behind.

What may lie behind the last record that has a row: whole records whose rows were never committed, and one torn
record. The whole ones are moved to ``uncommitted/`` under the same file name, never deleted: a fetch is not undone
because our transaction failed. The torn one is cut off. Damage that is not the beginning of one record is not a torn
tail: its bytes are kept beside the moved records for a person to look at.

Why in this order: copy, ``fsync``, and only then cut the main file. Killed in between, the next start finds the
records in both places, sees by their ids and digests that they are copied, and cuts. Why nothing is done to a file that
is shorter than its rows say: it is older than the database, probably a restored copy, and only its owner knows the
other. Why a file in which nothing but notices of removals is left is deleted here too: who removed the last of it may
have been killed before that. Why its name is told before: a program that was killed while it put the file in a place
may have left there what the file had when it began; of a file that is gone nobody would look.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.captures.files import (
    UNCOMMITTED,
    capture_files,
    make_folder,
    sync_folder,
    try_lock,
    write_all,
)
from storage.captures.members import Damage, FoundRecord, scan
from storage.captures.records import RecordType
from storage.captures.removal import holds_only_notices, is_notice
from storage.errors import LibraryError, PlaceUnavailable

_COPY_STEP = 1 << 20

_Identity = tuple[str, str]
"""Record id and block digest: ids of records that were copied from other files are not ours to keep unique."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """What was done to one file.

    Attributes:
        file: name.
        moved: whole records without rows, now in ``uncommitted/``.
        cut: bytes of a torn record that are gone.
        kept: bytes of other damage, now in ``uncommitted/*.damaged``.
        lacking: bytes that committed records should have and the file has not; nothing was changed then.
    """

    file: str
    moved: int = 0
    cut: int = 0
    kept: int = 0
    lacking: int = 0

    @property
    def text(self) -> str:
        """One sentence for a person."""
        if self.lacking:
            return (
                f"{self.file} is {self.lacking} bytes shorter than the database says: restore the captures folder and"
                " the database from the same backup; nothing was changed"
            )
        return (
            f"{self.file}: {self.moved} records without a row moved to {UNCOMMITTED}/, {self.cut} bytes of a torn"
            f" record cut off, {self.kept} damaged bytes kept in {UNCOMMITTED}/"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tail:
    start: int
    records: tuple[tuple[int, int, _Identity], ...]
    damaged: tuple[tuple[int, int], ...]
    torn: int


def recover(
    folder: Path, committed_end: Callable[[str], int], *, discard: Callable[[str], None] = lambda _: None
) -> list[Recovered]:
    """Bring every file that no living writer holds to the end of its last committed record.

    Idempotent, and safe against being killed at any moment.

    Args:
        folder: of the library's captures; may be missing.
        committed_end: file name -> offset behind its last record that has a row; 0 where it has none.
        discard: called with the name of a file that is about to be deleted, as nothing is left in it; where it raises
            `PlaceUnavailable` the file stays.

    Returns:
        What was done; files in order are not mentioned.

    Raises:
        LibraryError: a file or folder cannot be read or written.
    """
    try:
        results = [_recover_file(folder, name, committed_end, discard) for name in capture_files(folder)]
    except OSError as problem:
        raise LibraryError(f"cannot put the captures in {folder} in order: {problem}") from problem
    return [result for result in results if result is not None]


def is_in_order(fd: int, committed: int) -> bool:
    """Whether nothing lies behind the last record that has a row, but what never gets one: a warcinfo record, notices.

    Args:
        fd: of a file that nobody writes to.
        committed: as ``committed_end`` of `recover` gives it.
    """
    size = os.fstat(fd).st_size
    return committed <= size and _tail(fd, committed, size).start == size


def _recover_file(
    folder: Path, name: str, committed_end: Callable[[str], int], discard: Callable[[str], None]
) -> Recovered | None:
    fd = os.open(folder / name, os.O_RDWR | os.O_CLOEXEC)
    try:
        # Asked under the lock: a writer that ended just now has committed its rows by then.
        return _recover_locked(folder, name, fd, committed_end(name), discard) if try_lock(fd) else None
    finally:
        os.close(fd)


def _recover_locked(
    folder: Path, name: str, fd: int, committed: int, discard: Callable[[str], None]
) -> Recovered | None:
    size = os.fstat(fd).st_size
    if committed > size:
        return Recovered(file=name, lacking=committed - size)
    tail = _tail(fd, committed, size)
    if tail.start == size:
        if not committed and holds_only_notices(fd):
            with suppress(PlaceUnavailable):
                discard(name)
                os.unlink(folder / name)  # noqa: PTH108 -- held open, as it is locked
                sync_folder(folder)
        return None
    if tail.records or tail.damaged:
        _move(folder / UNCOMMITTED, name, fd, tail)
    os.ftruncate(fd, tail.start)
    os.fsync(fd)
    return Recovered(file=name, moved=len(tail.records), cut=tail.torn, kept=sum(length for _, length in tail.damaged))


def _tail(fd: int, committed: int, size: int) -> _Tail:
    start = committed
    records: list[tuple[int, int, _Identity]] = []
    damaged: list[tuple[int, int]] = []
    torn = 0
    for found in scan(fd, committed, size):
        if isinstance(found, Damage):
            if found.torn:
                torn = found.length
            else:
                damaged.append((found.offset, found.length))
        elif is_notice(found):
            # What was removed has no row. A notice behind records without one goes with them, it says nothing of them.
            start = found.end if start == found.offset else start
        elif found.offset == 0 and found.head.type == RecordType.WARCINFO:
            start = found.end
        else:
            records.append((found.offset, found.length, (found.head.record_id, found.block_digest)))
    return _Tail(start=start, records=tuple(records), damaged=tuple(damaged), torn=torn)


def _move(folder: Path, name: str, source: int, tail: _Tail) -> None:
    make_folder(folder)
    fd = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        present = _whole_records(fd)
        for offset, length, identity in tail.records:
            if identity not in present:
                _copy(source, offset, length, fd)
        os.fsync(fd)
    finally:
        os.close(fd)
    for offset, length in tail.damaged:
        _keep_damaged(folder / f"{name}.{offset}.damaged", source, offset, length)
    sync_folder(folder)


def _whole_records(fd: int) -> set[_Identity]:
    size = os.fstat(fd).st_size
    identities: set[_Identity] = set()
    for found in scan(fd, 0, size):
        if isinstance(found, FoundRecord):
            identities.add((found.head.record_id, found.block_digest))
        elif found.torn:
            os.ftruncate(fd, found.offset)
    return identities


def _keep_damaged(path: Path, source: int, offset: int, length: int) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        _copy(source, offset, length, fd)
        os.fsync(fd)
    finally:
        os.close(fd)


def _copy(source: int, offset: int, length: int, target: int) -> None:
    while length:
        piece = os.pread(source, min(_COPY_STEP, length), offset)
        if not piece:
            raise OSError("the file became shorter while it was copied")
        write_all(target, piece)
        offset, length = offset + len(piece), length - len(piece)
