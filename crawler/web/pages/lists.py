"""Lists of events and of articles: one search form, one pager."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.selecting import render
from crawler.web.answering import shows
from crawler.web.cursors import article_place, event_place
from crawler.web.rendering import page
from crawler.web.searching import Search, choices_of, search_of
from crawler.web.site import Site, site_of
from crawler.web.turning import Turned, turned
from storage.protocol import Store
from storage.types import ArticlePlace, ArticleSummary, EventPlace, EventSummary, LibraryQuery

PER_PAGE = 50
MOST_COUNTED = 1_000
"""Hits are counted so far; counting all of a million would take longer than finding the page."""

Entry = TypeVar("Entry")
Place = TypeVar("Place", EventPlace, ArticlePlace)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind(Generic[Entry, Place]):
    """What is listed, and how the store is asked for it."""

    template: str
    find: Callable[[Store, LibraryQuery, Place | None, bool, int], Sequence[Entry]]
    count: Callable[[Store, LibraryQuery], int]
    place_of: Callable[[Entry], Place]
    read_place: Callable[[str], Place]
    day_of: Callable[[Entry], date]


_EVENTS: _Kind[EventSummary, EventPlace] = _Kind(
    template="events.html",
    find=lambda store, query, after, newest, limit: store.find_events(
        query, after=after, newest_first=newest, limit=limit
    ),
    count=lambda store, query: store.count_events(query, most=MOST_COUNTED + 1),
    place_of=lambda one: EventPlace(event_date=one.event_date, key=one.key),
    read_place=event_place,
    day_of=lambda one: one.event_date,
)
_ARTICLES: _Kind[ArticleSummary, ArticlePlace] = _Kind(
    template="articles.html",
    find=lambda store, query, after, newest, limit: store.find_articles(
        query, after=after, newest_first=newest, limit=limit
    ),
    count=lambda store, query: store.count_articles(query, most=MOST_COUNTED + 1),
    place_of=lambda one: one.place,
    read_place=article_place,
    day_of=lambda one: one.day,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found(Generic[Entry]):
    """What a list shows.

    Attributes:
        by_day: the entries of this page by day.
        before: address of the previous page; empty on the first.
        after: address of the next page; empty on the last.
        count: of all hits, up to one more than `MOST_COUNTED`.
    """

    by_day: Sequence[tuple[date, Sequence[Entry]]]
    before: str
    after: str
    count: int

    @property
    def counted(self) -> str:
        """``12``, ``more than 1,000``."""
        return f"more than {MOST_COUNTED:,}" if self.count > MOST_COUNTED else f"{self.count:,}"


def front(_request: Request) -> Response:
    """The first page is that of the events."""
    return RedirectResponse("/events", HTTPStatus.TEMPORARY_REDIRECT)


def events(request: Request) -> Response:
    """Events by day."""
    return _list(request, _EVENTS)


def articles(request: Request) -> Response:
    """Articles by the day on which they were reported."""
    return _list(request, _ARTICLES)


def _list(request: Request, kind: _Kind[Entry, Place]) -> Response:
    search = search_of(request)
    found = None if search.query is None else _found(site_of(request), search, search.query, kind)
    context = {
        "search": search,
        "found": found,
        "choices": choices_of(request, articles=kind is _ARTICLES),
        "selection": render(search.query) if search.query else "",
    }
    return page(request, kind.template, context, status=HTTPStatus.BAD_REQUEST if search.problem else HTTPStatus.OK)


def _found(site: Site, search: Search, query: LibraryQuery, kind: _Kind[Entry, Place]) -> Found[Entry]:
    after, before = (kind.read_place(cursor) if cursor else None for cursor in (search.after, search.before))

    def work(store: Store) -> Turned[Entry, Place]:
        def find(*, after: Place | None, newest_first: bool, limit: int) -> Sequence[Entry]:
            return kind.find(store, query, after, newest_first, limit)

        return turned(find, kind.place_of, after=after, before=before, newest_first=search.newest_first, limit=PER_PAGE)

    shown = site.ask(work)
    is_all = shown.before is None and shown.after is None and after is None
    return Found(
        by_day=[(day, list(group)) for day, group in groupby(shown.entries, key=kind.day_of)],
        before=search.address_before(shown.before),
        after=search.address_after(shown.after),
        count=len(shown.entries) if is_all else _count(site, query, kind),
    )


def _count(site: Site, query: LibraryQuery, kind: _Kind[Entry, Place]) -> int:
    """Hits, as there were a while ago at most: counting takes far longer than finding one page of them."""
    return site.remembered.get(
        f"{kind.template} {render(query)}", lambda: site.ask(lambda store: kind.count(store, query))
    )


ROUTES = (shows("/", front), shows("/events", events), shows("/articles", articles))
