"""What the workers' queue costs: putting, taking and ending jobs, against the plainest queue that PostgreSQL can be.

    python tests/benchmarks/host_queue.py [--server URL] [--jobs 2000] [--places 8]

The baseline is a table with ``SELECT ... FOR UPDATE SKIP LOCKED`` and ``DELETE`` by psycopg, a connection per place,
without locks per host, heartbeats, notifications or anybody who takes over from the dead. Both run on the same server,
one after the other, with an empty serve. Processes are real ones: a worker is a process.
"""

import argparse
import asyncio
import multiprocessing
import os
import time
import uuid
from contextlib import contextmanager

import psycopg
from sqlalchemy import create_engine, make_url, text

from crawler.queueing.engine import open_queue
from crawler.queueing.orders import HostOrder, Served

SERVER = os.environ.get("DATELINE_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
TABLE = "CREATE TABLE plain (id bigserial PRIMARY KEY, host text NOT NULL)"
TAKE = "DELETE FROM plain WHERE id = (SELECT id FROM plain ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING host"


@contextmanager
def database(server):
    """A database of our own."""
    name = f"dateline_queue_{uuid.uuid4().hex[:8]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def plain_address(url):
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def orders(number):
    return [HostOrder(host=f"host-{one}.example") for one in range(number)]


# -- putting ---------------------------------------------------------------------------------------------------------


async def put(url, number):
    """Seconds for putting them, and for putting them once more."""
    async with open_queue(url) as queue:
        began = time.perf_counter()
        assert await queue.put(orders(number)) == number
        first = time.perf_counter() - began
        began = time.perf_counter()
        assert await queue.put(orders(number)) == 0
        return first, time.perf_counter() - began


def put_plain(url, number):
    with psycopg.connect(plain_address(url), autocommit=True) as connection:
        began = time.perf_counter()
        names = [one.host for one in orders(number)]
        connection.execute("INSERT INTO plain (host) SELECT unnest(%s::text[])", (names,))
        return time.perf_counter() - began


def emptied(url):
    with psycopg.connect(plain_address(url), autocommit=True) as connection:
        connection.execute("TRUNCATE dateline_queue.procrastinate_jobs, plain CASCADE")


# -- taking and ending -----------------------------------------------------------------------------------------------


def worker(url, places, barrier, served):
    """One process: takes jobs until none is left."""

    async def work():
        stop = asyncio.Event()
        idle_since = time.monotonic()

        async def serve(_order):
            nonlocal idle_since
            idle_since = time.monotonic()
            served.value += 1
            return Served(documents=1)

        async def watch():
            while (left := idle_since + 1.0 - time.monotonic()) > 0:  # noqa: ASYNC110 - it is put off by each job
                await asyncio.sleep(left)
            stop.set()

        async with open_queue(url) as queue:
            barrier.wait()
            idle_since = time.monotonic()
            began, cpu = idle_since, time.process_time()
            watching = asyncio.create_task(watch())
            await queue.work(serve, queue="hosts", places=places, name=f"bench:{os.getpid()}", stop=stop)
            await watching
        return idle_since - began, time.process_time() - cpu

    return asyncio.run(work())


def plain_worker(url, places, barrier, served):
    async def place(began):
        async with await psycopg.AsyncConnection.connect(plain_address(url), autocommit=True) as connection:
            while await (await connection.execute(TAKE)).fetchone():
                served.value += 1
        return time.monotonic() - began

    async def work():
        began, cpu = time.monotonic(), time.process_time()
        seconds = await asyncio.gather(*(place(began) for _ in range(places)))
        return max(seconds), time.process_time() - cpu

    barrier.wait()
    return asyncio.run(work())


def run_workers(target, url, processes, places):
    """Seconds until the last job was served, CPU seconds of all workers, and how many jobs they served."""
    barrier = multiprocessing.Barrier(processes)
    results = multiprocessing.Queue()
    counts = [multiprocessing.Value("i", 0, lock=False) for _ in range(processes)]

    def one(count):
        results.put(target(url, places, barrier, count))

    started = [multiprocessing.Process(target=one, args=(count,)) for count in counts]
    for process in started:
        process.start()
    found = [results.get() for _ in started]
    for process in started:
        process.join()
    return max(seconds for seconds, _ in found), sum(cpu for _, cpu in found), sum(count.value for count in counts)


def report(name, processes, seconds, cpu, jobs):
    rate, cost = jobs / seconds, 1000 * cpu / jobs
    print(f"  {name:<12} {processes} worker(s): {rate:6.0f} jobs/s  {cost:6.2f} ms of the workers' CPU per job")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--server", default=SERVER)
    options.add_argument("--jobs", type=int, default=2000)
    options.add_argument("--places", type=int, default=8)
    given = options.parse_args()
    with database(given.server) as url:
        with psycopg.connect(plain_address(url), autocommit=True) as connection:
            connection.execute(TABLE)
        for number in (3_000, 20_000):
            first, again = asyncio.run(put(url, number))
            plain = put_plain(url, number)
            print(f"put {number:>6}: queue {first:.2f} s, again {again:.2f} s; plain table {plain:.2f} s")
            emptied(url)
        for waiting in (given.jobs, 10 * given.jobs):
            print(f"take and end, {waiting} waiting, {given.places} places each")
            for processes in (1, 2):
                asyncio.run(put(url, waiting))
                put_plain(url, waiting)
                report("queue", processes, *run_workers(worker, url, processes, given.places))
                report("plain table", processes, *run_workers(plain_worker, url, processes, given.places))
                emptied(url)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
