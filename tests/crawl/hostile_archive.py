"""Web archives that lie, stall and burst: raw answers behind a proxy, so that each has a public name of its own.

Why a proxy: the library's guard stays on as it is by default. Whatever is asked for is in the log with its host, and a
request to a private address would be one that the guard let through.

An archive is a function from (path and query, headers) to the pieces of a raw answer; a piece that is a number is a
pause in seconds, and `RESET` ends the connection without a polite word.
"""

import gzip
import json
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import brotli

RESET = object()
LONGEST_S = 60.0
CITED = "http://news.parish.example/2012/04/bridge.html"
AT = "Mon, 16 Apr 2012 10:00:00 GMT"
STAMP, DIGEST = "20120416100000", "A" * 32
NAMES = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


def raw(body, *headers, status="200 OK", length=None, kind="text/plain"):
    """An answer; ``length`` lies about the body, ``-1`` leaves the header out."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers]
    stated = len(body) if length is None else length
    lines += [f"Content-Length: {stated}"] if stated >= 0 else []
    return ["\r\n".join([*lines, "", ""]).encode("latin-1") + body]


def archived(body, at, *headers, status="200 OK", kind="text/html; charset=utf-8"):
    """An archived response, as replays mark it."""
    return raw(body, f"Memento-Datetime: {at}", *headers, status=status, kind=kind)


def row(at=STAMP, status="200", digest=DIGEST, key="example,parish,news)/2012/04/bridge.html"):
    return [key, at, CITED, "text/html", status, digest, "1000"]


def rows(*listed, key=""):
    return json.dumps([NAMES, *listed, *([[], [key]] if key else [])]).encode()


def packed(body, coding):
    return raw({"gzip": gzip.compress, "br": brotli.compress}[coding](body), f"Content-Encoding: {coding}")


def record(url, body, *, date="2012-04-16T10:00:00Z", coding=""):
    """A gzip member with one WARC response record."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{coding}\r\n".encode()
    fields = {
        "WARC-Type": "response",
        "WARC-Record-ID": "<urn:uuid:5c1bb5b0-52b1-4b8e-a8f5-0a61f2fd3a44>",
        "WARC-Date": date,
        "WARC-Target-URI": url,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(head) + len(body)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return gzip.compress(f"WARC/1.1\r\n{lines}\r\n".encode() + head + body + b"\r\n\r\n")


def part(body, *, offset=0, length=None):
    return raw(
        body, f"Content-Range: bytes {offset}-{offset + (length or len(body)) - 1}/*", status="206 Partial Content"
    )


class HostileWeb:
    """A proxy behind which archives stand.

    Attributes:
        archives: host -> what it answers.
        asked: (host, path and query), in order.
        methods: CONNECT must never be among them.
    """

    def __init__(self):
        self.archives, self.asked, self.methods = {}, [], Counter()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.web = self
        self.proxy_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def add(self, host, answer, **settings):
        """Let an archive stand there; returns its settings."""
        self.archives[host] = answer
        own = {"kind": "cdx", "index_url": f"http://{host}/cdx", "replay_url": f"http://{host}/web/"}
        return {**own, "index_interval_s": 0.0, "replay_interval_s": 0.0, **settings}

    @property
    def hosts(self):
        with self._lock:
            return {host for host, _ in self.asked}

    def targets(self, host, where=""):
        with self._lock:
            return [target for one, target in self.asked if one == host and where in target]

    def answer(self, method, url, headers):
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        with self._lock:
            self.methods[method] += 1
            self.asked.append((parts.netloc, target))
        found = self.archives.get(parts.netloc)
        return found(target, headers) if found else raw(b"nobody", status="404 Not Found")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A crawler that has had enough hangs up."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        headers = {name.lower(): value for name, value in self.headers.items()}
        deadline = time.monotonic() + LONGEST_S
        with suppress(OSError):
            for piece in self.server.web.answer(self.command, self.path, headers):
                if time.monotonic() > deadline:
                    break
                self._put(piece)
        self.close_connection = True

    do_CONNECT = do_POST = do_HEAD = do_GET  # noqa: N815 - the base class's names

    def log_message(self, *_):
        """The log is ours."""

    def _put(self, piece):
        if piece is RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif isinstance(piece, float):
            time.sleep(piece)
        else:
            self.connection.sendall(piece)
