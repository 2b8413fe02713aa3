"""Which link is shown of an event and an article that have several, in memory."""

from __future__ import annotations

from collections import Counter

from storage.memory.library import Library
from storage.types import EventLink, LinkHow

_ORDER = (LinkHow.CONTENT, LinkHow.CITATION, LinkHow.HAND)


def shown_links(library: Library) -> list[EventLink]:
    """One link a pair, a person's before a citation before one by content; by (event key, article)."""
    best: dict[tuple[str, int], EventLink] = {}
    for (key, article_id, how), link in library.links.items():
        known = best.get((key, article_id))
        if known is None or _ORDER.index(LinkHow(how)) > _ORDER.index(LinkHow(known.how)):
            best[key, article_id] = link
    return [best[pair] for pair in sorted(best)]


def by_state(library: Library) -> dict[str, int]:
    """How many pairs of event and article stand how, without citations that nobody decided about."""
    counted = Counter(str(one.state) for one in shown_links(library) if one.how != LinkHow.CITATION)
    return dict(sorted(counted.items()))
