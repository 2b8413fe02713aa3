"""See `storage.checkup`."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from storage.sql import engine
from storage.sql.models import CaptureRow
from storage.sql.opening import existing
from storage.sql.rows import capture, captures
from storage.types import Capture

_STEPS = 20_000
"""Instructions of SQLite's machine between two looks at the clock."""
_MOST = 20


def damage(url: str, *, within_s: float) -> list[str] | None:
    """See `storage.checkup.damage`."""
    with engine.reading_once(existing(url)) as connection:
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


def size(url: str) -> int:
    """See `storage.checkup.size`."""
    with engine.reading_once(existing(url)) as connection:
        pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ours = pages if connection.dialect.name == "sqlite" else "SELECT pg_database_size(current_database())"
        return int(connection.scalar(text(ours)) or 0)


def server_time(url: str) -> datetime | None:
    """See `storage.checkup.server_time`."""
    with engine.reading_once(existing(url)) as connection:
        if connection.dialect.name == "sqlite":
            return None
        return engine.server_time(connection)


def latest_captures(url: str, limit: int) -> list[Capture]:
    """See `storage.checkup.latest_captures`."""
    with engine.reading_once(existing(url)) as connection:
        return [capture(row) for row in connection.execute(captures().order_by(CaptureRow.id.desc()).limit(limit))]
