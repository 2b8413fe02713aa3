"""``dateline doctor``: what is wrong, or has gone wrong without anybody saying so, and what to do about it.

The checks are in `crawler.health.checks`; what they judge by stands there.

Why a database that cannot be used is a finding and not an error: the person asks what is wrong. All that can be looked
at without it is. Only where there is no library at all, or its settings cannot be read, nothing can be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    print_json,
    say,
    settings_of,
)
from crawler.configuration import Configuration
from crawler.library import Library, open_library
from storage.errors import LibraryError, SchemaMismatch, StorageError
from storage.types import utc_now

if TYPE_CHECKING:  # every command would load the checks
    from crawler.health.checks import Finding

_DAYS = 90
_STYLES = {"ok": "green", "note": "yellow", "wrong": "bold red"}


def doctor(
    *,
    library: LibraryOption = None,
    days: Annotated[
        int, typer.Option(min=1, max=36_500, help="Look at pages that were captured within so many days.")
    ] = _DAYS,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody over the network but the database.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Say what is wrong and what to do: settings, database, disk, captures, archives, clock, scheduler, runs, rules.

    Ends with status 1 where something has to be mended; what is only worth knowing is a note.
    """
    from crawler.health.checks import CHECKS, Checkup, looked  # noqa: PLC0415 - as above

    now = utc_now()
    configuration = settings_of(library)
    with _looked_at(configuration) as (found, problem):
        checkup = Checkup(
            configuration=configuration,
            now=now,
            since=now - timedelta(days=days),
            library=found,
            problem=str(problem or ""),
            outdated=isinstance(problem, SchemaMismatch),
            offline=offline,
        )
        findings = [looked(check, checkup) for check in CHECKS]
    healthy = all(finding.healthy for finding in findings)
    if as_json:
        print_json({"days": days, "offline": offline, "healthy": healthy, "checks": [_plain(one) for one in findings]})
    else:
        for finding in findings:
            _print(finding, days)
    return OK if healthy else INCOMPLETE


@contextmanager
def _looked_at(configuration: Configuration) -> Iterator[tuple[Library | None, StorageError | None]]:
    """The library, or why its database cannot be used.

    Raises:
        LibraryError: there is no library.
    """
    with ExitStack() as stack:
        found: Library | None = None
        trouble: StorageError | None = None
        try:
            found = stack.enter_context(open_library(configuration))
        except SchemaMismatch as problem:
            trouble = problem
        except LibraryError:
            raise
        except StorageError as problem:
            trouble = problem
        yield found, trouble


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "healthy": finding.healthy,
        "state": finding.state,
        "summary": finding.summary,
        "remedy": finding.remedy,
        "details": finding.details,
        "rules": finding.rules,
    }


def _print(finding: Finding, days: int) -> None:
    window = f", captures of {count_of(days, 'day')}" if finding.rules else ""
    state = (f"{finding.state:<6}", _STYLES[finding.state])
    say(state, (finding.check, "bold"), f"{window}: ", finding.summary)
    for line in finding.details:
        say("        ", line)
    if finding.remedy:
        say("      → ", finding.remedy)
    if not finding.rules:
        return
    listing = Listing("rule", "found#", "missed#", "state…")
    for report in finding.rules:
        listing.add(report.what, report.matched, report.missed, report.words)
    listing.print()
