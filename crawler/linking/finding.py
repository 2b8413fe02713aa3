"""The events that an article may report, best first, each with a probability and with what speaks for it.

Why a copy inherits only from citations and from the word of a person: what linking found itself would otherwise come
back as its own witness (A is linked because B is, B because A is), and the order in which articles are looked at would
decide. A copy of a linked article says nearly the same words anyway.

Why an event that cites the article is weighed too, though that link stands already: it is the strongest rival of every
other event. An article reports a second one only if it is about as near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import nlargest
from operator import mul
from typing import Protocol

from crawler.linking.features import Features, features
from crawler.linking.sides import PLACES, ReadArticle, ReadEvent, read_article, read_event
from crawler.linking.vocabulary import GENERAL, Vocabulary
from crawler.linking.weighing import BY_MEANING, BY_WORDS, Weighing
from storage.types import ArticleText, EventText, LinkHow, LinkState, StoryLink

_MOST_KEPT = 20_000
_SEVERAL = 3
_BY_PLACE = 0.25
"""Most that a pair reaches which shares a country, a day and words of all news: in a library of few events it has no
rival, and the country's handball team is not its ferry disaster."""
_TRUST = 0.98
"""How sure an inherited link is at a fit of 1: a citation may stand under an entry by mistake."""


class Embedder(Protocol):
    """A sentence model."""

    def vectors(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """One vector of length 1 per text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One event for one article.

    Attributes:
        event: the event.
        probability: that the article reports it.
        strength: see `crawler.linking.weighing`.
        features: of the pair.
        shared: terms of both.
        rival: probability of the article's best other event by its text; ``None`` where there is none.
        witness: the article of the same story that says so; ``None`` where the texts alone do.
        apart: days from the article to the event; ``None`` where the article is undated.
        cited: whether the event cites the article.
    """

    event: EventText
    probability: float
    strength: float
    features: Features
    shared: frozenset[str] = frozenset()
    rival: float | None = None
    witness: StoryLink | None = None
    apart: int | None = None
    cited: bool = False


class Finder:
    """Weighs articles against events; what was read of an event is kept for the next article."""

    def __init__(
        self, vocabulary: Vocabulary, embedder: Embedder | None = None, *, weighing: Weighing | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self._embedder = embedder
        self._weighing = weighing or (BY_WORDS if embedder is None else BY_MEANING)
        self._read: dict[EventText, ReadEvent] = {}
        self._vectors: dict[EventText, Sequence[float]] = {}

    def find(self, article: ArticleText, events: Iterable[EventText]) -> list[Found]:
        """All the events, the most probable first; equal ones by key."""
        read = read_article(article, self.vocabulary)
        pairs = self.pairs(read, events)
        days = [_apart(read.days, event.event.event_date) for event, _ in pairs]
        strengths = [self._weighing.strength(has, apart or 0) for (_, has), apart in zip(pairs, days, strict=True)]
        rated = self._weighing.probabilities(strengths, dated=article.dated)
        rated = [
            rating if _tells(read.terms & event.terms) else min(rating, _BY_PLACE)
            for rating, (event, _) in zip(rated, pairs, strict=True)
        ]
        best = nlargest(2, range(len(pairs)), key=rated.__getitem__)
        found = [
            _with_story(
                article,
                Found(
                    event=event.event,
                    probability=rated[index],
                    strength=strengths[index],
                    features=has,
                    shared=read.terms & event.terms,
                    rival=next((rated[other] for other in best if other != index), None),
                    apart=days[index],
                    cited=event.event.key in article.cited_by,
                ),
            )
            for index, (event, has) in enumerate(pairs)
        ]
        return sorted(found, key=lambda one: (-one.probability, -one.strength, one.event.key))

    def pairs(self, read: ReadArticle, events: Iterable[EventText]) -> list[tuple[ReadEvent, Features]]:
        """Each event once, with the features of the pair."""
        once = list({event.key: event for event in events}.values())
        meanings = self._meanings(read, once)
        readied = [self._event(event) for event in once]
        return [
            (event, features(read, event, self.vocabulary, meaning))
            for event, meaning in zip(readied, meanings, strict=True)
        ]

    def _event(self, event: EventText) -> ReadEvent:
        read = self._read.get(event)
        if read is None:
            if len(self._read) >= _MOST_KEPT:
                self._read.clear()
            read = self._read[event] = read_event(event, self.vocabulary)
        return read

    def _meanings(self, read: ReadArticle, events: Sequence[EventText]) -> list[float]:
        """Cosines of the sentence model; 0 without one."""
        if self._embedder is None or not events:
            return [0.0] * len(events)
        if len(self._vectors) >= _MOST_KEPT:
            self._vectors.clear()
        unknown = [event for event in events if event not in self._vectors]
        mine, *theirs = self._embedder.vectors([read.text, *(event.headline for event in unknown)])
        self._vectors.update(zip(unknown, theirs, strict=True))
        return [sum(map(mul, mine, self._vectors[event])) for event in events]


def _tells(shared: frozenset[str]) -> bool:
    """Whether something is shared that is more than places, figures and a word or two of all news."""
    words = [term for term in shared - PLACES if not term[0].isdigit()]
    return len(words) >= _SEVERAL or not GENERAL.issuperset(words)


def _apart(days: tuple[date, date] | None, event_date: date) -> int | None:
    """Days from the article to the event; 0 where it may have been the same one."""
    if days is None:
        return None
    first, last = days
    return (event_date - first).days if event_date < first else max((event_date - last).days, 0)


def _with_story(article: ArticleText, found: Found) -> Found:
    """What a copy of the article that is linked already adds."""
    witnesses = [
        link
        for link in article.story
        if link.event_key == found.event.key
        and (link.how is LinkHow.CITATION or link.state is LinkState.CONFIRMED)
        and link.state is not LinkState.REJECTED
    ]
    if not witnesses:
        return found
    witness = max(witnesses, key=lambda link: (link.fit, -link.article_id))
    probability = 1 - (1 - found.probability) * (1 - _TRUST * min(1.0, max(0.0, witness.fit)))
    return replace(found, probability=probability, witness=witness)
