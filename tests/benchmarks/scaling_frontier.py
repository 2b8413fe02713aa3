"""A worker before millions of documents: its memory, and how long the questions take that it asks all the time.

    python tests/benchmarks/scaling.py --frontier [--documents 1000000 10000000] [--slices 200]

The tables of documents and hosts are filled by the database itself, with the sizes of hosts of a real archive
(`scale/hosts.py`; ten million documents on 560,000 hosts); all is due. One worker asks a web that answers 404. Its
main process is looked at when it has done its first documents and after so many times twenty of them (``--slices``).
The named baseline, in the same run, is the same worker before a thousand documents. Then, beside the quiet database:
one lease of a host slice, one renewal, and the feeder's question which hosts are ready.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
from scaling_processes import COMMAND, PrivateServer, private_server, resident_mb

sys.path.insert(0, str(Path(__file__).with_name("scale")))

from hosts import sizes

from crawler.configuration import load
from crawler.queueing.feeding import ready_hosts
from storage import open_store, schema
from storage.protocol import Store
from storage.types import LeaseRequest, Selection, utc_now

SMALL = 1000
_FILL = (
    """INSERT INTO hosts (id, name, due_at)
    SELECT host, 'h' || host || '.example', now() - interval '1 day' - host * interval '1 millisecond' FROM sizes""",
    """INSERT INTO documents (url_digest, canonical_url, request_url, url_key, host_id, added_at, attempts, failures,
        next_fetch_at, etag, last_modified)
    SELECT decode(md5(host || '/' || n), 'hex'), 'https://h' || host || '.example/news/' || n || '.html',
        'http://h' || host || '.example/news/' || n || '.html', 'example,h' || host || ')/news/' || n || '.html',
        host, now() - interval '2 days', 0, 0, now() - interval '1 day' + n * interval '1 millisecond', '', ''
    FROM sizes, generate_series(1, documents) AS n""",
    "SELECT setval(pg_get_serial_sequence('hosts', 'id'), (SELECT max(id) FROM hosts))",
)


def run(options: argparse.Namespace) -> None:
    small = None
    for documents in (SMALL, *options.documents):
        with private_server() as server, tempfile.TemporaryDirectory() as name:
            print(f"{documents} documents: ", end="", flush=True)
            fill(server, documents)
            first, last, served, peak = worked(server, Path(name), options.slices if documents > SMALL else 20)
            small = small or last
            print(
                f"  worker: {first:.1f} MB after its first documents, {last:.1f} MB after {served}, peak {peak:.1f} MB;"
                f" {last - small:+.1f} MB beside {SMALL} documents ({last / small:.3f} times)"
            )
            questions(server, Path(name))


def fill(server: PrivateServer, documents: int) -> None:
    began = time.monotonic()
    schema.upgrade(server.url)
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE sizes (host bigint, documents bigint)")
        found = sizes(documents) if documents > SMALL else [SMALL // 100] * 100
        with connection.cursor().copy("COPY sizes FROM STDIN") as rows:
            for number, count in enumerate(found, 1):
                rows.write_row((number, count))
        indexes = connection.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = 'documents'"
            " AND i.indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for statement in _FILL:
            connection.execute(statement)
        for _, definition in indexes:
            connection.execute(definition)
        connection.execute("DROP TABLE sizes")
        connection.execute("VACUUM ANALYZE documents")
        connection.execute("ANALYZE hosts")
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()[0]
    print(f"on {len(found)} hosts, {size}, filled in {time.monotonic() - began:.0f} s", flush=True)


def worked(server: PrivateServer, folder: Path, slices: int) -> tuple[float, float, int, float]:
    """(MB after the first documents, MB at the end, documents that were served, most MB)."""
    words = [sys.executable, str(Path(__file__).with_name("scaling_pages.py")), "--empty"]
    web = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    settings = f'proxy = "{web.stdout.readline().strip()}"\ndelay_s = 0.01\nhosts = 64\n'
    (folder / "dateline.toml").write_text(
        f'[storage]\ndatabase = "{server.url}"\n[crawl]\n{settings}[extraction]\nworkers = 1\n'
    )
    (folder / "captures").mkdir()
    (folder / "runs").mkdir()
    words = [COMMAND, "work", "--log-level", "ERROR"]
    worker = subprocess.Popen(words, cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        seen = [resident_mb(worker.pid)]
        first = wanted = 0
        while (served := attempts(server)) < slices * 20 and worker.poll() is None:
            seen.append(resident_mb(worker.pid))
            if served >= 200 and not first:
                first = seen[-1]
            if served == wanted and served >= SMALL:
                break
            wanted = served
            time.sleep(1)
        last = resident_mb(worker.pid)
        return first or last, last, served, max(*seen, last)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait()
        web.terminate()
        web.wait()


def attempts(server: PrivateServer) -> int:
    with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        return connection.execute("SELECT count(*) FROM attempts").fetchone()[0]


def questions(server: PrivateServer, folder: Path) -> None:
    settings = load(folder)
    with open_store(server.url) as store:
        taken = iter(range(1 << 30))

        def lease() -> None:
            now = utc_now()
            store.lease(request(f"token-{next(taken)}", now, Selection()))

        def lease_named() -> None:
            now = utc_now()
            store.lease(request(f"token-{next(taken)}", now, Selection(host=f"h{next(taken) + 10}.example")))

        print(f"  lease of the next host and 20 documents: {milliseconds(lease)}")
        print(f"  lease of a named host and 20 documents: {milliseconds(lease_named)}")
        print(f"  renewal: {milliseconds(lambda: store.renew('token-1', until=utc_now()))}")
        feed = milliseconds(lambda: ready_hosts(store, settings, now=utc_now(), limit=512))
        print(f"  the feeder's 512 ready hosts: {feed}")
        give_back(store, next(taken))


def request(token: str, now, selection: Selection) -> LeaseRequest:
    return LeaseRequest(
        token=token, now=now, until=now + timedelta(minutes=5), max_hosts=1, per_host=20, selection=selection
    )


def give_back(store: Store, count: int) -> None:
    for number in range(count):
        store.release(f"token-{number}", not_before={})


def milliseconds(call: Callable[[], object], times: int = 60) -> str:
    """Median and 95th percentile; the first call is left out."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    ordered = sorted(took[1:])
    return f"median {statistics.median(ordered):.1f} ms, 95 % within {ordered[int(len(ordered) * 0.95)]:.1f} ms"
