"""The units of folded text: words, and characters where a script writes no spaces between words.

Why
    Languages written without spaces have no cheap words. There a unit is one character, and whatever counts units must
    take more of them: `Script` says how many make a gram and how many make the shorter seed of an alignment. The
    length is chosen by the first unit of a gram, never by the whole text, so that a bilingual copy is cut like its
    original. `words_of` weighs units, so that one threshold in words serves all scripts.

    Segmenters for Chinese, Japanese and Thai were rejected: large models, and the same sentence is cut otherwise
    when its neighbours change, which is what a comparison must not see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_UNITS = 20_000
"""Of one text; bounds what an endless live page can cost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """How text of a kind of script is cut.

    Attributes:
        characters: ranges for a character class; empty for everything that is written with spaces.
        gram: units per gram: about five words.
        seed: units per seed of an alignment: about three words.
    """

    characters: str
    gram: int
    seed: int


SPACED = Script(characters="", gram=5, seed=3)
# A word of Han and kana has between one and three characters.
_HAN = Script(characters="\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", gram=8, seed=5)
# One of Thai, Lao, Myanmar or Khmer has about four, marks counted.
_THAI = Script(characters="\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff", gram=20, seed=10)
_UNSPACED = (_HAN, _THAI)
_ALL = "".join(script.characters for script in _UNSPACED)
_UNIT = re.compile(f"[{_ALL}]|[^ {_ALL}]+")
_STARTS = tuple((re.compile(f"[{script.characters}]"), script) for script in _UNSPACED)
_FIRST_UNSPACED = "\u0e00"
_ANY_UNSPACED = re.compile(f"[{_ALL}]")


def units_of(folded: str) -> list[str]:
    """The units of a folded text, in order."""
    return _UNIT.findall(folded) if _ANY_UNSPACED.search(folded) else folded.split()


def is_unit(char: str) -> bool:
    """Whether this character is a unit by itself."""
    return char >= _FIRST_UNSPACED and script_of(char) is not SPACED


def script_of(unit: str) -> Script:
    """How text that begins with this unit is cut."""
    if unit < _FIRST_UNSPACED:
        return SPACED
    return next((script for start, script in _STARTS if start.match(unit)), SPACED)


def words_of(units: Sequence[str]) -> list[float]:
    """How many words each unit is worth: 1, or less for a character of a script without spaces."""
    return [SPACED.gram / script_of(unit).gram for unit in units]


def all_spaced(units: Sequence[str]) -> bool:
    """Whether every unit is a word."""
    return not units or max(units) < _FIRST_UNSPACED or all(script_of(unit) is SPACED for unit in units)
