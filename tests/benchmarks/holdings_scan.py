"""Looking through a news crawl for the few records that are wanted: records per second, against plain readers.

    python tests/benchmarks/holdings_scan.py [--records 20000] [--wanted 0.001] [--rounds 3]

The file is made like one day of a news crawl (gzip, one member per record, a request beside every response) and lies
in the page cache. All readers go through it in the same run, in turns; the best round of each counts. The plain ones
only iterate: they look at no URL. Beside them stands indexing the whole file, which keeps every record.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.holdings.files import OpenFile
from crawler.holdings.reading import Report
from crawler.holdings.wanted import WantedKeys
from crawler.urls import url_key

_SITES = 400
_OTHER_KEYS = 100_000
_WORDS = 4000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--wanted", type=float, default=0.001)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.warc.gz"
        wanted = write(path, options.records, options.wanted)
        print(f"{options.records} records, {path.stat().st_size / 1e6:.0f} MB, {len(wanted)} wanted")
        keys = WantedKeys(sorted({*map(url_key, wanted), *elsewhere()}))
        print(f"{len(keys)} keys are looked for")
        report(measure(readers(str(path), keys, len(wanted)), options.rounds), options.records)


def write(path: Path, count: int, share: float) -> list[str]:
    """Make the file; returns the URLs that are wanted. Half of them are on hosts with many other pages."""
    chance = random.Random(20_160_826)  # noqa: S311 - the same file each time
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 10))) for _ in range(_WORDS)]
    wanted = []
    with path.open("wb") as stream:
        for number in range(count // 2):
            url = f"https://www.site{chance.randrange(_SITES)}.example/2016/08/26/{number}-story.html?n={number}"
            if chance.random() < 2 * share:
                wanted.append(url)
            body = " ".join(chance.choices(words, k=chance.randint(1500, 9000)))
            response = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html>{body}</html>"
            stream.write(member("request", number, url, "GET / HTTP/1.1\r\nHost: example\r\n\r\n"))
            stream.write(member("response", number, url, response))
    return wanted


def member(kind: str, number: int, url: str, block: str) -> bytes:
    record = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
        f"WARC-Date: 2016-08-26T12:43:23Z\r\nWARC-Target-URI: {url}\r\nWARC-IP-Address: 192.0.2.1\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n{block}\r\n\r\n"
    ).encode("ascii")
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(record) + packer.flush()


def elsewhere() -> Iterator[str]:
    """Keys of documents that the file does not hold."""
    return (f"example,paper{number % 3000})/archive/{number}" for number in range(_OTHER_KEYS))


def readers(path: str, keys: WantedKeys, expected: int) -> dict[str, Callable[[], None]]:
    def ours(wanted: WantedKeys | None) -> int:
        fd = os.open(path, os.O_RDONLY)
        try:
            found = Report()
            count = sum(1 for _ in OpenFile(path=path, fd=fd, report=found, wanted=wanted).records())
        finally:
            os.close(fd)
        assert not found.problems
        return count

    def scan() -> None:
        assert ours(keys) == expected

    def whole() -> None:
        assert ours(None) > expected

    def fastwarc() -> None:
        for _ in FastIterator(path, parse_http=False, auto_decode="none"):
            pass

    def warcio() -> None:
        with open(path, "rb") as stream:  # noqa: PTH123 - as warcio's documentation does
            for _ in WarcioIterator(stream):
                pass

    return {"plain FastWARC": fastwarc, "our scan": scan, "our index of all": whole, "plain warcio": warcio}


def measure(every: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Name -> seconds of the best round."""
    best = dict.fromkeys(every, float("inf"))
    for _ in range(rounds):
        for name, run in every.items():
            begun = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - begun)
    return best


def report(seconds: dict[str, float], records: int) -> None:
    fast, slow = seconds["plain FastWARC"], seconds["plain warcio"]
    print(f"{'':<18}{'records/s':>12}{'of FastWARC':>14}{'of warcio':>12}")
    for name, taken in seconds.items():
        print(f"{name:<18}{records / taken:>12.0f}{fast / taken:>13.2f}x{slow / taken:>11.2f}x")


if __name__ == "__main__":
    main()
