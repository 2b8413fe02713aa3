"""The database's schema, for `dateline db`: upgrade it, check it, tell facts about it."""

from __future__ import annotations

from storage.sql import schema
from storage.sql.engine import make_engine
from storage.sql.opening import database_url, existing, upgrade_at
from storage.sql.store import SqlStore
from storage.types import StoreInfo


def upgrade(url: str) -> None:
    """Bring the database to the schema that this program needs; makes it where there is none.

    Raises:
        SchemaMismatch: a newer dateline made this database.
        LibraryError: the address is not usable, or the migration had to be undone.
        StoreUnavailable: the database cannot be reached.
    """
    upgrade_at(database_url(url))


def check(url: str) -> list[str]:
    """What is wrong with the database, one sentence each; empty when all is well.

    Compares the schema with the program's models; then looks for damage of the file and dangling references (SQLite)
    and for hosts that do not know when their first document is due.

    Raises:
        LibraryError: the address is not usable.
        StoreUnavailable: the database cannot be reached.
    """
    engine = make_engine(existing(url))
    try:
        return schema.differences(engine)
    finally:
        engine.dispose()


def info(url: str) -> StoreInfo:
    """Facts about the database; works where the schema is missing, older or newer.

    Raises:
        LibraryError: the address is not usable.
        StoreUnavailable: the database cannot be reached.
    """
    with SqlStore(existing(url)) as store:
        return store.info()
