"""What somebody gets in place of a page: one sentence that says what is wrong, under the right status.

Why our own mistakes say nothing of themselves: the log has the traceback; the page only says that it is there.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.errors import DatelineError
from crawler.web.guarding.guard import API
from crawler.web.problems import problem
from crawler.web.rendering import page
from storage.errors import NotFound, StorageError, StoreUnavailable

log = logging.getLogger(__name__)

_OURS = "Our own code failed; the log of the site says where."


def failed(request: Request, error: Exception) -> Response:
    """The answer to an exception."""
    status, detail = _told(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s cannot be answered", request.url.path[:200], exc_info=error)
    headers = dict(getattr(error, "headers", None) or {})
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "5"
    response = problem(status, detail) if request.url.path.startswith(API) else _page(request, status, detail)
    response.headers.update(headers)
    return response


def _page(request: Request, status: HTTPStatus, detail: str) -> Response:
    return page(
        request, "problem.html", {"status": int(status), "title": status.phrase, "detail": detail}, status=status
    )


def _told(error: Exception) -> tuple[HTTPStatus, str]:
    if isinstance(error, HTTPException):
        return HTTPStatus(error.status_code), error.detail
    if isinstance(error, NotFound):
        return HTTPStatus.NOT_FOUND, str(error)
    if isinstance(error, StoreUnavailable):
        log.warning("the database does not answer: %s", error)
        return HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer now: try again in a moment."
    if isinstance(error, DatelineError):
        return HTTPStatus.BAD_REQUEST, str(error)
    return HTTPStatus.INTERNAL_SERVER_ERROR, _OURS


HANDLED = (HTTPException, StorageError, DatelineError, Exception)
"""What `failed` answers to."""
