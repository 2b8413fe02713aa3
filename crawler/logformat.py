"""The crawl's log: one line per attempt, and nothing that only Scrapy's authors want to know."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from crawler.archiving import Stored
from crawler.backfilling.flow import Sought
from crawler.backfilling.saving import Saved

_LEVELS = (
    ("scrapy", logging.WARNING),
    ("scrapy.core.scraper", logging.INFO),
    ("scrapy.core.downloader.handlers", logging.ERROR),
    ("scrapy.downloadermiddlewares.robotstxt", logging.CRITICAL),
    ("twisted", logging.WARNING),
    ("asyncio", logging.WARNING),
    ("filelock", logging.WARNING),
)


class EventLog(LogFormatter):
    """Scrapy's log formatter, with our lines for stored attempts, documents looked for in archives, and saved pages."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:  # noqa: ANN401
        """One line per attempt (outcome, URL, what became of it), or per document that archives were asked about."""
        if isinstance(item, Sought):
            line = sought_line(item)
        elif isinstance(item, Stored):
            line = attempt_line(item)
        elif isinstance(item, Saved):
            line = saved_line(item)
        else:
            return super().scraped(item, response, spider)
        return {"level": logging.INFO, "msg": "%(line)s", "args": {"line": line}}

    def item_error(
        self,
        item: Any,  # noqa: ANN401
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """The spider hears of it and says what it does about it; Scrapy's line would hold the whole page."""
        del item, response, spider
        return {"level": logging.DEBUG, "msg": "a pipeline failed: %(error)s", "args": {"error": repr(exception)[:500]}}

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        """The attempt's own line says it all: keep Scrapy's for debugging only."""
        return super().download_error(failure, request, spider, errmsg) | {"level": logging.DEBUG}


def attempt_line(stored: Stored) -> str:
    """``fetched http://... : new article 12`` or ``gone http://... : HTTP 404``."""
    understood, archived = stored.understood, stored.archived
    url = understood.item.task.document.request_url
    parts = [understood.detail] if understood.detail else []
    if archived.verdict is not None:
        parts.append(f"{archived.verdict.kind} article {archived.article_id}")
    if archived.error:
        parts.append(f"not stored as an article: {archived.error}")
    return f"{understood.outcome} {url}" + (f" : {'; '.join(parts)}" if parts else "")


def sought_line(sought: Sought) -> str:
    """``rescued http://... : local never_archived, internet-archive found``."""
    asked = ", ".join(f"{search.archive} {search.state}" for search in sought.searches)
    return f"{sought.state} {sought.document.request_url}" + (f" : {asked}" if asked else "")


def saved_line(saved: Saved) -> str:
    """``saved http://... : https://web.archive.org/web/...`` or ``refused http://... : not-found: ...``."""
    told = saved.save.url or saved.save.detail
    return f"{saved.save.state} {saved.document.request_url}" + (f" : {told}" if told else "")


def quieten() -> None:
    """Silence what only Scrapy's developers want to know, and tracebacks of the world's failures.

    Every attempt has its own line, robots.txt that cannot be fetched included.
    """
    for name, level in _LEVELS:
        logging.getLogger(name).setLevel(level)
