"""The queue as a person looks at it: what waits and runs, per host, and who works.

Why looking makes no tables: a library that never had a worker has an empty queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.configuration import Configuration
from crawler.queueing.jobs import Job
from crawler.queueing.orders import HostOrder, WorkKind
from crawler.queueing.reaching import DEAD_S, connected
from crawler.queueing.tables import has_tables

if TYPE_CHECKING:  # an extra, there where workers are used
    import psycopg

_JOBS = """
    SELECT j.id, j.args, j.priority, j.status::text AS status, p.name,
        (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred') AS put_at,
        j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %(dead_s)s)) AS stalled
    FROM procrastinate_jobs j
        LEFT JOIN procrastinate_workers w ON w.id = j.worker_id LEFT JOIN dateline_places p ON p.worker_id = w.id
    WHERE j.status IN ('todo', 'doing') ORDER BY j.priority DESC, j.id
"""
_WORKERS = """
    SELECT p.name, p.queue, p.places, p.since, w.last_heartbeat AS seen_at,
        w.last_heartbeat >= now() - make_interval(secs => %(dead_s)s) AS alive,
        (SELECT count(*) FROM procrastinate_jobs j WHERE j.worker_id = w.id AND j.status = 'doing') AS running
    FROM procrastinate_workers w JOIN dateline_places p ON p.worker_id = w.id ORDER BY p.name, p.queue
"""
_CLEAR = """
    DELETE FROM procrastinate_jobs WHERE status = 'todo' AND (%(locks)s::text[] IS NULL OR lock = ANY(%(locks)s))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobView:
    """One job.

    Attributes:
        order: what is to be done.
        priority: higher ones come first.
        put_at: since when it waits.
        worker: name of the one that does it; empty while it waits.
        running: whether it is being done.
        stalled: it is being done by a worker that gives no sign of life; another takes it over within seconds.
    """

    order: HostOrder
    priority: int
    put_at: datetime | None
    worker: str = ""
    running: bool = False
    stalled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueView:
    """What the queue holds for one host and one kind of work.

    Attributes:
        host: of the orders.
        kind: likewise.
        waiting: how many jobs wait.
        running: whether one is being done.
        stalled: by a worker that gives no sign of life.
        oldest: since when the one waits that waits longest; ``None`` where none waits.
        priority: the highest.
        by: who ordered, by name; empty where it came from the tables by itself.
        worker: name of the one that is at it.
    """

    host: str
    kind: WorkKind
    waiting: int
    running: bool
    stalled: bool
    oldest: datetime | None
    priority: int
    by: tuple[str, ...]
    worker: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerView:
    """One worker at one queue.

    Attributes:
        name: of the worker.
        queue: that it works off.
        places: how many jobs it does at once.
        running: how many it does now.
        since: when it began.
        seen_at: its last sign of life.
        alive: that was not too long ago.
    """

    name: str
    queue: str
    places: int
    running: int
    since: datetime
    seen_at: datetime
    alive: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueReport:
    """The queue at one moment.

    Attributes:
        jobs: in the order in which they are done.
        workers: by name.
        unreadable: how many jobs a newer dateline put, which this one does not understand.
    """

    jobs: tuple[JobView, ...] = ()
    workers: tuple[WorkerView, ...] = ()
    unreadable: int = 0

    @property
    def hosts(self) -> tuple[QueueView, ...]:
        """The jobs by host and kind, in the order of the first."""
        found: dict[tuple[str, WorkKind], list[JobView]] = {}
        for job in self.jobs:
            found.setdefault((job.order.host, job.order.kind), []).append(job)
        return tuple(_of_host(host, kind, jobs) for (host, kind), jobs in found.items())

    @property
    def alive(self) -> tuple[str, ...]:
        """Names of the workers that give signs of life."""
        return tuple(dict.fromkeys(one.name for one in self.workers if one.alive))


def look(configuration: Configuration) -> QueueReport:
    """The queue of a library as it is now.

    Raises:
        ConfigurationError: the library has no database on PostgreSQL, or the extra is missing.
        StoreUnavailable: the database cannot be reached.
    """
    with connected(configuration.database_url) as connection:
        if not has_tables(connection):
            return QueueReport()
        read = [(_job(row), row) for row in _rows(connection, _JOBS)]
        workers = tuple(_worker(row) for row in _rows(connection, _WORKERS))
    jobs = tuple(job for job, _ in read if job is not None)
    return QueueReport(jobs=jobs, workers=workers, unreadable=len(read) - len(jobs))


def clear(configuration: Configuration, locks: Iterable[str] | None = None) -> int:
    """Remove the jobs that wait; what is being done goes on. Returns how many.

    Args:
        configuration: of the library.
        locks: only those of these `HostOrder.lock`s; ``None``: all.

    Raises:
        ConfigurationError, StoreUnavailable: see `look`.
    """
    with connected(configuration.database_url) as connection:
        if not has_tables(connection):
            return 0
        return connection.execute(_CLEAR, {"locks": None if locks is None else list(locks)}).rowcount


def _rows(connection: psycopg.Connection[Any], query: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - SQL
    from psycopg.rows import dict_row  # noqa: PLC0415 - an extra, there where workers are used

    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, {"dead_s": DEAD_S}).fetchall()


def _job(row: dict[str, Any]) -> JobView | None:
    try:
        order = Job.from_arguments(row["args"]).order
    except (ValueError, TypeError, KeyError):
        return None
    return JobView(
        order=order,
        priority=row["priority"],
        put_at=row["put_at"].astimezone(UTC) if row["put_at"] else None,
        worker=row["name"] or "",
        running=row["status"] == "doing",
        stalled=row["stalled"],
    )


def _worker(row: dict[str, Any]) -> WorkerView:
    moments = {name: row.pop(name).astimezone(UTC) for name in ("since", "seen_at")}
    return WorkerView(**row, **moments)


def _of_host(host: str, kind: WorkKind, jobs: list[JobView]) -> QueueView:
    waiting = [job for job in jobs if not job.running]
    running = next((job for job in jobs if job.running), None)
    return QueueView(
        host=host,
        kind=kind,
        waiting=len(waiting),
        running=running is not None,
        stalled=any(job.stalled for job in jobs),
        oldest=min((job.put_at for job in waiting if job.put_at), default=None),
        priority=max(job.priority for job in jobs),
        by=tuple(sorted({job.order.by for job in jobs if job.order.by})),
        worker=running.worker if running else "",
    )
