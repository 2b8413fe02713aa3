"""Run one crawl, one discovery, one backfill, one saving or one worker in this process and tell what came of it.

Why once per process: a Twisted reactor cannot be started twice; whoever needs more crawls starts more processes.

Why a process of our own around Scrapy's: it waits for requests that are under way when it is asked to stop, however
long they take, and a second signal leaves threads behind that may wait for a database or a name server for minutes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import FrameType
from typing import Any, TypeVar

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import get_scrapy_root_handler

from crawler.archiving import Stored
from crawler.backfilling.flow import Sought
from crawler.backfilling.saving import Saved
from crawler.configuration import Configuration
from crawler.runlog import ConsoleFormatter, for_console
from crawler.session import state_after
from crawler.spiders.backfill import BackfillSpider
from crawler.spiders.discover import DiscoverSpider
from crawler.spiders.runs import RunSpider
from crawler.spiders.save import SaveSpider
from crawler.spiders.sources import SourcesSpider
from crawler.spiders.work import ArchiveWorkSpider, Shift, WorkSpider
from crawler.stopping import STOPPING, asked_by, handlers_kept, status_of
from storage.types import RunState

T = TypeVar("T")
S = TypeVar("S", bound=Spider)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class BackfillReport:
    """What a backfill did.

    Attributes:
        token: of its run.
        state: how it ended.
        documents: where their backfills stand now -> documents that were looked for.
        archives: archive -> where its searches stand now -> documents that it was asked about.
        outcomes: outcome -> copies that were fetched.
        verdicts: verdict -> articles.
        next_at: when the first of the documents that wait for an archive is worth another try.
        problem: why it could not go on; empty when it could.
        notice: why it ended before its work did, though nothing is broken; with the time to come back.
    """

    token: str
    state: RunState
    documents: Mapping[str, int] = field(default_factory=dict)
    archives: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[str, int] = field(default_factory=dict)
    next_at: datetime | None = None
    problem: str = ""
    notice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveReport:
    """What a saving did.

    Attributes:
        token: of its run.
        state: how it ended.
        saves: where the saves stand now -> pages that the service was asked about.
        problem: why it could not go on; empty when it could.
        keys_refused: the problem is that the service does not accept the keys.
        notice: why it ended before its work did, though nothing is broken; with the time to come back.
    """

    token: str
    state: RunState
    saves: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    keys_refused: bool = False
    notice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkReport:
    """What a worker did.

    Attributes:
        token: of its run; empty where it did not begin.
        state: how it ended.
        outcomes: outcome -> attempts.
        problem: why it could not go on; empty when it could.
    """

    token: str
    state: RunState
    outcomes: Mapping[str, int] = field(default_factory=dict)
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
    settings = _settings(configuration, command, log_level)
    spider, reason = _run(SourcesSpider, settings, arguments, progress_signal(progress) if progress else None)
    return _report(spider, reason)


def discover(
    configuration: Configuration,
    *,
    command: str,
    arguments: Mapping[str, str],
    log_level: str = "INFO",
    progress: Callable[[Stored], None] | None = None,
) -> CrawlReport:
    """Poll feeds and fetch what they named, until nothing is left within the budget; ends early as `crawl` does.

    Args:
        configuration: of the library.
        command: as a person would type it, for the run's row.
        arguments: of the spider: ``feeds_only``.
        log_level: of the lines on standard error.
        progress: called after each stored attempt.
    """
    settings = _settings(configuration, command, log_level)
    spider, reason = _run(DiscoverSpider, settings, arguments, progress_signal(progress) if progress else None)
    return _report(spider, reason)


def backfill(
    configuration: Configuration,
    *,
    command: str,
    arguments: Mapping[str, str],
    log_level: str = "INFO",
    progress: Callable[[Sought], None] | None = None,
) -> BackfillReport:
    """Look in archives until nothing is left, an archive asks us to stop, the person interrupts, or the store is gone.

    Args:
        configuration: of the library.
        command: as a person would type it, for the run's row.
        arguments: of the spider: ``event`` (one name per line), ``host``, ``since``, ``until``, ``archive``,
            ``versions``.
        log_level: of the lines on standard error.
        progress: called after each document.
    """
    settings = _settings(configuration, command, log_level)
    spider, reason = _run(BackfillSpider, settings, arguments, progress_signal(progress) if progress else None)
    return _backfill_report(spider, reason)


def save(
    configuration: Configuration,
    *,
    command: str,
    arguments: Mapping[str, str],
    log_level: str = "INFO",
    progress: Callable[[Saved], None] | None = None,
) -> SaveReport:
    """Have pages saved until none is left, the service asks us to stop, the person interrupts, or the store is gone.

    Args:
        configuration: of the library.
        command: as a person would type it, for the run's row.
        arguments: of the spider: ``event`` (one name per line), ``host``, ``since``, ``until``.
        log_level: of the lines on standard error.
        progress: called after each page.
    """
    settings = _settings(configuration, command, log_level)
    spider, reason = _run(SaveSpider, settings, arguments, progress_signal(progress) if progress else None)
    return SaveReport(
        token=spider.session.token if spider.began else "",
        state=state_after(reason, broken=bool(spider.problem)),
        saves={str(one): count for one, count in spider.states.items()},
        problem=spider.problem,
        keys_refused=spider.keys_refused,
        notice=spider.notice,
    )


def work(configuration: Configuration, *, command: str, shift: Shift, log_level: str = "INFO") -> WorkReport:
    """Run the two engines of a worker until its shift is over, or it is asked to stop.

    Args:
        configuration: of the library.
        command: as a person would type it, for the run's row.
        shift: what they share.
        log_level: of the lines on standard error.
    """
    settings = _settings(configuration, command, log_level)
    both: list[tuple[type[Spider], Mapping[str, Any]]] = [
        (WorkSpider, {"shift": shift}),
        (ArchiveWorkSpider, {"shift": shift}),
    ]
    (live, reason), _ = _run_together(both, settings)
    assert isinstance(live, WorkSpider)  # noqa: S101 - it is what was created
    began = live.began
    return WorkReport(
        token=live.session.token if began else "",
        state=state_after(reason, broken=bool(live.problem)),
        outcomes=dict(sorted(live.session.writer.outcomes.items())) if began else {},
        problem=live.problem,
    )


def progress_signal(progress: Callable[[T], None]) -> Callable[[T], None]:
    """A signal handler that takes what it needs by name, as Scrapy's dispatcher wants it."""

    def handle(item: T) -> None:
        progress(item)

    return handle


def _settings(configuration: Configuration, command: str, log_level: str) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("DATELINE_CONFIGURATION", configuration, "cmdline")
    settings.set("DATELINE_COMMAND", command, "cmdline")
    settings.set("LOG_LEVEL", log_level, "cmdline")
    return settings


class _Process(AsyncCrawlerProcess):
    """Scrapy's process, which gives up what is under way soon after it is asked to stop."""

    async def stop(self) -> None:
        """Stop in order."""
        for crawler in self.crawlers:
            if isinstance(crawler.spider, RunSpider):
                crawler.spider.hurry()
        await super().stop()

    def _signal_shutdown(self, signum: int, frame: Any) -> None:  # noqa: ANN401 - Scrapy's signature
        asked_by(signum)
        super()._signal_shutdown(signum, frame)

    def _signal_kill(self, signum: int, _: FrameType | None) -> None:
        """The second signal: end now, whatever threads wait for. The next command buries the run."""
        os.write(2, b"\nstopped by force; the next command puts in order what is left\n")
        os._exit(status_of(signum))


def _without_tracebacks(settings: Settings) -> None:
    """On the terminal: the log of the run has them."""
    handler: logging.Handler | None = get_scrapy_root_handler()
    if handler is not None:
        for_console(handler, ConsoleFormatter(settings.get("LOG_FORMAT"), settings.get("LOG_DATEFORMAT")))


def _run(
    kind: type[S], settings: Settings, arguments: Mapping[str, str], progress: Callable[..., None] | None
) -> tuple[S, str]:
    """Run one spider to its end; returns it with Scrapy's reason for the end."""
    ((spider, reason),) = _run_together([(kind, arguments)], settings, progress)
    assert isinstance(spider, kind)  # noqa: S101 - it is what was created
    return spider, reason


def _run_together(
    wanted: Sequence[tuple[type[Spider], Mapping[str, Any]]],
    settings: Settings,
    progress: Callable[..., None] | None = None,
) -> list[tuple[Spider | None, str]]:
    """Run spiders in one process until all of them have ended; returns them with Scrapy's reasons for the ends."""
    process = _Process(settings)
    _without_tracebacks(settings)
    ended: dict[Crawler, str] = {}
    crawlers = [process.create_crawler(kind) for kind, _ in wanted]
    for crawler, (_, arguments) in zip(crawlers, wanted, strict=True):
        if progress is not None:
            crawler.signals.connect(progress, signal=signals.item_scraped, weak=False)
        crawler.signals.connect(_noting(ended, crawler), signal=signals.spider_closed, weak=False)
        process.crawl(crawler, **arguments)
    with handlers_kept(STOPPING):  # Scrapy leaves its own behind, which do nothing when its reactor has ended
        process.start()
    return [(crawler.spider, ended.get(crawler, "shutdown")) for crawler in crawlers]


def _noting(ended: dict[Crawler, str], crawler: Crawler) -> Callable[..., None]:
    def closed(reason: str) -> None:
        ended[crawler] = reason

    return closed


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


def _backfill_report(spider: BackfillSpider, reason: str) -> BackfillReport:
    state = state_after(reason, broken=bool(spider.problem))
    if not spider.began:
        return BackfillReport(token="", state=state, problem=spider.problem)
    archives: dict[str, dict[str, int]] = {}
    for (archive, found), count in spider.searched.items():
        archives.setdefault(archive, {})[found] = count
    return BackfillReport(
        token=spider.session.token,
        state=state,
        documents={str(one): count for one, count in spider.ended.items()},
        archives=archives,
        outcomes=dict(sorted(spider.session.writer.outcomes.items())),
        verdicts=dict(sorted(spider.session.writer.verdicts.items())),
        next_at=spider.next_at,
        problem=spider.problem,
        notice=spider.notice,
    )
