r"""Words of a sentence as two versions are compared by them.

Why not `crawler.dedup.folding`
    It sits above this package, and it answers another question: it folds a text for a digest, where this needs to know
    *where* in the sentence each word stands, so that the words that changed can be shown. What carries meaning is the
    same and a little more: letters, marks and digits, currency signs and a minus before a figure as there, and also
    per cent and degree signs and the signs within a figure ("3.5" is not "35" and "10:40" not "10.40").

Why signs are sorted into classes first
    `\w` leaves out the vowel signs of Hindi, Thai or Tamil and would cut their words. One pass of `str.translate`
    turns a text into classes of signs of the same length, and a plain pattern over the classes finds the words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_APOSTROPHES = frozenset("'`\u00b4\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07")
_MINUS = frozenset("-\u2212\u2013")
_WITHIN_FIGURES = frozenset(".,:/\u066b\u066c\uff0e\uff0c\uff1a")
_UNITS = frozenset("%\u2030\u00b0\u066a\uff05")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U0003ffff]"
)
"""One character of a script that writes without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han."""

_WORD = re.compile(r"u[mf]*|(?:(?<![^ ])-(?=0))?[am0](?:[am0f]|'f?(?=[am0])|(?<=0)\.(?=0))*|[$%]")


class Word(NamedTuple):
    """One word: as it is compared, and where it stands in the sentence."""

    folded: str
    start: int
    end: int


class _Classes(dict[int, str]):
    """Code point -> the class of the sign, one letter each; filled as signs are met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _class(chr(code))
        return found


def words_of(text: str) -> list[Word]:
    """The words of a text in order. Never fails, whatever the characters."""
    return [
        Word(_folded(text[found.start() : found.end()]), found.start(), found.end())
        for found in _WORD.finditer(text.translate(_CLASSES))
    ]


def key_of(text: str) -> str:
    """The words as they are compared, separated by single spaces; equal for texts that differ in typography alone."""
    classes = text.translate(_CLASSES)
    return " ".join(_folded(text[found.start() : found.end()]) for found in _WORD.finditer(classes))


def is_figure(folded: str) -> bool:
    """Whether a word is a figure or begins as one (``12``, ``-3.5``, ``12th``)."""
    return folded[:1].isdigit() or (folded[:1] == "-" and folded[1:2].isdigit())


def _class(sign: str) -> str:
    for signs, name in ((_APOSTROPHES, "'"), (_MINUS, "-"), (_WITHIN_FIGURES, "."), (_UNITS, "%")):
        if sign in signs:
            return name
    category = unicodedata.category(sign)
    if category[0] == "L":
        return "u" if _UNSPACED.match(sign) else "a"
    return {"Nl": "0", "No": "0", "Nd": "0", "Sc": "$", "Cf": "f"}.get(category, "m" if category[0] == "M" else " ")


_CLASSES = _Classes()


@lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    if word.isascii():
        return word.lower().replace("'", "").replace("`", "")
    bare = "".join(sign for sign in word if sign not in _APOSTROPHES)
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())
    kept = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return "-" + kept[1:] if kept[:1] in _MINUS else kept
