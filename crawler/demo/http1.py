"""HTTP/1.0 and 1.1 as text, without a socket: request heads to `Request`, `Page` to the bytes of an answer.

Why not ``http.server``: it answers one request per thread and writes each header on its own; a crawl of thousands of
pages would be measured against it and not against the crawler. Why no web framework: none lets an answer be wrong
(short, reset, endless) without a fight, and being wrong is half of what this server is for.
"""

from __future__ import annotations

import gzip
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from crawler.demo.site import Delivery, Page, Request

_NO_BODY = frozenset({204, 304})
_INFORMATIONAL = 200


class BadRequest(Exception):  # not a DatelineError: never leaves the server, the client gets a 400
    """The client does not speak HTTP/1.x."""


def parse_head(head: bytes) -> Request:
    """The request of a complete head (up to and including the empty line).

    Absolute-form targets name the host, as proxies are asked; otherwise the ``Host`` header does.

    Raises:
        BadRequest: anything but HTTP/1.x.
    """
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    parts = first.split(" ")
    if len(parts) != len(("method", "target", "version")) or not parts[2].startswith("HTTP/1."):
        raise BadRequest(f"not an HTTP/1.x request line: {first[:80]!r}")
    method, target, version = parts
    headers = _headers(lines)
    host, target = _address(target, headers.get("host", ""))
    return Request(method=method.upper(), host=host, target=target, headers=headers, http_11=version != "HTTP/1.0")


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise BadRequest(f"not a header line: {line[:80]!r}")
        key, said = name.strip().lower(), value.strip(" \t")
        headers[key] = f"{headers[key]}, {said}" if key in headers else said
    return headers


def _address(target: str, host_header: str) -> tuple[str, str]:
    if target.startswith("/"):
        host, path = host_header, target
    else:
        try:
            parts = urlsplit(target if "://" in target else f"//{target}")
        except ValueError as error:
            raise BadRequest(f"not a target: {target[:80]!r}") from error
        host = parts.netloc.rpartition("@")[2]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host.rpartition(":")[0].lower() if host.rpartition(":")[2].isdigit() else host.lower(), path


def keeps_alive(request: Request) -> bool:
    """Whether the client expects to use the connection again."""
    asked = f"{request.headers.get('connection', '')}, {request.headers.get('proxy-connection', '')}".lower()
    if request.http_11:
        return "close" not in asked
    return "keep-alive" in asked


def unchanged(page: Page, request: Request) -> bool:
    """Whether a conditional request is to be answered with 304: the ETag decides where the client sent one."""
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return bool(page.etag) and ("*" in tags or page.etag.removeprefix("W/") in tags)
    since = request.headers.get("if-modified-since", "")
    if not (page.last_modified and since):
        return False
    try:
        return parsedate_to_datetime(page.last_modified) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def encoded_body(page: Page, request: Request) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The body as it travels, and the headers that say so."""
    if page.gzip and "gzip" in request.headers.get("accept-encoding", "").lower():
        return gzip.compress(page.body, compresslevel=1, mtime=0), (
            ("Content-Encoding", "gzip"),
            ("Vary", "Accept-Encoding"),
        )
    return page.body, ()


def answer_head(page: Page, request: Request, *, length: int, extra: tuple[tuple[str, str], ...] = ()) -> bytes:
    """Status line and headers; ``length`` is what ``Content-Length`` says."""
    try:
        reason = HTTPStatus(page.status).phrase
    except ValueError:
        reason = "Unassigned"
    headers = [("Date", formatdate(usegmt=True)), ("Server", "dateline-demo")]
    if page.content_type and page.status not in _NO_BODY:
        headers.append(("Content-Type", page.content_type))
    headers += [(name, value) for name, value in (("ETag", page.etag), ("Last-Modified", page.last_modified)) if value]
    headers += [*page.headers, *extra, *_framing(page, request, length)]
    lines = [f"HTTP/1.1 {page.status} {reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def _framing(page: Page, request: Request, length: int) -> list[tuple[str, str]]:
    closing = [] if keeps_alive(request) and page.delivery is Delivery.WHOLE else [("Connection", "close")]
    if page.delivery is Delivery.ENDLESS:
        return [("Transfer-Encoding", "chunked"), *closing] if request.http_11 else closing
    if page.status in _NO_BODY or page.status < _INFORMATIONAL:
        return closing
    if not closing and not request.http_11:
        closing = [("Connection", "keep-alive")]
    return [("Content-Length", str(length)), *closing]
