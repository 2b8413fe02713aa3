"""What an article and an event have in common, as figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crawler.linking.sides import ReadArticle, ReadEvent, Weights
from crawler.linking.vocabulary import Vocabulary


class Features(NamedTuple):
    """One pair; every feature lies between 0 and 1.

    Attributes:
        cosine: of all terms, weighed.
        told: how much of the article's head stands in the event.
        covered: how much of the event's headline stands in the article.
        rarest: what the rarest shared term tells.
        same_day: whether the article may have been reported on the event's day.
        later_event: whether the event's day comes after the article's.
        same_place: whether both name a place of the same name.
        other_place: whether both name places, and none of them is the same.
        same_figure: whether the head's figures stand in the event.
        named: how much of the event's entities stands in the article.
        meaning: cosine of a sentence model's vectors; 0 without one.
    """

    cosine: float
    told: float
    covered: float
    rarest: float
    same_day: float
    later_event: float
    same_place: float
    other_place: float
    same_figure: float
    named: float
    meaning: float


def features(article: ReadArticle, event: ReadEvent, vocabulary: Vocabulary, meaning: float = 0.0) -> Features:
    """The features of a pair; ``meaning`` is the sentence model's."""
    shared = article.terms & event.terms
    common = article.places & event.places
    same_day, later = _days(article, event)
    return Features(
        cosine=_cosine(article.weights, event.weights),
        told=_share(article.head & event.terms, article.head, vocabulary),
        covered=_share(article.terms & event.headline, event.headline, vocabulary),
        rarest=max(map(vocabulary.weight, shared), default=0.0),
        same_day=same_day,
        later_event=later,
        same_place=float(bool(common)),
        other_place=float(bool(article.places and event.places and not common)),
        same_figure=float(bool(article.figures & event.figures)),
        named=_named(article, event, vocabulary),
        meaning=max(0.0, meaning),
    )


def _days(article: ReadArticle, event: ReadEvent) -> tuple[float, float]:
    if article.days is None:
        return 0.0, 0.0
    first, last = article.days
    return float(first <= event.event.event_date <= last), float(event.event.event_date > last)


def _cosine(left: Weights, right: Weights) -> float:
    few, many = (left, right) if len(left) < len(right) else (right, left)
    return sum(weight * many.get(term, 0.0) for term, weight in few.items())


def _share(part: Iterable[str], whole: Iterable[str], vocabulary: Vocabulary) -> float:
    all_of_it = sum(map(vocabulary.weight, whole))
    return sum(map(vocabulary.weight, part)) / all_of_it if all_of_it else 0.0


def _named(article: ReadArticle, event: ReadEvent, vocabulary: Vocabulary) -> float:
    """A name counts when all its words are there; rarer names count more."""
    weights = [(name <= article.terms, sum(map(vocabulary.weight, name))) for name in event.names]
    total = sum(weight for _, weight in weights)
    return sum(weight for found, weight in weights if found) / total if total else 0.0
