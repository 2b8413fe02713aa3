"""What happens to every request before and behind its handler: its parameters, its body's length, HEAD, OPTIONS, ETag.

Why a parameter that no endpoint has is refused, and one that is there twice: ``publishr=`` would otherwise give
everything, and nobody would see why.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from crawler.web.answering import MOST_FORM, body_of
from crawler.web.guarding.forgery import SAFE
from crawler.web.rendering import conditional

_BELOW = "sources|refetch|backfill"


class EventKey(StringConvertor):
    """A key with its slashes, up to what stands below an event."""

    regex = rf"(?:(?!/(?:{_BELOW})$)[\s\S])+"


register_url_convertor("event", EventKey())


class Asked(APIRoute):
    """An endpoint that takes what its description names, and nothing else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI."""
        answer = super().get_route_handler()

        async def checked(request: Request) -> Response:
            _require_known(request, _parameters(request.app, self, request.method))
            if request.method in SAFE:
                response = await answer(request)
                return conditional(request, response) if response.status_code == HTTPStatus.OK else response
            body = await body_of(request, MOST_FORM)
            return await answer(Request(request.scope, _once(body)))

        return checked


def _parameters(app: FastAPI, route: APIRoute, method: str) -> list[str]:
    described = app.openapi()["paths"][route.path_format][method.lower()].get("parameters", ())
    return [one["name"] for one in described if one["in"] == "query"]


def _require_known(request: Request, known: list[str]) -> None:
    said = [name for name, _ in request.query_params.multi_items()]
    for name in said:
        if name not in known:
            there = f"there are {', '.join(known)}" if known else "there are none here"
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"There is no parameter {name[:80]!r}: {there}.")
    if twice := next((name for name in said if said.count(name) > 1), ""):
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"The parameter {twice} is there twice: one is enough.")


def _once(body: bytes) -> Receive:
    """What gives a body that was read already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


class Front:
    """Answers HEAD as GET without its content, and OPTIONS with the methods that there are."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["method"] == "OPTIONS" and (methods := allowed(self._app.routes, scope)):
            response = Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": methods})
            await response(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self._app({**scope, "method": "GET"}, receive, _headers_of(send))
        else:
            await self._app(scope, receive, send)


def allowed(routes: Iterable[BaseRoute], scope: Scope) -> str:
    """The methods that there are at the address of a request, as ``Allow`` has them; empty where there is nothing."""
    found = set[str]()
    for route in routes:
        if route.matches(scope)[0] is not Match.NONE:
            found |= set(getattr(route, "methods", None) or ())
    if "GET" in found:
        found.add("HEAD")
    return ", ".join(sorted({*found, "OPTIONS"})) if found else ""


def _headers_of(send: Send) -> Send:
    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending
