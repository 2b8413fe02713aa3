"""Rows of runs.

Why a row is read, changed by `storage.running` and written: the rules are those of every backend. The row is locked
meanwhile, because a process and the scheduler that ends it may write at the same moment.

Why a refused row is told by its token: two things of a run are unique, the token and the job at work. Where no run has
the token it was the job, and nobody has to understand two databases' messages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.errors import JobRunning, RunNotFound
from storage.sql.models import RunRow
from storage.types import Run, RunState

_LARGEST = 2**63 - 1


def start_run(connection: Connection, run: Run) -> Run:
    """See `storage.run_store.RunStore.start_run`."""
    try:
        with connection.begin_nested():
            connection.execute(insert(RunRow), _values(run))
    except IntegrityError:
        if _found(connection, run.token) is None:
            raise JobRunning(run.job) from None
        raise
    return change(connection, run.token, lambda stored: stored)


def change(connection: Connection, token: str, how: Callable[[Run], Run]) -> Run:
    """Change one run's row; returns the new one. Raises `RunNotFound`."""
    before = locked(connection, token)
    after = how(before)
    if after != before:
        connection.execute(update(RunRow).where(RunRow.token == token), _values(after))
    return after


def locked(connection: Connection, token: str) -> Run:
    """One run, which nobody else changes until this transaction ends. Raises `RunNotFound`."""
    row = connection.execute(_runs().where(RunRow.token == token).with_for_update()).one_or_none()
    if row is None:
        raise RunNotFound(token)
    return _run(row)


def run(connection: Connection, name: str | int) -> Run:
    """See `storage.run_store.RunStore.run`; digits are a number where no token reads so."""
    found = _found(connection, name) if isinstance(name, str) else None
    number = int(name) if isinstance(name, int) or (name.isascii() and name.isdecimal()) else 0
    if found is None and 0 < number <= _LARGEST:
        found = connection.execute(_runs().where(RunRow.id == number)).one_or_none()
    if found is None:
        raise RunNotFound(name)
    return _run(found)


def beginning_with(connection: Connection, token_start: str) -> Run | None:
    """See `storage.file_store.FileStore.run_of_file`; tokens are letters and digits."""
    fitting = _runs().where(RunRow.token.startswith(token_start, autoescape=True))
    row = connection.execute(fitting.order_by(RunRow.started_at.desc(), RunRow.id.desc()).limit(1)).first()
    return None if row is None else _run(row)


def runs(connection: Connection, *, state: RunState | None, job: str | None, limit: int | None) -> list[Run]:
    """See `storage.run_store.RunStore.runs`."""
    statement = _runs().order_by(RunRow.started_at.desc(), RunRow.id.desc())
    if state is not None:
        statement = statement.where(RunRow.state == state)
    if job is not None:
        statement = statement.where(RunRow.job == job)
    return [_run(row) for row in connection.execute(statement.limit(limit))]


def latest_runs(connection: Connection) -> dict[str, Run]:
    """See `storage.run_store.RunStore.latest_runs`."""
    latest = select(func.max(RunRow.id)).where(RunRow.job != "").group_by(RunRow.job)
    found = [_run(row) for row in connection.execute(_runs().where(RunRow.id.in_(latest)).order_by(RunRow.job))]
    return {one.job: one for one in found}


def forget_runs(connection: Connection, *, before: datetime) -> int:
    """See `storage.run_store.RunStore.forget_runs`; the latest by hand stays too, so that no number is given twice."""
    latest = select(func.max(RunRow.id)).group_by(RunRow.job)
    over = (RunRow.state != RunState.RUNNING) & (RunRow.finished_at < before)
    return connection.execute(delete(RunRow).where(over, RunRow.id.not_in(latest))).rowcount


def _runs() -> Select[Any]:
    return select(*RunRow.__table__.columns)


def _found(connection: Connection, token: str) -> Row[Any] | None:
    return connection.execute(_runs().where(RunRow.token == token)).one_or_none()


def _values(run: Run) -> dict[str, Any]:
    return {
        "token": run.token,
        "command": run.command,
        "machine": run.machine,
        "pid": run.pid,
        "started_at": run.started_at,
        "heartbeat_at": run.heartbeat_at,
        "who": run.who,
        "job": run.job,
        "finished_at": run.finished_at,
        "deadline_at": run.deadline_at,
        "state": run.state,
        "exit_status": run.exit_status,
        "counts": dict(run.counts),
        "note": run.note,
        "problem": run.problem,
        "log": run.log,
    }


def _run(row: Row[Any]) -> Run:
    return Run(
        number=row.id,
        token=row.token,
        command=row.command,
        machine=row.machine,
        pid=row.pid,
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
        who=row.who,
        job=row.job,
        finished_at=row.finished_at,
        deadline_at=row.deadline_at,
        state=RunState(row.state),
        exit_status=row.exit_status,
        counts=row.counts,
        note=row.note,
        problem=row.problem,
        log=row.log,
    )
