"""WARC files on disk: their names, who may write them, and when their bytes are safe.

Why ``flock`` and not a pid file or POSIX record locks: it ends with the process however that dies, and a reader of the
same process that opens and closes the file does not drop it. Its one trap is that a forked child holds it too, and
would keep a dead writer's files "in use"; so files are closed in forked children.

Why unbuffered writes of whole records: a buffer that a forked child flushes again, or that is half written when the
disk is full, is a damaged file. After a write that fails the file is cut back to its last whole record; after an
``fsync`` that fails nothing about the file is certain, and it is not written any more (sealed).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import weakref
from datetime import datetime
from pathlib import Path

from storage.errors import LibraryError

UNCOMMITTED = "uncommitted"
"""Folder, beside the files, of the records that no row ever pointed to."""

PARTIAL = ".part"
"""End of the name of a copy that is not whole yet."""

_NAME = re.compile(r"dateline-[0-9]{14}-([0-9A-Za-z]{1,8})-[0-9]{5,}\.warc\.gz")


def file_name(moment: datetime, token: str, serial: int) -> str:
    """Name of a new file; sorts by time."""
    return f"dateline-{moment:%Y%m%d%H%M%S}-{token[:8]}-{serial:05d}.warc.gz"


def is_ours(name: str) -> bool:
    """Whether a file name is of the shape that `file_name` makes."""
    return _NAME.fullmatch(name) is not None


def token_start(name: str) -> str:
    """The beginning of the token of the run that wrote a file; empty where it is none of ours."""
    found = _NAME.fullmatch(name)
    return found[1] if found else ""


def capture_files(folder: Path) -> list[str]:
    """Names of our files in a folder, sorted; none where there is no folder."""
    return sorted(path.name for path in folder.glob("*.warc.gz") if is_ours(path.name) and path.is_file())


def path_of(folder: Path, name: str) -> Path | None:
    """Where a file of a `storage.types.RecordLocation` is; ``None`` for a name that leads out of the folder."""
    parts = name.split("/")
    if "\0" in name or not all(part.strip(".") for part in parts):
        return None
    return folder.joinpath(*parts)


def try_lock(fd: int) -> bool:
    """Take the file for writing; False where another process or another open file of this one has it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_being_written(fd: int) -> bool:
    """Whether a living writer, or a recovery, has the file; where there are no locks nobody can write."""
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.flock(fd, fcntl.LOCK_UN)
    return False


def write_all(fd: int, data: bytes) -> None:
    """Write every byte, or raise `OSError` with some of them written."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def write_all_at(fd: int, data: bytes, offset: int) -> None:
    """Write every byte from an offset on, or raise `OSError` with some of them written."""
    rest = memoryview(data)
    while rest:
        written = os.pwrite(fd, rest, offset)
        rest, offset = rest[written:], offset + written


def sync_file(file: Path) -> None:
    """Put on disk what another program wrote into a file."""
    fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, on disk, where it is missing."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


class GrowingFile:
    """A new file that this process alone appends to, and that nobody else touches until it is closed.

    Raises:
        FileExistsError: the name is taken.
        LibraryError: the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.sealed = False
        self._dirty = self._unlisted = True
        try:
            make_folder(path.parent)
        except OSError as problem:
            raise _unwritable(path, problem) from problem
        self._fd = self._made()

    def append(self, data: bytes) -> int:
        """Append a whole record or records; returns the offset of the first byte. Not on disk before `sync`.

        Raises:
            LibraryError: it could not be written; the file is as it was before, or sealed.
        """
        offset = self.size
        try:
            write_all(self._fd, data)
        except OSError as problem:
            self._cut_back()
            raise _unwritable(self.path, problem) from problem
        self.size += len(data)
        self._dirty = True
        return offset

    def sync(self) -> None:
        """Put on disk what was appended, and the file's name.

        Raises:
            LibraryError: it may not be there; the file is sealed.
        """
        try:
            if self._dirty:
                os.fsync(self._fd)
            if self._unlisted:
                sync_folder(self.path.parent)
        except OSError as problem:
            self.seal()
            raise _unwritable(self.path, problem) from problem
        self._dirty = self._unlisted = False

    def seal(self) -> None:
        """Append nothing any more; the file stays held."""
        self.sealed = True

    def close(self) -> None:
        """Let the file go, without `sync`; idempotent."""
        self.seal()
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def discard(self) -> None:
        """Remove a file in which nothing was ever written."""
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink()

    def _made(self) -> int:
        try:
            fd = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except FileExistsError:
            raise
        except OSError as problem:
            raise _unwritable(self.path, problem) from problem
        try:
            # Waits only for a recovery that looks at the still empty file; that leaves it alone.
            fcntl.flock(fd, fcntl.LOCK_EX)
        except OSError as problem:
            os.close(fd)
            raise _unwritable(self.path, problem) from problem
        _open_files.add(self)
        return fd

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._fd, self.size)
        except OSError:
            # The torn record stays; the next start cuts it off, as after a crash.
            self.seal()


def _unwritable(path: Path, problem: OSError) -> LibraryError:
    return LibraryError(
        f"cannot write captures to {path}: {problem.strerror or problem}. What is on disk already is safe;"
        " free space or mend the disk, then run the command again"
    )


_open_files: weakref.WeakSet[GrowingFile] = weakref.WeakSet()


def _close_inherited() -> None:
    for file in list(_open_files):
        with contextlib.suppress(OSError):
            file.close()


os.register_at_fork(after_in_child=_close_inherited)
