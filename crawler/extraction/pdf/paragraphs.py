"""Printed lines as paragraphs: page furniture goes, divided words are joined, columns and pages run on.

Why from the lines' places: a PDF has no paragraphs. What parts them in print parts them here: more space than between
lines, an indent, a line that ends early, another size of type. What stands at the same place of several pages (running
heads, page numbers) is furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from crawler.extraction.pdf.lines import PrintedLine
from crawler.extraction.text import folded

_ENDS = (".", "!", "?", "…", ":", '"', "”", "»", "“", "。", "！", "？", "」", ")")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"^\W{0,3}(?:page|seite|p\.|стр\.)?\s{0,2}(?:\d{1,4}|[ivxl]{1,7})\s{0,2}(?:(?:/|of|von|de|из)\s{0,2}\d{1,4})?\W{0,3}$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[•▪◦‣·●■–-]\s+(?=\S)")
_REPEATS, _EDGE_LINES, _SAME_PLACE = 3, 3, 6
_GAP, _INDENT, _SHORT, _OTHER_SIZE, _HEADING = 1.6, 0.8, 0.12, 0.15, 1.12
_HEADING_WORDS = 20
_NEAR_LINES = 40
"""Lines above that tell how wide a column is; a statute may be one paragraph of thousands."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and the size of its type, in points."""

    text: str
    size: float
    page: int


def paragraphs(lines: Sequence[PrintedLine]) -> tuple[Paragraph, ...]:
    """The paragraphs of a document, headings among them, in order."""
    kept = _without_furniture(lines)
    if not kept:
        return ()
    pitch = _pitch(kept)
    made: list[list[PrintedLine]] = []
    for line in kept:
        if made and not _parts(made[-1], line, pitch):
            made[-1].append(line)
        else:
            made.append([line])
    return tuple(_joined(group) for group in made)


def as_block(paragraph: Paragraph, usual: float) -> str:
    """The paragraph as `storage.types.Article.body` has it.

    Args:
        paragraph: one of `paragraphs`.
        usual: size of the type of most of the text.
    """
    if _BULLET.match(paragraph.text):
        return "- " + _BULLET.sub("", paragraph.text)
    larger = paragraph.size >= _HEADING * usual and len(paragraph.text.split()) <= _HEADING_WORDS
    return f"## {paragraph.text}" if larger else paragraph.text


def usual_size(found: Sequence[Paragraph]) -> float:
    """The size of type in which most characters are set."""
    sizes: Counter[float] = Counter()
    for one in found:
        sizes[round(one.size, 1)] += len(one.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _without_furniture(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines without page numbers and without what repeats at the edges of several pages."""
    edges = list(_edges(lines))
    seen = Counter(map(_pattern, edges))
    gone = {id(line) for line in edges if seen[_pattern(line)] >= _REPEATS or _PAGE_NUMBER.match(line.text)}
    return [line for line in lines if id(line) not in gone]


def _edges(lines: Sequence[PrintedLine]) -> Iterator[PrintedLine]:
    """The highest and the lowest few lines of each page."""
    by_page: dict[int, list[PrintedLine]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    for of_page in by_page.values():
        ordered = sorted(of_page, key=lambda line: line.top)
        yield from ordered[:_EDGE_LINES]
        yield from ordered[max(_EDGE_LINES, len(ordered) - _EDGE_LINES) :]


def _pattern(line: PrintedLine) -> tuple[str, int, int]:
    """What makes two lines the same furniture: a running head is set smaller than the title that it repeats."""
    return _DIGITS.sub("0", folded(line.text)), round(line.size), round(line.top / _SAME_PLACE)


def _pitch(lines: Sequence[PrintedLine]) -> float:
    """The usual distance between the tops of two lines of a paragraph."""
    steps = [
        before.top - line.top for before, line in pairwise(lines) if before.page == line.page and before.top > line.top
    ]
    return median(steps) if steps else 0.0


def _parts(group: Sequence[PrintedLine], line: PrintedLine, pitch: float) -> bool:
    """Whether the line begins a new paragraph."""
    before = group[-1]
    if _BULLET.match(line.text) or abs(line.size - before.size) > _OTHER_SIZE * before.size:
        return True
    step = before.top - line.top
    if line.page != before.page or step < 0:
        return before.text.endswith(_ENDS) or not line.text[:1].islower()
    if step > _GAP * max(pitch, before.size):
        return True
    indented = line.left - before.left > _INDENT * before.size and len(group) > 1
    return indented or (before.text.endswith(_ENDS) and _ends_early(group[-_NEAR_LINES:]))


def _ends_early(group: Sequence[PrintedLine]) -> bool:
    """Whether the last line stops well before the others' right edge."""
    right, left = max(line.right for line in group), min(line.left for line in group)
    return len(group) > 1 and right - group[-1].right > _SHORT * (right - left)


def _joined(group: Sequence[PrintedLine]) -> Paragraph:
    pieces: list[str] = []
    for line in group:
        divided = bool(pieces) and pieces[-1].endswith("-") and pieces[-1][-2:-1].isalpha()
        if divided and line.text[:1].islower():
            pieces[-1] = pieces[-1][:-1]
        elif pieces and not (divided and line.text[:1].isupper()):
            pieces.append(" ")
        pieces.append(line.text)
    return Paragraph("".join(pieces), group[0].size, group[0].page)
