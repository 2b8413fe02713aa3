"""Does the page speak of what it is cited for?

Words are compared by their first letters, so that endings do not count; page and event entry are often written in
different languages, where only names agree. That is why agreement speaks for an article, and its absence hardly
against one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extraction.text import UNSPACED, folded
from storage.types import Article, Citation

if TYPE_CHECKING:
    from crawler.extraction.article import OpenedPage

_STEM = 5
_MIN_LETTERS = 4
_COMPARED_CHARS = 6000
_COMMON = frozenset(
    {"about", "after", "again", "against", "amid", "among", "been", "before", "between", "could", "during", "following"}
    | {"from", "have", "into", "more", "most", "near", "news", "over", "said", "says", "some", "than", "that", "their"}
    | {
        "them",
        "then",
        "there",
        "they",
        "this",
        "under",
        "until",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "will",
    }
    | {"with", "would", "years", "year", "people", "least", "first", "page", "site", "story", "article"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How far the page agrees with the best of its citations.

    Attributes:
        wanted: how many telling words the headline has; 0 without a citation.
        shared: how many of them stand on the page.
        days: between the event's date and the page's own; ``None`` where either is unknown.
    """

    wanted: int = 0
    shared: int = 0
    days: int | None = None

    @property
    def share(self) -> float:
        """Of the wanted words."""
        return self.shared / self.wanted if self.wanted else 0.0


def compare(citations: Sequence[Citation], opened: OpenedPage, article: Article | None) -> Agreement:
    """The agreement with the citation that fits best."""
    if not citations:
        return Agreement()
    here = stems(_texts(opened, article))
    wanted = [stems([citation.headline]) for citation in citations]
    best = max(wanted, key=lambda stems: (len(stems & here) / max(1, len(stems)), len(stems)))
    return Agreement(wanted=len(best), shared=len(best & here), days=_days(citations, article))


def _texts(opened: OpenedPage, article: Article | None) -> list[str]:
    headings = [
        line.text for line in opened.parsed.lines if line.tag in {"h1", "h2"} and line.linked * 2 < len(line.text)
    ]
    body = (
        opened.body.text
        if article is not None
        else " ".join(line.text for line in opened.parsed.lines[:60] if not line.linked)
    )
    return [opened.parsed.title, *headings[:5], body[:_COMPARED_CHARS]]


def stems(texts: Iterable[str]) -> frozenset[str]:
    """The telling words of the texts by their first letters; pairs of characters in scripts without spaces."""
    found: set[str] = set()
    for text in texts:
        for word in folded(text).split():
            if UNSPACED.search(word):
                found.update(word[index : index + 2] for index in range(len(word) - 1))
            elif len(word) >= _MIN_LETTERS and word not in _COMMON:
                found.add(word[:_STEM])
    return frozenset(found)


def _days(citations: Sequence[Citation], article: Article | None) -> int | None:
    if article is None or article.published_at is None:
        return None
    day = article.published_at.value.date()
    return min((abs((day - citation.event_date).days) for citation in citations), default=None)
