"""What packing captures costs: records and megabytes a second, and the most memory, at growing sizes.

    python tests/benchmarks/packaging.py [ARTICLES ...]

Each size is packed in a process of its own. The baseline is a plain copy of the same WARC files, digested as the
package is: no program can be faster that has to say what it wrote. Times are the processor's, so that what else runs
on the machine counts for little. Articles are of SQLite, two thirds with redirects,
one in ten a revisit; pages are of 30 KB of words that shrink as pages do.
"""

from __future__ import annotations

import hashlib
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))

from press import Press

from crawler.configuration import load
from crawler.library import open_library
from crawler.packaging import Collection, pack

SIZES = (250, 1000, 4000)
_WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "ei", "o", "u") for c in ("r", "n", "st", "l", "m")]


def page(number: int) -> bytes:
    """Thirty kilobytes of words."""
    chosen = random.Random(number)  # noqa: S311 - the same pages each time
    return b"<html><p>" + " ".join(chosen.choices(_WORDS, k=6_000)).encode() + b"</p></html>"


def fill(folder: Path, articles: int) -> None:
    """A library with so many articles."""
    folder.mkdir()
    (folder / "dateline.toml").write_text("")
    with open_library(load(folder), create=True) as library:
        press = Press(library)
        for number in range(articles):
            url = f"http://paper-{number % 97}.example/{number}"
            moved = press.exchange(url, b"moved", status=301, headers=(("Location", f"{url}/a"),))
            shown = press.exchange(f"{url}/a", page(number - 1 if number % 10 == 9 else number))
            press.visit(url, *([moved] if number % 3 else []), shown, headline=f"Story {number}")
        press.close()


def packed(folder: Path) -> None:
    """Pack all of it, beside a copy; print what that cost."""
    with open_library(load(folder)) as library:
        files = sorted(library.captures.glob("*.warc.gz"))
        size = sum(file.stat().st_size for file in files)
        copied = copy(files, folder / "copy")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        with (folder / "captures.wacz").open("wb") as out:
            report = pack(library, library.store.articles(), out, Collection(title="All"))
        took = time.process_time() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{report.articles:>8} {report.records:>8} {size / 1e6:>7.1f} MB {took:>7.2f} s",
        f"{report.records / took:>8.0f} /s {size / took / 1e6:>7.1f} MB/s",
        f"{size / copied / 1e6:>9.1f} MB/s {took / copied:>6.1f}",
        f"{most / 1024:>8.1f} MB (+{(most - before) / 1024:.1f})",
    )


def copy(files: list[Path], to: Path) -> float:
    """Seconds of processor that a plain copy with its digest takes."""
    started, digest = time.process_time(), hashlib.sha256()
    with to.open("wb") as out:
        for file in files:
            with file.open("rb") as stream:
                while piece := stream.read(1 << 16):
                    digest.update(piece)
                    out.write(piece)
    return time.process_time() - started


def main() -> None:
    """Every size, each in a process of its own."""
    if sys.argv[1:2] == ["--one"]:
        packed(Path(sys.argv[2]))
        return
    print("articles  records       size    took  records/s       packed   plain copy  times  most memory")
    for articles in map(int, sys.argv[1:] or SIZES):
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder) / "news", articles)
            subprocess.run([sys.executable, __file__, "--one", Path(folder) / "news"], check=True)


if __name__ == "__main__":
    main()
