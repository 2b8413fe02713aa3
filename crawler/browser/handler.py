"""The download handler of a crawl with a browser: the usual one, and for few requests a browser behind it.

A request with ``meta["dateline_browser"]`` is downloaded like every other one (`crawler.handlers`): same guard, same
limits, same certificate rules, same recorded exchange. Only when a page came back, it is opened in the browser, and
what its scripts made of it is recorded as a further exchange (``rendered``) and handed on in place of the body.
Redirects, errors and documents that are no pages never reach the browser.

Why scrapy-playwright does not fetch the page itself: it would follow redirects past robots.txt, give headers and body
as the browser shows them and not as they came, and check certificates and sizes by other rules.

Why a browser that cannot be started is no failure of the page: the page is handed on as it came, and is judged to be
the shell that it is.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from http import HTTPStatus

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler.browser.chromium import chromium_of
from crawler.browser.errors import BrowserUnavailable
from crawler.browser.policy import BROWSER
from crawler.browser.snapshot import Snapshot
from crawler.handlers import EXCHANGES, RecordingHandler
from storage.captures import decoded_content
from storage.types import Exchange, utc_now

log = logging.getLogger(__name__)

RENDERED_TYPE = "text/html; charset=utf-8"
_PAGES = ("text/html", "application/xhtml+xml")
_CONDITIONS = ("If-None-Match", "If-Modified-Since")


class BrowserHandler(RecordingHandler):
    """`RecordingHandler`, which opens pages in a browser where the request says so."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._chromium = chromium_of(crawler)
        self._most_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> Response:
        """Download; then, where it is wanted and a page came, open it in the browser.

        Raises:
            BrowserTimeout, RenderedTooLarge, BrowserEnded: it came, but could not be read in the browser.
        """
        if not request.meta.get(BROWSER):
            return await super().download_request(request)
        for name in _CONDITIONS:
            # An unchanged shell says nothing about the text that its script would load.
            request.headers.pop(name, None)
        response = await super().download_request(request)
        exchange: Exchange = request.meta[EXCHANGES][-1]
        content = decoded_content(exchange.payload, exchange.headers, max_bytes=self._most_bytes + 1)
        if not _is_page(response, content) or len(content) > self._most_bytes:
            return response
        try:
            snapshot = await self._chromium.show(exchange, content)
        except BrowserUnavailable as problem:
            log.debug("not opened in a browser: %s: %s", request.url, problem)
            return response
        request.meta[EXCHANGES].append(_rendered(exchange, snapshot))
        return _response(response, snapshot)

    async def close(self) -> None:
        """End the browser, then the usual."""
        await self._chromium.close()
        await super().close()


def _is_page(response: Response, content: bytes) -> bool:
    said = (response.headers.get("Content-Type") or b"text/html").decode("latin-1").lower()
    return response.status == HTTPStatus.OK and bool(content.strip()) and said.startswith(_PAGES)


def _rendered(exchange: Exchange, snapshot: Snapshot) -> Exchange:
    return replace(
        exchange,
        request_headers=(),
        reason="",
        headers=(("Content-Type", RENDERED_TYPE),),
        payload=snapshot.markup,
        fetched_at=utc_now(),
        truncated=snapshot.truncated,
        rendered=True,
    )


def _response(response: Response, snapshot: Snapshot) -> HtmlResponse:
    headers = response.headers.copy()
    for name in ("Content-Encoding", "Content-Length", "Refresh"):
        headers.pop(name, None)
    headers["Content-Type"] = RENDERED_TYPE
    return HtmlResponse(
        response.url,
        status=response.status,
        headers=headers,
        body=snapshot.markup,
        encoding="utf-8",
        flags=[*response.flags, "rendered"],
        ip_address=response.ip_address,
        protocol=response.protocol,
    )
