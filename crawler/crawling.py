"""Run one crawl in this process and tell what came of it.

Why once per process: a Twisted reactor cannot be started twice; whoever needs more crawls starts more processes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.archiving import Stored
from crawler.configuration import Configuration
from crawler.session import state_after
from crawler.spiders.sources import SourcesSpider
from storage.types import RunState


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlReport:
    """What a crawl did.

    Attributes:
        token: of its run.
        state: how it ended.
        outcomes: outcome -> attempts.
        verdicts: verdict -> articles.
        problem: why it could not go on; empty when it could.
    """

    token: str
    state: RunState
    outcomes: Mapping[str, int]
    verdicts: Mapping[str, int]
    problem: str = ""


def crawl(
    configuration: Configuration,
    *,
    command: str,
    arguments: Mapping[str, str],
    log_level: str = "INFO",
    progress: Callable[[Stored], None] | None = None,
) -> CrawlReport:
    """Crawl until nothing is left, the person interrupts, or the store is gone.

    Args:
        configuration: of the library.
        command: as a person would type it, for the run's row.
        arguments: of the spider: ``event``, ``host``, ``outcome``.
        log_level: of the lines on standard error.
        progress: called after each stored attempt.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("DATELINE_CONFIGURATION", configuration, "cmdline")
    settings.set("DATELINE_COMMAND", command, "cmdline")
    settings.set("LOG_LEVEL", log_level, "cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(SourcesSpider)
    if progress is not None:
        crawler.signals.connect(progress_signal(progress), signal=signals.item_scraped, weak=False)
    ended: list[str] = []

    def ended_with(reason: str) -> None:
        ended.append(reason)

    crawler.signals.connect(ended_with, signal=signals.spider_closed, weak=False)
    process.crawl(crawler, **arguments)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, SourcesSpider)  # noqa: S101 - it is what was created
    return _report(spider, ended[0] if ended else "shutdown")


def progress_signal(progress: Callable[[Stored], None]) -> Callable[[Stored], None]:
    """A signal handler that takes what it needs by name, as Scrapy's dispatcher wants it."""

    def handle(item: Stored) -> None:
        progress(item)

    return handle


def _report(spider: SourcesSpider, reason: str) -> CrawlReport:
    state = state_after(reason, broken=bool(spider.problem))
    if not spider.began:
        return CrawlReport(token="", state=state, outcomes={}, verdicts={}, problem=spider.problem)
    return CrawlReport(
        token=spider.session.token,
        state=state,
        outcomes=dict(sorted(spider.session.writer.outcomes.items())),
        verdicts=dict(sorted(spider.session.writer.verdicts.items())),
        problem=spider.problem,
    )
