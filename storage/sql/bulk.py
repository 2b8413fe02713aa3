"""Inserting many rows at once.

Why COPY on PostgreSQL, and straight into the table: of 20,000 source links, 500 at a time, COPY wrote 60,000 a second
where one statement with arrays as its parameters wrote 40,000, one statement a row in a pipeline 25,000, and the
multi-row inserts of SQLAlchemy, which give the ids back, 10,000: the driver reads such a statement with its ten
thousand parameters anew each time, which takes longer than running it. A table in between, with ``ON CONFLICT``, is not
needed: who writes holds the writers' lock and has looked up what is there.

Why the numbers are taken before the rows are written: COPY gives none back, and SQLite gives them one row at a time.
PostgreSQL's come from the table's sequence, so nobody is given one twice; SQLite's follow the largest, as its own
would, and nobody else writes meanwhile.

Why few rows go as they always did: taking numbers and beginning a COPY are two questions more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from storage.sql.models import Base

Rows = Sequence[Mapping[str, Any]]
"""Rows of one table; all have the same columns."""

LEAST = 16
"""Rows from which on they go together."""

_Bind = Callable[[Any], Any]


def add_rows(connection: Connection, table: type[Base], rows: Rows) -> None:
    """Insert rows that are known to be new."""
    if len(rows) < LEAST or connection.dialect.name != "postgresql":
        if rows:
            connection.execute(insert(table), list(rows))
        return
    _copy(connection, _table_of(table), rows)


def add_numbered(connection: Connection, table: type[Base], rows: Rows) -> Sequence[int]:
    """Insert rows without an ``id``, known to be new; returns their ids in order.

    Not for tables whose numbers SQLite must never give twice (``sqlite_autoincrement``).
    """
    if len(rows) < LEAST:
        return _one_by_one(connection, table, rows)
    numbers = _numbers(connection, _table_of(table), len(rows))
    numbered = [{"id": number, **row} for number, row in zip(numbers, rows, strict=True)]
    add_rows(connection, table, numbered)
    return numbers


def _one_by_one(connection: Connection, table: type[Base], rows: Rows) -> Sequence[int]:
    if not rows:
        return ()
    statement = insert(table).returning(_table_of(table).c.id, sort_by_parameter_order=True)
    return connection.scalars(statement, list(rows)).all()


def _table_of(table: type[Base]) -> Table:
    return cast("Table", table.__table__)


def _numbers(connection: Connection, table: Table, count: int) -> Sequence[int]:
    if connection.dialect.name == "postgresql":
        taken = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return connection.scalars(taken, {"name": table.name, "count": count}).all()
    first = (connection.scalar(select(func.max(table.c.id))) or 0) + 1
    return range(first, first + count)


def _copy(connection: Connection, table: Table, rows: Rows) -> None:
    names = tuple(rows[0])
    binds = _binds(table, names, connection.dialect)
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    errors: Any = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([bind(row[name]) for name, bind in binds])
    except errors.Error as problem:
        raise _told(connection, statement, problem) from problem


def _binds(table: Table, names: Collection[str], dialect: Dialect) -> tuple[tuple[str, _Bind], ...]:
    """What makes the driver's value of each column's; not kept, since each store that was opened has a dialect."""
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    return tuple((name, kind.bind_processor(dialect) or _as_it_is) for name, kind in types.items())


def _as_it_is(value: object) -> object:
    return value


def _told(connection: Connection, statement: str, problem: Any) -> Exception:  # noqa: ANN401 -- the driver's own error
    """The driver's error as SQLAlchemy tells those of its own statements, so that callers need know one kind only."""
    dialect = connection.dialect
    lost = bool(dialect.is_disconnect(problem, connection.connection.driver_connection, None))
    base: Any = dialect.loaded_dbapi.Error
    told = DBAPIError.instance(statement, None, problem, base, connection_invalidated=lost, dialect=dialect)
    if lost:
        connection.invalidate(problem)
    return cast("Exception", told)
