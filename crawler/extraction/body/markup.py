"""HTML elements as structured text: paragraphs, headings, list items, quotations and rows of data tables.

Why not trafilatura's own conversion: it knows the class names of its age and loses or moves what it does not know
(text between `<br><br>`, quotations in tables); whoever has found the right element wants all of its text. Why a walk
and not recursion: pages are hostile, and generated nesting is the commonest form of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.text import fold_spaces

UNSEEN = frozenset(
    {"head", "title", "script", "style", "noscript", "template", "select", "option", "textarea", "button", "input"}
    | {"label", "legend", "iframe", "frame", "object", "embed", "applet", "svg", "canvas", "audio", "video", "map"}
    | {"nav", "menu", "dialog", "aside", "footer", "figcaption", "caption", "datalist", "rp", "rt"}
)
"""Elements whose text is no part of a story: controls, navigation, captions, boxes beside the text."""

_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark"}
    | {"nobr", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"}
    | {"wbr", "dfn", "basefont", "blink", "data", "img", "amp-timeago"}
)
_MARKS = {f"h{level}": "## " for level in range(1, 7)} | {"li": "- ", "blockquote": "> "}
_SWALLOWING = frozenset({"nav", "menu", "dialog", "aside", "footer", "button"})
_LONG_CHARS = 60
_STORY_PARAGRAPHS = 5
_WRAPPED_CHARS = 50
_SENTENCE_END = (".", "!", "?", "…", ":", '"', "”", "»", "“", "。", "！", "？", "」")
_DATA_CELL_CHARS = 150
_DATA_ROWS = 2
_DATA_CELLS = 2
_BLANK_LINE = re.compile(r"\n[ \t\r\f\xa0]{0,20}\n")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none")


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of text and where it stands.

    Attributes:
        text: spaces folded, with at least one letter or digit.
        mark: ``## ``, ``- ``, ``> `` or empty.
        linked: how many of its characters are link text.
        home: the innermost block element that holds it.
    """

    text: str
    mark: str
    linked: int
    home: HtmlElement


def blocks_of(elements: Sequence[HtmlElement], dropped: Collection[HtmlElement] = ()) -> tuple[str, ...]:
    """The text of these elements as blocks of `storage.types.Article.body`, in the given order, none empty.

    Args:
        elements: shown whole, whatever kind of element they are themselves.
        dropped: elements inside of them that are left out.
    """
    return tuple(piece.mark + piece.text for element in elements for piece in pieces_of(element, dropped))


def pieces_of(root: HtmlElement, dropped: Collection[HtmlElement] = ()) -> list[Piece]:
    """The blocks of one element, in the order of the page; linear in its size."""
    writer, data, left_out = _Writer(root), data_tables(root), frozenset(dropped)
    walker, skipped = etree.iterwalk(root, events=("start", "end")), None
    for event, element in walker:
        if not isinstance(element.tag, str):
            continue
        if event == "end":
            writer.close(element, counted=element is not skipped)
        elif element is not root and (element in left_out or _is_unseen(element)):
            skipped = element
            walker.skip_subtree()
        elif element.tag == "table" and element in data:
            writer.open(element)
            writer.pieces.extend(_rows(element))
            walker.skip_subtree()
        else:
            writer.open(element)
    writer.flush()
    return writer.pieces


class _Writer:
    """Collects text until a block begins or ends."""

    def __init__(self, root: HtmlElement) -> None:
        self.pieces: list[Piece] = []
        self._root = root
        self._texts: list[str] = []
        self._line_start = 0
        self._linked = 0
        self._links = 0
        self._blocks: list[tuple[HtmlElement, str]] = [(root, "")]

    def open(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self._break_line()
        elif tag == "a":
            self._links += 1
        elif tag not in _INLINE:
            self.flush()
            self._blocks.append((element, _MARKS.get(tag, self._blocks[-1][1])))
        if text := element.text:
            self._read(text)

    def close(self, element: HtmlElement, *, counted: bool) -> None:
        tag = element.tag
        if counted and tag == "a":
            self._links -= 1
        elif tag not in _INLINE and tag != "br":
            self.flush()
            if counted and len(self._blocks) > 1:
                self._blocks.pop()
        if element is not self._root and (text := element.tail):
            self._read(text)

    def flush(self) -> None:
        if not self._texts:
            return
        text = fold_spaces("".join(self._texts))
        if text and any(map(str.isalnum, text)):
            home, mark = self._blocks[-1]
            self.pieces.append(Piece(text, mark, min(self._linked, len(text)), home))
        self._texts, self._line_start, self._linked = [], 0, 0

    def _read(self, text: str) -> None:
        if self._blocks[-1][0].tag == "pre" and "\n" in text:
            for paragraph in _BLANK_LINE.split(text)[:-1]:
                self._add(paragraph)
                self.flush()
            text = _BLANK_LINE.split(text)[-1]
        self._add(text)

    def _add(self, text: str) -> None:
        if self._links:
            self._linked += len(text)
        elif not self._texts and text.isspace():
            return
        self._texts.append(text)

    def _break_line(self) -> None:
        """A line break after a sentence or a short line, or a second one, parts blocks; else it only wraps a line."""
        line = fold_spaces("".join(self._texts[self._line_start :]))
        if self._blocks[-1][1] != "## " and (len(line) < _WRAPPED_CHARS or line.endswith(_SENTENCE_END)):
            self.flush()
        else:
            self._texts.append("\n")
            self._line_start = len(self._texts)


def _is_unseen(element: HtmlElement) -> bool:
    """Never seen, or hidden; but not where it was never closed, or a script shows it, so that it holds the story."""
    if element.tag in UNSEEN:
        return element.tag not in _SWALLOWING or not _holds_story(element)
    style = element.get("style")
    hidden = element.get("hidden") is not None or (style and _HIDDEN.search(style[:200].lower()))
    return bool(hidden) and element.find("p") is None and not _holds_story(element)


def _holds_story(element: HtmlElement) -> bool:
    if element.find(".//h1") is not None or element.find(".//main") is not None:
        return True
    long = (paragraph for paragraph in element.iter("p") if len(paragraph.text or "") >= _LONG_CHARS)
    return sum(1 for _ in islice(long, _STORY_PARAGRAPHS)) == _STORY_PARAGRAPHS


def data_tables(root: HtmlElement) -> frozenset[HtmlElement]:
    """The tables that hold short facts in rows and columns; all others lay out text."""
    tables = list(root.iter("table"))
    outer = {next(table.iterancestors("table"), None) for table in tables}
    return frozenset(table for table in tables if table not in outer and _holds_data(table))


def _holds_data(table: HtmlElement) -> bool:
    rows = 0
    for row in table.iter("tr"):
        cells = _cells(row)
        if any(len(cell) > _DATA_CELL_CHARS for cell in cells):
            return False
        rows += len(cells) >= _DATA_CELLS
    return rows >= _DATA_ROWS


def _cells(row: HtmlElement) -> list[str]:
    return [text for cell in row.iterchildren("td", "th") if (text := fold_spaces(" ".join(cell.itertext())))]


def _rows(table: HtmlElement) -> Iterator[Piece]:
    for row in table.iter("tr"):
        text = " | ".join(_cells(row))
        if any(map(str.isalnum, text)):
            linked = sum(len(text) for link in row.iter("a") for text in link.itertext())
            yield Piece(text, "", min(linked, len(text)), row)
