"""One question to a server, to see whether it answers; for a person who waits.

Why not through Scrapy: its reactor takes a second to load and can be started once; this asks four addresses once. The
rules of the crawler hold all the same: the address that is connected to is the one that was judged, certificates are
checked, the name is honest, nothing is followed, no body is read.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

_NO_HEAD = frozenset({HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What came of it.

    Attributes:
        url: that was asked.
        status: HTTP status; 0 where no answer came.
        problem: why no answer came; empty where one did.
        off: by how many seconds our clock is ahead of the server's; ``None`` where it does not say.
    """

    url: str
    status: int = 0
    problem: str = ""
    off: float | None = None


def ask(url: str, *, user_agent: str, timeout_s: float, allow_private: bool = False, proxy: str = "") -> Heard:
    """Ask for the head of a page; never raises.

    Args:
        url: http or https.
        user_agent: the honest name.
        timeout_s: for everything together.
        allow_private: private addresses may be asked.
        proxy: URL of an HTTP proxy that is asked instead; empty: the host itself.
    """
    from crawler.guard import unsafe_target  # noqa: PLC0415 - Twisted comes with it; who stays offline needs none

    if refused := unsafe_target(url, allow_private=allow_private):
        return Heard(url=url, problem=refused)
    heard: list[Heard] = []

    def work() -> None:
        try:
            heard.append(_heard(url, user_agent, timeout_s, allow_private=allow_private, proxy=proxy))
        except (OSError, ValueError, http.client.HTTPException) as problem:
            heard.append(Heard(url=url, problem=_words(problem)))

    # In a thread of its own: a socket's time limit starts anew with each byte, and a name may take minutes to resolve.
    asking = threading.Thread(target=work, daemon=True)
    asking.start()
    asking.join(timeout_s)
    return heard[0] if heard else Heard(url=url, problem=f"no answer within {timeout_s:g} s")


def _heard(url: str, user_agent: str, timeout_s: float, *, allow_private: bool, proxy: str) -> Heard:
    status, stated = _asked("HEAD", url, user_agent, timeout_s, allow_private=allow_private, proxy=proxy)
    if status in _NO_HEAD:
        status, stated = _asked("GET", url, user_agent, timeout_s, allow_private=allow_private, proxy=proxy)
    return Heard(url=url, status=status, off=_off(stated))


def _asked(
    method: str, url: str, user_agent: str, timeout_s: float, *, allow_private: bool, proxy: str
) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = _connection(parts, timeout_s, allow_private=allow_private, proxy=proxy)
    whole = proxy and parts.scheme == "http"
    target = url if whole else f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.request(method, target, headers={"User-Agent": user_agent, "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Date", "")
    finally:
        connection.close()


def _connection(parts: SplitResult, timeout_s: float, *, allow_private: bool, proxy: str) -> http.client.HTTPConnection:
    host, secure = parts.hostname or "", parts.scheme == "https"
    context = ssl.create_default_context()
    if proxy:
        through = urlsplit(proxy)
        port = through.port or (443 if through.scheme == "https" else 80)
        if not secure:
            return http.client.HTTPConnection(through.hostname or "", port, timeout=timeout_s)
        tunnel = http.client.HTTPSConnection(through.hostname or "", port, timeout=timeout_s, context=context)
        tunnel.set_tunnel(host, parts.port or 443)
        return tunnel
    made = _Guarded(host, parts.port or (443 if secure else 80), timeout=timeout_s)
    made.allow_private, made.context = allow_private, context if secure else None
    return made


class _Guarded(http.client.HTTPConnection):
    """Connects to an address of the public web only."""

    allow_private = False
    context: ssl.SSLContext | None = None

    def connect(self) -> None:
        """Try the addresses of the host that may be asked."""
        from crawler.guard import forbidden  # noqa: PLC0415 - as above

        found = socket.getaddrinfo(self.host, self.port, 0, socket.SOCK_STREAM)
        addresses = [str(place[0]) for *_, place in found]
        allowed = [one for one in addresses if self.allow_private or not forbidden(one)]
        if not allowed:
            raise ConnectionRefusedError(f"{forbidden(addresses[0])}: it is not asked")
        self.sock = self._first(allowed)
        if self.context is not None:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)

    def _first(self, addresses: list[str]) -> socket.socket:
        """To the first that answers: a machine without IPv6 knows IPv6 addresses all the same."""
        for address in addresses[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, self.port), self.timeout)
        return socket.create_connection((addresses[-1], self.port), self.timeout)


def _off(stated: str) -> float | None:
    try:
        moment = parsedate_to_datetime(stated)
    except (TypeError, ValueError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (datetime.now(UTC) - aware).total_seconds()


def _words(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {problem.verify_message}"
    if isinstance(problem, socket.gaierror):
        return "its name does not resolve"
    if isinstance(problem, OSError):
        return problem.strerror or str(problem) or type(problem).__name__
    return f"{type(problem).__name__}: {problem}"
