"""Questions to archives through the crawl's own engine: guard, byte limits and proxy hold for them as for pages.

Why redirects are never followed here and nothing is tried again: an archived redirect leads out to the live web, an
archived 429 or 503 is a page's and not the archive's, and Scrapy cannot tell; the archive's module can.

Why the content is not decoded on the way: what an archive sends may claim an encoding that it is not in, and an answer
that Scrapy cannot decode is lost. `storage.captures.decoded_content` takes what can be read.
"""

from __future__ import annotations

import asyncio

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler.archives.protocol import Question
from crawler.archives.saving import SaveQuestion
from crawler.backfilling.asking import Sent
from crawler.handlers import EXCHANGES, started_at
from crawler.middlewares.robots import OF_ARCHIVE
from storage.types import Exchange, utc_now

_ACCEPTED = ("Accept-Encoding", "gzip, deflate, br")


class Network:
    """Sends questions; ``COMPRESSION_ENABLED`` must be off in the crawler's settings."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    async def __call__(self, question: Question) -> Sent:
        """The exchange; raises whatever the downloader does."""
        return await self._sent(request_for(question))

    async def post(self, question: SaveQuestion) -> Sent:
        """Likewise, for a request to save a page."""
        return await self._sent(posting(question))

    async def _sent(self, request: Request) -> Sent:
        assert self._crawler.engine is not None  # noqa: S101 - the spider runs in it
        if not self._crawler.engine.running:
            # Whoever stops the run waits for the requests under way: no new ones are begun.
            raise asyncio.CancelledError
        await self._crawler.engine.download_async(request)
        exchanges: list[Exchange] = request.meta[EXCHANGES]
        exchange = exchanges[-1]
        return Sent(exchange=exchange, started_at=started_at(request.meta, utc_now()))


def request_for(question: Question) -> Request:
    """One GET, exactly as asked for."""
    return _request(question.url, question.headers)


def posting(question: SaveQuestion) -> Request:
    """One POST, exactly as asked for."""
    return _request(question.url, question.headers, method="POST", body=question.body)


def _request(url: str, headers: tuple[tuple[str, str], ...], *, method: str = "GET", body: bytes = b"") -> Request:
    return Request(
        url,
        callback=NO_CALLBACK,
        method=method,
        body=body,
        headers=dict([_ACCEPTED, *headers]),
        dont_filter=True,
        meta={
            OF_ARCHIVE: True,
            "dont_redirect": True,
            "dont_retry": True,
            "dont_cache": True,
            "handle_httpstatus_all": True,
            # Some servers tell an escaped sign from a bare one; Scrapy escapes what a URL could do without.
            "verbatim_url": url.isascii() and url.isprintable() and " " not in url,
        },
    )
