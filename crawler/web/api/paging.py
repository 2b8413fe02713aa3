"""Parts of lists: cursors that belong to one list, and the header that leads on.

A cursor is eight digits that stand for the list (what it is of, its filters, its order), and a place in it
(`crawler.web.cursors`). Why the digits: a cursor that is used with other filters would give a list in which something
is missing, and nobody would see it. Why it is not signed: a made-up place shows what anybody may see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.errors import SelectionError
from crawler.naming import number_of
from crawler.web.api.shapes.shape import BIGGEST
from crawler.web.cursors import article_place, cursor_of, event_place
from storage.types import ArticlePlace, EventPlace

_DIGITS = 8
_MOST_LINK = 4_000

Place = TypeVar("Place", EventPlace, ArticlePlace, int)


def list_name(*said: str) -> str:
    """The digits that stand for a list."""
    return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def cursor_behind(name: str, place: EventPlace | ArticlePlace | int) -> str:
    """The cursor of what stands behind a place of the list of that name."""
    return name + (str(place) if isinstance(place, int) else cursor_of(place))


def event_behind(name: str, cursor: str) -> EventPlace | None:
    """The event behind which the list goes on; ``None`` where there is no cursor. Raises as `_place` does."""
    return _place(name, cursor, event_place)


def article_behind(name: str, cursor: str) -> ArticlePlace | None:
    """The same of articles."""
    return _place(name, cursor, article_place)


def number_behind(name: str, cursor: str) -> int:
    """The same of what has ascending numbers; 0 where there is no cursor."""
    return _place(name, cursor, _number) or 0


def _number(text: str) -> int:
    number = number_of(text, digits=len(str(BIGGEST))) or 0
    if not 1 <= number <= BIGGEST:
        raise ValueError(text)
    return number


def _place(name: str, cursor: str, read: Callable[[str], Place]) -> Place | None:
    """Read the place of a cursor, which must be exactly as `cursor_behind` writes it.

    Raises:
        HTTPException: it is none of ours, or of another list (400).
    """
    if not cursor:
        return None
    try:
        place = read(cursor[_DIGITS:])
        ours = cursor_behind(cursor[:_DIGITS], place) == cursor
    except (SelectionError, ValueError):
        ours = False
    if not ours:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The cursor is none of ours: begin the list again.")
    if not cursor.startswith(name):
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, "The cursor is of a list with other filters or another order: begin this one anew."
        )
    return place


def lead_on(request: Request, response: Response, cursor: str | None) -> None:
    """Name the next part of the list in the header ``Link``, where there is one.

    Not where the filters are so long that a proxy between may refuse the header; the answer has its cursor then too.
    """
    if cursor is None:
        return
    said = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    address = f"{request.url.path}?{urlencode([*said, ('cursor', cursor)])}"
    if len(address) <= _MOST_LINK:
        response.headers["Link"] = f'<{address}>; rel="next"'
