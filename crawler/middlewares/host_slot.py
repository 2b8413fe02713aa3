"""One download slot per host, also behind redirects.

Why: Scrapy writes the slot of the first host into the request's meta, and a redirect to another host inherits it, so
the other host's own delay and concurrency are not held (scrapy#2141). Robots' Crawl-delay is applied here too, because
it is the slot that has to know it.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser

from crawler.urls import host_of

LONGEST_CRAWL_DELAY_S = 300.0
"""A longer Crawl-delay is obeyed up to here: some files ask for days."""

JITTER = 0.2
"""Delays vary by this share; `padded` lifts the mean so that none is shorter than asked."""


def padded(delay_s: float) -> float:
    """The mean delay whose shortest variation is still ``delay_s``."""
    return delay_s / (1 - JITTER)


class HostSlotMiddleware:
    """Name the slot after the request's own host; lengthen it by the host's Crawl-delay.

    Stats: ``host_slot/crawl_delay`` hosts whose Crawl-delay is longer than ours.
    """

    def __init__(self, crawler: Crawler, *, delay_s: float, user_agent: str) -> None:
        self._crawler, self._delay_s, self._user_agent = crawler, delay_s, user_agent

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostSlotMiddleware:
        """Read the settings once."""
        middleware = cls(
            crawler,
            delay_s=crawler.settings.getfloat("DATELINE_DELAY_S"),
            user_agent=crawler.settings["USER_AGENT"],
        )
        crawler.signals.connect(middleware.robots_parsed, signal=signals.robots_parsed)
        return middleware

    def process_request(self, request: Request) -> None:
        """Name the slot after the host, whatever slot a redirect brought along."""
        request.meta["download_slot"] = urlsplit(request.url).hostname or ""

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Obey a Crawl-delay that is longer than our own delay."""
        asked = min(robotparser.crawl_delay(self._user_agent) or 0.0, LONGEST_CRAWL_DELAY_S)
        if asked <= self._delay_s or self._crawler.engine is None:
            return
        host = urlsplit(request.url).hostname or ""
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": padded(asked)}
        if host in downloader.slots:
            downloader.slots[host].delay = padded(asked)
        slow_down = getattr(self._crawler.spider, "slow_down", None)
        if slow_down is not None:
            slow_down(host_of(request.url), timedelta(seconds=asked))
        if self._crawler.stats:
            self._crawler.stats.inc_value("host_slot/crawl_delay")
