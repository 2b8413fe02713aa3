"""Send every request through the library's proxy, where it has one.

Why not the environment's ``http_proxy``: which way the pages came is a property of the library, and a proxy that
happens to be set in some shell must not decide what an archive contains.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.configuration import Configuration


class ProxyMiddleware:
    """Set ``meta["proxy"]`` for all requests, robots.txt and redirects included; ``None`` means "no proxy at all"."""

    def __init__(self, url: str | None) -> None:
        self._url = url

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProxyMiddleware:
        """Read the setting once."""
        configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
        return cls(configuration.text("crawl.proxy") or None)

    def process_request(self, request: Request) -> None:
        """Through the library's proxy, or none."""
        request.meta["proxy"] = self._url
