"""The sections on runs and jobs of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from storage import running
from storage.sql import frontier, jobs, runs
from storage.sql.connected import Connected
from storage.types import JobMark, Run, RunState


class RunSide(Connected):
    """See `RunStore`."""

    # -- runs ----------------------------------------------------------------------------------------------------

    def start_run(self, run: Run) -> Run:
        """See `RunStore.start_run`."""
        with self._write(alone=False) as connection:
            return runs.start_run(connection, run)

    def adopt_run(self, token: str, *, pid: int, log: str, now: datetime) -> Run:
        """See `RunStore.adopt_run`."""
        with self._write(alone=False) as connection:
            return runs.change(connection, token, partial(running.adopted, pid=pid, log=log, now=now))

    def heartbeat(self, token: str, *, now: datetime, counts: Mapping[str, int], note: str = "") -> None:
        """See `RunStore.heartbeat`."""
        with self._write(alone=False) as connection:
            runs.change(connection, token, partial(running.heard, now=now, counts=counts, note=note))

    def finish_run(
        self, token: str, *, now: datetime, state: RunState, counts: Mapping[str, int], problem: str = ""
    ) -> None:
        """See `RunStore.finish_run`."""
        end = partial(running.finished, now=now, state=state, counts=counts, problem=problem)
        with self._write() as connection:
            runs.change(connection, token, end)
            frontier.release(connection, token, not_before={}, hosts=None)

    def bury_run(self, token: str, *, seen: datetime, now: datetime, not_before: datetime) -> bool:
        """See `RunStore.bury_run`."""
        with self._write() as connection:
            before = runs.locked(connection, token)
            if runs.change(connection, token, partial(running.buried, now=now, seen=seen)) == before:
                return False
            frontier.reclaim(connection, (token,), not_before=not_before, expired_at=now)
            return True

    def settle_run(
        self, token: str, *, now: datetime, state: RunState, exit_status: int | None, problem: str = ""
    ) -> Run:
        """See `RunStore.settle_run`."""
        end = partial(running.settled, now=now, state=state, exit_status=exit_status, problem=problem)
        with self._write() as connection:
            settled = runs.change(connection, token, end)
            frontier.release(connection, token, not_before={}, hosts=None)
            return settled

    def run(self, name: str | int) -> Run:
        """See `RunStore.run`."""
        with self._read() as connection:
            return runs.run(connection, name)

    def runs(self, *, state: RunState | None = None, job: str | None = None, limit: int | None = None) -> list[Run]:
        """See `RunStore.runs`."""
        with self._read() as connection:
            return runs.runs(connection, state=state, job=job, limit=limit)

    def latest_runs(self) -> dict[str, Run]:
        """See `RunStore.latest_runs`."""
        with self._read() as connection:
            return runs.latest_runs(connection)

    def forget_runs(self, *, before: datetime, dry_run: bool = False) -> int:
        """See `RunStore.forget_runs`."""
        with self._write(keep=not dry_run) as connection:
            return runs.forget_runs(connection, before=before)

    # -- jobs ----------------------------------------------------------------------------------------------------

    def job_marks(self) -> dict[str, JobMark]:
        """See `RunStore.job_marks`."""
        with self._read() as connection:
            return {mark.job: mark for mark in jobs.marks(connection)}

    def pause_job(self, job: str, *, now: datetime, who: str, reason: str) -> JobMark:
        """See `RunStore.pause_job`."""
        with self._write() as connection:
            return jobs.change(connection, job, partial(running.paused, now=now, who=who, reason=reason))

    def resume_job(self, job: str) -> JobMark:
        """See `RunStore.resume_job`."""
        with self._write() as connection:
            return jobs.change(connection, job, running.resumed)

    def want_job(self, job: str, *, now: datetime, who: str) -> JobMark:
        """See `RunStore.want_job`."""
        with self._write() as connection:
            return jobs.change(connection, job, partial(running.wanted, now=now, who=who))

    def take_wanted_jobs(self) -> list[JobMark]:
        """See `RunStore.take_wanted_jobs`; asked every second or so, it waits for writers only if there is one."""
        with self._read() as connection:
            if not jobs.marks(connection, wanted_only=True):
                return []
        with self._write() as connection:
            return jobs.take_wanted(connection)

    def forget_job(self, job: str) -> None:
        """See `RunStore.forget_job`."""
        with self._write() as connection:
            jobs.forget(connection, job)
