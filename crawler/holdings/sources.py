"""Bytes by offset: a whole file, or a stretch of one, without moving anybody else's file position."""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import Protocol

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)
"""What the standard reader raises on damaged, encrypted or exotic archives, beside `OSError`."""


class Source(Protocol):
    """Bytes by offset."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def read_at(self, offset: int, count: int) -> bytes:
        """At most ``count`` bytes; fewer at the end only.

        Raises:
            OSError: they cannot be read.
        """


class FileSource:
    """A stretch of an open file; does not own the descriptor."""

    def __init__(self, fd: int, start: int, size: int) -> None:
        self._fd, self._start, self.size = fd, start, size

    @classmethod
    def whole(cls, fd: int) -> FileSource:
        """All of the file as it is now."""
        return cls(fd, 0, os.fstat(fd).st_size)

    def read_at(self, offset: int, count: int) -> bytes:
        """See `Source`."""
        room = min(count, self.size - offset)
        return os.pread(self._fd, room, self._start + offset) if room > 0 else b""


class BytesSource:
    """Bytes that are in memory already."""

    def __init__(self, data: bytes) -> None:
        self._data, self.size = data, len(data)

    def read_at(self, offset: int, count: int) -> bytes:
        """See `Source`."""
        return self._data[offset : offset + count]


class ZipSource:
    """A compressed member of a ZIP file, unpacked as it is read; going back begins anew at its start."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        self._name, self.size = member.filename, member.file_size
        try:
            self._stream = archive.open(member)
        except ZIP_ERRORS as problem:
            raise self._unreadable(problem) from problem

    def read_at(self, offset: int, count: int) -> bytes:
        """See `Source`."""
        try:
            if self._stream.tell() != offset:
                self._stream.seek(offset)
            return self._stream.read(max(0, count))
        except ZIP_ERRORS as problem:
            raise self._unreadable(problem) from problem

    def _unreadable(self, problem: Exception) -> OSError:
        return OSError(f"its member {self._name!r} cannot be unpacked: {problem}")
