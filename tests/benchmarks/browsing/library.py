"""A library as readers meet it: events with several sources, articles with whole bodies, archived copies, runs.

    python tests/benchmarks/browsing/library.py sqlite:////tmp/library.db [--events 70000] [--articles 100000]

Makes it at the URL of a database without a schema, the same each time. Of N articles: 1.6 N documents on hosts of the
sizes of a real archive (`hosts`), cited 2.1 N times; bodies of 420 words in the middle, drawn from 60,000 words by
Zipf's law; nine languages, a third credited to one of twelve agencies, a fifth out of an archive, a twelfth teasers;
links by content, proposed ones among them; a run a day with counts by host. Its WARC files do not exist. Rows are put
into the tables as they are, indexes over words are built at the end: the store itself would take an hour.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Date, Double, Integer, LargeBinary, create_engine, inspect, text

sys.path.insert(0, str(Path(__file__).parents[1] / "scale"))
from hosts import bounds

from storage import open_store
from storage.searching import article_text, day_number, event_text, folded_entities, rest_of
from storage.sql.bulk import add_rows
from storage.sql.columns import UtcDateTime, short_digest
from storage.sql.mementos import pack_memento
from storage.sql.models import (
    ArticleRow,
    ArticleTextRow,
    ArticleVersionRow,
    AttemptRow,
    Base,
    CaptureRow,
    ClusterMemberRow,
    ClusterRow,
    DocumentRow,
    EventEntityRow,
    EventKeyRow,
    EventLinkRow,
    EventRevisionRow,
    EventRow,
    EventTextRow,
    HostDayRow,
    HostRow,
    RunRow,
    SightingRow,
    SourceLinkRow,
)
from storage.sql.packing import pack_entry
from storage.types import Article, DigestCheck, EntryOrigin, EventEntry, Memento

Row = dict[str, Any]

DAYS = 6_205
FIRST = date(2009, 1, 1)
WORDS = 60_000
LANGUAGES = {"en": 72, "de": 8, "fr": 6, "es": 5, "ar": 3, "it": 2, "pt": 2, "nl": 1, "sv": 1}
AGENCIES = {"": 200, **{f"{name} Wire": 40 // rank for rank, name in enumerate(("Lantern", "Kite", "Heron"), 1)}}
AGENCIES |= {f"Agency {number}": 4 for number in range(9)}
TOLD = {"fetched": 78, "not_modified": 14, "teaser": 8}
UNTOLD = {"gone": 34, "timeout": 12, "soft_404": 12, "no_article": 12, "blocked": 10, "dns": 10, "consent_wall": 3}
TOPICS = [f"Topic {number}" for number in range(40)]
CATEGORIES = ["Politics", "Disasters", "Sport", "Law", "Science", "Business"]
_SLICE = 2_000_000
_AT_ONCE = 2_000
_REBUILD = "INSERT INTO {0} ({0}) VALUES ('rebuild')"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--events", type=int, default=70_000)
    parser.add_argument("--articles", type=int, default=100_000)
    options = parser.parse_args()
    build(options.url, events=options.events, articles=options.articles)


def build(url: str, *, events: int, articles: int, told: bool = True) -> None:
    """Make the library at the URL of an empty database."""
    begun = time.monotonic()
    open_store(url, upgrade=True).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        _prepare(connection)
        later = _without_words(connection)
        for table, rows in _tables(Library(events, articles)):
            started = time.monotonic()
            count = sum(_put(connection, table, piece) for piece in _pieces(rows))
            if told:
                print(f"  {table.__tablename__}: {count:,} rows, {time.monotonic() - started:.1f} s", flush=True)
        for statement in later:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        _go_on_counting(connection)
    _settle(engine)
    if told:
        print(f"made in {time.monotonic() - begun:.0f} s")


# -- what there is -----------------------------------------------------------------------------------------------------


class Library:
    """What stands in a library of this size, from numbers alone."""

    def __init__(self, events: int, articles: int) -> None:
        self.events, self.articles = events, articles
        self.documents = articles * 8 // 5
        self.ends = bounds(self.documents)
        drawn = _chance("hosts").sample(range(self.documents), self.documents)
        spread = [host for host, end in enumerate(self.ends) for _ in range(end - (self.ends[host - 1] if host else 0))]
        self.host_of = [spread[place] for place in drawn]

    def event_of(self, document: int) -> int:
        """The event that cites a document first."""
        return document * self.events // self.documents

    def day_of(self, event: int) -> date:
        """Days come one after the other, as events do."""
        return FIRST + timedelta(days=event * DAYS // self.events)

    def url_of(self, document: int) -> str:
        return f"https://host-{self.host_of[document]}.example/{self.day_of(self.event_of(document))}/story-{document}"

    def article_of(self, document: int) -> int | None:
        """Five of eight documents have an article."""
        whole, part = divmod(document, 8)
        return whole * 5 + part if part < 5 and whole * 5 + part < self.articles else None

    def document_of(self, article: int) -> int:
        return article // 5 * 8 + article % 5

    def cited(self, document: int) -> Iterator[int]:
        """The events that cite a document: one, of every third document another a little later."""
        event = self.event_of(document)
        yield event
        if document % 10 < 3 and event + 3 < self.events:
            yield event + 1 + document % 3


def _chance(seed: object) -> random.Random:
    return random.Random(str(seed))  # noqa: S311 -- the same library each time


@cache
def vocabulary() -> list[str]:
    """Words from the most frequent to the rarest."""
    chance = _chance("vocabulary")
    parts = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "on", "us")]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(chance.choices(parts, k=2 + (len(found) > 2_000) + chance.randrange(2)))] = None
    return list(found)


@cache
def _stream() -> list[str]:
    weights = list(accumulate(1 / (rank + 8) for rank in range(WORDS)))
    return _chance("stream").choices(vocabulary(), cum_weights=weights, k=_SLICE)


def words(seed: str, count: int) -> str:
    """So many words, as frequent as they are: a stretch of one long text."""
    start = _chance(seed).randrange(_SLICE - count)
    return " ".join(_stream()[start : start + count])


def _choice(chance: random.Random, weights: Mapping[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _moment(day: date, seconds: int = 36_000) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)


# -- rows --------------------------------------------------------------------------------------------------------------


def _tables(library: Library) -> Iterator[tuple[type[Base], Iterable[Row]]]:
    yield HostRow, ({"id": n + 1, "name": f"host-{n}.example"} for n in range(len(library.ends)))
    yield DocumentRow, _documents(library)
    yield EventRow, _events(library)
    yield EventKeyRow, ({"id": n + 1, "key": _key(library, n), "event_id": n + 1} for n in range(library.events))
    yield EventRevisionRow, _revisions(library)
    yield EventTextRow, _event_texts(library)
    yield EventEntityRow, _entities(library)
    yield SourceLinkRow, _sources(library)
    yield AttemptRow, _attempts(library)
    yield CaptureRow, _captures(library)
    yield from _newsroom(library)
    yield EventLinkRow, _links(library)
    yield from _operations(library)


def _documents(library: Library) -> Iterator[Row]:
    for n in range(library.documents):
        chance, url = _chance(f"document {n}"), library.url_of(n)
        has_article = library.article_of(n) is not None
        outcome = _choice(chance, TOLD if has_article else UNTOLD)
        is_tried = has_article or chance.random() < 0.8
        yield {
            "id": n + 1,
            "url_digest": short_digest(url),
            "canonical_url": url,
            "request_url": url,
            "url_key": f"example,{url[8:].replace('.example', ')', 1)}",
            "host_id": library.host_of[n] + 1,
            "added_at": _moment(library.day_of(library.event_of(n))),
            "last_outcome": outcome if is_tried else None,
            "last_attempt_at": _moment(library.day_of(library.event_of(n)), 40_000) if is_tried else None,
            "attempts": 2 if is_tried else 0,
            "failures": 0 if has_article else 2,
            "next_fetch_at": _moment(date(2026, 2, 1), n % 5_000_000),
        }


def _key(library: Library, n: int) -> str:
    day = library.day_of(n)
    return f"{day.year}/{day.month:02}/{day.day}/{words(f'key {n}', 4).replace(' ', '-')}-{n}"


def _entry(library: Library, n: int) -> EventEntry:
    chance = _chance(f"event {n}")
    headline = words(f"event {n}", 9).capitalize()
    return EventEntry(
        key=_key(library, n),
        event_date=library.day_of(n),
        headline=headline,
        headline_raw=headline,
        description=words(f"description {n}", 40),
        category=chance.choice(CATEGORIES),
        topics=(chance.choice(TOPICS),),
        entities=tuple(words(f"entity {chance.randrange(4_000)}", 2).title() for _ in range(3)),
        origin=EntryOrigin(name=f"{library.day_of(n)}.md", line=1 + n % 30, format="event page"),
    )


def _events(library: Library) -> Iterator[Row]:
    for n in range(library.events):
        entry = _entry(library, n)
        folded = entry.headline.casefold()
        own = {"event_date": entry.event_date, "headline": entry.headline, "headline_folded": folded}
        yield {"id": n + 1, "key": entry.key, **own, "revision": 1}


def _revisions(library: Library) -> Iterator[Row]:
    for n in range(library.events):
        packed = pack_entry(_entry(library, n))
        yield {"id": n + 1, "event_id": n + 1, "number": 1, "key_id": n + 1, "entry": packed}


def _event_texts(library: Library) -> Iterator[Row]:
    for n in range(library.events):
        yield {"event_id": n + 1, "day": day_number(library.day_of(n)), "text": event_text(_entry(library, n))}


def _entities(library: Library) -> Iterator[Row]:
    for n in range(library.events):
        for name in folded_entities(_entry(library, n).entities):
            yield {"entity": name, "event_id": n + 1}


def _sources(library: Library) -> Iterator[Row]:
    number = 0
    for n in range(library.documents):
        for event in library.cited(n):
            number += 1
            link = {"position": 1 + n % 4, "label": f"Host {library.host_of[n]}", "cited_url": library.url_of(n)}
            gone = _moment(date(2026, 1, 1)) if n % 50 == 0 else None
            ids = {"id": number, "event_id": event + 1, "key_id": event + 1, "document_id": n + 1}
            yield {**ids, **link, "kind": "article", "withdrawn_at": gone}


def _attempts(library: Library) -> Iterator[Row]:
    """Two at each document; the second brought what there is."""
    for n in range(library.documents):
        for turn in (0, 1):
            number, day = n * 2 + turn, library.day_of(library.event_of(n))
            brought = turn == 1 and library.article_of(n) is not None
            yield {
                "id": number + 1,
                "key": f"{number:032x}",
                "document_id": n + 1,
                "reason": "retry" if turn else "new",
                "outcome": "fetched" if brought else "timeout",
                "request_url": library.url_of(n),
                "final_url": library.url_of(n),
                "started_at": _moment(day, 39_000 + turn),
                "finished_at": _moment(day, 39_010 + turn),
                "status": 200 if brought else None,
                "archive": "lantern" if brought and _is_copy(n) else "",
            }


def _is_copy(document: int) -> bool:
    """A fifth of what there is comes out of an archive."""
    return document % 8 == 0


def _captures(library: Library) -> Iterator[Row]:
    for article in range(library.articles):
        n = library.document_of(article)
        seen, url = _moment(library.day_of(library.event_of(n)), 39_011), library.url_of(n)
        copy = f"http://lantern.example/{seen:%Y%m%d%H%M%S}id_/{url}"
        memento = Memento(
            archive="lantern",
            url=copy,
            page_url=url,
            captured_at=seen,
            requested_at=seen,
            digest_check=DigestCheck.MATCHES,
            public_url=copy.replace("id_", ""),
        )
        yield {
            "id": article + 1,
            "attempt_id": n * 2 + 2,
            "kind": "memento" if _is_copy(n) else "live",
            "url": copy if _is_copy(n) else url,
            "captured_at": seen,
            "fetched_at": seen,
            "status": 200,
            "headers": [["content-type", "text/html; charset=utf-8"], ["server", "nginx"], ["etag", f"{n:024x}"]],
            "media_type": "text/html",
            "payload_digest": f"sha256:{n:064x}",
            "payload_length": 60_000,
            "file": f"dateline-{seen:%Y%m%d}-{article // 5_000}.warc.gz",
            "record_offset": article % 5_000 * 20_000,
            "record_length": 19_000,
            "record_id": f"urn:uuid:{n:032x}",
            "memento": pack_memento(memento) if _is_copy(n) else None,
        }


def article(library: Library, number: int) -> Article:
    """The article of this number, from 0."""
    chance = _chance(f"article {number}")
    count = max(40, min(3_000, int(chance.lognormvariate(6.04, 0.6))))
    body = words(f"body {number}", count)
    sentences = ". ".join(body[start : start + 90] for start in range(0, len(body), 90))
    return Article(
        headline=words(f"headline {number}", 8).capitalize(),
        standfirst=words(f"standfirst {number}", 18).capitalize(),
        body=f"{sentences} rare{number // 3}",
        language=_choice(chance, LANGUAGES),
        agency=_choice(chance, AGENCIES),
    )


def _newsroom(library: Library) -> Iterator[tuple[type[Base], Iterable[Row]]]:
    every = range(1, library.articles + 1)
    yield ArticleRow, (_article_row(library, n) for n in range(library.articles))
    yield ArticleVersionRow, (_version(library, n) for n in range(library.articles))
    yield ArticleTextRow, (_text(library, n) for n in range(library.articles))
    yield SightingRow, ({"capture_id": n, "version_id": n, "verdict": "new"} for n in every)
    first = [n for n in every if n % 6]
    yield ClusterRow, ({"id": n, "representative_id": n} for n in first)
    member = {"score": 1.0}
    yield ClusterMemberRow, ({"article_id": n, "cluster_id": n if n % 6 else n - 1, **member} for n in every)


def _article_row(library: Library, n: int) -> Row:
    added = _moment(library.day_of(library.event_of(library.document_of(n))), 39_020)
    own = {"document_id": library.document_of(n) + 1, "latest": 1, "added_at": added}
    return {"id": n + 1, **own, "compare_pending": False, "link_pending": False}


def _reported(library: Library, n: int) -> datetime:
    return _moment(library.day_of(library.event_of(library.document_of(n))) + timedelta(days=n % 3 - 1), n % 86_400)


def _version(library: Library, n: int) -> Row:
    told, at = article(library, n), _reported(library, n)
    return {
        "id": n + 1,
        "article_id": n + 1,
        "number": 1,
        "capture_id": n + 1,
        "reported_at": at,
        "published_at": at,
        "published_precision": "minute",
        "headline": told.headline,
        "body": told.body,
        "standfirst": told.standfirst,
        "language": told.language,
        "agency": told.agency,
        "access": "teaser" if n % 12 == 0 else "full",
        "evidence": {"headline": "og:title", "body": "generic"},
        "text_digest": f"{n:064x}",
    }


def _text(library: Library, n: int) -> Row:
    told = article(library, n)
    text = article_text(told)
    return {"article_id": n + 1, "day": day_number(_reported(library, n)), "text": text, "rest": rest_of(told, text)}


def _links(library: Library) -> Iterator[Row]:
    for n in range(library.articles):
        document = library.document_of(n)
        cited = [event for event in library.cited(document) if document % 50]
        for event in cited:
            yield {"event_id": event + 1, "article_id": n + 1, "how": "citation", "score": 1.0, "state": "linked"}
        near = {max(0, min(library.events - 1, library.event_of(document) + by)) for by in (-2 - n % 3, 5 + n % 4)}
        for event in near.difference(cited):
            state = "linked" if n % 5 < 3 else "proposed"
            evidence = "shares ferry, harbour, Lind; 2 days apart"
            own = {"how": "content", "score": 0.7, "evidence": evidence, "state": state}
            yield {"event_id": event + 1, "article_id": n + 1, **own}


def _operations(library: Library) -> Iterator[tuple[type[Base], Iterable[Row]]]:
    yield RunRow, (_run(n) for n in range(DAYS))
    hosts = len(library.ends)
    busy = range(min(hosts, 20))
    outcomes = ("fetched", "timeout")
    yield (
        HostDayRow,
        (
            {"day": day_number(FIRST) + day, "host_id": host + 1, "archive": "", "outcome": one, "attempts": 9}
            for day in range(DAYS)
            for host in busy
            for one in outcomes
        ),
    )


def _run(n: int) -> Row:
    at = _moment(FIRST + timedelta(days=n))
    own = {"command": "dateline crawl --due", "machine": "host", "state": "finished", "job": "due", "exit_status": 0}
    times = {"started_at": at, "heartbeat_at": at, "finished_at": at + timedelta(minutes=40)}
    return {"id": n + 1, "token": f"run-{n}", **own, **times, "counts": {"fetched": 12, "timeout": 3}}


# -- writing -----------------------------------------------------------------------------------------------------------


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while piece := list(islice(rest, _AT_ONCE)):
        yield piece


def _put(connection: Connection, table: type[Base], rows: list[Row]) -> int:
    blank = _blank(table)
    add_rows(connection, table, [{**blank, **row} for row in rows])
    return len(rows)


@cache
def _blank(table: type[Base]) -> Row:
    """What must be in a row that says nothing."""
    columns = table.__table__.columns
    return {one.name: _nothing(one.type) for one in columns if not one.nullable and one.server_default is None}


def _nothing(kind: Any) -> Any:
    known = {UtcDateTime: _moment(FIRST), Date: FIRST, LargeBinary: b"", Boolean: False}
    known |= {BigInteger: 0, Integer: 0, Double: 0.0}
    for one, value in known.items():
        if isinstance(kind, one):
            return value
    return [] if type(kind).__name__ == "JSON" else ""


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for pragma in ("synchronous = OFF", "cache_size = -400000"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        return
    for setting in ("session_replication_role = replica", "maintenance_work_mem = '512MB'"):
        connection.exec_driver_sql(f"SET {setting}")
    connection.exec_driver_sql("SET synchronous_commit = off")


def _without_words(connection: Connection) -> list[str]:
    """Drop what keeps the indexes over words; returns the statements that bring them back, filled."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        names = ("fts_events", "fts_articles", "fts_bodies")
        return [_REBUILD.format(name) for name in names] + [sql for _, sql in found]
    kept = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'fts_%%'"
    found = connection.exec_driver_sql(kept).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _go_on_counting(connection: Connection) -> None:
    """Have PostgreSQL give the numbers behind those that were taken."""
    if connection.dialect.name != "postgresql":
        return
    for name in inspect(connection).get_table_names():
        sequence = connection.scalar(text(f"SELECT to_regclass('{name}_id_seq')"))
        if sequence:
            connection.exec_driver_sql(f"SELECT setval('{name}_id_seq', (SELECT coalesce(max(id), 1) FROM {name}))")  # noqa: S608 -- our own tables


def _settle(engine: Any) -> None:
    """As after some time at work: statistics, and nothing left in journals."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


if __name__ == "__main__":
    main()
