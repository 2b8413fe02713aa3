"""The passages that two texts have in common, as they stand in each.

Why
    A score convinces nobody; the sentences that stand in both texts do. A passage is a run of words that are equal once
    folded (capitals, quotes and dashes aside), in the longest runs that there are: an edited copy shows where it was
    edited, by its breaks. Longest first, and no word of either text in two passages, as one would mark them by hand.

    Seeds of three words are joined into runs (`alignment.exact_runs`), so time grows with the length of the texts
    and not with its square; of each text the first 20,000 words are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from crawler.dedup.alignment import Run, exact_runs
from crawler.dedup.folding import fold
from crawler.dedup.units import MOST_UNITS, is_unit
from crawler.dedup.wording import Wording, worded

_LEAST_WORDS = 5


class Reading(Protocol):
    """What is compared: the body of an article."""

    @property
    def body(self) -> str:
        """Blocks as `storage.types.Article.body` has them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A run of words that stands in two bodies.

    Attributes:
        text: as it stands in the first body.
        other_text: as it stands in the other.
        start: character of the first body at which it begins, 0-based.
        other_start: the same of the other body.
        words: how many words; characters of scripts without spaces count for parts of a word.
    """

    text: str
    other_text: str
    start: int
    other_start: int
    words: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Placed:
    """A body as units, and where each stands in it."""

    body: str
    wording: Wording
    spans: Sequence[tuple[int, int]]

    def text(self, start: int, length: int) -> str:
        """The characters of a run of units."""
        return self.body[self.spans[start][0] : self.spans[start + length - 1][1]]


def passages(one: Reading, other: Reading) -> tuple[Passage, ...]:
    """What stands in both bodies, five words or more at a time: longest first, then by its place in the first."""
    here, there = _placed(one.body), _placed(other.body)
    found = [_passage(here, there, run) for run in _apart(here, there)]
    return tuple(sorted(found, key=lambda passage: (-passage.words, passage.start)))


def _apart(here: _Placed, there: _Placed) -> Iterator[Run]:
    """The runs, longest first, each without what a longer one took in either text."""
    taken, other_taken = bytearray(len(here.spans)), bytearray(len(there.spans))
    runs = exact_runs(here.wording, there.wording)
    for run in sorted(runs, key=lambda run: (-run.length, run.here, run.there)):
        for rest in _free(run, taken, other_taken):
            if here.wording.words(rest.here, rest.here + rest.length) >= _LEAST_WORDS:
                taken[rest.here : rest.here + rest.length] = b"\x01" * rest.length
                other_taken[rest.there : rest.there + rest.length] = b"\x01" * rest.length
                yield rest


def _free(run: Run, taken: bytearray, other_taken: bytearray) -> Iterator[Run]:
    start = 0
    for place in range(run.length + 1):
        ends = place == run.length or taken[run.here + place] or other_taken[run.there + place]
        if ends:
            if place > start:
                yield Run(run.here + start, run.there + start, place - start)
            start = place + 1


def _passage(here: _Placed, there: _Placed, run: Run) -> Passage:
    return Passage(
        text=here.text(run.here, run.length),
        other_text=there.text(run.there, run.length),
        start=here.spans[run.here][0],
        other_start=there.spans[run.there][0],
        words=round(here.wording.words(run.here, run.here + run.length)),
    )


def _placed(body: str) -> _Placed:
    units: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(body):
        if unit := fold(body[start:end]):
            units.append(unit)
            spans.append((start, end))
        if len(units) == MOST_UNITS:
            break
    return _Placed(body=body, wording=worded(units), spans=spans)


def _pieces(body: str) -> Iterator[tuple[int, int]]:
    """Where characters that belong to one word stand."""
    start = 0
    for place, char in enumerate(body):
        alone = is_unit(char)
        if alone or not (_joins(char) or _is_minus(body, place)):
            yield start, place
            start = place + 1
        if alone:
            yield place, place + 1
    yield start, len(body)


@lru_cache(maxsize=4096)
def _joins(char: str) -> bool:
    """Whether folding leaves no gap where the character stood."""
    return " " not in fold(f"a{char}a")


def _is_minus(body: str, place: int) -> bool:
    return body[place] in "-\u2212\u2013" and "minus" in fold(body[max(place - 1, 0) : place + 2])
