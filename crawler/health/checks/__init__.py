"""What ``dateline doctor`` looks at, in the order in which it says it.

A new check is one function from `Checkup` to `Finding` and one line in `CHECKS`.

Why what could not be asked is no fault: an archive that is away, a library without network and a database that is too
large to be read in ten seconds are no reason for an exit status that wakes somebody.
"""

from __future__ import annotations

from collections.abc import Callable

from crawler.health.checks.archives import check_archives
from crawler.health.checks.captures import check_captures
from crawler.health.checks.clock import check_clock
from crawler.health.checks.database import check_database, check_migrations
from crawler.health.checks.disk import check_disk
from crawler.health.checks.findings import Checkup, Finding, State, worst
from crawler.health.checks.publisher_rules import check_rules
from crawler.health.checks.settings import check_configuration, check_contact
from crawler.health.checks.workers import check_workers
from crawler.health.checks.working import check_alerts, check_runs, check_scheduler
from storage.errors import StorageError

CHECKS: tuple[Callable[[Checkup], Finding], ...] = (
    check_configuration,
    check_contact,
    check_database,
    check_migrations,
    check_disk,
    check_captures,
    check_archives,
    check_clock,
    check_scheduler,
    check_runs,
    check_workers,
    check_alerts,
    check_rules,
)
"""Every check, in the order in which they are shown."""


def looked(check: Callable[[Checkup], Finding], checkup: Checkup) -> Finding:
    """What a check finds; a database that fails meanwhile is a finding too."""
    try:
        return check(checkup)
    except StorageError as problem:
        name = check.__name__.removeprefix("check_").replace("rules", "publisher rules")
        remedy = "see what the check of the database says"
        return Finding(check=name, state=State.WRONG, summary=f"it cannot be looked at: {problem}", remedy=remedy)


__all__ = ["CHECKS", "Checkup", "Finding", "State", "looked", "worst"]
