"""``dateline export``: rows and megabytes per second, and memory, of every format over libraries of several sizes.

    python tests/benchmarks/exporting.py [--articles 1000 10000 100000] [--format events parquet] [--folder /tmp/x]

Rates are per second of CPU, so that what else the machine does is left out. Each export is a process of its own, whose
``ru_maxrss`` is the peak, over the library that ``browsing/library.py`` makes: seven events to ten articles. The
baseline of the same run is a process that selects the same articles in plain SQL, with their documents, links and
captures joined, and writes each row with ``json.dumps``: no evidence from other tables (copies in archives, clusters,
marks), no digests, no manifest. ``md`` writes a file per event and article.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crawler.takeout import FORMATS

_HERE = Path(__file__).parent
_BASELINE = """
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.row_factory = sqlite3.Row
rows = connection.execute(
    "SELECT v.*, d.canonical_url, d.request_url, c.captured_at, (SELECT json_group_array(l.event_id) FROM event_links l"
    " WHERE l.article_id = a.id) AS events FROM articles a JOIN article_versions v ON v.article_id = a.id"
    " AND v.number = a.latest JOIN documents d ON d.id = a.document_id JOIN captures c ON c.id = v.capture_id"
)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for row in rows:
        out.write(json.dumps(dict(row), ensure_ascii=False, default=lambda value: None) + "\\n")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--format", nargs="+", default=[one.name for one in FORMATS])
    parser.add_argument("--folder", type=Path, help="where libraries are made and left; else in a folder that goes")
    options = parser.parse_args()
    head = f"{'articles':>9} {'format':10} {'rows':>9} {'s':>7} {'CPU s':>7}"
    print(f"{head} {'rows/s':>8} {'MB/s':>7} {'MB':>8} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as made:
        for articles in options.articles:
            library = _library((options.folder or Path(made)).absolute(), articles)
            _baseline(library, articles)
            for name in options.format:
                _export(library, articles, name)


def _library(folder: Path, articles: int) -> Path:
    library = folder / f"library-{articles}"
    if not library.exists():
        (library / "captures").mkdir(parents=True)
        (library / "runs").mkdir()
        (library / "dateline.toml").touch()
        making = _HERE / "browsing" / "library.py"
        events = articles * 7 // 10
        sizes = ["--events", str(events), "--articles", str(articles)]
        subprocess.run(
            [sys.executable, making, f"sqlite:///{library / 'dateline.db'}", *sizes], check=True, capture_output=True
        )
    return library


def _baseline(library: Path, articles: int) -> None:
    out = library / "baseline.jsonl"
    measured = _measured([sys.executable, "-c", _BASELINE, str(library / "dateline.db"), str(out)])
    _print(articles, "(baseline)", articles, out.stat().st_size, measured)
    out.unlink()


def _export(library: Path, articles: int, name: str) -> None:
    out = library / f"out-{name}"
    command = [sys.executable, "-m", "crawler", "export", "-L", str(library), "-f", name, "-o", str(out)]
    measured = _measured(command)
    manifest = json.loads((out / "manifest.json").read_bytes())
    rows = sum(one["rows"] for one in manifest["files"])
    _print(articles, name, rows, manifest["bytes"], measured)
    shutil.rmtree(out)


def _measured(command: list[str]) -> tuple[float, float, float]:
    """Seconds, seconds of CPU, and peak memory in MB, of a process."""
    begun = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=_HERE.parents[1])
    said = child.stderr.read() if child.stderr else b""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command}: {child.returncode}\n{said.decode()}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _print(articles: int, name: str, rows: int, size: int, measured: tuple[float, float, float]) -> None:
    """Rates are per second of CPU: a machine that has other work to do says nothing of an export."""
    seconds, busy, peak = measured
    print(
        f"{articles:9,} {name:10} {rows:9,} {seconds:7.1f} {busy:7.1f} {rows / busy:8,.0f} {size / busy / 1e6:7.1f}"
        f" {size / 1e6:8.1f} {peak:8.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
