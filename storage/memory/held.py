"""Held files, the answers of archives, and the URL keys that are wanted, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from storage.memory.library import Library
from storage.types import ArchiveAnswer, DocumentRole, HeldFile, HeldRecord
from storage.wanting import MOST_RECORDS


def put_file(library: Library, file: HeldFile, records: Iterable[HeldRecord]) -> HeldFile:
    """See `storage.protocol.Store.put_held_file`."""
    kept = list(records)
    known = library.held_files.get(file.path)
    ids = [one.id or 0 for one in library.held_files.values()]
    stored = replace(file, id=known.id if known else max(ids, default=0) + 1, records=len(kept))
    library.held_records.pop(file.path, None)
    library.held_files[file.path], library.held_records[file.path] = stored, kept
    return stored


def files(library: Library) -> list[HeldFile]:
    """See `storage.protocol.Store.held_files`."""
    return [library.held_files[path] for path in sorted(library.held_files)]


def records(library: Library, url_key: str, *, since: datetime | None, until: datetime | None) -> list[HeldRecord]:
    """See `storage.protocol.Store.held_records`; those of one moment in the order of their coming."""
    found = [
        one
        for kept in library.held_records.values()
        for one in kept
        if one.url_key == url_key
        and (since is None or one.captured_at >= since)
        and (until is None or one.captured_at <= until)
    ]
    return sorted(found, key=lambda one: one.captured_at)[:MOST_RECORDS]


def forget_file(library: Library, path: str) -> bool:
    """See `storage.protocol.Store.forget_held_file`."""
    library.held_records.pop(path, None)
    return library.held_files.pop(path, None) is not None


def wanted_keys(library: Library) -> Iterator[str]:
    """See `storage.protocol.Store.wanted_keys`."""
    sources = (one for one in library.documents.values() if one.role is DocumentRole.SOURCE)
    wanted = (one for one in sources if library.tombstone(one) is None and not library.has_full_text(one))
    yield from sorted({one.url_key for one in wanted})


def answer(library: Library, archive: str, question: str, *, now: datetime) -> ArchiveAnswer | None:
    """See `storage.protocol.Store.answer`."""
    kept = library.answers.get((archive, question))
    return kept if kept is not None and kept.good_until >= now else None


def forget_answers(library: Library, *, before: datetime) -> int:
    """See `storage.protocol.Store.forget_answers`."""
    old = [place for place, kept in library.answers.items() if kept.good_until < before]
    for place in old:
        del library.answers[place]
    return len(old)
