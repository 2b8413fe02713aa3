"""Download handlers: the point where a request meets the network, and the only place that sees the raw exchange.

Why here and not in a downloader middleware: the moment at which a request really leaves (after the host's queue and
delay) is only known here, and politeness must be provable from the stored times; decompression, redirects and errors
are all decided later, on top of what is recorded here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from storage.types import Exchange, utc_now

EXCHANGES = "dateline_exchanges"
STARTED = "dateline_started"
_PRIVATE_HEADERS = frozenset({b"proxy-authorization", b"authorization"})


class HostResting(IgnoreRequest):
    """The host said "too often" a moment ago: this request is not sent, its document stays due."""


class RecordingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler that notes each exchange in ``request.meta``.

    ``meta["dateline_started"]``: list of the moments at which requests left (redirect hops share the list).
    ``meta["dateline_exchanges"]``: list of `storage.types.Exchange`, one per answered request.

    Connections are not kept alive: at one request in seconds per host it gains little, servers close idle ones just
    when they are used again, and Twisted then repeats the request at once, against the host's interval.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.persistent = False

    async def download_request(self, request: Request) -> Response:
        """Download, and note when it left and what came back.

        Raises:
            HostResting: the spider says that the host is to be left alone for now.
        """
        is_resting = getattr(self._crawler.spider, "is_resting", None)
        if is_resting is not None and is_resting(request.url):
            raise HostResting(f"{request.url}: the host asked us to wait")
        request.meta.setdefault(STARTED, []).append(utc_now())
        response = await super().download_request(request)
        request.meta.setdefault(EXCHANGES, []).append(exchange_of(request, response))
        return response


def exchange_of(request: Request, response: Response) -> Exchange:
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
        truncated="disconnect" if "dataloss" in response.flags else "",
        remote_address=str(response.ip_address or ""),
    )


def started_at(meta: dict[str, Any], fallback: datetime) -> datetime:
    """When the first request of this fetch left, or ``fallback`` where none did."""
    moments: list[datetime] = meta.get(STARTED, [])
    return moments[0] if moments else fallback


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - Scrapy's Headers is untyped inside
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        if name.lower() not in _PRIVATE_HEADERS
        for value in values
    )
