"""A body cut into sentences, so that a version can be shown as sentences that stayed, came, went or moved.

Why rules of our own
    Looked at in 2026: pysbd (last release 2021), blingfire (2021), syntok (2022), which are no longer kept, and
    sentencex (kept, of 2026), which is a compiled extension, wants to be told the language, and cuts otherwise from
    release to release. A difference wants no linguistic truth but the same cut in both versions, in any language, at
    once. Where in doubt the rules do not cut: two sentences in one are shown as one sentence in which words changed.

    *No cut* after an abbreviation ("Mr.", "z. B."), an initial ("J."), a figure of one or two digits ("am 12. Mai"),
    nor before a small letter ("Yahoo! said"). *Chinese and Japanese* end a sentence without a space; a closing
    bracket followed by a syllable goes on ("「はい。」と述べた"). *Thai and its neighbours* have no full stop: phrases
    end at spaces, and a cut at each serves a difference well.

    A line break within a block is white space, unless the next line opens a block of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.changes.words import key_of

MOST_SENTENCES = 6000
"""Longer texts (some 100,000 words) are cut into blocks only."""

_BLOCKS = re.compile(r"\n\s*\n|\n(?=## |- |> )")
_MARK = re.compile(r"## |- |> ")
_CLOSERS = "\"'\u201d\u2019\u00bb\u203a)\\]\u300d\u300f\uff09\u3011\u300b"
_OPENERS = "\"'\u201c\u2018\u201e\u201a\u00ab\u2039(\\[\u00bf\u00a1\u2013\u2014\\-"
_END = re.compile(
    rf"(?<![.!?\u2026\u061f\u06d4\u0964\u0965\u0589\u1362])(?P<full>[.!?\u2026\u061f\u06d4\u0964\u0965\u0589\u1362]+[{_CLOSERS}]*(?:\s\u00bb)?)\s+(?=[{_OPENERS}\s]*(?P<next>\S))"
    rf"|[\u3002\uff01\uff1f\uff61\u104b\u17d4]+[{_CLOSERS}]*(?![{_CLOSERS}\u3002\uff01\uff1f\uff61])\s*"
    r"|(?<=[\u0e00-\u0eff\u1780-\u17ff])\s+(?=[\u0e00-\u0eff\u1780-\u17ff])"
)
_CLOSED = re.compile(rf"[{_CLOSERS}]\s*$")
_SYLLABLE = re.compile("[\u3040-\u309f]")
_LAST = re.compile(r"(?:^|[\s(\[\u00ab\u201e\u201c\"'])([^\s(\[\u00ab\u201e\u201c\"']{1,12})\.$")
_LONGEST_ABBREVIATION = 14

_ABBREVIATIONS = frozenset((
    "mr", "mrs", "ms", "dr", "prof", "st", "sen", "rep", "gov", "gen", "col", "lt", "sgt", "capt", "cmdr", "maj",
    "adm", "brig", "pte", "cpl", "rev", "hon", "jr", "sr", "messrs", "vs", "no", "nos", "dept", "est", "fig", "ft",
    "mt", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "tues",
    "wed", "thu", "thurs", "fri", "approx", "z", "u", "d", "bzw", "ca", "evtl", "ggf", "inkl", "nr", "str", "usw",
    "vgl", "tel", "mio", "mrd", "hl", "sog", "geb", "gest", "verh", "abs", "art", "bd", "hrsg", "ing", "dipl", "m",
    "mm", "mme", "mmes", "mlle", "me", "mgr", "av", "sra", "srta", "ud", "uds", "ee", "uu", "núm", "pág", "dña",
    "exmo", "dra", "sig", "dott", "avv", "on", "dhr", "mevr", "drs", "mw", "bl", "f", "kl", "tlf", "jf", "osv",
    "dvs", "tys", "milj", "mld", "godz", "ul", "al", "pl", "tzw", "tzn", "im", "ks", "inż", "hab", "płk", "św",
    "ok", "tj", "np", "mil", "tis", "г", "гг", "тыс", "млн", "млрд", "руб", "ул", "им", "см", "стр", "т", "д", "к",
    "п", "р", "вул", "обл", "тис", "грн", "проф", "акад",
))  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One block of a body: its text in one line, and the mark that opened it (``## ``, ``- ``, ``> `` or none)."""

    text: str
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence.

    Attributes:
        text: as written, in one line.
        key: its words as they are compared; empty where there are none.
        paragraph: index of its block.
        mark: of the block where this is its first sentence; else empty.
        noise: why a change in it does not matter; empty where it does.
    """

    text: str
    key: str
    paragraph: int
    mark: str = ""
    noise: str = ""


def blocks_of(body: str) -> list[Block]:
    """The blocks of a structured text in order, empty ones left out."""
    found = []
    for raw in _BLOCKS.split(body):
        text = raw.strip()
        mark = _MARK.match(text)
        if text := " ".join(text[mark.end() :].split() if mark else text.split()):
            found.append(Block(text=text, mark=mark.group() if mark else ""))
    return found


def sentences_of(text: str) -> list[str]:
    """The sentences of one block; joined by single spaces (none in Chinese) they are the block again."""
    pieces, start = [], 0
    for end in _END.finditer(text):
        if _is_end(text, start, end):
            pieces.append(text[start : end.end()].strip())
            start = end.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece]


def keys_of_blocks(sentences: Iterable[Sentence], count: int) -> list[str]:
    """The words of each block, as they are compared, from its sentences'."""
    found: list[list[str]] = [[] for _ in range(count)]
    for one in sentences:
        if one.key:
            found[one.paragraph].append(one.key)
    return list(map(" ".join, found))


def cut(blocks: list[Block], *, whole: bool = False) -> Iterator[Sentence]:
    """All sentences of a text in order.

    Args:
        blocks: of the text.
        whole: each block is one sentence.
    """
    for number, block in enumerate(blocks):
        for index, text in enumerate([block.text] if whole else sentences_of(block.text)):
            yield Sentence(text=text, key=key_of(text), paragraph=number, mark="" if index else block.mark)


def _is_end(text: str, start: int, end: re.Match[str]) -> bool:
    if not end.group("full"):
        following = text[end.end() : end.end() + 1]
        return not (_CLOSED.search(end.group()) and _SYLLABLE.match(following))
    if end.group("next").islower():
        return False
    full = end.group("full")
    return not (full == "." and _is_short(text[max(start, end.start() - _LONGEST_ABBREVIATION) : end.start() + 1]))


def _is_short(tail: str) -> bool:
    """Whether the full stop at the end belongs to an abbreviation, an initial or an ordinal."""
    found = _LAST.search(tail)
    if found is None:
        return False
    word = found.group(1).rstrip(".").rpartition(".")[2]
    if word.isdigit():
        return len(word) <= len("12") and word == found.group(1)
    return (len(word) == 1 and word.isalpha()) or word.lower() in _ABBREVIATIONS
