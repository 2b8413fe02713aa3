"""See `storage.checkup`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from storage.errors import LibraryError
from storage.sql.engine import make_engine, reading
from storage.sql.models import CaptureRow
from storage.sql.opening import database_url, is_missing
from storage.sql.rows import capture, captures
from storage.types import Capture

_STEPS = 20_000
"""Instructions of SQLite's machine between two looks at the clock."""
_MOST = 20


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    parsed = database_url(url)
    if is_missing(parsed):
        raise LibraryError(f"there is no database {parsed.database}: `dateline init` makes one")
    engine = make_engine(parsed)
    try:
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def damage(url: str, *, within_s: float) -> list[str] | None:
    """See `storage.checkup.damage`."""
    with _connected(url) as connection:
        if connection.dialect.name != "sqlite":
            return []
        file: Any = connection.connection.driver_connection
        until = time.monotonic() + within_s
        file.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
        try:
            lines = connection.scalars(text(f"PRAGMA quick_check({_MOST})")).all()
        except DatabaseError as problem:
            if time.monotonic() > until:
                return None
            return [f"the file is damaged: {problem.orig}"]
        finally:
            file.set_progress_handler(None, 0)
    return [f"the file is damaged: {line}" for line in lines if line != "ok"]


def server_time(url: str) -> datetime | None:
    """See `storage.checkup.server_time`."""
    with _connected(url) as connection:
        if connection.dialect.name == "sqlite":
            return None
        found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found.astimezone(UTC)


def latest_captures(url: str, limit: int) -> list[Capture]:
    """See `storage.checkup.latest_captures`."""
    with _connected(url) as connection:
        return [capture(row) for row in connection.execute(captures().order_by(CaptureRow.id.desc()).limit(limit))]
