"""Opening a file wherever it is, for whoever reads all of it or looks at other files beside."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.captures.files import path_of
from storage.captures.members import Readable
from storage.captures.places.finding import Found, Places
from storage.captures.places.pieces import Pieces
from storage.types import StoredFile

_WHOLE, _LOOK = 8 << 20, 64 << 10


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenFile:
    """A file that can be read.

    Attributes:
        file: its bytes.
        size: how many there are now.
        row: of the place that it was read in; ``None`` in the library's own folder, and where it has none.
    """

    file: Readable
    size: int
    row: StoredFile | None = None

    def sha256(self) -> str:
        """Digest of all bytes, 64 hex digits."""
        if isinstance(self.file, Pieces):
            return self.file.sha256()
        if not isinstance(self.file, int):
            raise TypeError("only whole files have a digest")
        with os.fdopen(os.dup(self.file), "rb") as again:
            again.seek(0)
            return hashlib.file_digest(again, "sha256").hexdigest()


class Opener:
    """Opens files of a library by name.

    Args:
        folder: of its captures.
        places: where files are that are not in it; ``None``: nowhere.
    """

    def __init__(self, folder: Path, places: Places | None) -> None:
        self.folder, self._places = folder, places
        self._rows: dict[str, StoredFile | None] = {}

    @contextmanager
    def opened(self, name: str, *, whole: bool = False) -> Iterator[OpenFile]:
        """A file, where its row says that it is, else in the folder, else in the present place.

        Args:
            name: of the file.
            whole: all of it will be read.

        Raises:
            FileNotFoundError: it is nowhere.
            OSError: it cannot be opened.
            PlaceUnavailable: it is in a place that cannot be used now.
        """
        path = path_of(self.folder, name)
        if path is None:
            raise OSError(errno.EINVAL, "it")
        row = self._row(name, again=not path.exists())
        found = None
        if self._places is not None and (row is not None or not path.exists()):
            found = self._places.find(name)
        if found is not None and (found.path is None or not found.path.exists()):
            yield _in_pieces(found, row, step=_WHOLE if whole else _LOOK)
            return
        fd = os.open(found.path if found is not None and found.path else path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield OpenFile(file=fd, size=os.fstat(fd).st_size, row=row)
        finally:
            os.close(fd)

    def stored_names(self) -> set[str]:
        """Names of all files that have a row."""
        store = self._places.store if self._places is not None else None
        return {one.file for one in store.stored_files()} if store is not None else set()

    def is_stored(self, name: str) -> str:
        """The place that a file's row names; empty where it has none."""
        row = self._row(name)
        return row.place if row is not None else ""

    def machine_of(self, name: str) -> str:
        """The other machine that must still have a file; empty where none is known, or where it has a row."""
        return "" if self._places is None or self.is_stored(name) else self._places.elsewhere(name)

    def _row(self, name: str, *, again: bool = False) -> StoredFile | None:
        """Its row, looked up once, and again for a file that was moved out meanwhile."""
        if self._places is None or self._places.store is None:
            return None
        if name not in self._rows or (again and self._rows[name] is None):
            self._rows[name] = self._places.store.find_stored_files([name]).get(name)
        return self._rows[name]


def _in_pieces(found: Found, row: StoredFile | None, *, step: int) -> OpenFile:
    size = found.place.size(found.name)
    if size is None:
        raise FileNotFoundError(errno.ENOENT, f"{found.place.address} has no such file")
    return OpenFile(file=Pieces(found.place, found.name, size, step=step), size=size, row=row)
