"""`dateline work` and `dateline workers` as they are typed."""

import socket
from datetime import timedelta

import pytest

from crawler.configuration import LIBRARY_VARIABLE, load
from crawler.health.checks import State
from crawler.health.checks.findings import Checkup
from crawler.health.checks.workers import check_workers
from crawler.health.signs import Sign
from crawler.library import open_library
from crawler.liveness import lock_path
from crawler.queueing.engine import put_orders
from crawler.queueing.orders import HostOrder, WorkKind
from storage.types import Run, utc_now

LEASE_S = 10
VERSION = "0.9.test"


@pytest.fixture
def shared(tmp_path, monkeypatch, unqueued_url):
    """A library on PostgreSQL with an empty queue; commands mean it."""
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "dateline.toml").write_text(f'[storage]\ndatabase = "{unqueued_url}"\n')
    monkeypatch.setenv(LIBRARY_VARIABLE, str(folder))
    with open_library(load(folder)) as library:
        yield library


def begin(library, token, *, ago=0.0, command="dateline work", machine="elsewhere", note=""):
    moment = utc_now() - timedelta(seconds=ago)
    begun = timedelta(minutes=5)
    run = Run(token=token, command=command, machine=machine, pid=77, started_at=moment - begun, heartbeat_at=moment)
    stored = library.store.start_run(run)
    if note:
        library.store.heartbeat(token, now=moment, counts={}, note=note)
    return stored.number


def order(library, *hosts):
    return put_orders(library.configuration, [HostOrder(host=host) for host in hosts])


@pytest.mark.parametrize("command", ["work", "workers"])
def test_a_library_on_sqlite_says_in_a_sentence_that_it_has_no_workers(dateline, in_news, command):
    said = dateline(command, expect=2)
    assert "PostgreSQL" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert (in_news / "logs").exists() is False


def test_a_kind_of_work_that_there_is_not(dateline, shared):
    assert "sleep" in dateline("work", "--only", "sleep", expect=2).err


def test_nobody_at_work_and_nothing_to_do_is_in_order(dateline, shared):
    said = dateline("workers")
    assert "no worker is at work: `dateline work` starts one" in said.out
    assert said.err == ""


def test_the_table_says_who_is_where_and_how_fast(dateline, shared):
    sign = Sign(pages=90, seconds=300, version=VERSION)
    number = begin(shared, "a" * 16, note=sign.text)
    begin(shared, "c" * 16, command="dateline crawl")
    said = dateline("workers")
    (line,) = [line for line in said.out.splitlines() if "elsewhere" in line]
    assert line.split()[:3] == [str(number), "elsewhere", "77"]
    assert "at work" in line
    assert "18" in line.split()
    assert VERSION in line
    assert "1 worker, 0 hosts held, 18 pages a minute" in said.out


def test_what_each_worker_does(dateline, shared):
    numbers = {
        "at work": begin(shared, "1" * 16, note=Sign().text),
        "stopping": begin(shared, "2" * 16, note=Sign(stopping=True).text),
        "beginning": begin(shared, "3" * 16),
        "silent": begin(shared, "4" * 16, note=Sign().text, ago=2 * LEASE_S),
        "gone": begin(shared, "5" * 16, note=Sign().text, machine=socket.gethostname()),
    }
    lock_path(shared.configuration.library, "5" * 16).touch()
    said = dateline("workers", "--json", expect=1)
    assert {one["state"]: one["number"] for one in said.json["workers"]} == numbers
    assert f"worker {numbers['silent']} (elsewhere, process 77) is silent" in said.err
    assert f"worker {numbers['gone']} " in said.err
    assert len(said.err.strip().splitlines()) == 2


def test_what_waits_is_counted_per_queue_and_nobody_at_work_is_a_problem(dateline, shared):
    order(shared, "one.example", "two.example")
    put_orders(shared.configuration, [HostOrder(host="one.example", kind=WorkKind.BACKFILL)])
    said = dateline("workers", "--json", expect=1)
    waiting = {one["queue"]: one["waiting"] for one in said.json["queues"]}
    assert waiting == {"hosts": 2, "archives": 1, "texts": 0}
    assert "3 jobs wait and no worker is at work" in said.err
    begin(shared, "a" * 16, note=Sign().text)
    assert dateline("workers").err == ""


# -- the doctor ------------------------------------------------------------------------------------------------------


def looked(library, **overrides):
    now = utc_now()
    configuration = load(library.configuration.library, overrides or None)
    found = check_workers(Checkup(configuration=configuration, now=now, since=now, library=library))
    return found.state, f"{found.summary} {' '.join(found.details)}"


def test_the_doctor_asks_for_workers_where_they_are_counted_on(shared):
    assert looked(shared)[0] is State.OK
    state, said = looked(shared, **{"workers.use": True})
    assert state is State.WRONG
    assert "workers.use is set" in said
    begin(shared, "a" * 16, note=Sign().text)
    assert looked(shared, **{"workers.use": True}) == (State.OK, "1 at work, 0 jobs wait, 0 stand still ")


def test_the_doctor_sees_what_waits_for_nobody(shared):
    order(shared, "one.example")
    state, said = looked(shared)
    assert state is State.WRONG
    assert "1 jobs wait and no worker is at work" in said


def test_the_doctor_has_nothing_to_say_about_a_library_of_one_machine(in_news):
    with open_library(load(in_news)) as library:
        state, said = looked(library)
        assert (state, "none are used" in said) == (State.OK, True)
        state, said = looked(library, **{"workers.use": True})
        assert (state, "PostgreSQL" in said) == (State.WRONG, True)
