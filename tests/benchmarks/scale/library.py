"""A library of a million articles, filled table by table from numbers, for `plans`, `growth` and `writers`.

Of N articles: 1.3 N documents on hosts of the sizes of a real archive (`hosts`), ten attempts at each article's
document (few have most), 1.5 captures, 1.2 versions, 0.75 events with 1.3 source links, ten event links, thirty keys
in the index of keys. Days grow denser towards the end; a fifth of the documents was never asked for, an eighth failed,
a third of the others is due. Bodies and searched texts are short: what their words cost is a matter of disk, not of
plans (`growth` says how much). Of a thousand documents the digests are real, so that they can be asked for by URL.

Everything is made by the database from numbers, so that it takes minutes; indexes go first and are built again at the
end, as one restores a dump. With ``documents`` and no articles it is a frontier of that size and nothing else.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hosts import bounds
from sqlalchemy import Connection, Engine, create_engine, make_url, text

sys.path.insert(0, str(Path(__file__).parents[1]))
from story_library import write

from storage import open_store
from storage.sql.columns import short_digest
from storage.sql.packing import pack_entry
from storage.types import EntryOrigin, EventEntry

DAYS = 6_205
EPOCH_DAY = 12_418
"""2004-01-01, in days since 1970."""
ASKED_FOR = 1_000
_FIRST = EPOCH_DAY * 86_400
_PAGE = "2009/05/04/story-of-the-harbour-and-the-ferry-that-ran-aground-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much there is of what, from the number of articles."""

    articles: int
    documents: int
    attempts: int = 0

    @classmethod
    def of(cls, articles: int, documents: int = 0) -> Size:
        """The usual proportions; with ``documents``, so many without articles."""
        return cls(articles=articles, documents=documents or articles * 13 // 10, attempts=articles * 10)

    @property
    def captures(self) -> int:
        return self.articles * 3 // 2

    @property
    def versions(self) -> int:
        return self.articles * 6 // 5

    @property
    def events(self) -> int:
        return max(1, self.articles * 3 // 4)

    @property
    def links(self) -> int:
        return self.articles * 10

    @property
    def days(self) -> int:
        """Rows of daily counts."""
        return self.articles


@contextmanager
def on_server(server: str) -> Iterator[str]:
    """A database that is made for this and dropped."""
    name = f"dateline_scale_{uuid.uuid4().hex[:8]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def build(address: str, size: Size, *, told: bool = True) -> None:
    """Make the library at an address where there is none."""
    begun = time.monotonic()
    open_store(address, upgrade=True).close()
    engine = create_engine(address)
    with engine.begin() as connection:
        _prepare(connection)
        rebuilt = _without_indexes(connection)
        _hosts(connection, size)
        for table, values, rows in _tables(connection, size):
            _fill(connection, table, values, rows, told=told)
        due = "SELECT host_id, min(next_fetch_at) AS at FROM documents GROUP BY host_id"
        connection.exec_driver_sql(f"UPDATE hosts SET due_at = first.at FROM ({due}) AS first WHERE host_id = hosts.id")  # noqa: S608 -- our own words
        for statement in rebuilt:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        _give_digests(connection)
    settle(engine)
    engine.dispose()
    if told:
        print(f"  filled in {time.monotonic() - begun:.0f} s", flush=True)


def _fill(connection: Connection, table: str, values: dict[str, str], rows: tuple[int, str], *, told: bool) -> None:
    begun, (count, joined) = time.monotonic(), rows
    if count:
        write(connection, table, values, (_numbers(connection, count), _moment(connection, "n"), f"bench {joined}"))
    if told and time.monotonic() - begun > 1:
        print(f"    {table}: {count:,} rows in {time.monotonic() - begun:.0f} s", flush=True)


def _prepare(connection: Connection) -> None:
    if is_sqlite(connection):
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = FILE"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        return
    for setting in ("session_replication_role = replica", "maintenance_work_mem = '768MB'", "work_mem = '128MB'"):
        connection.exec_driver_sql(f"SET {setting}")
    connection.exec_driver_sql("SET synchronous_commit = off")


def _without_indexes(connection: Connection) -> list[str]:
    """Drop what PostgreSQL would keep up to date row by row; returns the statements that bring it back."""
    if is_sqlite(connection):
        return []
    keys = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY contype <> 'f'"
    ).all()
    plain = connection.exec_driver_sql(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ).all()
    for table, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in plain:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    back = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}" for table, name, what in keys]
    # Keys of other tables come last, as they need the keys that they refer to; nobody breaks them meanwhile.
    back.sort(key=lambda statement: "FOREIGN KEY" in statement)
    back = [f"{one} NOT VALID" if "FOREIGN KEY" in one else one for one in back]
    return [*(statement for _, statement in plain), *back]


def _hosts(connection: Connection, size: Size) -> None:
    """Hosts, and a table of which document is whose: those of a host are spread over all numbers."""
    ends = bounds(size.documents)
    rows = [(number, end) for number, end in enumerate(ends, start=1)]
    cursor = connection.connection.cursor()
    if is_sqlite(connection):
        cursor.execute("CREATE TEMP TABLE owner (place INTEGER PRIMARY KEY, host INTEGER)")
        cursor.executemany("INSERT INTO owner VALUES (?, ?)", _owners(ends))
    else:
        cursor.execute("CREATE TEMP TABLE host_ends (host BIGINT, last BIGINT)")
        with cursor.copy("COPY host_ends FROM STDIN") as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "CREATE TEMP TABLE owner AS SELECT row_number() OVER (ORDER BY (n * 2654435761) % 4294967296, n) AS place,"
            " host FROM (SELECT host, last, coalesce(lag(last) OVER (ORDER BY host), 0) AS first FROM host_ends) AS e,"
            " generate_series(first + 1, last) AS n"
        )
        cursor.execute("ALTER TABLE owner ADD PRIMARY KEY (place)")
    cursor.close()
    _fill(connection, "hosts", {"name": "'h' || n || '.example'"}, (len(ends), ""), told=False)


def _owners(ends: list[int]) -> Iterator[tuple[int, int]]:
    hosts = [host for host, end in enumerate(ends, start=1) for _ in range(end - (ends[host - 2] if host > 1 else 0))]
    order = sorted(range(len(hosts)), key=lambda n: (n * 2_654_435_761) % 4_294_967_296)
    return ((place, hosts[number]) for place, number in enumerate(order, start=1))


def _tables(connection: Connection, size: Size) -> Iterator[tuple[str, dict[str, str], tuple[int, str]]]:
    """Table, its columns, how many rows and from what else."""
    yield from _web(connection, size)
    if size.articles:
        yield from _newsroom(connection, size)
        yield from _events(connection, size)
        yield from _operations(connection, size)


def _web(connection: Connection, size: Size) -> Iterator[tuple[str, dict[str, str], tuple[int, str]]]:
    url = f"'https://h' || host || '.example/{_PAGE}' || n || '.html'"
    tried = f"n <= {size.articles}" if size.articles else f"{scattered('n')} < 0.8"
    chance = scattered("n", 40_503)
    due = _moment(connection, "n", f"(CASE WHEN {chance} < 0.4 THEN {chance} ELSE 40.0 * {chance} END) * 86400")
    yield (
        "documents",
        {
            "id": "n",
            "url_digest": "CAST(printf('%016d', n) AS BLOB)"
            if is_sqlite(connection)
            else "decode(md5(n::text), 'hex')",
            "canonical_url": url,
            "request_url": url,
            "url_key": f"'example,h' || host || ')/{_PAGE}' || n || '.html'",
            "host_id": "host",
            "last_outcome": f"CASE WHEN {tried} THEN CASE WHEN {chance} < 0.12 THEN 'timeout' ELSE 'fetched' END END",
            "attempts": f"CASE WHEN {tried} THEN 1 ELSE 0 END",
            "failures": f"CASE WHEN {tried} AND {chance} < 0.12 THEN 1 ELSE 0 END",
            "next_fetch_at": f"CASE WHEN {chance} < 0.8 THEN {due} END",
            "reported_at": _moment(connection, "n"),
        },
        (size.documents, "JOIN owner ON owner.place = n"),
    )
    drawn = f"1 + CAST({size.documents} * {scattered('n', 69_069)} * {scattered('n', 69_069)} AS INTEGER)"
    yield (
        "attempts",
        {
            "key": "'00000000000000000000000' || n" if is_sqlite(connection) else "md5(n::text)",
            "document_id": f"CASE WHEN n <= {size.captures} THEN 1 + n % {max(1, size.articles)} ELSE {drawn} END",
            "reason": "'refresh'",
            "outcome": f"CASE WHEN n <= {size.captures} THEN 'fetched' ELSE 'not_modified' END",
            "request_url": f"'https://h.example/{_PAGE}' || n",
            "final_url": f"'https://h.example/{_PAGE}' || n",
            "status": "200",
            "run_token": "'run-' || n / 5000",
            "next_fetch_at": _moment(connection, "n"),
        },
        (size.attempts, ""),
    )
    yield (
        "captures",
        {
            "attempt_id": "n",
            "kind": "'live'",
            "url": f"'https://h.example/{_PAGE}' || n",
            "status": "200",
            "headers": f"'{json.dumps([['content-type', 'text/html'], ['server', 'nginx'], ['etag', 'a' * 24]])}'",
            "media_type": "'text/html'",
            "payload_digest": "'sha256:' || " + ("n" if is_sqlite(connection) else "md5(n::text) || md5((-n)::text)"),
            "file": "'dateline-20260301-' || n / 20000 || '.warc.gz'",
            "record_offset": "(n % 20000) * 20000",
            "record_length": "20000",
            "record_id": "'urn:uuid:00000000-0000-0000-0000-' || n",
        },
        (size.captures, ""),
    )


def _newsroom(connection: Connection, size: Size) -> Iterator[tuple[str, dict[str, str], tuple[int, str]]]:
    many = size.articles
    again = many // 5
    day = f"{EPOCH_DAY} + {_day('n', many)}"
    reported = _day(f"CASE WHEN n <= {many} THEN n ELSE n - {many} END", many)
    yield (
        "articles",
        {
            "document_id": "n",
            "latest": f"CASE WHEN n <= {again} THEN 2 ELSE 1 END",
            "compare_pending": _truth(connection, f"n > {many - 200}"),
            "link_pending": _truth(connection, f"n > {many - 200}"),
        },
        (many, ""),
    )
    yield (
        "article_versions",
        {
            "article_id": f"CASE WHEN n <= {many} THEN n ELSE n - {many} END",
            "number": f"CASE WHEN n <= {many} THEN 1 ELSE 2 END",
            "capture_id": "n",
            "reported_at": _moment(connection, "n", f"({reported} - {DAYS}) * 86400"),
            "headline": "'Ferry ' || n || ' aground off Lind harbour'",
            "body": "'The ferry Lind Star ran aground off the harbour this morning, its operator said; nobody was"
            " hurt. ' || n",
            "text_digest": "'t' || n",
            "language": "'en'",
            "access": "'full'",
            "evidence": "'{}'",
            "agency": "CASE WHEN n % 7 = 0 THEN 'Reuters' ELSE '' END",
        },
        (size.versions, ""),
    )
    yield (
        "sightings",
        {
            "capture_id": "n",
            "version_id": f"CASE WHEN n <= {size.versions} THEN n ELSE n - {size.versions} END",
            "verdict": f"CASE WHEN n <= {many} THEN 'new' ELSE 'revisit' END",
        },
        (size.captures, ""),
    )
    yield "clusters", {"representative_id": "n"}, (many, "")
    yield (
        "cluster_members",
        {"article_id": "n", "cluster_id": "n - (CASE WHEN n % 20 = 0 THEN 1 ELSE 0 END)", "score": "1.0"},
        (many, ""),
    )
    related = {"article_id": "n - 1", "other_id": "n", "kind": "'copy'", "signal": "'grams'", "score": "0.9"}
    yield "relations", related, (many, "WHERE n % 20 = 0")
    packed = "zeroblob(480)" if is_sqlite(connection) else "decode(repeat(md5(n::text), 30), 'hex')"
    yield "signal_keys", {"version_id": "n", "signal": "'grams'", "keys": packed}, (many, "")
    of_version = "1 + (n - 1) / 30"
    yield (
        "key_index",
        {
            "key": f"CASE WHEN n % 15 = 0 THEN CAST(20000 * {scattered('n', 40_503)} * {scattered('n', 40_503)}"
            " AS INTEGER) ELSE n * 2654435761 % 4294967296 - 2147483648 END",
            "day": f"{EPOCH_DAY} + {_day('1 + (n - 1) / 30', many)}",
            "version_id": of_version,
        },
        (many * 30, ""),
    )
    words = " || ' w' || ".join(f"(n * {factor} % {span})" for factor, span in _WORDS)
    yield "article_texts", {"article_id": "n", "day": day, "text": f"'w' || {words}"}, (many, "")
    yield (
        "host_lines",
        {"host_id": "host", "line": "n * 2654435761 % 4294967296", "document_id": "place"},
        (many * 3, f"JOIN owner ON owner.place = 1 + n % {many}"),
    )


_WORDS = ((7919, 97), (104_729, 499), (1_299_709, 1_999), (15_485_863, 4_999), (32_452_843, 19_997), (49_979_687, 997))


def _events(connection: Connection, size: Size) -> Iterator[tuple[str, dict[str, str], tuple[int, str]]]:
    many = size.events
    day = _day("n", many)
    at = f"date('2004-01-01', '+' || ({day}) || ' days')" if is_sqlite(connection) else f"date '2004-01-01' + {day}"
    form = f"strftime('%Y/%m/%d', {at})" if is_sqlite(connection) else f"to_char({at}, 'YYYY/MM/DD')"
    key = f"{form} || '/story-' || n"
    said = {"revision": "1", "key": key}
    yield (
        "events",
        {**said, "event_date": at, "headline": "'Story ' || n", "headline_folded": "'story ' || n"},
        (many, ""),
    )
    yield "event_keys", {**said, "event_id": "n", "digest": "'d' || n"}, (many, "")
    entry = EventEntry(
        key="k",
        event_date=date(2009, 5, 4),
        headline="Story",
        headline_raw="Story",
        origin=EntryOrigin(name="day.md", line=1, format="event page"),
        entities=("Lind", "Harbour Post"),
    )
    told = json.dumps(pack_entry(entry), separators=(",", ":"))
    yield (
        "event_revisions",
        {"event_id": "n", "number": "1", "key_id": "n", "digest": "'d' || n", "entry": f"'{told}'"},
        (many, ""),
    )
    cited = many * 13 // 10
    yield (
        "source_links",
        {
            "event_id": f"1 + n % {many}",
            "key_id": f"1 + n % {many}",
            "position": f"1 + n / {many}",
            "label": "'Harbour Post'",
            "cited_url": f"'https://h.example/{_PAGE}' || n",
            "kind": "'article'",
            "document_id": f"1 + n % {size.documents}",
        },
        (cited, ""),
    )
    words = "'story w' || (n * 7919 % 4999)"
    yield "event_texts", {"event_id": "n", "day": f"{EPOCH_DAY} + {day}", "text": words}, (many, "")
    rare = f"CAST(9000 * {scattered('n')} * {scattered('n')} AS INTEGER)"
    yield (
        "event_entities",
        {"entity": f"'entity ' || {rare}", "event_id": "1 + n / 3"},
        (many * 3 - 3, "WHERE n % 3 = 0"),
    )
    turn = f"((n - 1) / {size.articles})"
    yield (
        "event_links",
        {
            "event_id": f"1 + ((n - 1) % {size.articles} * 3 / 4 + {turn} * 37) % {many}",
            "article_id": f"1 + (n - 1) % {size.articles}",
            "how": f"CASE WHEN {turn} = 0 THEN 'citation' ELSE 'content' END",
            "score": "0.7",
            "evidence": "'shares ferry, harbour, Lind; 2 days apart'",
            "state": f"CASE WHEN {turn} < 2 THEN 'linked' ELSE 'proposed' END",
        },
        (size.links, ""),
    )


def _operations(connection: Connection, size: Size) -> Iterator[tuple[str, dict[str, str], tuple[int, str]]]:
    hosts = len(bounds(size.documents))
    yield (
        "host_days",
        {
            "day": f"{EPOCH_DAY + DAYS} - n / {max(1, hosts // 10)}",
            "host_id": f"1 + n % {max(1, hosts // 10)}",
            "archive": "''",
            "outcome": "'fetched'",
            "attempts": "9",
        },
        (size.days, ""),
    )
    yield (
        "backfills",
        {
            "document_id": f"{size.articles} + n",
            "state": "'waiting'",
            "reason": "'gone'",
            "next_at": _moment(connection, "n"),
        },
        (size.documents - size.articles, ""),
    )
    yield (
        "runs",
        {
            "token": "'run-' || n",
            "command": "'dateline crawl'",
            "state": "'finished'",
            "counts": "'{}'",
            "job": "CASE WHEN n % 2 = 0 THEN 'crawl' ELSE '' END",
            "finished_at": _moment(connection, "n"),
        },
        (50_000, ""),
    )


def _give_digests(connection: Connection) -> None:
    """Let some documents be found by their URLs."""
    asked = text("SELECT id, canonical_url FROM documents ORDER BY id LIMIT :most")
    rows = [
        {"number": number, "digest": short_digest(url)}
        for number, url in connection.execute(asked, {"most": ASKED_FOR}).all()
    ]
    connection.execute(text("UPDATE documents SET url_digest = :digest WHERE id = :number"), rows)


def settle(engine: Engine) -> None:
    """Give the planner its statistics."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if is_sqlite(connection) else "VACUUM ANALYZE")


# -- expressions -----------------------------------------------------------------------------------------------------


def scattered(number: str, factor: int = 2_654_435_761) -> str:
    """A number from 0 to 1 that looks like chance."""
    return f"((({number}) * {factor} % 1000003) / 1000003.0)"


def _numbers(connection: Connection, count: int) -> str:
    if is_sqlite(connection):
        return f"WITH RECURSIVE bench(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM bench WHERE n < {count})"  # noqa: S608 -- our own words
    return f"WITH bench(n) AS (SELECT generate_series(1, {count}::bigint))"


def _day(number: str, many: int) -> str:
    """Days grow denser: the number of documents of a day rises in proportion to its distance from the first."""
    return f"CAST({DAYS - 1} * sqrt(({number}) * 1.0 / {many}) AS INTEGER)"


def _moment(connection: Connection, number: str, seconds: str = "") -> str:
    """A moment of our years; with ``seconds``, so long after the last day."""
    at = f"{_FIRST + DAYS * 86_400} + {seconds}" if seconds else f"{_FIRST} + ({number}) % {DAYS * 24} * 3600"
    if is_sqlite(connection):
        return f"datetime(CAST({at} AS INTEGER), 'unixepoch') || '.000000'"
    return f"to_timestamp(({at})::double precision)"


def _truth(connection: Connection, condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END" if is_sqlite(connection) else f"({condition})"


def is_sqlite(connection: Any) -> bool:
    return bool(connection.dialect.name == "sqlite")
