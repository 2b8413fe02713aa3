"""One request of the browser to its destination: read, checked, sent on to the address that was checked.

A name is resolved once; of its addresses the first one that is allowed is connected to, as `crawler.guard` does it.
There is no second look at the name, so no second answer.

Plain requests are answered on a connection of their own, which ends with the answer (it is told so, whatever the
origin says); so nobody has to understand the answer's framing, and no second request can hide behind the first.
"""

from __future__ import annotations

import asyncio
import base64
import re
import socket
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from crawler.browser.policy import METHODS

_CHUNK = 1 << 16
_HTTPS = 443
_HTTP = 80
_OK = 200
_LAST_PORT = 65535
_MOST_SENT = 1 << 20
"""Bytes that the browser may send on one connection: requests are small."""
_OF_THE_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authorization", b"proxy-connection", b"te", b"upgrade", b"host", b"expect"}
)

_URL = re.compile(r"http://[!-~]+", re.IGNORECASE)
_PLACE = re.compile(r"[A-Za-z0-9_.:\[\]-]+", re.ASCII)
"""Of a tunnel. Whatever else a URL may hold, behind it two programs could see two hosts."""
_NOT_IN_A_LINE = re.compile(rb"[\r\n\x00]")
"""Some servers end a line at these: half a line would be one of its own, or a second request."""

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter
Spend: TypeAlias = Callable[[int], None]


class Refused(Exception):
    """A request is not sent on.

    Attributes:
        reason: a few words, for log and stats.
        status: to answer with.
        error: its name in RFC 9209.
        answerable: nothing was answered yet, so this can be; in the midst of an answer the connection just ends.
    """

    def __init__(
        self, reason: str, *, status: int = 403, error: str = "http_request_denied", answerable: bool = True
    ) -> None:
        super().__init__(reason)
        self.reason, self.status, self.error, self.answerable = reason, status, error, answerable


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The head of a request as it came.

    Attributes:
        method: upper-case.
        target: as written.
        lines: the header lines.
        values: lower-case name -> value; of repeated names the last.
    """

    method: str
    target: str
    lines: tuple[bytes, ...]
    values: Mapping[bytes, bytes]

    @classmethod
    def parsed(cls, raw: bytes) -> Head:
        """Read a head that ends with its blank line; what is none gives an empty method."""
        first, *lines = raw.strip(b"\r\n").split(b"\r\n")
        words = first.decode("latin-1").split(" ")
        pairs = (line.partition(b":") for line in lines)
        values = {name.strip().lower(): value.strip() for name, _, value in pairs}
        complete = len(words) == len(("method", "target", "version"))
        return cls(
            method=words[0].upper() if complete else "",
            target=words[1] if complete else "",
            lines=tuple(lines),
            values=values,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """Where a request wants to go.

    Attributes:
        head: as it came.
        url: of the destination; for a tunnel only its origin.
        host: without brackets.
        port: number.
        tunnel: it is a CONNECT.
    """

    head: Head
    url: str
    host: str
    port: int
    tunnel: bool

    @classmethod
    def of(cls, head: Head) -> Errand:
        """Read where a request wants to go.

        Raises:
            Refused: it is no request to a proxy, or one that would change something.
        """
        tunnel = head.method == "CONNECT"
        if not tunnel and head.method not in METHODS:
            raise Refused("method", status=405)
        shape = _PLACE if tunnel else _URL
        if not shape.fullmatch(head.target) or any(map(_NOT_IN_A_LINE.search, head.lines)):
            raise Refused("bad request", status=400)
        url = f"https://{head.target}/" if tunnel else head.target
        try:
            split = urlsplit(url)
            host, port = split.hostname or "", split.port or (_HTTPS if tunnel else _HTTP)
        except ValueError:
            raise Refused("bad request", status=400) from None
        if not host or "@" in split.netloc:
            raise Refused("bad request", status=400)
        return cls(head=head, url=url, host=host, port=port, tunnel=tunnel)

    @property
    def place(self) -> str:
        """Host and port as another proxy is told them: those that were checked, not the words that were written."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def message(self, *, absolute: bool, extra: tuple[bytes, ...] = ()) -> bytes:
        """The head to send on, to the origin or to another proxy (``absolute``)."""
        netloc, url = urlsplit(self.url).netloc, self.url.partition("#")[0]
        path = url.partition("://")[2].removeprefix(netloc)
        target = url if absolute else path if path.startswith("/") else f"/{path}"
        kept = [line for line in self.head.lines if line.partition(b":")[0].strip().lower() not in _OF_THE_HOP]
        first = f"{self.head.method} {target} HTTP/1.1".encode("ascii")
        host = b"Host: " + netloc.encode("ascii")
        return b"\r\n".join((first, host, *kept, *extra, b"Connection: close", b"", b""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Forwarder:
    """How destinations are reached.

    Attributes:
        unsafe_target: URL -> why it must not be asked, whatever it resolves to; empty where it may be.
        forbidden: IP address -> why it must not be connected to; empty where it may be.
        proxy: URL of the library's own proxy; empty where there is none.
    """

    unsafe_target: Callable[[str], str]
    forbidden: Callable[[str], str]
    proxy: str = ""

    async def run(self, errand: Errand, reader: Reader, writer: Writer, spend: Spend) -> None:
        """Send the request on and the answer back, until either side has enough.

        Raises:
            Refused: it may not go there, the destination cannot be reached, or the page has had enough bytes.
            OSError: a connection broke on the way.
        """
        if self.unsafe_target(errand.url):
            raise Refused("forbidden target", error="destination_ip_prohibited")
        try:
            far_reader, far_writer = await (self._to_proxy() if self.proxy else self._to_origin(errand))
        except OSError as problem:
            raise Refused("no connection", status=502, error="destination_unavailable") from problem
        try:
            if errand.tunnel and self.proxy:
                await self._through_proxy(errand, far_reader, far_writer)
            if errand.tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _first_of(
                    _pump(reader, far_writer, _Allowance(_MOST_SENT).spend), _pump(far_reader, writer, spend)
                )
            else:
                far_writer.write(errand.message(absolute=bool(self.proxy), extra=self._credentials()))
                await _first_of(_unheard(reader), _answered(far_reader, writer, spend))
        finally:
            far_writer.transport.abort()

    async def _to_origin(self, errand: Errand) -> tuple[Reader, Writer]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(errand.host, errand.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as problem:
            raise Refused("no such host", status=502, error="dns_error") from problem
        allowed = [address for place in found if not self.forbidden(address := str(place[4][0]))]
        if not allowed:
            raise Refused("forbidden address", error="destination_ip_prohibited")
        return await asyncio.open_connection(allowed[0], errand.port)

    async def _to_proxy(self) -> tuple[Reader, Writer]:
        split = urlsplit(self.proxy)
        secure = split.scheme == "https"
        port = split.port or (_HTTPS if secure else _HTTP)
        return await asyncio.open_connection(split.hostname, port, ssl=True if secure else None)

    async def _through_proxy(self, errand: Errand, far_reader: Reader, far_writer: Writer) -> None:
        place = errand.place.encode("ascii")
        far_writer.write(
            b"\r\n".join((b"CONNECT %s HTTP/1.1" % place, b"Host: " + place, *self._credentials(), b"", b""))
        )
        status = (await far_reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1:2]
        if status != [b"%d" % _OK]:
            raise Refused("no connection", status=502, error="destination_unavailable")

    def _credentials(self) -> tuple[bytes, ...]:
        split = urlsplit(self.proxy)
        if not split.username:
            return ()
        said = f"{unquote(split.username)}:{unquote(split.password or '')}".encode()
        return (b"Proxy-Authorization: Basic " + base64.b64encode(said),)


@dataclass(slots=True)
class _Allowance:
    left: int

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise Refused("too many bytes", answerable=False)


def answer(status: int, reason: str, lines: tuple[str, ...] = ()) -> bytes:
    """An answer of our own, without a body."""
    first = f"HTTP/1.1 {status} {reason}"
    return "\r\n".join((first, *lines, "Content-Length: 0", "", "")).encode("latin-1")


async def _first_of(*sides: Coroutine[None, None, None]) -> None:
    """Run all sides until one ends, then end the others.

    Raises:
        Refused: as the side that raised it.
    """
    tasks = [asyncio.ensure_future(side) for side in sides]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if isinstance(result, Refused):
            raise result


async def _answered(reader: Reader, writer: Writer, spend: Spend) -> None:
    """An origin's answer, with the word that this connection ends with it."""
    status = b"1"
    while status.startswith(b"1"):  # interim answers are left out
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).strip(b"\r\n").split(b"\r\n")
        status = [*first.split(b" ", 2), b""][1]
    spend(sum(map(len, lines)))
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in _OF_THE_HOP]
    writer.write(b"\r\n".join((first, *kept, b"Connection: close", b"", b"")))
    await _pump(reader, writer, spend)


async def _unheard(reader: Reader) -> None:
    """Wait until the browser leaves; what it says until then goes nowhere."""
    while await reader.read(_CHUNK):
        pass


async def _pump(reader: Reader, writer: Writer, spend: Spend) -> None:
    while data := await reader.read(_CHUNK):
        spend(len(data))
        writer.write(data)
        await writer.drain()
