"""``dateline crawl``: fetch whatever is due."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.console import (
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    count_of,
    jsonable,
    opened,
    print_json,
    require_host,
    say,
    settings_of,
    tell,
)
from crawler.cli.fetching import (
    AllowPrivateOption,
    LogLevelOption,
    attempts_bar,
    count_due,
    given_settings,
    log_level_of,
    print_interrupted,
    print_outcomes,
    print_verdicts,
    status_of,
    tell_problem,
)
from crawler.cli.linking import LinkedAfter, link_after, print_linked
from crawler.cli.ordering import Ordered, QueueOption, orders_of, put_in_queue
from crawler.configuration import Configuration
from crawler.host_conditions import HINDERED, Condition, counted, view_of
from crawler.lead_images import as_configured, require_decoder
from crawler.library import Library
from crawler.naming import select
from crawler.planning import backfill_rules, plan
from crawler.queueing.orders import HostOrder
from storage.errors import SchemaMismatch
from storage.protocol import Store
from storage.types import BackfillRequest, RunState, Selection, utc_now
from storage.wanting import MOST_COUNTED

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.crawling import CrawlReport

_SHOWN = 50
_BUSY = "their hosts were busy until now"


def crawl(  # noqa: PLR0913 - one argument per option
    *,
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    outcome: Annotated[str, typer.Option(help="Only documents whose latest attempt ended so.")] = "",
    allow_private: AllowPrivateOption = False,
    queue: QueueOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Fetch every source that is due, extract and store its article. Stop with Ctrl-C, go on by running it again."""
    settings = settings_of(library, given_settings(allow_private=allow_private))
    arguments = {"host": host, "outcome": outcome}
    if dry_run:
        return show_plan(library, arguments, as_json=as_json)
    if queue:
        typed = "dateline crawl" + _typed(arguments)
        return put_in_queue(settings, typed, lambda found: _due_now(found, arguments), as_json=as_json)
    report = crawl_with_progress(settings, "dateline crawl" + _typed(arguments), arguments, log_level)
    wanted = 0 if report.problem else _queued(settings)
    linked = link_after(settings, report.state)
    try:
        left = _left(settings, arguments)
    except SchemaMismatch:  # the crawl ended because of it, and said so
        left = (0, "")
    return report_crawl(report, linked, as_json=as_json, left=left, wanted=wanted)


def _due_now(found: Library, arguments: Mapping[str, str]) -> Ordered:
    """What is due, for workers."""
    wanted = selected(found.configuration, found.store, arguments)
    hosts = found.store.due_hosts(wanted, now=utc_now())
    order = HostOrder(host="", outcome=str(wanted.outcome or ""))
    return Ordered(orders=orders_of(hosts, order), documents=sum(hosts.values()), named=any(arguments.values()))


def _left(settings: Configuration, arguments: Mapping[str, str]) -> tuple[int, str]:
    """How many documents are still due after a crawl, and which conditions of their hosts are the reason."""
    now = utc_now()
    with opened(settings.library) as found:
        left = list(islice(found.store.due(selected(settings, found.store, arguments), now=now), MOST_COUNTED))
        names = {document.host for document in left}
        views = [view_of(host, settings, now) for host in found.store.hosts(now=now) if host.name in names]
    return len(left), counted(views, {*HINDERED, Condition.HELD})


def _queued(settings: Configuration) -> int:
    """Queue for archives what the live web does not give; returns how many documents are wanted from them now."""
    now = utc_now()
    with opened(settings.library) as found:
        found.store.queue_backfills(backfill_rules(), now=now)
        return found.store.count_backfills(BackfillRequest(token="", now=now, until=now, limit=1))


def crawl_with_progress(
    settings: Configuration, command: str, arguments: Mapping[str, str], log_level: str = ""
) -> CrawlReport:
    """Check what was asked for, then crawl with a bar on a terminal or a line per attempt elsewhere."""
    level = log_level_of(log_level)
    require_decoder(settings)
    with opened(settings.library) as found:
        total = count_due(found.store, selected(settings, found.store, arguments))
    from crawler.browser import missing_reason  # noqa: PLC0415 - no other command needs it
    from crawler.crawling import crawl as run_crawl  # noqa: PLC0415 - see above

    if settings.flag("crawl.browser") and (reason := missing_reason(settings)):
        tell(("no browser: ", "yellow"), f"{reason}; pages that need JavaScript stay as they came")
    given = {name: value for name, value in arguments.items() if value}
    with attempts_bar("crawling", total) as advance:
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
    status = status_of(report.state) or (linked.status if linked else OK)
    if as_json:
        counts = {"left": number, "left_because": because, "wanted": wanted, "linking": linked}
        print_json({**jsonable(report), **counts})
        return status
    print_outcomes(report.outcomes)
    print_verdicts(report.verdicts)
    print_linked(linked)
    print_interrupted(report.state)
    if number and report.state is RunState.FINISHED:
        say(
            f"{count_of(number, 'document')} still due: " + (f"{because} (`dateline hosts list`)" if because else _BUSY)
        )
        say("run the same command later")
    if wanted:
        verb = "is" if wanted == 1 else "are"
        say(f"{count_of(wanted, 'document')} {verb} wanted from web archives: `dateline backfill`")
    tell_problem(report.problem)
    return status


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


def _typed(arguments: Mapping[str, str]) -> str:
    return "".join(f" --{name} {value}" for name, value in arguments.items() if value)
