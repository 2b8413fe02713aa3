"""One event: the entry, what became of each source, the texts, who reported it, what a person may do.

Why only some texts stand on the page, and each only with its beginning: an entry with three hundred sources would make
a page of ten megabytes. The whole text is on the article's own page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.coverage import EventCoverage, coverage_of, merits, summary
from crawler.naming import event_name
from crawler.selecting import WORDS_FIELD, fields_of
from crawler.source_stories import SourceStory, story_of
from crawler.tombstones import tombstones_of
from crawler.web.answering import shows
from crawler.web.pages.done import done_of
from crawler.web.rendering import page, path_part, with_query
from crawler.web.site import site_of
from storage.protocol import Store
from storage.types import (
    ArchiveLink,
    ArticleView,
    EventLink,
    EventView,
    LibraryQuery,
    LinkHow,
    LinkState,
    Order,
    SourceView,
)

_MOST_TEXTS = 25
"""Articles of which the text stands on the page."""
_MOST_LINKS = 50
"""Links by content that are shown; those that wait for a decision come first."""
_MOST_ORDERS = 5
_LONGEST_SEARCHED = 200
"""Signs of a name that becomes a search."""

_ORDER_OF_STATES = (LinkState.PROPOSED, LinkState.LINKED, LinkState.CONFIRMED, LinkState.REJECTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Source:
    """One source link as it is shown.

    Attributes:
        view: the link with its document.
        story: what became of it.
        copy: where a reader opens an archived copy; ``None`` where none is known.
        article: its article; ``None`` where there is none, or it is only linked to.
    """

    view: SourceView
    story: SourceStory
    copy: ArchiveLink | None
    article: ArticleView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Link:
    """One event link that is no plain citation, with its article."""

    link: EventLink
    article: ArticleView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """Everything that the page shows."""

    event: EventView
    sources: Sequence[_Source]
    links: Sequence[_Link]
    more_links: int
    orders: Sequence[Order]
    coverage: EventCoverage


def event(request: Request) -> Response:
    """One event; under its own key, to which every other name of it leads."""
    name = request.path_params["key"]
    shown = site_of(request).ask(lambda store: _shown(store, name))
    key = shown.event.entry.key
    if key != name:
        return RedirectResponse(f"/events/{path_part(key)}", HTTPStatus.TEMPORARY_REDIRECT)
    entry = shown.event.entry
    context = {
        "shown": shown,
        "entry": entry,
        "topics": _searches(entry.topics),
        "entities": _searches(entry.entities),
        "category": _searches((entry.category,) if entry.category else ()),
        "summary": summary(shown.coverage),
        "merits": merits,
        "done": done_of(request),
    }
    return page(request, "event.html", context)


def _shown(store: Store, name: str) -> _Shown:
    found = store.event(event_name(name))
    links = sorted(
        (one for one in found.links if one.how is not LinkHow.CITATION or one.state is not LinkState.LINKED),
        key=lambda one: (_ORDER_OF_STATES.index(one.state), -one.score, one.article_id),
    )
    articles = _articles(store, found, links[:_MOST_LINKS])
    return _Shown(
        event=found,
        sources=_sources(store, found, articles),
        links=[_Link(link=one, article=articles.get(one.article_id)) for one in links[:_MOST_LINKS]],
        more_links=max(0, len(links) - _MOST_LINKS),
        orders=store.orders(event_key=found.entry.key, limit=_MOST_ORDERS),
        coverage=coverage_of(found),
    )


def _articles(store: Store, found: EventView, links: Sequence[EventLink]) -> Mapping[int, ArticleView]:
    """The articles whose texts or headlines are shown."""
    cited = dict.fromkeys(
        one.document.article_id for one in found.sources if one.document and one.document.article_id is not None
    )
    wanted = dict.fromkeys([*list(cited)[:_MOST_TEXTS], *(one.article_id for one in links)])
    return {one.id: one for one in store.article_views(list(wanted))}


def _sources(store: Store, found: EventView, articles: Mapping[int, ArticleView]) -> list[_Source]:
    """Each source with its story; a text stands with the first link that cites it."""
    copies = store.archive_links([one.document.id for one in found.sources if one.document is not None])
    gone = tombstones_of(store, found)
    left = dict(articles)
    made = []
    for one in found.sources:
        story = story_of(one, gone)
        text = left.pop(story.article_id, None) if story.article_id is not None else None
        copy = copies.get(one.document.id) if one.document is not None else None
        made.append(_Source(view=one, story=story, copy=copy, article=text))
    return made


def _searches(names: Sequence[str]) -> list[tuple[str, str]]:
    """Each name with the address of a search for it; no address for one that is too long to be looked for."""
    return [(name, _search(name)) for name in names]


def _search(name: str) -> str:
    if len(name) > _LONGEST_SEARCHED:
        return ""
    words = fields_of(LibraryQuery(words=(name,)))[WORDS_FIELD]
    return with_query("/events", {WORDS_FIELD: words})


ROUTES = (shows("/events/{key:path}", event),)
