"""The JSON API under ``/api/v1``: the same library as on the pages, for programs.

`endpoints` lists what there is; the handlers stand in `events`, `articles`, `library`, `curation` and `work`, what they
answer with in `shapes`. `asking` is what happens to every request, `writing` says who may change something,
`describing` makes the OpenAPI document, `explaining` a page of it. `application` puts that together.

Why one status, 400, for everything that cannot be understood: whether a number is no number, a day no day or a cursor
of another list is one thing to whoever wrote the program that asks, and the sentence says which.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from crawler.web.api.application import api_application
from crawler.web.api.describing import BASE
from crawler.web.site import Site


def api_routes(site: Site) -> tuple[BaseRoute, ...]:
    """The routes of a site's API."""
    return (Mount(BASE, api_application(site)),)
