"""The wikitext day page (Portal:Current events): every bullet that tells something is an event.

Why a bullet may be a topic and not an event: ``* [[Conflict in Iraq]]:`` with bullets below it says nothing by itself;
it names what the bullets below it tell. A bullet counts as such a header when it cites nothing and is no sentence.
Both generations of pages are read: bullets between ``{{Current events header|2006|07|05}}`` and its footer, and the
template ``{{Current events|year=|month=|day=|content=}}`` with bold category lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import mwparserfromhell
from mwparserfromhell.nodes import Heading, Tag, Template, Text, Wikilink

from crawler.events.cite import without_ours
from crawler.events.contract import BrokenEntry, EntryText, ReadOptions
from crawler.events.days import day_in_name, day_of
from crawler.events.keys import DistinctKeys, event_key
from crawler.events.links import source_links
from crawler.events.outline import Line, lines_of
from crawler.events.repair import folded, repaired
from crawler.events.verbatim import Verbatim
from crawler.events.wikicode import Inline, NamedRefs, find_named_refs, is_tangled, plain_text, read_inline
from storage.types import EntryOrigin, EventEntry

Node = Any  # mwparserfromhell has no usable type information

_DAY_TEMPLATE = re.compile(r"\{\{\s*current[ _]events(?:[ _]header)?\s*\|", re.IGNORECASE)
_BULLET = re.compile(r"^[*:]*\*", re.MULTILINE)
_NAMED_REF = re.compile(r"<ref\s[^<>]*/>", re.IGNORECASE)
_MAX_CHARS = 2_000_000
_TOPIC_WORDS = 6
_SPEAKS = re.compile(r"\w")
_HEADER_EDGES = " \t\n:–—-"
_OPTIONAL_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(slots=True)
class _Item:
    line: Line
    depth: int
    category: str
    inline: Inline
    text: str
    has_children: bool = False


class WikitextDay:
    """Format ``wikitext``."""

    name = "wikitext"

    def recognises(self, name: str, text: str) -> bool:
        """By its template, or by bullets in a file that is named after a day."""
        if _DAY_TEMPLATE.search(text) is not None:
            return True
        return day_in_name(name) is not None and _BULLET.search(text) is not None

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[EventEntry]:
        """The page's events, topics and categories worked in."""
        code = _parsed(source.text)
        event_date = _page_day(code, source.name)
        keys = DistinctKeys()
        verbatim = Verbatim(source)
        for item, topics in _events(_items(code, source.text)):
            citations = [f"{citation.label} {citation.url}" for citation in item.inline.citations]
            yield EventEntry(
                key=keys.give(event_key(event_date, repaired(item.inline.plain)), item.text, *citations),
                event_date=event_date,
                headline=folded(repaired(item.text)),
                headline_raw=without_ours(item.line.raw),
                language=options.language or "en",
                category=item.category,
                topics=topics,
                entities=tuple(repaired(entity) for entity in item.inline.entities),
                sources=source_links(item.inline.citations),
                origin=EntryOrigin(name=source.name, line=item.line.number, format=self.name),
                raw=verbatim.between(item.line.start, item.line.end),
            )


def _parsed(text: str) -> Node:
    """The parsed page; limits keep hostile input from taking minutes."""
    if len(text) > _MAX_CHARS or is_tangled(text):
        raise BrokenEntry(0, "the page is far too large for one day's events", "give one file per day")
    try:
        return mwparserfromhell.parse(text)
    except mwparserfromhell.parser.ParserError as error:
        raise BrokenEntry(0, f"the wikitext cannot be parsed: {error}", "mend its brackets and templates") from error


def _page_day(code: Node, name: str) -> date:
    for template in code.nodes:
        if not isinstance(template, Template) or _DAY_TEMPLATE.match(str(template)) is None:
            continue
        named = [template.get(part).value for part in ("year", "month", "day") if template.has(part)]
        placed = [template.get(number).value for number in (1, 2, 3) if template.has(number)]
        parts = [str(value).strip() for value in (named if len(named) == 3 else placed)]  # noqa: PLR2004  y, m, d
        day = day_of(*parts) if len(parts) == 3 else None  # noqa: PLR2004
        if day is None:
            problem = f"the day template does not give a date: {str(template)[:60]!r}"
            raise BrokenEntry(1, problem, "write {{Current events header|2006|07|05}}")
        return day
    named_day = day_in_name(name)
    if named_day is None:
        problem = "nothing says which day the events belong to"
        raise BrokenEntry(1, problem, "add {{Current events header|2006|07|05}} or call the file 2006_July_5.txt")
    return named_day


def _items(code: Node, text: str) -> list[_Item]:
    """The page's bullets in reading order, each with its category."""
    named_refs = find_named_refs(code) if _NAMED_REF.search(text) else {}
    items: list[_Item] = []
    category = ""
    for line in lines_of(code.nodes):
        heading = _heading(line)
        if heading:
            category = heading
            continue
        inline = read_inline(line.nodes, named_refs)
        text = folded(inline.plain)
        item = _Item(line=line, depth=len(line.marks), category=category, inline=inline, text=text)
        if line.marks:
            items.append(item)
        elif item.inline.citations:
            _take_paragraph(item, items, named_refs)
    _mark_parents(items)
    return items


def _take_paragraph(item: _Item, items: list[_Item], named_refs: NamedRefs) -> None:
    """A line without marks: sources that belong to the bullet above, or an event whose star was forgotten."""
    told = plain_text(item.line.nodes) != item.inline.plain and _SPEAKS.search(item.inline.plain)
    if told or not items:
        item.depth = 1
        items.append(item)
        return
    above = items[-1]
    above.line.end = item.line.end
    above.line.add(Text("\n"), "\n")
    for node in item.line.nodes:
        above.line.add(node, str(node))
    above.inline = read_inline(above.line.nodes, named_refs)
    above.text = folded(above.inline.plain)


def _mark_parents(items: Sequence[_Item]) -> None:
    for item, below in pairwise(items):
        item.has_children = below.depth > item.depth and below.category == item.category


def _heading(line: Line) -> str:
    """The category that a heading, a ``;`` line or a bold line names; empty for any other line."""
    nodes = line.visible()
    if line.marks.startswith(";"):
        return folded(plain_text(nodes)).strip(_HEADER_EDGES)
    if len(nodes) == 1 and isinstance(nodes[0], Heading):
        return folded(plain_text(nodes[0].title.nodes)).strip(_HEADER_EDGES)
    if len(nodes) == 1 and isinstance(nodes[0], Tag) and str(nodes[0].tag) == "b":
        inline = read_inline(nodes)
        return "" if inline.citations else folded(inline.plain).strip(_HEADER_EDGES)
    return ""


def _events(items: Sequence[_Item]) -> Iterator[tuple[_Item, tuple[str, ...]]]:
    """The items that tell something, each with the topics above it, outermost first."""
    above: list[tuple[int, str]] = []
    category = ""
    for item in items:
        above = [] if item.category != category else [(depth, name) for depth, name in above if depth < item.depth]
        category = item.category
        is_header = _names_a_topic(item)
        if not _SPEAKS.search(item.text):
            continue
        if is_header:
            above.append((item.depth, item.text.strip(_HEADER_EDGES)))
        if item.inline.citations or not is_header:
            topics = [name for depth, name in above if depth < item.depth]
            yield item, tuple(dict.fromkeys(filter(None, [*topics, _leading_topic(item)])))


def _names_a_topic(item: _Item) -> bool:
    """Whether the text is a heading for what stands below it rather than a sentence."""
    if item.inline.citations and not item.has_children:
        return False
    text = _OPTIONAL_ASIDE.sub("", item.text)
    if text.endswith(":") or _only_links(item.line):
        return True
    if item.inline.citations or not item.has_children:
        return False
    return not text.endswith((".", "!", "?", '"')) and len(text.split()) <= _TOPIC_WORDS


def _only_links(line: Line) -> bool:
    """No word of the line stands outside a wiki link (but for an aside in brackets)."""
    outside = "".join(str(node) for node in line.nodes if isinstance(node, Text))
    linked = any(isinstance(node, Wikilink) for node in line.nodes)
    return linked and not _SPEAKS.search(re.sub(r"\([^()]*\)", "", outside))


def _leading_topic(item: _Item) -> str:
    """The topic that a bullet itself begins with: ``[[2007 Atlantic hurricane season]]: A storm ...``."""
    if ": " not in item.text:
        return ""
    nodes = item.line.visible()
    if len(nodes) > 1 and isinstance(nodes[0], Wikilink) and str(nodes[1]).startswith(": "):
        return folded(repaired(plain_text(nodes[:1])))
    return ""
