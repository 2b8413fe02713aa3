"""What an entry changes about the events that are known: pure, shared by every backend.

Why each key keeps its latest entry: archives publish one event under several keys (every edit of a headline made a
new page), and the old pages stay. An old page that is imported again must count as unchanged, and a link that one
page dropped stands as long as another page of the same event still has it.

Why a link is recognised by its cited URL (and its count, where an entry cites a URL twice): labels and positions are
edited often and say nothing about what is cited. The older label stays readable in the older revision.

Why a key can be superseded: where the key is made from the headline, an edited headline is a new key. The file that
gave the old key and gives it no more has not kept an old page, it was edited: what it dropped is withdrawn, and the
old key stays an alias. Should the edit be undone, that is a change again.

Rejected: comparing with the event's latest revision only; two pages of one event, imported again and again, would
then revise each other for ever.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from storage.protocol import EventMatcher
from storage.types import STANDARD_INPUT, EntryChange, EntryOrigin, EventEntry, ImportedEntry, SourceLink

_Place = tuple[str, int]


@dataclass(kw_only=True, slots=True)
class KnownKey:
    """The latest revision that came under one key. Working state: changes while an import runs.

    Attributes:
        entry: as it came.
        digest: of its content; empty when another key superseded this one.
        revision: its number.
        reason: why the key was taken for the event; empty for the event's own.
        added_at: when the first entry under it came.
    """

    entry: EventEntry
    digest: str
    revision: int
    reason: str
    added_at: datetime


@dataclass(kw_only=True, slots=True)
class Citation:
    """One source link of an event. Working state: changes while an import runs.

    Attributes:
        key: that it came under.
        link: as written there last.
        added_at: when it came first.
        withdrawn_at: when it was dropped; ``None`` while it stands.
        row_id: of its row, where a database keeps it; ``None`` while it has none.
        touched: it differs from what is stored.
    """

    key: str
    link: SourceLink
    added_at: datetime
    withdrawn_at: datetime | None = None
    row_id: int | None = None
    touched: bool = True


@dataclass(kw_only=True, slots=True)
class KnownEvent:
    """Everything about one event that an import may change. Working state.

    Attributes:
        key: its own.
        keys: key -> its latest revision; the event's own first.
        citations: in the order of their coming.
        revision: number of the latest revision; 0 before the first.
        latest: key under which the latest revision came.
        imported_at: first import.
        revised_at: import of the latest revision.
        revisions: (number, entry, digest) that this import adds.
        superseded: keys that this import superseded.
        row_id: of its row, where a database keeps it.
    """

    key: str
    imported_at: datetime
    revised_at: datetime
    keys: dict[str, KnownKey] = field(default_factory=dict)
    citations: list[Citation] = field(default_factory=list)
    revision: int = 0
    latest: str = ""
    revisions: list[tuple[int, EventEntry, str]] = field(default_factory=list)
    superseded: set[str] = field(default_factory=set)
    row_id: int | None = None

    @property
    def entry(self) -> EventEntry:
        """The entry of the latest revision, as it came."""
        return self.keys[self.latest].entry

    def places(self) -> Iterator[tuple[_Place, Citation]]:
        """Each citation with what it is recognised by."""
        return zip(_places(citation.link for citation in self.citations), self.citations, strict=True)


class Catalogue:
    """Known events by key and by date; takes entries one by one and keeps what they change.

    Attributes:
        held: (file, key) of all entries of this import: the keys that a file still gives.
    """

    def __init__(self, events: Iterable[KnownEvent] = (), unchanged: dict[str, tuple[str, str]] | None = None) -> None:
        """``unchanged``: key -> (digest, own key) of events that no entry of this import changes."""
        self.held: frozenset[tuple[str, str]] = frozenset()
        self.by_key: dict[str, KnownEvent] = {}
        self._by_date: defaultdict[date, list[KnownEvent]] = defaultdict(list)
        self._unchanged = unchanged or {}
        for event in events:
            self._add(event)

    def _add(self, event: KnownEvent) -> None:
        self.by_key.update(dict.fromkeys(event.keys, event))
        self._by_date[event.entry.event_date].append(event)

    def changed(self) -> list[KnownEvent]:
        """Events that got revisions, each once, in the order of their coming."""
        return list({id(event): event for event in self.by_key.values() if event.revisions}.values())

    def take(self, entry: EventEntry, digest: str, match: EventMatcher, now: datetime) -> ImportedEntry:
        """Import one entry."""
        event = self.by_key.get(entry.key)
        if event is None and self._unchanged.get(entry.key, ("", ""))[0] == digest:
            return _unchanged(entry.key, self._unchanged[entry.key][1])
        if event is None:
            return self._take_unknown(entry, digest, match, now)
        known = event.keys[entry.key]
        if known.digest == digest:
            if not known.entry.raw and gains_raw(known.entry.origin, entry):
                known.entry = replace(known.entry, raw=entry.raw)
            return _unchanged(entry.key, event.key)
        return self._revise(event, entry, digest, known.reason, now)

    def _take_unknown(self, entry: EventEntry, digest: str, match: EventMatcher, now: datetime) -> ImportedEntry:
        same_day = self._by_date[entry.event_date]
        found = match(entry, [known.entry for event in same_day for known in event.keys.values()])
        if found is not None:
            return self._revise(self.by_key[found[0]], entry, digest, found[1], now)
        event = KnownEvent(key=entry.key, imported_at=now, revised_at=now)
        added, _ = revise(event, entry, digest, "", now)
        self._add(event)
        return ImportedEntry(key=entry.key, change=EntryChange.NEW, links_added=added)

    def _revise(self, event: KnownEvent, entry: EventEntry, digest: str, reason: str, now: datetime) -> ImportedEntry:
        day = event.entry.event_date
        _supersede(event, entry, self.held)
        added, withdrawn = revise(event, entry, digest, reason, now)
        self.by_key[entry.key] = event
        if day != entry.event_date:
            self._by_date[day].remove(event)
            self._by_date[entry.event_date].append(event)
        return ImportedEntry(
            key=event.key,
            change=EntryChange.CHANGED,
            alias_of=event.key if entry.key != event.key else "",
            reason=reason or "same key",
            links_added=added,
            links_withdrawn=withdrawn,
        )


def gains_raw(stored: EntryOrigin, fresh: EventEntry) -> bool:
    """Whether a stored entry that has no raw text, and says the same as a fresh one, takes over the fresh one's.

    Only where one format read both: a raw text is understood by the format that the entry's origin names.
    """
    return bool(fresh.raw) and stored.format == fresh.origin.format


def held_by(entries: Iterable[EventEntry]) -> frozenset[tuple[str, str]]:
    """What `Catalogue.held` is for these entries."""
    return frozenset((entry.origin.name, entry.key) for entry in entries)


def _supersede(event: KnownEvent, entry: EventEntry, held: frozenset[tuple[str, str]]) -> None:
    """Let the entry take the place of what its file said before under keys that it gives no more."""
    file = entry.origin.name
    for key, known in event.keys.items():
        edited = known.entry.origin.name == file != STANDARD_INPUT and (file, key) not in held
        if key == entry.key or not known.digest or not edited:
            continue
        known.digest = ""
        event.superseded.add(key)
        for citation in event.citations:
            if citation.key == key:
                citation.key, citation.touched = entry.key, True


def _unchanged(key: str, own: str) -> ImportedEntry:
    alias_of = own if own != key else ""
    return ImportedEntry(key=own, change=EntryChange.UNCHANGED, alias_of=alias_of, reason="same key")


def revise(event: KnownEvent, entry: EventEntry, digest: str, reason: str, now: datetime) -> tuple[int, int]:
    """Make the entry the event's latest revision; returns how many links it added and withdrew."""
    event.revision += 1
    event.revised_at, event.latest = now, entry.key
    event.revisions.append((event.revision, entry, digest))
    known = event.keys.get(entry.key)
    added_at = known.added_at if known else now
    event.keys[entry.key] = KnownKey(
        entry=entry, digest=digest, revision=event.revision, reason=reason, added_at=added_at
    )
    added = _cite(event, entry, now)
    return added, _withdraw(event, entry, now)


def _cite(event: KnownEvent, entry: EventEntry, now: datetime) -> int:
    """Add what the entry cites; returns how many links are new on the event."""
    standing, added = dict(event.places()), 0
    for place, link in zip(_places(entry.sources), entry.sources, strict=True):
        citation = standing.get(place)
        if citation is None:
            event.citations.append(Citation(key=entry.key, link=link, added_at=now))
            added += 1
        elif citation.withdrawn_at is not None or citation.key == entry.key:
            _place(citation, entry.key, link)
    return added


def _withdraw(event: KnownEvent, entry: EventEntry, now: datetime) -> int:
    """Mark what came under the entry's key and is no longer there; returns how many links no page has any more."""
    cited, withdrawn = set(_places(entry.sources)), 0
    for place, citation in event.places():
        if citation.key != entry.key or citation.withdrawn_at is not None or place in cited:
            continue
        heir = _heir(event, place)
        if heir is not None:
            key, link = heir
            # An older program may have named the document otherwise; what the URL means the citation knows best.
            _place(citation, key, replace(link, identity=citation.link.identity or link.identity))
        else:
            citation.withdrawn_at, citation.touched = now, True
            withdrawn += 1
    return withdrawn


def _heir(event: KnownEvent, place: _Place) -> tuple[str, SourceLink] | None:
    for key, known in event.keys.items():
        if not known.digest:
            continue
        cited = dict(zip(_places(known.entry.sources), known.entry.sources, strict=True))
        if place in cited:
            return key, cited[place]
    return None


def _place(citation: Citation, key: str, link: SourceLink) -> None:
    if (citation.key, citation.link, citation.withdrawn_at) != (key, link, None):
        citation.key, citation.link, citation.withdrawn_at, citation.touched = key, link, None, True


def _places(links: Iterable[SourceLink]) -> list[_Place]:
    seen: Counter[str] = Counter()
    places = []
    for link in links:
        seen[link.cited_url] += 1
        places.append((link.cited_url, seen[link.cited_url]))
    return places
