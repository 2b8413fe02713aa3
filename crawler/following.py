"""Text files that grow while somebody reads them: their last lines, and what comes behind.

Why looked at again and again, and no watching of the file system: a look costs nothing at twice a second, and the files
may lie on a disk that tells nobody.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_END = 1 << 18
"""As many bytes at the end of a file are looked through for its last lines."""


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a file, oldest first; none where it is not there."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _END))
            content = file.read()
    except OSError:
        return []
    lines = content.decode("utf-8", "replace").splitlines()
    return list(deque(lines if size <= _END else lines[1:], maxlen=count))


@dataclass(slots=True)
class Tail:
    """What is written to a file from now on, by whole lines; also where it is put aside and begun anew.

    Attributes:
        path: of the file; it need not be there yet.
    """

    path: Path
    _file: BinaryIO | None = None
    _rest: bytes = b""

    def __post_init__(self) -> None:
        """Begin behind what is there."""
        self._open()
        if self._file is not None:
            self._file.seek(0, os.SEEK_END)

    def lines(self) -> list[str]:
        """Lines that came since the last call."""
        found = self._read()
        if self._is_another():
            self.close()
            self._open()
            found += self._read()
        *whole, self._rest = (self._rest + found).split(b"\n")
        return [line.decode("utf-8", "replace").rstrip("\r") for line in whole]

    def end(self) -> list[str]:
        """The last lines, the one that has no end included."""
        lines = self.lines()
        rest, self._rest = self._rest, b""
        return [*lines, rest.decode("utf-8", "replace")] if rest else lines

    def close(self) -> None:
        """Let the file go; safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> None:
        try:
            self._file = self.path.open("rb")
        except OSError:
            self._file = None

    def _read(self) -> bytes:
        if self._file is None:
            return b""
        if os.fstat(self._file.fileno()).st_size < self._file.tell():  # it was emptied
            self._file.seek(0)
        return self._file.read()

    def _is_another(self) -> bool:
        """Whether the name stands for a file that is not the open one."""
        try:
            there = self.path.stat()
        except OSError:
            return False
        return self._file is None or not os.path.samestat(there, os.fstat(self._file.fileno()))
