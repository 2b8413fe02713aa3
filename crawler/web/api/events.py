"""Events and their sources."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crawler.coverage import coverage_of
from crawler.document_stories import archives_of, next_try
from crawler.naming import event_name
from crawler.selecting import LONGEST, render
from crawler.source_stories import Gone, story_of
from crawler.tombstones import tombstones_of
from crawler.urls import identify
from crawler.web.api.filters import Direction, Filters, ListFilters, YesNo
from crawler.web.api.paging import cursor_behind, event_behind, lead_on, list_name
from crawler.web.api.shapes.articles import EventLink, Mark
from crawler.web.api.shapes.captures import Capture, Memento
from crawler.web.api.shapes.documents import (
    ArchiveSave,
    ArchiveSearch,
    Attempt,
    Backfill,
    Citation,
    Discovery,
    Document,
    DocumentMerge,
    SourceHistory,
    Takedown,
)
from crawler.web.api.shapes.events import Event, EventInList, RelatedEvent, Report, Source
from crawler.web.api.shapes.lists import EventList, SourceList
from crawler.web.api.shapes.shape import Said
from crawler.web.site import site_of
from crawler.web.turning import turned
from storage import types
from storage.protocol import Store

Key = Annotated[
    str,
    Path(
        min_length=1,
        max_length=LONGEST,
        description="The event's key, an alias, or the beginning of a key that only one event has; its slashes may "
        "stand as they are or as `%2F`.",
        examples=["2006/07/5/ferry-runs-aground"],
    ),
]

_MOST_TOLD = 500
"""Latest attempts and captures of a document that are told: a feed that is polled every hour has thousands."""


class SourceName(Said):
    """Which source is meant."""

    url: Annotated[
        str, Field(min_length=1, max_length=8_000, examples=["http://harbour-post.example/2006/07/05/ferry"])
    ]
    """The URL as an event cites it, in any of its variants."""


# -- answers -----------------------------------------------------------------------------------------------------


def list_events(request: Request, response: Response, said: Annotated[ListFilters, Query()]) -> EventList:
    """List events by day.

    With filters those that fit all of them; the last part of the list has no `next`.
    """
    wants_total = said.total is YesNo.YES
    found = site_of(request).ask(
        lambda store: events_of(store, said, said.order, limit=said.limit, cursor=said.cursor, with_total=wants_total)
    )
    lead_on(request, response, found.next)
    return found


def get_event(request: Request, key: Key) -> Event:
    """Get one event with the story of each source, its reports and links."""
    return site_of(request).ask(lambda store: _event(*_with_tombstones(store, key)))


def list_sources(request: Request, key: Key) -> SourceList:
    """List the source links of one event with their stories."""
    return site_of(request).ask(lambda store: SourceList(items=_sources(*_with_tombstones(store, key))))


def get_source(request: Request, said: Annotated[SourceName, Query()]) -> SourceHistory:
    """Get everything about one cited URL: every attempt, and why its article is missing."""
    canonical = identify(said.url).canonical_url
    return site_of(request).ask(lambda store: _history(store, store.history(canonical)))


# -- what they are made of ---------------------------------------------------------------------------------------


def events_of(
    store: Store, filters: Filters, order: Direction, *, limit: int, cursor: str = "", with_total: bool
) -> EventList:
    """A part of the list of events that fit."""
    query = filters.query(store)
    name = list_name("events", render(query), order)
    found = turned(
        partial(store.find_events, query),
        lambda one: types.EventPlace(event_date=one.event_date, key=one.key),
        after=event_behind(name, cursor),
        newest_first=order is Direction.NEWEST,
        limit=limit,
    )
    return EventList(
        items=[EventInList.model_validate(one) for one in found.entries],
        next=cursor_behind(name, found.after) if found.after else None,
        total=store.count_events(query) if with_total else None,
    )


def _with_tombstones(store: Store, key: str) -> tuple[types.EventView, Gone]:
    view = store.event(event_name(key))
    return view, tombstones_of(store, view)


def _event(view: types.EventView, gone: Gone) -> Event:
    entry = view.entry
    plain = ("key", "event_date", "headline", "description", "language", "category", "topics", "entities")
    return Event(
        **{name: getattr(entry, name) for name in plain},
        **{name: getattr(view, name) for name in ("aliases", "revision", "imported_at", "revised_at")},
        sources=_sources(view, gone),
        related=[_related(one) for one in view.related],
        reports=[Report.model_validate(one) for one in coverage_of(view).reports],
        links=[EventLink.model_validate(one) for one in view.links],
    )


def _sources(view: types.EventView, gone: Gone) -> list[Source]:
    return [_source(one, gone) for one in view.sources]


def _source(view: types.SourceView, gone: Gone) -> Source:
    told, document = story_of(view, gone), view.document
    return Source(
        **{name: getattr(view.link, name) for name in ("position", "label", "cited_url", "kind")},
        state=told.state,
        story=told.text,
        worry=told.worry,
        article_id=told.article_id,
        headline=view.headline,
        canonical_url=document.canonical_url if document else None,
        host=document.host if document else None,
        last_outcome=document.last_outcome if document else None,
        last_attempt_at=document.last_attempt_at if document else None,
        next_fetch_at=document.next_fetch_at if document else None,
        memento=Memento.model_validate(view.memento) if view.memento else None,
        withdrawn_at=view.withdrawn_at,
        mark=Mark.model_validate(view.mark) if view.mark else None,
    )


def _related(view: types.RelatedView) -> RelatedEvent:
    return RelatedEvent(
        key=view.known_key or view.link.target_key,
        headline=view.link.headline,
        context=list(view.link.context),
        known=bool(view.known_key),
    )


def _history(store: Store, history: types.DocumentHistory) -> SourceHistory:
    document = history.document
    takedown = store.takedown_of(document.canonical_url, document.host)
    return SourceHistory(
        document=Document.model_validate(document),
        why=_why(history, takedown),
        next_try=next_try(history),
        archives=archives_of(history),
        cited_by=[Citation(event_key=key, cited_url=url) for key, url in history.cited_by],
        attempts=[Attempt.model_validate(one) for one in history.attempts[-_MOST_TOLD:]],
        attempts_in_files=history.thinned.attempts if history.thinned else 0,
        captures=[Capture.model_validate(one) for one in history.captures[-_MOST_TOLD:]],
        backfill=Backfill.model_validate(history.backfill) if history.backfill else None,
        searches=[ArchiveSearch.model_validate(one) for one in history.searches],
        saves=[ArchiveSave.model_validate(one) for one in history.saves],
        merges=[DocumentMerge.model_validate(one) for one in history.merges],
        found_by=[Discovery.model_validate(one) for one in history.found_by],
        lead_image_of=list(history.lead_image_of),
        takedown=Takedown.model_validate(takedown) if takedown else None,
    )


def _why(history: types.DocumentHistory, takedown: types.Takedown | None) -> str:
    """Where it stands: taken down, not tried yet, or what came of the latest attempt."""
    document = history.document
    if takedown is not None:
        return takedown.text
    if document.last_outcome is None:
        return "not tried yet"
    return f"{document.last_outcome}: {types.OUTCOME_MEANINGS[document.last_outcome]}"
