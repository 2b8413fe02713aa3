"""Texts as sets of four words in a row: what two candidates share, and whether a candidate has a block.

Why not whole blocks: candidates part paragraphs in different places. Why hashes: a set of tuples takes five times the
memory, and the pages are hostile.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extraction.text import UNSPACED

_WORDS = re.compile(rf"{UNSPACED.pattern}|\w+")
_SPACED_WORDS = re.compile(r"\w+")
_LENGTH = 4
_SHORT_WORDS = 6
_HAS_SHARE = 0.7
MOST_BLOCKS = 3000
_BLOCK_CHARS = 6000


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a candidate.

    Attributes:
        text: with its mark.
        key: equal for equal words.
        shingles: hashes of every four words in a row.
        words: how many it has; a character of a script without spaces is one.
    """

    text: str
    key: int
    shingles: frozenset[int]
    words: int


class Shingles:
    """What one candidate's blocks consist of; of very long texts the beginning.

    Attributes:
        blocks: in the given order.
        words: how many they have.
        all: every four words in a row, as hashes.
    """

    def __init__(self, blocks: Sequence[str], known: dict[str, Block] | None = None) -> None:
        known = {} if known is None else known
        self.blocks = tuple(known.get(text) or known.setdefault(text, _read(text)) for text in blocks[:MOST_BLOCKS])
        self.words = sum(block.words for block in self.blocks)
        self.all: frozenset[int] = frozenset().union(*(block.shingles for block in self.blocks))
        self._keys = frozenset(block.key for block in self.blocks)

    def agreement(self, other: Shingles) -> float:
        """0 to 1: twice what both have over what each has (Dice)."""
        total = len(self.all) + len(other.all)
        return 2 * len(self.all & other.all) / total if total else 0.0

    def has(self, block: Block) -> bool:
        """Whether the block stands in the text, as a block of its own or inside of another."""
        if block.key in self._keys:
            return True
        found = block.shingles
        return len(found) > _SHORT_WORDS - _LENGTH and len(found & self.all) >= _HAS_SHARE * len(found)


def _read(text: str) -> Block:
    cased = text[:_BLOCK_CHARS].casefold()
    words = (_WORDS if UNSPACED.search(cased) else _SPACED_WORDS).findall(cased)
    runs = zip(*(words[offset:] for offset in range(_LENGTH)), strict=False)
    return Block(text, hash(tuple(words)), frozenset(map(hash, runs)), len(words))
