"""A text made ready for being laid beside another one word by word.

Why
    A seed is a run of three words, where grams of the index have five: of a text with every fifth word changed a third
    of the five-word runs survive, and half of the three-word runs, in pieces near enough to be joined. Seeds of two
    words were tried: a tenth more time, and of unrelated real news the first pairs share passages; three were enough.

    Names are words that stand somewhere inside a sentence with a capital. German writes every noun so, Arabic and
    Chinese none; `facts` therefore compares how names fare with how all words fare and never counts them alone.

    The last texts are kept ready (`_KEPT`): a story comes in copies, and each is compared with the ones before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from crawler.dedup.folding import folded_body
from crawler.dedup.units import MOST_UNITS, SPACED, all_spaced, script_of, units_of, words_of

_KEPT = 64
_CAPITALISED = re.compile(r"(?<=[\w,;:–—-] )[^\W\d_]\w*")
Seed = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The body of an article as units.

    Attributes:
        units: in order; at most `MOST_UNITS`.
        ends: words up to and with each unit; empty where every unit is a word.
        seeds: short runs of units -> where they begin.
        body: as it was.
    """

    units: Sequence[str]
    ends: Sequence[float]
    seeds: Mapping[Seed, Sequence[int]]
    body: str = ""

    def words(self, start: int, end: int) -> float:
        """Words between two places."""
        if not self.ends:
            return max(end - start, 0)
        return self.ends[end - 1] - (self.ends[start - 1] if start else 0.0) if end > start else 0.0

    @property
    def length(self) -> float:
        """Words of the whole text."""
        return self.words(0, len(self.units))


@lru_cache(maxsize=_KEPT)
def wording(body: str) -> Wording:
    """The body of an article made ready; any text will do."""
    units = units_of(folded_body(body))[:MOST_UNITS]
    return worded(units, body)


@lru_cache(maxsize=_KEPT)
def names_in(body: str) -> frozenset[str]:
    """The words of a body that look like names, case folded."""
    return frozenset(word.casefold() for word in _CAPITALISED.findall(body) if word[0].isupper())


def worded(units: Sequence[str], body: str = "") -> Wording:
    """The same of units."""
    spaced = all_spaced(units)
    ends = () if spaced else tuple(accumulate(words_of(units)))
    return Wording(units=units, ends=ends, seeds=_seeds(units, spaced=spaced), body=body)


def _seeds(units: Sequence[str], *, spaced: bool) -> dict[Seed, list[int]]:
    seeds: dict[Seed, list[int]] = {}
    if spaced:
        runs: list[Seed] = list(zip(*(units[shift:] for shift in range(SPACED.seed)), strict=False))
    else:
        runs = [tuple(units[place : place + script_of(unit).seed]) for place, unit in enumerate(units)]
    for place, run in enumerate(runs):
        if spaced or len(run) == script_of(run[0]).seed:
            seeds.setdefault(run, []).append(place)
    return seeds
