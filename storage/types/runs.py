"""Runs: who worked on the library, by which command, when, and what came of it; and what is said about the jobs.

Why one row per run whoever starts it: a person asks "what happened last night" without wanting to know whether the
scheduler or a colleague typed the command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.time import require_utc


class RunState(StrEnum):
    """Where a run stands.

    ``DEAD`` is found out by others: its process is gone and it never said goodbye. ``KILLED``: the scheduler ended its
    whole process group, because its deadline had passed or it gave no sign of life.
    """

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    DEAD = "dead"
    KILLED = "killed"


RUN_MEANINGS: Mapping[RunState, str] = {
    RunState.RUNNING: "it is at work",
    RunState.FINISHED: "it did what it had to do; its exit status says whether something is left",
    RunState.INTERRUPTED: "it was asked to stop, and stopped in order",
    RunState.FAILED: "it could not go on; the problem is with the run",
    RunState.DEAD: "its process is gone without a word; its work was taken back",
    RunState.KILLED: "the scheduler ended it: past its deadline, or without a sign of life",
}
"""One sentence for each state, for people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of a command that changes the library or takes long.

    Attributes:
        token: random hex, unique: marks leases, attempts and WARC file names of the run.
        command: as a person would type it.
        machine: host name where it runs.
        pid: process id there, also the id of its process group where the scheduler started it; 0 before it has one.
        started_at: when it began.
        heartbeat_at: when it last said that it lives.
        number: ours, ascending, for people; 0 before it is stored.
        who: login name of the person, or of the scheduler's user.
        job: id of the job that the scheduler started; empty for a run by hand.
        finished_at: when it ended; ``None`` while running.
        deadline_at: when the scheduler ends it; ``None``: never.
        state: see `RunState`.
        exit_status: of its process; ``None`` while that is unknown; minus a signal's number where one ended it.
        counts: outcome -> number of attempts, or whatever the command counts.
        note: what it does now, or did last, in a few words; empty where it says nothing.
        problem: why it failed or was killed; empty otherwise.
        log: file of its log, relative to the library's folder; empty where it has none.
    """

    token: str
    command: str
    machine: str
    pid: int
    started_at: datetime
    heartbeat_at: datetime
    number: int = 0
    who: str = ""
    job: str = ""
    finished_at: datetime | None = None
    deadline_at: datetime | None = None
    state: RunState = RunState.RUNNING
    exit_status: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    problem: str = ""
    log: str = ""

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(
            started_at=self.started_at,
            heartbeat_at=self.heartbeat_at,
            finished_at=self.finished_at,
            deadline_at=self.deadline_at,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class JobMark:
    """What people said about a scheduled job, beside its lines in ``dateline.toml``; valid for every machine.

    Attributes:
        job: its id.
        paused_at: when it was paused; ``None`` while it is not.
        paused_by: login name.
        pause_reason: as that person wrote it.
        wanted_at: when somebody asked for it to run at once and the scheduler has not started it yet; else ``None``.
        wanted_by: login name.
    """

    job: str
    paused_at: datetime | None = None
    paused_by: str = ""
    pause_reason: str = ""
    wanted_at: datetime | None = None
    wanted_by: str = ""

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(paused_at=self.paused_at, wanted_at=self.wanted_at)

    @property
    def paused(self) -> bool:
        """Whether the clock starts it no more until somebody resumes it."""
        return self.paused_at is not None
