"""Finishing removals, whoever finds them first: those of this program, and those that a killed one left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from storage.captures import Removed, finish_removals
from storage.captures.files import PARTIAL
from storage.captures.places.finding import Places
from storage.captures.places.overwriting import StoredOverwriting
from storage.errors import LibraryError
from storage.protocol import Store
from storage.upkeep_lock import upkeep


def finish(
    captures: Path, store: Store, places: Places | None = None, *, done: Callable[[int], None] = lambda _: None
) -> Removed:
    """Overwrite what takedowns noted, in the library's own folder and in places; `storage.upkeep_lock` is held.

    Args:
        captures: folder of the WARC files.
        store: open.
        places: where files are that are not in it; ``None``: nowhere.
        done: see `storage.captures.finish_removals`.

    Raises:
        LibraryError: a file here cannot be written.
    """
    for left in captures.glob(f"*{PARTIAL}"):
        left.unlink(missing_ok=True)  # a killed program's copy of what was to be overwritten
    elsewhere = StoredOverwriting(captures, places, store) if places is not None else None
    return finish_removals(captures, store, committed_end=store.committed_end, done=done, elsewhere=elsewhere)


def finish_left_over(library: Path, captures: Path, store: Store, places: Places | None = None) -> Removed:
    """Overwrite what takedowns noted and nobody overwrote; nothing where another program is just at it.

    Costs one look at the store where nothing is left.

    Args:
        library: its folder.
        captures: folder of the WARC files.
        store: open.
        places: see `finish`.

    Raises:
        LibraryError: a file cannot be written.
    """
    if not store.removals() and next(captures.glob(f"*{PARTIAL}"), None) is None:
        store.end_removals(())
        return Removed()
    with ExitStack() as held:
        try:
            held.enter_context(upkeep(library, "a takedown"))
        except LibraryError:
            return Removed()  # a takedown or a backup is at work, the next start finds what is left
        return finish(captures, store, places)
