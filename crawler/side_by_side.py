"""Two texts beside each other: which block stands next to which, and which words stand in both. Pure.

Why by passages and not by sentences, as versions of one article are compared: a paper that prints a dispatch cuts it,
moves its paragraphs and writes its own between them. The passages (`crawler.dedup.passages`) say what is shared,
whatever was done. Blocks are laid beside each other where they share most, as far as that goes in one order; what both
have at places that do not stand beside each other is marked as well, as ``ELSEWHERE``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from crawler.dedup import Passage


class Sharing(StrEnum):
    """Whether words stand in the other text too: not, in the block beside them, or in another one."""

    OWN = "own"
    SHARED = "shared"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Words of a block that are all shared alike."""

    sharing: Sharing
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One block: what opens it (``## ``, ``- ``, ``> ``, or nothing) and its parts in order."""

    mark: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two blocks beside each other; ``None`` where nothing stands there."""

    left: Cell | None = None
    right: Cell | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class _Shared:
    """Characters that stand in both texts, within one block of either."""

    start: int
    end: int
    other_start: int
    other_end: int

    def turned(self) -> _Shared:
        """As the other text sees it."""
        return _Shared(self.other_start, self.other_end, self.start, self.end)


_Blocks = Sequence[_Block]
_Places = tuple[int, int]
"""Places of a block on the left and of one on the right."""
_MARKS = ("## ", "- ", "> ")


def side_by_side(left: str, right: str, passages: Sequence[Passage]) -> tuple[Pair, ...]:
    """All blocks of two bodies in order, each once; ``passages`` are those that they have in common, left first."""
    here, there = _blocks(left), _blocks(right)
    shared = sorted((one for passage in passages for one in _parted(passage, here, there)), key=lambda one: one.start)
    beside = _beside(here, there, shared)
    turned = {right_at: left_at for left_at, right_at in beside.items()}
    lefts = _cells(left, here, there, shared, beside)
    rights = _cells(right, there, here, sorted((one.turned() for one in shared), key=lambda one: one.start), turned)
    return tuple(_pairs(lefts, rights, beside))


def _blocks(body: str) -> list[_Block]:
    """Lines up to the next blank one, without white space at either end."""
    found, start, place = [], 0, 0
    for line in [*body.split("\n"), ""]:
        if not line.strip():
            text = body[start:place].rstrip()
            begins = start + len(text) - len(text.lstrip())
            mark = next((one for one in _MARKS if text.lstrip().startswith(one)), "")
            if text:
                found.append(_Block(begins + len(mark), start + len(text), mark))
            start = place + len(line) + 1
        place += len(line) + 1
    return found


def _at(blocks: _Blocks, place: int) -> int:
    """Which block a character stands in."""
    return max(0, bisect_right(blocks, place, key=lambda block: block.start) - 1)


def _parted(passage: Passage, here: _Blocks, there: _Blocks) -> Iterator[_Shared]:
    """A passage cut where a block ends on either side.

    Which characters correspond: the words of both are equal once folded, so the n-th letter here is the n-th there.
    """
    letters = [passage.start + place for place, sign in enumerate(passage.text) if sign.isalnum()]
    others = [passage.other_start + place for place, sign in enumerate(passage.other_text) if sign.isalnum()]
    count = min(len(letters), len(others))
    cuts = {*_cuts(letters, here), *_cuts(others, there)}
    places = sorted({0, count, *(cut for cut in cuts if cut < count)})
    for start, end in pairwise(places):
        yield _Shared(letters[start], letters[end - 1] + 1, others[start], others[end - 1] + 1)


def _cuts(letters: Sequence[int], blocks: _Blocks) -> Iterator[int]:
    """Which of these letters are the first of a block."""
    for block in blocks[_at(blocks, letters[0]) + 1 : _at(blocks, letters[-1]) + 1] if letters else ():
        yield bisect_left(letters, block.start)


# -- which block stands beside which ---------------------------------------------------------------------------------


def _beside(here: _Blocks, there: _Blocks, shared: Sequence[_Shared]) -> dict[int, int]:
    """Pairs of blocks in the same order that share the most characters in all: left place -> right place."""
    worth: Counter[_Places] = Counter()
    for one in shared:
        worth[_at(here, one.start), _at(there, one.other_start)] += one.end - one.start
    runs: list[tuple[int, int, _Places]] = []
    behind: dict[_Places, _Places | None] = {}
    # Of one left block the last right one first, so that it never follows itself.
    for pair in sorted(worth, key=lambda pair: (pair[0], -pair[1])):
        at = bisect_left(runs, pair[1], key=lambda run: run[0])
        behind[pair] = runs[at - 1][2] if at else None
        _note(runs, (pair[1], worth[pair] + (runs[at - 1][1] if at else 0), pair))
    found, pair_behind = [], runs[-1][2] if runs else None
    while pair_behind is not None:
        found.append(pair_behind)
        pair_behind = behind[pair_behind]
    return dict(reversed(found))


def _note(runs: list[tuple[int, int, _Places]], run: tuple[int, int, _Places]) -> None:
    """Keep the best run of pairs up to each right block: a later end must be worth more."""
    at = bisect_right(runs, run[0], key=lambda one: one[0])
    if at and runs[at - 1][1] >= run[1]:
        return
    start = end = at
    while end < len(runs) and runs[end][1] <= run[1]:
        end += 1
    if at and runs[at - 1][0] == run[0]:
        start = at - 1
    runs[start:end] = [run]


def _pairs(lefts: Sequence[Cell], rights: Sequence[Cell], beside: dict[int, int]) -> Iterator[Pair]:
    a = b = 0
    for left, right in [*beside.items(), (len(lefts), len(rights))]:
        yield from (Pair(left=one) for one in lefts[a:left])
        yield from (Pair(right=one) for one in rights[b:right])
        if left < len(lefts):
            yield Pair(left=lefts[left], right=rights[right])
        a, b = left + 1, right + 1


# -- what is marked --------------------------------------------------------------------------------------------------


def _cells(body: str, blocks: _Blocks, there: _Blocks, shared: Sequence[_Shared], beside: dict[int, int]) -> list[Cell]:
    of_block: defaultdict[int, list[_Shared]] = defaultdict(list)
    for one in shared:
        of_block[_at(blocks, one.start)].append(one)
    return [
        Cell(mark=block.mark, parts=tuple(_parts(body, block, of_block[number], there, beside.get(number))))
        for number, block in enumerate(blocks)
    ]


def _parts(body: str, block: _Block, shared: Sequence[_Shared], there: _Blocks, beside: int | None) -> Iterator[Part]:
    place = block.start
    for one in shared:
        if place < one.start:
            yield Part(sharing=Sharing.OWN, text=body[place : one.start])
        sharing = Sharing.SHARED if _at(there, one.other_start) == beside else Sharing.ELSEWHERE
        yield Part(sharing=sharing, text=body[one.start : one.end])
        place = one.end
    if place < block.end:
        yield Part(sharing=Sharing.OWN, text=body[place : block.end])
