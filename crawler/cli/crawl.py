"""``dateline crawl``: fetch whatever is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.console import (
    INCOMPLETE,
    INTERRUPTED,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    err,
    opened,
    out,
    plain,
    print_json,
    progress_bar,
    settings_of,
    table,
)
from crawler.configuration import Configuration
from crawler.naming import select
from crawler.planning import plan
from storage.protocol import Store
from storage.types import OUTCOME_MEANINGS, Outcome, RunState, Selection, utc_now

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.archiving import Stored
    from crawler.crawling import CrawlReport

_SHOWN = 50
_COUNTED = 100_000


def crawl(
    *,
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    outcome: Annotated[str, typer.Option(help="Only documents whose latest attempt ended so.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: Annotated[str, typer.Option(help="Lines on standard error: DEBUG, INFO, WARNING.")] = "",
) -> int:
    """Fetch every source that is due, extract and store its article. Stop with Ctrl-C, go on by running it again."""
    settings = settings_of(library)
    arguments = {"host": host, "outcome": outcome}
    if dry_run:
        return show_plan(library, arguments, as_json=as_json)
    report = crawl_with_progress(settings, "dateline crawl" + _typed(arguments), arguments, log_level)
    return tell(report, as_json=as_json)


def crawl_with_progress(
    settings: Configuration, command: str, arguments: Mapping[str, str], log_level: str = ""
) -> CrawlReport:
    """Check what was asked for, then crawl with a bar on a terminal or a line per attempt elsewhere."""
    from crawler.crawling import crawl as run_crawl  # noqa: PLC0415 - see above

    with opened(settings.library) as found:
        selection = selected(found.store, arguments)
        total = sum(1 for _ in islice(found.store.due(selection, now=utc_now()), _COUNTED))
    given = {name: value for name, value in arguments.items() if value}
    with progress_bar() as bar:
        task = bar.add_task("crawling", total=total if total < _COUNTED else None)

        def advance(stored: Stored) -> None:
            url = plain(stored.understood.item.task.document.host)
            bar.update(task, advance=1, description=f"{stored.understood.outcome} {url}"[:48].ljust(48))

        level = log_level.upper() or ("WARNING" if err.is_terminal else "INFO")
        return run_crawl(settings, command=command, arguments=given, log_level=level, progress=advance)


def tell(report: CrawlReport, *, as_json: bool) -> int:
    """Print what a crawl did; returns the exit status."""
    status = {RunState.FINISHED: OK, RunState.INTERRUPTED: INTERRUPTED}.get(report.state, INCOMPLETE)
    if as_json:
        print_json(report)
        return status
    print_outcomes(report.outcomes)
    if report.verdicts:
        out.print("articles: " + ", ".join(f"{count} {name}" for name, count in report.verdicts.items()))
    if report.state is RunState.INTERRUPTED:
        out.print("interrupted: everything done so far is stored; run the same command again to go on")
    if report.problem:
        err.print(f"[bold red]stopped:[/] {report.problem}", highlight=False)
    return status


def print_outcomes(outcomes: Mapping[str, int]) -> None:
    """A table of outcomes with what each means."""
    if not outcomes:
        out.print("nothing was due")
        return
    made = table("outcome", "count#", "meaning")
    for name, count in Counter(outcomes).most_common():
        made.add_row(name, str(count), OUTCOME_MEANINGS[Outcome(name)])
    out.print(made)


def show_plan(library: Path | None, arguments: Mapping[str, str], *, as_json: bool) -> int:
    """Print which documents would be fetched, and why."""
    with opened(library) as found:
        selection = selected(found.store, arguments)
        planned = plan(found.store.due(selection, now=utc_now()), selection)
        rows: list[dict[str, Any]] = []
        count = 0
        for one in planned:
            count += 1
            if as_json or count <= _SHOWN:
                rows.append({"reason": str(one.reason), "host": one.document.host, "url": one.document.request_url})
    if as_json:
        print_json({"documents": count, "plan": rows})
        return OK
    made = table("reason", "url")
    for row in rows:
        made.add_row(row["reason"], plain(row["url"]))
    out.print(made)
    out.print(f"{count} documents would be fetched" + (f"; the first {_SHOWN} are shown" if count > _SHOWN else ""))
    return OK


def selected(store: Store, arguments: Mapping[str, str]) -> Selection:
    """The selection that the spider will make of these arguments."""
    return select(
        store,
        event=arguments.get("event", ""),
        host=arguments.get("host", ""),
        outcome=arguments.get("outcome", ""),
    )


def _typed(arguments: Mapping[str, str]) -> str:
    return "".join(f" --{name} {value}" for name, value in arguments.items() if value)
