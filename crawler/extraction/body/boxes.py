"""Lines that stand in a story and are none of it because they repeat.

Why repetition: "external content, allow cookies" and "scroll to continue" stand between paragraphs with no class to
tell them, but no reporter writes a sentence three times. Why not where much repeats: some pages hold their whole text
twice or three times, for screens of different width, and then the first copy is the story; and where nearly all of it
is one sentence, that sentence is all there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.extraction.cuts import cut
from storage.types import Cut

_OFTEN = 3
_TWICE_CHARS = 40
_COPIED_SHARE, _MOST_COPIED_SHARE = 0.4, 0.77
_WEIGHED_CHARS = 200


def without_boxes(blocks: Sequence[str]) -> tuple[tuple[str, ...], tuple[Cut, ...]]:
    """The blocks of the story, and what was cut, in order."""
    repeated = _repeated(blocks)
    cuts = tuple(cut(blocks[index], "repeats on the page", "middle") for index in sorted(repeated))
    return tuple(block for index, block in enumerate(blocks) if index not in repeated), cuts


def _size(block: str) -> int:
    """How much the block weighs where copies are compared; a run of digits is no text, and no length outweighs all."""
    return min(len(block), _WEIGHED_CHARS) if any(map(str.isalpha, block[:_WEIGHED_CHARS])) else 0


def _repeated(blocks: Sequence[str]) -> frozenset[int]:
    """Blocks that stand there three times, and later copies of long ones."""
    counts = Counter(blocks)
    sizes = {block: _size(block) for block in counts}
    copied = sum(sizes[block] * (count - 1) for block, count in counts.items())
    total = sum(sizes[block] * count for block, count in counts.items())
    if copied > _MOST_COPIED_SHARE * total:
        return frozenset()
    is_copy = copied > _COPIED_SHARE * total
    seen: set[str] = set()
    gone: set[int] = set()
    for index, block in enumerate(blocks):
        again = block in seen and len(block) >= _TWICE_CHARS
        if again or (counts[block] >= _OFTEN and not is_copy):
            gone.add(index)
        seen.add(block)
    return frozenset(gone)
