"""``dateline alerts``: what a person should look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer

from crawler.cli.console import INCOMPLETE, OK, JsonOption, LibraryOption, Listing, opened, print_json, say
from crawler.configuration import Configuration, Job
from crawler.host_conditions import moment
from crawler.library import Library
from storage.types import ALERT_MEANINGS, Alert, utc_now

_LIMIT = 200


def alerts(
    *,
    library: LibraryOption = None,
    every: Annotated[bool, typer.Option("--all", help="Show those that are over, too.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Look now, as the scheduler does each minute.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many, the latest first.")] = _LIMIT,
    as_json: JsonOption = False,
) -> int:
    """Show what a person should look at: silent hosts, sudden drops, jobs that failed, are late or bring too little.

    Ends with status 1 where some stand.
    """
    now = utc_now()
    with opened(library) as found:
        if check:
            _look(found, now)
        standing = found.store.alerts()
        shown = found.store.alerts(open_only=not every, limit=limit)
    if as_json:
        print_json({"standing": len(standing), "checked": check, "alerts": shown})
    elif not shown:
        say("no alert stands" if not every else "there was never an alert")
    else:
        _print(shown, now)
        if len(standing) > len(shown):
            say(f"{len(standing)} stand in all: --limit shows more")
    return INCOMPLETE if standing else OK


def _look(library: Library, now: datetime) -> None:
    from crawler.health.watching import Watcher  # noqa: PLC0415 - only who looks needs the rules

    Watcher(next_start=_next_start(library.configuration)).look(library.store, library.configuration, now=now)


def _next_start(configuration: Configuration) -> Callable[[Job, datetime], datetime | None]:
    from crawler.scheduling.jobs import trigger_of  # noqa: PLC0415 - APScheduler is only for those who ask when

    salt = configuration.text("crawl.contact")
    return lambda job, after: trigger_of(job, salt).after(after)


def _print(shown: list[Alert], now: datetime) -> None:
    listing = Listing("since", "until", "what", "text…")
    for one in shown:
        over = moment(one.closed_at, now) if one.closed_at else "stands"
        listing.add(moment(one.opened_at, now), over, one.kind, one.text)
    listing.print()
    for kind in sorted({one.kind for one in shown}):
        say((kind, "bold"), f": {ALERT_MEANINGS[kind]}")
