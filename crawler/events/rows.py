"""Rows of a table as event entries: what CSV and JSONL have in common.

Why rows are joined by event id: such tables have one row per cited URL. Rows with the same id are one event (without an
id column: rows with the same date and headline), and rows that contradict each other are reported, not averaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import unquote

from crawler.events.contract import BrokenEntry, EntryText, ReadOptions
from crawler.events.days import iso_day
from crawler.events.keys import DistinctKeys, event_key, key_of_page
from crawler.events.links import Citation, source_links
from crawler.events.repair import folded, repaired
from crawler.events.verbatim import Verbatim
from crawler.events.wikicode import Inline, read_markup
from storage.types import EntryOrigin, EventEntry, RelatedLink

FIELDS: Mapping[str, tuple[str, ...]] = {
    "event_id": ("event_id", "event", "id", "event_key", "key"),
    "date": ("date", "event_date", "day"),
    "headline": ("headline", "summary", "title"),
    "headline_raw": ("headline_raw",),
    "url": ("url", "cited_url", "link", "source_url"),
    "urls": ("reference_urls", "urls", "links"),
    "sources": ("sources",),
    "label": ("label", "source", "publisher"),
    "description": ("description",),
    "description_raw": ("description_raw",),
    "category": ("category",),
    "topics": ("topics", "topic"),
    "entities": ("entities", "wiki_links"),
    "language": ("language", "lang"),
    "related": ("related",),
}
"""Our field name -> the names under which a table may have it; the first present wins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row, its values under our field names.

    Attributes:
        line: 1-based.
        values: texts; missing and empty fields are left out.
        citations: what it cites.
        topics: outermost first.
        entities: titles.
        last_line: 1-based line on which it ends.
        related: related links, where the table has such.
    """

    line: int
    values: Mapping[str, str]
    citations: tuple[Citation, ...] = ()
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    last_line: int = 0
    related: tuple[RelatedLink, ...] = ()


@dataclass(slots=True)
class _Event:
    line: int
    last_line: int
    day: date
    headline: str
    event_id: str
    values: dict[str, str]
    citations: list[Citation] = field(default_factory=list)
    topics: dict[str, None] = field(default_factory=dict)
    entities: dict[str, None] = field(default_factory=dict)
    related: list[RelatedLink] = field(default_factory=list)
    in_one_piece: bool = True


def field_names(present: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Our field name -> the table's own, for those that it has; ``columns`` overrides our guesses.

    Raises:
        BrokenEntry: ``columns`` names a field that we do not know or a column that is not there.
    """
    known = {name.strip().lower().lstrip("\ufeff"): name for name in present}
    for ours, theirs in columns.items():
        if ours not in FIELDS:
            raise BrokenEntry(1, f"there is no field {ours!r} to map", f"map one of {', '.join(FIELDS)}")
        if theirs.strip().lower() not in known:
            raise BrokenEntry(1, f"there is no column {theirs!r}", f"the columns are {', '.join(known.values())}")
    found: dict[str, str] = {}
    for ours, names in FIELDS.items():
        wanted = (columns[ours].strip().lower(),) if ours in columns else names
        match = next((known[name] for name in wanted if name in known), None)
        if match is not None:
            found[ours] = match
    return found


def entries_of(rows: Iterable[Row], source: EntryText, format_name: str, options: ReadOptions) -> Iterator[EventEntry]:
    """The events of the rows, in the order of their first rows.

    An event has its rows as ``raw`` where nothing stands between them; else there is no text of it alone.
    """
    events: dict[tuple[str, ...], _Event] = {}
    keys = DistinctKeys()
    for row in rows:
        _join(events, row)
    verbatim = Verbatim(source)
    for event in events.values():
        origin = EntryOrigin(name=source.name, line=event.line, format=format_name)
        raw = verbatim.lines(event.line, event.last_line) if event.in_one_piece else ""
        yield replace(_entry(event, keys, origin, options), raw=raw)


def _join(events: dict[tuple[str, ...], _Event], row: Row) -> None:
    event_id = row.values.get("event_id", "")
    identity = (event_id,) if event_id else (row.values.get("date", ""), row.values.get("headline", ""))
    event = events.get(identity)
    if event is None:
        event = events[identity] = _first(row, event_id)
    else:
        _agree(event, row)
        event.in_one_piece &= row.line == event.last_line + 1
        event.last_line = row.last_line
    event.citations += row.citations
    event.topics.update(dict.fromkeys(row.topics))
    event.entities.update(dict.fromkeys(row.entities))
    event.related += row.related
    for key, value in row.values.items():
        event.values.setdefault(key, value)


def _first(row: Row, event_id: str) -> _Event:
    written = row.values.get("date", "")
    day = iso_day(written)
    if day is None:
        problem = f"{written!r} is no date" if written else "the row has no date"
        raise BrokenEntry(row.line, problem, "write dates as 2006-07-05, or name the column with the date")
    headline = row.values.get("headline", "")
    if not headline.strip():
        raise BrokenEntry(row.line, "the row has no headline", "fill it, or name the column with the headline")
    return _Event(line=row.line, last_line=row.last_line, day=day, headline=headline, event_id=event_id, values={})


def _agree(event: _Event, row: Row) -> None:
    written = row.values.get("date", "")
    if written and iso_day(written) != event.day:
        problem = f"event {event.event_id!r} has another date here than in line {event.line}"
        raise BrokenEntry(row.line, problem, "give each event one date")
    if folded(row.values.get("headline", event.headline)) != folded(event.headline):
        problem = f"event {event.event_id!r} has another headline here than in line {event.line}"
        raise BrokenEntry(row.line, problem, "give each event one headline")


def _entry(event: _Event, keys: DistinctKeys, origin: EntryOrigin, options: ReadOptions) -> EventEntry:
    inline = _headline(event)
    raw_headline = event.values.get("headline_raw", event.headline)
    own_key = key_of_page(f"/news/{event.event_id}.md") or event_key(event.day, raw_headline)
    said = event.values.get("description", "")
    return EventEntry(
        key=keys.give(own_key, event.event_id, event.headline),
        event_date=event.day,
        headline=inline.plain,
        headline_raw=raw_headline,
        description=said if "description_raw" in event.values else repaired(said).strip(),
        description_raw=event.values.get("description_raw", said),
        language=options.language or event.values.get("language", "") or "en",
        category=folded(repaired(event.values.get("category", ""))),
        topics=tuple(event.topics),
        entities=tuple(dict.fromkeys([*event.entities, *map(repaired, inline.entities)])),
        sources=source_links([*inline.citations, *event.citations]),
        related=tuple(replace(link, position=place) for place, link in enumerate(event.related, start=1)),
        origin=origin,
    )


def _headline(event: _Event) -> Inline:
    """What the headline says; one that has its raw text beside it was read before and is complete."""
    if "headline_raw" in event.values:
        return Inline(plain=event.headline)
    inline = read_markup(event.headline)
    return replace(inline, plain=folded(repaired(inline.plain)) or folded(repaired(event.headline)))


def title_of_link(written: str) -> str:
    """The page title in a wiki link's URL; any other text as it is."""
    title = written.partition("/wiki/")[2].partition("#")[0] or written
    return folded(repaired(unquote(title).replace("_", " "))) if "/wiki/" in written else folded(repaired(written))
