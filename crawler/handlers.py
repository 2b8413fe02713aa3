"""Download handlers: the point where a request meets the network, and the only place that sees the raw exchange.

Why here and not in a downloader middleware: the moment at which a request really leaves (after the host's queue and
delay) is only known here, and politeness must be provable from the stored times; every request passes, redirect hops
and robots.txt included, so that nothing goes round the guard; decompression, redirects and errors are all decided
later, on top of what is recorded here.

Why not Scrapy's handler as it is: it checks no address, says nothing about certificates and puts no end to headers.
Its agent, parser and body reader are kept; what `crawler.guard` adds stands around them, made anew for each request.
"""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.web.client import Agent

from crawler.configuration import Configuration
from crawler.errors import UnusableUrl
from crawler.guard import (
    CertificateCheck,
    ForbiddenAddress,
    GuardedReactor,
    ResponseTooLarge,
    UntrustedCertificate,
    Wire,
    unsafe_target,
)
from crawler.robots import LONGEST_FILE
from crawler.urls import host_of
from storage.types import Exchange, utc_now

EXCHANGES = "dateline_exchanges"
STARTED = "dateline_started"
MOST_BYTES = "download_maxsize"
"""Key of a request's meta: a byte limit of its own, in place of the library's."""
MOST_CODINGS = 4
"""More layers of compression than this are a bomb: each one is legal, and thousands fit into one answer."""
CHAIN_TIMEOUTS = 4
"""All requests of one fetch together may take as many time limits."""
_SPENT = "dateline_spent_s"
_READ = "dateline_robots_bytes"
_PRIVATE_HEADERS = frozenset({b"proxy-authorization", b"authorization"})
_TRUNCATED = {"dataloss": "disconnect", "download_stopped": "length"}
_HEAD_ROOM = 512 << 10
_MOST_THREADS = 256


class HostResting(IgnoreRequest):
    """The host said "too often" a moment ago: this request is not sent, its document stays due."""


class HostLost(HostResting):
    """Another run holds the host now, or nobody knows: this request is not sent, or was given up under way.

    Nothing of its document is stored, whatever answered before; it stays due.
    """


class RecordingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler behind the guard, which notes each exchange in ``request.meta``.

    ``meta["dateline_started"]``: list of the moments at which requests left (redirect hops share the list).
    ``meta["dateline_exchanges"]``: list of `storage.types.Exchange`, one per answered request.

    Connections are not kept alive: at one request in seconds per host it gains little, servers close idle ones just
    when they are used again, and Twisted then repeats the request at once, against the host's interval.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
        self._allow_private = self._configuration.flag("crawl.allow_private")
        self._timeout_s = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        # A function and not a method: there is one handler per scheme, and the signal is to be heard once.
        crawler.signals.connect(cut_robots, signal=signals.bytes_received)
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        # A name that resolves slowly holds a thread: the hosts that are asked at once must not wait for each other.
        threads = min(_MOST_THREADS, crawler.settings.getint("CONCURRENT_REQUESTS"))
        reactor.suggestThreadPoolSize(threads)

    async def download_request(self, request: Request) -> Response:
        """Download, and note when it left and what came back.

        Raises:
            HostLost: the spider says that the host is not ours any more.
            HostResting: the spider says that the host is to be left alone for now.
            ForbiddenAddress: the URL, or the address that its name means, is not of the public web.
            ResponseTooLarge: headers, wire or layers of compression broke a limit.
            UntrustedCertificate: the certificate is bad and the library does not allow that for the host.
        """
        self.refuse_unsafe(request)
        still_holds = getattr(self._crawler.spider, "still_holds", None)
        if still_holds is not None and not await still_holds(request.url):
            raise HostLost(f"{request.url}: another run may hold the host by now")
        is_resting = getattr(self._crawler.spider, "is_resting", None)
        if is_resting is not None and is_resting(request.url):
            raise HostResting(f"{request.url}: the host asked us to wait")
        _limit_chain(request, self._timeout_s)
        request.meta.setdefault(STARTED, []).append(utc_now())
        began = monotonic()
        try:
            response, tls = await self._guarded(request)
        finally:
            request.meta[_SPENT] = request.meta.get(_SPENT, 0.0) + monotonic() - began
        request.meta.setdefault(EXCHANGES, []).append(exchange_of(request, response, tls=tls))
        _refuse_layers(response)
        return response

    def refuse_unsafe(self, request: Request) -> None:
        """Raise `ForbiddenAddress` for a URL that is not to be asked for, whoever would do the asking."""
        if reason := unsafe_target(request.url, allow_private=self._allow_private):
            raise ForbiddenAddress(request.url, reason)

    async def _guarded(self, request: Request) -> tuple[Response, str]:
        """The response, and what TLS proved."""
        most_bytes = self._limit_of(request)
        wire = Wire(most_bytes=most_bytes + most_bytes // 4 + _HEAD_ROOM)
        check = CertificateCheck(strict=_verifies(self._configuration, request.url))
        agent = self._agent(request, wire, check)
        try:
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:
            if check.strict and check.problem:
                raise UntrustedCertificate(check.problem) from error
            raise
        finally:
            wire.hang_up()
        if wire.problem:
            raise ResponseTooLarge(wire.problem)
        if request.url.startswith("https:") and not check.seen:
            raise UntrustedCertificate("the server showed none")
        return response, check.said

    def _limit_of(self, request: Request) -> int:
        """The byte limit of one answer; Scrapy's own key, which its decompression obeys too."""
        return int(request.meta.get(MOST_BYTES, self._default_maxsize))

    def _agent(self, request: Request, wire: Wire, check: CertificateCheck) -> _GuardedAgent:
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        return _GuardedAgent(
            reactor=GuardedReactor(reactor, request.url, allow_private=self._allow_private),
            contextFactory=check,
            bindAddress=self._bind_address,
            pool=wire.pool(reactor),
            # robots.txt is cut by `cut_robots`: a long one is no failure.
            maxsize=0 if _is_robots(request) else self._limit_of(request),
            warnsize=0,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )


class _GuardedAgent(_ScrapyAgent):
    """Scrapy's agent, whose connections to hosts go through the guard's reactor; one to a proxy does not."""

    def __init__(self, *, reactor: GuardedReactor, **scrapys: Any) -> None:  # noqa: ANN401 - Scrapy's arguments
        super().__init__(**scrapys)
        self._guarded_reactor = reactor

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        if not request.meta.get("proxy"):
            agent._endpointFactory._reactor = self._guarded_reactor  # noqa: SLF001 - the seam that Agent has
        return agent


def cut_robots(data: bytes, request: Request) -> None:
    """Scrapy's signal ``bytes_received``: stop reading a robots.txt where the part that counts ends."""
    if not _is_robots(request):
        return
    request.meta[_READ] = request.meta.get(_READ, 0) + len(data)
    if request.meta[_READ] > LONGEST_FILE:
        raise StopDownload(fail=False)


def exchange_of(request: Request, response: Response, *, tls: str = "") -> Exchange:
    """The exchange as it went over the wire, transfer-encoding removed, content-encoding still on."""
    netloc = urlsplit(request.url).netloc.rpartition("@")[2]
    return Exchange(
        url=request.url,
        method=request.method,
        request_headers=(("Host", netloc), *_pairs(request.headers)),
        status=response.status,
        headers=_pairs(response.headers),
        payload=response.body,
        fetched_at=utc_now(),
        truncated=next((_TRUNCATED[flag] for flag in response.flags if flag in _TRUNCATED), ""),
        remote_address=str(response.ip_address or ""),
        tls=tls,
    )


def started_at(meta: dict[str, Any], fallback: datetime) -> datetime:
    """When the first request of this fetch left, or ``fallback`` where none did."""
    moments: list[datetime] = meta.get(STARTED, [])
    return moments[0] if moments else fallback


def _limit_chain(request: Request, timeout_s: float) -> None:
    """Leave this hop only the time that its fetch still has; waiting for a host's turn does not count."""
    left = CHAIN_TIMEOUTS * timeout_s - request.meta.get(_SPENT, 0.0)
    if left <= 0:
        raise DownloadTimeoutError(f"its redirects took longer than {CHAIN_TIMEOUTS * timeout_s:g} seconds")
    request.meta["download_timeout"] = min(timeout_s, round(left, 1) or left)


def _refuse_layers(response: Response) -> None:
    codings = b",".join(response.headers.getlist("Content-Encoding")).count(b",") + 1
    if codings > MOST_CODINGS:
        raise ResponseTooLarge(f"its content is compressed {codings} times over")


def _is_robots(request: Request) -> bool:
    """Scrapy marks the requests of its robots middleware so, redirect hops included."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def _verifies(configuration: Configuration, url: str) -> bool:
    try:
        return configuration.host_rule(host_of(url)).verify_tls
    except UnusableUrl:
        return True


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - Scrapy's Headers is untyped inside
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        if name.lower() not in _PRIVATE_HEADERS
        for value in values
    )
