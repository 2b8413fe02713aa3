"""APScheduler's jobs in the library's database, looked up in memory.

Why a mirror in memory: APScheduler asks its job store in the event loop. A database that is away for a minute would
hold everything up for that minute, and an error of it in the wrong moment ends APScheduler's timer for good: no job
would ever start again. There is one scheduler at a time (`crawler.scheduling.daemon`), so nobody else changes the rows
and memory cannot be wrong. Rejected: calling the database in the loop with short time limits, which still stalls the
loop and still kills the timer.

Why a start is written down after it was made: a scheduler that is killed between the two leaves the old time behind,
and the next one makes the start up unless the rows of the runs show it was made (`crawler.scheduling.timetable`). The
other order loses starts.
"""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Collection
from typing import Any

from apscheduler.jobstores.base import BaseJobStore
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.util import datetime_to_utc_timestamp

log = logging.getLogger(__name__)

_Row = dict[str, Any]


class MirroredJobStore(SQLAlchemyJobStore):  # type: ignore[misc] # APScheduler has no types
    """`SQLAlchemyJobStore` that reads once (`load`) and writes when told to (`flush`); both are blocking."""

    def __init__(self, engine: Any) -> None:  # noqa: ANN401 - SQLAlchemy's, which only storage knows
        super().__init__(engine=engine)
        self._mirror = MemoryJobStore()
        self._unwritten: dict[str, _Row | None] = {}
        self._gate = threading.Lock()

    # -- the database --------------------------------------------------------------------------------------------

    def load(self, scheduler: Any) -> None:  # noqa: ANN401 - APScheduler's, untyped
        """Make the table where it is missing and read every job of it. Raises SQLAlchemy's errors."""
        BaseJobStore.start(self, scheduler, "default")
        self.jobs_t.create(self.engine, True)  # noqa: FBT003 - its own parameter
        for job in super()._get_jobs():
            self._mirror.add_job(job)

    def flush(self, *, held: Collection[str] = ()) -> None:
        """Write what changed, except for the jobs in ``held``. Raises SQLAlchemy's errors; what is left stays left."""
        with self._gate:
            batch = {name: row for name, row in self._unwritten.items() if name not in held}
        for name, row in batch.items():
            with self.engine.begin() as connection:
                connection.execute(self.jobs_t.delete().where(self.jobs_t.c.id == name))
                if row is not None:
                    connection.execute(self.jobs_t.insert().values(**row))
            with self._gate:
                if self._unwritten.get(name, ...) is row:
                    del self._unwritten[name]

    @property
    def unwritten(self) -> frozenset[str]:
        """Jobs whose row in the database is not yet what it should be."""
        with self._gate:
            return frozenset(self._unwritten)

    # -- what APScheduler calls ----------------------------------------------------------------------------------

    def start(self, scheduler: Any, alias: str) -> None:  # noqa: ANN401 - as above
        """Everything was loaded before."""
        BaseJobStore.start(self, scheduler, alias)

    def lookup_job(self, job_id: str) -> Any:  # noqa: ANN401 - as above
        """From memory."""
        return self._mirror.lookup_job(job_id)

    def get_due_jobs(self, now: Any) -> list[Any]:  # noqa: ANN401 - as above
        """From memory."""
        return list(self._mirror.get_due_jobs(now))

    def get_next_run_time(self) -> Any:  # noqa: ANN401 - as above
        """From memory."""
        return self._mirror.get_next_run_time()

    def get_all_jobs(self) -> list[Any]:
        """From memory."""
        return list(self._mirror.get_all_jobs())

    def add_job(self, job: Any) -> None:  # noqa: ANN401 - as above
        """In memory; in the database with the next `flush`."""
        self._mirror.add_job(job)
        self._change(job.id, self._row(job))

    def update_job(self, job: Any) -> None:  # noqa: ANN401 - as above
        """Likewise."""
        self._mirror.update_job(job)
        self._change(job.id, self._row(job))

    def remove_job(self, job_id: str) -> None:
        """Likewise."""
        self._mirror.remove_job(job_id)
        self._change(job_id, None)

    def remove_all_jobs(self) -> None:
        """Likewise."""
        for job in self.get_all_jobs():
            self.remove_job(job.id)

    def shutdown(self) -> None:
        """The engine is closed by who made it, in its thread."""

    def _change(self, name: str, row: _Row | None) -> None:
        with self._gate:
            self._unwritten[name] = row

    def _row(self, job: Any) -> _Row:  # noqa: ANN401 - as above
        return {
            "id": job.id,
            "next_run_time": datetime_to_utc_timestamp(job.next_run_time),
            "job_state": pickle.dumps(job.__getstate__(), self.pickle_protocol),
        }
