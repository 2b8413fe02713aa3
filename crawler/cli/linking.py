"""Linking by content at the end of a run, as every command does it that may have brought articles.

Why after the run and not in it: an article is weighed against the events around its day and against other articles of
its story, and the last article of a run may be the one that says it.

Why a signal means "stop" again, and ends in here: a reactor that has ended leaves handlers behind that do nothing, and
what was fetched is still to be reported. What was weighed is stored, the rest waits for the next run or for ``dateline
link run``.

Why a failure is told and does not end the command: what was fetched is stored, and its report is still to come.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from crawler.cli.console import INCOMPLETE, INTERRUPTED, OK, count_of, opened, progress_bar, say, tell
from crawler.configuration import Configuration
from crawler.errors import DatelineError
from crawler.library import Library
from crawler.stopping import stoppable
from storage.errors import StorageError
from storage.types import RunState, utc_now


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedAfter:
    """What linking at the end of a run did.

    Attributes:
        articles: weighed.
        linked: links by content above the upper threshold.
        proposed: links between the thresholds.
        waiting: articles that still wait.
        interrupted: a person stopped it.
        problem: why it could not go on; empty when it could.
    """

    articles: int = 0
    linked: int = 0
    proposed: int = 0
    waiting: int = 0
    interrupted: bool = False
    problem: str = ""

    @property
    def status(self) -> int:
        """The exit status that it asks for."""
        return INTERRUPTED if self.interrupted else INCOMPLETE if self.problem else OK


def link_after(settings: Configuration, state: RunState) -> LinkedAfter | None:
    """Link what waits, as far as the run ended well and ``linking.at_crawl`` says so; ``None`` where it does not."""
    if state is not RunState.FINISHED or not settings.flag("linking.at_crawl"):
        return None
    try:
        with opened(settings.library) as found:
            return link_in(found, settings) if found.store.waiting_for_links(limit=1) else LinkedAfter()
    except (DatelineError, StorageError) as error:
        return LinkedAfter(problem=str(error))


def link_in(library: Library, settings: Configuration) -> LinkedAfter:
    """Link what waits in an open library, with a bar on a terminal.

    Raises:
        DatelineError: the configuration names a model that cannot be used.
        StorageError: the library cannot be read or written any more.
    """
    from crawler.linking_run import Linked, link_waiting  # noqa: PLC0415 - only where something waits

    report, interrupted = Linked(), False
    with stoppable(anew=True), progress_bar() as bar, suppress(KeyboardInterrupt):
        interrupted = True
        task = bar.add_task("linking", total=library.store.status(now=utc_now()).unlinked)
        link_waiting(library.store, settings, report=report, progress=lambda: bar.update(task, advance=1))
        interrupted = False
    return LinkedAfter(
        articles=report.articles,
        linked=report.linked,
        proposed=report.proposed,
        waiting=library.store.status(now=utc_now()).unlinked if interrupted else 0,
        interrupted=interrupted,
    )


def print_linked(done: LinkedAfter | None) -> None:
    """One line of a run's report; none where nothing waited."""
    if done is None:
        return
    if done.articles:
        say(
            f"links by content: {done.linked} linked, {done.proposed} proposed, of {count_of(done.articles, 'article')}"
        )
    if done.proposed:
        say("`dateline link list` shows what is proposed")
    if done.interrupted:
        say(f"interrupted: {count_of(done.waiting, 'article')} still to be linked; `dateline link run` goes on")
    if done.problem:
        tell(("not linked by content: ", "bold red"), done.problem)
