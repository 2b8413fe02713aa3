"""The API as an application of its own, mounted beside the pages."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crawler.web.answering import shows
from crawler.web.api.asking import Asked, Front, allowed
from crawler.web.api.describing import described
from crawler.web.api.endpoints import ENDPOINTS
from crawler.web.api.explaining import explain
from crawler.web.failing import HANDLED, failed
from crawler.web.problems import problem
from crawler.web.rendering import conditional
from crawler.web.site import Site
from storage import __version__

_MOST_ERRORS = 20


def api_application(site: Site) -> Front:
    """The ASGI application of a site's API."""
    app = _with_endpoints()
    app.state.site = site
    app.openapi = _document  # type: ignore[method-assign]
    app.router.routes += [shows("/", explain), shows("/openapi.json", _openapi)]
    return Front(app)


def _with_endpoints() -> FastAPI:
    app = FastAPI(
        title="dateline",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={**dict.fromkeys(HANDLED, _failed), RequestValidationError: _misunderstood},
    )
    app.router.route_class = Asked
    for one in ENDPOINTS:
        app.add_api_route(
            one.path,
            one.handler,
            methods=[one.method],
            status_code=one.status,
            tags=[one.tag],
            summary=one.title,
            description=one.text,
            operation_id=one.handler.__name__,
        )
    return app


@cache
def _document() -> dict[str, Any]:
    """The OpenAPI document, which is the same for every site; it takes a fifth of a second."""
    return described(_with_endpoints().routes)


def _openapi(request: Request) -> Response:
    return conditional(request, JSONResponse(request.app.openapi()))


async def _failed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else None
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = allowed(request.app.routes, request.scope)
        error = HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, f"There are {methods} here.", {"Allow": methods})
    elif status == HTTPStatus.NOT_FOUND and error.detail == HTTPStatus.NOT_FOUND.phrase:  # type: ignore[attr-defined]
        error = HTTPException(HTTPStatus.NOT_FOUND, "There is nothing at this address: /api/v1/ says what there is.")
    return failed(request, error)


async def _misunderstood(_request: Request, error: Exception) -> Response:
    found = dict[str, str]()
    for one in error.errors() if isinstance(error, RequestValidationError) else ():
        # Behind a parameter's name stands which of several kinds of values was tried: nothing to a reader.
        place = " ".join(str(part) for part in (one["loc"] if one["loc"][0] == "body" else one["loc"][:2]))
        found.setdefault(place[:200], str(one["msg"]).removeprefix("Value error, ")[:300])
    detail = "; ".join(f"{place}: {wrong}" for place, wrong in list(found.items())[:3])
    return problem(HTTPStatus.BAD_REQUEST, detail, list(found.items())[:_MOST_ERRORS])
