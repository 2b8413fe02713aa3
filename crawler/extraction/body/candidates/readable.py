"""The element under which most prose stands together, found from below: for pages of any age.

Why not the usual two levels of ancestors: nested layout tables put twenty elements between two paragraphs of one
story. Here an element with a single text-bearing child is no level, so depth costs nothing; only where two bodies of
text meet does the smaller one count half, so that a story does not swallow the comments under it. Every element is
visited once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.body.candidates.prose import is_prose, weight
from crawler.extraction.body.candidates.source import Source, story_blocks
from crawler.extraction.body.markup import Piece

_MEETING = 0.5


@dataclass(slots=True)
class _Node:
    """An element with prose somewhere under it.

    Attributes:
        parent: of the element.
        paragraphs: weight of the single paragraphs that stand directly in it.
        bodies: value of the children that hold several.
        parts: how many paragraphs and children.
    """

    parent: HtmlElement | None
    paragraphs: float = 0.0
    bodies: float = 0.0
    parts: int = 0

    @property
    def value(self) -> float:
        return self.paragraphs + self.bodies * (_MEETING if self.parts > 1 else 1)


def by_mass(source: Source) -> tuple[str, ...]:
    """Blocks under the best element, without links that stand alone."""
    best = best_element(source.pieces)
    if best is None:
        return ()
    inside = frozenset(best.iter())
    return story_blocks([piece for piece in source.pieces if piece.home in inside])


def best_element(pieces: Sequence[Piece]) -> HtmlElement | None:
    """The element with the greatest value, the innermost of equals; ``None`` where there is no prose."""
    nodes = _nodes(pieces)
    best: HtmlElement | None = None
    best_value = 0.0
    for element, node in nodes.items():
        if node.value >= best_value:
            best, best_value = element, node.value
    return best


def _nodes(pieces: Sequence[Piece]) -> dict[HtmlElement, _Node]:
    """Every element above a paragraph, parents before children."""
    nodes: dict[HtmlElement, _Node] = {}
    for piece in pieces:
        if is_prose(piece):
            _enter(nodes, piece.home)
            nodes[piece.home].paragraphs += weight(piece)
            nodes[piece.home].parts += 1
    for node in reversed(nodes.values()):
        if node.parent is not None:
            _give(node, nodes[node.parent])
    return nodes


def _enter(nodes: dict[HtmlElement, _Node], home: HtmlElement) -> None:
    chain: list[HtmlElement] = []
    element: HtmlElement | None = home
    while element is not None and element not in nodes:
        chain.append(element)
        element = element.getparent()
    for new in reversed(chain):
        nodes[new] = _Node(new.getparent())


def _give(node: _Node, parent: _Node) -> None:
    parent.parts += 1
    if node.parts == 1 and not node.bodies:
        parent.paragraphs += node.paragraphs
    else:
        parent.bodies += node.value
