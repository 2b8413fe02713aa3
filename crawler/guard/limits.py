"""What a server may send before its answer is given up: head and wire, counted while the bytes arrive.

Scrapy and Twisted bound the body (``DOWNLOAD_MAXSIZE``), one header line, one chunk's head and the trailer. What
remains without an end is the number of headers, interim answers (1xx) one after the other, and chunks of one byte
with long extensions around them: all of them cost memory or time without ever being body.

Why in the parser and not on the socket: under TLS only here head and body can be told apart. TLS records themselves
are not counted; they are bounded by the time limit and leave nothing in memory.

Why private names of Scrapy: its handler is built from them and offers no other seam; a hostile server in the tests
notices if one moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER
from twisted.web.client import HTTPConnectionPool
from twisted.web.http import _ChunkedTransferDecoder

from crawler.guard.errors import ResponseTooLarge

__all__ = ["Wire"]

HEAD_BYTES = 256 << 10
"""All header lines of one answer together, interim answers included; browsers stop there too."""
HEAD_LINES = 1000
LINE_BYTES = 64 << 10
"""One header line; Twisted's 16 KiB are less than some Content-Security-Policy."""
FRAMING_BYTES = 512 << 10
"""What chunks may cost beside their content, before they may cost no more than that."""
_STATUS_LINE = re.compile(rb"[A-Za-z]+/[0-9]{1,2}\.[0-9]{1,2} [1-9][0-9]{2}(?: .*)?", re.DOTALL)

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class Wire:
    """The connection of one request: its limits, and what broke one of them.

    Attributes:
        most_bytes: limit of all bytes of HTTP that arrive; 0 for none.
        problem: which limit was broken; empty where none was.
    """

    def __init__(self, *, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.problem = ""
        self._protocols: list[_BoundedProtocol] = []

    def pool(self, reactor: Any) -> HTTPConnectionPool:  # noqa: ANN401 - the reactor has a dozen interfaces
        """A pool for one request: its connections count here and are not kept."""
        pool = HTTPConnectionPool(reactor, persistent=False)  # type: ignore[no-untyped-call]
        pool._factory = self._factory  # type: ignore[assignment]  # noqa: SLF001 - as Scrapy does
        return pool

    def broken(self, problem: str) -> ResponseTooLarge:
        """Note what broke, for whoever only sees that the body ended early."""
        self.problem = self.problem or problem
        return ResponseTooLarge(self.problem)

    def hang_up(self) -> None:
        """Let go of the connection: a server that never answers TLS's goodbye would keep it open for good."""
        for protocol in self._protocols:
            protocol.hang_up()

    def _factory(self, *arguments: Any) -> _BoundedFactory:  # noqa: ANN401 - Twisted's
        return _BoundedFactory(self, *arguments)

    def watch(self, protocol: _BoundedProtocol) -> None:
        """Remember a connection."""
        self._protocols.append(protocol)


class _BoundedParser(_LenientHTTPClientParser):
    """Scrapy's parser, with an end."""

    MAX_LENGTH = LINE_BYTES
    wire: Wire
    _head_bytes = 0
    _head_lines = 0
    _bytes = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Count whatever arrives."""
        self._bytes += len(data)
        if self.wire.most_bytes and self._bytes > self.wire.most_bytes:
            raise self.wire.broken(f"more than {self.wire.most_bytes} bytes on the wire")
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        """Count a line of the head."""
        self._head_lines += 1
        self._head_bytes += len(line) + 1
        if self._head_lines > HEAD_LINES:
            raise self.wire.broken(f"more than {HEAD_LINES} lines of headers")
        if self._head_bytes > HEAD_BYTES:
            raise self.wire.broken(f"more than {HEAD_BYTES} bytes of headers")
        if self._partialHeader is None and self.state == HEADER and line[:1] in {b" ", b"\t"}:
            return  # it continues nothing
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 - Twisted's name
        """Leave out a line whose name is none, as browsers do; Twisted would give up the whole answer."""
        if _TOKEN.fullmatch(name.strip()):
            super().headerReceived(name.strip(), value)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802 - Twisted's name
        """One line without an end."""
        raise self.wire.broken(f"a header line of more than {LINE_BYTES} bytes")

    def statusReceived(self, status: bytes) -> None:  # noqa: N802 - Twisted's name
        """Refuse what is no status line; Twisted takes any whole number for a status, as long as one likes."""
        if not _STATUS_LINE.fullmatch(status):
            raise ValueError(f"the answer does not begin as HTTP does: {status[:40]!r}")
        super().statusReceived(status)  # type: ignore[no-untyped-call]

    def allHeadersReceived(self) -> None:  # noqa: N802 - Twisted's name
        """Say it in words where the body's framing is unknown; Twisted says ``KeyError``."""
        framing = self.connHeaders.getRawHeaders(b"Transfer-Encoding") or [b"chunked"]
        if framing[0].lower() == b"identity":  # old servers say so of a body that is as it is
            self.connHeaders.removeHeader(b"Transfer-Encoding")
        elif framing[0].lower() != b"chunked":
            raise ValueError(f"the transfer encoding is not known: {framing[0][:40]!r}")
        self._transferDecoders = {b"chunked": partial(_JoiningDecoder, self.wire)}  # type: ignore[dict-item]
        super().allHeadersReceived()  # type: ignore[no-untyped-call]


class _JoiningDecoder(_ChunkedTransferDecoder):
    """Twisted's decoder, which hands on what one read brought as one piece.

    Scrapy spends far more on a piece than on its bytes: a server that sends single bytes would keep a processor busy
    for as long as the time limit lets it, at the cost of every other host of the crawl.
    """

    def __init__(self, wire: Wire, deliver: Callable[[bytes], None], finish: Callable[[bytes], None]) -> None:
        self._pieces: list[bytes] = []
        super().__init__(self._pieces.append, self._ended)
        self._wire, self._deliver, self._finish = wire, deliver, finish
        self._received = self._delivered = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Decode, and weigh the framing against what it frames."""
        self._received += len(data)
        try:
            super().dataReceived(data)
        finally:  # what came before a fault came, whether in the same read or in one before
            self._flush()
        if self._received > 2 * self._delivered + FRAMING_BYTES:
            raise self._wire.broken("chunks that are mostly framing")

    def _ended(self, rest: bytes) -> None:
        self._flush()
        self._finish(rest)

    def _flush(self) -> None:
        if self._pieces:
            body = b"".join(self._pieces)
            self._pieces.clear()
            self._delivered += len(body)
            self._deliver(body)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's protocol with our parser, which hangs up for good when it has given up."""

    def __init__(self, wire: Wire, *arguments: Any) -> None:  # noqa: ANN401 - Twisted's
        super().__init__(*arguments)  # type: ignore[no-untyped-call]
        self._wire = wire
        self._lost = False

    def hang_up(self) -> None:
        """Drop the connection, whatever the other side thinks of it."""
        if self.transport is not None and not self._lost:
            self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        """The connection is gone."""
        self._lost = True
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def request(self, request: Any) -> Deferred[Any]:  # noqa: ANN401 - Twisted's
        """Send, and parse the answer with our parser."""
        if request.uri.startswith(b"?"):  # of a URL without a path Twisted sends the query alone
            request.uri = b"/" + request.uri
        answer: Deferred[Any] = super().request(request)
        # Twisted names its parser in the code and Scrapy exchanges the class afterwards; ours adds no state that
        # an exchange would miss.
        self._parser.__class__ = _BoundedParser
        self._parser.wire = self._wire  # type: ignore[union-attr]
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Parse; what follows an answer that is over or was given up is not read."""
        if self._parser is not None:
            super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is None:
            self.hang_up()


class _BoundedFactory(_LenientHTTP11ClientFactory):
    """Scrapy's factory, for one request."""

    def __init__(self, wire: Wire, *arguments: Any) -> None:  # noqa: ANN401 - Twisted's
        super().__init__(*arguments)  # type: ignore[no-untyped-call]
        self._wire = wire

    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: ANN401, ARG002, N802 - Twisted's
        """A protocol that counts."""
        protocol = _BoundedProtocol(self._wire, self._quiescentCallback)
        self._wire.watch(protocol)
        return protocol
