"""For an article: sentences of its own, a date, a declaration, the words that it is cited for.

Sentences weigh by the logarithm of their number: between 25 and 100 words every one counts, between 500 and 1,000 none
does. What a site declares (og:type) weighs little: templates declare it of their error pages too.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from crawler.classify.citing import stems
from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.extraction.text import count_words
from storage.types import Clue, PageKind

AGREES = "shares words with the event's headline"
DISAGREES = "shares no word with the event's headline"
TELLS = "tells in sentences"
DECLARES = "declares an article"
TITLED = "titled as one story"
SIGNED = "is signed"

_UNIT_WORDS = 25
_PER_DOUBLING = 1.6
_MOST = 8.0
_MIN_WORDS = 8
_OWN_WORDS = 12
_GOOD_SHARE, _SOME_SHARE, _SOME_WORDS = 0.5, 0.25, 2
_SILENT_WORDS = 3
_HEADLINE_WORDS = 4
_NEAR_DAYS, _FAR_DAYS = 4, 400


def tells(facts: Facts) -> Iterator[Clue]:
    """Sentences that belong to no other page and to no wall."""
    words = facts.shape.own_words
    if words >= _MIN_WORDS:
        weight = min(_MOST, _PER_DOUBLING * log2(1 + words / _UNIT_WORDS))
        detail = f"{words} words in {facts.shape.own_paragraphs} paragraphs"
        yield clue(TELLS, PageKind.ARTICLE, weight, detail)


def declares(facts: Facts) -> Iterator[Clue]:
    """What the page says of itself: a type, a date, an author."""
    if facts.article is None or facts.shape.own_words < _MIN_WORDS:
        return
    if facts.own_node:
        yield clue(DECLARES, PageKind.ARTICLE, 2.0, f"json-ld {facts.own_node}")
    elif facts.og_type == "article":
        yield clue(DECLARES, PageKind.ARTICLE, 0.5, "og:type article")
    if facts.address.deep and (headline := headline_in_title(facts) or _title_told(facts)):
        yield clue(TITLED, PageKind.ARTICLE, 1.0, headline)
    if facts.article.published_at is not None:
        yield clue("is dated", PageKind.ARTICLE, 0.7, f"{facts.article.published_at.value:%Y-%m-%d}")
    if facts.article.byline or facts.article.dateline:
        yield clue(SIGNED, PageKind.ARTICLE, 0.5, facts.article.byline or facts.article.dateline)


def headline_in_title(facts: Facts) -> str:
    """A heading of several words that is the page's title, or part of it."""
    for heading in facts.headings[:3]:
        if facts.title and count_words(heading) >= _HEADLINE_WORDS and heading in facts.title[0]:
            return heading
    return ""


def _title_told(facts: Facts) -> str:
    """The page's title, where most of its words stand in the text below: old pages have no headings."""
    title = next((part for part in facts.title[1:] or facts.title if count_words(part) >= _HEADLINE_WORDS), "")
    if facts.headings or not title or facts.article is None:
        return ""
    wanted = stems([title])
    return title if len(wanted) > 1 and len(wanted & stems([facts.article.body[:1000]])) * 2 >= len(wanted) else ""


def agrees(facts: Facts) -> Iterator[Clue]:
    """The words and the day of the event; no page is rejected for lacking them."""
    found = facts.agreement
    detail = f"{found.shared} of {found.wanted} words"
    if found.shared and (found.share >= _SOME_SHARE or found.shared >= _SOME_WORDS):
        yield clue(AGREES, PageKind.ARTICLE, 2.0 if found.share >= _GOOD_SHARE else 1.0, detail)
    elif found.wanted >= _SILENT_WORDS and not found.shared:
        yield clue(DISAGREES, PageKind.ARTICLE, -0.5, detail)
    if found.days is not None and found.days <= _NEAR_DAYS:
        yield clue("is dated near the event", PageKind.ARTICLE, 0.7, f"{found.days} days apart")
    elif found.days is not None and found.days >= _FAR_DAYS:
        yield clue("is dated far from the event", PageKind.ARTICLE, -0.3, f"{found.days} days apart")


def has_little_text(facts: Facts) -> Iterator[Clue]:
    """Too few words for any article, or none that are the page's own."""
    if facts.article is None:
        yield clue("too little text", PageKind.EMPTY, 1.0, f"{facts.shape.visible_words} visible words")
    elif facts.shape.own_words < _OWN_WORDS:
        yield clue("hardly a sentence of its own", PageKind.EMPTY, 1.0, f"{facts.shape.own_words} words")
