"""What is stored for each thing that a server can do to a crawler: one crawl over all of them, printed as a table.

    python tests/benchmarks/faults.py [--timeout 4] [--max-mb 1] [--only TEXT]

Also prints how long the crawl took and the most memory that its process had. The faults are those of
``tests/crawl/hostile_faults.py``, where the outcome that is right stands beside each; a ``!`` marks one that differs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "crawl"))

from hostile_faults import FAULTS, TIMEOUT_S, served
from hostile_server import HostileWeb

from crawler.configuration import load
from crawler.entry_files import walk
from crawler.events import ReadOptions
from crawler.importing import import_entries
from crawler.library import open_library
from crawler.urls import canonical_url

COMMAND = str(Path(sys.executable).with_name("dateline"))


def main() -> None:
    options = arguments()
    faults = {name: fault for name, fault in FAULTS.items() if options.only in name}
    with tempfile.TemporaryDirectory() as name, HostileWeb() as web:
        folder = Path(name) / "library"
        urls = {name: served(web, fault) for name, fault in faults.items()}
        prepare(folder, urls, options)
        began = time.monotonic()
        memory = crawl(folder)
        took = time.monotonic() - began
        show(folder, urls, faults)
    print(f"\n{len(urls)} faults in {took:.1f} s, most memory {memory:.0f} MiB")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S, help="seconds per request")
    parser.add_argument("--max-mb", type=float, default=1.0, help="limit of one response")
    parser.add_argument("--only", default="", help="faults whose name holds this text")
    return parser.parse_args()


def prepare(folder: Path, urls: dict[str, str], options: argparse.Namespace) -> None:
    """A library whose one event cites every fault."""
    folder.mkdir()
    settings = f"allow_private = true\ndelay_s = 0.05\ntimeout_s = {options.timeout}\nmax_mb = {options.max_mb}\n"
    (folder / "dateline.toml").write_text(f"[crawl]\n{settings}hosts = {len(urls) + 1}\n")
    rows = "".join(f"e{number},2016-04-08,An event of the table,{url}\n" for number, url in enumerate(urls.values()))
    table = folder / "entries.csv"
    table.write_text(f"event_id,date,headline,url\n{rows}")
    with open_library(load(folder), create=True) as library:
        import_entries(library, walk([table], sys.stdin.buffer), ReadOptions())


def crawl(folder: Path) -> float:
    """Crawl; the most memory of the crawling process in MiB."""
    process = subprocess.Popen([COMMAND, "crawl", "--library", str(folder)], stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        with suppress(OSError, StopIteration):
            status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            peak = int(next(line for line in status if line.startswith("VmHWM")).split()[1])
        time.sleep(0.1)
    return peak / 1024


def show(folder: Path, urls: dict[str, str], faults: dict) -> None:
    with open_library(load(folder)) as library:
        for name, url in urls.items():
            attempts = library.store.history(canonical_url(url)).attempts
            stored = ", ".join(attempt.outcome for attempt in attempts) or "nothing"
            detail = attempts[-1].detail if attempts else ""
            mark = " " if stored == faults[name].outcome else "!"
            print(f"{mark} {name:42} {stored:18} {detail[:90]}")


if __name__ == "__main__":
    main()
