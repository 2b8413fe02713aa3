"""A page as a reader sees it: lines of text in order, each with what is known of the block that holds it.

Why lines: old pages have no classes and no paragraphs. That a date stands two lines under the headline is all the
structure there is, and it holds in every age of the web.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.text import fold_spaces

_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "label"}
    | {"mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"}
    | {"wbr", "amp-timeago"}
)
_UNSEEN = frozenset(
    {
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "select",
        "option",
        "textarea",
        "button",
        "iframe",
        "svg",
        "title",
    }
)
_AROUND = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One visible line.

    Attributes:
        text: spaces folded, never empty.
        tag: of the block that holds it.
        hint: lower-case class, id and itemprop of that block and of the inline elements in the line.
        linked: how many of its characters are link text.
        around: (tag, hint) of the blocks around that block, at most five, the nearest last.
    """

    text: str
    tag: str
    hint: str
    linked: int
    around: tuple[tuple[str, str], ...] = ()


class _Writer:
    """Collects text until a block begins or ends; what is known of a block is read only when a line needs it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._texts: list[str] = []
        self._inline: list[HtmlElement] = []
        self._linked = self._links = 0
        self._blocks: list[HtmlElement | None] = [None]
        self._labels: dict[HtmlElement | None, tuple[str, str]] = {}
        self._inside: dict[HtmlElement | None, tuple[tuple[str, str], ...]] = {}

    def add(self, text: str) -> None:
        if self._links:
            self._linked += len(text)
        elif not self._texts and text.isspace():
            return
        self._texts.append(text)

    def open(self, element: HtmlElement, tag: str) -> None:
        if tag == "a":
            self._links += 1
        if tag in _INLINE:
            self._inline.append(element)
            return
        if self._texts or self._inline:
            self.flush()
        if tag != "br":
            self._blocks.append(element)

    def close(self, tag: str) -> None:
        if tag == "a":
            self._links -= 1
        if tag in _INLINE:
            return
        if self._texts or self._inline:
            self.flush()
        if tag != "br":
            self._blocks.pop()

    def flush(self) -> None:
        text = fold_spaces("".join(self._texts))
        if text:
            self._write(text)
        self._texts, self._inline, self._linked = [], [], 0

    def _write(self, text: str) -> None:
        tag, hint = self._label(self._blocks[-1])
        if self._inline:
            hint = " ".join(filter(None, (hint, *map(_hint, self._inline))))
        self.lines.append(Line(text, tag, hint, self._linked, self._around()))

    def _label(self, block: HtmlElement | None) -> tuple[str, str]:
        """Tag and hint of an open block; ``None`` stands for what is around the page."""
        label = self._labels.get(block)
        if label is None:
            label = self._labels[block] = ("body", "") if block is None else (block.tag, _hint(block))
        return label

    def _around(self) -> tuple[tuple[str, str], ...]:
        """What stands around the innermost block; the same for all blocks directly inside of another."""
        if len(self._blocks) == 1:
            return ()
        outer = self._blocks[-2]
        around = self._inside.get(outer)
        if around is None:
            around = self._inside[outer] = tuple(map(self._label, self._blocks[-1 - _AROUND : -1]))
        return around


def visible_lines(tree: HtmlElement) -> tuple[Line, ...]:
    """Lines of the page in document order; scripts, form controls and the head are not visible."""
    writer, walker = _Writer(), etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "end":
            if tag not in _UNSEEN:
                writer.close(tag)
            text = element.tail
        elif tag in _UNSEEN:
            walker.skip_subtree()
            continue
        else:
            writer.open(element, tag)
            text = element.text
        if text:
            writer.add(text)
    writer.flush()
    return tuple(writer.lines)


def _hint(element: HtmlElement) -> str:
    get = element.get
    return " ".join(filter(None, (get("class"), get("id"), get("itemprop"), get("rel")))).lower()
