"""Who keeps the hosts of a crawl: what middlewares may ask and tell, without knowing a session or a store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from scrapy.crawler import Crawler
from scrapy.http import Response

from storage.types import Document

TASK = "dateline_task"
"""Key of a request's meta: the `crawler.items.FetchTask` that it serves; redirect hops and robots.txt have it too."""


class Refused(Protocol):
    """Why a host may not be asked now."""

    @property
    def reason(self) -> str:
        """One sentence."""

    @property
    def ready_at(self) -> datetime | None:
        """When it may be; ``None`` where nobody knows."""


class HostKeeper(Protocol):
    """The spider, as far as middlewares are concerned."""

    def interval_of(self, host: str) -> timedelta:
        """The least time between two requests to a host."""

    def heard_crawl_delay(self, host: str, seconds: float | None) -> None:
        """What robots.txt of the host says; ``None`` where it says nothing."""

    def hold_back(self, response: Response) -> None:
        """Leave the host alone from this moment, where its answer asks for that."""

    async def visit(self, document: Document, host: str) -> Refused | None:
        """Hold a host where a redirect of the document leads; waits a while, returns why it cannot be had."""


def keeper_of(crawler: Crawler) -> HostKeeper:
    """The keeper of this crawl's hosts."""
    spider: HostKeeper = crawler.spider  # type: ignore[assignment]
    return spider
