"""``dateline work``: one worker in this process, from its first line to its exit.

Why SIGTERM ends it with status 0 and Ctrl-C with 130: as the scheduler, it is a service that runs until somebody stops
it, and a service manager that stops it does not want to hear of a failure.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from crawler.configuration import Configuration
from crawler.crawling import WorkReport, work
from crawler.queueing.reaching import address_of
from crawler.spiders.work import ArchiveWorkSpider, Shift, WorkSpider
from crawler.working.answers import serve_metrics
from crawler.working.counting import Tally
from crawler.working.worker import Task, Worker


@dataclass(slots=True)
class _Begun:
    """The worker, once its loop runs: its events belong to that."""

    configuration: Configuration
    task: Task
    tally: Tally = field(default_factory=Tally)
    _worker: Worker | None = None
    _stopped: bool = False

    async def work(self, live: WorkSpider, archives: ArchiveWorkSpider) -> None:
        self._worker = Worker(self.configuration, self.task, self.tally)
        if self._stopped:
            self._worker.stop()
        await self._worker.work(live, archives)

    def stop(self) -> None:
        self._stopped = True
        if self._worker is not None:
            self._worker.stop()


def run_worker(
    configuration: Configuration, task: Task, *, command: str, metrics: str = "", log_level: str = "INFO"
) -> WorkReport:
    """Work until a signal comes, or until nothing is left where the task says so.

    Args:
        configuration: of the library.
        task: what to do.
        command: as a person would type it, for the run's row.
        metrics: address at which ``/metrics`` and ``/health`` are answered; empty for none.
        log_level: of the lines on standard error.

    Raises:
        ConfigurationError: the database is not PostgreSQL, or the extra is missing.
    """
    address_of(configuration.database_url)
    begun = _Begun(configuration, task)
    with ExitStack() as stack:
        endpoint = serve_metrics(configuration, begun.tally, metrics)
        if endpoint is not None:
            stack.callback(endpoint.close)
        shift = Shift(work=begun.work, stop=begun.stop, stored=begun.tally.stored, lost=begun.tally.lose)
        return work(configuration, command=command, shift=shift, log_level=log_level)
