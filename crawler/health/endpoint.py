"""Where a scheduler or a worker answers: ``/metrics`` for Prometheus, ``/health`` for whoever watches the service.

Why threads and a store of its own: a service's loop must not wait for somebody who reads slowly, and one that hangs is
just what ``/health`` has to tell.

Why the server of the standard library: two pages, a request every few seconds. It listens on 127.0.0.1 unless the
settings say otherwise, answers GET and HEAD only, reads no body and gives each connection ten seconds.

Why a port that is taken is a warning: jobs must run all the same, and a second scheduler on the machine stands by
without a port.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from crawler.configuration import Configuration
from crawler.health.daemon_state import DaemonState
from crawler.health.pages import Answer, AnsweringProcess, Pages

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 32
_LAST_PORT = 65535
_JOIN_S = 5.0
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Handler(BaseHTTPRequestHandler):
    """One request; GET and HEAD only."""

    pages: ClassVar[AnsweringProcess]
    timeout = 10

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        self._answer(with_content=False)

    def version_string(self) -> str:
        """What the header ``Server`` says: no versions."""
        return "dateline"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server wants
        """A scrape every few seconds is no news."""
        log.debug(format, *args)

    def _answer(self, *, with_content: bool) -> None:
        try:
            answer = self.pages.answer(urlsplit(self.path).path, self.headers.get("Accept", ""))
        except Exception:
            log.exception("%s cannot be answered", self.path[:200])
            answer = Answer(content=b"our own code failed\n", status=HTTPStatus.INTERNAL_SERVER_ERROR)
        self.send_response(answer.status)
        for name, value in (*_HEADERS.items(), ("Content-Type", answer.media_type)):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if with_content:
            self.wfile.write(answer.content)


class _Server(ThreadingHTTPServer):
    """Answers a bounded number of requests at once; those above are closed."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._room = threading.BoundedSemaphore(_MOST_AT_ONCE)
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's own
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - likewise
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - likewise
        """A client that went away is nobody's mistake."""
        del request
        log.debug("the connection of %s broke", client_address)


def address_of(listen: str) -> tuple[str, int] | None:
    """``127.0.0.1:9437`` or ``[::1]:9437`` as a socket takes it; ``None`` for what is neither.

    Port 0 is any free one.
    """
    host, colon, port = listen.strip().rpartition(":")
    plain = host.removeprefix("[").removesuffix("]")
    if not colon or not plain or (":" in plain) != (plain != host) or not (port.isascii() and port.isdigit()):
        return None
    return (plain, int(port)) if int(port) <= _LAST_PORT else None


class Endpoint:
    """A server in threads of its own; `close` ends it.

    Attributes:
        address: where it listens.
    """

    def __init__(self, server: _Server, pages: AnsweringProcess) -> None:
        self._server, self._pages = server, pages
        host, port = server.server_address[:2]
        self.address = (str(host), port)
        self._thread = threading.Thread(target=server.serve_forever, name="endpoint", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer nothing any more; a request that is being answered is not waited for."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(_JOIN_S)
        self._pages.close()


def serve(configuration: Configuration, state: DaemonState) -> Endpoint | None:
    """Answer at ``schedule.listen``; ``None`` where that is empty, or where nobody can: that is logged."""
    return serve_at(configuration.text("schedule.listen"), "schedule.listen", lambda: Pages(configuration, state))


def serve_at(listen: str, named: str, made: Callable[[], AnsweringProcess]) -> Endpoint | None:
    """Answer at an address; ``None`` where that is empty, or where nobody can: that is logged.

    Args:
        listen: ``ADDRESS:PORT``.
        named: where that stands, for the log.
        made: makes what is answered, where somebody can.
    """
    if not listen:
        return None
    address = address_of(listen)
    if address is None:
        log.warning("%s: %r is no ADDRESS:PORT; nobody answers /health and /metrics", named, listen)
        return None
    pages = made()
    handler = type("_Bound", (_Handler,), {"pages": pages})
    try:
        server = _Server(address, handler)
    except OSError as problem:
        reason = problem.strerror or problem
        log.warning("%s: nobody answers /health and /metrics at %s: %s", named, listen, reason)
        pages.close()
        return None
    log.info("answering /health and /metrics at %s", listen)
    return Endpoint(server, pages)
