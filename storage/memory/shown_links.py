"""Which link is shown of an event and an article that have several, and which of them count, in memory."""

from __future__ import annotations

from collections import Counter

from storage.memory.library import Library
from storage.memory.marks import marks_of
from storage.types import EventLink, LinkHow, LinkState

_ORDER = (LinkHow.CONTENT, LinkHow.CITATION, LinkHow.HAND)
_STANDING = (LinkState.LINKED, LinkState.CONFIRMED)


def shown_links(library: Library) -> list[EventLink]:
    """One link a pair, a person's before a citation before one by content; by (event key, article)."""
    best: dict[tuple[str, int], EventLink] = {}
    for (key, article_id, how), link in library.links.items():
        known = best.get((key, article_id))
        if known is None or _ORDER.index(LinkHow(how)) > _ORDER.index(LinkHow(known.how)):
            best[key, article_id] = link
    return [best[pair] for pair in sorted(best)]


def counting_links(library: Library, *, marked: bool = False) -> list[EventLink]:
    """Shown links that count: linked or confirmed, of articles that are not marked as none (``marked``: that are)."""
    shown = (link for link in shown_links(library) if link.state in _STANDING)
    return [link for link in shown if counting_article(library, link.article_id, marked=marked)]


def counting_article(library: Library, article_id: int, *, marked: bool = False) -> bool:
    """Whether an article is not marked as none; with ``marked``, whether it is."""
    return bool(marks_of(library, [article_id])) is marked


def by_state(library: Library) -> dict[str, int]:
    """How many pairs of event and article stand how, without citations that nobody decided about."""
    counted = Counter(str(one.state) for one in shown_links(library) if one.how != LinkHow.CITATION)
    return dict(sorted(counted.items()))
