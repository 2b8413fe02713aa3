"""Overwriting what was taken down in a file that was put in a place.

An object cannot be changed in place: the file is fetched, overwritten here as any file is, put back under its name and
read again, every byte. Its row says before that which digest it will have (`StoredFile.becoming`), and afterwards that
it has it. Killed at any moment, the file has one of the two, the stretches are still noted, and doing it again gives
the same bytes.

Why a lock over all machines, and rows that change only where they are what was read: of two programs that fetched the
same file, the later upload would bring back what the earlier one overwrote. Why a file that another machine still has
is left to it: nobody else can reach it. Where it put a copy in the place and has no row of it yet, the copy is
overwritten here, and the stretches stay noted all the same: they keep it from writing the row, and its own file has
still what was taken down.

Why a row that announces the digest which the file has by now is settled before anything else: where more is taken down
meanwhile the next announcement would take its place, and nobody would know the file any more.

What cannot be done now (the place is away, another program has the file, its bytes are not what its row says) stays
noted, and is told. It is no error: a crawl that starts must not fail because of a takedown of last week.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from storage.captures.places import PARTIAL, Place, digest_in, digest_of, fetch, place_at
from storage.captures.places.finding import Places
from storage.captures.removal import Noted, Removed, holds_only_notices, overwrite
from storage.errors import LibraryError, PlaceUnavailable
from storage.file_store import FileStore
from storage.types import StoredFile


class StoredOverwriting:
    """See `storage.captures.removal.Elsewhere`.

    Args:
        folder: of the library's captures; files are fetched into it for as long as they are worked on.
        places: where files are.
        store: with their rows.
    """

    def __init__(self, folder: Path, places: Places, store: FileStore) -> None:
        self._folder, self._places, self._store = folder, places, store

    def is_stored(self, name: str) -> bool:
        """See `Elsewhere.is_stored`."""
        return self._row(name) is not None

    def overwrite(self, name: str, noted: Sequence[Noted]) -> Removed | None:
        """See `Elsewhere.overwrite`."""
        try:
            if self._row(name) is None and self._places.find(name) is None:
                return self._left_to_another(name, noted)
            with self._store.hold_file(name) as held:
                if not held:
                    return _left(noted, f"another program is at work on {name}")
                return self._overwrite(name, noted)
        except (PlaceUnavailable, OSError, LibraryError) as problem:
            return _left(noted, str(problem))

    def overwrite_too(self, name: str, noted: Sequence[Noted]) -> Removed:
        """See `Elsewhere.overwrite_too`."""
        if self.is_stored(name):
            return self.overwrite(name, noted) or Removed()
        try:
            self._places.discard(name)
        except (PlaceUnavailable, OSError) as problem:
            return _left(noted, str(problem))
        return Removed()

    def remove_empty(self, name: str) -> bool:
        """See `Elsewhere.remove_empty`; the row goes first, so that no row is without its file."""
        row = self._row(name)
        if row is None:
            return False
        copy = self._copy(name)
        try:
            place = self._places.place_of(row)
            fetch(place, name, copy)
            if not _is_empty(copy):
                return False
            self._store.forget_stored_file(name)
            place.remove(name)
        except (PlaceUnavailable, OSError):
            return False
        finally:
            copy.unlink(missing_ok=True)
        return True

    def _row(self, name: str) -> StoredFile | None:
        return self._store.find_stored_files([name]).get(name)

    def _copy(self, name: str) -> Path:
        return self._folder / f"{name}{PARTIAL}"

    def _overwrite(self, name: str, noted: Sequence[Noted]) -> Removed:
        row = self._row(name)  # again: the lock was not ours when it was read
        place, copy = place_at(self._places.address) if row is None else self._places.place_of(row), self._copy(name)
        try:
            size, digest = fetch(place, name, copy)
            if row is not None and (size != row.size or digest not in {row.sha256, row.becoming}):
                return _left(noted, f"{name} in {row.place} is damaged: its digest is not that of its row")
            if row is not None and digest == row.becoming:
                row, announced = replace(row, sha256=digest, becoming=""), row
                if not self._store.put_stored_file(row, instead_of=announced):
                    return _left(noted, f"another program changed {name} meanwhile")
            written = overwrite(copy, noted)
            problem = self._put_back(place, row, name, copy) if written or row is not None else ""
        finally:
            with suppress(OSError):
                copy.unlink(missing_ok=True)
        if problem:
            return _left(noted, problem)
        left = self._left_to_another(name, noted) if row is None else None
        return left or Removed(records=len(noted), bytes=written)

    def _left_to_another(self, name: str, noted: Sequence[Noted]) -> Removed | None:
        """What is left where another machine wrote a file that has no row; ``None`` where none is known."""
        machine = self._places.elsewhere(name)
        return _left(noted, f"{name} is on the machine {machine}, which overwrites it") if machine else None

    def _put_back(self, place: Place, row: StoredFile | None, name: str, copy: Path) -> str:
        """Put the overwritten file in the place of the former one; why that did not succeed, or nothing."""
        size, digest = digest_of(copy)
        if row and digest == row.sha256 and not row.becoming:
            return ""  # done before, by a program that was killed before it could say so
        becoming = row and replace(row, becoming=digest)
        if row and becoming and row != becoming and not self._store.put_stored_file(becoming, instead_of=row):
            return f"another program changed {name} meanwhile"
        place.put(copy, name)
        if digest_in(place, name) != (size, digest):
            return f"{place.address} gives other bytes of {name} than it was given"
        if becoming and not self._store.put_stored_file(
            replace(becoming, sha256=digest, becoming=""), instead_of=becoming
        ):
            return f"another program changed {name} meanwhile"
        return ""


def _left(noted: Sequence[Noted], why: str) -> Removed:
    return Removed(left=len(noted), why=why)


def _is_empty(path: Path) -> bool:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return holds_only_notices(fd)
    finally:
        os.close(fd)
