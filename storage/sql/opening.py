"""Opening a database: which addresses are meant, and whether its schema is the one that this program needs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import LibraryError, SchemaMismatch
from storage.sql.models.revision import HEAD
from storage.sql.store import SqlStore

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def database_url(url: str) -> URL:
    """The parsed address, with the driver that we use.

    Raises:
        LibraryError: no such backend, or not an address.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as problem:
        raise LibraryError(f"{url!r} is not the address of a database, such as sqlite:///library.db") from problem
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        known = ", ".join(("memory:", *sorted(_DRIVERS)))
        raise LibraryError(f"no store for {parsed.drivername!r}; these are known: {known}")
    if driver == "sqlite" and (not parsed.database or parsed.database == ":memory:"):
        raise LibraryError("SQLite needs a file (sqlite:///path); for a store that is forgotten use memory:")
    return parsed.set(drivername=driver)


def open_sql(url: str, *, upgrade: bool) -> SqlStore:
    """See `storage.open_store`."""
    parsed = database_url(url)
    if upgrade:
        upgrade_at(parsed)
    elif is_missing(parsed):
        raise SchemaMismatch("", HEAD)
    store = SqlStore(parsed)
    try:
        store.require_compatible()
    except BaseException:
        store.close()
        raise
    return store


def upgrade_at(url: URL) -> None:
    """Make or upgrade the schema; see `storage.sql.schema.upgrade`."""
    from storage.sql import schema  # noqa: PLC0415 -- Alembic takes 0.2 s to load and is needed only here

    if url.get_backend_name() == "sqlite":
        folder = Path(url.database or "").parent
        if not folder.is_dir():
            raise LibraryError(f"there is no folder {folder} for the database")
    schema.upgrade(url)


def existing(url: str) -> URL:
    """The address of a database that is there.

    Raises:
        LibraryError: it is not, or the address is not usable.
    """
    parsed = database_url(url)
    if is_missing(parsed):
        raise LibraryError(f"there is no database {parsed.database}: `dateline init` makes one")
    return parsed


def is_missing(url: URL) -> bool:
    """Whether connecting would create an empty file."""
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()
