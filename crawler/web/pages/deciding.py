"""What people decide on pages: whether an article reports an event, and that a page is no article.

Every decision is stored with who made it and when (`storage.curation_store`, `storage.linking_store`); no crawl
overwrites one.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.naming import event_name, number_of
from crawler.web.answering import Fields, posts, see
from crawler.web.pages.done import SENTENCES, Done
from crawler.web.rendering import path_part, with_query
from crawler.web.site import site_of, who_of
from storage.protocol import Store
from storage.types import LinkState, utc_now

LONGEST_REASON = 500
_DECISIONS = {LinkState.CONFIRMED: Done.CONFIRMED, LinkState.REJECTED: Done.REJECTED}


def decide(request: Request, fields: Fields) -> Response:
    """Confirm or reject that ``article`` reports ``event``; ``state`` says which."""
    number, state = _number(fields), _state(fields)

    def work(store: Store) -> str:
        link = store.decide_link(
            event_name(fields.get("event", "")),
            number,
            state=state,
            by=who_of(request).name,
            because=reason_of(fields),
            now=utc_now(),
        )
        return link.event_key

    key = site_of(request).ask(work)
    site_of(request).remembered.forget()
    return see(address_of(_DECISIONS[state], event_key=key))


def mark(request: Request, fields: Fields) -> Response:
    """Mark ``article`` as none; the page of ``event`` is shown then, or the article's where none is named."""
    number, by = _number(fields), who_of(request).name

    def work(store: Store) -> str:
        key = _key(store, fields)
        store.mark(number, by=by, because=reason_of(fields), now=utc_now())
        return key

    return _marked(request, work, Done.MARKED, number)


def unmark(request: Request, fields: Fields) -> Response:
    """Take the mark of ``article`` back."""
    number, by = _number(fields), who_of(request).name

    def work(store: Store) -> str:
        key = _key(store, fields)
        store.unmark(number, by=by, now=utc_now())
        return key

    return _marked(request, work, Done.UNMARKED, number)


def _marked(request: Request, work: Callable[[Store], str], done: Done, number: int) -> Response:
    key = site_of(request).ask(work)
    site_of(request).remembered.forget()
    return see(address_of(done, event_key=key, article_id=number))


def address_of(done: Done, *, event_key: str = "", article_id: int = 0) -> str:
    """Where it is shown that something was done: on the event's page, else on the article's."""
    path = f"/events/{path_part(event_key)}" if event_key else f"/articles/{article_id}"
    return f"{with_query(path, {'done': done})}#{SENTENCES[done].part}"


def reason_of(fields: Fields) -> str:
    """Why somebody decides so, on one line; may be empty."""
    given = fields.get("because", "")[: 4 * LONGEST_REASON]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in given).split())[:LONGEST_REASON]


def _key(store: Store, fields: Fields) -> str:
    """The own key of the event that a form names; empty where it names none. Raises `EventNotFound`."""
    name = fields.get("event", "")
    return store.event(event_name(name)).entry.key if name else ""


def _number(fields: Fields) -> int:
    number = number_of(fields.get("article", ""))
    if number is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The form names no article.")
    return number


def _state(fields: Fields) -> LinkState:
    written = fields.get("state", "")
    if written not in _DECISIONS:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The form says neither confirmed nor rejected.")
    return LinkState(written)


ROUTES = (posts("/links/decide", decide), posts("/marks/add", mark), posts("/marks/undo", unmark))
