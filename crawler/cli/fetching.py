"""What the commands that fetch share: their options, their bar, how they say what came of it.

One wording for all of them: who reads the logs of scheduled jobs looks for the same line in each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import INCOMPLETE, INTERRUPTED, OK, Listing, err, progress_bar, say, tell
from crawler.errors import ConfigurationError
from storage.protocol import Store
from storage.types import OUTCOME_MEANINGS, Outcome, RunState, Selection, utc_now
from storage.wanting import MOST_COUNTED

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.archiving import Stored

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_WIDTH = 48

LogLevelOption = Annotated[str, typer.Option(help="Lines on standard error: DEBUG, INFO, WARNING.")]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Ask private and special addresses too; only for a web of your own.")
]


def given_settings(*, allow_private: bool) -> dict[str, bool]:
    """The settings that options name."""
    return {"crawl.allow_private": True} if allow_private else {}


def log_level_of(given: str) -> str:
    """The log level that was typed; by default warnings beside a bar, and a line per attempt elsewhere.

    Raises:
        ConfigurationError: there is no such level.
    """
    level = given.upper()
    if level and level not in _LEVELS:
        raise ConfigurationError(f"there is no log level {given!r}; the levels are {', '.join(_LEVELS)}")
    return level or ("WARNING" if err.is_terminal else "INFO")


def count_due(store: Store, selection: Selection) -> int:
    """How many documents of the selection are due, counted up to `MOST_COUNTED`."""
    return sum(1 for _ in islice(store.due(selection, now=utc_now()), MOST_COUNTED))


@contextmanager
def fetching_bar(what: str, total: int | None = None) -> Iterator[Callable[[object, str], None]]:
    """A bar on a terminal; what it gives is told what came of each piece of work, and of which host.

    ``total`` is how many there are; one that was counted no further is not shown.
    """
    with progress_bar() as bar:
        task = bar.add_task(what, total=total if total is None or total < MOST_COUNTED else None)

        def advance(came: object, host: str) -> None:
            bar.update(task, advance=1, description=f"{came} {host}"[:_WIDTH].ljust(_WIDTH))

        yield advance


@contextmanager
def attempts_bar(what: str, total: int | None = None) -> Iterator[Callable[[Stored], None]]:
    """The same, told of attempts as the pipeline has stored them."""
    with fetching_bar(what, total) as advance:
        yield lambda stored: advance(stored.understood.outcome, stored.understood.item.task.document.host)


def status_of(state: RunState) -> int:
    """The exit status of a command whose run ended so."""
    return {RunState.FINISHED: OK, RunState.INTERRUPTED: INTERRUPTED}.get(state, INCOMPLETE)


def print_outcomes(outcomes: Mapping[str, int]) -> None:
    """A table of outcomes with what each means."""
    if not outcomes:
        say("nothing was due")
        return
    made = Listing("outcome", "count#", "meaning")
    for name, count in Counter(outcomes).most_common():
        made.add(name, count, OUTCOME_MEANINGS[Outcome(name)])
    made.print()


def print_verdicts(verdicts: Mapping[str, int]) -> None:
    """What became of the articles, in one line."""
    if verdicts:
        say("articles: " + ", ".join(f"{count} {name}" for name, count in verdicts.items()))


def print_interrupted(state: RunState) -> None:
    """Where a person stopped the run: that nothing is lost."""
    if state is RunState.INTERRUPTED:
        say("interrupted: everything done so far is stored; run the same command again to go on")


def tell_problem(problem: str) -> None:
    """Why the run could not go on, if it could not."""
    if problem:
        tell(("stopped: ", "bold red"), problem)
