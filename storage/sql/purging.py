"""Clearing a SQLite file of rows that were removed.

Why more than deleting: SQLite leaves deleted bytes where they were until something else needs the room; its index of
words keeps old segments until they are merged; its journal holds pages as they were. So: everything that is deleted
while documents are removed is overwritten with zeros (``secure_delete``), the index is merged into one segment, pages
that became free earlier are filled and freed again, and the journal is written back and cut to nothing. Rejected:
``VACUUM``, which needs as much room as the whole library has and stops everybody else while it copies it.

PostgreSQL clears pages when it vacuums them, by itself or when the administrator says ``VACUUM``; its journal ages out.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

_AT_ONCE = 64 << 20
_MOST = 1 << 30
"""Bytes of free pages that are filled at most: what a takedown freed is zeros already."""


def forget_thoroughly(connection: Connection) -> None:
    """Have what this transaction deletes overwritten with zeros."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))


def purge(engine: Engine) -> bool:
    """Clear the file of what is deleted; False where somebody else reads old pages just now."""
    if engine.dialect.name != "sqlite":
        return True
    pooled = engine.raw_connection()
    try:
        raw = pooled.cursor()
        raw.execute("PRAGMA secure_delete = ON")
        raw.execute("INSERT INTO fts_articles (fts_articles) VALUES ('optimize')")
        raw.execute("INSERT INTO fts_bodies (fts_bodies) VALUES ('optimize')")
        _fill_free_pages(raw)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = raw.fetchone()
        raw.close()
    finally:
        pooled.close()
    return not (found and found[0])


def _fill_free_pages(raw: object) -> None:
    """Fill the pages that are free, in a table that is dropped again; dropping leaves zeros."""
    execute, fetch = raw.execute, raw.fetchone  # type: ignore[attr-defined]
    execute("PRAGMA page_size")
    size = fetch()[0]
    execute("PRAGMA freelist_count")
    free = min(fetch()[0] * size, _MOST)
    if not free:
        return
    execute("BEGIN IMMEDIATE")
    try:
        execute("CREATE TABLE purged (zeros BLOB)")
        for start in range(0, free, _AT_ONCE):
            execute("INSERT INTO purged VALUES (zeroblob(?))", (min(_AT_ONCE, free - start),))
        execute("DROP TABLE purged")
    except BaseException:
        execute("ROLLBACK")
        raise
    execute("COMMIT")
