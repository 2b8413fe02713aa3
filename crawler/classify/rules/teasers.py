"""For a teaser: what `crawler.extraction.metadata.access` concluded; here it only becomes a clue."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from storage.types import Access, Clue, PageKind


def breaks_off(facts: Facts) -> Iterator[Clue]:
    """The article is there, but only its beginning."""
    if facts.article is not None and facts.article.access is Access.TEASER:
        yield clue("shows only the beginning", PageKind.TEASER, 4.0, facts.article.evidence.get("access", ""))
