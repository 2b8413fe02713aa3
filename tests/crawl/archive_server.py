"""What every stand-in for a web archive needs: a log that proves pacing, faults on command, requests held back.

Why held back: a test that kills a crawl "in the middle of the candidates" must know that it is there. A held request is
the proof, and no sleep is needed.
"""

import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

WAIT_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer; ``delivery``: ``whole``, ``cut`` (half of the body, then a reset) or ``reset`` (not a byte)."""

    status: int = 200
    headers: tuple = ()
    body: bytes = b""
    reason: str = ""
    delivery: str = "whole"
    delay_s: float = 0.0


@dataclass(kw_only=True)
class Asked:
    """One request: when it came (``at``: monotonic, ``wall``: since the epoch), what it was, what it got."""

    at: float
    wall: float
    pool: str
    target: str
    headers: dict
    method: str = "GET"
    body: bytes = b""
    status: int = 0


@dataclass
class Fault:
    """What some requests get in place of their answer."""

    reply: Reply
    where: str
    times: int


@dataclass
class Held:
    """Requests that get no answer before they are let go."""

    where: str
    after: int
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.released.set()

    def wait(self, process=None):
        """Until such a request is here; fails where the crawl ended without it."""
        deadline = time.monotonic() + WAIT_S
        while not self.reached.wait(0.05):
            assert time.monotonic() < deadline, f"nobody asked for {self.where!r}"
            assert process is None or process.poll() is None, f"the crawl ended before it asked for {self.where!r}"


class ArchiveServer:
    """A local HTTP server; `answer` and `pool_of` make an archive of it.

    Attributes:
        log: every request, in the order in which they came.
    """

    def __init__(self, address="127.0.0.42"):
        self.log = []
        self._lock = threading.Lock()
        self._faults, self._holds = [], []
        self._server = _Server((address, 0), _Handler)
        self._server.archive = self
        self.address = f"{address}:{self._server.server_address[1]}"
        self.base = f"http://{self.address}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        for held in self._holds:
            held.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def pool_of(self, target):
        raise NotImplementedError

    def answer(self, asked):
        raise NotImplementedError

    def fault(self, reply, *, where="", times=1):
        """The next ``times`` requests whose target contains ``where`` get this."""
        with self._lock:
            self._faults.append(Fault(reply, where, times))

    def heal(self):
        """No faults any more."""
        with self._lock:
            self._faults.clear()

    def hold(self, where="", *, after=0):
        """Hold back requests whose target contains ``where``, but for the first ``after`` of them."""
        held = Held(where, after)
        with self._lock:
            self._holds.append(held)
        return held

    def asked(self, pool="", where=""):
        """Requests so far, by pool and by a part of their target."""
        with self._lock:
            return [one for one in self.log if pool in ("", one.pool) and where in one.target]

    def targets(self, pool="", where=""):
        return [one.target for one in self.asked(pool, where)]

    def intervals(self, pool):
        """Seconds between consecutive requests of a pool."""
        return [later.at - earlier.at for earlier, later in pairwise(self.asked(pool))]

    def clear(self):
        with self._lock:
            self.log.clear()

    def handle(self, asked):
        """The answer to one request, after all holds and faults."""
        with self._lock:
            self.log.append(asked)
            held = next((one for one in self._holds if one.where in asked.target and not one.released.is_set()), None)
            if held is not None:
                held.after -= 1
            fault = None if held and held.after < 0 else self._take_fault(asked.target)
        if held is not None and held.after < 0:
            held.reached.set()
            held.released.wait(WAIT_S * 4)
        reply = fault.reply if fault else self.answer(asked)
        asked.status = reply.status
        time.sleep(reply.delay_s)
        return reply

    def _take_fault(self, target):
        for fault in self._faults:
            if fault.where in target and fault.times > 0:
                fault.times -= 1
                return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A crawler that was killed hangs up: that is what such tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Millpond/1.0"

    def do_GET(self):
        self._serve(b"")

    def do_POST(self):
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, *_):
        """The log is ours."""

    def _serve(self, body):
        archive = self.server.archive
        asked = Asked(
            at=time.monotonic(),
            wall=time.time(),
            pool=archive.pool_of(self.path),
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            method=self.command,
            body=body,
        )
        self._send(archive.handle(asked))

    def _send(self, reply):
        if reply.delivery == "reset":
            self._reset()
            return
        self.send_response(reply.status, reply.reason or None)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.delivery == "cut":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self._reset()
            return
        self.wfile.write(reply.body)

    def _reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


TEXT, PAGE = (("Content-Type", "text/plain;charset=UTF-8"),), (("Content-Type", "text/html; charset=utf-8"),)
TOO_OFTEN = Reply(status=429, headers=PAGE, body=b"<html><head><title>429 Too Many Requests</title></head></html>")
UNAVAILABLE = Reply(
    status=503,
    headers=PAGE,
    body=b"<html><head><title>503 Service Temporarily Unavailable</title></head><body><h1>503</h1></body></html>",
)
GATEWAY_TIMEOUT = Reply(status=504, headers=PAGE, body=b"<html><head><title>504 Gateway Time-out</title></head></html>")
RESET = Reply(delivery="reset")


def too_often(retry_after):
    """A live 429 that says when to come back."""
    return Reply(status=429, headers=(*PAGE, ("Retry-After", str(retry_after))), body=TOO_OFTEN.body)
