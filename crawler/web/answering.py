"""How handlers become routes: pages, and forms that a page posts.

A handler is a plain function of the request, run in a thread; one that is posted to also gets the form's fields. Every
route that changes something is made by `posts`, which looks at the form's token before the handler is called: there is
no other way to post.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crawler.naming import MOST_DIGITS, number_of
from crawler.web.guarding.forgery import FIELD, is_ours
from crawler.web.site import site_of, who_of

MOST_FORM = 64 * 1024
"""Bytes of the largest form."""
_MOST_FIELDS = 50
_BODY_S = 30.0
"""Seconds in which a body has come."""
Fields = Mapping[str, str]
"""What a form says."""
Handler = Callable[[Request], Response]
FormHandler = Callable[[Request, Fields], Response]


class _Number(IntegerConvertor):
    """``{number:int}`` in a path: no number that Python refuses to read or that no database knows."""

    regex = f"[0-9]{{1,{MOST_DIGITS}}}"


register_url_convertor("int", _Number())


def shows(path: str, handler: Handler) -> Route:
    """A page."""
    return Route(path, handler, methods=["GET"])


def posts(path: str, handler: FormHandler, *, always: bool = False) -> Route:
    """What a form does; the handler answers with a redirection (`see`) or a page that says what is wrong.

    ``always``: also where the site only shows, since the library is not changed.
    """

    async def answer(request: Request) -> Response:
        fields = form_fields(await body_of(request, MOST_FORM))
        if site_of(request).policy.read_only and not always:
            raise HTTPException(HTTPStatus.FORBIDDEN, "This site only shows: it was started with --read-only.")
        if not is_ours(site_of(request).signer, who_of(request).session, fields.get(FIELD, "")):
            raise HTTPException(HTTPStatus.FORBIDDEN, "This form is too old, or not ours: open the page again.")
        return await run_in_threadpool(handler, request, fields)

    return Route(path, answer, methods=["POST"], name=handler.__name__)


def number_in(request: Request, name: str = "number") -> int:
    """A number in the path.

    Raises:
        HTTPException: it is none that anything here can have (404).
    """
    number = number_of(request.path_params[name])
    if number is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is nothing of that number.")
    return number


def see(path: str) -> Response:
    """Done: the browser is to open that page."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


async def body_of(request: Request, most: int) -> bytes:
    """The body of a request.

    Raises:
        HTTPException: it is longer than that (413), or does not come to an end (408).
    """
    found = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for piece in request.stream():
                found += piece
                if len(found) > most:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"More than {most:,} bytes were sent.")
    except TimeoutError as error:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "What was sent did not come to an end.") from error
    return bytes(found)


def form_fields(body: bytes) -> dict[str, str]:
    """The fields of a posted form; of one that comes twice the last.

    Raises:
        HTTPException: it is no form (400).
    """
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "What was sent is no form.") from error
