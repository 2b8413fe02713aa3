"""A headline as the words that carry it, to tell an edited headline from another event's.

Why words and not characters: "an earthquake of magnitude 5 hits Chile" and "... hits China" differ by two letters and
by a country. What tells events of one day apart is names, figures and negations; so these are known as such, and a
change in them weighs more than any number of equal words around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_ACRONYM = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_POSSESSIVE = re.compile(r"['’]s?\b")
_NO_SPACES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_NO_SPACES}]|\d+(?:[.,:]\d+)*|[^\W\d_{_NO_SPACES}]+|[^\W_]")
_SINGLE = re.compile(rf"[{_NO_SPACES}]")
SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the and or but of in on at to for from by with as into over after before during near amid about its their"
        " his her it they he she that this which who whose is are was were be been being has have had will would",
    )
)
"""English words that carry no meaning by themselves."""
_FIGURES = frozenset(
    re.findall(
        r"\w+",
        "one two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds"
        " thousand thousands million billion first second third fourth fifth another other"
        " north south east west northern southern eastern western",
    )
)
NEGATIONS = frozenset({"no", "not", "never", "without"})
_SPELLING = 0.8
_SPELLED_OUT = range(5, 40)
_CUT = 4_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """The words of one headline.

    Attributes:
        order: those that carry meaning, folded, each once, as they come.
        telling: of them, those that tell one event from another: names, figures, negations, directions, and every
            character of scripts that have no spaces.
    """

    order: tuple[str, ...]
    telling: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What two headlines share and what only one of them has; other spellings of a word count as shared.

    Attributes:
        shared: in the first one's order.
        left: words that only the first has.
        right: words that only the second has.
        same_order: the shared words come in the same order.
    """

    shared: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    same_order: bool


@lru_cache(maxsize=8192)
def words_of(headline: str) -> Words:
    """The words of a headline."""
    plain = _plain(headline[:_CUT])
    order: dict[str, None] = {}
    telling: set[str] = set()
    for match in _WORD.finditer(plain):
        word = _folded(match[0])
        if word in SMALL_WORDS or not word:
            continue
        order.setdefault(word)
        if _is_telling(match[0], word, plain[: match.start()]):
            telling.add(word)
    return Words(order=tuple(order), telling=frozenset(telling))


def running_words(text: str) -> Iterator[str]:
    """Every word of a text as it comes, folded as those of a headline, small ones and repeats too."""
    for match in _WORD.finditer(_plain(text)):
        if word := _folded(match[0]):
            yield word


def difference(left: Words, right: Words) -> Difference:
    """What the two share and where they differ."""
    lefts, rights = set(left.order), set(right.order)
    spelled = _spellings(left, right, lefts - rights, rights - lefts)
    shared = [word for word in left.order if word in rights or word in spelled]
    as_left = {other: word for word, other in spelled.items()}
    mirrored = [as_left.get(word, word) for word in right.order if word in lefts or word in as_left]
    return Difference(
        shared=tuple(shared),
        left=tuple(word for word in left.order if word not in rights and word not in spelled),
        right=tuple(word for word in right.order if word not in lefts and word not in as_left),
        same_order=shared == mirrored,
    )


def _spellings(left: Words, right: Words, only_left: set[str], only_right: set[str]) -> dict[str, str]:
    """Pairs of common words that are one word in two forms (missile, missiles); names are never paired."""
    pairs: dict[str, str] = {}
    candidates = sorted(word for word in only_right if _may_pair(word, right))
    for word in sorted(word for word in only_left if _may_pair(word, left)):
        match = next((other for other in candidates if _same_spelling(word, other)), None)
        if match is not None:
            pairs[word] = match
            candidates.remove(match)
    return pairs


def _may_pair(word: str, words: Words) -> bool:
    return len(word) in _SPELLED_OUT and word not in words.telling


def _same_spelling(word: str, other: str) -> bool:
    return word[:2] == other[:2] and SequenceMatcher(None, word, other, autojunk=False).ratio() >= _SPELLING


def _plain(text: str) -> str:
    return _POSSESSIVE.sub(" ", _ACRONYM.sub(lambda match: match[0].replace(".", ""), text))


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def is_figure(word: str) -> bool:
    """A number in digits or letters, or a direction."""
    return word[0].isdigit() or word in _FIGURES


def _is_telling(word: str, folded: str, before: str) -> bool:
    if is_figure(folded) or folded in NEGATIONS or _SINGLE.match(word) is not None:
        return True
    # A capital that only a further sentence's beginning explains says nothing.
    return word[0].isupper() and not before.rstrip().endswith((".", "!", "?"))
