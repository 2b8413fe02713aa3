"""One export from its beginning to its end: into a folder with a manifest, into one file, or onto a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from crawler.exporting.protocol import Format
from crawler.selecting import render
from crawler.takeout.manifest import Facts
from crawler.takeout.placing import Placed, place, require_own
from crawler.takeout.selection import LibrarySelection
from crawler.takeout.staging import ExportedFile, Measured, staged
from crawler.written_files import Written, unfinished
from storage import __version__
from storage.types import utc_now


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What an export came to.

    Attributes:
        events: how many were read.
        articles: likewise.
        files: the first of them, at most 100, in the order in which they were complete.
        placed: what became of all of them; ``None`` on a stream.
    """

    events: int
    articles: int
    files: tuple[ExportedFile, ...]
    placed: Placed | None = None


_TOLD = 100


def into_folder(
    selection: LibrarySelection, formats: Sequence[Format[LibrarySelection]], folder: Path, *, force: bool = False
) -> Taken:
    """Write the selection in these formats into a folder, with a manifest.

    A second export of an unchanged library changes nothing, one of a library that grew replaces its own files.

    Raises:
        ConfigurationError: the folder cannot be written, has an export of something else, or one is at work there.
    """
    names, text = tuple(one.name for one in formats), render(selection.query)
    if not force:
        require_own(folder, names, text)
    started = utc_now()
    with staged(folder) as staging:
        for one in formats:
            one.write(selection, staging)
        facts = Facts(
            formats=names,
            selection=text,
            dateline=__version__,
            revision=selection.library.store.info().revision,
            started_at=started,
            ended_at=utc_now(),
            events=selection.read_events,
            articles=selection.read_articles,
        )
        placed = place(staging, folder, facts, force=force)
        files = tuple(one for one, _ in zip(staging.files(), range(_TOLD), strict=False))
    return Taken(events=selection.read_events, articles=selection.read_articles, files=files, placed=placed)


def into_file(
    selection: LibrarySelection, chosen: Format[LibrarySelection], path: Path, *, force: bool = False
) -> Taken:
    """Write the selection in a format that has one file into this file.

    Raises:
        ConfigurationError: it cannot be written.
    """
    with unfinished(path) as begun:
        file = _written(selection, chosen, begun.stream.write)
        done = begun.put(force=force)
    placed = Placed(
        written=int(done is Written.NEW),
        unchanged=int(done is Written.SAME),
        kept=(str(path),) if done is Written.KEPT else (),
        bytes=file.bytes,
    )
    return Taken(events=selection.read_events, articles=selection.read_articles, files=(file,), placed=placed)


def onto_stream(
    selection: LibrarySelection, chosen: Format[LibrarySelection], write: Callable[[bytes], object]
) -> Taken:
    """Write the selection in a format that has one file piece by piece."""
    file = _written(selection, chosen, write)
    return Taken(events=selection.read_events, articles=selection.read_articles, files=(file,))


def _written(
    selection: LibrarySelection, chosen: Format[LibrarySelection], write: Callable[[bytes], object]
) -> ExportedFile:
    one = _OneFile(write)
    chosen.write(selection, one)
    return one.stream.measured(chosen.files[0])


class _OneFile:
    """An output of one file that is elsewhere already."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.stream = Measured(write)

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """See `crawler.exporting.protocol.Output`."""
        del name
        yield cast("BinaryIO", self.stream)

    def count(self, name: str, rows: int = 1) -> None:
        """See `crawler.exporting.protocol.Output`."""
        del name
        self.stream.rows += rows
