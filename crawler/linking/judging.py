"""From what was found for an article to its event links, each with evidence that a person can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from crawler.linking.finding import Found
from crawler.linking.terms import terms
from crawler.linking.weighing import LINKED, PROPOSED
from storage.types import EventLink, LinkHow, LinkState

_MOST_LINKS = 5
_MOST_WORDS = 5
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_ALIKE = 0.05
"""A rival with less than this probability is not worth a clause."""


def links_of(article_id: int, found: Iterable[Found]) -> tuple[EventLink, ...]:
    """The event links of an article: what is sure enough to be linked or proposed, at most five, best first."""
    good = (one for one in found if one.probability >= PROPOSED and not one.cited)
    return tuple(_link(article_id, one) for one in islice(good, _MOST_LINKS))


def evidence_of(found: Found) -> str:
    """What speaks for the pair and what against it, as clauses."""
    return "; ".join(_clauses(found))


def state_of(found: Found) -> LinkState | None:
    """What the pair would be; ``None`` below both thresholds."""
    if found.probability < PROPOSED:
        return None
    return LinkState.LINKED if found.probability >= LINKED else LinkState.PROPOSED


def _link(article_id: int, found: Found) -> EventLink:
    return EventLink(
        event_key=found.event.key,
        article_id=article_id,
        how=LinkHow.CONTENT,
        score=round(found.probability, 4),
        evidence=evidence_of(found),
        state=LinkState.LINKED if found.probability >= LINKED else LinkState.PROPOSED,
    )


def _clauses(found: Found) -> Iterator[str]:
    words = tuple(islice(_shared_words(found), _MOST_WORDS))
    yield f"shares {', '.join(words)}" if words else "shares no telling word"
    yield _days(found.apart)
    if found.features.other_place:
        yield "names another place"
    if found.features.meaning:
        yield f"meaning {found.features.meaning:.2f}"
    rival = f", next event {found.rival:.2f}" if found.rival is not None and found.rival >= _ALIKE else ""
    yield f"score {found.probability:.2f}{rival}"
    if found.cited:
        yield "the entry cites it"
    if found.witness is not None:
        told = "which the entry cites" if found.witness.how is LinkHow.CITATION else "which a person confirmed"
        yield f"the same story as article {found.witness.article_id}, {told}"


def _days(apart: int | None) -> str:
    if apart is None:
        return "the article is undated"
    if apart == 0:
        return "same or next day"
    days = "1 day" if abs(apart) == 1 else f"{abs(apart)} days"
    return f"the event is {days} {'later' if apart > 0 else 'earlier'}"


def _shared_words(found: Found) -> Iterator[str]:
    """Names that both have, then other words of the entry's headline, as the entry writes them."""
    said: set[str] = set()
    for name in found.event.entities:
        parts = set(terms(name))
        if parts and parts <= found.shared and not parts <= said:
            said |= parts
            yield name
    for word in _WORD.findall(found.event.headline):
        parts = set(terms(word))
        if parts and parts <= found.shared and not parts <= said:
            said |= parts
            yield word
