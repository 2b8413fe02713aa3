"""One capture: what is known of it, the page as it was, and its WARC record to take away."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.library import Library
from crawler.packaging.captures import one_capture
from crawler.stored_pages import stored_content
from crawler.web.answering import number_in, shows
from crawler.web.captured import MOST_SHOWN, given_as, headers_of
from crawler.web.rendering import page
from crawler.web.site import site_of
from storage.errors import CaptureError, PlaceUnavailable
from storage.types import CaptureView


@dataclass(frozen=True, kw_only=True, slots=True)
class _Checked:
    """A capture, and what is wrong with its record; empty where its bytes are those that were stored."""

    view: CaptureView
    problem: str
    cut: bool


def show(request: Request) -> Response:
    """What is known of a capture, and the page itself in a frame."""
    number = number_in(request)
    found = site_of(request).asked_with(lambda library: _checked(library, number))
    context = {
        "view": found.view,
        "capture": found.view.capture,
        "given": given_as(found.view.capture),
        "problem": found.problem,
        "cut": found.cut,
        "most": MOST_SHOWN,
    }
    return page(request, "capture.html", context, status=HTTPStatus.GONE if found.view.takedown else HTTPStatus.OK)


def raw(request: Request) -> Response:
    """The page as it was captured, without its content-encoding; see `crawler.web.captured`."""
    number = number_in(request)
    view, content = site_of(request).asked_with(lambda library: _content(library, number))
    return Response(content, headers=headers_of(view.capture))


def record(request: Request) -> Response:
    """Its WARC record; for a revisit the record with its bytes before it."""
    number = number_in(request)
    content = site_of(request).asked_with(lambda library: _record(library, number))
    named = {"Content-Disposition": f'attachment; filename="capture-{number}.warc.gz"'}
    return Response(content, media_type="application/gzip", headers=named)


def _checked(library: Library, number: int) -> _Checked:
    view = library.store.capture(number)
    if view.takedown:
        return _Checked(view=view, problem="", cut=False)
    try:
        with library.reader() as reader:
            content = stored_content(library, reader, view.capture, max_bytes=MOST_SHOWN + 1)
    except (CaptureError, PlaceUnavailable) as problem:
        return _Checked(view=view, problem=str(problem), cut=False)
    return _Checked(view=view, problem="", cut=len(content) > MOST_SHOWN)


def _content(library: Library, number: int) -> tuple[CaptureView, bytes]:
    view = _there(library, number)
    try:
        with library.reader() as reader:
            return view, stored_content(library, reader, view.capture, max_bytes=MOST_SHOWN)
    except (CaptureError, PlaceUnavailable) as problem:
        raise _unreadable(problem) from problem


def _record(library: Library, number: int) -> bytes:
    view = _there(library, number)
    try:
        return b"".join(one_capture(library, view.capture))
    except (CaptureError, PlaceUnavailable) as problem:
        raise _unreadable(problem) from problem


def _there(library: Library, number: int) -> CaptureView:
    """The capture.

    Raises:
        HTTPException: its record was removed on purpose (410).
    """
    view = library.store.capture(number)
    if view.takedown:
        raise HTTPException(HTTPStatus.GONE, f"Capture {number} is kept no more: {view.takedown.text}.")
    return view


def _unreadable(problem: CaptureError | PlaceUnavailable) -> HTTPException:
    """Why it cannot be had: nobody's page is wrong, our record is."""
    away = isinstance(problem, PlaceUnavailable)
    return HTTPException(HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.NOT_FOUND, f"{problem}.")


ROUTES = (
    shows("/captures/{number}", show),
    shows("/captures/{number}/raw", raw),
    shows("/captures/{number}/record.warc.gz", record),
)
