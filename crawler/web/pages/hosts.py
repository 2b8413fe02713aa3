"""Hosts: which of them can be asked, which rest and why; one host with what came of asking it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crawler.configuration import Configuration
from crawler.host_conditions import HINDERED, HostView, counted, view_of, worst_first
from crawler.naming import host_name, number_of
from crawler.web.answering import shows
from crawler.web.figures import outcomes
from crawler.web.rendering import page, with_query
from crawler.web.site import Site, site_of
from storage.protocol import Store
from storage.types import HostDay, Outcome, utc_now

PER_PAGE = 100
_DAYS = 60
_LONGEST_NAME = 300
_PAGE_DIGITS = 7


def list_(request: Request) -> Response:
    """Hosts, the worst first; ``name`` narrows to those whose name has that in it, ``page`` turns."""
    site, said = site_of(request), request.query_params
    name = said.get("name", "").strip().lower()[:_LONGEST_NAME]
    views = _views(site)
    found = [view for view in views if name in view.host.name]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(1, number_of(said.get("page", ""), digits=_PAGE_DIGITS) or 1), pages)
    context = {
        "hosts": found[(number - 1) * PER_PAGE : number * PER_PAGE],
        "count": len(found),
        "name": name,
        "hindered": counted(found, HINDERED),
        "number": number,
        "pages": pages,
        "newer": with_query("/hosts", {"name": name, "page": str(number - 1)}) if number > 1 else "",
        "older": with_query("/hosts", {"name": name, "page": str(number + 1)}) if number < pages else "",
    }
    return page(request, "hosts.html", context)


def _views(site: Site) -> list[HostView]:
    """All of them, the worst first: that reads every host, and is remembered."""
    return site.remembered.get(
        "hosts", lambda: site.ask(lambda store: worst_first(store, site.configuration, utc_now()))
    )


def show(request: Request) -> Response:
    """One host."""
    site, now = site_of(request), utc_now()
    name = host_name(request.path_params["name"])
    context = site.ask(lambda store: _told(store, site.configuration, name, now))
    return page(request, "host.html", context)


def _told(store: Store, configuration: Configuration, name: str, now: datetime) -> dict[str, Any]:
    host = store.host(name, now=now)
    until = now.date()
    since = until - timedelta(days=_DAYS - 1)
    days = list(store.host_days(since=since, until=until, host=name))
    return {
        "view": view_of(host, configuration, now),
        "host": host,
        "now": now,
        "rule": configuration.host_rule(name) if name in configuration.host_rules else None,
        "outcomes": _counted(days),
        "chart": outcomes(days, since=since, until=until),
        "days": _DAYS,
    }


def _counted(days: list[HostDay]) -> list[tuple[Outcome, int, int]]:
    """Outcome, attempts, articles; the most frequent first."""
    attempts: Counter[Outcome] = Counter()
    articles: Counter[Outcome] = Counter()
    for one in days:
        attempts[one.outcome] += one.attempts
        articles[one.outcome] += one.articles
    return [(outcome, count, articles[outcome]) for outcome, count in attempts.most_common()]


ROUTES = (shows("/hosts", list_), shows("/hosts/{name}", show))
