"""The record of what was removed, tombstones and stretches to be overwritten, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from storage.errors import TakedownNotFound, Unstorable
from storage.memory.library import Library, next_id
from storage.placing import TAKEDOWN_RACE, resting_elsewhere
from storage.types import (
    Capture,
    DocumentRole,
    FetchResult,
    RecordLocation,
    Removal,
    Takedown,
    TakedownKind,
)


def put(library: Library, takedown: Takedown) -> int:
    """Id of a takedown: the one that it names, the tombstone that stands already, or a new one."""
    if takedown.id is not None:
        return takedown.id
    for one in takedowns(library, standing_only=True):
        if (one.kind, one.subject) == (takedown.kind, takedown.subject) and one.id is not None:
            return one.id
    number = next_id(library.takedowns)
    library.takedowns[number] = replace(takedown, id=number, removed=dict(takedown.removed))
    return number


def add_removed(library: Library, takedown_id: int, removed: Mapping[str, int]) -> Takedown:
    """Count what went by one more call."""
    stored = library.takedowns[takedown_id]
    counts = Counter(stored.removed)
    counts.update(removed)
    library.takedowns[takedown_id] = replace(stored, removed=dict(counts))
    return library.takedowns[takedown_id]


def takedowns(library: Library, *, standing_only: bool) -> list[Takedown]:
    """See `storage.upkeep_store.UpkeepStore.takedowns`."""
    latest = reversed(library.takedowns.values())
    return [one for one in latest if not standing_only or (one.lifted_at is None and one.kind is not TakedownKind.RAW)]


def takedown_of(library: Library, canonical_url: str, host: str) -> Takedown | None:
    """See `storage.upkeep_store.UpkeepStore.takedown_of`."""
    known = library.document_ids.get(canonical_url, 0)
    found = library.kept_away.get(known) or library.hosts_kept_away.get(host)
    return library.takedowns[found] if found else None


def lift(library: Library, kind: TakedownKind, subject: str, *, now: datetime, who: str) -> Takedown:
    """See `storage.upkeep_store.UpkeepStore.lift_takedown`."""
    standing = takedowns(library, standing_only=True)
    found = next((one.id for one in standing if (one.kind, one.subject) == (kind, subject)), None)
    if found is None:
        raise TakedownNotFound(subject)
    for document in list(library.documents.values()):
        own = library.kept_away.get(document.id)
        kept = own == found or (own is None and library.hosts_kept_away.get(document.host) == found)
        if kept and document.role is not DocumentRole.LEAD_IMAGE:
            library.documents[document.id] = replace(document, next_fetch_at=now)
    library.kept_away = {one: number for one, number in library.kept_away.items() if number != found}
    library.hosts_kept_away = {name: number for name, number in library.hosts_kept_away.items() if number != found}
    library.takedowns[found] = replace(library.takedowns[found], lifted_at=now, lifted_by=who)
    return library.takedowns[found]


# -- stretches -------------------------------------------------------------------------------------------------------


def stretches(library: Library, places: Iterable[RecordLocation], takedown_id: int) -> list[Removal]:
    """For each record the stretch that goes with it; see `storage.sql.takedowns.stretches`."""
    found = []
    for place in places:
        begins = _end_before(library, place.file, place.offset)
        if begins <= place.offset:
            length = place.offset + place.length - begins
            found.append(Removal(file=place.file, offset=begins, length=length, takedown_id=takedown_id))
    return found


def _end_before(library: Library, file: str, offset: int) -> int:
    rows = (one.location for one in library.captures.values() if one.location.file == file)
    noted = [one for one in library.removals.values() if one.file == file and one.offset <= offset]
    before = [one.offset + one.length for one in rows if one.offset < offset]
    return max((*before, *(one.offset + one.length for one in noted)), default=0)


def note(library: Library, found: Iterable[Removal]) -> None:
    """Write down stretches that are to be overwritten."""
    library.removals.update({(one.file, one.offset): one for one in found})


def note_lost(library: Library, captures: Iterable[Capture], takedown_id: int) -> None:
    """Write down records that were written and get no row, one after the other."""
    for one in sorted(captures, key=lambda one: (one.location.file, one.location.offset)):
        note(library, stretches(library, [one.location], takedown_id))


def end(library: Library, done: Sequence[Removal]) -> None:
    """Strike off stretches that are overwritten."""
    for one in done:
        library.removals.pop((one.file, one.offset), None)


def require_bytes(library: Library, result: FetchResult, now: datetime) -> None:
    """Refuse a revisit of what was taken down after it was looked up.

    Raises:
        Unstorable: the record that holds its bytes is gone.
    """
    resting = resting_elsewhere(result)
    if not resting or not any(one.made_at > now - TAKEDOWN_RACE for one in library.takedowns.values()):
        return
    held = {one.location.record_id for one in library.captures.values() if one.takedown_id is None}
    for one in resting:
        if one.revisit_of not in held:
            raise Unstorable(f"the bytes of {one.url} were taken down a moment ago: it must be fetched again")
