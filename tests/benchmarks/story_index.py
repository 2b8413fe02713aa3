"""The index by which a fresh article meets its copies: what it costs in a library of a hundred thousand or a million.

    python tests/benchmarks/story_index.py [--articles 100000] [--fresh 400] [--database sqlite|postgresql|both]
        [--decider real|none] [--server postgresql+psycopg://postgres@127.0.0.1:5432/postgres]

A library is filled directly, table by table: 550 articles a day, sixty keys each, of which four come from a pool of
phrases that are used as unevenly as words are; one in twenty is a copy of the article before it. Articles of the days
in which fresh ones appear have a body of 480 words; the other bodies, and the searched texts, are left empty. Then
articles of ten days in the middle of the library are stored by `archive`, one in a transaction and fifty in one; one in
twenty is a copy. The verdicts are those of `crawler.dedup` (``--decider none`` leaves them out). The named baseline,
measured in turns with it in the same run, is the same article without keys: what is left is what storing costs, with
exact digests. Fingerprints are made beforehand, as a crawl's workers do.

Times are of the whole call, with its commit; beside them stands the processor time of this process and, where it can be
read (a server on this machine, on Linux), of the server's, which does not depend on who else computes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib import util
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

from sqlalchemy import create_engine, make_url, text
from story_library import (
    KEYS,
    PHRASES,
    WORDS,
    chance_of,
    copied,
    fill,
    keys_of,
    phrases,
    reported,
    size,
    twins,
    unique_keys,
    words,
)

from crawler.dedup import decide
from storage import open_store
from storage.types import Access, Article, DatedTime, DatePrecision, Verdict, VerdictKind

_FACTORIES = Path(__file__).parents[1] / "contract" / "store_factories.py"
_SPEC = util.spec_from_file_location("store_factories", _FACTORIES)
assert _SPEC is not None
assert _SPEC.loader is not None
make = util.module_from_spec(_SPEC)
sys.modules["store_factories"] = make
_SPEC.loader.exec_module(make)

_WARM, _BATCH = 20, 50
_SIZED = ("key_index", "signal_keys", "relations", "cluster_members", "clusters")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--fresh", type=int, default=400)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--decider", choices=("real", "none"), default="real")
    parser.add_argument("--server", default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    options = parser.parse_args()
    print(f"{options.articles} articles, {options.fresh} fresh ones in each line; decider: {options.decider}")
    if options.database != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            measure(f"sqlite:///{Path(folder) / 'library.db'}", options)
    if options.database != "sqlite":
        name = f"dateline_story_index_{uuid.uuid4().hex[:8]}"
        server = create_engine(options.server, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            try:
                measure(make_url(options.server).set(database=name).render_as_string(hide_password=False), options)
            finally:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def measure(address: str, options: argparse.Namespace) -> None:
    begun = time.monotonic()
    open_store(address, upgrade=True).close()
    fill(address, options.articles)
    with open_store(address) as store:
        print(f"\n{make_url(address).get_backend_name()}: filled in {time.monotonic() - begun:.0f} s")
        with store._engine.connect() as connection:
            sizes = {table: size(connection, table) / options.articles for table in _SIZED}
        told = ", ".join(f"{table} {taken:.0f}" for table, taken in sizes.items())
        print(f"  bytes an article: {sum(sizes.values()):.0f} ({told})")
        lines = archive(store, options)
    print(f"  {'milliseconds an article':36}  wall p50    p95   CPU p50    p95   mean  candidates")
    for name, line in lines.items():
        print(f"  {name:36} {line.told()}")


# -- fresh articles --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """What one way of storing took: seconds an article (wall, processor), and the candidates of each article."""

    times: list[tuple[float, float]] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)

    def told(self) -> str:
        wall, processor = zip(*self.times, strict=True)
        figures = (*_middle_and_end(wall), *_middle_and_end(processor), mean(processor))
        return " ".join(f"{1000 * one:7.1f}" for one in figures) + f"{mean(self.candidates):10.1f}"


def _middle_and_end(seconds: Sequence[float]) -> tuple[float, float]:
    return median(seconds), quantiles(seconds, n=20)[-1]


class Bench:
    """A filled library, the decider, and the clocks: wall time, processor time of this process and of the server's."""

    def __init__(self, store: Any, options: argparse.Namespace) -> None:
        self.store = store
        self.is_real = options.decider == "real"
        self._decide = decide if self.is_real else undecided
        self._server = None
        with store._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                place = Path(f"/proc/{connection.exec_driver_sql('SELECT pg_backend_pid()').scalar()}/schedstat")
                self._server = place if place.exists() else None

    def documents(self, name: str, count: int) -> list[Any]:
        paths = [f"/{name}/{number}" for number in range(count)]
        self.store.put_loose([make.loose(path) for path in paths], now=make.NOW)
        return [self.store.document(make.identity(path).canonical_url) for path in paths]

    def archive(self, documents: Sequence[Any], articles: Sequence[Article], line: Line) -> Sequence[Any]:
        """Store a batch, and write down what it took."""
        results = [make.result(one, article=article) for one, article in zip(documents, articles, strict=True)]

        def asked(one: Article, candidates: Sequence[Any]) -> Verdict:
            line.candidates.append(len(candidates))
            return self._decide(one, candidates)

        begun = self._now()
        answers = self.store.archive(results, decide=asked, now=make.NOW)
        taken = [(end - start) / len(results) for start, end in zip(begun, self._now(), strict=True)]
        assert not any(one.error for one in answers), answers
        line.times.append((taken[0], taken[1]))
        return answers

    def _now(self) -> tuple[float, float]:
        server = int(self._server.read_text().split()[0]) / 1e9 if self._server else 0.0
        return time.perf_counter(), time.process_time() + server


def archive(store: Any, options: argparse.Namespace) -> dict[str, Line]:
    """Store articles with keys and (the baseline) without, in turns, one by one and in batches."""
    bench, lines = Bench(store, options), {}
    run(bench, options, "warm", 1, (Line(), Line(), Line()), fresh=_WARM)
    for name, batch in (("one by one", 1), (f"in batches of {_BATCH}", _BATCH)):
        keyed, copies, plain = Line(), Line(), Line()
        run(bench, options, name.replace(" ", "-"), batch, (keyed, copies, plain), fresh=options.fresh)
        lines[f"{name}, by keys"] = keyed
        if copies.times:
            lines["  copies among them"] = copies
        lines[f"{name}, exact digests only"] = plain
    return lines


def run(
    bench: Bench, options: argparse.Namespace, name: str, batch: int, lines: tuple[Line, Line, Line], *, fresh: int
) -> None:
    documents, others = bench.documents(name, fresh), bench.documents(f"{name}-plain", fresh)
    for start in range(0, fresh, batch):
        numbers = range(start, min(start + batch, fresh))
        articles = [article(f"{name} {number}", options.articles, is_copy=number % 20 == 0) for number in numbers]
        answers = bench.archive(documents[start : start + batch], articles, lines[0])
        for number, answer in zip(numbers, answers, strict=True):
            copied_one = number % 20 == 0 and bench.is_real
            assert not copied_one or bench.store.relations(answer.article_id), "a copy was missed"
        if batch == 1 and start % 20 == 0:
            lines[1].times.append(lines[0].times[-1])
            lines[1].candidates.append(lines[0].candidates[-1])
        plain = [replace(one, keys={}, text_digest=f"plain {one.text_digest}") for one in articles]
        bench.archive(others[start : start + batch], plain, lines[2])


def undecided(_article: Article, _candidates: Sequence[Any]) -> Verdict:
    return Verdict(kind=VerdictKind.NEW)


def article(name: str, articles: int, *, is_copy: bool) -> Article:
    """A fresh article of the days of `twins`; a copy has most keys and words of an article of that day."""
    chance = chance_of(name)
    twin = chance.choice(twins(articles))
    twin -= twin % 20 == 0
    own = unique_keys(chance.getrandbits(48) + (1 << 48), 10 if is_copy else KEYS - PHRASES)
    body = copied(twin, name) if is_copy else words(name, WORDS)
    at = DatedTime(value=reported(twin), precision=DatePrecision.MINUTE, evidence="", raw="")
    return Article(
        headline=body[:60],
        body=body,
        published_at=at,
        access=Access.FULL,
        language="en",
        text_digest=name,
        keys={"grams": keys_of(twin)[:50] + own if is_copy else own + phrases(chance)},
        extractor="generic",
        extractor_version="1",
    )


if __name__ == "__main__":
    main()
