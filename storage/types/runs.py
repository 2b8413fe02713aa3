"""Crawl runs: who worked on the library, when, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.time import require_utc


class RunState(StrEnum):
    """Where a run stands. ``DEAD`` is found out by others: its process is gone and it never said goodbye."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlRun:
    """One run of a command that fetches or rebuilds.

    Attributes:
        token: random hex, unique: marks leases, attempts and WARC file names of the run.
        command: as a person would type it.
        machine: host name where it runs.
        pid: process id there.
        started_at: when it began.
        heartbeat_at: when it last said that it lives.
        finished_at: when it ended; ``None`` while running or dead.
        state: see `RunState`.
        counts: outcome -> number of attempts.
    """

    token: str
    command: str
    machine: str
    pid: int
    started_at: datetime
    heartbeat_at: datetime
    finished_at: datetime | None = None
    state: RunState = RunState.RUNNING
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, heartbeat_at=self.heartbeat_at, finished_at=self.finished_at)
