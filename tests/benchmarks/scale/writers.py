"""How many pages a second one PostgreSQL stores with one, two, four and eight writers, and what bounds it.

    python tests/benchmarks/scale/writers.py [--articles 100000] [--writers 1 2 4 8] [--batches 20 100] [--seconds 8]
        [--address postgresql+psycopg://...] [--server postgresql+psycopg://postgres@127.0.0.1:5432/postgres]

A library of `library` is filled (``--address``: one that is there is used and kept). Each writer is a process with a
connection of its own, as a worker is, and stores batches of pages one after another: a body of 480 words, sixty keys
with four common phrases, twelve lines of its host's frame, a capture with headers; one page in twenty is a copy of
the one before it. The verdicts are those of `crawler.dedup`. Results are made beforehand: fetching and extracting are
other processors' work.

Told are pages a second of all writers together; of one page the milliseconds during which the lock of all writers was
held, and of them those in which the server worked on statements (``database``), those in which the commit waited for
the disk (``commit``), and the rest, which is Python between statements; the share of the time that writers waited for
one another; statements and bytes of WAL a page. The named baseline is one writer in the same run. The bound is what
one page holds the lock, whatever the number of writers.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from importlib import util
from pathlib import Path
from typing import Any, NamedTuple

from library import EPOCH_DAY, Size, build, on_server
from sqlalchemy import create_engine, event, text

sys.path.insert(0, str(Path(__file__).parents[1]))
from story_library import KEYS, PHRASES, WORDS, chance_of, phrases, unique_keys, words

from crawler.dedup import decide
from storage import open_store
from storage.searching import day_of
from storage.types import Access, Article, DatedTime, DatePrecision

_FACTORIES = Path(__file__).parents[2] / "contract" / "store_factories.py"
_SPEC = util.spec_from_file_location("store_factories", _FACTORIES)
assert _SPEC is not None
assert _SPEC.loader is not None
make = util.module_from_spec(_SPEC)
sys.modules["store_factories"] = make
_SPEC.loader.exec_module(make)


class _Asked(NamedTuple):
    """What a result reads of its document."""

    id: int
    request_url: str


_HOSTS, _FRAME, _EDGES = 200, 40, 12
_WARM = 2
_PATIENCE_S = 300
_FASTEST = 250
"""Pages a second for which enough are prepared."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--batches", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--address", default="")
    parser.add_argument("--server", default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    options = parser.parse_args()
    if options.address:
        measure(options.address, options)
        return
    with on_server(options.server) as address:
        build(address, Size.of(options.articles))
        measure(address, options)


def measure(address: str, options: argparse.Namespace) -> None:
    print(f"{'writers':>7} {'batch':>5} {'pages/s':>8} {'ratio':>6} | a page, ms: {Spent.header()}", flush=True)
    for batch in options.batches:
        alone = 0.0
        for writers in options.writers:
            rate, spent, wal = together(address, writers, batch, options.seconds)
            alone = alone or rate
            line = f"{writers:>7} {batch:>5} {rate:>8.1f} {rate / alone:>6.2f} | {spent.told()}"
            print(f"{line} WAL {wal / max(1, spent.pages) / 1000:.1f} kB", flush=True)


def together(address: str, writers: int, batch: int, seconds: float) -> tuple[float, Spent, float]:
    """Let so many writers store for so long; pages a second, where the time went, bytes of WAL."""
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager:
        ready, told = manager.Barrier(writers + 1), manager.Queue()
        run = f"{time.time_ns():x}"
        pages = batch * 4 + int(seconds * _FASTEST / writers)
        given = [(address, f"{run}-{number}", batch, pages, seconds, ready, told) for number in range(writers)]
        working = [context.Process(target=write, args=one) for one in given]
        for process in working:
            process.start()
        ready.wait(_PATIENCE_S)
        before, begun = wal_of(address), time.monotonic()
        spent = [told.get(timeout=_PATIENCE_S) for _ in working]
        took, written = time.monotonic() - begun, wal_of(address) - before
        for process in working:
            process.join()
    total = Spent.sum(spent)
    return total.pages / took, total, written


def wal_of(address: str) -> float:
    """Bytes that the server has written so far, for all its databases."""
    engine = create_engine(address)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"))
    engine.dispose()
    return float(found or 0)


# -- one writer ------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class Spent:
    """Where the seconds of a writer, or of all, went."""

    pages: int = 0
    statements: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    held: float = 0.0
    database: float = 0.0
    commit: float = 0.0
    processor: float = 0.0
    server: float = 0.0

    @classmethod
    def sum(cls, parts: list[Spent]) -> Spent:
        return cls(**{one.name: sum(getattr(part, one.name) for part in parts) for one in fields(cls)})

    @staticmethod
    def header() -> str:
        return "held  database  commit  Python | CPU here, server | waited statements"

    def told(self) -> str:
        pages = max(1, self.pages)
        held, database, commit = (1000 * one / pages for one in (self.held, self.database, self.commit))
        here, server = 1000 * self.processor / pages, 1000 * self.server / pages
        waited = self.waited / max(self.seconds, 1e-9)
        times = f"{held:>16.2f} {database:>8.2f} {commit:>8.2f} {held - database - commit:>7.2f}"
        return f"{times} | {here:>8.2f} {server:>7.2f} | {waited:>6.0%} {self.statements / pages:>8.1f}"


class Clock:
    """Watches the statements of one store."""

    def __init__(self, store: Any) -> None:
        self.spent = Spent()
        self._begun = self._taken = 0.0
        self._engine = store._engine
        event.listen(self._engine, "before_cursor_execute", self._before)
        event.listen(self._engine, "after_cursor_execute", self._after)
        commit = self._engine.dialect.do_commit

        def timed(connection: Any) -> None:
            begun = time.perf_counter()
            commit(connection)
            ended = time.perf_counter()
            if self._taken:
                self.spent.commit += ended - begun
                self.spent.held += ended - self._taken
                self._taken = 0.0

        self._engine.dialect.do_commit = timed
        with self._engine.connect() as connection:
            self._server = Path(f"/proc/{connection.exec_driver_sql('SELECT pg_backend_pid()').scalar()}/schedstat")

    def _before(self, *_told: object) -> None:
        self._begun = time.perf_counter()

    def _after(self, _connection: Any, _cursor: Any, statement: str, *_told: object) -> None:
        ended = time.perf_counter()
        self.spent.statements += 1
        if "pg_advisory_xact_lock" in statement:
            self.spent.waited += ended - self._begun
            self._taken = ended
        else:
            self.spent.database += ended - self._begun

    def server(self) -> float:
        return int(self._server.read_text().split()[0]) / 1e9 if self._server.exists() else 0.0


def write(address: str, name: str, batch: int, pages: int, seconds: float, ready: Any, told: Any) -> None:
    """Store batches until the time is over."""
    with open_store(address) as store:
        results = prepared(store, name, pages)
        pieces = [results[start : start + batch] for start in range(0, len(results) - batch + 1, batch)]
        for piece in pieces[:_WARM]:
            assert not any(one.error for one in store.archive(piece, decide=decide, now=make.NOW))
        clock = Clock(store)
        ready.wait(_PATIENCE_S)
        begun, processor, server = time.monotonic(), time.process_time(), clock.server()
        for piece in pieces[_WARM:]:
            if time.monotonic() - begun > seconds:
                break
            assert not any(one.error for one in store.archive(piece, decide=decide, now=make.NOW))
            clock.spent.pages += len(piece)
        clock.spent.seconds = time.monotonic() - begun
        clock.spent.processor = time.process_time() - processor
        clock.spent.server = clock.server() - server
        told.put(clock.spent)


def prepared(store: Any, name: str, pages: int) -> list[Any]:
    """Results of so many pages of documents of their own."""
    paths = [(f"/{name}/{number}", f"h{1 + number % _HOSTS}.example") for number in range(pages)]
    store.put_loose([make.loose(*path) for path in paths], now=make.NOW)
    with store._engine.connect() as connection:
        found = connection.execute(
            text("SELECT id, request_url FROM documents WHERE request_url LIKE :some ORDER BY id DESC LIMIT :most"),
            {"some": f"%/{name}/%", "most": pages},
        ).all()
    told = zip(sorted(found), articles(name), strict=False)
    return [make.result(_Asked(*row), article=article) for row, article in told]


def articles(name: str) -> Iterator[Article]:
    """Articles of some days in the middle of the library; each twentieth is a copy of the one before it."""
    number, before = 0, None
    while True:
        number += 1
        fresh = _article(f"{name} {number}")
        if number % 20 == 0 and before is not None:
            kept = before.body.split()[: WORDS * 5 // 6]
            body = " ".join((*kept, words(name, WORDS // 6)))
            keys = {"grams": before.keys["grams"][:50] + fresh.keys["grams"][:10]}
            fresh = replace(fresh, body=body, keys=keys)
        before = fresh
        yield fresh


def _article(name: str) -> Article:
    chance = chance_of(name)
    body = words(name, WORDS)
    at = make.datetime.combine(day_of(EPOCH_DAY + 4_000 + chance.randrange(30)), make.NOW.timetz())
    return Article(
        headline=body[:60],
        body=body,
        published_at=DatedTime(value=at, precision=DatePrecision.MINUTE, evidence="meta", raw=""),
        access=Access.FULL,
        language="en",
        text_digest=name,
        keys={"grams": unique_keys(chance.getrandbits(48) + (1 << 48), KEYS - PHRASES) + phrases(chance)},
        edge_lines=tuple(sorted({chance.randrange(_FRAME) for _ in range(_EDGES)})),
        extractor="generic",
        extractor_version="1",
    )


if __name__ == "__main__":
    main()
