"""Connections: how each database is opened, how transactions begin, and which failures mean "try again".

Why one writer at a time on both databases: SQLite knows no other way, and dedup needs it: of two workers that bring
the same story at the same moment, the later one must see the earlier one's version ("insert, then query"; four
writers that queried first missed nearly all twins). One order for everything also rules out deadlocks between
archiving and leasing, which touch the same documents and hosts. Batches are short; extraction is ten times slower.

Why `BEGIN IMMEDIATE`: a transaction that starts by reading and then writes fails at once when another has written
meanwhile; taking the write lock first waits its turn instead.

Why PostgreSQL compiles no plans (``jit=off``): every statement here is a short one, and `expect_lookups` makes whole
scans look so dear that a plan with one of a table of ten rows would be compiled for a tenth of a second.

Why PostgreSQL ends a writer that is silent in the middle of its transaction: it holds the lock of all writers. A
machine that was suspended, or that cannot reach the database any more, would keep everybody from writing until its
connection is given up, which takes hours. What it had done is undone; whoever comes back asks again.

Why ``secure_delete=FAST``: what was replaced or deleted is overwritten in pages that are written anyway, at no cost;
a takedown clears the rest.

Why ``synchronous=FULL``: with NORMAL a power cut loses the last commits, but their WARC records would stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import StorageError, StoreUnavailable

WRITER_LOCK = 0x6461_7465_6C69_6E65
"""Key of the PostgreSQL advisory lock that every writing transaction holds ("dateline" in ASCII)."""

PATIENCE_S = 30
"""Seconds that a call waits for other writers before it gives up as `StoreUnavailable`."""

SILENT_S = 10
"""Seconds for which a writer on PostgreSQL may leave the database waiting between two statements."""

_SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    f"busy_timeout = {PATIENCE_S * 1000}",
    "secure_delete = FAST",
)
_POSTGRES_OPTIONS = f"-c lock_timeout={PATIENCE_S * 1000} -c application_name=dateline -c jit=off"
_TAKE_TURN = text(
    "SELECT pg_advisory_xact_lock(:key), set_config('idle_in_transaction_session_timeout', :silent, true)"
)
_LIMIT_EXCEEDED = "54"
_compact = json.JSONEncoder(separators=(",", ":")).encode


def make_engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine with our settings; it connects when first used.

    ``foreign_keys`` False is for migrations, which rebuild tables on SQLite.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, json_serializer=_compact, connect_args={"timeout": PATIENCE_S})
        _prepare_sqlite(engine, foreign_keys=foreign_keys)
        return engine
    arguments = {"connect_timeout": 10, "options": _POSTGRES_OPTIONS}
    return create_engine(url, json_serializer=_compact, connect_args=arguments, pool_pre_ping=True)


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 -- sqlite3's own type
        connection.isolation_level = None
        for pragma in (*_SQLITE_PRAGMAS, f"foreign_keys = {'ON' if foreign_keys else 'OFF'}"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("dateline_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the library from the first query to the last.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    steady = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if steady else {}
    with translated(), engine.execution_options(**options).begin() as connection:
        yield connection


@contextmanager
def reading_once(url: URL) -> Iterator[Connection]:
    """A connection of its own, which sees one state of the database. Raises `StoreUnavailable`."""
    engine = make_engine(url)
    try:
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def writing(engine: Engine, *, alone: bool = True, keep: bool = True) -> Iterator[Connection]:
    """A transaction that is committed when the block ends without an exception.

    ``alone`` False is for rows that only their own run writes: on PostgreSQL they need not wait for others.
    ``keep`` False undoes everything at the end: a dry run that answers as the real one would.

    Raises:
        StoreUnavailable: the database cannot be reached, or other writers took too long; nothing was written.
    """
    with translated(), engine.execution_options(dateline_writes=True).begin() as connection:
        if alone and connection.dialect.name == "postgresql":
            connection.execute(_TAKE_TURN, {"key": WRITER_LOCK, "silent": f"{SILENT_S}s"})
        yield connection
        if not keep:
            connection.rollback()


def expect_lookups(connection: Connection) -> None:
    """Tell PostgreSQL that the rest of the transaction finds rows by index.

    A young library has no statistics yet; the planner then guesses that a key matches every two-hundredth row and
    reads whole tables for it, and a prepared statement keeps that plan. For the documents of a host it would rather
    collect and sort them all than take the first ten in the order of the index.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))


def server_time(connection: Connection) -> datetime:
    """The present moment by PostgreSQL's clock, and not that of the transaction's begin."""
    moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


@contextmanager
def translated() -> Iterator[None]:
    """Turn failures of the database itself into `StoreUnavailable`, and its refusals into `StorageError`."""
    try:
        yield
    except PoolTimeout as problem:
        raise StoreUnavailable(f"the database cannot be used now: {problem}") from problem
    except DBAPIError as problem:
        if not is_unavailable(problem):
            raise StorageError(f"the database refuses this: {refusal(problem)}") from problem
        raise StoreUnavailable(f"the database cannot be used now: {refusal(problem)}") from problem
    except UnicodeDecodeError as problem:
        # SQLite's complaint quotes the names of tables, and in this file they are no text any more.
        raise StorageError("the database's file is malformed: it does not even name its tables") from problem


def is_unavailable(problem: Exception) -> bool:
    """Whether the database failed (True), or refused what it was given (False)."""
    if isinstance(problem, DBAPIError) and problem.connection_invalidated:
        return True
    too_large = str(getattr(getattr(problem, "orig", None), "sqlstate", None) or "").startswith(_LIMIT_EXCEEDED)
    return isinstance(problem, OperationalError | InterfaceError) and not too_large


def refusal(problem: StatementError) -> str:
    """One line that says what the database would not store."""
    cause = problem.orig or problem
    return f"{type(cause).__name__}: {str(cause).strip().splitlines()[0]}"
