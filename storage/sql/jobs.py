"""Rows of what people said about scheduled jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from storage.running import taken
from storage.sql.columns import storable
from storage.sql.models import JobMarkRow
from storage.types import JobMark


def marks(connection: Connection, *, wanted_only: bool = False) -> list[JobMark]:
    """All marks by job, or those of jobs that somebody wants at once."""
    statement = select(*JobMarkRow.__table__.columns).order_by(JobMarkRow.job)
    if wanted_only:
        statement = statement.where(JobMarkRow.wanted_at.is_not(None))
    return [_mark(row) for row in connection.execute(statement)]


def change(connection: Connection, job: str, how: Callable[[JobMark], JobMark]) -> JobMark:
    """Change what is said about a job; a mark that says nothing is not kept."""
    columns = JobMarkRow.__table__.columns
    row = connection.execute(select(*columns).where(JobMarkRow.job == job)).one_or_none()
    after = how(_mark(row) if row else JobMark(job=storable(job)))
    forget(connection, job)
    if after != JobMark(job=after.job):
        connection.execute(insert(JobMarkRow), {column.name: getattr(after, column.name) for column in columns})
    return after


def take_wanted(connection: Connection) -> list[JobMark]:
    """See `storage.run_store.RunStore.take_wanted_jobs`."""
    wanted = marks(connection, wanted_only=True)
    for mark in wanted:
        change(connection, mark.job, taken)
    return wanted


def forget(connection: Connection, job: str) -> None:
    """See `storage.run_store.RunStore.forget_job`."""
    connection.execute(delete(JobMarkRow).where(JobMarkRow.job == job))


def _mark(row: Row[Any]) -> JobMark:
    return JobMark(
        job=row.job,
        paused_at=row.paused_at,
        paused_by=row.paused_by,
        pause_reason=row.pause_reason,
        wanted_at=row.wanted_at,
        wanted_by=row.wanted_by,
    )
