"""JSONL: one object a line, either one per cited URL or one per event with a list of URLs.

The field names of event datasets are understood: ``{date, summary, category, reference_urls, wiki_links}`` as in
multi-document summarisation sets, and ``sources`` as a list of URLs or of ``{label, url}``. An object with
``headline_raw`` is an entry that we wrote ourselves (`crawler.events.writing`): nothing in it is repaired or made out
again, so that it comes back as it was. What such a line says about its sources beyond label, URL and archived copy is
not read: it is the library's knowledge, not the entry's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from crawler.events.contract import BrokenEntry, EntryText, ReadOptions
from crawler.events.links import Citation
from crawler.events.rows import Row, entries_of, field_names, title_of_link
from storage.types import EventEntry, RelatedLink

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_LISTS = ("urls", "sources", "topics", "entities", "related")


class JsonLines:
    """Format ``jsonl``."""

    name = "jsonl"

    def recognises(self, name: str, text: str) -> bool:
        """By its suffix, or by a first line that begins an object."""
        if name.lower().endswith((".jsonl", ".ndjson")):
            return True
        head = text.lstrip()
        return head.startswith("{") and not head.startswith("{{") and not name.lower().endswith((".csv", ".tsv"))

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[EventEntry]:
        """The file's events."""
        return entries_of(_rows(source.text, options), source, self.name, options)


def _rows(text: str, options: ReadOptions) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _row(_object(line, number), number, options)


def _object(line: str, number: int) -> Mapping[str, object]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BrokenEntry(number, f"the line is no JSON: {error}", "write one JSON object per line") from error
    if not isinstance(parsed, dict):
        raise BrokenEntry(number, "the line is no JSON object", 'write {"date": ..., "headline": ..., "url": ...}')
    return parsed


def _row(found: Mapping[str, object], number: int, options: ReadOptions) -> Row:
    wanted = {ours: theirs for ours, theirs in options.columns.items() if theirs in found}
    names = field_names(found, wanted)
    values = {ours: _text(found[theirs], theirs, number) for ours, theirs in names.items() if ours not in _LISTS}
    listed = {ours: _list(found[names[ours]], names[ours], number) if ours in names else [] for ours in _LISTS}
    citations = [Citation(url=values.pop("url", ""), label=values.pop("label", ""))]
    citations += [_citation(source, number) for source in [*listed["sources"], *listed["urls"]]]
    entities = [_text(entity, "entities", number) for entity in listed["entities"]]
    return Row(
        line=number,
        last_line=number,
        values={ours: value for ours, value in values.items() if value},
        citations=tuple(citation for citation in citations if citation.url),
        topics=tuple(_text(topic, "topics", number) for topic in listed["topics"]),
        entities=tuple(entities if "headline_raw" in values else map(title_of_link, entities)),
        related=tuple(_related(link, number) for link in listed["related"] if isinstance(link, dict)),
    )


def _text(value: object, name: str, number: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise BrokenEntry(number, f"{name!r} is no text", "write it as a string")
    text = str(value)
    if _UNSTORABLE.search(text):
        raise BrokenEntry(number, f"{name!r} holds characters that are no text", "write the file anew as UTF-8")
    return text


def _list(value: object, name: str, number: int) -> Sequence[object]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise BrokenEntry(number, f"{name!r} is no list", "write it as a list of strings")
    return value


def _citation(source: object, number: int) -> Citation:
    if not isinstance(source, dict):
        return Citation(url=_text(source, "url", number))
    url = next((source[name] for name in ("url", "cited_url", "link") if name in source), None)
    return Citation(
        url=_text(url, "url", number),
        label=_text(source.get("label"), "label", number),
        archived_url=_text(source.get("archive_url"), "archive_url", number),
    )


def _related(link: Mapping[str, object], number: int) -> RelatedLink:
    context = _list(link.get("context"), "context", number)
    return RelatedLink(
        position=1,
        headline=_text(link.get("headline"), "headline", number),
        target_key=_text(link.get("event_id"), "event_id", number),
        context=tuple(_text(entity, "context", number) for entity in context),
    )
