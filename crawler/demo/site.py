"""Sites as values: what a host answers on which path, good manners and bad ones.

A `Route` is a `Page`, or a function from `Request` to `Page` for what changes between two visits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Delivery(StrEnum):
    """How the bytes of an answer travel; all but ``WHOLE`` are ways in which servers fail.

    HANG: never a byte. DRIP: the head at once, then a byte now and then. RESET: TCP reset before the first byte.
    CUT: head and half the body, then a TCP reset. SHORT: ``Content-Length`` announces twice what comes, then an
    orderly close. ENDLESS: a body without end. GARBAGE: bytes that are not HTTP.
    """

    WHOLE = "whole"
    HANG = "hang"
    DRIP = "drip"
    RESET = "reset"
    CUT = "cut"
    SHORT = "short"
    ENDLESS = "endless"
    GARBAGE = "garbage"


Headers = tuple[tuple[str, str], ...]

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a client asked.

    Attributes:
        method: upper-case.
        host: lower-case, without port.
        target: path with query, beginning with ``/``.
        headers: lower-case name -> value; repeated headers joined with ``, ``.
        http_11: the client speaks HTTP/1.1 (else 1.0).
        number: 1 for the first request to this route since the server started, then 2, ...
    """

    method: str
    host: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    http_11: bool = True
    number: int = 1

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One answer.

    Attributes:
        status: HTTP status.
        headers: in order; ``Content-Length``, ``Date`` and the validators are added by the server.
        body: before any content-encoding.
        content_type: value of the header; empty sends none.
        etag: as sent, with its quotes; a matching ``If-None-Match`` is answered with 304.
        last_modified: HTTP date; a conditional request with this date or a later one is answered with 304.
        gzip: compress for clients that accept it.
        delay_s: seconds before the first byte.
        delivery: see `Delivery`.
        pause_s: seconds between two bytes of a drip.
    """

    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    content_type: str = HTML
    etag: str = ""
    last_modified: str = ""
    gzip: bool = False
    delay_s: float = 0.0
    delivery: Delivery = Delivery.WHOLE
    pause_s: float = 0.5


Route = Page | Callable[[Request], Page]


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One host.

    Attributes:
        host: lower-case name without port.
        routes: target -> route. A target with a query is looked up as a whole, then by a route whose parameters it
            all has (clicks add their own), then without its query.
        robots: text of robots.txt; ``None`` answers 404, as most hosts do.
        fallback: answers every other target; ``None`` answers 404.
    """

    host: str
    routes: Mapping[str, Route]
    robots: str | None = None
    fallback: Route | None = None

    def find(self, target: str) -> tuple[str, Route]:
        """The route's own name (for counting visits) and the route."""
        path, mark, query = target.partition("?")
        wider = [name for name in self.routes if mark and _asks_less(name, path, query)]
        for name in (target, *wider, path):
            if name in self.routes:
                return name, self.routes[name]
        if path == "/robots.txt" and self.robots is not None:
            return path, Page(body=self.robots.encode(), content_type="text/plain")
        return target, self.fallback or missing()


def _asks_less(name: str, path: str, query: str) -> bool:
    own_path, mark, own_query = name.partition("?")
    return bool(mark) and own_path == path and set(own_query.split("&")) <= set(query.split("&"))


def html(text: str, *, encoding: str = "utf-8", declared: str | None = None) -> Page:
    """A page of this text. ``declared`` is the charset in the header (``""``: none named); default is the encoding."""
    charset = encoding if declared is None else declared
    content_type = f"text/html; charset={charset}" if charset else "text/html"
    return Page(body=text.encode(encoding, "xmlcharrefreplace"), content_type=content_type)


def missing(
    status: int = 404, text: str = "<html><head><title>Not Found</title></head><body>Not Found</body></html>"
) -> Page:
    """The honest answer for a page that is not there."""
    return Page(status=status, body=text.encode())


def redirect(location: str, status: int = 301) -> Page:
    """Sends the client on."""
    body = f'<html><body>The document is <a href="{location}">here</a>.</body></html>'
    return Page(status=status, headers=(("Location", location),), body=body.encode())


def rate_limited(retry_after: str = "120") -> Page:
    """429 with ``Retry-After`` (seconds or an HTTP date)."""
    return Page(
        status=429, headers=(("Retry-After", retry_after),), body=b"Too Many Requests", content_type="text/plain"
    )


def unavailable(retry_after: str = "") -> Page:
    """503, with ``Retry-After`` where given."""
    headers = (("Retry-After", retry_after),) if retry_after else ()
    return Page(status=503, headers=headers, body=b"<html><body><h1>Service Unavailable</h1></body></html>")


def failing(delivery: Delivery, page: Page | None = None) -> Page:
    """The page, delivered badly."""
    return replace(
        page or Page(body=b"<html><body><p>This page never arrives well.</p></body></html>"), delivery=delivery
    )


def in_turn(*pages: Page) -> Route:
    """A different page at each visit; the last one stays."""

    def answer(request: Request) -> Page:
        return pages[min(request.number, len(pages)) - 1]

    return answer
