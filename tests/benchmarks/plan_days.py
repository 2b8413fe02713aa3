"""What planning two days costs for an archive of 90,000 documents on 3,000 hosts, on SQLite and PostgreSQL.

    python tests/benchmarks/plan_days.py [--documents N] [--hosts N] [--days N] [--postgres URL]

The hosts are as uneven as those of a real archive of event entries: the largest has a tenth of all documents, the
fifty largest have 73 %, and four in ten have one document. A fifth was never asked for, a fifth failed, the others are
asked for again; all are due within the days. Printed are the seconds of wall clock and of CPU of one plan, and of
giving dates to all documents that have none.
"""

import argparse
import random
import resource
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from crawler.configuration import load
from crawler.library import open_library
from crawler.outlook import book, look_ahead
from storage.types import DocumentIdentity, EntryOrigin, LooseSource, utc_now

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


def sizes(documents, hosts):
    """How many documents each host has, the largest first."""
    single = int(hosts * 0.4)
    large = [max(2, round(documents * 0.1 / rank**0.62)) for rank in range(1, 51)]
    share = documents * 0.73 / sum(large)
    large = [max(2, round(size * share)) for size in large]
    small = hosts - single - len(large)
    left = documents - sum(large) - single
    middle = [max(2, left // small)] * small
    middle[0] += max(0, left - sum(middle))
    return [*large, *middle, *[1] * single]


def fill(store, documents, hosts, now):
    """Make the documents, a few thousand per transaction."""
    origin = EntryOrigin(name="-", line=1, format="urls")
    batch = []
    for number, size in enumerate(sizes(documents, hosts)):
        host = f"h{number}.example"
        for page in range(size):
            url = f"https://{host}/2009/05/04/story-{page}-of-the-harbour.html"
            identity = DocumentIdentity(
                canonical_url=url, request_url=url, url_key=f"example,h{number})/{page}", host=host
            )
            batch.append(LooseSource(cited_url=url, identity=identity, origin=origin))
            if len(batch) == 5000:
                store.put_loose(batch, now=now)
                batch.clear()
    store.put_loose(batch, now=now)


def age(store, now, days):
    """Give documents a history: a fifth new, a fifth failed, the others fetched; spread over the days."""
    chance = random.Random(7)  # noqa: S311 -- the same library each time
    rows = []
    with store._engine.begin() as connection:
        for (number,) in connection.execute(text("SELECT id FROM documents")).all():
            kind = number % 5
            rows.append(
                {
                    "id": number,
                    "outcome": None if kind == 0 else "timeout" if kind == 1 else "fetched",
                    "failures": int(kind == 1),
                    "due": stamp(connection, now + timedelta(days=days) * chance.random() - timedelta(hours=12)),
                    "last": None if kind == 0 else stamp(connection, now - timedelta(days=200)),
                    "reported": stamp(connection, now - timedelta(days=chance.randint(1, 6000))),
                    "checks": chance.randint(0, 9),
                }
            )
        connection.execute(
            text(
                "UPDATE documents SET last_outcome = :outcome, failures = :failures, next_fetch_at = :due,"
                " last_attempt_at = :last, reported_at = :reported, checks = :checks WHERE id = :id"
            ),
            rows,
        )
        due = "SELECT min(next_fetch_at) FROM documents WHERE host_id = hosts.id"
        connection.execute(text(f"UPDATE hosts SET due_at = ({due})"))  # noqa: S608
    if store._engine.dialect.name == "postgresql":
        with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def stamp(connection, moment):
    """A moment as the database keeps it."""
    from storage.sql.columns import UtcDateTime  # noqa: PLC0415 -- the benchmark's own look inside

    kept = UtcDateTime().dialect_impl(connection.dialect)
    bind = kept.bind_processor(connection.dialect)
    return bind(moment) if bind else moment


def timed(what, work):
    """Run it; print seconds of wall clock and CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    print(f"  {what}: {time.perf_counter() - wall:.2f} s wall clock, {time.process_time() - cpu:.2f} s CPU here")
    return found


def measure(folder, given):
    """Fill a library, plan it, give dates."""
    now = utc_now()
    with open_library(load(folder), create=True) as library:
        fill(library.store, given.documents, given.hosts, now)
        age(library.store, now, given.days)
        for _ in range(2):
            made = timed(f"plan of {given.days} days", lambda: look_ahead(library, days=given.days, now=utc_now()))
        for day in made.days:
            reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(day.reasons.items()))
            print(f"    {day.day}: {day.planned:,} of {len(day.hosts):,} hosts: {reasons}; {day.deferred:,} later")
        with library.store._engine.begin() as connection:
            connection.execute(text("UPDATE documents SET next_fetch_at = NULL WHERE last_outcome = 'fetched'"))
        booked = timed("dates for all that live", lambda: book(library, now=utc_now()))
        print(f"    {booked.living:,} documents on {len(booked.hosts):,} hosts, {booked.first:%F} to {booked.last:%F}")
        assert book(library, now=utc_now()).living == 0
    print(f"  largest resident size: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def main():
    """Both databases, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=90_000)
    parser.add_argument("--hosts", type=int, default=3_000)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--postgres", default=SERVER, help="a server on which a database may be made; empty for none")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "sqlite"
        folder.mkdir()
        (folder / "dateline.toml").write_text("")
        print("SQLite")
        measure(folder, given)
        if given.postgres:
            on_postgres(Path(scratch) / "postgres", given)


def on_postgres(folder, given):
    """The same in a database that is made for it and dropped."""
    server = make_url(given.postgres)
    name = f"dateline_plan_{uuid.uuid4().hex[:8]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = server.set(database=name).render_as_string(hide_password=False)
    folder.mkdir()
    (folder / "dateline.toml").write_text(f'[storage]\ndatabase = "{url}"\n')
    print("PostgreSQL")
    try:
        measure(folder, given)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


if __name__ == "__main__":
    main()
