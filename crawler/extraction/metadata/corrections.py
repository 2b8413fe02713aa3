"""Notices of correction or clarification that a page carries, as written.

Why the beginning of a block decides: a notice says at once what it is. A story about corrections, a share price that
corrects itself or a link "Corrections" in the footer does not begin so, or is linked, or too short. A note of the
editor is a notice only where it speaks of a change: most such notes introduce the author.

Why the whole page is read and not the body alone: content systems put notices into boxes above or below the text, and
whoever finds the body may have cut them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.correction_words import (
    APOLOGIES,
    CHANGED,
    HEADINGS,
    MARKED,
    NOTES,
    NOTICES,
    OPENINGS,
)
from crawler.extraction.text import UNSPACED, fold_spaces, folded

CONFIDENCES = {"block of the body": 0.97, "marked box": 0.93, "line of the page": 0.94}
"""Judged, not measured: no public set labels it, and our own labelled cases, all right but a few, are too few."""
MAX_NOTICES = 10
_MIN_CHARS, _MIN_UNSPACED = 25, 10
_MAX_CHARS = 2000
_HEADING_CHARS = 60
_MARKS = (
    "correct",
    "clarif",
    "errat",
    "retract",
    "amendment",
    "corrig",
    "editor",
    "rectif",
    "berichtig",
    "korrektur",
    "-note",
)
_NAMES = etree.XPath("//body//@class | //body//@id", smart_strings=False)
_NAMED = etree.XPath("//body//*[@class or @id]")
_MAX_NAMED = 30_000
_HEAD_CHARS = 400
_APOLOGY_CHARS = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrections:
    """The notices in the order in which they were found; none where the page carries none."""

    values: tuple[str, ...] = ()
    evidence: str = ""
    confidence: float = 0.0


def find_corrections(page: ParsedPage, blocks: Sequence[str]) -> Corrections:
    """All notices of the page, each once, those of the body first.

    Args:
        page: the page.
        blocks: of the article's body.
    """
    found: list[str] = []
    first = ""
    for text, evidence in _notices(page, blocks):
        if len(found) < MAX_NOTICES and not _is_known(text, found):
            found.append(text)
            first = first or evidence
    return Corrections(values=tuple(found), evidence=first, confidence=CONFIDENCES.get(first, 0.0))


def _notices(page: ParsedPage, blocks: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((text, "block of the body") for text in _beginning(blocks))
    yield from ((text, "marked box") for text in _boxed(page))
    known = frozenset(blocks)
    lines = [line.text if line.linked * 2 < len(line.text) and line.text not in known else "" for line in page.lines]
    yield from ((text, "line of the page") for text in _beginning(lines))


def _beginning(texts: Sequence[str]) -> Iterator[str]:
    """Texts that begin as notices do; a heading takes the text below it along."""
    for index, raw in enumerate(texts):
        text = raw.removeprefix("## ").removeprefix("> ").removeprefix("- ")
        if is_notice(text):
            yield text
        elif len(text) <= _HEADING_CHARS and HEADINGS.fullmatch(text.strip(" *[]():.：【】")):
            below = next((one for one in texts[index + 1 : index + 2] if _is_long(one)), "")
            if below:
                yield f"{text} {below}"


def is_notice(text: str) -> bool:
    """Whether a block of text is a notice of a correction or clarification."""
    if not (_MIN_CHARS <= len(text) <= _MAX_CHARS or _is_long(text)):
        return False
    head = text.lstrip(OPENINGS)[:_HEAD_CHARS].lower()
    if NOTICES.match(head):
        return True
    if NOTES.match(head) is not None:
        return CHANGED.search(text[:_MAX_CHARS]) is not None
    return len(text) <= _APOLOGY_CHARS and not text.isascii() and APOLOGIES.search(text) is not None


def _is_long(text: str) -> bool:
    return _MIN_CHARS <= len(text) <= _MAX_CHARS or (
        len(text) >= _MIN_UNSPACED
        and not text.isascii()
        and len(UNSPACED.findall(text[:_MIN_CHARS])) >= _MIN_UNSPACED // 2
    )


def _boxed(page: ParsedPage) -> Iterator[str]:
    """Texts of the outermost elements whose class or id says correction."""
    marked = _marked_names(page)
    taken: set[HtmlElement] = set()
    for element in islice(_NAMED(page.tree), _MAX_NAMED) if marked else ():
        if element.get("class") not in marked and element.get("id") not in marked:
            continue
        if element.getparent() in taken:
            taken.add(element)
            continue
        text = fold_spaces(" ".join(islice(element.itertext(), 300)))
        linked = sum(len(link.text_content()) for link in islice(element.iter("a"), 20))
        if _is_long(text) and len(text) <= _MAX_CHARS and linked * 2 < len(text) and _speaks_of_change(text):
            taken.add(element)
            yield text


def _marked_names(page: ParsedPage) -> frozenset[str]:
    """Classes and ids that say correction; most stand on many elements and are looked at once."""
    names = frozenset(_NAMES(page.tree))
    joined = "\n".join(names).lower()
    if not any(mark in joined for mark in _MARKS):
        return frozenset()
    return frozenset(name for name in names if MARKED.search(name.lower()))


def _speaks_of_change(text: str) -> bool:
    return is_notice(text) or CHANGED.search(text) is not None


def _is_known(text: str, found: Sequence[str]) -> bool:
    wanted = folded(text)
    return any(wanted in (known := folded(one)) or known in wanted for one in found)
