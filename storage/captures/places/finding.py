"""Where a file is that is not in the library's own folder.

Its row says so (`storage.types.StoredFile`). Why a file without a row is looked for in the present place all the same:
a database that was restored is older than the files. Why a shared folder of a row may be another here: machines mount
one share under several paths.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from storage.captures.files import is_ours, token_start
from storage.captures.places import OBJECTS, Place, place_at
from storage.errors import RecordMissing
from storage.file_store import FileStore
from storage.types import StoredFile

_MOST_KNOWN = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A file in a place.

    Attributes:
        place: where it is.
        name: of the file.
        size: bytes.
        row: what is known of it; ``None`` where it has none.
    """

    place: Place
    name: str
    size: int
    row: StoredFile | None

    @property
    def path(self) -> Path | None:
        """Where it can be opened as a file of this machine."""
        return self.place.local_path(self.name)


@dataclass(slots=True)
class Places:
    """Where a library's files are besides its own folder; asks the database only for files that are not there.

    Attributes:
        store: with the rows; ``None``: only files are found whose rows are known, and nobody is asked.
        address: the setting ``storage.captures``; may be empty.
        machine: host name of this one.
    """

    store: FileStore | None
    address: str = ""
    machine: str = field(default_factory=socket.gethostname)
    _known: dict[str, StoredFile] = field(default_factory=dict)

    def know(self, names: Iterable[str]) -> None:
        """Look the rows of these files up, so that `find` needs no database for them."""
        missing = {name for name in names if name not in self._known}
        if missing and self.store is not None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known |= self.store.find_stored_files(missing)

    def without_store(self) -> Places:
        """The same for a thread in which the store must not be asked."""
        return replace(self, store=None)

    def find(self, name: str) -> Found | None:
        """Where a file is; ``None`` where it is in no place that is known.

        Raises:
            PlaceUnavailable: it may be in one that cannot be used now.
            LibraryError: an extra is missing that it would need.
        """
        if not is_ours(name):
            return None
        self.know([name])
        if row := self._known.get(name):
            return Found(place=self.place_of(row), name=name, size=row.size, row=row)
        if self.address:
            place = place_at(self.address)
            if (size := place.size(name)) is not None:
                return Found(place=place, name=name, size=size, row=None)
        return None

    def place_of(self, row: StoredFile) -> Place:
        """The place of a row, or the folder that stands for it on this machine."""
        mounted = row.place.startswith(OBJECTS) or Path(row.place).is_dir()
        here = self.address and not self.address.startswith(OBJECTS)
        return place_at(self.address if not mounted and here else row.place)

    def discard(self, name: str) -> None:
        """Delete what a program that was killed in an upload left in the place of a file that has no row.

        Raises:
            PlaceUnavailable: the place cannot be used now.
        """
        if self.address and self.store is not None and not self.store.find_stored_files([name]):
            place_at(self.address).remove(name)

    def elsewhere(self, name: str) -> str:
        """The other machine that wrote a file, and must still have it; empty where none is known."""
        start = token_start(name)
        run = self.store.run_of_file(start) if start and self.store is not None else None
        return run.machine if run is not None and run.machine != self.machine else ""

    def missing(self, name: str, offset: int, problem: str) -> RecordMissing:
        """The error that a record cannot be read, with the machine that has it where that is another."""
        machine = self.elsewhere(name)
        waits = f", which has not moved it to {self.address} yet" if self.address else ""
        return RecordMissing(name, offset, f"the file is on the machine {machine}{waits}" if machine else problem)
