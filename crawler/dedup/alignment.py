"""Which passages of two texts are one another's, word by word, however edited and in whatever order.

Why seeds and chains
    Shared runs of three words are joined into exact runs; exact runs that follow one another in both texts with small
    gaps are joined into passages. A passage stands where it stands, so paragraphs in another order, cuts and furniture
    between them cost nothing; changed words are gaps inside it. Time grows with the length of the texts (1 to 3 ms for
    two of 600 words) and unrelated real news share less than .03.

    The longest common subsequence of all words (rapidfuzz) takes a tenth of that time and was rejected: it keeps one
    order of the paragraphs, so that it finds .24 to .41 of a copy in which they were moved, and up to .27 of a text
    that has nothing to do with the other, because "the", "of" and "said" stand everywhere in some order.

    A passage must hold at least seven words that are equal, and of its words at least two in five: a stock
    phrase is none, and a chain of chance runs is none.

    The two texts are ordered before anything else (shorter first, then by their words), so that every figure is the
    same whichever came first; only the shares are handed back to their sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.dedup.units import SPACED, script_of
from crawler.dedup.wording import Wording

_MOST_PLACES = 9
"""Pairs of places of one seed; what is repeated more often in both texts tells nothing about where it belongs."""
_WIDEST_GAP = 9
_LEAST_WORDS = 7
_LEAST_DENSITY = 0.4
_NOT_TOLD = re.compile(rb"\x00+")


@dataclass(slots=True)
class Run:
    """Units that are equal: from ``here`` in one text, from ``there`` in the other; grows while it is found."""

    here: int
    there: int
    length: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A passage as it stands in both texts: its exact runs, in the order of the first text."""

    runs: Sequence[Run]

    @property
    def here(self) -> tuple[int, int]:
        """From where to where in the first text."""
        return self.runs[0].here, self.runs[-1].here + self.runs[-1].length

    @property
    def there(self) -> tuple[int, int]:
        """The same in the second."""
        return min(run.there for run in self.runs), max(run.there + run.length for run in self.runs)


@dataclass(frozen=True, slots=True)
class Side:
    """What the passages cover of one of the texts: per unit whether it stands in one, and whether it is equal."""

    wording: Wording
    told: bytearray
    equal: bytearray

    @property
    def told_words(self) -> float:
        """Words within passages."""
        return _weighed(self.wording, self.told)

    @property
    def share(self) -> float:
        """The part of the text that stands in passages."""
        length = self.wording.length
        return min(self.told_words / length, 1.0) if length else 0.0

    @property
    def at_top(self) -> float:
        """How much of the passages would be found by reading no more than their length from the top."""
        count = sum(self.told)
        return sum(self.told[:count]) / count if count else 0.0

    @property
    def longest_piece(self) -> float:
        """Words of the longest piece that stands in no passage."""
        pieces = (self.wording.words(*found.span()) for found in _NOT_TOLD.finditer(self.told))
        return max(pieces, default=0.0)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts beside each other: ``shorter`` has no more units than ``longer``."""

    stretches: Sequence[Stretch]
    shorter: Side
    longer: Side


def aligned(shorter: Wording, longer: Wording) -> Alignment:
    """The passages of two texts; give the one with fewer units first, and every figure is symmetric."""
    stretches = [Stretch(runs) for runs in _chains(shorter, exact_runs(shorter, longer)) if _holds(shorter, runs)]
    here, there = _side(shorter), _side(longer)
    for stretch in stretches:
        _mark(here.told, *stretch.here)
        _mark(there.told, *stretch.there)
        for run in stretch.runs:
            _mark(here.equal, run.here, run.here + run.length)
            _mark(there.equal, run.there, run.there + run.length)
    return Alignment(stretches, here, there)


def exact_runs(one: Wording, other: Wording) -> list[Run]:
    """The longest runs of equal units, by where they begin."""
    open_runs: dict[int, Run] = {}
    runs: list[Run] = []
    for here, there, length in sorted(_places(one, other)):
        run = open_runs.get(there - here)
        if run is not None and here > run.here + run.length:
            _extend(run, one.units, other.units)
        if run is not None and here <= run.here + run.length:
            run.length = max(here + length - run.here, run.length)
            continue
        open_runs[there - here] = run = _begun(Run(here, there, length), one.units, other.units)
        runs.append(run)
    for run in open_runs.values():
        _extend(run, one.units, other.units)
    return sorted(runs, key=lambda run: (run.here, run.there))


def _extend(run: Run, units: Sequence[str], other: Sequence[str]) -> None:
    """Over seeds that are repeated too often to be looked at."""
    end, other_end = run.here + run.length, run.there + run.length
    while end < len(units) and other_end < len(other) and units[end] == other[other_end]:
        end, other_end = end + 1, other_end + 1
    run.length = end - run.here


def _begun(run: Run, units: Sequence[str], other: Sequence[str]) -> Run:
    """The same towards the beginning."""
    while run.here and run.there and units[run.here - 1] == other[run.there - 1]:
        run.here, run.there, run.length = run.here - 1, run.there - 1, run.length + 1
    return run


def _places(one: Wording, other: Wording) -> Iterator[tuple[int, int, int]]:
    for seed in one.seeds.keys() & other.seeds.keys():
        here, there = one.seeds[seed], other.seeds[seed]
        if len(here) * len(there) <= _MOST_PLACES:
            yield from ((place, other_place, len(seed)) for place in here for other_place in there)


def _chains(one: Wording, runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that follow one another in both texts; each joins the chain whose end lies nearest."""
    done: list[list[Run]] = []
    growing: list[list[Run]] = []
    for run in runs:
        script = script_of(one.units[run.here])
        widest = _WIDEST_GAP * script.gram // SPACED.gram
        done += [chain for chain in growing if run.here - _end(chain) > widest]
        growing = [chain for chain in growing if run.here - _end(chain) <= widest]
        near = [
            (gap, place) for place, chain in enumerate(growing) if (gap := _gap(chain[-1], run, widest)) is not None
        ]
        if near:
            growing[min(near)[1]].append(run)
        else:
            growing.append([run])
    return done + growing


def _end(chain: Sequence[Run]) -> int:
    return chain[-1].here + chain[-1].length


def _gap(last: Run, run: Run, widest: int) -> int | None:
    """Units between two runs; a few that overlap are borne, since a seed may stand twice in a sentence."""
    here, there = run.here - last.here - last.length, run.there - last.there - last.length
    near = -SPACED.seed <= here <= widest and -SPACED.seed <= there <= widest
    return abs(here) + abs(there) if near else None


def _holds(one: Wording, runs: Sequence[Run]) -> bool:
    stretch = Stretch(runs)
    (start, end), (other_start, other_end) = stretch.here, stretch.there
    equal = sum(run.length for run in runs)
    dense = equal >= _LEAST_DENSITY * max(end - start, other_end - other_start)
    return dense and sum(one.words(run.here, run.here + run.length) for run in runs) >= _LEAST_WORDS


def _side(text: Wording) -> Side:
    return Side(text, bytearray(len(text.units)), bytearray(len(text.units)))


def _mark(marks: bytearray, start: int, end: int) -> None:
    marks[start:end] = b"\x01" * (end - start)


def _weighed(text: Wording, marks: bytearray) -> float:
    if not text.ends:
        return sum(marks)
    return sum(text.words(place, place + 1) for place, mark in enumerate(marks) if mark)
