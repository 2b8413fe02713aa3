"""What is measured on: a library's events, and articles with the events that they report."""

from dataclasses import dataclass

from storage.types import ArticleText, EventText


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One article.

    Attributes:
        article: as a store would give it.
        right: keys of the events that it reports; empty where the library has none.
        group: for counting apart.
        held_out: whether nothing may be fitted on it.
    """

    article: ArticleText
    right: frozenset[str]
    group: str = ""
    held_out: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """Everything of one set."""

    events: tuple[EventText, ...]
    cases: tuple[Case, ...]
