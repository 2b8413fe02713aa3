"""The queue's tables: procrastinate's own, and two of ours beside them.

Why the version is remembered: procrastinate ships its migrations by the release that needs them and does not note which
were made. Why a queue of a newer procrastinate is refused: its functions are another program's.

Why an index of ours on the lock: whether another job of the same host runs, or waits longer, is asked for each job that
is given out, and procrastinate's own indexes answer it by walking through all that wait (283 ms with 3,000 of them).

Why two that begin at once agree: an advisory lock, which the server frees when its holder is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, LiteralString

from crawler.queueing.reaching import SCHEMA, connected
from storage.errors import LibraryError

if TYPE_CHECKING:  # an extra, there where workers are used
    import psycopg

_LOCK = 0x6461_7465_7175_6575
"""Key of the advisory lock under which tables are made ("datequeu" in ASCII)."""

_OURS: LiteralString = f"""
    CREATE TABLE dateline_about (
        version text NOT NULL,
        fed_at timestamptz NOT NULL DEFAULT '-infinity',
        fed_by text NOT NULL DEFAULT ''
    );
    CREATE TABLE dateline_places (
        worker_id bigint PRIMARY KEY REFERENCES {SCHEMA}.procrastinate_workers ON DELETE CASCADE,
        name text NOT NULL,
        queue text NOT NULL,
        places integer NOT NULL,
        since timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX dateline_jobs_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing');
"""
"""``dateline_about`` has one row: the procrastinate that the schema is of, and who fed the queue when.
``dateline_places`` has a row per queue that a worker works on."""

_KNOWN = "SELECT to_regclass(%s) IS NOT NULL"
_NUMBERED = re.compile(r"(\d+)\.(\d+)\.(\d+)_(\d+)_.*\.sql")

_Version = tuple[int, ...]


def ensure_tables(database_url: str) -> None:
    """Make the queue's tables, or bring them to the installed procrastinate; whoever works on them may go on.

    Raises:
        ConfigurationError, StoreUnavailable: see `crawler.queueing.reaching.connected`.
        LibraryError: a newer procrastinate made the tables.
    """
    with connected(database_url) as connection:
        if has_tables(connection) and _made_by(connection) == version("procrastinate"):
            return
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        if has_tables(connection):
            _upgrade(connection, version("procrastinate"))
        else:
            _make(connection)


def has_tables(connection: psycopg.Connection[Any]) -> bool:
    """Whether there is a queue; who only looks makes none."""
    row = connection.execute(_KNOWN, (f"{SCHEMA}.dateline_about",)).fetchone()
    return bool(row and row[0])


def _made_by(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute("SELECT version FROM dateline_about").fetchone()
    return str(row[0]) if row else ""


def _make(connection: psycopg.Connection[Any]) -> None:
    """All or nothing."""
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - an extra, there where workers are used

    with connection.transaction():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute(SchemaManager.get_schema())
        connection.execute(_OURS)
        connection.execute("INSERT INTO dateline_about (version) VALUES (%s)", (version("procrastinate"),))


def _upgrade(connection: psycopg.Connection[Any], installed: str) -> None:
    """Make the migrations between the two versions, all or nothing."""
    made_by = _made_by(connection)
    if _numbers(made_by) > _numbers(installed):
        raise LibraryError(
            f"the queue's tables were made by procrastinate {made_by}, {installed} is installed: install that or a"
            f" newer one, or remove the queue with DROP SCHEMA {SCHEMA} CASCADE (it is filled again)"
        )
    needed = [script for release, script in _migrations() if _numbers(made_by) < release <= _numbers(installed)]
    with connection.transaction():
        for script in needed:
            connection.execute(script)
        connection.execute("UPDATE dateline_about SET version = %s", (installed,))


def _migrations() -> Iterator[tuple[_Version, LiteralString]]:
    """Procrastinate's own, in their order: the release that needs each, and what it does."""
    from procrastinate.schema import migrations_path  # noqa: PLC0415 - see above

    for path in sorted(migrations_path.glob("*.sql")):
        if found := _NUMBERED.fullmatch(path.name):
            release = tuple(int(part) for part in found.groups()[:3])
            yield release, path.read_text(encoding="utf-8")


def _numbers(release: str) -> _Version:
    """Parts of a version that are numbers, three of them."""
    parts = [int(part) for part in re.findall(r"\d+", release)[:3]]
    return (*parts, 0, 0, 0)[:3]
