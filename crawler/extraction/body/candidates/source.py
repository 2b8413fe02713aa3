"""The page as the candidates see it: its pieces of text are read once, for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crawler.extraction.body.candidates.apart import Apart
from crawler.extraction.body.candidates.prose import is_prose
from crawler.extraction.body.found import Hints
from crawler.extraction.body.markup import Piece, pieces_of
from crawler.extraction.body.shingles import Block
from crawler.extraction.document import MAX_ELEMENTS, ParsedPage

_LINKED_SHARE = 0.5
_BOX_HEADING_CHARS = 60
_ENDS = (".", "!", "?", "…", '"', "”", "»", "。", "！", "？", "」")


@dataclass(frozen=True)
class Source:
    """A page and what is known of it.

    Attributes:
        page: the page.
        hints: see `Hints`.
        read: blocks of candidates by their text, so that what several have is read once.
        shared: what one candidate made and another goes on from, by its class.
    """

    page: ParsedPage
    hints: Hints
    read: dict[str, Block] = field(default_factory=dict)
    shared: dict[type, Any] = field(default_factory=dict)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All blocks of the page, in its order."""
        body = self.page.tree.find("body")
        return tuple(pieces_of(self.page.tree if body is None else body))

    @cached_property
    def apart(self) -> Apart:
        """What of it is no part of a story, by where it stands."""
        return Apart(self.page, self.pieces, self.hints.headline)

    @property
    def is_huge(self) -> bool:
        """Whether the tree is too large to be copied and handed to a library."""
        return self.page.elements > MAX_ELEMENTS

    @cached_property
    def is_tabular(self) -> bool:
        """Whether prose stands in cells of tables, as on most pages of before about 2007."""
        cells = sum(1 for piece in self.pieces if piece.home.tag == "td" and is_prose(piece))
        return cells * 2 > sum(1 for piece in self.pieces if is_prose(piece))


def story_blocks(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The pieces without links that stand alone, and without the headings over them."""
    kept: list[str] = []
    under_heading = False
    for piece in reversed(pieces):
        boxed = _is_link(piece) or (under_heading and _is_label(piece))
        under_heading = boxed
        if not boxed:
            kept.append(piece.mark + piece.text)
    return tuple(reversed(kept))


def _is_link(piece: Piece) -> bool:
    return piece.linked > _LINKED_SHARE * len(piece.text)


def _is_label(piece: Piece) -> bool:
    return len(piece.text) <= _BOX_HEADING_CHARS and not piece.text.endswith(_ENDS) and piece.mark != "- "
