"""What several workers cost and stand: pages per processor second, faults, and a frontier of millions of documents.

    python tests/benchmarks/scaling.py [--hosts 50] [--pages 10] [--workers 1 2 4] [--delay 0.05] [--rounds 1]
    python tests/benchmarks/scaling.py --faults [--pages 40] [--pause 30] [--only NAME]
    python tests/benchmarks/scaling.py --frontier [--documents 1000000 10000000] [--slices 200]

The first form crawls the same generated pages (median about 80 KB) with one process on SQLite, with one on PostgreSQL
and with 1, 2 and 4 workers, each time from an empty library, and counts the processor seconds of everything that they
started. The named baseline is the extraction floor of the same run: gunzip and our own extractor, called in a loop in
one process over the same pages. Beside it stands everything that an extracting process does with a page: it also judges
what the page is, and makes the keys by which copies are found. What a command costs that finds nothing to do (its
modules, its extracting processes) is measured too and shown beside: the second ratio leaves it out.

The processor time of the database server stands in a column of its own. The server is one of this benchmark's own
where its programs are installed.

``--faults`` and ``--frontier`` are described in `scaling_faults.py` and `scaling_frontier.py`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import scaling_faults
import scaling_frontier
from scaling_pages import heavy_sites
from scaling_processes import COMMAND, PrivateServer, metered, private_server, start, web_of

from crawler.configuration import load
from crawler.demo.access import max_in_flight, read_log
from crawler.demo.bulk import bulk_entries
from crawler.demo.site import Request
from crawler.extraction import PageInput
from crawler.extraction.article import extract
from crawler.library import open_library
from crawler.workers import understand
from storage.types import Outcome, utc_now

FLOOR_PAGES = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One crawl: ``cpu_s`` of its processes, ``idle_cpu_s`` of the same command with nothing to do."""

    name: str
    pages: int
    cpu_s: float
    server_s: float
    idle_cpu_s: float
    seconds: float
    in_flight: int

    def row(self, floor: float) -> str:
        rate, net = self.pages / self.cpu_s, self.pages / (self.cpu_s - self.idle_cpu_s)
        return (
            f"{self.name:24} {self.pages:6} {self.cpu_s:8.1f} {self.server_s:8.1f} {self.idle_cpu_s:8.1f} {rate:9.2f}"
            f" {net:9.2f} {rate / floor:8.2f} {net / floor:8.2f} {self.seconds:8.1f} {self.in_flight:7}"
        )


def main() -> None:
    options = arguments()
    # Servers and workers that were started end with this program, however it is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.faults:
        scaling_faults.run(options)
    elif options.frontier:
        scaling_frontier.run(options)
    else:
        throughput(options)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--pages", type=int, default=0, help="of each host; 10, or 40 with --faults")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--pause", type=float, default=30.0)
    parser.add_argument("--only", default="", help="faults whose name holds this text")
    parser.add_argument("--frontier", action="store_true")
    parser.add_argument("--documents", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--slices", type=int, default=200)
    options = parser.parse_args()
    options.pages = options.pages or (40 if options.faults else 10)
    return options


def throughput(options: argparse.Namespace) -> None:
    packed = sample(options)
    size, floor = statistics.median(length for _, _, length in packed), rate_of(extract, packed)
    print(f"{options.hosts * options.pages} pages on {options.hosts} hosts, median {size / 1000:.0f} KB")
    print(f"extraction floor: {floor:.2f} pages per CPU-second (gunzip and extract, one process, {len(packed)} pages)")
    print(f"all that is made of a page (extracted, judged, with keys): {rate_of(understand, packed):.2f}")
    print(
        f"{'':24} {'pages':>6} {'CPU s':>8} {'server':>8} {'idle':>8} {'pages/CPU':>9} {'net':>9} {'/ floor':>8}"
        f" {'net':>8} {'seconds':>8} {'flight':>7}"
    )
    for _ in range(options.rounds):
        with private_server() as server:
            print(crawl(options, "one process, SQLite", "", 0, server).row(floor), flush=True)
            print(crawl(options, "one process, PostgreSQL", server.url, 0, server).row(floor), flush=True)
            for count in options.workers:
                measured = crawl(options, f"{count} workers", server.url, count, server)
                print(measured.row(floor), flush=True)


def sample(options: argparse.Namespace) -> list[tuple[str, bytes, int]]:
    """Some of the pages: URL, packed content, size."""
    packed = []
    for number, site in enumerate(heavy_sites(hosts=options.hosts, pages=options.pages)):
        for page in range(number % options.pages, options.pages, max(1, options.hosts * options.pages // FLOOR_PAGES)):
            target = f"/news/{page}.html"
            body = site.fallback(Request(method="GET", host=site.host, target=target)).body
            packed.append((f"http://{site.host}{target}", gzip.compress(body, 1), len(body)))
    return packed


def rate_of(work: Callable[[PageInput], object], packed: list[tuple[str, bytes, int]]) -> float:
    """Pages per processor second of this work in this process."""
    work(_input(*packed[0][:2]))
    began = time.process_time()
    for url, content, _ in packed:
        work(_input(url, content))
    return len(packed) / (time.process_time() - began)


def _input(url: str, content: bytes) -> PageInput:
    return PageInput(
        url=url,
        content=gzip.decompress(content),
        content_type="text/html; charset=utf-8",
        captured_at=utc_now(),
    )


def crawl(options: argparse.Namespace, name: str, database: str, workers: int, server: PrivateServer) -> Measured:
    """One crawl of everything from an empty library, by one process or by workers, and one with nothing to do."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, log = Path(temporary) / "library", Path(temporary) / "access.jsonl"
        with web_of(options.hosts, options.pages, log) as proxy:
            prepare(folder, proxy, options, database, workers)
            server_s = server.cpu_s()
            cpu_s, seconds = commands(folder, workers)
            server_s = server.cpu_s() - server_s
            done = fetched(folder)
            idle_s, _ = commands(folder, workers)
        in_flight = max(max_in_flight(read_log(log)).values())
    return Measured(
        name=name,
        pages=done,
        cpu_s=cpu_s,
        server_s=server_s if database else 0.0,
        idle_cpu_s=idle_s,
        seconds=seconds,
        in_flight=in_flight,
    )


def commands(folder: Path, workers: int) -> tuple[float, float]:
    """Crawl until nothing is left; (processor seconds, seconds)."""
    if not workers:
        return metered([start("crawl", "--log-level", "WARNING", cwd=folder)])
    return metered([start("work", "--once", "--log-level", "WARNING", cwd=folder) for _ in range(workers)])


def prepare(folder: Path, proxy: str, options: argparse.Namespace, database: str, workers: int) -> None:
    if database:
        empty(database)
    folder.mkdir()
    # What comes after a crawl is not what is measured.
    crawl_settings = f"proxy = {json.dumps(proxy)}\ndelay_s = {options.delay}\nhosts = 32\n"
    (folder / "dateline.toml").write_text(
        f"[storage]\ndatabase = {json.dumps(database)}\n[crawl]\n{crawl_settings}[linking]\nat_crawl = false\n"
        f"[extraction]\nworkers = {1 if workers > 1 else 2}\ntimeout_s = 120.0\n"
    )
    table = folder.parent / "entries.csv"
    table.write_text(bulk_entries(hosts=options.hosts, pages=options.pages))
    for words in (("init", "."), ("events", "import", str(table))):
        subprocess.run([COMMAND, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def empty(database: str) -> None:
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        for schema in ("dateline_queue", "public"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.execute("CREATE SCHEMA public")


def fetched(folder: Path) -> int:
    """How many pages are articles; tells what became of others."""
    with open_library(load(folder)) as library:
        outcomes = library.store.status(now=utc_now()).by_outcome
    if set(outcomes) != {Outcome.FETCHED}:
        print("outcomes:", {str(name): count for name, count in outcomes.items()})
    return outcomes.get(Outcome.FETCHED, 0)


if __name__ == "__main__":
    main()
