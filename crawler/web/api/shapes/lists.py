"""Lists, and counts over the whole library."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crawler.web.api.shapes.articles import ArticleInList, NumberedMark, VersionInList
from crawler.web.api.shapes.events import EventInList, Source
from crawler.web.api.shapes.shape import Shape
from crawler.web.api.shapes.work import Order, Run

Next = Annotated[str | None, Field(description="Cursor of what comes behind these; null where nothing does.")]
Total = Annotated[
    int | None,
    Field(description="How many there are in all, counted up to 1,000; null unless `total=yes` asked for it."),
]


class EventList(Shape):
    """Events, one part of the list."""

    items: list[EventInList]
    """In the order that was asked for."""
    next: Next
    total: Total


class ArticleList(Shape):
    """Articles, one part of the list."""

    items: list[ArticleInList]
    """In the order that was asked for."""
    next: Next
    total: Total


class MarkList(Shape):
    """Marks, one part of the list."""

    items: list[NumberedMark]
    """By number."""
    next: Next


class SourceList(Shape):
    """The source links of one event."""

    items: list[Source]
    """In reading order, those that the entry dropped among them."""


class VersionList(Shape):
    """The versions of one article."""

    items: list[VersionInList]
    """In the order in which they were stored, but the current one last."""


class RunList(Shape):
    """The latest runs."""

    items: list[Run]
    """Latest start first."""


class OrderList(Shape):
    """The latest orders."""

    items: list[Order]
    """Latest first."""


class Found(Shape):
    """What fits a search."""

    events: EventList
    """Events, with their number; `next` continues at `/events`."""
    articles: ArticleList
    """Articles, with their number; `next` continues at `/articles`."""


class Facets(Shape):
    """What filters can ask for, each with how often it occurs, most first; at most 500 of each."""

    publishers: dict[str, int]
    """Host -> present source links that cite it."""
    outcomes: dict[str, int]
    """Latest outcome -> documents that present source links cite."""
    languages: dict[str, int]
    """Language -> articles."""
    agencies: dict[str, int]
    """Wire agency -> articles that credit it."""


class Month(Shape):
    """What there is of the events of one month."""

    year: int
    """Of the events."""
    month: int
    """1 to 12."""
    events: int
    """How many."""
    sources: int
    """Their present source links that are no images."""
    articles: int
    """For how many of these links there is an article."""
    archived: int
    """Of how many of these articles an archived copy gave the text."""


class MonthList(Shape):
    """All months that have events."""

    items: list[Month]
    """By time."""
