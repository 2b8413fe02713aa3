"""A crawl of thousands of pages on a hundred hosts, killed with -9 on the way: what it cost and what it kept.

    python tests/benchmarks/killed_crawl.py [--hosts 120] [--pages 20] [--kills 3] [--database URL] [--delay 0.1]

Prints counts by query over the library, politeness from the server's own log, pages per second of wall clock and per
CPU-second of the crawler's process tree, and the extraction floor (the same captures extracted in one bare loop) as the
baseline of the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crawler.configuration import load
from crawler.demo.access import max_in_flight, read_log, smallest_interval
from crawler.demo.bulk import bulk_entries
from crawler.extraction import PageInput
from crawler.extraction.article import extract
from crawler.library import open_library
from storage.types import utc_now

COMMAND = str(Path(sys.executable).with_name("dateline"))


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "access.jsonl"
        sites = f"bulk:{options.hosts}x{options.pages}"
        web = subprocess.Popen(
            [sys.executable, "-m", "crawler.demo.web", "--sites", sites, "--log", str(log)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            proxy = web.stdout.readline().strip().partition("http_proxy=")[2]
            library = prepare(folder, proxy, options)
            measure(library, log, options)
        finally:
            web.terminate()
            web.wait()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=120)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--delay", type=float, default=0.1)
    parser.add_argument("--database", default="")
    return parser.parse_args()


def prepare(folder: Path, proxy: str, options: argparse.Namespace) -> Path:
    library = folder / "library"
    library.mkdir()
    (library / "dateline.toml").write_text(
        f'[storage]\ndatabase = "{options.database}"\n'
        f'[crawl]\nproxy = "{proxy}"\ndelay_s = {options.delay}\nhosts = 64\nlease_s = 60\n'
    )
    run("init", str(library))
    table = folder / "entries.csv"
    table.write_text(bulk_entries(hosts=options.hosts, pages=options.pages))
    run("events", "import", str(table), "-L", str(library))
    return library


def run(*words: str) -> None:
    subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)


def measure(library: Path, log: Path, options: argparse.Namespace) -> None:
    total = options.hosts * options.pages
    begun = time.monotonic()
    for number in range(options.kills):
        kill_at(library, log, (number + 1) * total // (options.kills + 1))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    left, rest_begun = total - articles(library), time.monotonic()
    run("crawl", "-L", str(library), "--json", "--log-level", "WARNING")
    rest_s = time.monotonic() - rest_begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"all {total} pages on {options.hosts} hosts, killed {options.kills} times: {time.monotonic() - begun:.1f} s")
    print(f"last run: {left} pages, {rest_s:.1f} s, {left / rest_s:.1f} pages/s, {left / cpu_s:.1f} pages/CPU-s")
    floor = extraction_floor(library, min(total, 300))
    print(f"extraction floor: {floor:.1f} pages/CPU-s; crawl / floor = {left / cpu_s / floor:.2f}")
    report(library, log, total)


def kill_at(library: Path, log: Path, count: int) -> None:
    process = subprocess.Popen(
        [COMMAND, "crawl", "-L", str(library), "--log-level", "ERROR"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and sum(1 for _ in log.open()) < count:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    print(f"killed at {sum(1 for _ in log.open())} requests, {articles(library)} articles stored")


def articles(library: Path) -> int:
    with open_library(load(library)) as opened:
        return opened.store.status(now=utc_now()).articles


def extraction_floor(library: Path, count: int) -> float:
    """Pages per CPU-second of the bare extractor over stored captures, in this process."""
    with open_library(load(library)) as opened:
        reader = opened.reader()
        pages = []
        for capture in opened.store.captures():
            if len(pages) == count:
                break
            pages.append(
                PageInput(
                    url=capture.url,
                    content=reader.content(capture, None),
                    content_type="text/html; charset=utf-8",
                    captured_at=capture.captured_at,
                )
            )
    extract(pages[0])
    begun = time.process_time()
    for page in pages:
        extract(page)
    return len(pages) / (time.process_time() - begun)


QUERIES = {
    "documents without exactly one attempt": "SELECT count(*) FROM (SELECT d.id FROM documents d LEFT JOIN attempts a"
    " ON a.document_id = d.id GROUP BY d.id HAVING count(a.id) <> 1) x",
    "documents without exactly one article": "SELECT count(*) FROM (SELECT d.id FROM documents d LEFT JOIN articles a"
    " ON a.document_id = d.id GROUP BY d.id HAVING count(a.id) <> 1) x",
    "attempts without a capture": "SELECT count(*) FROM attempts a WHERE NOT EXISTS"
    " (SELECT 1 FROM captures c WHERE c.attempt_id = a.id)",
    "present citations without an event link": "SELECT count(*) FROM source_links s JOIN articles a"
    " ON a.document_id = s.document_id WHERE NOT EXISTS (SELECT 1 FROM event_links e"
    " WHERE e.event_id = s.event_id AND e.article_id = a.id)",
    "pairs of attempts on one host that overlap": "SELECT count(*) FROM attempts a JOIN documents d"
    " ON d.id = a.document_id JOIN documents e ON e.host_id = d.host_id AND e.id <> d.id JOIN attempts b"
    " ON b.document_id = e.id WHERE a.started_at < b.finished_at AND b.started_at < a.finished_at"
    " AND a.started_at > b.started_at",
}


def report(library: Path, log: Path, total: int) -> None:
    with open_library(load(library)) as opened:
        status = opened.store.status(now=utc_now())
    print(f"documents {status.documents}, articles {status.articles}, attempts {status.attempts}, due {status.due}")
    database = library / "dateline.db"
    if database.exists():
        with sqlite3.connect(database) as connection:
            for question, query in QUERIES.items():
                print(f"{question}: {connection.execute(query).fetchone()[0]}")
    verified = subprocess.run(
        [COMMAND, "captures", "verify", "-L", str(library), "--json"], capture_output=True, text=True, check=False
    )
    print(f"captures verify: {len(json.loads(verified.stdout)['problems'])} problems")
    accesses = read_log(log)
    pages = [access for access in accesses if access.target != "/robots.txt"]
    print(f"server: {len(pages)} page requests for {total} pages ({len(pages) - total} asked again after a kill)")
    print(f"server: most in flight on a host {max(max_in_flight(accesses).values())}")
    print(f"server: shortest interval on a host {min(smallest_interval(accesses).values()):.3f} s")


if __name__ == "__main__":
    main()
