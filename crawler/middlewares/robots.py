"""robots.txt, obeyed, with an exception of its own so that the outcome can say so.

RFC 9309: a 4xx answer means that there are no rules; its body (usually an error page) is not read as rules.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

_FIRST_ERROR = 400


class RobotsForbidden(IgnoreRequest):
    """robots.txt of the host asks us not to fetch this URL."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware; refusal is `RobotsForbidden`, error pages are no rules."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise `RobotsForbidden` where Scrapy raises a plain IgnoreRequest."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refusal:
            raise RobotsForbidden(f"robots.txt of {request.url.split('/')[2]} disallows this URL") from refusal

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        rules = response.replace(body=b"") if response.status >= _FIRST_ERROR else response
        await super()._parse_robots(rules, netloc, request)
