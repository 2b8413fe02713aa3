"""Orders: ask for an event's sources again, from the live web or from archives, and see what becomes of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crawler.naming import event_name
from crawler.web.answering import Fields, posts, see, shows
from crawler.web.pages.deciding import address_of
from crawler.web.pages.done import Done
from crawler.web.pages.live import follows, rendered
from crawler.web.rendering import page
from crawler.web.site import Site, site_of, who_of
from crawler.web.streams import Part
from storage.errors import RunNotFound
from storage.protocol import Store
from storage.types import Order, OrderKind, Run, utc_now


def refetch(request: Request, fields: Fields) -> Response:
    """Ask for the sources of ``event`` from the live web."""
    return _put(request, fields, OrderKind.REFETCH, Done.REFETCH)


def backfill(request: Request, fields: Fields) -> Response:
    """Ask archives for those sources of ``event`` that have no article."""
    return _put(request, fields, OrderKind.BACKFILL, Done.BACKFILL)


def _put(request: Request, fields: Fields, kind: OrderKind, done: Done) -> Response:
    name, by = event_name(fields.get("event", "")), who_of(request).name
    made = site_of(request).ask(lambda store: store.put_order(kind, name, by=by, now=utc_now()))
    return see(address_of(done, event_key=made.event_key))


def order(request: Request) -> Response:
    """One order."""
    return page(request, "order.html", _told(site_of(request), request.path_params["number"]))


def _told(site: Site, number: int) -> dict[str, Any]:
    """What is told of an order, for the page and for those who follow it."""

    def work(store: Store) -> tuple[Order, Run | None]:
        found = store.order(number)
        with suppress(RunNotFound):
            return found, store.run(found.run) if found.run else None
        return found, None

    found, run = site.ask(work)
    return {"order": found, "run": run, "sentence": f"Order {found.id} is {found.state}."}


def _look(site: Site, request: Request) -> Part:
    told = _told(site, request.path_params["number"])
    html, over = rendered(site, "order_state.html", told), told["order"].ended_at is not None
    return Part(html=html, sentence=told["sentence"], over=over)


ROUTES = (
    posts("/refetch", refetch),
    posts("/backfill", backfill),
    shows("/orders/{number:int}", order),
    follows("/orders/{number:int}/live", _look),
)
