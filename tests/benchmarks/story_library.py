"""A library of invented articles with keys, filled table by table, for `story_index`."""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Float, Integer, LargeBinary, create_engine, text

from storage.searching import day_number
from storage.sql.columns import UtcDateTime
from storage.sql.keys import pack
from storage.sql.models import Base
from storage.stock import indexed

KEYS, PHRASES, WORDS = 60, 4, 480
_POOL = 20_000
_A_DAY = 550
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_FRESH_DAYS, _AROUND = 10, 4


def chance_of(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- the same library each time


def keys_of(number: int) -> tuple[int, ...]:
    """The keys of an article of the library; one in twenty shares most with the one before it."""
    if number % 20 == 0:
        return keys_of(number - 1)[:50] + unique_keys(number, 10)
    return unique_keys(number, KEYS - PHRASES) + phrases(chance_of(number))


def unique_keys(seed: int, count: int) -> tuple[int, ...]:
    return struct.unpack(f"<{count}q", hashlib.shake_128(str(seed).encode()).digest(8 * count))


def phrases(chance: random.Random) -> tuple[int, ...]:
    """Keys of phrases that many use: the n-th in proportion to 1/n."""
    return tuple(phrase(rank) for rank in {int(_POOL ** chance.random()) for _ in range(PHRASES)})


@cache
def phrase(rank: int) -> int:
    return unique_keys(-rank, 1)[0]


def body_of(number: int) -> str:
    """The body of an article of the library; a copy has most of that of the one before it."""
    if number % 20 == 0:
        return copied(number - 1, f"body {number}")
    return words(f"body {number}", WORDS)


def copied(number: int, seed: str) -> str:
    kept = body_of(number).split()[: WORDS * 5 // 6]
    return " ".join((*kept, words(seed, WORDS // 6)))


def words(seed: str, count: int) -> str:
    chance = chance_of(seed)
    return " ".join(f"word{int(_POOL ** chance.random())}" for _ in range(count))


def reported(number: int) -> datetime:
    return _BEGAN + timedelta(days=(number - 1) // _A_DAY, seconds=(number % _A_DAY) * 150)


def twins(articles: int) -> range:
    """Articles that fresh ones may copy: those of ten days in the middle."""
    first = 1 + articles // 2 // _A_DAY * _A_DAY
    return range(first, min(first + _FRESH_DAYS * _A_DAY, articles))


def fill(address: str, articles: int) -> None:
    """Write all rows that looking for candidates, relating and telling stories read."""
    engine = create_engine(address)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = FILE"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        write_rows(connection, articles)
        write_bodies(connection, articles)
        write_keys(connection, articles)
        connection.commit()
    settle(engine)
    engine.dispose()


def write_rows(connection: Connection, articles: int) -> None:
    sqlite = connection.dialect.name == "sqlite"
    moment = (
        "datetime({epoch} + ((n - 1) / 550) * 86400 + (n % 550) * 150, 'unixepoch') || '.000000'"
        if sqlite
        else "to_timestamp({epoch} + ((n - 1) / 550) * 86400 + (n % 550) * 150)"
    ).format(epoch=int(_BEGAN.timestamp()))
    numbers = (
        f"WITH RECURSIVE bench(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM bench WHERE n < {articles})"  # noqa: S608
        if sqlite
        else f"WITH bench(n) AS (SELECT generate_series(1, {articles}))"
    )
    digest = "CAST(printf('%016d', n) AS BLOB)" if sqlite else "decode(md5(n::text), 'hex')"
    word = "CAST(n AS TEXT)"
    story = "n - (CASE WHEN n % 20 = 0 THEN 1 ELSE 0 END)"
    tables: dict[str, dict[str, str]] = {
        "hosts": {"name": f"'h' || {word} || '.example'"},
        "documents": {
            "url_digest": digest,
            "canonical_url": f"'https://h.example/' || {word}",
            "host_id": "1 + n % 900",
        },
        "attempts": {"key": word, "document_id": "n"},
        "captures": {"attempt_id": "n", "file": word, "payload_digest": f"'p' || {word}", "captured_at": moment},
        "articles": {"document_id": "n", "latest": "1"},
        "article_versions": {
            "article_id": "n",
            "number": "1",
            "capture_id": "n",
            "reported_at": moment,
            "text_digest": f"'t' || {word}",
            "language": "'en'",
            "access": "'full'",
        },
        "sightings": {"capture_id": "n", "version_id": "n", "verdict": "'new'"},
        "clusters": {"representative_id": "n"},
        "cluster_members": {"article_id": "n", "cluster_id": story, "score": "1.0"},
    }
    for name, values in tables.items():
        rows = "bench WHERE n <= 900" if name == "hosts" else "bench"
        write(connection, name, values, (numbers, moment, rows))
    related = {"article_id": "n - 1", "other_id": "n", "kind": "'copy'", "signal": "'grams'", "score": "0.9"}
    related |= {"evidence": "'51 of the 60 five-word runs of the shorter text stand in the longer one'"}
    write(connection, "relations", related, (numbers, moment, "bench WHERE n % 20 = 0"))


def write(connection: Connection, name: str, values: dict[str, str], source: tuple[str, str, str]) -> None:
    """Fill a table from numbers; columns that are not named get something of their type."""
    numbers, moment, rows = source
    table = Base.metadata.tables[name]
    told = {column.name: "n" for column in table.columns if column.name == "id"} | values
    for column in table.columns:
        if column.name not in told and not column.nullable and column.server_default is None:
            told[column.name] = _plain(column.type, moment, sqlite=connection.dialect.name == "sqlite")
    columns, expressions = ", ".join(told), ", ".join(told.values())
    body = f"INSERT INTO {name} ({columns})", f"SELECT {expressions} FROM {rows}"  # noqa: S608 -- our own words
    connection.exec_driver_sql(f"{body[0]} {numbers} {body[1]}".replace("%", "%%" if _paramstyle(connection) else "%"))
    if connection.dialect.name == "postgresql" and "id" in told:
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608


def _paramstyle(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _plain(kind: Any, moment: str, *, sqlite: bool) -> str:
    if isinstance(kind, UtcDateTime):
        return moment
    if isinstance(kind, JSON):
        return "'[]'"
    if isinstance(kind, Boolean):
        return "0" if sqlite else "false"
    if isinstance(kind, LargeBinary):
        return "x''" if sqlite else "''::bytea"
    return "0" if isinstance(kind, Integer | Float) else "''"


def write_bodies(connection: Connection, articles: int) -> None:
    """Give those articles a body that can be candidates."""
    near = twins(articles)
    first, last = near.start - _AROUND * _A_DAY, near.stop + _AROUND * _A_DAY
    rows = [{"id": number, "body": body_of(number)} for number in range(max(first, 1), min(last, articles + 1))]
    connection.execute(text("UPDATE article_versions SET body = :body WHERE id = :id"), rows)


def write_keys(connection: Connection, articles: int) -> None:
    """The two tables of keys, the index in its own order."""
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany("INSERT INTO signal_keys (version_id, signal, keys) VALUES (?, ?, ?)", packed_keys(articles))
        cursor.execute("CREATE TEMP TABLE unsorted (key INTEGER, day INTEGER, version_id INTEGER)")
        cursor.executemany("INSERT INTO unsorted VALUES (?, ?, ?)", index_rows(articles))
        cursor.execute("INSERT INTO key_index SELECT key, day, version_id FROM unsorted ORDER BY 1, 2, 3")
        cursor.execute("DROP TABLE unsorted")
        return
    cursor.execute("ALTER TABLE key_index DROP CONSTRAINT pk_key_index")
    with cursor.copy("COPY signal_keys (version_id, signal, keys) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in packed_keys(articles):
            copy.write_row(row)
    with cursor.copy("COPY key_index (key, day, version_id) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for key, day, number in index_rows(articles):
            copy.write(f"{key}\t{day}\t{number}\n")
    cursor.execute("ALTER TABLE key_index ADD CONSTRAINT pk_key_index PRIMARY KEY (key, day, version_id)")


def packed_keys(articles: int) -> Iterator[tuple[int, str, bytes]]:
    for number in range(1, articles + 1):
        yield number, "grams", pack(keys_of(number))


def index_rows(articles: int) -> Iterator[tuple[int, int, int]]:
    for number in range(1, articles + 1):
        day = day_number(reported(number))
        for key in indexed({"grams": keys_of(number)}):
            yield key, day, number


def settle(engine: Any) -> None:
    """What a library does now and then by itself: statistics, and on PostgreSQL the visibility map."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")


def size(connection: Connection, table: str) -> int:
    if connection.dialect.name == "postgresql":
        return int(connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table}')").scalar() or 0)
    names = f"SELECT name FROM sqlite_master WHERE tbl_name = '{table}'"  # noqa: S608 -- our own words
    return int(connection.exec_driver_sql(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({names})").scalar() or 0)  # noqa: S608
