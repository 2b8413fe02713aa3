"""Processes of jobs: start one in a group of its own, see whether it lives, end it with all that it started.

Why a session and a process group per job: a crawl starts workers and browsers. Whoever ends a job must end those too,
and a person's Ctrl-C at the scheduler must not reach the job before the scheduler has said what it stops.

Why only its first process is asked to end, and all of them are killed: a crawl whose extracting workers were ended
before it would take that for pages that crash their workers.

Why output goes to a file and never into a pipe: a pipe breaks when the scheduler dies, and the job with it; a file
lets the job go on until the next scheduler takes it over.

Why the environment tells whose a process is: process ids are used again, after a reboot at once. A process is that of
a run only if it holds the run's lock file or was started with the run's token (`RUN_VARIABLE`); nothing else is ever
signalled. Where there is no ``/proc`` only the lock file counts.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from crawler.configuration import LIBRARY_VARIABLE, Configuration, Job
from crawler.liveness import is_held
from crawler.runs import RUN_VARIABLE
from storage.types import Run

Arguments = Callable[[Configuration, Job], list[str]]
"""What is executed for a job."""

_PROC = Path("/proc")


def command_line(job: Job) -> str:
    """The job's command as a person would type it."""
    return shlex.join(("dateline", *job.command))


def arguments(configuration: Configuration, job: Job) -> list[str]:
    """The job's command as it is executed: our own program under the same Python, whatever the path says.

    A library whose settings stand in a file elsewhere is found as the scheduler found it, by the working folder.
    """
    words = [sys.executable, "-m", "crawler", *job.command]
    return words if _configured_elsewhere(configuration) else [*words, "--library", str(configuration.library)]


def working_folder(configuration: Configuration) -> Path:
    """Where the command is started: in the library, or beside the settings that name it."""
    source = configuration.source
    return source.parent if source and _configured_elsewhere(configuration) else configuration.library


def _configured_elsewhere(configuration: Configuration) -> bool:
    return configuration.source is not None and configuration.source.parent.resolve() != configuration.library


class Group(Protocol):
    """The processes of one run."""

    def ended(self) -> bool:
        """Whether the run's own process is gone; what it left behind may still be there."""

    def send(self, number: signal.Signals) -> None:
        """Ask the first to end, with SIGTERM, or signal all of them; those that are gone do not mind."""

    def sweep(self) -> None:
        """Kill what the run's own process left behind."""

    @property
    def exit_status(self) -> int | None:
        """Of the run's own process, minus a signal's number where one ended it; ``None`` while nobody knows."""


class Child:
    """Processes that this scheduler started."""

    def __init__(self, process: subprocess.Popen[bytes], token: str) -> None:
        self._process, self._token = process, token

    @property
    def pid(self) -> int:
        """Process id and process group."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """See `Group`."""
        return self._process.returncode

    def ended(self) -> bool:
        """See `Group`."""
        return self._process.poll() is not None

    def send(self, number: signal.Signals) -> None:
        """See `Group`."""
        if number is not signal.SIGTERM or not self.ended():
            _signal(self._process.pid, number)

    def sweep(self) -> None:
        """See `Group`. As long as one of the group lives, nobody else gets its number; browsers leave the group."""
        self.send(signal.SIGKILL)
        _signal_marked(self._token, signal.SIGKILL)


class Orphan:
    """Processes that a scheduler started which is gone; nobody learns their exit status."""

    exit_status = None

    def __init__(self, run: Run, lock: Path) -> None:
        self._run, self._lock = run, lock
        self._seen = False

    def ended(self) -> bool:
        """See `Group`."""
        alive = is_alive(self._run, self._lock)
        self._seen = self._seen or alive
        return not alive

    def send(self, number: signal.Signals) -> None:
        """See `Group`."""
        if not self.ended():
            self._signal_group(number)

    def sweep(self) -> None:
        """See `Group`. The group's number is still its own: its first process was seen a moment ago."""
        if self._seen:
            self._signal_group(signal.SIGKILL)
        _signal_marked(self._run.token, signal.SIGKILL)

    def _signal_group(self, number: signal.Signals) -> None:
        if self._run.pid > 0:
            _signal(self._run.pid, number)


def _signal(leader: int, number: signal.Signals) -> None:
    """Ask the first process of a group to end; everything else is said to all of them."""
    tell = os.kill if number is signal.SIGTERM else os.killpg
    with suppress(ProcessLookupError, PermissionError):
        tell(leader, number)


def start(words: list[str], *, token: str, folder: Path, output: Path) -> Child:
    """Start a command in a session of its own, with its output appended to a file.

    Raises:
        OSError: the program or the file cannot be had.
    """
    environment = {name: value for name, value in os.environ.items() if name not in (LIBRARY_VARIABLE, "NOTIFY_SOCKET")}
    output.parent.mkdir(exist_ok=True)
    with output.open("ab") as file:
        process = subprocess.Popen(  # noqa: S603 - a command that the library's owner wrote, without a shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment | {RUN_VARIABLE: token},
            start_new_session=True,
        )
    return Child(process, token)


def is_alive(run: Run, lock: Path) -> bool:
    """Whether the run's own process is there: it holds the lock file, or is the one that was started with the token."""
    return _is_marked(run.pid, run.token) or bool(is_held(lock)) or (not run.pid and bool(processes_of(run.token)))


def processes_of(token: str) -> list[int]:
    """Processes that were started with the run's token, and those that they started."""
    if not _PROC.is_dir():
        return []
    return [int(one.name) for one in _PROC.iterdir() if one.name.isdecimal() and _is_marked(int(one.name), token)]


def _signal_marked(token: str, number: signal.Signals) -> None:
    for pid in processes_of(token):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _is_marked(pid: int, token: str) -> bool:
    """Whether this process was started with the token; a zombie has no environment any more."""
    try:
        environment = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return False
    return f"{RUN_VARIABLE}={token}".encode() in environment.split(b"\0")
