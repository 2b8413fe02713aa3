"""One article: its text, where each thing that is said of it was found, its events, its story, its versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.article_facts import REPORTS, facts_of, merge_told, why_it_stands
from crawler.changes import kind_of_change
from crawler.changes.showing import change_told
from crawler.source_stories import mark_text
from crawler.web.answering import number_in, shows
from crawler.web.pages.done import done_of
from crawler.web.rendering import page
from crawler.web.site import site_of
from storage.protocol import Store
from storage.types import ArticleVersion, ArticleView, CaptureView, EventLink, EventView, LeadImage

_MOST_COMPARED = 200_000
"""Signs of all texts that are compared for the list of versions; comparing so many takes a quarter of a second."""
_MOST_EVENTS = 30
"""Events that are shown by their headlines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionRow:
    """One version in the list.

    Attributes:
        version: the version.
        before: number of the one that was captured before it; ``None`` for the first.
        change: what changed since that one; empty where it was not compared.
    """

    version: ArticleVersion
    before: int | None = None
    change: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedEvent:
    """An event that the article reports, or does not, with what the link says."""

    link: EventLink
    says: str
    event: EventView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """What one visit to the store brought."""

    view: ArticleView
    version: ArticleVersion
    capture: CaptureView
    events: Sequence[ReportedEvent]


def show(request: Request) -> Response:
    """The article; ``?version=2`` shows another version than the current one."""
    number, wanted = number_in(request), request.query_params.get("version", "")
    found = site_of(request).ask(lambda store: _read(store, number, wanted))
    view = found.view
    first = next((one for one in view.cluster if one.representative), None)
    context = {
        "done": done_of(request),
        "view": view,
        "chosen": found.version,
        "article": found.version.article,
        "is_current": found.version.id == view.versions[-1].id,
        "capture": found.capture,
        "facts": facts_of(view, found.version),
        "events": found.events,
        "mark": mark_text(view.mark) if view.mark else "",
        "merges": [merge_told(view, one) for one in view.merges],
        "image": _stored(view.lead_image),
        "first": first,
        "why_it_stands": why_it_stands(first, view.cluster) if first else "",
        "versions": versions_of(view),
    }
    return page(request, "article.html", context)


def versions_of(view: ArticleView, *, most: int = _MOST_COMPARED) -> list[VersionRow]:
    """The versions, latest capture first, each with what changed; those that come first are compared first."""
    ordered = sorted(view.versions, key=lambda one: (one.captured_at, one.number), reverse=True)
    rows = []
    for version, before in pairwise(ordered):
        most -= len(version.article.body) + len(before.article.body)
        change = change_told(kind_of_change(before, version)) if most >= 0 else ""
        rows.append(VersionRow(version=version, before=before.number, change=change))
    return [*rows, VersionRow(version=ordered[-1])]


def version_in(view: ArticleView, number: str) -> ArticleVersion:
    """The version of that number.

    Raises:
        HTTPException: the article has none (404).
    """
    found = next((one for one in view.versions if str(one.number) == number), None)
    if found is None:
        there = ", ".join(str(one.number) for one in sorted(view.versions, key=lambda one: one.number))
        raise HTTPException(HTTPStatus.NOT_FOUND, f"Article {view.id} has no such version; it has {there}.")
    return found


def _read(store: Store, number: int, wanted: str) -> _Read:
    view = store.article(number)
    version = version_in(view, wanted) if wanted else view.versions[-1]
    keys = [link.event_key for link in view.events[:_MOST_EVENTS]]
    events: Mapping[str, EventView] = {one.entry.key: one for one in store.event_views(keys)}
    return _Read(
        view=view,
        version=version,
        capture=store.capture(version.capture_id),
        events=[
            ReportedEvent(link=link, says=REPORTS[link.state], event=events.get(link.event_key)) for link in view.events
        ],
    )


def _stored(image: LeadImage | None) -> LeadImage | None:
    return image if image and image.capture and image.facts else None


ROUTES = (shows("/articles/{number}", show),)
