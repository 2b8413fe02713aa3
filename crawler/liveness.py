"""Which runs are alive: the signs of life that they give, and what is done for those that are dead.

Why a lock file per run: a process that was killed cannot say so. Its lock on ``runs/TOKEN.lock`` dies with it, so the
next command on the same machine knows at once that the run is dead and takes its work back; on another machine the
lease has to run out. Rejected: the process id alone (ids are reused).

Why the lock file is touched with each sign of life: the row cannot be written while another connection holds a long
transaction, or the database is away. Whoever looks for silent runs on this machine looks at both (`last_sign`).

Why a worker's silence is shorter than a crawl's: its hosts are wanted by others at once, and it asks nothing any more
when its lease is over. Why taking back and putting files in order are two steps: workers and the scheduler look for the
dead every few seconds, and looking at every WARC file of the library is worth its time only where somebody died.

Why a lock is probed with a shared lock: two that look at once do not take each other for the run.
"""

from __future__ import annotations

import fcntl
import logging
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.configuration import Configuration
from crawler.host_states import HostStates
from crawler.library import Library
from crawler.politeness import INTERVAL, resting
from storage.captures import Recovered, recover
from storage.finishing import finish_left_over
from storage.types import Run, RunState

log = logging.getLogger(__name__)

WORKER = "dateline work"
"""How the command of a worker's run begins."""

SCHEDULER = "dateline schedule run"
"""The command of a scheduler's run."""

SILENT_LEASES = 1.5
"""A run that gave no sign of life for so many leases is ended, or buried; its hosts are free after one."""


def lock_path(folder: Path, token: str) -> Path:
    """The lock file of a run in a library's folder."""
    return folder / "runs" / f"{token}.lock"


def touch(folder: Path, token: str) -> None:
    """Say that a run lives, by its lock file; no matter where that fails."""
    with suppress(OSError):
        os.utime(lock_path(folder, token))


def last_sign(folder: Path, one: Run) -> datetime:
    """When a run last said that it lives: by its row, or by its lock file where that is on this machine."""
    try:
        touched = datetime.fromtimestamp(lock_path(folder, one.token).stat().st_mtime, UTC)
    except OSError:
        return one.heartbeat_at
    return max(touched, one.heartbeat_at)


def is_worker(command: str) -> bool:
    """Whether a run's command is a worker's."""
    return f"{command} ".startswith(f"{WORKER} ")


def lease_s(configuration: Configuration, command: str = "") -> float:
    """After how many silent seconds others may take over the work of a run with this command."""
    return configuration.number("workers.lease_s" if is_worker(command) else "crawl.lease_s")


def heartbeat_s(configuration: Configuration, command: str = "") -> float:
    """How often a run says that it lives, in seconds: four times within its lease."""
    return lease_s(configuration, command) / 4


def bury_dead_runs(library: Library, *, spare: str = "") -> list[Recovered]:
    """Find runs whose process is gone, take their leases back, repair their WARC files, finish what they took down.

    Returns what was put aside or cut off, for the log.

    Args:
        library: open.
        spare: token of a run that is only about to begin.
    """
    take_back_dead(library, spare=spare)
    return put_in_order(library)


def take_back_dead(library: Library, *, spare: str = "") -> list[Run]:
    """Find runs whose process is gone, and take back what they held; returns them. See `bury_dead_runs`."""
    now = library.store.clock()
    running = [one for one in library.store.runs(state=RunState.RUNNING) if one.token != spare]
    dead = [one for one in running if is_dead(library.configuration, one, now)]
    take_back(library, dead)
    return dead


def take_back(library: Library, dead: Sequence[Run]) -> None:
    """Give what these runs held to others, and close their rows.

    Of a run that was only silent what its leases hold that have not run out stays its own: it may wake up meanwhile.
    """
    if not dead:
        return
    now = library.store.clock()
    rested = now + timedelta(seconds=library.configuration.number("crawl.delay_s"))
    _keep_intervals(library, {one.token for one in dead}, now)
    for one in dead:
        if is_gone(library.configuration, one):
            library.store.reclaim([one.token], not_before=rested)
            library.store.finish_run(one.token, now=now, state=RunState.DEAD, counts=one.counts)
            lock_path(library.configuration.library, one.token).unlink(missing_ok=True)
        else:
            library.store.bury_run(one.token, seen=one.heartbeat_at, now=now, not_before=rested)


def put_in_order(library: Library) -> list[Recovered]:
    """Repair the WARC files that no living run writes, and finish what was only taken down by half.

    Safe beside runs at work: they hold their files locked. It looks at every file of the library.
    """
    recovered = recover(library.captures, library.store.committed_end, discard=library.places.discard)
    left = finish_left_over(library.configuration.library, library.captures, library.store, library.places)
    if left.why:
        log.warning("%d stretches that were taken down are still to be overwritten: %s", left.left, left.why)
    return recovered


def _keep_intervals(library: Library, tokens: set[str], now: datetime) -> None:
    """A dead run may have asked its hosts a moment ago: those with a long interval of their own rest for that."""
    states = HostStates.configured(library.configuration)
    held = [host.state for host in library.store.hosts(now=now) if host.lease_token in tokens]
    states.know(held)
    library.store.put_host_states([resting(one, now + states.interval(one.name), INTERVAL) for one in held])


def is_dead(configuration: Configuration, one: Run, now: datetime) -> bool:
    """Whether a run whose row is open is gone: at once on its own machine, else once it was silent for a lease."""
    gone = is_gone(configuration, one)
    if gone is not None:
        return gone
    return now - last_sign(configuration.library, one) > timedelta(seconds=lease_s(configuration, one.command))


def is_gone(configuration: Configuration, one: Run) -> bool | None:
    """Whether a run's process is gone, by its lock file; ``None`` where this machine cannot know."""
    if one.machine != socket.gethostname():
        return None
    held = is_held(lock_path(configuration.library, one.token))
    return None if held is None else not held


def is_held(lock: Path) -> bool | None:
    """Whether a process holds a lock file; ``None`` where there is no such file."""
    try:
        with lock.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return None
    return False


def has_process(one: Run) -> bool:
    """Whether another process of this machine has the run's process id, as far as anybody can know."""
    if one.machine != socket.gethostname() or one.pid in {0, os.getpid()}:
        return False
    try:
        os.kill(one.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
