"""One download slot per host, also behind redirects, at the interval that holds for the host now.

Why the slot is named here: Scrapy writes the slot of the first host into the request's meta, and a redirect to another
host inherits it, so the other host's own delay and concurrency are not held (scrapy#2141). Its own names leave the port
out, but two ports of one name are two hosts to us.

Why the delay is set with every request: a host's interval changes while it is asked (its robots.txt was read, it said
"too often"), and Scrapy reads the setting of a slot only once.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.middlewares.keeper import keeper_of
from crawler.politeness import host_asked

JITTER = 0.2
"""Delays vary by this share; `padded` lifts the mean so that none is shorter than asked."""


def padded(delay_s: float) -> float:
    """The mean delay whose shortest variation is still ``delay_s``."""
    return delay_s / (1 - JITTER)


class HostSlotMiddleware:
    """Name the slot after the host that is asked, and give it the host's interval."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostSlotMiddleware:
        """It works on the crawler's own slots."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Whatever slot a redirect brought along."""
        host = host_asked(request.url)
        request.meta["download_slot"] = host
        delay_s = padded(keeper_of(self._crawler).interval_of(host).total_seconds())
        downloader: Any = self._crawler.engine.downloader if self._crawler.engine is not None else None
        if host in downloader.slots:
            downloader.slots[host].delay = delay_s
            # Needed only until the slot is made: a long crawl meets a great many hosts.
            downloader.per_slot_settings.pop(host, None)
        else:
            downloader.per_slot_settings[host] = {"delay": delay_s}
