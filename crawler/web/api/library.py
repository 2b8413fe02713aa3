"""Search, and counts over the whole library."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from crawler.web.api.articles import articles_of
from crawler.web.api.events import events_of
from crawler.web.api.filters import SearchFilters
from crawler.web.api.shapes.lists import Facets, Found, Month, MonthList
from crawler.web.site import site_of
from storage.protocol import Store


def search(request: Request, said: Annotated[SearchFilters, Query()]) -> Found:
    """Search events and articles at once.

    Both come with their totals, counted up to 1,000, and with cursors for their own lists.
    """

    def work(store: Store) -> Found:
        return Found(
            events=events_of(store, said, said.order, limit=said.limit, with_total=True),
            articles=articles_of(store, said, said.order, limit=said.limit, with_total=True),
        )

    return site_of(request).ask(work)


def get_facets(request: Request) -> Facets:
    """Get the publishers, outcomes, languages and agencies that filters can ask for.

    The counts may be some minutes old (`web.cache_s`).
    """
    return Facets.model_validate(site_of(request).facets())


def list_months(request: Request) -> MonthList:
    """List the months that have events, with what there is of them.

    The counts may be some minutes old (`web.cache_s`).
    """
    return MonthList(items=[Month.model_validate(one) for one in site_of(request).months()])
