"""Orders are put once and served once at a time, whatever happens to the database meanwhile."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import make_url

from crawler.errors import ConfigurationError
from crawler.queueing import engine, jobs, stalled, taking
from crawler.queueing.engine import put_orders
from crawler.queueing.orders import BY_HAND, HostOrder, Served, WorkKind
from crawler.queueing.views import clear, look
from storage.errors import EventNotFound
from storage.types import utc_now

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WAITING = "SELECT lock, priority FROM procrastinate_jobs WHERE status = 'todo' ORDER BY priority DESC, id"


@pytest.fixture
def impatient(monkeypatch):
    """Workers that beat often, and are buried soon."""
    for module in (stalled, jobs):
        monkeypatch.setattr(module, "DEAD_S", 0.6)
    monkeypatch.setattr(stalled, "BEAT_S", 0.1)


@pytest.fixture
def serve(queue_url, kit, run):
    """Has one worker serve as many orders as the server wants."""

    async def until_enough(server):
        async with kit.open(queue_url) as queue:
            await kit.work(queue, server)

    return lambda server: run(until_enough(server))


# -- putting ---------------------------------------------------------------------------------------------------------


def test_what_waits_already_is_not_put_twice(queue_url, kit, run, sql, library):
    async def go():
        async with kit.open(queue_url) as queue:
            assert await queue.put([kit.order("b"), kit.order("a"), kit.order("b")]) == 2
            assert await queue.put([kit.order("a"), kit.order("c")]) == 1
            assert await queue.put([]) == 0
            assert await queue.put([kit.order("a", kind=kit.BACKFILL), kit.order("a", event_key="e")]) == 2
            assert await queue.jobs(["hosts"]) == 4
            assert await queue.jobs(["hosts", "archives"]) == 5

    run(go())
    assert put_orders(library, [kit.order("a"), kit.order("d")]) == 1
    locks = [lock for lock, _ in sql(WAITING)]
    assert locks == [f"{one}.example" for one in ("host:b", "host:a", "host:c", "backfill:a", "host:a", "host:d")]


def test_what_a_person_names_goes_before_what_is_due(kit, serve, sql, library):
    put_orders(library, [kit.order("a"), kit.order("b")])
    assert put_orders(library, [kit.order("b")], priority=BY_HAND) == 0, "it waits, and sooner now"
    assert put_orders(library, [kit.order("b")]) == 0
    assert sql(WAITING) == [("host:b.example", BY_HAND), ("host:a.example", 0)]
    server = kit.Server(enough=2)
    serve(server)
    assert server.served == ["b", "a"]


def test_an_order_that_is_given_again_asks_for_what_is_later(kit, library):
    first = kit.order("a", event_key="e", due_only=False, since=NOON, by="ann")
    later = replace(first, since=NOON + timedelta(hours=1), by="bob")
    for one in (first, later, first):
        put_orders(library, [one])
    (job,) = look(library).jobs
    assert job.order == later


def test_many_who_put_the_same_hosts_in_any_order_agree(kit, library, sql):
    orders = [kit.order(f"h{number}") for number in range(400)]
    with ThreadPoolExecutor(4) as threads:
        new = list(threads.map(lambda step: put_orders(library, orders[::step]), (1, -1, 1, -1)))
    assert sum(new) == len(orders) == len(sql(WAITING))


# -- working ---------------------------------------------------------------------------------------------------------


def test_one_host_is_never_served_by_two(queue_url, kit, run, library, sql):
    """Two workers, ten hosts, three orders for each."""
    orders = [kit.order(f"h{n}", event_key=key) for key in ("", "e", "f") for n in range(10)]
    put_orders(library, orders)
    server = kit.Server(enough=len(orders), lasts_s=0.005)

    async def go():
        async with kit.open(queue_url) as one, kit.open(queue_url) as other:
            await asyncio.gather(
                kit.work(one, server, places=4, name="one"), kit.work(other, server, places=4, name="other")
            )

    run(go())
    assert sorted(server.served) == sorted(order.host.removesuffix(".example") for order in orders)
    assert server.overlaps == []
    assert sql("SELECT count(*) FROM procrastinate_jobs") == [(0,)], "finished jobs are gone"
    assert sql("SELECT count(*) FROM procrastinate_workers") == [(0,)], "and so are workers that ended in order"


def test_a_host_with_more_waits_behind_the_others(kit, serve, library):
    put_orders(library, [kit.order("a"), kit.order("b"), kit.order("c")])
    server = kit.Server({"a": [kit.MORE, kit.MORE], "b": [kit.MORE]}, enough=6)
    serve(server)
    assert server.served == ["a", "b", "c", "a", "b", "a"]


def test_what_fails_is_logged_and_tried_by_nobody_again(kit, serve, library, sql, caplog):
    put_orders(library, [kit.order("a"), kit.order("b")])
    sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('hosts', 'dateline.serve', %s::jsonb)",
        '{"order": {"kind": "of next year"}}',
    )
    put_orders(library, [kit.order("c")])
    server = kit.Server({"a": [ValueError("no such thing")]}, enough=3)
    serve(server)
    assert server.served == ["a", "b", "c"]
    assert sql("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert "host:a.example was not served" in caplog.text
    assert "a job is none of ours, or of a newer dateline" in caplog.text


@pytest.mark.parametrize("problem", [EventNotFound("e"), ConfigurationError("no archive is called attic")])
def test_what_means_something_that_there_is_not_is_not_put_again(kit, serve, library, sql, caplog, problem):
    put_orders(library, [kit.order("a", event_key="e", due_only=False, since=NOON), kit.order("b")])
    server = kit.Server({"a": [problem]}, enough=2)
    serve(server)
    assert server.served == ["a", "b"]
    assert sql("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert f"host:a.example is not served by anybody: {problem}" in caplog.text
    assert "Traceback" not in caplog.text


def test_who_stops_waits_for_what_runs_and_says_meanwhile_that_it_lives(queue_url, kit, run, library, sql, impatient):
    """A worker that ends takes no new job; the one that it has is not taken over, however long it lasts."""
    put_orders(library, [kit.order("a"), kit.order("b")])
    begun, served = asyncio.Event(), []
    stop = asyncio.Event()

    async def serve(one):
        begun.set()
        await stop.wait()
        await asyncio.sleep(1.5)
        served.append(one.host)
        return kit.DONE

    async def go():
        other = kit.Server(enough=1, lasts_s=2.5)
        async with kit.open(queue_url) as queue, kit.open(queue_url) as second:
            first = asyncio.create_task(queue.work(serve, queue="hosts", places=1, name="one", stop=stop))
            await begun.wait()
            stop.set()
            taken = asyncio.create_task(kit.work(second, other, name="other"))
            await first
            await taken
        assert other.served == ["b"]

    run(go())
    assert served == ["a.example"]
    assert sql("SELECT count(*) FROM procrastinate_jobs") == [(0,)]


# -- what is put again -----------------------------------------------------------------------------------------------


def test_what_is_in_other_hands_is_left_alone_for_a_moment_and_not_forgotten(kit, serve, library, monkeypatch):
    monkeypatch.setattr(engine, "_HELD_S", 0.3)
    asked = kit.order("a", event_key="e", due_only=False, since=NOON)
    put_orders(library, [asked, kit.order("b")])
    server = kit.Server({"a": [kit.HELD]}, enough=3)
    serve(server)
    assert server.served == ["a", "b", "a"]


def test_a_host_that_rests_is_asked_again_when_it_may_be(kit, serve, library):
    put_orders(library, [kit.order("a", event_key="e", due_only=False, since=NOON)])
    began = time.monotonic()
    server = kit.Server({"a": [Served(documents=1, ready_at=utc_now() + timedelta(seconds=1))]}, enough=2)
    serve(server)
    assert server.served == ["a", "a"]
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    ("fields", "answer", "queued"),
    [
        ({}, Served(held_by_other=True), 0),
        ({}, Served(ready_at=NOON), 0),
        ({}, Served(documents=3, more=True), 0),
        ({"by": "ann"}, Served(documents=3, more=True), 1),
        ({"event_key": "e", "due_only": False, "since": NOON}, Served(held_by_other=True), 1),
        ({"kind": WorkKind.REEXTRACT}, Served(documents=3, more=True), 1),
        ({"outcome": "timeout"}, Served(held_by_other=True), 1),
        ({"kind": WorkKind.BACKFILL}, Served(more=True), 0),
        ({"kind": WorkKind.BACKFILL, "options": {"since": "2011-05-09"}, "by": "ann"}, Served(more=True), 1),
    ],
)
def test_what_the_feeder_brings_again_is_not_put_again(kit, run, library, sql, fields, answer, queued):
    """Here is a feeder of hosts for the live web and for archives, and more waits than there are places."""
    put_orders(library, [kit.order(name) for name in "xyz"])

    async def go():
        async with kit.open(library.database_url) as queue:
            queue._feeding = frozenset({WorkKind.CRAWL, WorkKind.BACKFILL})
            await queue._put_again(jobs.Job(order=HostOrder(host="a.example", **fields)), answer)

    run(go())
    assert len(sql(WAITING)) == 3 + queued


def test_a_place_that_would_be_idle_is_kept_busy_all_the_same(queue_url, kit, run, library, sql):
    async def go():
        async with kit.open(queue_url) as queue:
            queue._feeding = frozenset({WorkKind.CRAWL})
            sql("INSERT INTO procrastinate_workers DEFAULT VALUES")
            sql("INSERT INTO dateline_places SELECT id, 'one', 'hosts', 2 FROM procrastinate_workers")
            await queue._put_again(jobs.Job(order=kit.order("a")), kit.MORE)

    run(go())
    assert [lock for lock, _ in sql(WAITING)] == ["host:a.example"]


# -- a database that goes away ---------------------------------------------------------------------------------------


def test_cut_connections_cost_no_job(queue_url, kit, run, library, postgres_server, sql):
    """All connections are cut again and again while two workers are busy; every host is served, none by two."""
    put_orders(library, [kit.order(f"h{number}") for number in range(60)])
    server = kit.Server(enough=60, lasts_s=0.02)

    async def cut():
        for _ in range(4):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(postgres_server.cut, queue_url)

    async def go():
        async with kit.open(queue_url) as one, kit.open(queue_url) as other:
            await asyncio.gather(
                kit.work(one, server, places=3, name="one"), kit.work(other, server, places=3, name="other"), cut()
            )

    run(go())
    assert set(server.served) == {f"h{number}" for number in range(60)}
    assert server.overlaps == []


@pytest.mark.parametrize("fields", [{"event_key": "e", "due_only": False, "since": NOON}, {}])
def test_what_has_more_is_put_again_when_the_database_is_back(
    queue_url, kit, run, library, postgres_server, caplog, fields
):
    """It goes away while the order is served for the first time; a feeder is there, but none knows of a host."""
    put_orders(library, [kit.order("a", **fields)])
    allow = f'ALTER DATABASE "{make_url(queue_url).database}" WITH ALLOW_CONNECTIONS {{}}'
    stop, served, tries = asyncio.Event(), [], []

    async def serve(one):
        served.append(one.host)
        if len(served) > 1:
            stop.set()
            return kit.DONE
        await kit.until(lambda: look(library).alive)
        await asyncio.to_thread(postgres_server.run, allow.format("false"))
        await asyncio.to_thread(postgres_server.cut, queue_url)
        return kit.MORE

    async def nobody(_limit):
        return []

    async def go():
        async with kit.open(queue_url) as queue:
            queue._pool.timeout, put_again = 0.3, queue._put_again

            async def counted(job, answer):
                tries.append(job)
                await put_again(job, answer)

            queue._put_again = counted
            working = asyncio.create_task(queue.work(serve, queue="hosts", places=1, name="one", stop=stop))
            feeding = asyncio.create_task(queue.feed({WorkKind.CRAWL: nobody}, stop=stop))
            try:
                await kit.until(lambda: len(tries) > 1)
            except TimeoutError:
                stop.set()
                raise
            finally:
                await asyncio.to_thread(postgres_server.run, allow.format("true"))
            await asyncio.gather(working, feeding)

    run(go())
    assert served == ["a.example"] * 2
    assert "Traceback" not in caplog.text
    assert look(library).jobs == ()


def test_an_idle_worker_hears_of_new_work_after_the_database_was_away(
    queue_url, kit, run, library, postgres_server, monkeypatch
):
    """By the notification: it looks by itself once a minute only."""
    monkeypatch.setattr(taking, "BEAT_S", 60.0)
    server = kit.Server(enough=1)

    def refuse_for(seconds):
        allow = f'ALTER DATABASE "{make_url(queue_url).database}" WITH ALLOW_CONNECTIONS {{}}'
        postgres_server.run(allow.format("false"))
        try:
            postgres_server.cut(queue_url)
            time.sleep(seconds)
        finally:
            postgres_server.run(allow.format("true"))

    async def go():
        async with kit.open(queue_url) as queue:
            working = asyncio.create_task(kit.work(queue, server))
            await kit.until(lambda: look(library).alive)
            await asyncio.to_thread(refuse_for, 1.0)
            number = 0
            while not working.done():  # what is put before it listens again it does not hear of
                number += 1
                await asyncio.to_thread(put_orders, library, [kit.order(f"h{number}")])
                await asyncio.wait([working], timeout=0.5)

    run(go())
    assert server.served


def test_a_cut_does_not_hold_up_others_until_a_slow_job_ends(queue_url, kit, run, library, postgres_server):
    put_orders(library, [kit.order("slow")])
    begun, stop, served = asyncio.Event(), asyncio.Event(), []

    async def serve(one):
        if one.host == "slow.example":
            begun.set()
            await stop.wait()
        served.append(one.host)
        if one.host == "quick.example":
            stop.set()
        return kit.DONE

    async def go():
        async with kit.open(queue_url) as queue:
            working = asyncio.create_task(queue.work(serve, queue="hosts", places=2, name="one", stop=stop))
            await begun.wait()
            await asyncio.to_thread(postgres_server.cut, queue_url)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(put_orders, library, [kit.order("quick")])
            await working

    run(go())
    assert served == ["quick.example", "slow.example"]


def test_a_job_of_which_its_worker_never_heard_is_served_all_the_same(queue_url, kit, run, library, sql, impatient):
    """The connection was cut between the giving and the answer."""
    put_orders(library, [kit.order("a"), kit.order("b")])
    server = kit.Server(enough=2)

    async def lose(queue):
        await kit.until(lambda: look(library).workers)
        (worker,) = sql("SELECT id FROM procrastinate_workers")
        sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE lock = 'host:b.example'", *worker)
        server.lasts_s = 0.0

    async def go():
        server.lasts_s = 1.0
        async with kit.open(queue_url) as queue:
            await asyncio.gather(kit.work(queue, server), lose(queue))

    run(go())
    assert server.served == ["a", "b"]


# -- the dead --------------------------------------------------------------------------------------------------------


def dead(sql, *locks):
    """A worker that was at these jobs and died yesterday."""
    (worker,) = sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 day') RETURNING id")
    for lock in locks:
        sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE lock = %s", *worker, lock)


def test_what_a_dead_worker_did_goes_first(kit, serve, library, sql, impatient, caplog):
    put_orders(library, [kit.order(name) for name in "abcdefghijkl"])
    dead(sql, "host:k.example")
    (before,) = sql("SELECT id FROM procrastinate_jobs WHERE lock = 'host:k.example'")
    server = kit.Server(enough=12, lasts_s=0.2)
    with caplog.at_level("INFO"):
        serve(server)
    assert sorted(server.served) == list("abcdefghijkl")
    assert server.served[-1] != "k"
    assert server.served.index("k") < 10
    assert "the job of a worker that is gone goes to another: host:k.example" in caplog.text
    assert sql("SELECT count(*) FROM procrastinate_jobs WHERE id = %s", *before) == [(0,)]
    assert sql("SELECT count(*) FROM procrastinate_workers") == [(0,)]


def test_a_stalled_job_makes_way_for_the_same_order_that_waits(kit, serve, library, sql, impatient):
    put_orders(library, [kit.order("a")])
    dead(sql, "host:a.example")
    put_orders(library, [kit.order("a"), kit.order("b")])
    assert [one.stalled for one in look(library).jobs] == [True, False, False]
    server = kit.Server(enough=2)
    serve(server)
    assert sorted(server.served) == ["a", "b"]
    assert sql("SELECT count(*) FROM procrastinate_jobs") == [(0,)]


def test_nobody_is_buried_by_who_was_away_itself(kit, serve, library, sql, impatient, monkeypatch):
    """After a restart of the database every heartbeat is old; who comes back first must not take the others' jobs."""
    monkeypatch.setattr(stalled, "DEAD_S", 60.0)
    put_orders(library, [kit.order("a"), kit.order("b")])
    dead(sql, "host:a.example")
    server = kit.Server(enough=1, lasts_s=1.0)
    serve(server)
    assert server.served == ["b"]
    assert sql("SELECT lock, status::text FROM procrastinate_jobs") == [("host:a.example", "doing")]


def test_a_worker_that_was_buried_begins_anew_and_ends_nobody_elses_job(
    queue_url, kit, run, library, sql, impatient, caplog
):
    """It was paused; its job runs elsewhere now, under another number."""
    put_orders(library, [kit.order("a")])
    first, second = kit.Server(enough=2), kit.Server(enough=1)
    first.lasts_s, second.lasts_s = 1.0, 2.0

    async def bury():
        await kit.until(lambda: first.running)
        sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 min'")
        statement, values = jobs.of_the_dead()
        with kit.connect(queue_url) as connection, connection.transaction():
            connection.execute(statement, values)
            connection.execute(jobs.BURY, {"dead_s": 8})

    async def go():
        async with kit.open(queue_url) as queue, kit.open(queue_url) as other:
            one = asyncio.create_task(kit.work(queue, first, name="one"))
            await bury()
            two = asyncio.create_task(kit.work(other, second, name="other"))
            await kit.until(lambda: first.served and second.running)
            await asyncio.sleep(0.3)
            assert len(sql("SELECT id FROM procrastinate_jobs WHERE status = 'doing'")) == 1
            await two
            await asyncio.to_thread(put_orders, library, [kit.order("b")])
            await one

    with caplog.at_level("INFO"):
        run(go())
    assert "a job was ended or taken over meanwhile" in caplog.text
    assert (first.served, second.served) == (["a", "b"], ["a"])


# -- looking ---------------------------------------------------------------------------------------------------------


def test_a_look_tells_who_waits_since_when_and_who_is_at_it(queue_url, kit, run, library):
    put_orders(library, [kit.order("a"), kit.order("b")])
    put_orders(library, [kit.order("a", event_key="e", due_only=False, since=NOON, by="ann")], priority=BY_HAND)
    begun, stop = asyncio.Event(), asyncio.Event()

    async def serve(_):
        begun.set()
        await stop.wait()
        return kit.DONE

    async def go():
        async with kit.open(queue_url) as queue:
            working = asyncio.create_task(queue.work(serve, queue="hosts", places=1, name="here:1", stop=stop))
            await begun.wait()
            await kit.until(lambda: look(library).alive)
            report = look(library)
            stop.set()
            await working
        return report

    report = run(go())
    first, second = report.hosts
    assert (first.host, first.waiting, first.running, first.by) == ("a.example", 1, True, ("ann",))
    assert (first.worker, first.priority, first.stalled) == ("here:1", BY_HAND, False)
    assert (second.host, second.waiting, second.running, second.worker) == ("b.example", 1, False, "")
    assert utc_now() - second.oldest < timedelta(minutes=1)
    (worker,) = report.workers
    assert (worker.name, worker.queue, worker.places, worker.running, worker.alive) == ("here:1", "hosts", 1, 1, True)
    assert clear(library, ["host:b.example"]) == 1
    assert clear(library) == 1
    assert look(library).jobs == ()
