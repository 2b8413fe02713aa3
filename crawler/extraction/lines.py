"""A page as a reader sees it: lines of text in order, each with what is known of the block that holds it.

Why lines: old pages have no classes and no paragraphs. That a date stands two lines under the headline is all the
structure there is, and it holds in every age of the web.
"""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Line:
    """One visible line.

    Attributes:
        text: spaces folded, never empty.
        tag: of the block that holds it.
        hint: lower-case class, id and itemprop of that block and of the inline elements in the line.
        linked: how many of its characters are link text.
    """

    text: str
    tag: str
    hint: str
    linked: int


class _Writer:
    """Collects text until a block begins or ends."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._hints: list[str] = []
        self._linked = 0
        self._blocks: list[tuple[str, str]] = [("body", "")]
        self._links = 0

    def add(self, text: str | None) -> None:
        if text:
            self._texts.append(text)
            self._linked += len(text) if self._links else 0

    def open(self, element: HtmlElement) -> Iterator[Line]:
        if element.tag == "a":
            self._links += 1
        if element.tag in _INLINE:
            self._hints.append(_hint(element))
            return
        yield from self.flush()
        if element.tag != "br":
            self._blocks.append((element.tag, _hint(element)))

    def close(self, element: HtmlElement) -> Iterator[Line]:
        if element.tag == "a":
            self._links -= 1
        if element.tag in _INLINE:
            return
        yield from self.flush()
        if element.tag != "br" and len(self._blocks) > 1:
            self._blocks.pop()

    def flush(self) -> Iterator[Line]:
        text = fold_spaces("".join(self._texts))
        if text:
            tag, hint = self._blocks[-1]
            hints = " ".join(filter(None, (hint, *self._hints)))
            yield Line(text=text, tag=tag, hint=hints, linked=self._linked)
        self._texts, self._hints, self._linked = [], [], 0


def visible_lines(tree: HtmlElement) -> Iterator[Line]:
    """Lines of the page in document order; scripts, form controls and the head are not visible."""
    writer = _Writer()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        if not isinstance(element.tag, str):
            continue
        if element.tag in _UNSEEN:
            if event == "start":
                walker.skip_subtree()
            else:
                writer.add(element.tail)
        elif event == "start":
            yield from writer.open(element)
            writer.add(element.text)
        else:
            yield from writer.close(element)
            writer.add(element.tail)
    yield from writer.flush()


def _hint(element: HtmlElement) -> str:
    named = (element.get("class"), element.get("id"), element.get("itemprop"), element.get("rel"))
    return " ".join(name for name in named if name).lower()
