"""How a run's row goes on, and what people say about jobs: pure, shared by every backend.

Why the first end stands: a run that was given up may still be there, and would write over what was found out about it.
``KILLED`` alone stands over everything: the process that is being ended says "interrupted" in its last second, and that
would hide why.

Why a run that was taken for dead and gives a sign of life is at work again: on another machine silence is all that
others have, and a network that was away for ten seconds is no death. Its leases were not its own meanwhile, and it asks
about each before it goes on. Not so a scheduled job's: its next run may have begun.

Why an end that others found out leaves the heartbeat alone: it says when the run last lived.

Why a mark that says nothing is not kept: the table shows jobs about which somebody said something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from storage.types import JobMark, Run, RunState

_FOUND_BY_OTHERS = frozenset({RunState.DEAD, RunState.KILLED})


def adopted(run: Run, *, pid: int, log: str, now: datetime) -> Run:
    """The row that its process took over; one that is closed already stays as it is."""
    if run.state is not RunState.RUNNING:
        return run
    return replace(run, pid=pid, log=log or run.log, heartbeat_at=now)


def heard(run: Run, *, now: datetime, counts: Mapping[str, int], note: str) -> Run:
    """The row of a run that gave a sign of life; a closed one keeps it too, a dead one is none."""
    heard = replace(run, heartbeat_at=now, counts=dict(counts), note=note or run.note)
    if run.state is RunState.DEAD and not run.job and run.exit_status is None:
        return replace(heard, state=RunState.RUNNING, finished_at=None)
    return heard


def buried(run: Run, *, now: datetime, seen: datetime) -> Run:
    """The row of a run that was silent since this sign of life; one that gave another since stays as it is."""
    if run.state is not RunState.RUNNING or run.heartbeat_at != seen:
        return run
    return replace(run, finished_at=now, state=RunState.DEAD)


def finished(run: Run, *, now: datetime, state: RunState, counts: Mapping[str, int], problem: str) -> Run:
    """The row with its end, unless it has one."""
    if run.state is not RunState.RUNNING:
        return run
    heartbeat_at = run.heartbeat_at if state in _FOUND_BY_OTHERS else now
    return replace(
        run,
        heartbeat_at=heartbeat_at,
        finished_at=now,
        state=state,
        counts=dict(counts),
        problem=problem or run.problem,
    )


def settled(run: Run, *, now: datetime, state: RunState, exit_status: int | None, problem: str) -> Run:
    """The row of a run whose process is gone."""
    if exit_status is not None:
        run = replace(run, exit_status=exit_status)
    killed = state is RunState.KILLED and run.state is not RunState.KILLED
    if run.state is not RunState.RUNNING and not killed:
        return run
    return replace(run, state=state, finished_at=run.finished_at or now, problem=problem or run.problem)


def paused(mark: JobMark, *, now: datetime, who: str, reason: str) -> JobMark:
    """The mark of a paused job; pausing again changes the reason only."""
    if mark.paused_at is not None:
        return replace(mark, pause_reason=reason)
    return replace(mark, paused_at=now, paused_by=who, pause_reason=reason)


def resumed(mark: JobMark) -> JobMark:
    """The mark without a pause."""
    return replace(mark, paused_at=None, paused_by="", pause_reason="")


def wanted(mark: JobMark, *, now: datetime, who: str) -> JobMark:
    """The mark of a job that shall run at once; who asked first stands."""
    return mark if mark.wanted_at is not None else replace(mark, wanted_at=now, wanted_by=who)


def taken(mark: JobMark) -> JobMark:
    """The mark of a job that nobody wants any more."""
    return replace(mark, wanted_at=None, wanted_by="")
