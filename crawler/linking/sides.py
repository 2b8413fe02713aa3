"""An article and an event as their pair is weighed: terms with weights, places, figures, names."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from crawler.linking.places import FORMS, NO_PLACES
from crawler.linking.slugs import slug_words
from crawler.linking.terms import terms
from crawler.linking.vocabulary import Vocabulary
from storage.types import ArticleText, EventText

OPENING = 600
"""Characters of the body that are read: what happened stands there, further down stands what happened before."""
_OF_OPENING = 0.3
"""What a term weighs that stands only there; in the headline it is 1."""
PLACES = frozenset(FORMS.values()) - NO_PLACES
_LATE = timedelta(hours=8)
_EARLY = timedelta(hours=10)

Day = TypeVar("Day", date, datetime)
Weights = Mapping[str, float]
"""Term -> weight; of length 1 as a vector."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadArticle:
    """What is compared of an article.

    Attributes:
        weights: of all its terms.
        head: terms of the headline and of the URL's words.
        terms: those and the ones of standfirst and opening.
        places: of the head; of the opening where the head names none.
        figures: of the head.
        days: first and last day on which it was reported, as clocks around the world tell; ``None`` where undated.
        text: for a sentence model.
    """

    weights: Weights
    head: frozenset[str]
    terms: frozenset[str]
    places: frozenset[str]
    figures: frozenset[str]
    days: tuple[date, date] | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadEvent:
    """What is compared of an event.

    Attributes:
        event: as stored.
        weights: of all its terms.
        headline: terms of the headline.
        terms: all.
        places: named anywhere.
        figures: likewise.
        names: terms of each entity.
    """

    event: EventText
    weights: Weights
    headline: frozenset[str]
    terms: frozenset[str]
    places: frozenset[str]
    figures: frozenset[str]
    names: tuple[frozenset[str], ...]


def read_article(article: ArticleText, vocabulary: Vocabulary) -> ReadArticle:
    """An article, ready to be compared with events."""
    slug = slug_words(article.canonical_url)
    head = Counter(terms(f"{article.headline}\n{slug}"))
    opening = frozenset(terms(f"{article.standfirst}\n{article.body[:OPENING]}"))
    counted = {term: 1 + math.log(count) for term, count in head.items()}
    counted |= dict.fromkeys(opening - head.keys(), _OF_OPENING)
    everything = frozenset(counted)
    named = everything & PLACES
    return ReadArticle(
        weights=_weighed(counted, vocabulary),
        head=frozenset(head),
        terms=everything,
        places=(named & head.keys()) or named,
        figures=_figures(head),
        days=days_of(article.reported_at) if article.dated else None,
        text=article.headline or slug or article.body[:OPENING],
    )


def read_event(event: EventText, vocabulary: Vocabulary) -> ReadEvent:
    """An event, ready to be compared with articles."""
    names = tuple(found for name in event.entities if (found := frozenset(terms(name))))
    headline = frozenset(terms(event.headline))
    everything = headline.union(terms("\n".join(event.topics)), *names)
    return ReadEvent(
        event=event,
        weights=_weighed(dict.fromkeys(everything, 1.0), vocabulary),
        headline=headline,
        terms=everything,
        places=everything & PLACES,
        figures=_figures(everything),
        names=names,
    )


def days_of(moment: datetime) -> tuple[date, date]:
    """First and last day that it may have been where the article was written; midnight sharp is a bare day."""
    if moment.time() == moment.time().min:
        return moment.date(), moment.date()
    return shifted(moment, -_LATE).date(), shifted(moment, _EARLY).date()


def shifted(day: Day, by: timedelta) -> Day:
    """So much later; the same where time has an end."""
    try:
        return day + by
    except OverflowError:
        return day


def _weighed(counted: Mapping[str, float], vocabulary: Vocabulary) -> Weights:
    weights = {term: count * vocabulary.weight(term) for term, count in counted.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def _figures(found: Iterable[str]) -> frozenset[str]:
    return frozenset(term for term in found if term[0].isdigit())
