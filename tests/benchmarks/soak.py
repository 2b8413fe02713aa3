"""A long crawl at the highest local rate, bad servers among the good: memory, files and threads over time.

    python tests/benchmarks/soak.py [--minutes 10] [--hosts 150] [--pages 220] [--every 20]

One host in ten misbehaves (resets, drips, endless bodies, short bodies, garbage). Every `--every` seconds: pages asked
for so far, memory of the crawling process and of its children (proportional set size, in MiB), open files, threads.
The last lines give the growth per 1,000 pages over the second half, the page rates of the first and last quarter as a
ratio, and whether the captures verify.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

from crawler.demo.bulk import bulk_entries, bulk_sites
from crawler.demo.site import Delivery, Page, Site, failing
from crawler.demo.web import LocalWeb

COMMAND = str(Path(sys.executable).with_name("dateline"))
FAULTS = (Delivery.RESET, Delivery.DRIP, Delivery.ENDLESS, Delivery.SHORT, Delivery.GARBAGE)
MEBIBYTE = 1024


@dataclass
class Sample:
    seconds: float
    pages: int
    own_mib: float
    children_mib: float
    files: int
    threads: int


def main() -> None:
    options = arguments()
    if options.serve:
        serve(options)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "access.jsonl"
        words = [sys.executable, __file__, "--serve", str(log), "--hosts", str(options.hosts)]
        web = subprocess.Popen([*words, "--pages", str(options.pages)], stdout=subprocess.PIPE, text=True)
        try:
            library = prepare(folder, web.stdout.readline().strip(), options)
            report(list(crawled(library, log, options)), library)
        finally:
            web.terminate()
            web.wait()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--hosts", type=int, default=150)
    parser.add_argument("--pages", type=int, default=220)
    parser.add_argument("--every", type=float, default=20)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def serve(options: argparse.Namespace) -> None:
    sites = bulk_sites(hosts=options.hosts, pages=options.pages)
    with LocalWeb([faulty(site, number) for number, site in enumerate(sites)], log_file=options.serve) as web:
        print(web.proxy_url, flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


def faulty(site: Site, number: int) -> Site:
    if number % 10:
        return site
    body = b"<html><body><p>It never arrives as it should.</p></body></html>"
    fault = FAULTS[number // 10 % len(FAULTS)]
    return Site(host=site.host, routes={}, robots="", fallback=failing(fault, Page(body=body)))


def prepare(folder: Path, proxy: str, options: argparse.Namespace) -> Path:
    library = folder / "library"
    library.mkdir()
    (library / "dateline.toml").write_text(
        f'[crawl]\nproxy = "{proxy}"\ndelay_s = 0.05\nhosts = 100\nlease_s = 60\ntimeout_s = 4.0\nmax_mb = 1.0\n'
    )
    table = folder / "entries.csv"
    table.write_text(bulk_entries(hosts=options.hosts, pages=options.pages))
    for words in (("init", str(library)), ("events", "import", str(table), "-L", str(library))):
        subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)
    return library


def crawled(library: Path, log: Path, options: argparse.Namespace) -> Iterator[Sample]:
    crawl = subprocess.Popen(
        [COMMAND, "crawl", "-L", str(library), "--log-level", "CRITICAL"], stdout=subprocess.DEVNULL
    )
    begun = time.monotonic()
    print("seconds   pages    own MiB  children MiB  files  threads", flush=True)
    while crawl.poll() is None and time.monotonic() - begun < options.minutes * 60:
        time.sleep(options.every)
        if crawl.poll() is None:
            yield sample(crawl.pid, log, time.monotonic() - begun)
    crawl.send_signal(signal.SIGINT)
    print(f"the crawl ended with status {crawl.wait()}")


def sample(pid: int, log: Path, seconds: float) -> Sample:
    children = [child for child in descendants(pid) if child != pid]
    status = Path(f"/proc/{pid}/status").read_text()
    taken = Sample(
        seconds=seconds,
        pages=sum(1 for _ in log.open("rb")),
        own_mib=proportional_kib(pid) / MEBIBYTE,
        children_mib=sum(map(proportional_kib, children)) / MEBIBYTE,
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threads=int(status.partition("Threads:")[2].split()[0]),
    )
    print(
        f"{taken.seconds:7.0f} {taken.pages:7d} {taken.own_mib:10.1f} {taken.children_mib:13.1f}"
        f" {taken.files:6d} {taken.threads:8d}",
        flush=True,
    )
    return taken


def descendants(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def proportional_kib(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/smaps_rollup").read_text().partition("\nPss:")[2].split()[0])
    except (FileNotFoundError, ProcessLookupError, IndexError):  # a worker that was just replaced
        return 0


def report(samples: list[Sample], library: Path) -> None:
    late = samples[len(samples) // 2 :]
    thousands = [one.pages / 1000 for one in late]
    for name in ("own_mib", "children_mib"):
        slope = linear_regression(thousands, [getattr(one, name) for one in late]).slope
        print(f"{name}: {slope:+.2f} MiB per 1,000 pages over the second half")
    quarter = max(len(samples) // 4, 1)
    first = samples[quarter - 1].pages / samples[quarter - 1].seconds
    last = (samples[-1].pages - samples[-1 - quarter].pages) / (samples[-1].seconds - samples[-1 - quarter].seconds)
    print(f"requests per second: first quarter {first:.1f}, last quarter {last:.1f}, ratio {last / first:.2f}")
    words = [COMMAND, "captures", "verify", "-L", str(library), "--json"]
    verified = subprocess.run(words, capture_output=True, text=True, check=False)
    print(f"captures verify: {len(json.loads(verified.stdout)['problems'])} problems")
    words = [COMMAND, "status", "-L", str(library)]
    print(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
