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
    Listing,
    count_of,
    err,
    jsonable,
    opened,
    print_json,
    progress_bar,
    require_host,
    say,
    settings_of,
    tell,
)
from crawler.cli.host_conditions import HINDERED, Condition, counted, view_of
from crawler.cli.linking import LinkedAfter, link_after, print_linked
from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from crawler.lead_images import as_configured, require_decoder
from crawler.naming import select
from crawler.planning import backfill_rules, plan
from storage.protocol import Store
from storage.types import OUTCOME_MEANINGS, BackfillRequest, Outcome, RunState, Selection, utc_now

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.archiving import Stored
    from crawler.crawling import CrawlReport

_SHOWN = 50
_COUNTED = 100_000
_WIDTH = 48
_BUSY = "their hosts were busy until now"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

LogLevelOption = Annotated[str, typer.Option(help="Lines on standard error: DEBUG, INFO, WARNING.")]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Ask private and special addresses too; only for a web of your own.")
]


def crawl(
    *,
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    outcome: Annotated[str, typer.Option(help="Only documents whose latest attempt ended so.")] = "",
    allow_private: AllowPrivateOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Fetch every source that is due, extract and store its article. Stop with Ctrl-C, go on by running it again."""
    settings = settings_of(library, given_settings(allow_private=allow_private))
    arguments = {"host": host, "outcome": outcome}
    if dry_run:
        return show_plan(library, arguments, as_json=as_json)
    report = crawl_with_progress(settings, "dateline crawl" + _typed(arguments), arguments, log_level)
    wanted = 0 if report.problem else _queued(settings)
    linked = link_after(settings, report.state)
    return report_crawl(report, linked, as_json=as_json, left=_left(settings, arguments), wanted=wanted)


def given_settings(*, allow_private: bool) -> dict[str, bool]:
    """The settings that options name."""
    return {"crawl.allow_private": True} if allow_private else {}


def _left(settings: Configuration, arguments: Mapping[str, str]) -> tuple[int, str]:
    """How many documents are still due after a crawl, and which conditions of their hosts are the reason."""
    now = utc_now()
    with opened(settings.library) as found:
        left = list(islice(found.store.due(selected(settings, found.store, arguments), now=now), _COUNTED))
        names = {document.host for document in left}
        views = [view_of(host, settings, now) for host in found.store.hosts(now=now) if host.name in names]
    return len(left), counted(views, {*HINDERED, Condition.HELD})


def _queued(settings: Configuration) -> int:
    """Queue for archives what the live web does not give; returns how many documents are wanted from them now."""
    now = utc_now()
    with opened(settings.library) as found:
        found.store.queue_backfills(backfill_rules(), now=now)
        return found.store.count_backfills(BackfillRequest(token="", now=now, until=now, limit=1))


def _due(store: Store, selection: Selection) -> int:
    return sum(1 for _ in islice(store.due(selection, now=utc_now()), _COUNTED))


def crawl_with_progress(
    settings: Configuration, command: str, arguments: Mapping[str, str], log_level: str = ""
) -> CrawlReport:
    """Check what was asked for, then crawl with a bar on a terminal or a line per attempt elsewhere."""
    level = known_level(log_level) or ("WARNING" if err.is_terminal else "INFO")
    require_decoder(settings)
    with opened(settings.library) as found:
        total = _due(found.store, selected(settings, found.store, arguments))
    from crawler.browser import missing_reason  # noqa: PLC0415 - no other command needs it
    from crawler.crawling import crawl as run_crawl  # noqa: PLC0415 - see above

    if settings.flag("crawl.browser") and (reason := missing_reason(settings)):
        tell(("no browser: ", "yellow"), f"{reason}; pages that need JavaScript stay as they came")
    given = {name: value for name, value in arguments.items() if value}
    with progress_bar() as bar:
        task = bar.add_task("crawling", total=total if total < _COUNTED else None)

        def advance(stored: Stored) -> None:
            text = f"{stored.understood.outcome} {stored.understood.item.task.document.host}"
            bar.update(task, advance=1, description=text[:_WIDTH].ljust(_WIDTH))

        return run_crawl(settings, command=command, arguments=given, log_level=level, progress=advance)


def report_crawl(
    report: CrawlReport,
    linked: LinkedAfter | None,
    *,
    as_json: bool,
    left: tuple[int, str] = (0, ""),
    wanted: int = 0,
) -> int:
    """Print what a crawl did, how many documents are still due and why; returns the exit status.

    Args:
        report: of the crawl.
        linked: what linking did after it.
        as_json: for scripts.
        left: how many documents are still due, and which conditions of their hosts are the reason.
        wanted: how many documents are wanted from archives.
    """
    number, because = left
    status = {RunState.FINISHED: OK, RunState.INTERRUPTED: INTERRUPTED}.get(report.state, INCOMPLETE)
    status = status or (linked.status if linked else OK)
    if as_json:
        counts = {"left": number, "left_because": because, "wanted": wanted, "linking": linked}
        print_json({**jsonable(report), **counts})
        return status
    print_outcomes(report.outcomes)
    if report.verdicts:
        say("articles: " + ", ".join(f"{count} {name}" for name, count in report.verdicts.items()))
    print_linked(linked)
    if report.state is RunState.INTERRUPTED:
        say("interrupted: everything done so far is stored; run the same command again to go on")
    if number and report.state is RunState.FINISHED:
        say(
            f"{count_of(number, 'document')} still due: " + (f"{because} (`dateline hosts list`)" if because else _BUSY)
        )
        say("run the same command later")
    if wanted:
        verb = "is" if wanted == 1 else "are"
        say(f"{count_of(wanted, 'document')} {verb} wanted from web archives: `dateline backfill`")
    if report.problem:
        tell(("stopped: ", "bold red"), report.problem)
    return status


def print_outcomes(outcomes: Mapping[str, int]) -> None:
    """A table of outcomes with what each means."""
    if not outcomes:
        say("nothing was due")
        return
    made = Listing("outcome", "count#", "meaning")
    for name, count in Counter(outcomes).most_common():
        made.add(name, count, OUTCOME_MEANINGS[Outcome(name)])
    made.print()


def show_plan(library: Path | None, arguments: Mapping[str, str], *, as_json: bool) -> int:
    """Print which documents would be fetched, and why."""
    with opened(library) as found:
        selection = selected(found.configuration, found.store, arguments)
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
    for row in rows:
        say((f"{row['reason']:<11} ", "dim"), row["url"])
    say(f"{count_of(count, 'document')} would be fetched" + (f"; the first {_SHOWN} are shown" * (count > _SHOWN)))
    return OK


def selected(settings: Configuration, store: Store, arguments: Mapping[str, str]) -> Selection:
    """The selection that the spider will make of these arguments; refuses a host that nothing is on."""
    require_host(store, arguments.get("host", ""))
    given = {name: arguments.get(name, "") for name in ("event", "host", "outcome", "role")}
    return as_configured(settings, store, select(store, **given))


def known_level(given: str) -> str:
    """The log level as it is written, empty for none; refuses one that does not exist."""
    level = given.upper()
    if level and level not in _LEVELS:
        raise ConfigurationError(f"there is no log level {given!r}; the levels are {', '.join(_LEVELS)}")
    return level


def _typed(arguments: Mapping[str, str]) -> str:
    return "".join(f" --{name} {value}" for name, value in arguments.items() if value)
