"""What pages say, as data: labels (a whole title or heading) and sayings (a subject and what is said of it).

Why pairs of subject and predicate: "could not be found" is said of missing children too, and a list of whole sentences
is never complete; "page|article|link" together with "could not be found" in one short line is neither. Everything is
compared in `extraction.text.folded` form: case, punctuation and kinds of spaces do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.extraction.text import UNSPACED, folded

_BETWEEN = re.compile(r"[|\n]")
_COVERED = 0.55
_SHOWN_CHARS = 100
_MOST_LINES = 40
_LABEL_WORDS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """A line says this when one of the subjects and one of the predicates stand in it."""

    subjects: tuple[str, ...]
    predicates: tuple[str, ...]


def labels(**by_language: str) -> frozenset[str]:
    """Whole titles and headings, per language: ``one|another``, or each in a line of its own."""
    return frozenset(label for written in by_language.values() for label in _parts(written))


def sayings(**by_language: tuple[str, str]) -> tuple[Saying, ...]:
    """Pairs of subjects and predicates, per language, each written as `labels` are."""
    return tuple(
        Saying(subjects=_parts(subjects), predicates=_parts(predicates))
        for subjects, predicates in by_language.values()
    )


def lines_said(text: str, known: Iterable[Saying]) -> tuple[str, ...]:
    """The lines of the text in which one of the sayings stands, each once, at most 40.

    Args:
        text: folded lines, parted and enclosed by line breaks.
        known: what is looked for.
    """
    found: dict[str, None] = {}
    for saying in known:
        if any(subject in text for subject in saying.subjects):
            for predicate in saying.predicates:
                found.update(dict.fromkeys(_lines_with(text, predicate, saying.subjects)))
    return tuple(found)[:_MOST_LINES]


def lines_with(text: str, phrases: Iterable[str]) -> list[str]:
    """The lines of the text in which one of the phrases stands, whatever it is said of; repeats possible."""
    return [line for phrase in phrases for line in _lines_with(text, phrase, ("",))]


def labelled(lines: Iterable[str], known: frozenset[str]) -> str:
    """The first of these folded lines that is one of the labels, or mostly one; empty where there is none."""
    for line in lines:
        if line in known or _mostly(line, known):
            return line[:_SHOWN_CHARS]
    return ""


def _parts(written: str) -> tuple[str, ...]:
    return tuple(part for part in map(folded, _BETWEEN.split(written)) if part)


def _lines_with(text: str, predicate: str, subjects: tuple[str, ...]) -> Iterator[str]:
    position = text.find(predicate)
    while position >= 0:
        start, end = text.rfind("\n", 0, position) + 1, text.find("\n", position)
        line = text[start : end if end >= 0 else len(text)]
        if any(subject in line for subject in subjects):
            yield line
        position = text.find(predicate, start + len(line) + 1)


def _mostly(line: str, known: frozenset[str]) -> bool:
    """Whether one of the labels makes up most of the line; by runs of words, as there are many more labels."""
    if not line.isascii() and UNSPACED.search(line):
        needed = _COVERED * len(line)
        return any(len(label) >= needed and label in line for label in known)
    return not known.isdisjoint(_runs(line))


@lru_cache(maxsize=512)
def _runs(line: str) -> frozenset[str]:
    """The runs of words that make up most of a short line; asked for by one table of labels after the other."""
    words, needed = line.split(" "), _COVERED * len(line)
    if len(words) > _LABEL_WORDS:
        return frozenset()
    runs = (" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1))
    return frozenset(run for run in runs if len(run) >= needed)
