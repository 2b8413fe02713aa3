"""How long a reader waits for a page of fifty, a count or a table of contents of a large library.

    python tests/benchmarks/browsing/queries.py sqlite:////tmp/library.db [--times 20] [--baseline]

The library is that of `library`. Each line is one kind of query, asked in both directions and at several places of the
list, with words of the frequency that it names. Times are milliseconds on the wall of whole calls of the store, and of
this process's own processor time: on SQLite all of it, which tells more where other work runs.

The named baseline, in the same run, is the statement that one writes first: one ``SELECT`` over the same tables with
``EXISTS`` for what is asked of sources and articles, words looked for with ``LIKE`` in headlines and bodies, ``ORDER
BY``, ``LIMIT 50``. It is asked three times only, and for pages only.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

sys.path.insert(0, str(Path(__file__).parent))
from library import DAYS, FIRST, vocabulary

from storage import open_store
from storage.types import ArticlePlace, EventPlace, LibraryQuery, Outcome, TextKind

_PAGE = 50
_LINE = "{:46} {:>9} {:>9} {:>9} {:>9}"
_DAYS = FIRST + timedelta(days=DAYS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of query; ``rank`` of its words among all, from the most frequent."""

    name: str
    ranks: tuple[int, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()

    def query(self, turn: int) -> LibraryQuery:
        words = tuple(vocabulary()[rank + turn * rank // 40] for rank in self.ranks)
        if self.name.startswith("one story"):
            words = (f"rare{turn * 997}",)
        return LibraryQuery(words=words, **dict(self.fields))


def _kind(name: str, *ranks: int, **fields: Any) -> Kind:
    return Kind(name=name, ranks=ranks, fields=tuple(fields.items()))


KINDS = (
    _kind("everything"),
    _kind("a year", since=date(2015, 1, 1), until=date(2015, 12, 31)),
    _kind("large publisher", publisher="host-0.example"),
    _kind("small publisher", publisher="host-3000.example"),
    _kind("outcome, frequent", outcome=Outcome.GONE),
    _kind("outcome, seldom", outcome=Outcome.CONSENT_WALL),
    _kind("full text", text=TextKind.FULL),
    _kind("archive only", text=TextKind.ARCHIVE_ONLY),
    _kind("no text", text=TextKind.NONE),
    _kind("language, frequent", language="en"),
    _kind("language, seldom", language="sv"),
    _kind("agency, frequent", agency="Lantern Wire"),
    _kind("agency, seldom", agency="Agency 3"),
    _kind("word in nearly all", 20),
    _kind("word in a third", 150),
    _kind("word in a tenth", 700),
    _kind("word in a hundredth", 6_000),
    _kind("word in a thousandth", 40_000),
    _kind("one story's word"),
    _kind("two words, a third and a tenth", 150, 700),
    _kind("five frequent words", 20, 30, 50, 90, 150),
    _kind("word, publisher", 150, publisher="host-0.example"),
    _kind("word, language, year", 700, language="de", since=date(2015, 1, 1), until=date(2015, 12, 31)),
    _kind("publisher, outcome", publisher="host-0.example", outcome=Outcome.GONE),
    _kind("publisher, language, full", publisher="host-4.example", language="fr", text=TextKind.FULL),
    _kind("publisher of one, language of few", publisher="host-5000.example", language="sv"),
    _kind("archive only, agency, word", 150, text=TextKind.ARCHIVE_ONLY, agency="Kite Wire"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--baseline", action="store_true")
    parser.add_argument("--only", default="", help="lines whose name has this in it")
    options = parser.parse_args()
    print(_LINE.format("", "p50 ms", "p95 ms", "own CPU", "baseline"))
    engine = create_engine(options.url)
    with open_store(options.url) as store:
        for name, call, plain in _lines(store):
            if options.only in name:
                slow = _baseline(engine, plain) if plain and options.baseline else ""
                _tell(name, [_timed(call, turn) for turn in range(options.times)], slow)


def _tell(name: str, times: list[tuple[float, float]], baseline: str) -> None:
    wall, processor = (sorted(one) for one in zip(*times, strict=True))
    middle, last = len(times) // 2, len(times) * 95 // 100
    figures = (f"{one:.1f}" for one in (wall[middle], wall[last], processor[middle]))
    print(_LINE.format(name, *figures, baseline), flush=True)


def _timed(call: Callable[[int], object], turn: int) -> tuple[float, float]:
    """Milliseconds on the wall, and of this process's own processor time."""
    begun, used = time.perf_counter(), time.process_time()
    call(turn)
    return (time.perf_counter() - begun) * 1_000, (time.process_time() - used) * 1_000


def _lines(store: Any) -> Iterator[tuple[str, Callable[[int], object], str]]:
    for kind in KINDS:
        yield f"events: {kind.name}", _events(store, kind), plain_events(kind.query(1))
    for kind in KINDS:
        if kind.name != "no text":
            yield f"articles: {kind.name}", _articles(store, kind), plain_articles(kind.query(1))
    for kind in KINDS:
        yield f"count events: {kind.name}", lambda turn, kind=kind: store.count_events(kind.query(turn)), ""
    for kind in KINDS:
        yield f"count articles: {kind.name}", lambda turn, kind=kind: store.count_articles(kind.query(turn)), ""
    keys = [one.key for one in store.find_events(LibraryQuery(), newest_first=True, limit=_PAGE)]
    numbers = [one.article_id for one in store.new_articles(limit=_PAGE)]
    yield "50 event views", lambda _: store.event_views(keys), ""
    yield "50 article views", lambda _: store.article_views(numbers), ""
    yield "new articles", lambda _: store.new_articles(limit=_PAGE), ""
    yield "days of a month", lambda _: store.days(date(2015, 3, 1), date(2015, 3, 31)), ""
    yield "days of all years", lambda _: store.days(FIRST, _DAYS), ""
    yield "months", lambda _: store.months(), ""
    yield "facets", lambda _: store.facets(), ""


def _events(store: Any, kind: Kind) -> Callable[[int], object]:
    def call(turn: int) -> object:
        after = EventPlace(event_date=_day(turn), key="") if turn % 5 else None
        return store.find_events(kind.query(turn), after=after, newest_first=turn % 2 == 0, limit=_PAGE)

    return call


def _articles(store: Any, kind: Kind) -> Callable[[int], object]:
    def call(turn: int) -> object:
        after = ArticlePlace(day=_day(turn), article_id=0) if turn % 5 else None
        return store.find_articles(kind.query(turn), after=after, newest_first=turn % 2 == 0, limit=_PAGE)

    return call


def _day(turn: int) -> date:
    return FIRST + timedelta(days=turn * 1_237 % DAYS)


# -- the baseline ------------------------------------------------------------------------------------------------------

_VERSION = "articles a JOIN article_versions v ON v.article_id = a.id AND v.number = a.latest"
_OF_EVENT = "FROM event_links l JOIN articles a ON a.id = l.article_id JOIN article_versions v ON v.article_id = a.id"
_OF_EVENT += " AND v.number = a.latest JOIN captures c ON c.id = v.capture_id"
_OF_EVENT += " WHERE l.event_id = e.id AND l.state IN ('linked', 'confirmed')"
_HAS = "lower(v.headline || ' ' || v.standfirst || ' ' || v.body) LIKE '%{}%'"


def plain_events(query: LibraryQuery) -> str:
    """The statement that one writes first."""
    wanted = ["1 = 1", *_days(query, "e.event_date")]
    cited = "FROM source_links s JOIN documents d ON d.id = s.document_id JOIN hosts h ON h.id = d.host_id"
    cited += " WHERE s.event_id = e.id AND s.withdrawn_at IS NULL"
    if query.publisher or query.outcome:
        wanted.append(f"EXISTS (SELECT 1 {cited} {_of_document(query)})")
    if query.language or query.agency:
        wanted.append(f"EXISTS (SELECT 1 {_OF_EVENT} {_of_version(query)})")
    if query.text is TextKind.FULL:
        wanted.append(f"EXISTS (SELECT 1 {_OF_EVENT} AND v.access <> 'teaser')")
    if query.text in {TextKind.NONE, TextKind.ARCHIVE_ONLY}:
        live = " AND c.memento IS NULL" if query.text is TextKind.ARCHIVE_ONLY else ""
        wanted.append(f"NOT EXISTS (SELECT 1 {_OF_EVENT} {live})")
    if query.text is TextKind.ARCHIVE_ONLY:
        wanted.append(f"EXISTS (SELECT 1 {_OF_EVENT})")
    if query.words:
        own = " AND ".join(f"lower(e.headline) LIKE '%{word}%'" for word in query.words)
        told = " AND ".join(_HAS.format(word) for word in query.words)
        wanted.append(f"(({own}) OR EXISTS (SELECT 1 {_OF_EVENT} AND {told}))")
    return f"SELECT e.id FROM events e WHERE {' AND '.join(wanted)} ORDER BY e.event_date, e.key LIMIT {_PAGE}"  # noqa: S608 -- our own words


def plain_articles(query: LibraryQuery) -> str:
    """Likewise."""
    wanted = ["1 = 1", *_days(query, "v.reported_at")]
    tables = f"{_VERSION} JOIN captures c ON c.id = v.capture_id JOIN documents d ON d.id = a.document_id"
    tables += " JOIN hosts h ON h.id = d.host_id"
    if query.text is TextKind.FULL:
        wanted.append("v.access <> 'teaser'")
    if query.text is TextKind.ARCHIVE_ONLY:
        wanted.append("c.memento IS NOT NULL")
    wanted += [_HAS.format(word) for word in query.words]
    more = f"{_of_document(query)} {_of_version(query)}"
    return f"SELECT a.id FROM {tables} WHERE {' AND '.join(wanted)} {more} ORDER BY v.reported_at, a.id LIMIT {_PAGE}"  # noqa: S608 -- our own words


def _days(query: LibraryQuery, column: str) -> Iterator[str]:
    if query.since:
        yield f"{column} >= '{query.since}'"
    if query.until:
        yield f"{column} <= '{query.until}'"


def _of_document(query: LibraryQuery) -> str:
    publisher = f" AND h.name = '{query.publisher}'" if query.publisher else ""
    return publisher + (f" AND d.last_outcome = '{query.outcome}'" if query.outcome else "")


def _of_version(query: LibraryQuery) -> str:
    language = f" AND v.language = '{query.language}'" if query.language else ""
    return language + (f" AND v.agency = '{query.agency}'" if query.agency else "")


def _baseline(engine: Engine, statement: str) -> str:
    def call(_: int) -> object:
        with engine.connect() as connection:
            return connection.execute(text(statement)).all()

    return f"{sorted(_timed(call, turn)[0] for turn in range(3))[1]:.1f}"


if __name__ == "__main__":
    main()
