"""Rows of the crawl runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from storage.errors import RunNotFound
from storage.sql.models import CrawlRunRow
from storage.types import CrawlRun, RunState


def start_run(connection: Connection, run: CrawlRun) -> None:
    """See `storage.protocol.Store.start_run`."""
    values = {
        "token": run.token,
        "command": run.command,
        "machine": run.machine,
        "pid": run.pid,
        "started_at": run.started_at,
        "heartbeat_at": run.heartbeat_at,
        "finished_at": run.finished_at,
        "state": run.state,
        "counts": dict(run.counts),
    }
    connection.execute(insert(CrawlRunRow), values)


def heartbeat(connection: Connection, token: str, *, now: datetime, counts: Mapping[str, int]) -> None:
    """See `storage.protocol.Store.heartbeat`."""
    _set(connection, token, {"heartbeat_at": now, "counts": dict(counts)})


def finish_run(
    connection: Connection, token: str, *, now: datetime, state: RunState, counts: Mapping[str, int]
) -> None:
    """Close the row; the store gives back the leases in the same transaction."""
    _set(connection, token, {"heartbeat_at": now, "finished_at": now, "state": state, "counts": dict(counts)})


def _set(connection: Connection, token: str, values: dict[str, Any]) -> None:
    if not connection.execute(update(CrawlRunRow).where(CrawlRunRow.token == token), values).rowcount:
        raise RunNotFound(token)


def runs(connection: Connection, *, state: RunState | None, limit: int | None) -> list[CrawlRun]:
    """See `storage.protocol.Store.runs`."""
    statement = select(*CrawlRunRow.__table__.columns).order_by(CrawlRunRow.started_at.desc(), CrawlRunRow.token)
    if state is not None:
        statement = statement.where(CrawlRunRow.state == state)
    return [_run(row) for row in connection.execute(statement.limit(limit))]


def _run(row: Row[Any]) -> CrawlRun:
    return CrawlRun(
        token=row.token,
        command=row.command,
        machine=row.machine,
        pid=row.pid,
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
        finished_at=row.finished_at,
        state=RunState(row.state),
        counts=row.counts,
    )
