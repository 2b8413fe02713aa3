"""Room on the disk of a library: runs stop in order before there is none.

Why before the disk is full and not when it is: a database that cannot write cannot say so either, and other programs on
the machine die first. What runs into a full disk all the same (somebody else filled it) ends as `LibraryError` of
whatever could not be written.

Why each batch is checked: the question costs microseconds, a batch is written every second or so, and another program
may fill the disk meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawler.configuration import Configuration
from storage.errors import DiskFull

_MEBIBYTE = 1 << 20


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write on the disk of a folder, or of the nearest one above it that is there."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    found = os.statvfs(there)
    return found.f_bavail * found.f_frsize


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """How much room a folder's disk must have left.

    Attributes:
        folder: on the disk.
        least: bytes; 0 asks for none.
        free: asks the disk.
    """

    folder: Path
    least: int
    free: Callable[[Path], int] = lambda folder: free_bytes(folder)  # noqa: PLW0108 - looked up when it is asked

    @classmethod
    def configured(cls, configuration: Configuration, folder: Path | None = None) -> Room:
        """What ``storage.min_free_mb`` asks for, of the library's disk or another folder's."""
        return cls(folder=folder or configuration.library, least=configuration.size("storage.min_free_mb"))

    def require(self) -> None:
        """Raise `DiskFull` where there is less room left."""
        if not self.least:
            return
        free = self.free(self.folder)
        if free < self.least:
            raise DiskFull(str(self.folder), free // _MEBIBYTE, self.least // _MEBIBYTE)
