"""Runs, and orders to fetch."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from crawler.naming import event_name
from crawler.selecting import LONGEST
from crawler.web.api.events import Key
from crawler.web.api.filters import Limit, YesNo
from crawler.web.api.shapes.lists import OrderList, RunList
from crawler.web.api.shapes.shape import Id, Said
from crawler.web.api.shapes.work import Order, Run
from crawler.web.api.writing import Signed, Writer, signed
from crawler.web.guarding.identity import Who
from crawler.web.site import site_of
from storage import types
from storage.protocol import Store
from storage.types import OrderKind, RunState, utc_now

RunNumber = Annotated[Id, Path(description="The run's number.", examples=[1])]
OrderId = Annotated[Id, Path(description="The order's number.", examples=[1])]


class RunFilters(Said):
    """Which runs are meant."""

    state: RunState | Literal[""] = ""
    """Only runs that stand so."""
    job: Annotated[str, Field(max_length=LONGEST, examples=["crawl"])] = ""
    """Only runs of this scheduled job."""
    limit: Limit = 50


class OrderFilters(Said):
    """Which orders are meant."""

    open: YesNo = YesNo.NO
    """`yes`: only those that wait or are worked on."""
    event: Annotated[str, Field(max_length=LONGEST, examples=["2006/07/5/ferry-runs-aground"])] = ""
    """Only orders of this event."""
    limit: Limit = 50


def list_runs(request: Request, said: Annotated[RunFilters, Query()]) -> RunList:
    """List the latest runs."""
    found = site_of(request).ask(
        lambda store: store.runs(state=said.state or None, job=said.job or None, limit=said.limit)
    )
    return RunList(items=[Run.model_validate(one) for one in found])


def get_run(request: Request, number: RunNumber) -> Run:
    """Get one run."""
    return Run.model_validate(site_of(request).ask(lambda store: store.run(number)))


def list_orders(request: Request, said: Annotated[OrderFilters, Query()]) -> OrderList:
    """List the latest orders."""

    def work(store: Store) -> list[types.Order]:
        key = store.event(event_name(said.event)).entry.key if said.event else ""
        return store.orders(open_only=said.open is YesNo.YES, event_key=key, limit=said.limit)

    return OrderList(items=[_order(one) for one in site_of(request).ask(work)])


def get_order(request: Request, id: OrderId) -> Order:  # noqa: A002 - its name
    """Get one order: where the work stands."""
    return _order(site_of(request).ask(lambda store: store.order(id)))


def refetch(
    request: Request,
    response: Response,
    key: Key,
    who: Writer,
    said: Signed | None = None,
) -> Order:
    """Ask for the sources of an event to be fetched again from the live web.

    Where that was asked for already and is not over, that order is answered. The body may be left out.
    """
    return _ordered(request, response, OrderKind.REFETCH, key, who, said)


def backfill(
    request: Request,
    response: Response,
    key: Key,
    who: Writer,
    said: Signed | None = None,
) -> Order:
    """Ask for the sources of an event to be looked for in web archives.

    Where that was asked for already and is not over, that order is answered. The body may be left out.
    """
    return _ordered(request, response, OrderKind.BACKFILL, key, who, said)


def _ordered(request: Request, response: Response, kind: OrderKind, key: str, who: Who, said: Signed | None) -> Order:
    by = signed(who, said.by if said else "")
    made = site_of(request).ask(lambda store: store.put_order(kind, event_name(key), by=by, now=utc_now()))
    response.headers["Location"] = f"{request.scope['root_path']}/orders/{made.id}"
    return _order(made)


def _order(one: types.Order) -> Order:
    said = {name: getattr(one, name) for name in Order.model_fields if name != "run"}
    return Order(run=one.run or None, **said)
