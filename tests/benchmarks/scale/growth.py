"""How a library grows: bytes by table and index, times of the hottest calls, WAL and vacuum, at several sizes.

    python tests/benchmarks/scale/growth.py [--articles 100000 300000 1000000] [--frontier 1000000 10000000]
        [--server postgresql+psycopg://postgres@127.0.0.1:5432/postgres]

Each size is a library of its own (`library`), made and dropped. Told are bytes a document of each table and of each
index; of every size the calls of `plans` that a crawl makes, in milliseconds; what `VACUUM` of the busiest tables took
after a tenth of their rows were written anew; and, of a frontier of documents alone, leasing. The bodies of the library
are short; the bytes of a real body are told by storing articles of 480 words.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from library import Size, build, on_server
from plans import measure
from sqlalchemy import create_engine, text
from writers import together

from storage import open_store

_ASKED = (
    *("lease 20 hosts x 20", "lease of one host", "archive 50", "event by key", "history of a document"),
    *("articles, 100", "due, 500", "hosts, 100", "host_days, a week", "waiting_for_links 200", "status"),
)
_FRONTIER = ("lease 20 hosts x 20", "lease of one host", "next_ready", "due, 500", "hosts, 100")
_BUSY = ("documents", "hosts", "articles")
_SIZES = """
    SELECT pg_class.relname, pg_relation_size(relid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0) AS heap,
           pg_indexes_size(relid) AS indexes, reltuples::bigint AS rows
    FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid WHERE pg_total_relation_size(relid) > 1000000
    ORDER BY pg_total_relation_size(relid) DESC
"""
_INDEXES = """
    SELECT indexrelname AS name, pg_relation_size(indexrelid) AS size FROM pg_stat_user_indexes
    ORDER BY 2 DESC LIMIT 25
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="*", default=[100_000, 300_000, 1_000_000])
    parser.add_argument("--frontier", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--server", default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    options = parser.parse_args()
    for articles in options.articles:
        with on_server(options.server) as address:
            print(f"\n== {articles:,} articles", flush=True)
            build(address, Size.of(articles), told=False)
            look(address, Size.of(articles).documents)
            with open_store(address) as store:
                measure(store, list(_ASKED))
            before = size_of(address)
            rate, spent, wal = together(address, 1, 50, 6)
            kilobytes = [one / spent.pages / 1000 for one in (wal, size_of(address) - before)]
            print("  one writer: {:.0f} pages/s, of one {:.1f} kB of WAL, {:.1f} kB stay;".format(rate, *kilobytes))
            print(f"    {spent.told()}")
            vacuum(address)
    for documents in options.frontier:
        with on_server(options.server) as address:
            print(f"\n== a frontier of {documents:,} documents", flush=True)
            build(address, Size.of(0, documents), told=False)
            look(address, documents)
            with open_store(address) as store:
                measure(store, list(_FRONTIER))


def size_of(address: str) -> int:
    """Bytes of the whole database, with what is free in it."""
    with create_engine(address).connect() as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def look(address: str, documents: int) -> None:
    """Print bytes a document of tables and indexes."""
    engine = create_engine(address)
    with engine.connect() as connection:
        rows = connection.execute(text(_SIZES)).all()
        for row in rows:
            told = f"{row.rows:>12,} rows {row.heap / documents:>8.1f} + {row.indexes / documents:>7.1f} in indexes"
            print(f"  {row.relname:20} {told}")
        heap, indexes = (sum(row[place] for row in rows) / documents for place in (1, 2))
        print(f"  bytes a document: {heap:.0f} + {indexes:.0f} in indexes")
        told_indexes = [f"{row.name} {row.size / documents:.0f}" for row in connection.execute(text(_INDEXES)).all()]
        print(f"  largest indexes: {', '.join(told_indexes[:12])}", flush=True)
    engine.dispose()


def vacuum(address: str) -> None:
    """Write a tenth of the busiest tables anew, and print what cleaning up takes."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for table in _BUSY:
            column = {"documents": "attempts = attempts + 1", "hosts": "checks = checks + 1"}.get(
                table, "latest = latest"
            )
            written = _timed(connection, f"UPDATE {table} SET {column} WHERE id % 10 = 3")  # noqa: S608 -- our own words
            cleaned = _timed(connection, f"VACUUM (INDEX_CLEANUP ON) {table}")
            print(f"  {table}: a tenth written in {written:.1f} s, vacuumed in {cleaned:.1f} s", flush=True)
    engine.dispose()


def _timed(connection: Any, statement: str) -> float:
    begun = time.monotonic()
    connection.exec_driver_sql(statement.replace("%", "%%"))
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
