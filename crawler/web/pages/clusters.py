"""One story: the articles that tell it, and two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.article_facts import time_of, why_it_stands
from crawler.comparing import Comparison, compared, related_in_words
from crawler.naming import number_of
from crawler.side_by_side import Pair, side_by_side
from crawler.web.answering import number_in, see, shows
from crawler.web.rendering import page, with_query
from crawler.web.site import site_of
from storage.protocol import Store
from storage.types import ArticleView, ClusterMember, ClusterView

MOST_MEMBERS = 200
"""Members of a story that are listed; the one that represents it is always among them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compared:
    """Two articles beside each other."""

    left: ArticleView
    right: ArticleView
    found: Comparison
    relation: str
    pairs: Sequence[Pair]


def show(request: Request) -> Response:
    """The members of a story, and two of them side by side: ``?left=8&right=9``, any two articles.

    Without these the one that represents the story, and the next.
    """
    number = number_in(request)
    asked = {name: request.query_params.get(name, "") for name in ("left", "right")}
    story, two = site_of(request).ask(lambda store: _read(store, number, asked["left"], asked["right"]))
    if story.id != number:
        return see(with_query(f"/clusters/{story.id}", asked))
    members = _ranked(story)
    context = {
        "story": story,
        "members": members[:MOST_MEMBERS],
        "left_out": max(0, len(members) - MOST_MEMBERS),
        "why_it_stands": why_it_stands(members[0], story.members),
        "time_of": time_of,
        "two": _side_by_side(*two) if two else None,
    }
    return page(request, "cluster.html", context)


def _read(
    store: Store, number: int, left: str, right: str
) -> tuple[ClusterView, tuple[ArticleView, ArticleView] | None]:
    story = store.cluster(number)
    if story.id != number:
        return story, None
    ranked = [one.article_id for one in _ranked(story)]
    one = _number(left) or next((member for member in ranked if str(member) != right), 0)
    other = _number(right) or next((member for member in ranked if member != one), 0)
    if not one or not other or one == other:
        return story, None
    return story, (store.article(one), store.article(other))


def _ranked(story: ClusterView) -> list[ClusterMember]:
    """The one that represents it first, the others by the time of their reports."""
    return sorted(story.members, key=lambda one: (not one.representative, one.reported_at is None, one.reported_at))


def _number(written: str) -> int:
    """0 where nothing is said.

    Raises:
        HTTPException: it is no number (404).
    """
    number = number_of(written or "0")
    if number is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "left and right are numbers of articles.")
    return number


def _side_by_side(left: ArticleView, right: ArticleView) -> _Compared:
    found = compared(left, right)
    bodies = left.versions[-1].article.body, right.versions[-1].article.body
    return _Compared(
        left=left,
        right=right,
        found=found,
        relation=related_in_words(found.relation) if found.relation else "",
        pairs=side_by_side(*bodies, found.passages),
    )


ROUTES = (shows("/clusters/{number}", show),)
