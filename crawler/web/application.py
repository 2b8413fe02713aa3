"""The application: the guard around the routes of pages, API and files."""

from __future__ import annotations

import re
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crawler.configuration import Configuration
from crawler.web.api import api_routes
from crawler.web.failing import HANDLED, failed
from crawler.web.guarding.guard import Guard
from crawler.web.guarding.identity import Identifier
from crawler.web.guarding.signing import Signer
from crawler.web.pages import PAGE_ROUTES
from crawler.web.policy import Policy
from crawler.web.remembering import Remembered
from crawler.web.rendering import environment
from crawler.web.site import Site, site_of
from crawler.web.stores import Stores
from storage import __version__

_FOR_EVER = "public, max-age=31536000, immutable"
_DIGEST = re.compile(rb"[0-9a-f]{12}")


def site_for(configuration: Configuration, policy: Policy, *, local_name: str) -> Site:
    """The site of a library; ``local_name`` is who asks where nobody else is named."""
    signer = Signer(policy.token)
    return Site(
        configuration=configuration,
        policy=policy,
        stores=Stores(configuration.database_url),
        signer=signer,
        identifier=Identifier(policy, signer, local_name),
        remembered=Remembered(configuration.number("web.cache_s")),
        templates=environment(),
    )


def application(site: Site) -> Guard:
    """The ASGI application of a site; closing the site is the caller's."""
    routes = [
        *PAGE_ROUTES,
        *api_routes(site),
        Route("/health", _health),
        Mount("/static", _Files(packages=[("crawler.web", "static")])),
    ]
    app = Starlette(routes=routes, exception_handlers=dict.fromkeys(HANDLED, _failed))
    app.state.site = site
    return Guard(app, site.policy, site.identifier)


class _Files(StaticFiles):
    """Our files; what is asked for by its digest may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file."""
        response = await super().get_response(path, scope)
        if response.status_code == HTTPStatus.OK and _DIGEST.fullmatch(scope["query_string"]):
            response.headers["Cache-Control"] = _FOR_EVER
        return response


async def _failed(request: Request, error: Exception) -> Response:
    return failed(request, error)


def _health(request: Request) -> Response:
    """Whether the database answers, for whoever watches the service; nothing else, since anybody may ask."""
    try:
        site_of(request).ask(lambda store: store.require_compatible())
    except Exception as problem:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer.") from problem
    return JSONResponse({"status": "ok", "version": __version__})
