"""The sections on runs and jobs of the store in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from storage import running
from storage.memory import frontier, runs
from storage.memory.library import Library
from storage.types import JobMark, Run, RunState


class RunSide:
    """See `RunStore`."""

    _library: Library

    # -- runs ----------------------------------------------------------------------------------------------------

    def start_run(self, run: Run) -> Run:
        """See `RunStore.start_run`."""
        return runs.start_run(self._library, run)

    def adopt_run(self, token: str, *, pid: int, log: str, now: datetime) -> Run:
        """See `RunStore.adopt_run`."""
        return runs.change(self._library, token, partial(running.adopted, pid=pid, log=log, now=now))

    def heartbeat(self, token: str, *, now: datetime, counts: Mapping[str, int], note: str = "") -> None:
        """See `RunStore.heartbeat`."""
        runs.change(self._library, token, partial(running.heard, now=now, counts=counts, note=note))

    def finish_run(
        self, token: str, *, now: datetime, state: RunState, counts: Mapping[str, int], problem: str = ""
    ) -> None:
        """See `RunStore.finish_run`."""
        end = partial(running.finished, now=now, state=state, counts=counts, problem=problem)
        runs.change(self._library, token, end)
        frontier.release(self._library, token, not_before={}, hosts=None)

    def bury_run(self, token: str, *, seen: datetime, now: datetime, not_before: datetime) -> bool:
        """See `RunStore.bury_run`."""
        before = runs.run(self._library, token)
        after = runs.change(self._library, token, partial(running.buried, now=now, seen=seen))
        if after == before:
            return False
        frontier.reclaim(self._library, (token,), not_before=not_before, expired_at=now)
        return True

    def settle_run(
        self, token: str, *, now: datetime, state: RunState, exit_status: int | None, problem: str = ""
    ) -> Run:
        """See `RunStore.settle_run`."""
        end = partial(running.settled, now=now, state=state, exit_status=exit_status, problem=problem)
        settled = runs.change(self._library, token, end)
        frontier.release(self._library, token, not_before={}, hosts=None)
        return settled

    def run(self, name: str | int) -> Run:
        """See `RunStore.run`."""
        return runs.run(self._library, name)

    def runs(self, *, state: RunState | None = None, job: str | None = None, limit: int | None = None) -> list[Run]:
        """See `RunStore.runs`."""
        return runs.runs(self._library, state=state, job=job, limit=limit)

    def latest_runs(self) -> dict[str, Run]:
        """See `RunStore.latest_runs`."""
        return {job: run for job, run in sorted(runs.latest_of(self._library).items()) if job}

    def forget_runs(self, *, before: datetime, dry_run: bool = False) -> int:
        """See `RunStore.forget_runs`."""
        return runs.forget_runs(self._library, before=before, dry_run=dry_run)

    # -- jobs ----------------------------------------------------------------------------------------------------

    def job_marks(self) -> dict[str, JobMark]:
        """See `RunStore.job_marks`."""
        return dict(sorted(self._library.job_marks.items()))

    def pause_job(self, job: str, *, now: datetime, who: str, reason: str) -> JobMark:
        """See `RunStore.pause_job`."""
        return runs.mark(self._library, job, partial(running.paused, now=now, who=who, reason=reason))

    def resume_job(self, job: str) -> JobMark:
        """See `RunStore.resume_job`."""
        return runs.mark(self._library, job, running.resumed)

    def want_job(self, job: str, *, now: datetime, who: str) -> JobMark:
        """See `RunStore.want_job`."""
        return runs.mark(self._library, job, partial(running.wanted, now=now, who=who))

    def take_wanted_jobs(self) -> list[JobMark]:
        """See `RunStore.take_wanted_jobs`."""
        wanted = [mark for mark in self.job_marks().values() if mark.wanted_at is not None]
        for mark in wanted:
            runs.mark(self._library, mark.job, running.taken)
        return wanted

    def forget_job(self, job: str) -> None:
        """See `RunStore.forget_job`."""
        self._library.job_marks.pop(job, None)
