"""A folder that machines share, as a network file system or on one machine for several libraries.

Why the folder is never made: where a share is not mounted its mount point would be filled instead, and nobody else
would see the files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.captures.files import PARTIAL, sync_folder, write_all
from storage.errors import PlaceUnavailable

_STEP = 4 << 20


class FolderPlace:
    """See `storage.captures.places.Place`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._folder = Path(address)

    def local_path(self, name: str) -> Path | None:
        """See `Place.local_path`."""
        return self._folder / name

    def put(self, source: Path, name: str) -> None:
        """See `Place.put`; a copy that was broken off has a name of its own, and is written over."""
        with self._translated():
            self._require()
            partial = self._partial(name)
            _copy(source, partial)
            partial.rename(self._folder / name)
            sync_folder(self._folder)

    def size(self, name: str) -> int | None:
        """See `Place.size`."""
        with self._translated():
            try:
                return (self._folder / name).stat().st_size
            except FileNotFoundError:
                self._require()
                return None

    def read(self, name: str, start: int, end: int) -> bytes:
        """See `Place.read`."""
        with self._translated():
            fd = os.open(self._folder / name, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.pread(fd, end - start, start)
            finally:
                os.close(fd)

    def remove(self, name: str) -> None:
        """See `Place.remove`; a copy that was broken off goes too, it may hold what was taken down."""
        with self._translated():
            self._require()
            for path in (self._folder / name, self._partial(name)):
                path.unlink(missing_ok=True)
            sync_folder(self._folder)

    def _partial(self, name: str) -> Path:
        return self._folder / f".{name}{PARTIAL}"

    def _require(self) -> None:
        if not self._folder.is_dir():
            raise PlaceUnavailable(self.address, "there is no such folder; mount it, or make it")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            self._require()
            raise
        except OSError as problem:
            raise PlaceUnavailable(self.address, problem.strerror or str(problem)) from problem


def _copy(source: Path, target: Path) -> None:
    reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        try:
            while piece := os.read(reading, _STEP):
                write_all(writing, piece)
            os.fsync(writing)
        finally:
            os.close(writing)
    finally:
        os.close(reading)
