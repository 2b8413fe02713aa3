"""How much a term tells: the rarer among the events of a library, the more.

Why counted again for each pass and not stored: it is a few seconds for a hundred thousand events, never stale, and
needs no column that has to follow every edit of an entry.

Why the words of news in general weigh in: in a library of three events every word is rare, and "people killed" would
tell as much as a name. From a few thousand events on the library's own counts rule.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from crawler.linking.terms import terms
from storage.types import EventText

_GENERAL = 400
"""As how many events the words of news in general count."""
_COMMON = {
    0.12: "say kill report people announce after government president state minister country us new first covid more"
    " one attack",
    0.05: "police official force military day year least city two three ten leader party injured injure arrest protest"
    " election vote court charge case death die fire million claim former call ban group army law order national"
    " department world against over report 2 3 4 5 china russia uk israel ukraine iran india united prime accuse",
    0.02: "week month sunday monday tuesday wednesday thursday friday saturday man woman child member official security"
    " civilian troops war region province capital town village north south east west northern southern eastern"
    " western company plan talk deal agree agreement meet meeting visit sign release record high hit rise increase"
    " declare confirm begin start end follow become win lose lead return close open continue hold crash explosion"
    " bomb shoot flood storm earthquake hurricane strike",
}
"""Share of all events in which a word of news stands, about -> such words."""


class Vocabulary:
    """In how many events each term stands."""

    def __init__(self, events: Iterable[EventText] = ()) -> None:
        self._events = 0
        self._counts: Counter[str] = Counter()
        for event in events:
            self.add(event)

    def __len__(self) -> int:
        return self._events

    def add(self, event: EventText) -> None:
        """Count the terms of one event."""
        self._events += 1
        self._counts.update(set(terms(text_of(event))))

    def weight(self, term: str) -> float:
        """What the term tells: 0 for one that stands everywhere, 1 for one that stands nowhere."""
        total = self._events + _GENERAL
        found = self._counts.get(term, 0) + _GENERAL * _SHARES.get(term, 0.0)
        return max(0.0, math.log((total + 1) / (found + 0.5)) / math.log((total + 1) / 0.5))


def text_of(event: EventText) -> str:
    """All that an event says, as one text."""
    return "\n".join((event.headline, *event.topics, *event.entities))


_SHARES = {term: share for share, words in sorted(_COMMON.items()) for term in terms(words)}

GENERAL = frozenset(_SHARES)
"""Words of news in general, which no story is known by."""
