"""How much of the article the page shows: what the publisher declares, and where the text breaks off.

Why both: "not free" is declared of the article, not of this response. Many papers send the whole text and hide it by
script, others declare nothing and send two sentences. So a declaration alone makes a teaser only of a short text; a
long one that ends as texts end is ``unknown``: the reader would not see it, but it is here. A full stop and a box
"subscribe to our newsletter" prove nothing; a text that stops in mid-sentence before a box that asks for money does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.barriers import BARRIERS
from crawler.extraction.text import UNSPACED
from storage.types import Access

_YES, _NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_KEY = "isAccessibleForFree"
_TIER = "article:content_tier"

LONG_WORDS = 250
"""As many words, ending as texts end, are more than a beginning."""
_BARRIER_CHARS = 240
_ENDING_CHARS = 3
_DOTS = ("…", "...", "[…]", "[...]", ". . .", "(…)", "……")
_FINAL = frozenset(".!?。！？؟।։\"'”’»›“‘)」』】…")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ending:
    """How the text ends: words in all, the sign that it was cut, the words of a barrier."""

    words: int
    cut: str
    barrier: str


def find_access(page: ParsedPage, blocks: Sequence[str] = ()) -> tuple[Access, str]:
    """How much is shown, and the evidence; unknown without any.

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
        return Access.TEASER, signs
    if declared is Access.UNKNOWN and ending.barrier and ending.words < LONG_WORDS:
        return Access.TEASER, signs
    return declared, declaration


def _declared_not_free(ending: _Ending, declaration: str, signs: str) -> tuple[Access, str]:
    if ending.words < LONG_WORDS or ending.cut:
        return Access.TEASER, signs
    return Access.UNKNOWN, f"{declaration}, but {ending.words} words without a cut are here"


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
    text = " ".join(blocks)
    return _Ending(
        words=len(text.split()) + len(UNSPACED.findall(text)) // 2,
        cut=_cut(page, blocks),
        barrier=_barrier(page),
    )


def _cut(page: ParsedPage, blocks: Sequence[str]) -> str:
    """The sign that the last paragraph breaks off; empty where it ends as sentences do."""
    paragraphs = [block for block in blocks if not block.startswith(("## ", "- ")) and len(block) > _ENDING_CHARS]
    if not paragraphs:
        return ""
    last = paragraphs[-1].rstrip()
    if last.endswith(_DOTS) or _dots_follow(page, last):
        return "the text ends in an ellipsis"
    if last[-1].isalnum() and len(last) > _BARRIER_CHARS // 4:
        return "the text ends in mid-sentence"
    return "" if last[-1] in _FINAL else "the text ends without a full stop"


def _dots_follow(page: ParsedPage, last: str) -> bool:
    """Whether the line below the last paragraph is nothing but an ellipsis."""
    ending = last[-40:]
    for index, line in enumerate(page.lines[:-1]):
        if line.text.endswith(ending):
            return page.lines[index + 1].text.strip() in _DOTS
    return False


def _barrier(page: ParsedPage) -> str:
    """The words of a box that asks for a subscription before the rest is shown."""
    text = "\n".join(line for line in page.folded if len(line) <= _BARRIER_CHARS)
    found = next((barrier for barrier in BARRIERS if barrier in text), "")
    return f"the page says {found!r}" if found else ""
