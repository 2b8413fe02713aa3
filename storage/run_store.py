"""The part of the store's contract that is about runs and scheduled jobs.

Why the database says which job is running, and not the scheduler: a scheduler that died leaves its processes behind,
and another machine may lead next. Two rows of one job at work are impossible by a unique index, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from storage.types import JobMark, Run, RunState


class RunStore(Protocol):
    """The sections "runs" and "jobs" of `storage.protocol.Store`."""

    # -- runs --------------------------------------------------------------------------------------------------

    def start_run(self, run: Run) -> Run:
        """Write the run's row; returns it with its number.

        Raises `JobRunning` where the run is of a job of which another run is at work (its state is ``running``).
        """

    def adopt_run(self, token: str, *, pid: int, log: str, now: datetime) -> Run:
        """The process that a scheduler started takes over the row that it wrote; an empty ``log`` leaves the one there.

        A row that is closed already stays as it is: look at the state of what is returned. Raises `RunNotFound`.
        """

    def heartbeat(self, token: str, *, now: datetime, counts: Mapping[str, int], note: str = "") -> None:
        """Say that the run lives, and what it did so far; an empty ``note`` leaves the last. Raises `RunNotFound`.

        A run by hand that was taken for dead is at work again.
        """

    def finish_run(
        self, token: str, *, now: datetime, state: RunState, counts: Mapping[str, int], problem: str = ""
    ) -> None:
        """Close the run's row and give back every lease that it still holds. Raises `RunNotFound`.

        A row that is closed already stays as it is; leases are given back in any case. ``DEAD`` and ``KILLED`` leave
        the heartbeat: it says when the run last lived.
        """

    def bury_run(self, token: str, *, seen: datetime, now: datetime, not_before: datetime) -> bool:
        """Mark a run dead that was silent since its heartbeat ``seen``, and free those of its leases that have run out.

        Its hosts rest until ``not_before`` at least. Returns whether the row was changed: it is not where the run gave
        a sign of life meanwhile, or is closed. A lease that it prolonged just now stays its own. Raises `RunNotFound`.
        """

    def settle_run(
        self, token: str, *, now: datetime, state: RunState, exit_status: int | None, problem: str = ""
    ) -> Run:
        """The run's process is gone: write its exit status, and close its row where it did not do so itself.

        Gives back every lease that the run still holds. ``KILLED`` stands over whatever the process wrote. An
        ``exit_status`` of ``None`` leaves what is there. Returns the row. Raises `RunNotFound`.
        """

    def run(self, name: str | int) -> Run:
        """One run by number or by token; digits are a number where no token reads so. Raises `RunNotFound`."""

    def runs(self, *, state: RunState | None = None, job: str | None = None, limit: int | None = None) -> list[Run]:
        """Runs, latest start first; ``job`` narrows to those of one scheduled job."""

    def latest_runs(self) -> dict[str, Run]:
        """For each scheduled job that ever ran, its latest run: the highest number, whatever the clock said."""

    def forget_runs(self, *, before: datetime, dry_run: bool = False) -> int:
        """Delete rows of runs that ended before this moment. Returns how many; ``dry_run`` only counts them.

        The latest of each job stays, and the latest by hand: no number is given twice.
        """

    # -- jobs --------------------------------------------------------------------------------------------------

    def job_marks(self) -> dict[str, JobMark]:
        """What people said about jobs, by job; one about which nobody says anything now is left out."""

    def pause_job(self, job: str, *, now: datetime, who: str, reason: str) -> JobMark:
        """Do not start this job until `resume_job`; pausing again changes the reason only."""

    def resume_job(self, job: str) -> JobMark:
        """End a pause; one that is not paused stays so."""

    def want_job(self, job: str, *, now: datetime, who: str) -> JobMark:
        """Ask for the job to be started at once, paused or not; asking twice is asking once."""

    def take_wanted_jobs(self) -> list[JobMark]:
        """The marks of jobs that somebody wants at once; they are not wanted any more after that."""

    def forget_job(self, job: str) -> None:
        """The job is gone: delete what people said about it. Its runs stay."""
