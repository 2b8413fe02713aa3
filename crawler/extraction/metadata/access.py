"""How much of the article the page shows: what the publisher declares, and where the text breaks off.

Why both: "not free" is declared of the article, not of this response. Many papers send the whole text and hide it by
script, others declare nothing and send two sentences. So a declaration alone makes a teaser only of a short text; a
long one that ends as texts end is ``unknown``: the reader would not see it, but it is here. One of middle length is a
teaser only if an offer stands on the page too: papers that count free articles declare every one of them not free. A
full stop and a box "subscribe to our newsletter" prove nothing; a text that stops in mid-sentence before a box that
asks for money does.

Why the rest is looked for in figures as well: "140 of 611 words" and "82 % remaining" say what is missing, whatever is
offered for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.barriers import OFFER, barriers_in, rest_in
from crawler.extraction.page import NOWHERE, Found
from crawler.extraction.text import count_words, folded
from storage.types import Access

CONFIDENCES = {
    "declared and shown": 0.96,
    "cut and barrier": 0.95,
    "declared": 0.95,
    "barrier": 0.88,
    "contradicted": 0.8,
}
"""Judged, not measured: no public set labels it, and our own labelled cases, all right but a few, are too few."""

_YES, _NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_KEY = "isAccessibleForFree"
_TIER = "article:content_tier"

LONG_WORDS = 250
"""As many words, ending as texts end, are more than a beginning."""
SHORT_WORDS = 110
"""Fewer, declared not free, are a beginning, whatever they end with."""
_BARRIER_CHARS = 240
_OFFER_LINES, _OFFER_CHARS = 5, 120
_ENDING_CHARS = 3
_ELLIPSIS, _MID_SENTENCE = _STRONG_CUTS = ("the text ends in an ellipsis", "the text ends in mid-sentence")
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_DOTS = ("…", "...", "[…]", "[...]", ". . .", "(…)", "……")
_FINAL = frozenset(".!?。！？؟।։\"'”’»›“‘)」』】…")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ending:
    """How the text ends: words in all, the sign that it was cut, the words of a barrier."""

    words: int
    cut: str
    barrier: str


def find_access(page: ParsedPage, blocks: Sequence[str] = ()) -> Found:
    """How much is shown, as a value of `Access`; nothing where there is no sign of either.

    Args:
        page: the page.
        blocks: of the article's body.
    """
    declared, declaration = _declared(page)
    ending = _ending(page, blocks)
    signs = "; ".join(filter(None, (declaration, ending.cut, ending.barrier)))
    if declared is Access.TEASER:
        return _declared_not_free(ending, declaration, signs)
    if ending.cut and ending.barrier:
        return _found(Access.TEASER, signs, "cut and barrier")
    if declared is Access.UNKNOWN and ending.barrier and ending.words < LONG_WORDS:
        return _found(Access.TEASER, signs, "barrier")
    return _found(declared, declaration, "declared") if declaration else NOWHERE


def _declared_not_free(ending: _Ending, declaration: str, signs: str) -> Found:
    if ending.words < SHORT_WORDS or ending.cut or (ending.barrier and ending.words < LONG_WORDS):
        return _found(Access.TEASER, signs, "declared and shown")
    evidence = f"{declaration}, but {ending.words} words without a cut are here"
    return _found(Access.UNKNOWN, evidence, "contradicted")


def _found(access: Access, evidence: str, ground: str) -> Found:
    return Found(value=access.value, evidence=evidence, confidence=CONFIDENCES[ground])


def _declared(page: ParsedPage) -> tuple[Access, str]:
    """The declaration of the article's JSON-LD (else any object's), else of a meta tag."""
    for node in (page.article, *page.nodes):
        stated = str(node.get(_KEY, "")).strip().lower().rpartition("/")[2]
        if stated in _NO:
            return Access.TEASER, f"json-ld {_KEY} is false"
        if stated in _YES:
            return Access.FULL, f"json-ld {_KEY} is true"
    content, name = page.meta(_TIER)
    if content.lower() in ("locked", "metered"):
        return Access.TEASER, f"meta {name} is {content.lower()}"
    if content.lower() == "free":
        return Access.FULL, f"meta {name} is free"
    return Access.UNKNOWN, ""


def _ending(page: ParsedPage, blocks: Sequence[str]) -> _Ending:
    told = _told(blocks)
    while told and len(told[-1]) <= _OFFER_CHARS and _is_offer(folded(told[-1])):
        told.pop()
    text, cut = " ".join(told), _cut(page, told)
    words = count_words(text)
    return _Ending(
        words=words,
        cut=cut,
        barrier=_barrier(page, whole=not cut and words >= SHORT_WORDS)
        or (_offer(page, told) if cut in _STRONG_CUTS else ""),
    )


def _told(blocks: Sequence[str]) -> list[str]:
    """The blocks that do not speak of the rest; one look at all of them together spares most pages the others."""
    texts = [folded(block[: _BARRIER_CHARS + 1]) for block in blocks]
    if not _stops("\n".join((*(text for text in texts if len(text) <= _BARRIER_CHARS), ""))):
        return list(blocks)
    return [block for block, text in zip(blocks, texts, strict=True) if not _stops(text)]


def _cut(page: ParsedPage, blocks: Sequence[str]) -> str:
    """The sign that the last paragraph breaks off; empty where it ends as sentences do."""
    paragraphs = [block for block in blocks if not block.startswith(("## ", "- ")) and len(block) > _ENDING_CHARS]
    if not paragraphs:
        return ""
    last = paragraphs[-1].rstrip()
    if last.endswith(_DOTS) or _dots_follow(page, last):
        return _ELLIPSIS
    if last[-1].isalnum() and len(last) > _BARRIER_CHARS // 4:
        return _MID_SENTENCE
    return "" if last[-1] in _FINAL else "the text ends without a full stop"


def _dots_follow(page: ParsedPage, last: str) -> bool:
    """Whether the line below the last paragraph is nothing but an ellipsis."""
    ending = last[-40:]
    for index, line in enumerate(page.lines[:-1]):
        if line.text.endswith(ending):
            return page.lines[index + 1].text.strip() in _DOTS
    return False


def _barrier(page: ParsedPage, *, whole: bool) -> str:
    """The words of a box that asks for a subscription before the rest is shown.

    Args:
        page: the page.
        whole: the text ends as texts end and is no short one. Then a box that the page hides says nothing, and neither
            does one above the headline: papers explain there what their marks mean.
    """
    lines = [line for line in page.folded if len(line) <= _BARRIER_CHARS]
    if not (found := _stops("\n".join(lines))):
        return ""
    if whole:
        hidden, heading = _hidden(page), _first_heading(page)
        below = [line for line in page.folded[heading:] if len(line) <= _BARRIER_CHARS]
        found = next((stop for line in below if (stop := _stops(line)) and line not in hidden), "")
    return f"the page says {found!r}" if found else ""


def _hidden(page: ParsedPage) -> str:
    """The folded text of the elements that their own attributes hide."""
    hidden = (
        element
        for element in page.tree.iter("div", "section", "aside", "form", "p", "dialog")
        if element.get("hidden") is not None or _DISPLAY_NONE.search(element.get("style") or "")
    )
    return "\n".join(folded(" ".join(islice(element.itertext(), 200))) for element in islice(hidden, 100))


def _first_heading(page: ParsedPage) -> int:
    """The line of the first heading of the first rank; 0 without one."""
    return next((index for index, line in enumerate(page.lines) if line.tag == "h1" and not line.linked), 0)


def _offer(page: ParsedPage, told: Sequence[str]) -> str:
    """The offer that stands right below a text which breaks off; no letter by e-mail, which is offered everywhere."""
    ending = told[-1][-40:] if told else ""
    last = next((index for index, line in enumerate(page.lines) if ending and line.text.endswith(ending)), None)
    if last is None:
        return ""
    below = page.folded[last + 1 : last + 1 + _OFFER_LINES]
    found = next(filter(_is_offer, below), "")
    return f"below it stands {found!r}" if found and len(found) <= _BARRIER_CHARS else ""


def _is_offer(text: str) -> bool:
    return OFFER.search(text) is not None and "letter" not in text


def _stops(text: str) -> str:
    """The first wording in a folded text that speaks of the rest of the article; empty where there is none."""
    if len(text) > _BARRIER_CHARS and "\n" not in text:
        return ""
    return next(barriers_in(text), "") or rest_in(text)
