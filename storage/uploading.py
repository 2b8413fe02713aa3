"""Moving full WARC files out of the library's own folder, to where all machines find them.

One file, step by step: (1) nobody writes to it, all its records have rows, nothing of it is to be overwritten; (2) it
is put in the place; (3) it is read back, every byte, and has the digest of the file here; (4) its row is committed;
(5) the file here is removed. Killed between any two, the next one goes on: a file that is in the place already and has
the right digest is not put there again, and one that has a row is only removed here.

Why read back, when the store has checksums: S3's are optional, differ between stores, and cover the parts of an upload
and not the file. Whoever removes the only other copy must have seen the bytes.

Why the file is read once more under the lock of the upkeep: a takedown may have overwritten records in it after they
were put in the place. It overwrites here first and looks for the row afterwards; we write the row only while nothing is
noted and the bytes here are those that are there. So one of the two sees the other.

Why the lock is not held while the file is put there: that may take minutes, and a takedown waits ten seconds.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from storage.captures.files import capture_files, sync_folder, token_start, try_lock
from storage.captures.places import Place, digest_in, digest_of, place_at
from storage.captures.places.finding import Places
from storage.captures.recovery import is_in_order
from storage.errors import LibraryError, PlaceUnavailable
from storage.protocol import Store
from storage.types import StoredFile, utc_now
from storage.upkeep_lock import upkeep

_WORK = "moving captures out"
_PATIENCE_S = 10.0
_TAKEN_DOWN = "something was taken down from it meanwhile"


class MoveState(StrEnum):
    """What became of a file: ``LEFT_OVER``: it was in its place already, and only this copy was removed."""

    MOVED = "moved"
    LEFT_OVER = "left_over"
    IN_USE = "in_use"
    WAITS = "waits"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """One file that was looked at.

    Attributes:
        file: name.
        state: what became of it.
        size: bytes that are in the place and not here any more; 0 where it stays.
        text: why it stays; empty where it does not.
    """

    file: str
    state: MoveState
    size: int = 0
    text: str = ""


def move_all(library: Path, folder: Path, store: Store, address: str, *, token: str = "") -> Iterator[Moved]:
    """Move every file that is ready, oldest first; ends at the first one that fails, as the next would too.

    Args:
        library: its folder.
        folder: of its captures.
        store: open.
        address: the setting ``storage.captures``.
        token: of a run whose files alone are meant; empty: all.

    Raises:
        StorageError: of the store.
    """
    for name in capture_files(folder):
        if token and not token.startswith(token_start(name)):
            continue
        moved = move_out(library, folder / name, store, address)
        yield moved
        if moved.state is MoveState.FAILED:
            return


def move_out(library: Path, path: Path, store: Store, address: str) -> Moved:
    """Move one file, if it is ready; never raises because of the file or the place.

    Args:
        library: its folder.
        path: of the file.
        store: open.
        address: the setting ``storage.captures``.

    Raises:
        StorageError: of the store.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return Moved(file=path.name, state=MoveState.WAITS, text="it is gone")
    except OSError as problem:
        return Moved(file=path.name, state=MoveState.FAILED, text=problem.strerror or str(problem))
    try:
        if not try_lock(fd):
            return Moved(file=path.name, state=MoveState.IN_USE, text="a program writes to it, or moves it")
        return _move(library, path, fd, store, address)
    except (PlaceUnavailable, OSError) as problem:
        return Moved(file=path.name, state=MoveState.FAILED, text=str(problem))
    finally:
        os.close(fd)


def _move(library: Path, path: Path, fd: int, store: Store, address: str) -> Moved:
    if not path.exists():
        return Moved(file=path.name, state=MoveState.WAITS, text="it is gone")
    row = store.find_stored_files([path.name]).get(path.name)
    if row is not None:
        return _remove_left_over(library, path, row, store, address)
    if why := _not_ready(path.name, fd, store):
        return Moved(file=path.name, state=MoveState.WAITS, text=why)
    place, found = place_at(address), digest_of(path)
    if stays := _put(place, path, found):
        return stays
    stored = StoredFile(
        file=path.name,
        place=address,
        size=found[0],
        sha256=found[1],
        machine=socket.gethostname(),
        stored_at=utc_now(),
    )
    return _let_go(library, path, stored, store, place)


def _put(place: Place, path: Path, found: tuple[int, str]) -> Moved | None:
    """Put the file in the place, unless it is there; why it stays here, or nothing where the place has it whole."""
    name = path.name
    if place.size(name) == found[0] and digest_in(place, name) == found:
        return None
    try:
        place.put(path, name)
        if digest_in(place, name) == found:
            return None
    except FileNotFoundError:  # a takedown does not leave there what it overwrote here
        return Moved(file=name, state=MoveState.WAITS, text=_TAKEN_DOWN)
    place.remove(name)
    text = f"{place.address} gave back other bytes than it was given; it stays here"
    return Moved(file=name, state=MoveState.FAILED, text=text)


def _not_ready(name: str, fd: int, store: Store) -> str:
    """Why a file cannot be moved yet; empty where it can."""
    committed = store.committed_end(name)
    if not committed:
        return "no record of it has a row"
    if not is_in_order(fd, committed):
        return "records at its end have no row yet; the next program that starts puts them aside"
    if any(one.file == name for one in store.removals()):
        return "what was taken down is still to be overwritten in it"
    return ""


def _let_go(library: Path, path: Path, stored: StoredFile, store: Store, place: Place) -> Moved:
    """Commit the row, then remove the file here, unless it changed since it was put in the place."""
    try:
        with upkeep(library, _WORK, patience_s=_PATIENCE_S):
            changed = digest_of(path) != (stored.size, stored.sha256)
            if changed or not store.put_stored_file(stored):
                place.remove(path.name)  # it holds what was taken down
                return Moved(file=path.name, state=MoveState.WAITS, text=_TAKEN_DOWN)
            _remove(path)
    except LibraryError as busy:
        return Moved(file=path.name, state=MoveState.WAITS, text=str(busy))
    return Moved(file=path.name, state=MoveState.MOVED, size=stored.size)


def _remove_left_over(library: Path, path: Path, row: StoredFile, store: Store, address: str) -> Moved:
    """What a program left that was killed after it had committed the row.

    Read once more: a file that was brought back from a backup, because the one in the place is damaged, looks the same.
    """
    place = Places(store=store, address=address).place_of(row)
    if place.size(path.name) != row.size or digest_in(place, path.name)[1] not in {row.sha256, row.becoming}:
        text = f"its row says that it is in {row.place}, where it is not, or is damaged; it stays here"
        return Moved(file=path.name, state=MoveState.FAILED, text=text)
    try:
        with upkeep(library, _WORK, patience_s=_PATIENCE_S):
            _remove(path)
    except LibraryError as busy:
        return Moved(file=path.name, state=MoveState.WAITS, text=str(busy))
    return Moved(file=path.name, state=MoveState.LEFT_OVER, size=row.size)


def _remove(path: Path) -> None:
    path.unlink()
    sync_folder(path.parent)
