"""With ``workers.use`` a scheduled crawl, backfill or re-fetch only says what is wanted; workers do it.

Why by an option of the same commands: the schedule, its rows and its log stay what they are, and a job that is tried
by hand does what the clock has it do.

Why a configuration without a queue is refused and not ignored: a machine that was only to schedule would crawl.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.configuration import Configuration, Job
from crawler.queueing.reaching import address_of

SETTING = "workers.use"
QUEUED = frozenset({"crawl", "backfill", "refetch"})
"""Commands whose work is left to workers."""

_OPTION = "--queue"
_DONE_HERE = frozenset({"--save", "--dry-run"})


def require_queue(configuration: Configuration) -> None:
    """Refuse settings that want workers where there can be none.

    Raises:
        ConfigurationError: the library has no database on PostgreSQL, or the extra is missing.
    """
    if configuration.flag(SETTING):
        address_of(configuration.database_url)


def as_queued(configuration: Configuration, job: Job) -> Job:
    """The job as it is started: with ``--queue`` where workers are used and its command knows it."""
    words = job.command
    wanted = configuration.flag(SETTING) and words and words[0] in QUEUED
    if not wanted or _OPTION in words or _DONE_HERE.intersection(words):
        return job
    return replace(job, command=(*words, _OPTION))
