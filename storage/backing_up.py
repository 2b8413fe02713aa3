"""Copies of the database: taken while others write, and put back into an empty place.

SQLite: its online backup copies pages in steps. Why inside a reading transaction: the copy is then of one moment, and
is not begun anew whenever somebody writes, so that it ends however busy the library is. In write-ahead mode readers
hold nobody up; the log grows meanwhile. Rejected: ``VACUUM INTO`` (writes every page anew, several times slower), and
copying the file (torn). PostgreSQL: `storage.sql.dumping`.

A database of any migration can be copied: a copy is what one makes before an upgrade.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, select, text

from storage.captures.files import sync_file, sync_folder
from storage.errors import LibraryError, SchemaMismatch, StorageError
from storage.sql import dumping
from storage.sql.engine import make_engine, reading_once, writing
from storage.sql.models import Base, CaptureRow, StoredFileRow
from storage.sql.models.revision import HEAD
from storage.sql.models.takedowns import TakedownRow
from storage.sql.opening import database_url, existing, is_missing
from storage.sql.status import row_counts
from storage.types import StoredFile, Takedown, TakedownKind

SUFFIXES = {"sqlite": ".db", "postgresql": ".dump"}
"""Kind of a database -> how files of its copies end."""

_PAGES = 2000
_SHOWN = 5

Progress = Callable[[int, int], None]
"""Is told how many steps are done, and of how many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseCopy:
    """What a copy of a database holds.

    Attributes:
        kind: ``sqlite`` or ``postgresql``.
        revision: migration that its schema stands at; empty where it has none.
        rows: table -> how many rows.
        files: names of the files, relative to the captures folder, in which its rows have records.
        takedowns: tombstones that stand, latest first.
        stored: files that were put in a place (``storage.captures``), by name.
    """

    kind: str
    revision: str
    rows: Mapping[str, int]
    files: frozenset[str]
    takedowns: tuple[Takedown, ...]
    stored: tuple[StoredFile, ...] = ()


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``.

    Raises:
        LibraryError: the address is not usable.
    """
    return database_url(url).get_backend_name()


def hidden(url: str) -> str:
    """The address without its password."""
    return database_url(url).render_as_string(hide_password=True)


def size_of(url: str) -> int:
    """How large the database is, in bytes.

    Raises:
        LibraryError: there is none.
        StoreUnavailable: it cannot be reached.
    """
    parsed = existing(url)
    if parsed.get_backend_name() == "sqlite":
        return Path(parsed.database or "").stat().st_size
    with reading_once(parsed) as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def facts_of(url: str) -> DatabaseCopy:
    """What a copy of the database would hold now.

    Raises:
        LibraryError: there is none.
        StoreUnavailable: it cannot be reached.
    """
    with reading_once(existing(url)) as connection:
        return _facts(connection)


def copy_database(url: str, target: Path, *, progress: Progress | None = None) -> DatabaseCopy:
    """Copy the database as it is now into a new file; whoever writes goes on.

    Args:
        url: address of the database.
        target: the file to make, on disk when this returns. One that is there is written over.
        progress: called between steps; PostgreSQL's program tells nothing.

    Raises:
        LibraryError: there is no database, the copy is damaged, or PostgreSQL's program is missing or failed.
        StoreUnavailable: the database cannot be reached.
    """
    parsed = existing(url)
    target.unlink(missing_ok=True)
    with reading_once(parsed) as connection:
        found = _facts(connection)
        if found.kind == "sqlite":
            _copy_pages(connection, target, progress)
        else:
            dumping.dump(connection, parsed, target)
    sync_file(target)
    return found


def require_known(revision: str) -> None:
    """Refuse a copy whose schema this program does not know; an older one can be upgraded.

    Raises:
        SchemaMismatch: a newer dateline made it.
    """
    if revision in {"", HEAD}:
        return
    from storage.sql import schema  # noqa: PLC0415 -- Alembic takes 0.2 s to load

    if revision not in schema.known_revisions():
        raise SchemaMismatch(revision, HEAD, newer=True)


def require_empty(url: str, kind: str) -> None:
    """Refuse a place into which a copy of this kind cannot be put.

    Raises:
        LibraryError: something is there already, it is of another kind, or PostgreSQL's program is missing.
        StoreUnavailable: the database cannot be reached.
    """
    parsed = database_url(url)
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() != kind:
        raise LibraryError(f"the backup is of a {kind} database, {shown} is none: name one with --database")
    if kind == "sqlite":
        if not is_missing(parsed):
            raise LibraryError(f"there is a database already, {parsed.database}: move it away, or name another place")
        return
    dumping.require_loader()
    with reading_once(parsed) as connection:
        present = sorted(inspect(connection).get_table_names())
    if present:
        named = ", ".join(present[:_SHOWN]) + (", ..." if len(present) > _SHOWN else "")
        raise LibraryError(f"{shown} has tables already ({named}): restore into an empty database (`createdb NAME`)")


def put_database(url: str, source: Path) -> None:
    """Make the database from a copy; `require_empty` was asked before.

    Raises:
        LibraryError: the copy is damaged, or PostgreSQL's program failed; there is no database then.
        StoreUnavailable: the database cannot be reached.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        dumping.load(parsed, source)
        _gather_statistics(parsed)
        return
    target = Path(parsed.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    shutil.copyfile(source, partial)
    _require_sound(partial)
    sync_file(partial)
    partial.rename(target)
    sync_folder(target.parent)


def _facts(connection: Connection) -> DatabaseCopy:
    present = set(inspect(connection).get_table_names())
    ours = [table.name for table in Base.metadata.sorted_tables if table.name in present]
    version = connection.scalar(text("SELECT version_num FROM alembic_version")) if "alembic_version" in present else ""
    return DatabaseCopy(
        kind=connection.dialect.name,
        revision=str(version or ""),
        rows=row_counts(connection, ours),
        files=_files(connection) if CaptureRow.__tablename__ in present else frozenset(),
        takedowns=_takedowns(connection) if TakedownRow.__tablename__ in present else (),
        stored=_stored(connection) if StoredFileRow.__tablename__ in present else (),
    )


def _stored(connection: Connection) -> tuple[StoredFile, ...]:
    rows = connection.execute(select(*StoredFileRow.__table__.columns).order_by(StoredFileRow.file))
    return tuple(StoredFile(**row._asdict()) for row in rows)


def _files(connection: Connection) -> frozenset[str]:
    return frozenset(connection.scalars(select(CaptureRow.file).distinct()))


def _takedowns(connection: Connection) -> tuple[Takedown, ...]:
    row = TakedownRow
    columns = (row.id, row.kind, row.subject, row.reason, row.who, row.made_at)
    stand = select(*columns).where(row.lifted_at.is_(None), row.kind != TakedownKind.RAW).order_by(row.id.desc())
    return tuple(
        Takedown(id=number, kind=TakedownKind(kind), subject=subject, reason=reason, who=who, made_at=made_at)
        for number, kind, subject, reason, who, made_at in connection.execute(stand)
    )


def _copy_pages(connection: Connection, target: Path, progress: Progress | None) -> None:
    source = connection.connection.driver_connection
    if not isinstance(source, sqlite3.Connection):
        raise TypeError("SQLite is used through its own driver only")

    def advance(_status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    try:
        with closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # the whole file is put on disk at the end
            source.backup(copy, pages=_PAGES, progress=advance)
            # One file without a log beside it, readable from a medium that cannot be written.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as problem:
        raise StorageError(f"the database cannot be copied to {target}: {problem}") from problem
    _require_sound(target)


def _require_sound(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as copy:
            (said,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as problem:
        said = problem
    if said != "ok":
        raise LibraryError(f"the copy of the database is damaged ({said}): `dateline db check` looks at the original")


def _gather_statistics(url: URL) -> None:
    """A dump holds none, and without them the first queries would read whole tables."""
    engine = make_engine(url)
    try:
        with writing(engine) as connection:
            connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()
