"""Is there somebody for what the queue holds?"""

from __future__ import annotations

from crawler.errors import ConfigurationError
from crawler.health.checks.findings import Checkup, Finding, State
from crawler.health.workers import problems_of, queues_of, workers_of
from crawler.queueing.reaching import address_of
from storage.errors import StorageError

_CHECK = "workers"


def check_workers(checkup: Checkup) -> Finding:
    """Whether workers are at work where they are counted on, and whether jobs stand still."""
    if checkup.store is None:
        return checkup.without_database(_CHECK)
    wanted = checkup.configuration.flag("workers.use")
    try:
        address_of(checkup.configuration.database_url)
    except ConfigurationError as problem:
        if wanted:
            return Finding(check=_CHECK, state=State.WRONG, summary=f"workers.use is set, but {problem}")
        return Finding(check=_CHECK, summary="none are used: this library works where its commands run")
    try:
        queues = queues_of(checkup.configuration)
    except StorageError as problem:
        return Finding(check=_CHECK, state=State.NOTE, summary=f"nobody can say what is queued: {problem}")
    standing = workers_of(checkup.store, checkup.configuration)
    alive, stalled = sum(one.is_alive for one in standing), sum(one.stalled for one in queues)
    waiting = sum(one.waiting for one in queues)
    summary = f"{alive} at work, {waiting} jobs wait, {stalled} stand still"
    problems = problems_of(standing, queues)
    if wanted and not alive:
        problems.append("workers.use is set: what is due by the clock waits for them")
    if not problems:
        return Finding(check=_CHECK, summary=summary)
    remedy = "`dateline work` starts one; `dateline workers` shows them"
    return Finding(check=_CHECK, state=State.WRONG, summary=summary, remedy=remedy, details=tuple(problems))
