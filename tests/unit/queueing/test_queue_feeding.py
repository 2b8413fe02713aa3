"""The queue is filled from the library's tables: enough that no place is idle, and no more."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from crawler.configuration import load
from crawler.queueing import feeding
from crawler.queueing.engine import put_orders
from crawler.queueing.feeding import PER_PLACE, Feeder, feeds
from crawler.queueing.orders import WorkKind
from crawler.queueing.views import look
from crawler.store_thread import StoreThread
from crawler.urls import identify
from storage import open_store
from storage.errors import StorageError, StoreUnavailable
from storage.types import EntryOrigin, HostState, LooseSource, utc_now

WORKER = """
import asyncio, sys
from crawler.queueing.engine import open_queue
from crawler.queueing.orders import WorkKind

async def serve(order):
    print(order.host, flush=True)
    await asyncio.sleep(60)

async def ready(limit):
    return [f"fed{number}.example" for number in range(limit)] if "feeds" in sys.argv else []

async def main():
    async with open_queue(sys.argv[1]) as queue:
        stop = asyncio.Event()
        working = queue.work(serve, queue="hosts", places=2, name="doomed", stop=stop)
        await asyncio.gather(working, queue.feed({WorkKind.CRAWL: ready}, stop=stop))

asyncio.run(main())
"""


@pytest.fixture
def places(sql):
    """Says that living workers have so many places on a queue."""

    def build(number, queue="hosts"):
        alive = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 h') RETURNING id"
        (worker,) = sql(alive)
        sql(
            "INSERT INTO dateline_places (worker_id, name, queue, places) VALUES (%s, 'w', %s, %s)",
            *worker,
            queue,
            number,
        )

    return build


@pytest.fixture
def doomed(queue_url):
    """Starts a worker in a process of its own."""
    started = []

    def start(*words):
        process = subprocess.Popen([sys.executable, "-c", WORKER, queue_url, *words], stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


class Ready:
    """Hosts that are ready, and how often they were asked for."""

    def __init__(self, *names):
        self.names, self.asked = [f"{name}.example" for name in names], 0

    async def __call__(self, limit):
        self.asked += 1
        return self.names[:limit]


def waiting(library):
    return [one.order.host.removesuffix(".example") for one in look(library).jobs if not one.running]


async def feed_for(queue, feeds, seconds):
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await queue.feed(feeds, stop=stop)


def test_a_few_jobs_wait_for_each_place_the_longest_waiting_first(queue_url, kit, run, library, places):
    places(2)
    put_orders(library, [kit.order("h3"), kit.order("held")])
    ready = Ready(*(f"h{number}" for number in range(100)))

    async def go():
        async with kit.open(queue_url) as queue:
            await feed_for(queue, {WorkKind.CRAWL: ready}, 0.2)

    run(go())
    fed = [f"h{number}" for number in range(2 * PER_PLACE - 1) if number != 3]
    assert waiting(library) == ["h3", "held", *fed]


def test_where_nobody_works_nothing_is_fed(queue_url, kit, run, library, sql, places):
    places(2)
    sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 min'")

    async def go():
        async with kit.open(queue_url) as queue:
            await feed_for(queue, {WorkKind.CRAWL: Ready("a")}, 0.2)

    run(go())
    assert waiting(library) == []


def test_each_kind_of_work_has_room_of_its_own(queue_url, kit, run, library, places):
    places(1)
    places(1, "archives")
    put_orders(library, [kit.order(f"h{number}") for number in range(20)])

    async def go():
        async with kit.open(queue_url) as queue:
            await feed_for(queue, {WorkKind.CRAWL: Ready("a"), WorkKind.BACKFILL: Ready("a", "b")}, 0.2)

    run(go())
    kinds = [str(one.order.kind) for one in look(library).jobs]
    assert (kinds.count("crawl"), kinds.count("backfill")) == (20, 2)


def test_one_of_many_feeds_and_the_next_one_goes_on_when_it_is_gone(queue_url, kit, run, places, monkeypatch):
    monkeypatch.setattr(feeding, "FEED_S", 0.2)
    places(5)
    first, second = Ready("a"), Ready("b")

    async def feeder(queue, ready, name, stop):
        await Feeder(pool=queue._pool, put=queue.put, feeds={WorkKind.CRAWL: ready}, name=name, every_s=0.2).run(stop)

    async def go():
        async with kit.open(queue_url) as queue:
            stops = asyncio.Event(), asyncio.Event()
            one = asyncio.create_task(feeder(queue, first, "one", stops[0]))
            await kit.until(lambda: first.asked)
            other = asyncio.create_task(feeder(queue, second, "other", stops[1]))
            await kit.until(lambda: first.asked >= 5)
            assert second.asked == 0
            stops[0].set()
            await one
            await kit.until(lambda: second.asked)
            stops[1].set()
            await other

    run(go())


def test_a_killed_workers_hosts_are_served_elsewhere_within_ten_seconds(queue_url, kit, run, library, doomed):
    """It feeds, too: the survivor takes that over as well."""
    put_orders(library, [kit.order("a"), kit.order("b")])
    process = doomed("feeds")
    served = {process.stdout.readline().strip() for _ in range(2)}
    assert served == {"a.example", "b.example"}
    server = kit.Server(enough=3)
    fed = Ready("c")

    async def go():
        async with kit.open(queue_url) as queue:
            working = asyncio.create_task(kit.work(queue, server, places=1, name="survivor"))
            feeds = asyncio.create_task(queue.feed({WorkKind.CRAWL: fed}, stop=server.stop))
            await kit.until(lambda: len(look(library).alive) == 2)
            os.kill(process.pid, signal.SIGKILL)
            killed = time.monotonic()
            await kit.until(lambda: {"a", "b"} <= set(server.served))
            took = time.monotonic() - killed
            server.stop.set()
            await asyncio.gather(working, feeds)
            return took

    server.enough = 10**6
    assert run(go()) < 10
    assert fed.asked
    assert server.overlaps == []


# -- what takes more than a look --------------------------------------------------------------------------------------


def test_only_who_feeds_finds_out_what_has_become_due(queue_url, kit, run, places):
    places(5)
    prepared, ready = [], Ready("a")

    async def feeder(queue, name, stop):
        async def prepare():
            prepared.append(name)

        given = {"feeds": {WorkKind.CRAWL: ready}, "name": name, "every_s": 0.05, "prepare": prepare}
        await Feeder(pool=queue._pool, put=queue.put, **given).run(stop)

    async def go():
        async with kit.open(queue_url) as queue:
            stop = asyncio.Event()
            feeders = [asyncio.create_task(feeder(queue, name, stop)) for name in ("one", "other")]
            await kit.until(lambda: ready.asked >= 10)
            stop.set()
            await asyncio.gather(*feeders)

    run(go())
    assert len(prepared) == 1


def test_hosts_are_fed_while_that_is_found_out_and_it_ends_with_the_worker(queue_url, kit, run, places):
    places(5)
    ready, ended = Ready("a"), []

    async def prepare():
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append("cancelled")

    async def go():
        async with kit.open(queue_url) as queue:
            stop = asyncio.Event()
            feeding = asyncio.create_task(queue.feed({WorkKind.CRAWL: ready}, stop=stop, prepare=prepare))
            await kit.until(lambda: ready.asked >= 2)
            stop.set()
            await feeding

    run(go())
    assert ended == ["cancelled"]


@pytest.mark.parametrize(("problem", "told"), [(StoreUnavailable, False), (StorageError, True)])
def test_what_a_database_refuses_is_told_and_what_it_cannot_do_now_is_not(
    queue_url, kit, run, places, caplog, problem, told
):
    places(5)
    places(5, "archives")
    ready = Ready("a")

    async def fail(*_limit):
        raise problem("no such thing")

    async def go():
        async with kit.open(queue_url) as queue:
            stop = asyncio.Event()
            feeds = {WorkKind.CRAWL: ready, WorkKind.BACKFILL: fail}
            feeding = asyncio.create_task(queue.feed(feeds, stop=stop, prepare=fail))
            await kit.until(lambda: ready.asked >= 2)
            stop.set()
            await feeding

    with caplog.at_level("WARNING"):
        run(go())
    assert ("nothing is fed: no such thing" in caplog.text) is told
    assert ("what is due was not brought up to date: no such thing" in caplog.text) is told


# -- what a library says ---------------------------------------------------------------------------------------------


def filled(store, *hosts):
    for host in hosts:
        url = f"https://{host}.example/1"
        origin = EntryOrigin(name="list.txt", line=1, format="urls")
        store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin)], now=utc_now())


def test_a_library_feeds_hosts_that_a_crawl_could_ask_now(tmp_path, run):
    (tmp_path / "dateline.toml").write_text('[hosts."paused.example"]\npaused = true\n')
    with open_store("memory:") as store:
        filled(store, "paused", "a", "b", "rests")
        until = utc_now().replace(year=utc_now().year + 1)
        store.put_host_states([HostState(name="rests.example", not_before=until, rest_reason="429")])
        thread = StoreThread(store)

        async def go():
            offered = feeds(thread, load(tmp_path))
            return await offered[WorkKind.CRAWL](10), await offered[WorkKind.BACKFILL](10)

        try:
            assert run(go()) == (["a.example", "b.example"], [])
        finally:
            thread.close()
