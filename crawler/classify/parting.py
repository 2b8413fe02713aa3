"""Blocks into which half a page was run together, parted again into the lines that a reader sees.

Where a page has no paragraphs of some length, the body is the text of everything: menu, headlines, captions, footer, in
one block that reads as long as a report. Its lines tell what it is: those that are links lead elsewhere, labels say
nothing, and only what is left can be prose.

Why consecutive lines are joined again: old reports are wrapped by hand, and a line of theirs is no sentence. A line
that ends as sentences do stands for itself, so that the headlines beside it do not outweigh it.

Why sentences are counted at all: sixty headlines below each other are as many words as a report, but a report has full
stops. Thai and its neighbours write without them and are taken at their word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.extraction.lines import Line

_FEW_LINES = 3
_MOST_LINES, _MOST_CHARS = 2500, 60_000
_GAP_CHARS = 400
_COVERED = 0.7
_LINKED, _PARTLY_LINKED, _REST_CHARS = 0.6, 0.3, 16
_WHOLE_WORDS = 12
_COUNTED_WORDS, _LONGEST_SENTENCE = 60, 60
_ENDS = re.compile(r"[.!?…؟।։۔](?=[\s\"'”’»›)\]]|$)|[。！？]")
_STOPLESS = re.compile("[\u0e00-\u109f\u1780-\u17ff]")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def parted(block: str, lines: Sequence[Line], parts: Sequence[str]) -> tuple[Line, ...]:
    """The visible lines that a block consists of, in order; none unless it is several of them.

    Args:
        block: of the body.
        lines: of the page.
        parts: these lines, `squeezed`.
    """
    text = squeezed(block[:_MOST_CHARS])
    found: list[Line] = []
    position = covered = 0
    for line, part in zip(lines[:_MOST_LINES], parts, strict=False):
        start = text.find(part, position, position + len(part) + _GAP_CHARS)
        if start >= 0:
            found.append(line)
            position = start + len(part)
            covered += len(part)
    return tuple(found) if len(found) >= _FEW_LINES and covered >= _COVERED * len(text) else ()


def passages(lines: Iterable[Line], is_foreign: frozenset[int]) -> list[str]:
    """What stands between links and headings, each run of lines as one text, each whole sentence as one.

    Args:
        lines: of one block.
        is_foreign: ``id`` of the lines among them that belong to somebody else.
    """
    found, run = list[str](), list[str]()
    for line in lines:
        away = leads_elsewhere(line) or line.tag in _HEADINGS or id(line) in is_foreign
        whole = not away and len(line.text.split()) >= _WHOLE_WORDS and _ENDS.search(line.text[-2:]) is not None
        if away or whole:
            found += [" ".join(run), line.text if whole else ""]
            run = []
        else:
            run.append(line.text)
    return [text for text in (*found, " ".join(run)) if text]


def leads_elsewhere(line: Line) -> bool:
    """Whether a line is a link and hardly anything else: a time, an agency, a number of views may stand beside it."""
    if line.linked >= _LINKED * len(line.text):
        return True
    return line.linked >= _PARTLY_LINKED * len(line.text) and len(line.text) - line.linked <= _REST_CHARS


def has_sentences(text: str, words: int) -> bool:
    """Whether a text of so many words ends its sentences now and then; a short one need not."""
    if words < _COUNTED_WORDS or _STOPLESS.search(text):
        return True
    return len(_ENDS.findall(text)) * _LONGEST_SENTENCE >= words - _LONGEST_SENTENCE


def squeezed(text: str) -> str:
    """A text without spaces: where blocks and lines are put together, only these differ."""
    return "".join(text.split())
