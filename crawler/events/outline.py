"""A wikitext page as its list items, each with the place it has in the outline.

Why nodes and not lines: references and templates run over line ends, and a star inside them is no bullet. The page's
top-level nodes are walked once; a line break in plain text ends an item, nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mwparserfromhell.nodes import Comment, Heading, Tag, Template, Text

Node = Any  # mwparserfromhell has no usable type information

_LIST_TAGS = frozenset({"li", "dd", "dt"})
_TRANSPARENT = frozenset(
    {"div", "span", "center", "onlyinclude", "includeonly", "noinclude", "section", "font", "small"}
)
_DAY_TEMPLATE = "current events"


@dataclass(slots=True)
class Line:
    """One line of a page.

    Attributes:
        number: 1-based line of the file on which it starts.
        marks: the list marks it begins with (``**``, ``;``); empty for a paragraph.
        nodes: what follows them.
        raw: the same, exactly as written.
        start: place in the page's text at which the line begins, its marks included.
        end: place behind its last sign.
    """

    number: int
    marks: str = ""
    nodes: list[Node] = field(default_factory=list)
    raw: str = ""
    start: int = 0
    end: int = 0

    def visible(self) -> list[Node]:
        """The nodes that a reader sees anything of."""
        return [node for node in self.nodes if _is_visible(node)]

    def add(self, node: Node, raw: str) -> None:
        """Put a node at the end of the line."""
        self.nodes.append(node)
        self.raw += raw


def lines_of(nodes: list[Node], first_line: int = 1) -> Iterator[Line]:
    """The lines that hold anything, in reading order; the day template is seen through."""
    walker = _Walker(number=first_line, line=Line(number=first_line))
    walker.walk(nodes)
    walker.end_line()
    return (line for line in walker.lines if line.marks or line.visible())


@dataclass(slots=True)
class _Walker:
    number: int
    line: Line
    lines: list[Line] = field(default_factory=list)
    place: int = 0

    def walk(self, nodes: list[Node]) -> None:
        for node in nodes:
            if isinstance(node, Text):
                self._text(str(node.value))
            elif isinstance(node, Tag):
                self._tag(node)
            elif isinstance(node, Template) and _is_day_template(node):
                self._day_template(node)
            else:
                self._whole(node)

    def end_line(self) -> None:
        if self.line.marks or self.line.nodes:
            self.lines.append(self.line)
        self.line = Line(number=self.number, start=self.place)

    def _text(self, text: str) -> None:
        first, *others = text.split("\n")
        self._piece(first)
        for piece in others:
            self.number += 1
            self.place += 1
            self.end_line()
            self._piece(piece)

    def _piece(self, piece: str) -> None:
        """A piece of one line; stray spaces between stars (``* * text``) do not hide a mark."""
        self._begin()
        self.place += len(piece)
        self.line.end = self.place
        if self.line.marks and not self.line.nodes:
            bare = piece.lstrip(" \t*")
            self.line.marks += "*" * piece[: len(piece) - len(bare)].count("*")
            piece = piece if "*" not in piece[: len(piece) - len(bare)] else " " + bare
        if piece:
            self.line.add(Text(piece), piece)

    def _tag(self, node: Tag) -> None:
        name = str(node.tag).strip().lower()
        if name in _LIST_TAGS and node.wiki_markup is not None and not self.line.visible():
            self._begin()
            self.line.nodes.clear()
            self.line.raw = ""
            self.line.marks += str(node.wiki_markup)
            self.place += len(str(node))
            self.line.end = self.place
        elif name in _TRANSPARENT and node.contents is not None and "\n" in str(node.contents):
            self._opened(node)
        else:
            self._whole(node)

    def _opened(self, node: Tag) -> None:
        """What stands in a tag that says nothing; the tag's own signs belong to no line."""
        written, inside = str(node), str(node.contents)
        opening = written.rfind(inside)
        self._pass_by(written[:opening])
        self.walk(node.contents.nodes)
        self._pass_by(written[opening + len(inside) :])

    def _day_template(self, node: Template) -> None:
        self._pass_by("{{" + str(node.name))
        for parameter in node.params:
            written, inside = f"|{parameter}", str(parameter.value)
            if str(parameter.name).strip().lower() == "content":
                self._pass_by(written[: len(written) - len(inside)])
                self.end_line()
                self.walk(parameter.value.nodes)
                self.end_line()
            else:
                self._pass_by(written)
        self._pass_by("}}")

    def _whole(self, node: Node) -> None:
        if isinstance(node, Heading):
            self.end_line()
        raw = str(node)
        self._begin()
        self.line.add(node, raw)
        self._pass_by(raw)
        self.line.end = self.place

    def _begin(self) -> None:
        """What comes next is the line's first sign, if it has none yet."""
        if not self.line.marks and not self.line.nodes:
            self.line.start = self.place

    def _pass_by(self, written: str) -> None:
        self.number += written.count("\n")
        self.place += len(written)


def _is_visible(node: Node) -> bool:
    if isinstance(node, Text):
        return bool(node.value.strip())
    return not isinstance(node, Comment)


def _is_day_template(node: Template) -> bool:
    return str(node.name).strip().lower().replace("_", " ") == _DAY_TEMPLATE and node.has("content")
