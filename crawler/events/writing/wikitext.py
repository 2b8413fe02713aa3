"""Wikitext: items of day pages, and whole day pages, as they were or laid out anew.

Why nothing is built from the parsed tree: a parser that writes a page anew may even out what it did not understand.
Marks are put into the tree where something is to be added, the page is cut at them, and what lies between is checked to
be the original, sign for sign. Where it is not, the item goes back without additions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import mwparserfromhell
from mwparserfromhell.nodes import ExternalLink, Tag, Template, Text, Wikilink

from crawler.events.cite import archive_values, template_of, text_value, url_value
from crawler.events.formats.wikitext_day import WikitextDay
from crawler.events.notes import Notes, SourceNote
from crawler.events.wikicode import BROKEN_LINK, is_tangled
from storage.types import EventEntry, LinkKind, SourceLink

Node = Any  # mwparserfromhell has no usable type information

_MARK = "\ue000"
_MARKS = re.compile(f"{_MARK}(\\d+){_MARK}")
_UNREAD_TAGS = frozenset({"table", "gallery", "references", "math"})
_CITES = ("cite ", "citation", "vcite")
_PRESENT: dict[str, tuple[str, ...]] = {
    "archive-url": ("archive-url", "archiveurl"),
    "archive-date": ("archive-date", "archivedate", "archive-url", "archiveurl"),
    "url-status": ("url-status", "deadurl", "dead-url"),
}
"""Parameter -> those beside which it is not added: a copy that an editor chose keeps the date that they gave or not."""
_DEPTH = re.compile(r"[*:]*\*")
_LIST_MARK = re.compile(r"^[*#:;]")
_EDGES = " \t\n:–—-"


def item_of(entry: EventEntry, notes: Notes | None = None) -> str:
    """The entry's item: the one that it was read from where there is such, else laid out anew; no line end."""
    if entry.raw and entry.origin.format == WikitextDay.name:
        return annotated_item(entry.raw, notes, _labels(entry)) if notes is not None else entry.raw
    stars = "*" * (len(entry.topics) + 1)
    sources = (_source(link, notes) for link in entry.sources if link.kind is LinkKind.ARTICLE)
    headline = _LIST_MARK.sub(lambda mark: f"&#{ord(mark[0])};", text_value(entry.headline))
    return " ".join([stars, headline, *sources])


def day_page(items: Sequence[tuple[EventEntry, str]]) -> str:
    """The page of a day: its items under their categories and topics.

    Args:
        items: the day's entries, in reading order, each with its item; not empty.
    """
    day = items[0][0].event_date
    lines = [f"{{{{Current events header|{day.year:04}|{day.month:02}|{day.day:02}}}}}"]
    category, above = "", list[str]()
    for entry, item in items:
        if entry.category != category:
            category, above = entry.category, []
            lines.append(f";{text_value(category)}")
        marks = _DEPTH.match(item)
        depth = len(marks[0]) if marks else 1
        topics = entry.topics[: depth - 1] if len(entry.topics) >= depth - 1 else ()
        lines += _topic_lines(topics, above)
        lines.append(item)
        above = [*topics, entry.headline.strip(_EDGES)]
    return "\n".join(lines) + "\n"


def _topic_lines(topics: Sequence[str], above: Sequence[str]) -> Iterator[str]:
    """Headers for those topics that are not the item's already by what stands above it."""
    known = True
    for place, topic in enumerate(topics):
        known = known and place < len(above) and above[place] == topic
        if not known:
            yield f"{'*' * (place + 1)} {text_value(topic)}:"


def annotated_item(raw: str, notes: Notes, labels: dict[str, str] | None = None) -> str:
    """The item with what is known about each of its sources.

    A link gets a citation template behind it, a template the parameters that it lacks; nothing is added twice.

    Args:
        raw: the item as it stands on its page.
        notes: what is known; sources that are not in it stay as they are.
        labels: cited URL -> label of the link.
    """
    if _MARK in raw or is_tangled(raw):
        return raw
    marker = _Marker(notes=notes, labels=labels or {})
    code = mwparserfromhell.parse(raw)
    marker.walk(code.nodes, in_reference=False)
    pieces = _MARKS.split(str(code))
    if "".join(pieces[::2]) != raw:
        return raw
    out = pieces[0]
    for number, behind in zip(pieces[1::2], pieces[2::2], strict=True):
        out = _with(out, marker.additions[int(number)]) + behind
    return out


@dataclass(slots=True)
class _Marker:
    """Puts marks into a tree; an addition that begins with ``|`` is a template's parameters."""

    notes: Notes
    labels: dict[str, str]
    additions: list[str] = field(default_factory=list)

    def walk(self, nodes: list[Node], *, in_reference: bool) -> None:
        for node in list(nodes):
            if isinstance(node, ExternalLink):
                self._link(nodes, node, in_reference)
            elif isinstance(node, Text):
                self._text(node, in_reference)
            elif isinstance(node, Template):
                self._template(node)
            elif isinstance(node, Wikilink) and node.text is not None:
                self.walk(node.text.nodes, in_reference=in_reference)
            elif isinstance(node, Tag) and node.contents is not None:
                name = str(node.tag).strip().lower()
                if name not in _UNREAD_TAGS:
                    self.walk(node.contents.nodes, in_reference=in_reference or name == "ref")

    def _link(self, nodes: list[Node], node: Node, in_reference: bool) -> None:  # noqa: FBT001
        url = str(node.url).strip()
        place = next(index for index, other in enumerate(nodes) if other is node) + 1
        addition = self._behind(url, in_reference)
        if addition and not _is_told_of(url, list(nodes)[place : place + 2]):
            nodes.insert(place, Text(self._mark(addition)))

    def _text(self, node: Text, in_reference: bool) -> None:  # noqa: FBT001
        value = str(node.value)
        if "[" in value:
            node.value = BROKEN_LINK.sub(lambda link: link[0] + self._marked(link["url"], in_reference), value)

    def _marked(self, url: str, in_reference: bool) -> str:  # noqa: FBT001
        addition = self._behind(url, in_reference)
        return self._mark(addition) if addition else ""

    def _behind(self, url: str, in_reference: bool) -> str:  # noqa: FBT001
        note = self.notes.get(url)
        if note is None or not note.adds_to(url) or not dict(archive_values(note)):
            return ""
        template = template_of(url, self.labels.get(url, ""), note)
        return f" {template}" if in_reference else f"<ref>{template}</ref>"

    def _template(self, node: Template) -> None:
        url = _cited(node)
        note = self.notes.get(url)
        if note is None or not note.adds_to(url):
            return
        lacking = [(name, value) for name, value in archive_values(note) if not _has(node, _PRESENT[name])]
        empty = {name for name, _ in lacking if node.has(name)}
        for name in sorted(empty):
            node.get(name).value.nodes.insert(0, Text(self._mark(dict(lacking)[name])))
        if len(empty) < len(lacking):
            gap = "\n|" if str(node).count("\n|") else " |"
            added = "".join(f"{gap}{name}={value}" for name, value in lacking if name not in empty)
            node.params[-1].value.nodes.append(Text(self._mark(added)))

    def _mark(self, addition: str) -> str:
        self.additions.append(addition)
        return f"{_MARK}{len(self.additions) - 1}{_MARK}"


def _with(before: str, addition: str) -> str:
    """Parameters go behind the last value, before the space that ends it."""
    if not addition.lstrip().startswith("|"):
        return before + addition
    value = before.rstrip()
    return value + addition + before[len(value) :]


def _is_told_of(url: str, behind: Sequence[Node]) -> bool:
    """Whether a template for the link stands behind it already."""
    near = [node for node in behind if not isinstance(node, Text) or node.value.strip()][:1]
    if near and isinstance(near[0], Tag) and near[0].contents is not None:
        near = near[0].contents.nodes
    return any(
        isinstance(node, Template) and (url_value(_cited(node)) == url_value(url) or _is_copy(node, url))
        for node in near
    )


def _is_copy(node: Template, url: str) -> bool:
    return str(node.name).strip().lower() == "webarchive" and url.partition("://")[2] in str(node)


def _cited(node: Template) -> str:
    """The URL that a citation template cites; empty for every other template."""
    if not str(node.name).strip().lower().replace("_", " ").startswith(_CITES) or not node.has("url"):
        return ""
    return str(node.get("url").value).strip()


def _has(node: Template, names: Sequence[str]) -> bool:
    return any(node.has(name, ignore_empty=True) for name in names)


def _labels(entry: EventEntry) -> dict[str, str]:
    return {link.cited_url: link.label for link in reversed(entry.sources)}


def _source(link: SourceLink, notes: Notes | None) -> str:
    if notes is None:
        label = f" ({text_value(link.label)})" if link.label else ""
        return f"[{url_value(link.cited_url)}{label}]"
    return template_of(link.cited_url, link.label, notes.get(link.cited_url, SourceNote()))
