"""``dateline discover``: poll feeds and fetch the articles that they name."""

from __future__ import annotations

from collections.abc import Sequence
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
    say,
    settings_of,
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
from crawler.configuration import Configuration
from crawler.lead_images import require_decoder
from crawler.runs import as_typed
from crawler.wanted_feeds import FOUND, put_wanted
from storage.protocol import Store
from storage.types import DocumentRole, Feed, Selection, utc_now
from storage.wanting import MOST_COUNTED

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.crawling import CrawlReport

_FEEDS = Selection(role=DocumentRole.FEED)
_SHOWN = 50


def discover(
    *,
    library: LibraryOption = None,
    feeds_only: Annotated[
        bool, typer.Option("--feeds-only", help="Poll feeds; leave the articles that they name to a later run.")
    ] = False,
    allow_private: AllowPrivateOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Poll the feeds that are due, and fetch the articles that they name. Off while no feed is configured or added."""
    settings = settings_of(library, given_settings(allow_private=allow_private))
    if dry_run:
        return _show_plan(library, settings, as_json=as_json)
    level = log_level_of(log_level)
    require_decoder(settings)
    with opened(settings.library) as found:
        put_wanted(found.store, settings, dry_run=True)  # refuses what is wrong; the run itself puts them
        before = _named(found.store)
    report = _run(settings, feeds_only=feeds_only, level=level)
    with opened(settings.library) as found:
        new = _named(found.store) - before
        left = 0 if feeds_only or report.problem else count_due(found.store, FOUND)
    linked = link_after(settings, report.state)
    return _print_report(report, linked, new=new, left=left, as_json=as_json)


def _run(settings: Configuration, *, feeds_only: bool, level: str) -> CrawlReport:
    """Discover with a bar on a terminal or a line per attempt elsewhere."""
    from crawler.crawling import discover as run_discovery  # noqa: PLC0415 - see above

    command = as_typed("dateline discover", feeds_only=feeds_only)
    arguments = {"feeds_only": "1"} if feeds_only else {}
    with attempts_bar("polling") as advance:
        return run_discovery(settings, command=command, arguments=arguments, log_level=level, progress=advance)


def _named(store: Store) -> int:
    """How many documents feeds named first, so far."""
    return sum(store.discovery_status().found.values())


def _print_report(report: CrawlReport, linked: LinkedAfter | None, *, new: int, left: int, as_json: bool) -> int:
    """Print what a discovery did, and what it left; returns the exit status."""
    status = status_of(report.state) or (linked.status if linked else OK)
    if as_json:
        print_json({**jsonable(report), "found": new, "left": left, "linking": linked})
        return status
    print_outcomes(report.outcomes)
    say(f"{count_of(new, 'new article')} found")
    print_verdicts(report.verdicts)
    print_linked(linked)
    print_interrupted(report.state)
    if left:
        say(f"{count_of(left, 'found article')} still due: `dateline discover` goes on, `dateline crawl` fetches all")
    tell_problem(report.problem)
    return status


def _show_plan(library: Path | None, settings: Configuration, *, as_json: bool) -> int:
    """Print which feeds would be polled, and how many found articles are due."""
    with opened(library) as found:
        new = put_wanted(found.store, settings, dry_run=True)
        due = list(islice(found.store.due(_FEEDS, now=utc_now()), MOST_COUNTED))
        waiting = count_due(found.store, FOUND)
        feeds = list(found.store.feeds())
    rows: list[dict[str, Any]] = [{"host": one.host, "url": one.request_url} for one in due]
    if as_json:
        print_json({"feeds": len(rows), "new": new, "articles": waiting, "plan": rows})
        return OK
    for row in rows[:_SHOWN]:
        say(row["url"])
    more = f"; the first {_SHOWN} are shown" if len(rows) > _SHOWN else ""
    added = f", and {new} that {_is(new)} new in dateline.toml" if new else ""
    say(f"{count_of(len(rows), 'feed')} would be polled{more}{added}{_not_due(feeds) if not rows and not new else ''}")
    say(f"{count_of(waiting, 'article')} that feeds named {_is(waiting)} due")
    return OK


def _not_due(feeds: Sequence[Feed]) -> str:
    """Why nothing would be polled."""
    off = sum(not feed.enabled for feed in feeds)
    turns = [feed.document.next_fetch_at for feed in feeds if feed.enabled and feed.document.next_fetch_at]
    first = f", the first is due at {min(turns):%Y-%m-%d %H:%M}Z" if turns else ""
    return first + (f", {off} {_is(off)} switched off" if off else "")


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
