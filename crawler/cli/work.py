"""``dateline work``: serve the hosts that the queue brings, until somebody stops it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import BAD_INPUT, INCOMPLETE, INTERRUPTED, OK, LibraryOption, opened, settings_of, tell
from crawler.cli.fetching import AllowPrivateOption, LogLevelOption, given_settings, log_level_of, tell_problem
from crawler.queueing.orders import QUEUES, WorkKind
from crawler.queueing.reaching import address_of
from crawler.runs import as_typed
from crawler.stopping import status_of, stopped_status
from storage.types import RunState

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.crawling import WorkReport


def work(
    *,
    library: LibraryOption = None,
    only: Annotated[
        list[WorkKind] | None,
        typer.Option(help="Serve only this kind of work; may be given again. reextract and compare go together."),
    ] = None,
    only_ordered: Annotated[
        bool, typer.Option("--only-ordered", help="Serve only what somebody queued; queue nothing that is due.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="End when nothing is queued and nothing gets ready within two minutes.")
    ] = False,
    metrics: Annotated[
        str, typer.Option(help="Answer /metrics and /health there; else workers.metrics.", metavar="ADDRESS")
    ] = "",
    allow_private: AllowPrivateOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Serve hosts that the queue brings, as one of any number of workers on any number of machines.

    Needs PostgreSQL. Stop it with Ctrl-C or SIGTERM: it gives everything back within seconds, others go on with it.
    """
    settings = settings_of(library, given_settings(allow_private=allow_private))
    address_of(settings.database_url)
    level = log_level_of(log_level or "INFO")
    with opened(settings.library):  # a library that cannot be opened is said in a sentence, before anything is loaded
        pass
    from crawler.working.running import run_worker  # noqa: PLC0415 - see above
    from crawler.working.worker import Task  # noqa: PLC0415 - likewise

    chosen = frozenset(one for one in WorkKind if not only or QUEUES[one] in {QUEUES[kind] for kind in only})
    kinds = "".join(f" --only {kind}" for kind in only or ())
    typed = as_typed(f"dateline work{kinds}", only_ordered=only_ordered, once=once)
    report = run_worker(
        settings,
        Task(kinds=chosen, feeds=not only_ordered, once=once),
        command=typed,
        metrics=metrics or settings.text("workers.metrics"),
        log_level=level,
    )
    return _ended(report)


def _ended(report: WorkReport) -> int:
    """Say why it ended; returns the exit status."""
    tell_problem(report.problem)
    if not report.token:
        return BAD_INPUT
    if report.state is RunState.INTERRUPTED:
        tell("stopped: what was not done is left to other workers")
        return OK if stopped_status() == status_of(signal.SIGTERM) else INTERRUPTED
    return OK if report.state is RunState.FINISHED else INCOMPLETE
