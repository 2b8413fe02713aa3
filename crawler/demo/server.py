"""The serving side of the local web: one asyncio task per connection, many hosts on one port.

Why it polls for a client that has gone (`_wait`) instead of reading for it: reading would swallow a pipelined request.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.demo.access import Access
from crawler.demo.http1 import BadRequest, answer_head, encoded_body, keeps_alive, parse_head, unchanged
from crawler.demo.site import Delivery, Page, Request, Route, Site
from storage.types import utc_now

HEAD_LIMIT = 64 * 1024
_DIGITS = 6
_POLL_S = 0.05
_FILLER = b"<p>" + b"And so it went on, without end. " * 512 + b"</p>\n"
_CONDITIONAL = ("if-none-match", "if-modified-since")
_SHOWN = 200


class Switchboard:
    """Host name -> site, and how often each route was asked."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self._sites = {site.host: site for site in sites}
        self._visits: Counter[tuple[str, str]] = Counter()

    def put(self, site: Site) -> None:
        """Add a site, or put it in place of the one with its host."""
        self._sites[site.host] = site

    def answer(self, request: Request) -> Page:
        """What this web says to the request."""
        if request.method == "CONNECT":
            return _refusal("connection_refused", "this web speaks plain HTTP only")
        if request.method not in {"GET", "HEAD"}:
            return Page(status=405, headers=(("Allow", "GET, HEAD"),))
        site = self._sites.get(request.host)
        if site is None:
            return _refusal('dns_error; rcode="NXDOMAIN"', f"no host is called {request.host!r}")
        name, route = site.find(request.target)
        self._visits[request.host, name] += 1
        return _resolve(route, replace(request, number=self._visits[request.host, name]))


def _resolve(route: Route, request: Request) -> Page:
    page = route if isinstance(route, Page) else route(request)
    if page.delivery is Delivery.WHOLE and unchanged(page, request):
        return replace(page, status=304, body=b"", gzip=False)
    return page


def _refusal(error: str, why: str) -> Page:
    # RFC 9209: how a proxy says that it never reached the origin.
    headers = (("Proxy-Status", f"dateline-demo; error={error}"),)
    return Page(status=502, headers=headers, body=f"Bad Gateway: {why}\n".encode(), content_type="text/plain")


@dataclass(slots=True)
class _Progress:
    """What one request got so far."""

    started_at: datetime = field(default_factory=utc_now)
    status: int = 0
    sent: int = 0
    complete: bool = False


class Connection:
    """One client; `serve` returns when the client is gone or is to be."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        switchboard: Switchboard,
        record: Callable[[Access], None],
    ) -> None:
        self._reader, self._writer = reader, writer
        self._switchboard, self._record = switchboard, record

    async def serve(self) -> None:
        """Answer until the client has enough."""
        # A client may leave at any moment, in any way; for a server that is the normal end of a connection.
        try:
            with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
                while await self._exchange():
                    pass
        finally:
            self._writer.close()
        with suppress(ConnectionError, TimeoutError):
            await self._writer.wait_closed()

    def abort(self) -> None:
        """Drop the connection at once, whatever is still to be sent."""
        self._writer.transport.abort()

    async def _exchange(self) -> bool:
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
            request = parse_head(head.lstrip(b"\r\n"))
            await self._skip_body(request)
        except (BadRequest, asyncio.LimitOverrunError) as problem:
            page = Page(status=400, body=f"Bad Request: {problem}\n"[:_SHOWN].encode(), content_type="text/plain")
            asked = Request(method="GET", host="", target="/", headers={"connection": "close"})
            await self._whole(page, asked, _Progress())
            return False
        return await self._answer(request)

    async def _skip_body(self, request: Request) -> None:
        length = request.headers.get("content-length", "0")
        if "transfer-encoding" in request.headers or not (
            length.isascii() and length.isdigit() and len(length) <= _DIGITS
        ):
            raise BadRequest("a request body needs a plain Content-Length of at most six digits")
        await self._reader.readexactly(int(length))

    async def _answer(self, request: Request) -> bool:
        progress = _Progress()
        try:
            page = self._switchboard.answer(request)
            if await self._wait(page.delay_s):
                await self._deliver(page, request, progress)
        finally:
            self._record(_access(request, progress))
        return progress.complete and page.delivery is Delivery.WHOLE and keeps_alive(request)

    async def _deliver(self, page: Page, request: Request, progress: _Progress) -> None:
        match page.delivery:
            case Delivery.WHOLE | Delivery.SHORT:
                await self._whole(page, request, progress)
            case Delivery.HANG:
                await self._wait(None)
            case Delivery.DRIP:
                await self._drip(page, request, progress)
            case Delivery.CUT:
                await self._cut(page, request, progress)
            case Delivery.RESET:
                self._reset()
            case Delivery.ENDLESS:
                await self._endless(page, request, progress)
            case Delivery.GARBAGE:
                await self._send(b"\x00\x01 this is not HTTP \r\n\r\n" * 3, progress)

    async def _whole(self, page: Page, request: Request, progress: _Progress) -> None:
        body, extra = encoded_body(page, request)
        length = len(body) * 2 + 1 if page.delivery is Delivery.SHORT else len(body)
        head = answer_head(page, request, length=length, extra=extra)
        progress.status = page.status
        await self._send(head + body if request.method != "HEAD" else head, progress, head=len(head))
        progress.complete = page.delivery is Delivery.WHOLE

    async def _drip(self, page: Page, request: Request, progress: _Progress) -> None:
        head = answer_head(page, request, length=len(page.body))
        progress.status = page.status
        await self._send(head, progress, head=len(head))
        for byte in page.body:
            if not await self._wait(page.pause_s):
                return
            await self._send(bytes([byte]), progress)

    async def _cut(self, page: Page, request: Request, progress: _Progress) -> None:
        head = answer_head(page, request, length=len(page.body))
        progress.status = page.status
        await self._send(head + page.body[: len(page.body) // 2], progress, head=len(head))
        # A reset throws away what the client has not read yet: give it a moment to read.
        await self._wait(_POLL_S)
        self._reset()

    async def _endless(self, page: Page, request: Request, progress: _Progress) -> None:
        head = answer_head(page, request, length=0)
        progress.status = page.status
        await self._send(head, progress, head=len(head))
        chunk = b"%x\r\n%s\r\n" % (len(_FILLER), _FILLER) if request.http_11 else _FILLER
        while not self._gone():
            await self._send(chunk, progress)
            await asyncio.sleep(0)

    async def _send(self, data: bytes, progress: _Progress, *, head: int = 0) -> None:
        self._writer.write(data)
        progress.sent += len(data) - head
        await self._writer.drain()

    def _reset(self) -> None:
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.abort()

    def _gone(self) -> bool:
        return self._reader.at_eof() or self._writer.transport.is_closing()

    async def _wait(self, seconds: float | None) -> bool:
        """Let time pass (``None``: for ever); False as soon as the client is gone."""
        if seconds == 0.0:
            return True
        loop = asyncio.get_running_loop()
        end = None if seconds is None else loop.time() + seconds
        while not self._gone():
            left = _POLL_S if end is None else min(_POLL_S, end - loop.time())
            if left <= 0:
                return True
            await asyncio.sleep(left)
        return False


def _access(request: Request, progress: _Progress) -> Access:
    return Access(
        host=request.host,
        target=request.target,
        method=request.method,
        started_at=progress.started_at,
        ended_at=utc_now(),
        status=progress.status,
        sent=progress.sent,
        complete=progress.complete,
        user_agent=request.headers.get("user-agent", ""),
        conditional={name: request.headers[name] for name in _CONDITIONAL if name in request.headers},
    )
