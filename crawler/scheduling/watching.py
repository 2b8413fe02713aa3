"""Watch one run of a job until its processes are gone, and end them when they are overdue.

Why the steady clock: a laptop that slept for a night wakes up with every heartbeat eight hours old and every deadline
passed. What counts is the time in which the run could have worked, so both are counted in seconds that this scheduler
was awake. A change of the clock changes nothing either.

Why silence needs a first word: a command that never takes its run's row over has no heartbeat at all. It is ended by
its deadline, not by its silence.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass

from crawler.scheduling.processes import Group
from crawler.stopping import STATUSES, STOPPING
from storage.types import Run, RunState

_BAD_USAGE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How the processes of a run ended.

    Attributes:
        state: that the run's row gets if it was not closed by the run itself.
        exit_status: of the run's own process; ``None`` where nobody knows it.
        problem: why, in a few words; empty where nothing is wrong.
    """

    state: RunState
    exit_status: int | None
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How patient a watch is; all in seconds.

    Attributes:
        left: until the deadline; ``None``: there is none.
        silence: without a sign of life.
        grace: between asking the processes to end and killing them.
        poll: between two looks.
    """

    left: float | None
    silence: float
    grace: float
    poll: float


class Watch:
    """Watches one run; everything is decided in the event loop's thread."""

    def __init__(self, run: Run, group: Group, limits: Limits, *, steady: Callable[[], float]) -> None:
        self.run = run
        self.group = group
        self.gone = asyncio.Event()
        self._limits = limits
        self._steady = steady
        self._began = steady()
        self._sign: object = None
        self._signed = self._began
        self._spoke = False
        self._problem = ""
        self._stopped = False
        self._kill_at: float | None = None

    def saw(self, sign: object, *, spoke: bool) -> None:
        """A sign of life as it stands now; one that differs from the last proves that the run lives.

        ``spoke``: it came from the run itself.
        """
        self._spoke = self._spoke or spoke
        if sign != self._sign:
            self._sign, self._signed = sign, self._steady()

    def excuse(self) -> None:
        """Nobody could look: silence counts from now on."""
        self._signed = self._steady()

    def stop(self, *, within: float) -> None:
        """Ask the run to stop in order, and kill it after so many seconds."""
        self._stopped = True
        self._end(within)

    def kill(self) -> None:
        """End it at once."""
        self._stopped = True
        self._kill_at = self._steady()
        self.group.send(signal.SIGKILL)

    async def until_gone(self) -> Ending:
        """Wait until its own process is gone, sweep what that left behind, and say how it ended."""
        while not self.group.ended():
            self._look()
            await asyncio.sleep(self._limits.poll)
        self.group.sweep()
        self.gone.set()
        return self._ending()

    def _look(self) -> None:
        if self._kill_at is None:
            self._problem = self._overdue()
            if self._problem:
                self._end(self._limits.grace)
        elif self._steady() >= self._kill_at:
            if self._stopped and not self._problem:
                self._problem = "the scheduler stopped, and it did not end when it was asked to"
            self.group.send(signal.SIGKILL)

    def _overdue(self) -> str:
        now = self._steady()
        if self._limits.left is not None and now - self._began >= self._limits.left:
            return "it ran past its deadline"
        if self._spoke and now - self._signed >= self._limits.silence:
            return f"it gave no sign of life for {now - self._signed:.0f} s"
        return ""

    def _end(self, within: float) -> None:
        if self._kill_at is None:
            self.group.send(signal.SIGTERM)
            self.group.send(signal.SIGCONT)  # a process that was halted hears nothing else
            self._kill_at = self._steady() + within

    def _ending(self) -> Ending:
        status = self.group.exit_status
        if self._problem:
            return Ending(state=RunState.KILLED, exit_status=status, problem=self._problem)
        if status is None:
            return Ending(state=RunState.DEAD, exit_status=None, problem="its process is gone")
        return ending_of(status, stopped=self._stopped)


def ending_of(status: int, *, stopped: bool) -> Ending:
    """What an exit status says about a run that nobody had to kill."""
    if status in STATUSES or (stopped and -status in STOPPING):
        return Ending(state=RunState.INTERRUPTED, exit_status=status)
    if stopped and -status == signal.SIGKILL:
        return Ending(state=RunState.KILLED, exit_status=status, problem="the scheduler was told to end it at once")
    if status < 0:
        return Ending(state=RunState.DEAD, exit_status=status, problem=f"signal {-status} ended it")
    if status >= _BAD_USAGE:
        return Ending(state=RunState.FAILED, exit_status=status, problem=f"it ended with status {status}")
    return Ending(state=RunState.FINISHED, exit_status=status)
