"""The forward proxy that everything the browser sends has to pass, inside the crawler's own process.

Why a proxy at all: Chromium resolves names itself and keeps what it resolved, so an address that was checked before
it is told to fetch need not be the one that it connects to (a name that answers twice differently is the oldest trick
there is). A rule in the browser can be worked around by whoever breaks into its page; this cannot: the gateway
resolves, checks every address, and connects to the very address that it checked. Loopback goes through it as well.

Why a pass per page: the credentials say which page a connection is for, so that its site, its bytes and its number of
connections can be held against it, and everything of it ends when the page does. They are random and new for each
page, and told to the browser through its control pipe: other users of the machine cannot use the gateway, nor can
what Chromium asks for on its own (updates, the time).

Where the library has a proxy (``crawl.proxy``) it is asked in turn; names are then the proxy's to resolve, and only
what can be seen in the URL is checked.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from crawler.browser.forwarding import Errand, Forwarder, Head, Refused, answer
from crawler.browser.policy import MOST_REQUESTS, site_of

log = logging.getLogger(__name__)

HEAD_LIMIT = 1 << 16
MOST_CONNECTIONS = 2 * MOST_REQUESTS
"""Of one page: the browser opens some that it does not use, and asks again where one broke."""
_HEADS = 4
"""Requests without credentials that one connection may send; Chromium asks once without them."""
_CHALLENGE = ('Proxy-Authenticate: Basic realm="dateline"',)


@dataclass(kw_only=True, slots=True)
class Pass:
    """What one page may do, and what it did.

    Attributes:
        site: as `crawler.browser.policy.site_of` gives it; nothing else is connected to.
        bytes_left: how many bytes may still come for it, of all connections together.
        user: name for the proxy.
        secret: password for the proxy.
        connections: how many it has used.
        refused: why a connection was not made -> how often.
        tasks: its living connections.
    """

    site: str
    bytes_left: int
    user: str
    secret: str = field(repr=False)
    connections: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    tasks: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def spend(self, count: int) -> None:
        """Take bytes off.

        Raises:
            Refused: there are not as many left.
        """
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise Refused("too many bytes", answerable=False)


class Gateway:
    """The proxy; `start` before use, `close` after.

    Args:
        forwarder: how the other side is reached, and what is refused.
        timeout_s: time limit of one connection.
    """

    def __init__(self, forwarder: Forwarder, *, timeout_s: float) -> None:
        self._forwarder, self._timeout_s = forwarder, timeout_s
        self._passes: dict[bytes, Pass] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._serial = 0

    @property
    def url(self) -> str:
        """Where it listens.

        Raises:
            RuntimeError: it does not.
        """
        if self._server is None:
            raise RuntimeError("the gateway is not open")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen on a free port of the loopback interface; idempotent."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=HEAD_LIMIT)

    async def close(self) -> None:
        """Stop listening and end all connections; idempotent."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self._passes.clear()
        await _ended(self._tasks)

    def admit(self, site: str, *, most_bytes: int) -> Pass:
        """A pass for one page of a site."""
        self._serial += 1
        new = Pass(site=site, bytes_left=most_bytes, user=f"page{self._serial}", secret=secrets.token_urlsafe(32))
        self._passes[_authorization(new)] = new
        return new

    async def revoke(self, ended: Pass) -> None:
        """The page is gone: end its connections and let nobody use its credentials; idempotent."""
        self._passes.pop(_authorization(ended), None)
        await _ended(ended.tasks)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The browser may leave at any moment, and so may the other side: that is how connections end.
        try:
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                async with asyncio.timeout(self._timeout_s):
                    await self._converse(reader, writer)
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(_HEADS):
            head = Head.parsed(await reader.readuntil(b"\r\n\r\n"))
            holder = self._passes.get(head.values.get(b"proxy-authorization", b""))
            if holder is not None:
                await self._forward(head, holder, reader, writer)
                return
            writer.write(answer(407, "Proxy Authentication Required", _CHALLENGE))
            await writer.drain()

    async def _forward(
        self, head: Head, holder: Pass, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - `_connected` made one
        holder.tasks.add(task)
        task.add_done_callback(holder.tasks.discard)
        try:
            errand = Errand.of(head)
            self._admitted(errand, holder)
            await self._forwarder.run(errand, reader, writer, holder.spend)
        except Refused as refusal:
            holder.refused[refusal.reason] += 1
            log.debug("not connected: %s: %s", head.target, refusal.reason)
            if refusal.answerable:
                writer.write(answer(refusal.status, "Refused", (f"Proxy-Status: dateline; error={refusal.error}",)))
                await writer.drain()
            else:
                writer.transport.abort()

    @staticmethod
    def _admitted(errand: Errand, holder: Pass) -> None:
        holder.connections += 1
        if holder.connections > MOST_CONNECTIONS:
            raise Refused("too many")
        if site_of(errand.host) != holder.site:
            raise Refused("other site")


def _authorization(given: Pass) -> bytes:
    return b"Basic " + base64.b64encode(f"{given.user}:{given.secret}".encode())


async def _ended(tasks: set[asyncio.Task[None]]) -> None:
    living = list(tasks)
    for task in living:
        task.cancel()
    await asyncio.gather(*living, return_exceptions=True)
