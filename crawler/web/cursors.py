"""Places in a list as texts in addresses: where a page begins, whoever stored or removed something meanwhile.

Why places and not page numbers: the database finds a place by an index, wherever it is, and an event that was imported
while somebody reads moves no other one onto the next page.

Why they are not signed: a place that somebody made up shows a list from there, which anybody may see.
"""

from __future__ import annotations

import base64
import json
from datetime import date

from crawler.errors import SelectionError
from storage.types import ArticlePlace, EventPlace

_MOST = 2_000
"""Signs of the longest cursor that is read."""
_LARGEST = 2**63 - 1


def cursor_of(place: EventPlace | ArticlePlace) -> str:
    """The place as letters, digits, ``-`` and ``_``."""
    if isinstance(place, EventPlace):
        told: list[str | int] = [place.event_date.isoformat(), place.key]
    else:
        told = [place.day.isoformat(), place.article_id]
    return base64.urlsafe_b64encode(json.dumps(told, ensure_ascii=False).encode()).decode().rstrip("=")


def event_place(cursor: str) -> EventPlace:
    """The place of an event.

    Raises:
        SelectionError: it is no cursor of ours.
    """
    day, key = _read(cursor)
    if not isinstance(key, str):
        raise _damaged()
    return EventPlace(event_date=day, key=key)


def article_place(cursor: str) -> ArticlePlace:
    """The place of an article.

    Raises:
        SelectionError: it is no cursor of ours.
    """
    day, number = _read(cursor)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _LARGEST:
        raise _damaged()
    return ArticlePlace(day=day, article_id=number)


def _read(cursor: str) -> tuple[date, object]:
    try:
        padded = cursor[:_MOST] + "=" * (-len(cursor) % 4)
        day, rest = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        return date.fromisoformat(day), rest
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged() from error


def _damaged() -> SelectionError:
    return SelectionError("the place to continue", "it is none of ours", "begin the list again")
