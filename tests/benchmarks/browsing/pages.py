"""How long a browser waits for each page of the site, and a program for each route of the API.

    python tests/benchmarks/browsing/pages.py sqlite:////tmp/library.db [--times 40]

The library is that of `library`. A real `dateline serve` answers on 127.0.0.1, one request after the other over one
connection, at several places of each list. Times are milliseconds until the last byte, p50 and p95; "first" is the
first request after the start, when counts over the whole library are not remembered yet.

The named baseline of each line, in the same run, is the same answer's rows by plain SQL over one connection: the
statement that one writes first (`queries.plain_events`), or the rows of one event or article by their keys. Lines
without one say "-": what they count over the whole library is remembered (``web.cache_s``).
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent))
from library import vocabulary
from queries import plain_articles, plain_events
from sqlalchemy import Connection, create_engine, text

from crawler.selecting import parse
from storage import open_store
from storage.types import LibraryQuery

_LINE = "{:44} {:>9} {:>9} {:>9} {:>6} {:>10} {:>7}"
_PLAIN_TIMES = 5
_EVENT = (
    "SELECT * FROM events e JOIN event_revisions r ON r.event_id = e.id AND r.number = e.revision WHERE e.key = :key",
    """SELECT s.*, d.* FROM source_links s JOIN events e ON e.id = s.event_id
    LEFT JOIN documents d ON d.id = s.document_id WHERE e.key = :key""",
    """SELECT l.*, v.* FROM event_links l JOIN events e ON e.id = l.event_id JOIN articles a ON a.id = l.article_id
    JOIN article_versions v ON v.article_id = a.id AND v.number = a.latest WHERE e.key = :key""",
)
_ARTICLE = (
    "SELECT * FROM articles a JOIN documents d ON d.id = a.document_id WHERE a.id = :id",
    "SELECT v.*, c.* FROM article_versions v JOIN captures c ON c.id = v.capture_id WHERE v.article_id = :id",
    """SELECT m.*, v.headline FROM cluster_members o JOIN cluster_members m ON m.cluster_id = o.cluster_id
    JOIN article_versions v ON v.article_id = m.article_id WHERE o.article_id = :id""",
)
_MONTH = "substr(CAST(event_date AS text), 1, 7)"
_MONTHS = f"SELECT {_MONTH}, count(*) FROM events GROUP BY {_MONTH}"  # noqa: S608 - our own words
_DAYS_OF_YEAR = (
    "SELECT event_date, count(*) FROM events WHERE event_date BETWEEN '2015-01-01' AND '2015-12-31' GROUP BY event_date"
)
_RUNS = "SELECT * FROM runs ORDER BY id DESC LIMIT 50"

Plain = Callable[[Connection, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One page or route: its name, its address by turn, and the baseline."""

    name: str
    path: Callable[[int], str]
    plain: Plain | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--only", default="", help="lines whose name has this in it")
    options = parser.parse_args()
    print(_LINE.format("", "first ms", "p50 ms", "p95 ms", "kB", "plain p50", "ratio"), flush=True)
    engine = create_engine(options.url)
    lines = [line for line in lines_of(options.url) if options.only in line.name]
    with serving(options.url) as address, engine.connect() as connection:
        client = http.client.HTTPConnection(address, timeout=120)
        for line in lines:
            tell(line, client, connection, options.times)


def tell(line: Line, client: http.client.HTTPConnection, connection: Connection, times: int) -> None:
    first, size = asked(client, line.path(0))
    took = sorted(asked(client, line.path(turn))[0] for turn in range(1, times + 1))
    middle, last = took[len(took) // 2], took[len(took) * 95 // 100]
    plain, ratio = "-", "-"
    if line.plain is not None:
        plains = sorted(timed(line.plain, connection, turn) for turn in range(_PLAIN_TIMES))
        plain, ratio = f"{plains[len(plains) // 2]:.1f}", f"{middle / plains[len(plains) // 2]:.2f}"
    figures = (f"{one:.1f}" for one in (first, middle, last))
    print(_LINE.format(line.name, *figures, round(size / 1000), plain, ratio), flush=True)


def asked(client: http.client.HTTPConnection, path: str) -> tuple[float, int]:
    """Milliseconds until the last byte, and how many bytes."""
    begun = time.perf_counter()
    client.request("GET", path)
    answer = client.getresponse()
    content = answer.read()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status}\n{content[:1000].decode()}")
    return (time.perf_counter() - begun) * 1_000, len(content)


def timed(plain: Plain, connection: Connection, turn: int) -> float:
    begun = time.perf_counter()
    plain(connection, turn)
    return (time.perf_counter() - begun) * 1_000


def rows(*statements: str, **given: object) -> Plain:
    def ask(connection: Connection, _turn: int) -> None:
        for statement in statements:
            connection.execute(text(statement), given).all()

    return ask


# -- the lines ---------------------------------------------------------------------------------------------------------


def lines_of(url: str) -> Iterator[Line]:
    with open_store(url) as store:
        keys = [one.key for one in store.find_events(LibraryQuery(), newest_first=True, limit=200)]
        numbers = [one.article_id for one in store.new_articles(limit=200)]
        captures = [store.article(number).versions[-1].capture_id for number in numbers[:50]]
        clusters = [store.article(number).cluster_id for number in numbers[:50]]
        url_of = store.article(numbers[0]).document.canonical_url
    yield from list_lines("/events", "event", plain_events)
    yield from list_lines("/articles", "article", plain_articles)
    yield Line(name="/calendar", path=lambda _: "/calendar", plain=rows(_MONTHS))
    yield Line(name="/calendar/YEAR", path=lambda _: "/calendar/2015", plain=rows(_DAYS_OF_YEAR))
    event = lambda turn: keys[turn % len(keys)]  # noqa: E731 - as short as what it stands beside
    number = lambda turn: numbers[turn % len(numbers)]  # noqa: E731
    for place in ("", "/api/v1"):
        yield Line(
            name=f"{place}/events/KEY", path=lambda turn, p=place: f"{p}/events/{event(turn)}", plain=one_event(event)
        )
        yield Line(
            name=f"{place}/articles/N",
            path=lambda turn, p=place: f"{p}/articles/{number(turn)}",
            plain=one_article(number),
        )
    yield Line(name="/clusters/N", path=lambda turn: f"/clusters/{clusters[turn % 50]}", plain=one_article(number))
    yield Line(name="/why", path=lambda _: f"/why?url={quote(url_of)}")
    yield Line(name="/captures/N", path=lambda turn: f"/captures/{captures[turn % 50]}")
    yield Line(name="/feed.atom", path=lambda _: "/feed.atom")
    yield Line(name="/operations", path=lambda _: "/operations")
    yield Line(name="/runs", path=lambda _: "/runs", plain=rows(_RUNS))
    yield from (Line(name=path, path=lambda _, p=path: p) for path in ("/schedule", "/workers", "/hosts", "/linkrot"))
    yield Line(name="/hosts/NAME", path=lambda _: "/hosts/host-0.example")
    yield from api_lines(captures, event, url_of)


def list_lines(path: str, noun: str, plain: Callable[[LibraryQuery], str]) -> Iterator[Line]:
    words = vocabulary()
    asked_for = {
        "": "",
        "a year": "since:2015 until:2015",
        "publisher": "publisher:host-0.example",
        "outcome": "outcome:gone",
        "archive only": "text:archive_only",
        "language": "language:sv",
        "word in a tenth": words[700],
        "word in a thousandth": words[40_000],
        "two words": f"{words[150]} {words[700]}",
    }
    for name, where in asked_for.items():
        for place in (path, f"/api/v1{path}"):
            address = f"{place}?{'q' if place == path else 'where'}={quote(where)}"
            yield Line(
                name=f"{place}{f' ({name})' if name else ''}",
                path=lambda _, a=address: a,
                plain=rows(plain(parse(where))),
            )
    yield Line(name=f"/api/v1{path} (200 {noun}s)", path=lambda _: f"/api/v1{path}?limit=200")


def one_event(event: Callable[[int], str]) -> Plain:
    def ask(connection: Connection, turn: int) -> None:
        for statement in _EVENT:
            connection.execute(text(statement), {"key": event(turn)}).all()

    return ask


def one_article(number: Callable[[int], int]) -> Plain:
    def ask(connection: Connection, turn: int) -> None:
        for statement in _ARTICLE:
            connection.execute(text(statement), {"id": number(turn)}).all()

    return ask


def api_lines(captures: list[int], event: Callable[[int], str], url_of: str) -> Iterator[Line]:
    yield Line(name="/api/v1/events/KEY/sources", path=lambda turn: f"/api/v1/events/{event(turn)}/sources")
    yield Line(name="/api/v1/sources", path=lambda _: f"/api/v1/sources?url={quote(url_of)}")
    yield Line(name="/api/v1/captures/N", path=lambda turn: f"/api/v1/captures/{captures[turn % 50]}")
    yield Line(name="/api/v1/search", path=lambda turn: f"/api/v1/search?q={vocabulary()[700 + turn]}")
    for name in ("runs", "facets", "months", "marks", "orders", "openapi.json"):
        yield Line(name=f"/api/v1/{name}", path=lambda _, n=name: f"/api/v1/{n}")


# -- the site ----------------------------------------------------------------------------------------------------------


@contextmanager
def serving(url: str) -> Iterator[str]:
    """A `dateline serve` over the database; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "dateline.toml").write_text(f'[storage]\ndatabase = "{url}"\n[web]\nper_minute = 1000000\n')
        process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("dateline")),
                "serve",
                "-L",
                folder,
                "--listen",
                "127.0.0.1:0",
                "--read-only",
            ],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = re.search(r"127\.0\.0\.1:\d+", said)
            if found is None:
                sys.exit(f"the site did not start: {said}")
            yield found[0]
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


if __name__ == "__main__":
    main()
