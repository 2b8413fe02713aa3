"""How long the hottest calls take in a library of a million articles, and what the database does for each of them.

    python tests/benchmarks/scale/plans.py [--articles 1000000] [--database postgresql|sqlite] [--only NAME ...]
        [--address postgresql+psycopg://...] [--server postgresql+psycopg://postgres@127.0.0.1:5432/postgres] [--plans]

The library is filled by `library` (``--address``: one that is there is used and kept). Each call is made three times as
the program makes it; the median is told. Then once more, while the plan of each of its statements is asked for just
before it runs, in its own transaction: EXPLAIN (ANALYZE, BUFFERS) on PostgreSQL, what it would write undone;
EXPLAIN QUERY PLAN on SQLite. Told are statements a call, the rows and pages that the slowest statement looked at, and
whole tables that were read of those with more than ten thousand rows. ``--plans`` prints the plan of the slowest.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from library import ASKED_FOR, DAYS, EPOCH_DAY, Size, build, is_sqlite, on_server
from sqlalchemy import event, text
from writers import articles, decide, make

from storage import open_store
from storage.searching import day_of
from storage.types import BackfillRequest, LeaseRequest, LinkState, Selection

NOW = datetime.combine(day_of(EPOCH_DAY + DAYS), datetime.min.time(), UTC) + timedelta(hours=12)
LARGE = 10_000
TIMES = 3
_LINE = "{:28} {:>9} {:>10} {:>10} {:>9} {:>8}  {}"
_HARBOUR = ("w7", "w1999", "w499", "w4001")


_MANY = re.compile(r"(?:%\(\w+\)s(?:::\w+)?, ){3,}(%)")
"""The numbers of a long list."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--address", default="")
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--server", default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    options = parser.parse_args()
    with _address(options) as address, open_store(address) as store:
        measure(store, options.only, show=options.plans)


@contextmanager
def _address(options: argparse.Namespace) -> Iterator[str]:
    if options.address:
        yield options.address
    elif options.database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            address = f"sqlite:///{Path(folder) / 'library.db'}"
            build(address, Size.of(options.articles))
            yield address
    else:
        with on_server(options.server) as address:
            build(address, Size.of(options.articles))
            yield address


def measure(store: Any, only: list[str], *, show: bool = False) -> dict[str, Told]:
    """Make every call, print a line for each."""
    watch, told = Watch(store), {}
    print(_LINE.format("call", "ms", "statements", "slowest ms", "rows", "pages", "read whole"), flush=True)
    for name, call in calls(store).items():
        if only and name not in only:
            continue
        times = [_timed(call) for _ in range(TIMES)]
        with watch.explaining():
            call()
        told[name] = Told(ms=median(times), statements=len(watch.plans), plans=list(watch.plans))
        print(_LINE.format(name, *told[name].line()), flush=True)
        if show and told[name].plans:
            slowest = max(told[name].plans, key=lambda one: one.ms)
            print(_MANY.sub(r"..., \g<1>", slowest.statement), *slowest.shown, sep="\n")
    return told


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)


# -- the calls -------------------------------------------------------------------------------------------------------


def calls(store: Any) -> dict[str, Callable[[], object]]:
    """The calls that are made often, or by somebody who waits."""
    known = _known(store)
    batches = [_batch(store, number) for number in range(TIMES + 1)]

    def archive() -> None:
        answers = store.archive(batches.pop(), decide=decide, now=NOW)
        assert not any(one.error for one in answers), answers

    def lease() -> None:
        assert store.lease(_request())
        store.release("bench", not_before={})

    def backfills() -> None:
        assert store.lease_backfills(_wanted())
        store.release("bench", not_before={})

    begun, until = NOW.date() - timedelta(60), NOW.date() - timedelta(50)
    return {
        "lease 20 hosts x 20": lease,
        "lease of one host": lambda: (store.lease(_request(host="h1.example")), store.release("bench", not_before={})),
        "next_ready": lambda: store.next_ready(_request()),
        "renew": lambda: store.renew("bench", until=NOW),
        "lease_backfills 20": backfills,
        "archive 50": archive,
        "known_payloads 100": lambda: store.known_payloads(known.payloads),
        "citations of 100": lambda: store.citations(known.documents),
        "event by key": lambda: store.event(known.event),
        "events, a page": lambda: list(store.events(after=known.event, limit=50)),
        "events of a year, a page": lambda: list(store.events(prefix="2009/", limit=50)),
        "document by URL": lambda: store.document(known.url),
        "history of a document": lambda: store.history(known.url),
        "article": lambda: store.article(known.article),
        "articles, 100": lambda: list(islice(store.articles(after=known.article), 100)),
        "articles of a host, 100": lambda: list(islice(store.articles(_of_host("h1.example")), 100)),
        "articles of a small host": lambda: list(store.articles(_of_host(known.small))),
        "versions, 100": lambda: list(islice(store.versions(after=known.article), 100)),
        "replayable, 100": lambda: list(islice(store.replayable(Selection(due_only=False)), 100)),
        "due, 500": lambda: list(islice(store.due(Selection(), now=NOW), 500)),
        "due of a host, 500": lambda: list(islice(store.due(Selection(host="h1.example"), now=NOW), 500)),
        "due of an outcome, 500": lambda: list(store.due(Selection(outcome="timeout"), now=NOW, limit=500)),
        "held_records": lambda: store.held_records("example,h1)/", since=None, until=None),
        "committed_end": lambda: store.committed_end("dateline-20260301-1.warc.gz"),
        "captures, 500": lambda: list(islice(store.captures(), 500)),
        "host": lambda: store.host("h1.example", now=NOW),
        "hosts, 100": lambda: list(islice(store.hosts(now=NOW), 100)),
        "host_states 100": lambda: store.host_states([f"h{n}.example" for n in range(1, 101)]),
        "runs, 20": lambda: store.runs(limit=20),
        "latest_runs": store.latest_runs,
        "host_days, a week": lambda: list(store.host_days(since=NOW.date() - timedelta(7), until=NOW.date(), host="")),
        "waiting_for_links 200": lambda: store.waiting_for_links(limit=200),
        "waiting_for_comparison 50": lambda: store.waiting_for_comparison(limit=50),
        "search_events of 10 days": lambda: store.search_events(_HARBOUR, since=begun, until=until, limit=50),
        "search_articles": lambda: store.search_articles(_HARBOUR, limit=50),
        "events_between, a day": lambda: store.events_between(begun, begun, limit=2_000),
        "links proposed, 50": lambda: store.links(state=LinkState.PROPOSED, after=(known.event, 0), limit=50),
        "related_events": lambda: store.related_events(known.event, limit=10),
        "status": lambda: store.status(now=NOW),
    }


def _batch(store: Any, number: int) -> list[Any]:
    """Results of fifty documents that are made for it."""
    paths = [f"/{time.time_ns():x}/{number}/{page}" for page in range(50)]
    store.put_loose([make.loose(path, "h1.example") for path in paths], now=NOW)
    documents = [store.find_document(make.identity(path, "h1.example").canonical_url) for path in paths]
    written = zip(documents, articles(paths[0]), strict=False)
    return [make.result(one, article=article) for one, article in written]


@dataclass(kw_only=True, slots=True)
class _Known:
    """Things of the library that are asked for."""

    url: str
    event: str
    article: int
    small: str
    documents: list[int]
    payloads: list[str]


def _known(store: Any) -> _Known:
    with store._engine.connect() as connection:

        def one(statement: str) -> Any:
            return connection.scalar(text(statement))

        middle = int(one("SELECT max(id) FROM articles") or 0) // 2
        first = f"SELECT id FROM documents WHERE id <= {ASKED_FOR}"  # noqa: S608 -- our own words
        return _Known(
            url=one(f"SELECT canonical_url FROM documents WHERE id = {ASKED_FOR // 2}"),  # noqa: S608 -- our own words
            event=one("SELECT key FROM events ORDER BY id DESC LIMIT 1 OFFSET 20000")
            or one("SELECT key FROM events ORDER BY id DESC LIMIT 1")
            or "",
            article=middle,
            small=one("SELECT name FROM hosts ORDER BY id DESC LIMIT 1"),
            documents=list(connection.scalars(text(f"{first} LIMIT 100"))),
            payloads=list(connection.scalars(text("SELECT payload_digest FROM captures ORDER BY id LIMIT 100"))),
        )


def _request(**selection: Any) -> LeaseRequest:
    return LeaseRequest(
        token="bench",
        now=NOW,
        until=NOW + timedelta(minutes=5),
        max_hosts=20,
        per_host=20,
        selection=Selection(**selection),
    )


def _of_host(name: str) -> Selection:
    return Selection(host=name, due_only=False)


def _wanted() -> BackfillRequest:
    return BackfillRequest(token="bench", now=NOW, until=NOW + timedelta(minutes=5), limit=20, selection=Selection())


# -- what the database does ------------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class Plan:
    """What the database did for one statement."""

    statement: str
    ms: float = 0.0
    rows: int = 0
    pages: int = 0
    whole: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Told:
    """One line."""

    ms: float
    statements: int
    plans: list[Plan]

    @property
    def whole(self) -> set[str]:
        """Large tables that were read whole."""
        return set().union(*(one.whole for one in self.plans))

    @property
    def rows(self) -> int:
        """The most rows that a statement looked at."""
        return max((one.rows for one in self.plans), default=0)

    def line(self) -> tuple[object, ...]:
        slowest = max(self.plans, key=lambda one: one.ms, default=Plan(statement=""))
        whole = ", ".join(sorted(self.whole)) or "-"
        return f"{self.ms:.1f}", self.statements, f"{slowest.ms:.1f}", slowest.rows, slowest.pages, whole


class Watch:
    """Asks for the plans of the statements of one store, while it is told to."""

    def __init__(self, store: Any) -> None:
        self.plans: list[Plan] = []
        self._watching = False
        with store._engine.connect() as connection:
            self._large = _large(connection)
        event.listen(store._engine, "before_cursor_execute", self._explain)

    @contextmanager
    def explaining(self) -> Iterator[None]:
        self.plans.clear()
        self._watching = True
        yield
        self._watching = False

    def _explain(self, connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if not self._watching or not statement.lstrip().startswith(("SELECT", "UPDATE", "WITH", "INSERT", "DELETE")):
            return
        if "pg_advisory" in statement:
            return
        cursor = connection.connection.cursor()
        one = given[0] if many else given
        plan = _on_sqlite(cursor, statement, one) if is_sqlite(connection) else _on_postgresql(cursor, statement, one)
        plan.whole &= self._large
        self.plans.append(plan)
        cursor.close()


def _large(connection: Any) -> set[str]:
    if is_sqlite(connection):
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'fts%'"))
        return {name for name in names if connection.scalar(text(f"SELECT count(*) FROM {name}")) > LARGE}  # noqa: S608 -- our own words
    counted = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > :large")
    return set(connection.scalars(counted, {"large": LARGE}))


def _on_sqlite(cursor: Any, statement: str, given: Any) -> Plan:
    cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
    told = [str(row[3]) for row in cursor.fetchall()]
    whole = {line.split()[1] for line in told if line.startswith("SCAN ") and "USING" not in line}
    return Plan(statement=statement, whole=whole, shown=told)


def _on_postgresql(cursor: Any, statement: str, given: Any) -> Plan:
    cursor.execute("SAVEPOINT explained")
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", given)
    (found,) = cursor.fetchone()
    cursor.execute("ROLLBACK TO SAVEPOINT explained")
    top = (json.loads(found) if isinstance(found, str) else found)[0]
    plan = Plan(statement=statement, ms=top["Execution Time"] + top["Planning Time"])
    plan.pages = top["Plan"].get("Shared Hit Blocks", 0) + top["Plan"].get("Shared Read Blocks", 0)
    for depth, node in _nodes(top["Plan"], 0):
        looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        looked_at += node.get("Rows Removed by Join Filter", 0)
        plan.rows = max(plan.rows, int(looked_at * node["Actual Loops"]))
        if node["Node Type"].endswith("Seq Scan") and node["Actual Loops"]:
            plan.whole.add(node["Relation Name"])
        where = node.get("Index Name") or node.get("Relation Name", "")
        rows = f"{node['Actual Rows']} rows x {node['Actual Loops']}"
        plan.shown.append(f"{'  ' * depth}{node['Node Type']} {where}: {rows}, {node['Actual Total Time']:.2f} ms")
    return plan


def _nodes(node: dict[str, Any], depth: int) -> Iterator[tuple[int, dict[str, Any]]]:
    yield depth, node
    for one in node.get("Plans", ()):
        yield from _nodes(one, depth + 1)


if __name__ == "__main__":
    main()
