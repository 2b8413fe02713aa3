"""How the workers of a library and their queue stand: for `dateline workers`, `dateline doctor` and Prometheus.

Why from the rows of runs and not from the queue's own table of workers: a worker whose loop hangs may still have its
queue's heartbeat, and people ask for the run's number, which leads to its log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.configuration import Configuration
from crawler.health.signs import Sign
from crawler.liveness import is_gone, is_worker, last_sign, lease_s
from crawler.queueing.orders import QUEUES
from crawler.queueing.views import JobView, look
from storage.protocol import Store
from storage.types import Run, RunState


class WorkerState(StrEnum):
    """What a worker does."""

    BEGINNING = "beginning"
    AT_WORK = "at work"
    STOPPING = "stopping"
    SILENT = "silent"
    GONE = "gone"


WORKER_MEANINGS: Mapping[WorkerState, str] = {
    WorkerState.BEGINNING: "it has not said yet that it works",
    WorkerState.AT_WORK: "it serves hosts, or waits for some",
    WorkerState.STOPPING: "it was asked to stop, and gives its hosts back",
    WorkerState.SILENT: "it gave no sign of life for longer than its lease: others take its hosts",
    WorkerState.GONE: "its process is gone: the next worker or command takes its work back",
}
"""One sentence for each state, for people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerStanding:
    """How one worker stands.

    Attributes:
        number: of its run.
        machine: where it is.
        pid: of its process there.
        since: when it began.
        command: as a person typed it.
        state: see there.
        hosts: that it holds, sorted.
        pages_per_minute: that it stored lately.
        last_sign: when it last said that it lives.
        version: of its program; empty where it has not said so.
    """

    number: int
    machine: str
    pid: int
    since: datetime
    command: str
    state: WorkerState
    hosts: tuple[str, ...]
    pages_per_minute: float
    last_sign: datetime
    version: str

    @property
    def is_alive(self) -> bool:
        """Whether it works, as far as is known."""
        return self.state not in {WorkerState.SILENT, WorkerState.GONE}


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueStanding:
    """How one queue stands.

    Attributes:
        queue: its name.
        waiting: jobs that wait.
        running: jobs that are being done.
        stalled: jobs that are being done by a worker that gives no sign of life.
        oldest: since when the one waits that waits longest; ``None`` where none waits.
    """

    queue: str
    waiting: int
    running: int
    stalled: int
    oldest: datetime | None


def queues_of(configuration: Configuration) -> list[QueueStanding]:
    """Every queue, whether anything is in it or not.

    Raises:
        ConfigurationError: the library has no database on PostgreSQL, or the extra is missing.
        StorageError: the database cannot be asked.
    """
    jobs = look(configuration).jobs
    return [
        _queue(name, [job for job in jobs if QUEUES[job.order.kind] == name]) for name in dict.fromkeys(QUEUES.values())
    ]


def _queue(name: str, jobs: Sequence[JobView]) -> QueueStanding:
    waiting = [job for job in jobs if not job.running]
    return QueueStanding(
        queue=name,
        waiting=len(waiting),
        running=len(jobs) - len(waiting),
        stalled=sum(job.stalled for job in jobs),
        oldest=min((job.put_at for job in waiting if job.put_at), default=None),
    )


def workers_of(store: Store, configuration: Configuration) -> list[WorkerStanding]:
    """The workers whose runs are open, in the order in which they began.

    Raises:
        StorageError: of the store.
    """
    now = store.clock()
    running = [one for one in store.runs(state=RunState.RUNNING) if is_worker(one.command)]
    return [_standing(store, configuration, one, now) for one in sorted(running, key=lambda run: run.number)]


def _standing(store: Store, configuration: Configuration, one: Run, now: datetime) -> WorkerStanding:
    sign, heard = Sign.of(one.note), last_sign(configuration.library, one)
    return WorkerStanding(
        number=one.number,
        machine=one.machine,
        pid=one.pid,
        since=one.started_at,
        command=one.command,
        state=_state(configuration, one, sign, now - heard),
        hosts=tuple(sorted(store.held_hosts(one.token))),
        pages_per_minute=round(sign.pages_per_minute, 1) if sign else 0.0,
        last_sign=heard,
        version=sign.version if sign else "",
    )


def _state(configuration: Configuration, one: Run, sign: Sign | None, silence: timedelta) -> WorkerState:
    if is_gone(configuration, one):
        return WorkerState.GONE
    if silence > timedelta(seconds=lease_s(configuration, one.command)):
        return WorkerState.SILENT
    if sign is None:
        return WorkerState.BEGINNING
    return WorkerState.STOPPING if sign.stopping else WorkerState.AT_WORK


def problems_of(standing: Sequence[WorkerStanding], queues: Sequence[QueueStanding]) -> list[str]:
    """What a person has to look at, one sentence each."""
    found = [
        f"worker {one.number} ({one.machine}, process {one.pid}) is {one.state}: {WORKER_MEANINGS[one.state]}"
        for one in standing
        if not one.is_alive
    ]
    waiting = sum(one.waiting + one.running for one in queues)
    if waiting and not any(one.is_alive for one in standing):
        found.append(f"{waiting} jobs wait and no worker is at work: `dateline work` starts one")
    return found
