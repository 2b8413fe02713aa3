"""Tables of the runs, of what people said about scheduled jobs, of daily counts, and of alerts.

Why a partial unique index on the job of runs at work: no job overlaps itself, on any machine, whatever programs think.

Why counts per host and day: they stay small (a row per host, day and outcome), while attempts grow for ever.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import Json
from storage.sql.models.base import Base, HostId, Id

_EMPTY = text("''")
_AT_WORK = text("state = 'running' AND job <> ''")
_STANDS = text("closed_at IS NULL")


class RunRow(Base):
    """One run of a command; its id is the number that people see."""

    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_job_at_work", "job", unique=True, sqlite_where=_AT_WORK, postgresql_where=_AT_WORK),
        Index("ix_runs_job_id", "job", "id"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(unique=True)
    command: Mapped[str]
    machine: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(index=True)
    heartbeat_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[str]
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    who: Mapped[str] = mapped_column(server_default=_EMPTY)
    job: Mapped[str] = mapped_column(server_default=_EMPTY)
    deadline_at: Mapped[datetime | None]
    exit_status: Mapped[int | None]
    note: Mapped[str] = mapped_column(server_default=_EMPTY)
    problem: Mapped[str] = mapped_column(server_default=_EMPTY)
    log: Mapped[str] = mapped_column(server_default=_EMPTY)


class JobMarkRow(Base):
    """What people said about a scheduled job."""

    __tablename__ = "job_marks"

    job: Mapped[str] = mapped_column(primary_key=True)
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str]
    pause_reason: Mapped[str]
    wanted_at: Mapped[datetime | None]
    wanted_by: Mapped[str]


class HostDayRow(Base):
    """How many attempts at documents of a host ended so on a day; ``day`` is the number of days since 1970-01-01."""

    __tablename__ = "host_days"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    host_id: Mapped[HostId] = mapped_column(primary_key=True, autoincrement=False)
    archive: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    articles: Mapped[int]


class AlertRow(Base):
    """Something that a person should look at."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_standing", "kind", "subject", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    told: Mapped[str] = mapped_column(server_default=_EMPTY)
