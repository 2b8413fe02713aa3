"""What a paragraph of a story looks like, in any language and without any class name."""

from __future__ import annotations

from crawler.extraction.body.markup import Piece
from crawler.extraction.text import UNSPACED

_CHARS = 60
_LINK_SHARE = 0.35
_UNSPACED_WORTH = 2.5
_SENTENCE_END = (".", "!", "?", "…", ":", ";", '"', "”", "»", "“", "’", "'", ")", "。", "！", "？", "」", "|")


def weight(piece: Piece) -> float:
    """How many characters of prose the piece has, links not counted; characters without spaces count more."""
    free = len(piece.text) - piece.linked
    return free * _UNSPACED_WORTH if free and UNSPACED.search(piece.text) else float(free)


def is_prose(piece: Piece) -> bool:
    """Whether it reads like a paragraph: long, hardly linked, and no heading."""
    if piece.mark == "## " or piece.linked > _LINK_SHARE * len(piece.text):
        return False
    chars = weight(piece)
    return chars >= _CHARS and (chars >= 2 * _CHARS or piece.text.endswith(_SENTENCE_END))
