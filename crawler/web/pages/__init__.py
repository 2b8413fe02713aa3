"""The pages: one module per kind, all of their routes listed in `PAGE_ROUTES`."""

from __future__ import annotations

from starlette.routing import BaseRoute

from crawler.web.pages import (
    article,
    calendar,
    captures,
    clusters,
    deciding,
    event,
    feeds,
    hosts,
    linkrot,
    lists,
    logging_in,
    operations,
    ordering,
    runs,
    schedule,
    versions,
    why,
    workers,
)

PAGE_ROUTES: tuple[BaseRoute, ...] = (
    *logging_in.ROUTES,
    *lists.ROUTES,
    *calendar.ROUTES,
    *event.ROUTES,
    *why.ROUTES,
    *article.ROUTES,
    *versions.ROUTES,
    *captures.ROUTES,
    *clusters.ROUTES,
    *deciding.ROUTES,
    *ordering.ROUTES,
    *feeds.ROUTES,
    *operations.ROUTES,
    *runs.ROUTES,
    *schedule.ROUTES,
    *workers.ROUTES,
    *hosts.ROUTES,
    *linkrot.ROUTES,
)
"""Every page and every form."""
