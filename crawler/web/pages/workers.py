"""Workers: who works on the queue, and what waits in it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from crawler.errors import ConfigurationError
from crawler.health.workers import (
    WORKER_MEANINGS,
    QueueStanding,
    WorkerStanding,
    problems_of,
    queues_of,
    workers_of,
)
from crawler.queueing.reaching import address_of
from crawler.web.answering import shows
from crawler.web.rendering import page
from crawler.web.site import Site, site_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """The workers and their queues.

    Attributes:
        workers: in the order in which they began.
        queues: every one.
        why_none: why this library can have no workers; empty where it can.
        problems: what a person has to look at, one sentence each.
    """

    workers: tuple[WorkerStanding, ...] = ()
    queues: tuple[QueueStanding, ...] = ()
    why_none: str = ""
    problems: tuple[str, ...] = ()


def crew(site: Site) -> Crew:
    """As it is now. Raises `StorageError`."""
    try:
        address_of(site.configuration.database_url)
    except ConfigurationError as problem:
        return Crew(why_none=str(problem))
    queues = tuple(queues_of(site.configuration))
    workers = tuple(site.ask(lambda store: workers_of(store, site.configuration)))
    return Crew(workers=workers, queues=queues, problems=tuple(problems_of(workers, queues)))


def show(request: Request) -> Response:
    """All of them."""
    return page(request, "workers.html", {"crew": crew(site_of(request)), "meanings": WORKER_MEANINGS})


ROUTES = (shows("/workers", show),)
