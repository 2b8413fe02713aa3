"""Two crawls at once on one library against a local web, and what its own access log says of their manners.

    python tests/benchmarks/politeness.py [--hosts 8] [--pages 6] [--delay 0.5] [--runs 2] [--retry-after 6]

The web has hosts with pages of their own; hosts whose pages all redirect to one common host; a host that says
"too often" once, and is still left alone when the run that heard it was killed with -9; a host with a Crawl-delay; a
dead one. Prints, per host: requests, the shortest interval between two of them, the most in flight; then the episode of
the Retry-After.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crawler.configuration import load
from crawler.demo.access import Access, by_host, max_in_flight, smallest_interval
from crawler.demo.bulk import bulk_sites
from crawler.demo.site import Request, Site, in_turn, rate_limited, redirect
from crawler.demo.web import LocalWeb
from crawler.library import open_library
from storage.types import Outcome, utc_now

COMMAND = str(Path(sys.executable).with_name("dateline"))
BUSY, COMMON, SLOW, DEAD = "busy.example", "common.example", "slow.example", "dead.example"


def main() -> None:
    options = arguments()
    pages = options.hosts * options.pages
    story = next(iter(bulk_sites(hosts=1, pages=pages + 1))).fallback

    def page(number: int):
        return story(Request(method="GET", host="paper-000.bulk.example", target=f"/news/{number}.html"))

    sites, urls = web_of(options, page)
    with LocalWeb(sites) as web, tempfile.TemporaryDirectory() as name:
        library = prepare(Path(name), web, urls, options)
        first = start(library)
        wait_for_too_often(library, first)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        begun = time.monotonic()
        running = [start(library) for _ in range(options.runs)]
        for process in running:
            process.wait()
        print(f"{options.runs} crawls at once, {time.monotonic() - begun:.1f} s; delay_s = {options.delay:g}")
        report(web.log)
        retry_after(web.log)
        with open_library(load(library)) as opened:
            print(
                "outcomes:", {str(name): count for name, count in opened.store.status(now=utc_now()).by_outcome.items()}
            )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=8)
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--delay", type=float, default=0.5)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--retry-after", type=int, default=6)
    return parser.parse_args()


def web_of(options: argparse.Namespace, page) -> tuple[list[Site], list[str]]:
    """The sites, and the URLs that are cited."""
    sites, urls = [], []
    for host in range(options.hosts):
        numbers = range(host * options.pages, (host + 1) * options.pages)
        own, old = f"own-{host}.example", f"old-{host}.example"
        sites += [
            Site(host=own, routes={f"/{number}": page(number) for number in numbers}),
            Site(host=old, routes={f"/{number}": redirect(f"http://{COMMON}/{number}") for number in numbers[:2]}),
        ]
        urls += [f"http://{own}/{number}" for number in numbers] + [f"http://{old}/{number}" for number in numbers[:2]]
    every = {f"/{number}": page(number) for number in range(options.hosts * options.pages)}
    said = in_turn(rate_limited(str(options.retry_after)), page(0))
    sites += [
        Site(host=COMMON, routes=every),
        Site(host=BUSY, routes={**every, "/0": said}),
        Site(host=SLOW, routes=every, robots="User-agent: *\nCrawl-delay: 2\n"),
    ]
    urls += [f"http://{host}/{number}" for host in (BUSY, SLOW) for number in range(options.pages)]
    return sites, urls + [f"http://{DEAD}/{number}" for number in range(30)]


def prepare(folder: Path, web: LocalWeb, urls: list[str], options: argparse.Namespace) -> Path:
    library = folder / "library"
    library.mkdir()
    (library / "dateline.toml").write_text(
        f'[crawl]\nproxy = "{web.proxy_url}"\ndelay_s = {options.delay}\nhosts = 6\nlease_s = 60\n'
    )
    rows = [f"e{number},2016-04-08,Event number {number},{url}" for number, url in enumerate(urls)]
    (folder / "entries.csv").write_text("\n".join(["event_id,date,headline,url", *rows]) + "\n")
    for words in (["init", str(library)], ["events", "import", str(folder / "entries.csv"), "-L", str(library)]):
        subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)
    return library


def start(library: Path) -> subprocess.Popen[bytes]:
    words = [COMMAND, "crawl", "-L", str(library), "--log-level", "ERROR"]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True)


def wait_for_too_often(library: Path, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with open_library(load(library)) as opened:
            if opened.store.status(now=utc_now()).by_outcome.get(Outcome.RATE_LIMITED):
                return
        time.sleep(0.05)


def report(log: list[Access]) -> None:
    flight, interval = max_in_flight(log), smallest_interval(log)
    print(f"{'host':<18}{'requests':>9}{'shortest interval':>19}{'most in flight':>16}")
    for host, accesses in sorted(by_host(log).items()):
        shortest = f"{interval[host]:.3f} s" if host in interval else ""
        print(f"{host:<18}{len(accesses):>9}{shortest:>19}{flight[host]:>16}")


def retry_after(log: list[Access]) -> None:
    limited = next(access for access in log if access.status == 429)
    after = min(access.started_at for access in by_host(log)[BUSY] if access.started_at > limited.started_at)
    waited = (after - limited.ended_at).total_seconds()
    print(f"429 at {limited.ended_at:%H:%M:%S.%f}, kill -9, next request at {after:%H:%M:%S.%f}: {waited:.2f} s later")


if __name__ == "__main__":
    main()
