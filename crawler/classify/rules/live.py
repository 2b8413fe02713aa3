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

_MANY_ENTRIES, _SOME_ENTRIES, _FEW_ENTRIES = 8, 4, 3
_SAME = 0.6
_TITLE_WORDS = (
    *("liveblog", "liveticker", "newsblog", "newsticker"),
    *(label for label in sorted(LIVE_LABELS) if " " in label or (len(label) > 1 and UNSPACED.search(label))),
)
"""These name a live report wherever they stand in a title."""
_OPENING = re.compile(
    r"(?:live|liveticker|liveblog|newsblog|en direct|direct|en directo|en vivo|ao vivo|diretta|canlı|онлайн)\b"
)


def is_live(facts: Facts) -> Iterator[Clue]:
    """Declared, built so, or named; a name alone is half a clue, since reports "live from the coast" have it too."""
    kind, declared = PageKind.LIVE_BLOG, "liveblogposting" in facts.types
    shown = 1.0 if declared or facts.entries.count >= _FEW_ENTRIES else 0.5
    if declared:
        yield clue("declares a live report", kind, 4.0, "json-ld LiveBlogPosting")
    if facts.address.live:
        yield clue("its address names a live report", kind, 1.5 * shown, facts.address.live)
    if named := _named(facts):
        yield clue("its title names a live report", kind, 2.0 * shown, named)
    if facts.entries.count >= _SOME_ENTRIES and facts.shape.own_paragraphs >= _SOME_ENTRIES:
        weight = 2.0 if facts.entries.count >= _MANY_ENTRIES else 1.5
        if facts.entries.latest_first and _is_made_of_entries(facts):
            weight = 4.0
        yield clue("entries with times of day", kind, weight, f"{facts.entries.count} times with a text below")


def _is_made_of_entries(facts: Facts) -> bool:
    """Whether the text that is told here and the text of the entries are one."""
    return _SAME * facts.shape.own_words <= facts.entries.words <= facts.shape.own_words / _SAME


def _named(facts: Facts) -> str:
    """The words of the title or the first heading that name a live report."""
    for text in (*facts.title, *facts.headings[:1]):
        if _OPENING.match(text) or labelled([text], LIVE_LABELS):
            return text[:80]
        if found := next((word for word in _TITLE_WORDS if word in text), ""):
            return found
        if text.rpartition(" ")[2] in LIVE_LABELS:
            return text[-80:]
    return ""
