"""Opening a store by its address.

Why the backends are imported only when they are asked for: `import storage.types` must stay cheap and free of
SQLAlchemy, because the pure core and every extraction worker process do it.
"""

from __future__ import annotations

from typing import Any

from storage.errors import LibraryError
from storage.protocol import Store

MEMORY = "memory:"


def open_store(url: str, *, upgrade: bool = False) -> Store:
    """Open the store at ``sqlite:///path``, ``postgresql+psycopg://...`` or ``memory:``.

    ``upgrade`` makes or upgrades the schema first; without it nothing is created.

    Raises:
        SchemaMismatch: the schema is missing, older (without ``upgrade``) or newer than this program.
        LibraryError: the address is not usable.
        StoreUnavailable: the database cannot be reached.
    """
    if url.startswith(MEMORY):
        from storage.memory import MemoryStore  # noqa: PLC0415 -- see "Why"

        return MemoryStore()
    from storage.sql.opening import open_sql  # noqa: PLC0415 -- see "Why"

    return open_sql(url, upgrade=upgrade)


def shared_engine(url: str) -> Any:  # noqa: ANN401 -- SQLAlchemy's engine, which only this package may name
    """A pool of connections to the same database, with our settings, for a library that keeps a table of its own there.

    It connects when first used; whoever asked for it disposes of it.

    Raises:
        LibraryError: the address is not usable, or of a store that does not stay.
    """
    if url.startswith(MEMORY):
        raise LibraryError("a scheduler needs a database that stays: memory: is forgotten")
    from storage.sql.engine import make_engine  # noqa: PLC0415 -- see "Why"
    from storage.sql.opening import database_url  # noqa: PLC0415 -- see "Why"

    return make_engine(database_url(url))


def postgres_words(url: str) -> dict[str, str]:
    """How PostgreSQL's own driver is told to reach the same database, for a library that keeps tables of its own there.

    Empty where the database is none of PostgreSQL.

    Raises:
        LibraryError: the address is not usable.
    """
    if url.startswith(MEMORY):
        return {}
    from storage.sql.opening import database_url  # noqa: PLC0415 -- see "Why"

    parsed = database_url(url)
    if parsed.get_backend_name() != "postgresql":
        return {}
    _, words = parsed.get_dialect()().create_connect_args(parsed)
    return {name: str(value) for name, value in words.items() if name != "context"}
