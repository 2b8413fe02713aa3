"""Opening a store by its address.

Why the backends are imported only when they are asked for: `import storage.types` must stay cheap and free of
SQLAlchemy, because the pure core and every extraction worker process do it.
"""

from __future__ import annotations

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
