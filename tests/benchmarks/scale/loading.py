"""How many rows a second go into a library: event entries with their source links, listed URLs, links by content.

    python tests/benchmarks/scale/loading.py [--events 70000] [--links 200000] [--database sqlite|postgresql|both]
        [--server postgresql+psycopg://postgres@127.0.0.1:5432/postgres]

Event entries go in as `dateline events import` brings them, five hundred in a transaction, day after day for seventeen
years, with as many source links as ``--links`` says; then the same again, which changes nothing; then, into the same
library, as many listed URLs as there are links, on hosts of the sizes of a real archive (`hosts`), and a fifth as many
links by content, five an article.

The named baseline, in the same run, is the same program with rows sent as SQLAlchemy sends them by itself (`bulk` is
told that no number of rows is many) and with the links of each article put in a transaction of its own. Times are wall
clock of the calls with their commits, beside them the processor time of this process.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hosts import bounds
from library import DAYS, on_server
from sqlalchemy import insert, select
from writers import make

from storage import open_store
from storage.sql import bulk
from storage.sql.models import ArticleRow, DocumentRow
from storage.types import EventEntry, EventLink, LinkHow, LinkState

_BATCH, _TOGETHER, _AN_ARTICLE = 500, 50, 5
_LINE = "{:28} {:>9} {:>8} {:>9} {:>8} {:>8} {:>9} {:>7}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=70_000)
    parser.add_argument("--links", type=int, default=200_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--server", default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    options = parser.parse_args()
    given = entries(options.events, options.links)
    print(f"{options.events:,} events with {options.links:,} links")
    if options.database != "postgresql":
        print("SQLite")
        told([on_sqlite(given, options, together=together) for together in (False, True)])
    if options.database != "sqlite":
        print("PostgreSQL")
        told([on_postgresql(given, options, together=together) for together in (False, True)])


def told(found: Sequence[dict[str, tuple[int, float, float]]]) -> None:
    """Print the baseline, the present way and their ratio, line by line."""
    print(_LINE.format("", "rows", "before s", "rows/s", "CPU s", "now s", "rows/s", "ratio"))
    for name, (rows, before, processor) in found[0].items():
        _, now, less = found[1][name]
        figures = (f"{rows:,}", f"{before:.1f}", f"{rows / before:,.0f}", f"{processor:.1f} > {less:.1f}", f"{now:.1f}")
        print(_LINE.format(name, *figures, f"{rows / now:,.0f}", f"{before / now:.2f}"), flush=True)


def on_sqlite(given: list[EventEntry], options: argparse.Namespace, *, together: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, way(together=together):
        return load(f"sqlite:///{Path(folder) / 'library.db'}", given, options, together=together)


def on_postgresql(given: list[EventEntry], options: argparse.Namespace, *, together: bool) -> dict[str, Any]:
    with on_server(options.server) as address, way(together=together):
        return load(address, given, options, together=together)


@contextmanager
def way(*, together: bool) -> Iterator[None]:
    """Rows go together, or each as it always went."""
    least = bulk.LEAST
    bulk.LEAST = least if together else sys.maxsize
    yield
    bulk.LEAST = least


def load(
    address: str, given: list[EventEntry], options: argparse.Namespace, *, together: bool
) -> dict[str, tuple[int, float, float]]:
    """Put everything in; rows, wall seconds and processor seconds of each step."""
    open_store(address, upgrade=True).close()
    with open_store(address) as store:

        def put(pieces: Sequence[EventEntry]) -> None:
            store.put_events(pieces, match=make.no_match, now=make.NOW)

        events = len(given) + options.links
        found: dict[str, tuple[int, float, float]] = {}
        found["events and source links"] = (events, *clocked(lambda: each(put, given, _BATCH)))
        found["the same again"] = (events, *clocked(lambda: each(put, given, _BATCH)))
        listed = sources(options.links)
        found["listed URLs"] = (
            len(listed),
            *clocked(lambda: each(lambda piece: store.put_loose(piece, now=make.NOW), listed, _BATCH * 10)),
        )
        links = by_content(store, given, options.links // 5 // _AN_ARTICLE)
        size = _TOGETHER if together else 1
        found["links by content"] = (
            len(links) * _AN_ARTICLE,
            *clocked(lambda: each(lambda piece: store.put_all_links(dict(piece), now=make.NOW), links, size)),
        )
    return found


def each(put: Callable[[Any], object], given: Sequence[Any], size: int) -> None:
    for start in range(0, len(given), size):
        put(given[start : start + size])


def clocked(work: Callable[[], object]) -> tuple[float, float]:
    begun, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - processor


# -- what goes in ----------------------------------------------------------------------------------------------------


def entries(events: int, links: int) -> list[EventEntry]:
    """Entries in the order of their days, each with its share of the links, topics of its day and entities."""
    hosts, told = Hosts(links), []
    for number in range(events):
        day = date(2004, 1, 1) + timedelta(days=number * DAYS // events)
        first, last = number * links // events, (number + 1) * links // events
        cited = [
            make.link(place, f"/{day:%Y/%m/%d}/story-{link}-of-the-harbour.html", hosts.of(link))
            for place, link in enumerate(range(first, last), start=1)
        ]
        fields = {"raw": f"* Ferry {number} ran aground. " * 6, "entities": (f"Ship {number % 5_003}", "Lind Harbour")}
        told.append(make.entry(f"ferry-{number}-aground-off-lind-harbour", day, cited, **fields))
    return told


class Hosts:
    """Which host a link is of: sizes as in `hosts`, spread over all links."""

    def __init__(self, links: int) -> None:
        self._owners = [host for host, end in _ranges(links) for _ in range(end)]

    def of(self, link: int) -> str:
        return f"h{self._owners[link * 7919 % len(self._owners)]}.example"


def _ranges(links: int) -> Iterator[tuple[int, int]]:
    before = 0
    for host, end in enumerate(bounds(links), start=1):
        yield host, end - before
        before = end


def sources(count: int) -> list[Any]:
    hosts = Hosts(count)
    return [make.loose(f"/listed/2009/05/04/{number}.html", hosts.of(number)) for number in range(count)]


def by_content(store: Any, given: list[EventEntry], articles: int) -> list[tuple[int, list[EventLink]]]:
    """Articles, made directly, and five links for each."""
    with store._engine.begin() as connection:
        ids = connection.scalars(select(DocumentRow.id).order_by(DocumentRow.id).limit(articles)).all()
        rows = [{"document_id": one, "latest": 1, "added_at": make.NOW} for one in ids]
        connection.execute(insert(ArticleRow), rows)
        numbers = connection.scalars(select(ArticleRow.id).order_by(ArticleRow.id)).all()
    return [
        (
            number,
            [
                EventLink(
                    event_key=given[(number * 31 + place * 7) % len(given)].key,
                    article_id=number,
                    how=LinkHow.CONTENT,
                    score=0.8,
                    evidence="shares ferry, harbour, Lind; 2 days apart",
                    state=LinkState.LINKED,
                )
                for place in range(_AN_ARTICLE)
            ],
        )
        for number in numbers
    ]


if __name__ == "__main__":
    main()
