"""Where the events are sought that an article may report.

A dated article's are those of its days and of one day on either side, all of them: they are few, and 97 of 100 cited
articles lie so. A wider window finds less, not more: what it adds are mostly twins of other days.

An undated article's are sought by its words in all days up to the one on which its page was captured.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from crawler.linking.sides import OPENING, days_of, shifted
from crawler.linking.slugs import slug_words
from crawler.linking.terms import terms
from crawler.linking.vocabulary import Vocabulary
from storage.types import ArticleText

_AROUND = timedelta(days=1)
_MOST_WORDS = 24
_WORD = re.compile(r"[^\W_]+")


def days_around(article: ArticleText) -> tuple[date, date] | None:
    """First and last day of the events to be weighed; ``None`` where the article is undated."""
    if not article.dated:
        return None
    first, last = days_of(article.reported_at)
    return shifted(first, -_AROUND), shifted(last, _AROUND)


def search_words(article: ArticleText, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Words to search events by, as written, the most telling first; those of the head before those of the opening."""
    head = f"{article.headline}\n{slug_words(article.canonical_url)}"
    words = (*_telling(head, vocabulary), *_telling(article.body[:OPENING], vocabulary))
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]


def _telling(text: str, vocabulary: Vocabulary) -> list[str]:
    weighed = {word: max(map(vocabulary.weight, terms(word)), default=0.0) for word in _WORD.findall(text)}
    return sorted((word for word, weight in weighed.items() if weight), key=lambda word: -weighed[word])
