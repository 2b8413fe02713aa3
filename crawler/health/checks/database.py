"""Can the database be used, is it whole, does it stand at this program's migration?"""

from __future__ import annotations

from typing import Final

from crawler.health.checks.findings import Checkup, Finding, State
from storage.checkup import damage
from storage.errors import StorageError

LONGEST_S: Final = 10.0
"""Seconds for which a file is looked through."""


def check_database(checkup: Checkup) -> Finding:
    """Whether it answers, and whether its file is whole."""
    url, origin = checkup.configuration.database_url, checkup.configuration.database_origin
    if checkup.library is None and not checkup.outdated:
        return Finding(
            check="database",
            state=State.WRONG,
            summary=f"{checkup.problem} ({origin})",
            remedy="see that its server runs, or correct storage.database",
        )
    try:
        found = damage(url, within_s=LONGEST_S)
    except StorageError as problem:
        return Finding(check="database", state=State.WRONG, summary=str(problem), remedy=_RESTORE)
    if found is None:
        summary = f"it answers; looking through the whole file would take longer than {LONGEST_S:g} s"
        remedy = "`dateline db check` takes its time"
        return Finding(check="database", state=State.NOTE, summary=f"{summary} ({origin})", remedy=remedy)
    if found:
        summary = f"the file is damaged ({origin})"
        return Finding(check="database", state=State.WRONG, summary=summary, remedy=_RESTORE, details=tuple(found))
    return Finding(check="database", summary=f"it answers and is whole ({origin})")


_RESTORE = "stop all runs, keep a copy of the file, and restore a backup with `dateline restore`"


def check_migrations(checkup: Checkup) -> Finding:
    """Whether the schema is the one that this program needs."""
    if checkup.outdated:
        # The sentence names the remedy itself.
        what, _, remedy = checkup.problem.partition(": ")
        return Finding(check="migrations", state=State.WRONG, summary=what, remedy=remedy)
    if checkup.library is None:
        return checkup.without_database("migrations")
    try:
        newer, _, remedy = checkup.library.store.require_compatible().partition(": ")
    except StorageError as problem:
        return Finding(check="migrations", state=State.WRONG, summary=str(problem))
    if newer:
        return Finding(check="migrations", state=State.NOTE, summary=newer, remedy=remedy)
    return Finding(check="migrations", summary="the schema is the one that this program needs")
