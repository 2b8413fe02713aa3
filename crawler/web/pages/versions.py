"""What changed between two versions of an article."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.changes import kind_of_change
from crawler.changes.showing import Line, fields_of, lines_of, order_remark, pieces_of, rough_remark
from crawler.naming import number_of
from crawler.web.answering import number_in, see, shows
from crawler.web.pages.article import version_in
from crawler.web.rendering import page
from crawler.web.site import site_of
from storage.types import ArticleVersion, ArticleView

PER_PAGE = 500
"""Sentences of a page."""
_SEPARATOR = ".."


def choose(request: Request) -> Response:
    """Open the page of two versions, ``?old=1&new=2``; without them that of the last two captures."""
    number = number_in(request)
    view = site_of(request).ask(lambda store: store.article(number))
    asked = request.query_params
    ordered = _ordered(view)
    old = version_in(view, asked["old"]) if asked.get("old") else ordered[max(0, len(ordered) - 2)]
    new = version_in(view, asked["new"]) if asked.get("new") else ordered[-1]
    return see(_address(view, old, new))


def show(request: Request) -> Response:
    """The change from one version to another; ``?page=2`` shows the sentences behind the first ones."""
    number = number_in(request)
    view = site_of(request).ask(lambda store: store.article(number))
    before, _, after = request.path_params["versions"].partition(_SEPARATOR)
    old, new = version_in(view, before), version_in(view, after)
    change = kind_of_change(old, new)
    lines = tuple(lines_of(change.steps))
    at, pages = _page_in(request, lines)
    address = _address(view, old, new)
    context = {
        "view": view,
        "old": old,
        "new": new,
        "versions": _ordered(view),
        "change": change,
        "fields": fields_of(old, new, change),
        "remarks": [one for one in (order_remark(old, new), rough_remark(change)) if one],
        "lines": lines[(at - 1) * PER_PAGE : at * PER_PAGE],
        "pieces_of": pieces_of,
        "language": new.article.language or old.article.language,
        "at": at,
        "pages": pages,
        "before": f"{address}?page={at - 1}" if at > 1 else "",
        "behind": f"{address}?page={at + 1}" if at < pages else "",
        **_neighbours(view, old, new),
    }
    return page(request, "versions.html", context)


def _ordered(view: ArticleView) -> list[ArticleVersion]:
    return sorted(view.versions, key=lambda one: (one.captured_at, one.number))


def _address(view: ArticleView, old: ArticleVersion, new: ArticleVersion) -> str:
    return f"/articles/{view.id}/versions/{old.number}{_SEPARATOR}{new.number}"


def _page_in(request: Request, lines: Sequence[Line]) -> tuple[int, int]:
    """Which page of how many is asked for."""
    pages = max(1, -(-len(lines) // PER_PAGE))
    asked = request.query_params.get("page", "1")
    at = number_of(asked, digits=len(str(pages))) or 0
    if not 1 <= at <= pages:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"These changes have {pages} pages.")
    return at, pages


def _neighbours(view: ArticleView, old: ArticleVersion, new: ArticleVersion) -> dict[str, str]:
    """Addresses of the change before this one and of the one behind it; empty where there is none."""
    ordered = _ordered(view)
    place = {one.id: at for at, one in enumerate(ordered)}
    first, last = sorted((place[old.id], place[new.id]))
    return {
        "earlier": _address(view, ordered[first - 1], ordered[first]) if first else "",
        "later": _address(view, ordered[last], ordered[last + 1]) if last + 1 < len(ordered) else "",
    }


ROUTES = (
    shows("/articles/{number}/versions", choose),
    shows("/articles/{number}/versions/{versions}", show),
)
