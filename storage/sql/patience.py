"""A migration among others who read and write: it never makes them queue up behind it.

Why a short wait and then another try: on PostgreSQL a statement that changes a table waits for everybody who has read
it in a transaction that is still open, and whoever comes after it waits behind it, readers too. One forgotten
transaction would so stop every program until it ends. After two seconds the migration lets go of everything, the queue
goes on, and it tries again.

Why not ``CREATE INDEX CONCURRENTLY``: it cannot run inside a transaction, so a migration that fails half-way would
leave a half and an invalid index, and ``db upgrade`` promises all or nothing. An index over ten million rows is made
within half a minute, during which writers wait as they wait for a long batch; readers go on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, text

from storage.errors import StoreUnavailable
from storage.sql.engine import reading

log = logging.getLogger(__name__)

PATIENCE_S = 60.0
"""Seconds for which a migration tries again and again to get at the tables that it changes."""

_LOCK_WAIT_MS = 2000
_PAUSE_S = 1.0
_RETRIED = frozenset({"55P03", "40P01"})
"""SQLSTATEs: a lock was not to be had in time; two waited for one another."""

_HOLDERS = text("""
    SELECT a.pid, a.application_name AS name, coalesce(host(a.client_addr), 'this machine') AS place,
        extract(epoch FROM clock_timestamp() - a.xact_start)::bigint AS seconds,
        string_agg(DISTINCT coalesce(l.relation::regclass::text, 'the lock of those who write'), ', ') AS held
    FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid LEFT JOIN pg_class c ON c.oid = l.relation
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND l.granted
        AND a.xact_start < clock_timestamp() - interval '1 second'
        AND (
            l.locktype = 'advisory'
            OR (c.relkind = 'r' AND c.relnamespace = quote_ident(current_schema())::regnamespace)
        )
    GROUP BY a.pid, a.application_name, a.client_addr, a.xact_start ORDER BY a.xact_start LIMIT 3
""")


def wait_briefly(connection: Connection) -> None:
    """From here on the transaction waits only a moment for tables."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {_LOCK_WAIT_MS}"))


def patiently(engine: Engine, work: Callable[[], None], *, within_s: float = PATIENCE_S) -> None:
    """Do it again while others hold what it needs.

    Raises:
        StoreUnavailable: they held it all the time; the text says who. Or the database cannot be reached.
    """
    until = time.monotonic() + within_s
    while True:
        try:
            work()
        except StoreUnavailable as problem:
            if not _is_held(problem):
                raise
            if time.monotonic() > until:
                raise StoreUnavailable(
                    f"nothing was changed: for {within_s:g} s others held what must be changed: {_holders(engine)}"
                ) from problem
            log.info("others hold what must be changed, next try in %g s: %s", _PAUSE_S, _holders(engine))
            time.sleep(_PAUSE_S)
        else:
            return


def _is_held(problem: StoreUnavailable) -> bool:
    """Whether the database answered that something is locked."""
    return getattr(getattr(problem.__cause__, "orig", None), "sqlstate", "") in _RETRIED


def _holders(engine: Engine) -> str:
    with reading(engine) as connection:
        found = [
            f"process {row.pid} ({row.name or 'unnamed'} on {row.place}, for {row.seconds} s: {row.held})"
            for row in connection.execute(_HOLDERS)
        ]
    return "; ".join(found) or "nobody who is still there"
