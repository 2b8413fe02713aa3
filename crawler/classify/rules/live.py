"""For a live report: entries with times of day under one headline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.forms import LIVE_LABELS
from crawler.classify.wording import labelled
from crawler.extraction.text import UNSPACED
from storage.types import Clue, PageKind

_MANY_TIMES, _SOME_TIMES = 8, 4
_TITLE_WORDS = (
    *("liveblog", "liveticker", "newsblog", "newsticker"),
    *(label for label in sorted(LIVE_LABELS) if " " in label or (len(label) > 1 and UNSPACED.search(label))),
)
"""These name a live report wherever they stand in a title."""
_OPENING = re.compile(
    r"(?:live|liveticker|liveblog|newsblog|en direct|direct|en directo|en vivo|ao vivo|diretta|canlı|онлайн)\b"
)


def is_live(facts: Facts) -> Iterator[Clue]:
    """Declared, named, or built so."""
    if "liveblogposting" in facts.types:
        yield clue("declares a live report", PageKind.LIVE_BLOG, 4.0, "json-ld LiveBlogPosting")
    if facts.address.live:
        yield clue("its address names a live report", PageKind.LIVE_BLOG, 1.5, facts.address.live)
    if named := _named(facts):
        yield clue("its title names a live report", PageKind.LIVE_BLOG, 2.0, named)
    if facts.times >= _SOME_TIMES and facts.shape.own_paragraphs >= _SOME_TIMES:
        weight = 2.0 if facts.times >= _MANY_TIMES else 1.5
        yield clue("entries with times of day", PageKind.LIVE_BLOG, weight, f"{facts.times} lines open with a time")


def _named(facts: Facts) -> str:
    """The words of the title or the first heading that name a live report."""
    for text in (*facts.title, *facts.headings[:1]):
        if _OPENING.match(text) or labelled([text], LIVE_LABELS):
            return text[:80]
        if found := next((word for word in _TITLE_WORDS if word in text), ""):
            return found
    return ""
