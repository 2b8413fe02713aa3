"""Leadership on PostgreSQL: an advisory lock, held by a connection that does nothing else.

Why the connection is opened anew for each try: it lives exactly as long as the leadership, so the server can say since
when somebody leads, and who only waits costs the server nothing in between.

Why the lock is looked for and not only the connection: a pooler may give the next statement another connection.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from datetime import UTC
from typing import Any

from sqlalchemy import URL, Connection, Engine, Row, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from storage.leading import Leader, Leadership
from storage.sql.engine import translated
from storage.sql.opening import database_url

LEADER_LOCK = 0x6461_7465_6C65_6164
"""Key of the advisory lock ("datelead" in ASCII); it is the database's own, like every advisory lock."""

_TITLE = "dateline scheduler"
_LONGEST_NAME = 63
"""Bytes of a connection's name that PostgreSQL keeps."""

_IDLE_S, _BETWEEN_S, _COUNT, _UNANSWERED_MS = 10, 5, 3, 25_000
"""A silent connection is asked after ten seconds and is lost after three questions: see `storage.leading`."""

_WHO = text("""
    SELECT a.application_name AS name, a.backend_start AS since, l.pid = pg_backend_pid() AS ours
    FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND l.classid = :high AND l.objid = :low AND l.objsubid = 1 AND l.granted
        AND d.datname = current_database()
""")
_PLACE = {"high": LEADER_LOCK >> 32, "low": LEADER_LOCK & 0xFFFF_FFFF}


def open_sql_leadership(url: str) -> Leadership | None:
    """The leadership of a library on PostgreSQL; ``None`` for a database that is a file of one machine.

    Raises:
        LibraryError: the address is not usable.
    """
    parsed = database_url(url)
    return PostgresLeadership(parsed) if parsed.get_backend_name() == "postgresql" else None


class PostgresLeadership(Leadership):
    """See `Leadership`."""

    def __init__(self, url: URL) -> None:
        self._engine = _dedicated(url)
        self._connection: Connection | None = None

    def acquire(self) -> bool:
        """See `Leadership.acquire`."""
        if self._connection is not None:
            return self.holds()
        with translated():
            connection = self._engine.connect()
            try:
                taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK}))
            except BaseException:
                connection.close()
                raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def holds(self) -> bool:
        """See `Leadership.holds`."""
        if self._connection is None:
            return False
        try:
            row = self._connection.execute(_WHO, _PLACE).first()
            held = row is not None and bool(row.ours)
        except SQLAlchemyError:
            held = False
        if not held:
            self.release()
        return held

    def release(self) -> None:
        """See `Leadership.release`; unlocked first: the server takes its time to notice that a client is gone."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LEADER_LOCK})
            with suppress(SQLAlchemyError):
                connection.close()

    def leader(self) -> Leader | None:
        """See `Leadership.leader`."""
        with translated(), self._engine.connect() as connection:
            row = connection.execute(_WHO, _PLACE).first()
        return None if row is None else _leader(row)


def _dedicated(url: URL) -> Engine:
    """Connections that are not kept, are named after this process, and notice on both ends that the other is gone."""
    kept_alive = {"idle": _IDLE_S, "interval": _BETWEEN_S, "count": _COUNT}
    server = " ".join(f"-c tcp_keepalives_{name}={value}" for name, value in kept_alive.items())
    arguments: dict[str, Any] = {
        "connect_timeout": 10,
        "application_name": connection_name(socket.gethostname(), os.getpid()),
        "options": f"{server} -c tcp_user_timeout={_UNANSWERED_MS}",
        "tcp_user_timeout": _UNANSWERED_MS,
        **{f"keepalives_{name}": value for name, value in kept_alive.items()},
    }
    return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments)


def connection_name(machine: str, pid: int) -> str:
    """What the server's list of connections says of a scheduler; a long machine name is cut, the process is not."""
    room = _LONGEST_NAME - len(f"{_TITLE}  {pid}")
    return f"{_TITLE} {machine[:room]} {pid}"


def _leader(row: Row[Any]) -> Leader:
    since = row.since.astimezone(UTC) if row.since is not None else None
    machine, _, pid = str(row.name or "").removeprefix(f"{_TITLE} ").rpartition(" ")
    return Leader(machine=machine, pid=int(pid) if pid.isascii() and pid.isdecimal() else 0, since=since)
