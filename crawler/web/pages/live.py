"""Routes of what pages follow: a part of a page whenever it changed. See `crawler.web.streams`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.web.site import Site, site_of, who_of
from crawler.web.streams import Part


def follows(path: str, look: Callable[[Site, Request], Part]) -> Route:
    """A stream at a path; those who follow the same path share what is found."""

    async def answer(request: Request) -> Response:
        site = site_of(request)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        return await site.streams.follow(who_of(request).client, request.url.path, lambda: look(site, request))

    return Route(path, answer, methods=["GET"], name=f"live {path}")


def rendered(site: Site, template: str, context: Mapping[str, Any]) -> str:
    """A part of a page alone; it knows nothing of who asks."""
    return site.templates.get_template(template).render(context)
