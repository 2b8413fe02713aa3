"""The words of a statement by how much they tell, and a text in which they are looked for.

Why the kinds of words: two reports of one day share "government", "killed" and "people"; what tells their events apart
is names, then figures, then what happened. Why beginnings of words and no stemmer: the text may be in any language,
and what has to agree across languages is mostly the beginning of a name (Kestria, Kestrian, kestrisch).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crawler.events.headline_words import NEGATIONS, SMALL_WORDS, running_words, words_of
from crawler.extraction.text import UNSPACED

_NAME_STEM, _WORD_STEM, _SHORTEST = 4, 5, 3
_HANGUL_STEM = 2
_LONGEST_STATEMENT = 4_000
_COUNTED = {
    word: str(number)
    for number, word in enumerate(
        re.findall(
            r"\w+",
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen twenty",
        )
    )
} | {"dozen": "12"}
# Letters for a name that articles mostly write out.
_WRITTEN_OUT = {
    "us": ("ameri", "unite", "usa"),
    "usa": ("ameri", "unite", "us"),
    "uk": ("brita", "briti"),
    "un": ("unite",),
    "eu": ("europ",),
}


# Japanese writes endings and particles in hiragana: they stand in every text.
_ENDINGS = re.compile("[\u3040-\u309f]+")


class WordKind(StrEnum):
    """How much a word tells."""

    NAME = "name"
    FIGURE = "figure"
    WORD = "word"
    COMMON = "common word"


_WEIGHTS = {WordKind.NAME: 2.0, WordKind.FIGURE: 1.5, WordKind.WORD: 1.0, WordKind.COMMON: 0.4}
# What half of all news speaks of, by its first letters.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "after again among away been before begin becom call city count dead death die dies died end first forme found"
        " gover group heada held hit hold injur inter into kill kille killi kills large last later leade leave least"
        " major membe meet minis month more most natio natio new news offic open over party peopl place polic polit"
        " presi prime publi repor resul say says said secon sever since some start state still take talks team than"
        " thous throu today town until week were while wins woman world would wound year years",
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchedText:
    """Words of an article, ready to be looked up.

    Attributes:
        words: as `units_of` gives them.
        stems: their beginnings.
        figures: the figures among them, in digits.
    """

    words: frozenset[str]
    stems: frozenset[str]
    figures: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> SearchedText:
        """The text that has these words."""
        known = frozenset(words)
        stems = {word[:length] for word in known for length in (_HANGUL_STEM, _NAME_STEM, _WORD_STEM)}
        return cls(words=known, stems=frozenset(stems), figures=frozenset(map(_figure, known)))

    def has(self, word: str, kind: WordKind) -> bool:
        """Whether the word stands in the text in one of its forms."""
        if word in self.words:
            return True
        if kind is WordKind.FIGURE:
            return _figure(word) in self.figures
        if word in _WRITTEN_OUT:
            return any(other in self.words or other in self.stems for other in _WRITTEN_OUT[word])
        stem = _stem(word, kind)
        return bool(stem) and stem in self.stems


def wanted_words(text: str) -> list[tuple[str, WordKind]]:
    """The words of a statement to look for, each once, without those that carry no meaning."""
    telling = words_of(text).telling
    kinds: dict[str, WordKind] = {}
    for word in units_of(text[:_LONGEST_STATEMENT]):
        if word[0].isdigit() or word in _COUNTED:
            kinds[word] = WordKind.FIGURE
        elif word in SMALL_WORDS or word in NEGATIONS:
            continue
        elif word in telling:
            kinds[word] = WordKind.NAME
        elif len(word) >= _SHORTEST or UNSPACED.match(word):
            kinds[word] = WordKind.COMMON if word[:_WORD_STEM] in _COMMON else WordKind.WORD
    return list(kinds.items())


def weight_of(words: Sequence[tuple[str, WordKind]]) -> float:
    """How much the words tell, together."""
    return sum(_WEIGHTS[kind] for _, kind in words)


def units_of(text: str) -> list[str]:
    """Words; in scripts without spaces, pairs of neighbouring characters."""
    units: list[str] = []
    before = ""
    for word in running_words(text):
        if not UNSPACED.match(word):
            units.append(word)
            before = ""
            continue
        chain = before + word
        pairs = (chain[index : index + 2] for index in range(len(chain) - 1))
        units.extend(pair for pair in pairs if not _ENDINGS.fullmatch(pair))
        before = word[-1]
    return units


def _stem(word: str, kind: WordKind) -> str:
    """The beginning that a word's forms share; empty for one too short to have it."""
    if "\uac00" <= word[0] <= "\ud7a3":
        return word[:_HANGUL_STEM] if len(word) >= _HANGUL_STEM else ""
    if UNSPACED.match(word) or len(word) < _NAME_STEM:
        return ""
    # Five letters part Austria from Australia no better than four, but Mali's from a malicious one's they do.
    return word[:_NAME_STEM] if kind is WordKind.NAME and len(word) <= _WORD_STEM else word[:_WORD_STEM]


def _figure(word: str) -> str:
    return _COUNTED.get(word, word).replace(",", "")
