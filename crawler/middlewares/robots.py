"""robots.txt, obeyed, with an exception of its own so that the outcome can say so.

RFC 9309: a 4xx answer means that there are no rules; its body (usually an error page) is not read as rules.

Why a lock per host: in Scrapy 2.19 several requests that wait for one robots.txt await one Deferred; from the third
on they are told that there are no rules (seen: 4 of 6 disallowed pages fetched).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

_FIRST_ERROR = 400


class RobotsForbidden(IgnoreRequest):
    """robots.txt of the host asks us not to fetch this URL."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware; refusal is `RobotsForbidden`, error pages are no rules, nobody slips through waiting."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The host's rules; whoever asks while they are being fetched waits for them."""
        async with self._asking[urlsplit(request.url).netloc]:
            return await super().robot_parser(request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise `RobotsForbidden` where Scrapy raises a plain IgnoreRequest."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refusal:
            host = urlsplit(request.url).netloc
            raise RobotsForbidden(f"robots.txt of {host} disallows this URL") from refusal

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        rules = response.replace(body=b"") if response.status >= _FIRST_ERROR else response
        await super()._parse_robots(rules, netloc, request)
