"""Moving full WARC files to where all machines find them, beside the work and at its end (`storage.uploading`).

Nothing of this happens, and nothing of it is loaded, where ``storage.captures`` is empty.

Why a thread: a gigabyte takes a minute, and the crawl must not wait. It has a connection of its own, as a store is one
call at a time. Why it looks at all files of the library and not only at its run's: what a killed run left is moved by
whoever is at work. Why a run that ends moves only its own: the first run after the setting was made would else end
hours late.

Why an hour: a file that is not moved can be read by this machine alone, and is lost with it. A worker that runs for
months at a page a second fills about a gigabyte in a day. Shorter would make many small files, which object stores and
archive tools bear badly: 24 a day and worker.

Why a failure is a warning and no end: the files are safe where they are, the disk guard ends a run whose disk is full,
and the place may be back in a minute.

Why a run that ends asks the place for a sign of life first, and again while a file is under way: a place that takes
connections and says nothing keeps a network client waiting for minutes, and a service manager kills what does not stop
in time. As long as it answers, a file is brought to its end, however large it is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crawler.library import PLACE, Library
from storage import open_store
from storage.captures import CaptureWriter
from storage.captures.files import capture_files, token_start
from storage.captures.places import place_at
from storage.errors import StorageError
from storage.protocol import Store
from storage.uploading import Moved, MoveState, move_all

log = logging.getLogger(__name__)

OLD_S: Final = 3600.0
"""A file that is to be moved is ended when it was begun so many seconds ago."""
_LOOK_S = 60.0
_ANSWER_S = 5.0
"""A place that says nothing for so long is not waited for at the end of a run."""
_ANY_NAME = "is-anybody-there"
_SILENT = "captures stay on this machine for now: %s does not answer"
_MIB = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePlace:
    """Where one WARC file is.

    Attributes:
        file: name.
        where: ``here``, an address of a place, the name of another machine with ``on`` before it, or ``missing``.
        size: bytes; 0 where that is not known.
        sha256: of a file that was moved out; else empty.
        machine: that moved it out, or must still have it; else empty.
        stored_at: when it was moved out.
    """

    file: str
    where: str
    size: int = 0
    sha256: str = ""
    machine: str = ""
    stored_at: datetime | None = None


def whereabouts(library: Library) -> Iterator[FilePlace]:
    """Where each file is that has records or lies here, by name; no place is asked."""
    places, placed = library.places, {one.file: one for one in library.store.stored_files()}
    here = {name: (library.captures / name).stat().st_size for name in capture_files(library.captures)}
    for name in sorted({*placed, *here, *library.store.capture_files()}):
        if name in placed:
            row = placed[name]
            yield FilePlace(
                file=name,
                where=row.place,
                size=row.size,
                sha256=row.sha256,
                machine=row.machine,
                stored_at=row.stored_at,
            )
        elif name in here:
            yield FilePlace(file=name, where="here", size=here[name])
        else:
            machine = places.elsewhere(name)
            yield FilePlace(file=name, where=f"on {machine}" if machine else "missing", machine=machine)


def moves_out(library: Library) -> bool:
    """Whether full files of this library go somewhere."""
    return bool(library.configuration.text(PLACE))


def move_own(library: Library, token: str) -> None:
    """A run is over and its rows are committed: move the files that it wrote. Never raises, what stays is told."""
    if not moves_out(library) or not any(_is_of(name, token) for name in capture_files(library.captures)):
        return
    if not _answers(library):
        log.warning(_SILENT, library.configuration.text(PLACE))
        return
    try:
        for moved in moving(library, library.store, token):
            _tell(moved)
    except StorageError as problem:
        log.warning("captures stay on this machine for now: %s", problem)


@contextmanager
def moving_out(library: Library, writer: CaptureWriter) -> Iterator[None]:
    """Move full files while this lasts, in a thread.

    Args:
        library: open; its store is not used.
        writer: of the run, whose full files are let go when their rows are committed.
    """
    if not moves_out(library):
        yield
        return
    mover = _Mover(library, writer)
    writer.watch(mover.wake, rotate_after_s=OLD_S)
    thread = threading.Thread(target=mover.run, name="moving captures", daemon=True)
    thread.start()
    try:
        yield
    finally:
        mover.stop()
        thread.join(_ANSWER_S)
        while thread.is_alive() and _answers(library):
            thread.join(_ANSWER_S)
        if thread.is_alive():
            log.warning(_SILENT, library.configuration.text(PLACE))


def _is_of(name: str, token: str) -> bool:
    return token.startswith(token_start(name))


def _answers(library: Library) -> bool:
    """Whether the place says anything soon, be it that it cannot be used; whoever asks it is left behind else."""
    said = threading.Event()

    def ask() -> None:
        with suppress(StorageError, OSError):
            place_at(library.configuration.text(PLACE)).size(_ANY_NAME)
        said.set()

    threading.Thread(target=ask, name="asking the place", daemon=True).start()
    return said.wait(_ANSWER_S)


class _Mover:
    """What the thread does."""

    def __init__(self, library: Library, writer: CaptureWriter) -> None:
        self._library, self._writer, self._wake = library, writer, threading.Event()
        self._stopped = False
        self._told: dict[str, str] = {}

    def wake(self) -> None:
        """A file is full."""
        self._wake.set()

    def stop(self) -> None:
        """End after the file that is being moved."""
        self._stopped = True
        self._wake.set()

    def run(self) -> None:
        """Look at the files at once, whenever one is full, and now and then."""
        while not self._stopped:
            self._wake.clear()
            try:
                self._look()
            except StorageError as problem:
                log.warning("captures stay on this machine for now: %s", problem)
            except Exception:  # a mistake of ours here must not end the crawl
                log.exception("captures could not be moved")
            self._wake.wait(0 if self._stopped else _LOOK_S)

    def _look(self) -> None:
        self._writer.end_old_file()
        with open_store(self._library.configuration.database_url) as store:
            for name, size in self._writer.full_files().items():
                if store.committed_end(name) == size:
                    self._writer.let_go(name)
            for moved in moving(self._library, store):
                self._tell_once(moved)
                if self._stopped:
                    return

    def _tell_once(self, moved: Moved) -> None:
        """A file that waits is told of once, and one that is in use never: that is where the next pages go."""
        if moved.state is not MoveState.IN_USE and self._told.get(moved.file) != moved.text:
            self._told[moved.file] = moved.text
            _tell(moved)


def moving(library: Library, store: Store, token: str = "") -> Iterator[Moved]:
    """Move the files that are ready, of one run or all; see `storage.uploading.move_all`."""
    settings = library.configuration
    return move_all(settings.library, settings.captures, store, settings.text(PLACE), token=token)


def _tell(moved: Moved) -> None:
    if moved.state is MoveState.MOVED:
        log.info("%s (%.1f MiB) was moved out", moved.file, moved.size / _MIB)
    elif moved.state is MoveState.FAILED:
        log.warning("%s stays on this machine for now: %s", moved.file, moved.text)
    elif moved.state is MoveState.WAITS:
        log.info("%s is not moved yet: %s", moved.file, moved.text)
