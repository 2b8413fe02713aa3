import os
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler import disk, runs
from crawler.configuration import load
from crawler.errors import ConfigurationError
from crawler.library import open_library
from crawler.runs import (
    RUN_VARIABLE,
    as_typed,
    bury_dead_runs,
    end_process,
    has_process,
    is_dead,
    last_sign,
    lock_path,
    registered,
    run,
    touch,
)
from storage.errors import DiskFull, StorageError, StoreUnavailable
from storage.types import Run, RunState, utc_now


@pytest.fixture(autouse=True)
def of_its_own(monkeypatch):
    """A process that knows of no runs."""
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    monkeypatch.setattr(runs, "_process", runs._Process())


@pytest.fixture(params=["sqlite", "postgresql"])
def library(request, tmp_path):
    given = {"storage.database": request.getfixturevalue("postgres_url")} if request.param == "postgresql" else {}
    with open_library(load(tmp_path / "news", given), create=True) as opened:
        yield opened


@pytest.fixture
def small(tmp_path):
    with open_library(load(tmp_path / "small"), create=True) as opened:
        yield opened


def rows(library):
    return [(one.command, one.state, one.problem) for one in library.store.runs()]


def row_of_scheduler(library, token="a" * 16, job="nightly"):
    now = utc_now()
    deadline = now + timedelta(hours=6)
    return library.store.start_run(
        Run(
            token=token,
            command="dateline crawl",
            machine="vm",
            pid=0,
            started_at=now,
            heartbeat_at=now,
            who="scheduler",
            job=job,
            deadline_at=deadline,
        )
    )


def until(holds, patience_s=20):
    deadline = time.monotonic() + patience_s
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert holds()


# -- the row ---------------------------------------------------------------------------------------------------


def test_a_run_says_who_works_where_and_where_its_log_is(library, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "mira")
    with run(library, "dateline crawl") as begun:
        stored = library.store.run(begun.number)
    assert stored == begun
    assert (stored.who, stored.pid, stored.log) == ("mira", os.getpid(), f"logs/{stored.number}.log")
    assert (library.configuration.library / stored.log).is_file()


def test_who_has_no_name_is_a_number(small, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(KeyError("uid not found")))
    with run(small, "dateline crawl") as begun:
        assert begun.who == str(os.getuid())


def test_the_first_run_of_a_process_takes_the_schedulers_row_and_the_next_has_its_own(library, monkeypatch):
    given = row_of_scheduler(library)
    monkeypatch.setenv(RUN_VARIABLE, given.token)
    with run(library, "dateline crawl") as first:
        assert RUN_VARIABLE not in os.environ
        with registered(library, "dateline link run") as second:
            pass
    assert (first.number, first.job, first.who, first.pid) == (given.number, "nightly", "scheduler", os.getpid())
    assert first.log == f"logs/{given.number}.log"
    assert second.run.number != given.number
    assert second.run.job == ""


def test_the_schedulers_row_is_not_buried_while_its_process_begins(library, monkeypatch):
    given = row_of_scheduler(library)
    long_ago = utc_now() - timedelta(days=1)
    library.store.heartbeat(given.token, now=long_ago, counts={})  # the machine slept in between
    monkeypatch.setenv(RUN_VARIABLE, given.token)
    with run(library, "dateline crawl") as begun:
        assert library.store.run(begun.number).state is RunState.RUNNING
    bury_dead_runs(library)


def test_a_row_of_another_library_is_left_alone(small, monkeypatch):
    monkeypatch.setenv(RUN_VARIABLE, "b" * 16)
    with run(small, "dateline crawl") as begun:
        assert (begun.token, begun.number) == ("b" * 16, 1)


def test_a_registered_run_closes_its_row_with_what_was_counted(library):
    with registered(library, "dateline dedup rebuild") as work:
        work.counts["compared"] = 12
        work.note = "comparing"
        assert library.store.run(work.token).state is RunState.RUNNING
    stored = library.store.run(work.token)
    assert (stored.state, dict(stored.counts), stored.note) == (RunState.FINISHED, {"compared": 12}, "comparing")
    assert stored.finished_at is not None
    assert list((library.configuration.library / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "state", "problem"),
    [
        (KeyboardInterrupt(), RunState.INTERRUPTED, ""),
        (StoreUnavailable("the database is away"), RunState.FAILED, "the database is away"),
        (ConfigurationError("no such host"), RunState.FAILED, "no such host"),
        (OSError(28, "No space left on device"), RunState.FAILED, "[Errno 28] No space left on device"),
        (ZeroDivisionError("by nothing"), RunState.FAILED, "ZeroDivisionError: by nothing"),
    ],
)
def test_how_a_run_ends_is_said(library, error, state, problem):
    def work_at_it():
        with registered(library, "dateline merges renew") as work:
            work.counts["looked at"] = 3
            raise error

    with pytest.raises(type(error)):
        work_at_it()
    (stored,) = library.store.runs()
    assert (stored.state, stored.problem, dict(stored.counts)) == (state, problem, {"looked at": 3})
    log = (library.configuration.library / stored.log).read_text()
    assert ("Traceback" in log) == isinstance(error, ZeroDivisionError)
    assert problem.rpartition(": ")[2] in log


def test_a_command_may_say_itself_how_it_ended(small):
    with registered(small, "dateline replay") as work:
        work.state, work.problem = RunState.FAILED, "half of it"
    assert rows(small) == [("dateline replay", RunState.FAILED, "half of it")]


def test_a_dry_run_leaves_no_trace(small):
    with registered(small, "dateline events import", unless=True, needs_room=True) as work:
        assert (work.run, work.token) == (None, "")
    assert rows(small) == []
    assert not (small.configuration.library / "logs").exists()


def test_without_room_nothing_begins_but_what_makes_room(small, monkeypatch):
    monkeypatch.setattr(disk, "free_bytes", lambda _: 312 << 20)
    with pytest.raises(DiskFull) as refused, registered(small, "dateline holdings add", needs_room=True):
        pytest.fail("it began")
    text = str(refused.value)
    assert text == (
        f"312 MiB free on {small.configuration.library}, runs stop below 512: free some room or lower"
        " storage.min_free_mb"
    )
    with registered(small, "dateline retention --apply"):
        pass
    assert rows(small) == [
        ("dateline retention --apply", RunState.FINISHED, ""),
        ("dateline holdings add", RunState.FAILED, text),
    ]


@pytest.mark.parametrize(
    ("words", "options", "typed"),
    [
        ((), {"again": False, "event": ""}, "dateline x"),
        ((), {"again": True, "event": "2006/07/a b"}, "dateline x --again --event '2006/07/a b'"),
        (("a", "b c"), {"wanted_only": True}, "dateline x a 'b c' --wanted-only"),
        (("a", "b", "c", "d"), {}, "dateline x a b c ..."),
    ],
)
def test_a_command_is_written_as_typed(words, options, typed):
    assert as_typed("dateline x", *words, **options) == typed


# -- the exit status -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, RunState.FINISHED),
        (1, RunState.FAILED),
        (2, RunState.FAILED),
        (130, RunState.INTERRUPTED),
        (143, RunState.INTERRUPTED),
    ],
)
def test_the_end_of_the_process_is_written_and_closes_what_is_open(library, status, state):
    with registered(library, "dateline dedup rebuild") as closed:
        pass
    with run(library, "dateline crawl") as left_open:
        pass
    end_process(status)
    assert [library.store.run(one.token).exit_status for one in (closed, left_open)] == [status, status]
    assert library.store.run(closed.token).state is RunState.FINISHED
    assert library.store.run(left_open.token).state is state
    end_process(7)
    assert library.store.run(closed.token).exit_status == status


def test_an_exit_status_that_cannot_be_written_costs_nothing(small, monkeypatch):
    with registered(small, "dateline dedup rebuild") as work:
        pass

    def away(*_, **__):
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(runs, "open_store", away)
    end_process(0)
    assert small.store.run(work.token).exit_status is None


# -- signs of life ---------------------------------------------------------------------------------------------


def test_a_long_command_says_that_it_lives(library, monkeypatch):
    monkeypatch.setattr(runs, "heartbeat_s", lambda _: 0.05)
    with registered(library, "dateline link run") as work:
        began = library.store.run(work.token).heartbeat_at
        work.counts["articles"] = 5
        work.note = "half of it"
        until(lambda: library.store.run(work.token).counts == {"articles": 5})
        stored = library.store.run(work.token)
    assert stored.heartbeat_at > began
    assert stored.note == "half of it"


def test_a_long_transaction_does_not_make_a_run_look_dead(small, monkeypatch):
    monkeypatch.setattr(runs, "heartbeat_s", lambda _: 0.05)
    with registered(small, "dateline dedup rebuild") as work:
        path = lock_path(small.configuration.library, work.token)
        with closing(sqlite3.connect(small.configuration.library / "dateline.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            long_ago = (utc_now() - timedelta(days=1)).timestamp()
            os.utime(path, (long_ago, long_ago))
            until(lambda: path.stat().st_mtime > long_ago)
            assert utc_now() - last_sign(small.configuration.library, small.store.run(work.token)) < timedelta(hours=1)
            other.execute("ROLLBACK")
    assert rows(small) == [("dateline dedup rebuild", RunState.FINISHED, "")]


def test_a_heartbeat_that_cannot_be_written_stops_nobody(small, monkeypatch):
    monkeypatch.setattr(runs, "heartbeat_s", lambda _: 0.01)
    tried = threading.Event()

    def away(_):
        tried.set()
        raise StorageError("nobody there")

    monkeypatch.setattr(runs, "_own_store", away)
    with registered(small, "dateline dedup rebuild"):
        assert tried.wait(20)
    assert rows(small) == [("dateline dedup rebuild", RunState.FINISHED, "")]


def test_the_lock_file_is_a_sign_of_life(small):
    folder = small.configuration.library
    moment = utc_now() - timedelta(days=1)
    here = replace(row_of_scheduler(small), machine="elsewhere", heartbeat_at=moment)
    assert last_sign(folder, here) == moment
    assert is_dead(small.configuration, here, utc_now())
    lock_path(folder, here.token).touch()
    os.utime(lock_path(folder, here.token), (0, 0))
    assert last_sign(folder, here) == moment
    touch(folder, here.token)
    assert utc_now() - last_sign(folder, here) < timedelta(hours=1)
    assert not is_dead(small.configuration, here, utc_now())
    touch(folder, "nobody")


def test_a_process_is_looked_for_on_its_own_machine_only(small):
    with run(small, "dateline crawl") as ours:
        pass
    assert not has_process(ours)  # it is we who ask
    assert has_process(replace(ours, pid=1))
    assert not has_process(replace(ours, pid=0))
    assert not has_process(replace(ours, pid=1, machine="elsewhere"))
    assert not has_process(replace(ours, pid=2**22 + 1))  # no system gives so high a number
