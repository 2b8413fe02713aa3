"""How far a text is about what the page is cited for and what its headline says.

Words are compared by their first letters, so that endings do not count; in scripts without spaces by two characters.
Why only shares among candidates of one page are ever compared: event entry and page are often written in different
languages, where only names agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from crawler.extraction.body.found import Hints
from crawler.extraction.text import UNSPACED, folded

_STEM = 5
_LEAST_LETTERS = 4
_COMPARED_BLOCKS = 30
_BLOCK_CHARS = 1000


class Topic:
    """The telling words of headline and citations; what candidates have in common is read once."""

    def __init__(self, hints: Hints) -> None:
        self._wanted = frozenset(_stems((hints.headline, *(citation.headline for citation in hints.citations))))
        self._shared: dict[str, frozenset[str]] = {}

    def share(self, blocks: Sequence[str]) -> float:
        """How many of the wanted words the beginning of a text has, 0 to 1; 0 where none is wanted."""
        if not self._wanted:
            return 0.0
        found = frozenset[str]().union(*map(self._words_of, islice(blocks, _COMPARED_BLOCKS)))
        return len(found) / len(self._wanted)

    def _words_of(self, block: str) -> frozenset[str]:
        """Which of the wanted words the block has."""
        known = self._shared.get(block)
        if known is None:
            known = self._shared[block] = self._wanted & _stems((block[:_BLOCK_CHARS],))
        return known


def _stems(texts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text in texts:
        words = folded(text)
        is_spaced = UNSPACED.search(words) is None
        for word in words.split():
            if not is_spaced and UNSPACED.search(word):
                found.update(word[index : index + 2] for index in range(len(word) - 1))
            elif len(word) >= _LEAST_LETTERS:
                found.add(word[:_STEM])
    return found
