"""Text as the terms that are compared: folded, stemmed, names of places and peoples under one form.

Why a stemmer per script and not per language: the language of an event entry is not known here, and both sides of a
pair have to be cut alike, or no name would match. Names, which carry most of the weight, hardly change under the
stemmer of another language of the same script.

Why two signs at a time where a script has no spaces (and in Korean, which glues its particles to the words): a
dictionary per language would be needed to do better, and candidates are few.

Why no list of stop words but the shortest: words that stand everywhere weigh next to nothing by their frequency, in any
language. The list spares time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Protocol

import snowballstemmer

from crawler.linking.places import FORMS, PHRASES

_CUT = 8_000
_MARKS = re.compile(
    "(?<![\u0400-\u04ff])[\u0300-\u036f]"  # a letter of its own in Cyrillic
    "|[\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)
_ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}")
_POSSESSIVE = re.compile(r"['’‘`]s?\b")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff"
)
_INDIC = "\u0900-\u0dff"  # their vowel signs are no letters to the pattern language
_TOKEN = re.compile(rf"[{_UNSPACED}]+|\d+(?:,\d{{3}})*|(?:[^\W\d_{_UNSPACED}]|[{_INDIC}])+")
_FIRST_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by for from had has have he her his in into is it its of on or she that the"
        " their they this to was were which will with",
    )
)
_NUMBERS = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty
"""
_FIGURES = {word: str(number) for number, word in enumerate(_NUMBERS.split(), start=2)}
_STEMMED = (
    (re.compile(r"[a-z]"), "english"),
    (re.compile("[\u0400-\u04ff]"), "russian"),
    (re.compile("[\u0370-\u03ff]"), "greek"),
    (re.compile("[\u0600-\u06ff]"), "arabic"),
    (re.compile("[\u0900-\u097f]"), "hindi"),
)
_LEAST_STEMMED = 4
_LONGEST = 40


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the package's own name


def terms(text: str) -> list[str]:
    """The terms of a text in order, repeats too; of a very long text those of its first 8,000 characters."""
    tokens = _TOKEN.findall(_folded(text[:_CUT]))
    found: list[str] = []
    place = 0
    while place < len(tokens):
        form, length = _phrase_at(tokens, place) if tokens[place] in _PHRASES_FROM else ("", 0)
        found.extend((form,) if length else _of_token(tokens[place]))
        place += length or 1
    return found


def _phrase_at(tokens: list[str], place: int) -> tuple[str, int]:
    """The form of the longest name that begins here, and its length in words."""
    for words, form in _PHRASES_FROM[tokens[place]]:
        if tokens[place : place + len(words)] == words:
            return form, len(words)
    return "", 0


def _by_first_word() -> dict[str, list[tuple[list[str], str]]]:
    by_first: dict[str, list[tuple[list[str], str]]] = {}
    for phrase, form in sorted(PHRASES.items(), key=lambda item: -len(item[0].split())):
        words = phrase.split()
        by_first.setdefault(words[0], []).append((words, form))
    return by_first


_PHRASES_FROM = _by_first_word()


def _folded(text: str) -> str:
    """Lower case without accents; acronyms without dots, no possessives."""
    folded = text.casefold().replace("ё", "е")
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", folded)))
    return _POSSESSIVE.sub(" ", _ACRONYM.sub(lambda found: found[0].replace(".", "") + " ", folded))


def _of_token(token: str) -> tuple[str, ...]:
    return _known(token) if len(token) <= _LONGEST else tuple(_cut(token))


@cache
def _known(token: str) -> tuple[str, ...]:
    return tuple(_cut(token))


def _cut(token: str) -> Iterator[str]:
    if _FIRST_UNSPACED.match(token):
        yield from (left + right for left, right in pairwise(token)) if len(token) > 1 else (token,)
    elif token[0].isdigit():
        yield token.replace(",", "").lstrip("0") or "0"
    elif token not in _SMALL and (len(token) > 1 or not token.isascii()):
        yield _FIGURES.get(token) or FORMS.get(token) or _stem(token[:_LONGEST])


def _stem(word: str) -> str:
    if len(word) < _LEAST_STEMMED:
        return word
    for script, language in _STEMMED:
        if script.match(word):
            return _stemmer(language).stemWord(word)
    return word


@cache
def _stemmer(language: str) -> _Stemmer:
    made: _Stemmer = snowballstemmer.stemmer(language)
    return made
