"""Runs and what people said about jobs, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from storage.errors import JobRunning, RunNotFound, StorageError
from storage.memory.library import Library
from storage.types import JobMark, Run, RunState


def start_run(library: Library, run: Run) -> Run:
    """See `storage.run_store.RunStore.start_run`."""
    if run.token in library.runs:
        raise StorageError(f"there is a run with the token {run.token!r} already")
    if run.job and run.state is RunState.RUNNING and runs(library, state=run.state, job=run.job):
        raise JobRunning(run.job)
    number = 1 + max((one.number for one in library.runs.values()), default=0)
    library.runs[run.token] = replace(run, number=number)
    return library.runs[run.token]


def change(library: Library, token: str, how: Callable[[Run], Run]) -> Run:
    """Change one run; returns it. Raises `RunNotFound`."""
    if token not in library.runs:
        raise RunNotFound(token)
    library.runs[token] = how(library.runs[token])
    return library.runs[token]


def run(library: Library, name: str | int) -> Run:
    """See `storage.run_store.RunStore.run`; digits are a number where no token reads so."""
    by_number = {str(one.number): one for one in library.runs.values()}
    found = library.runs.get(name) if isinstance(name, str) else None
    found = found or by_number.get(str(name).lstrip("0"))
    if found is None:
        raise RunNotFound(name)
    return found


def runs(
    library: Library, *, state: RunState | None = None, job: str | None = None, limit: int | None = None
) -> list[Run]:
    """See `storage.run_store.RunStore.runs`."""
    chosen = (one for one in library.runs.values() if state in {None, one.state} and job in {None, one.job})
    return sorted(chosen, key=lambda one: (one.started_at, one.number), reverse=True)[:limit]


def latest_of(library: Library) -> dict[str, Run]:
    """The latest run of each job, and under "" the latest by hand."""
    return {one.job: one for one in sorted(library.runs.values(), key=lambda one: one.number)}


def forget_runs(library: Library, *, before: datetime, dry_run: bool) -> int:
    """See `storage.run_store.RunStore.forget_runs`; the latest by hand stays too, so that no number is given twice."""
    latest = {one.token for one in latest_of(library).values()}
    ended = (one for one in library.runs.values() if one.state is not RunState.RUNNING and one.token not in latest)
    over = [one.token for one in ended if one.finished_at is not None and one.finished_at < before]
    for token in () if dry_run else over:
        del library.runs[token]
    return len(over)


def mark(library: Library, job: str, how: Callable[[JobMark], JobMark]) -> JobMark:
    """Change what is said about a job; a mark that says nothing is not kept."""
    after = how(library.job_marks.pop(job, JobMark(job=job)))
    if after != JobMark(job=job):
        library.job_marks[job] = after
    return after
