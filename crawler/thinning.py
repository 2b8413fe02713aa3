"""Old attempts that brought nothing move from the database into files of the library (``attempts/``).

Why they move and are not removed: ``dateline why`` tells a document's whole story, and an attempt is evidence. Why they
move at all: a dead link is asked for again for years, and its rows are read with every question about its document.

Order, and why nothing is lost or kept twice: (1) a stretch is appended and synced, (2) it is read again, (3) the rows
go and the stretch is written down in one transaction (`storage.thinning_store`). Killed before (3) the next run puts
the stretch aside; killed after (3) it is done. One program at a time: the caller holds the library's upkeep lock, and
on another machine the database refuses a stretch that is taken.

Why attempts are taken in the order of their ids: those of one time lie together, so a batch is one stretch of one or
two files, and deletes from few pages of the table.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice

from crawler.library import Library
from storage.attempt_files import FOLDER, AttemptFiles, file_of
from storage.types import AttemptBatch, AttemptRule, DocumentHistory, FetchAttempt

BATCH = 1000
"""Attempts in one transaction, during which other writers wait: some tenths of a second on a busy machine."""

_PASS = 1_000_000
"""Attempts that are looked up before the first of them is moved: eight megabytes of ids."""


@dataclass(slots=True, kw_only=True)
class Thinned:
    """What went into files, or would.

    Attributes:
        documents: of which some went.
        attempts: how many went.
        bytes: that the files grew by.
    """

    documents: int = 0
    attempts: int = 0
    bytes: int = 0


def files_of(library: Library) -> AttemptFiles:
    """The library's files of attempts."""
    return AttemptFiles(library.configuration.library / FOLDER)


def look(library: Library, rule: AttemptRule) -> Thinned:
    """What would go; changes nothing."""
    found, latest = Thinned(), 0
    for document_id, _ in library.store.thinnable(rule):
        found.documents += document_id != latest
        found.attempts += 1
        latest = document_id
    return found


def thin(library: Library, rule: AttemptRule, *, now: datetime) -> Iterator[Thinned]:
    """Move attempts into files; yields what each batch added. Running it again goes on where it was stopped.

    Raises:
        LibraryError: a file cannot be written, or another machine wrote to it last.
        StorageError: another program thins, too.
    """
    ends = {one.file: one for one in library.store.attempt_batches()}
    found = library.store.thinnable(rule)
    for documents, ids in _passes(found):
        yield Thinned(documents=documents)
        rest = iter(sorted(ids))
        while piece := list(islice(rest, BATCH)):
            yield _moved(library, piece, ends, now)


def _passes(found: Iterator[tuple[int, int]]) -> Iterator[tuple[int, array[int]]]:
    """Ids of attempts, some at a time, each time with the number of documents that come with them."""
    latest = 0
    for first in found:
        ids, documents = array("q"), 0
        for document_id, attempt_id in chain([first], islice(found, _PASS - 1)):
            documents += document_id != latest
            latest = document_id
            ids.append(attempt_id)
        yield documents, ids


def _moved(library: Library, ids: list[int], ends: dict[str, AttemptBatch], now: datetime) -> Thinned:
    attempts = library.store.attempts(ids)
    months: dict[str, list[FetchAttempt]] = {}
    for one in attempts:
        months.setdefault(file_of(one.started_at), []).append(one)
    files = files_of(library)
    batches = [files.append(name, own, after=ends.get(name), now=now) for name, own in sorted(months.items())]
    library.store.thin([one.id or 0 for one in attempts], batches)
    ends.update({one.file: one for one in batches})
    return Thinned(attempts=len(attempts), bytes=sum(one.length for one in batches))


def with_archived(library: Library, history: DocumentHistory) -> DocumentHistory:
    """The history of a document with its attempts that are in files only.

    Raises:
        LibraryError: a file is not here, or is damaged.
    """
    if history.thinned is None:
        return history
    first, last = file_of(history.thinned.since), file_of(history.thinned.until)
    batches = [one for one in library.store.attempt_batches() if first <= one.file <= last]
    found = [*history.attempts, *_of_document(files_of(library), batches, history.document.id)]
    return replace(history, attempts=tuple(sorted(found, key=lambda one: (one.started_at, one.id or 0))))


def _of_document(files: AttemptFiles, batches: Iterable[AttemptBatch], document_id: int) -> Iterator[FetchAttempt]:
    """Lines are looked through before they are read: of a hundred thousand a few are wanted."""
    sign = f'"document_id":{document_id},'.encode()
    for batch in batches:
        if any(sign in line for line in files.lines(batch)):
            yield from (one for one in files.read(batch) if one.document_id == document_id)
