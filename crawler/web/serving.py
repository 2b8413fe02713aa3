"""Run the site until somebody stops it: a socket, uvicorn, and whoever performs orders.

Why the socket is opened here and not by uvicorn: a port that is taken is then a sentence and exit status 2, before
anything is started; and port 0 can say which one it became.

Why orders are performed as long as requests are answered, and no longer: who asks sees at once whether anybody works on
it. What is at work is asked to end before the process does; what was not done waits for the next one. Where the site
only shows nobody can ask, and nothing is performed.

Why limits here: whoever sends a request letter by letter, or opens a thousand connections and says nothing, must not
keep others out for long. uvicorn alone waits for ever for the end of a head.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from crawler.errors import ConfigurationError
from crawler.ordered import OrderRunner
from crawler.web.application import application
from crawler.web.charts import warm_up
from crawler.web.policy import Policy
from crawler.web.site import Site

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 256
_KEEP_ALIVE_S = 15
_STOP_S = 5
_BACKLOG = 128
_HEAD_S = 10.0
"""Within so many seconds a connection has said what it wants."""


def serve(site: Site, listening: socket.socket, *, ready: Callable[[], None]) -> None:
    """Answer requests at a socket until Ctrl-C or SIGTERM, which uvicorn hears itself and passes on afterwards.

    Args:
        site: closed by the caller.
        listening: see `listen`; closed at the end.
        ready: called once requests are answered.
    """
    config = uvicorn.Config(
        application(site),
        access_log=False,
        backlog=_BACKLOG,
        date_header=True,
        forwarded_allow_ips="",
        h11_max_incomplete_event_size=32 * 1024,
        http=_Hurried,
        lifespan="off",
        limit_concurrency=_MOST_AT_ONCE,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_S,
        timeout_keep_alive=_KEEP_ALIVE_S,
    )
    server = _Server(config, site, ready)
    warm_up()
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()


class _Hurried(H11Protocol):
    """Closes a connection on which a request does not begin, or never gets to the end of its head."""

    _answered: RequestResponseCycle | bool | None = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See uvicorn."""
        super().connection_made(transport)
        self._hurry()

    def data_received(self, data: bytes) -> None:
        """See uvicorn."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._hurry()

    def _hurry(self) -> None:
        if self._answered is not self.cycle:
            self._answered = self.cycle
            self.loop.call_later(_HEAD_S, self._give_up, self.cycle)

    def _give_up(self, answered: RequestResponseCycle | None) -> None:
        if self.cycle is answered and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """Says when it answers; performs orders meanwhile."""

    def __init__(self, config: uvicorn.Config, site: Site, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._site, self._ready = site, ready
        self._orders = None if site.policy.read_only else OrderRunner(site.configuration)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        await super().startup(sockets)
        if self.started:
            if self._orders is not None:
                self._orders.start()
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn. Why here: afterwards it passes the signal on, which may end the process."""
        self._site.streams.stop()
        ending = asyncio.to_thread(self._orders.stop) if self._orders is not None else asyncio.sleep(0)
        await asyncio.gather(super().shutdown(sockets), ending)


def listen(policy: Policy) -> socket.socket:
    """A socket at the policy's address.

    Raises:
        ConfigurationError: it cannot be had: somebody else listens there, or it is no address of this machine.
    """
    try:
        found = socket.getaddrinfo(policy.host, policy.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except OSError as error:
        where = f"{policy.host}:{policy.port}"
        raise ConfigurationError(
            f"nothing can listen at {where} ({error.strerror}): choose another --listen"
        ) from error
    return made


def address_of(listening: socket.socket) -> str:
    """``http://127.0.0.1:9440/``."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
