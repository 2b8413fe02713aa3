"""Orders performed by a runner in this process, with commands that are tiny programs."""

import os
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from crawler.configuration import load
from crawler.library import open_library
from crawler.ordered import OrderPace, OrderRunner
from crawler.scheduling import processes
from crawler.scheduling.pace import Pace
from storage.types import EntryOrigin, EventEntry, OrderKind, OrderState, Run, RunState, utc_now

FAST = OrderPace(look=0.02, lease=0.6, runs=Pace(rows=0.1, poll=0.02, retry=0.1, grace=0.3))
PATIENCE_S = 30
SLEEPS = "import time; print('up', flush=True); time.sleep(300)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
)
REFETCH, BACKFILL = OrderKind.REFETCH, OrderKind.BACKFILL


@pytest.fixture
def configured(tmp_path, sqlite_template):
    """Makes the settings of an empty library."""

    def make(address="", more=""):
        folder = tmp_path / "news"
        folder.mkdir()
        if not address:
            (folder / "dateline.db").write_bytes(sqlite_template.read_bytes())
        text = f'[storage]\ndatabase = "{address}"\n[schedule]\nstop_s = 1.0\n[crawl]\nlease_s = 10\n{more}'
        (folder / "dateline.toml").write_text(text)
        return load(folder)

    return make


@pytest.fixture
def library(configured):
    with open_library(configured()) as opened:
        import_events(opened, 3)
        yield opened


@pytest.fixture
def shared(configured, postgres_url):
    """A library whose work is done by workers."""
    with open_library(configured(postgres_url, "[workers]\nuse = true\n")) as opened:
        import_events(opened, 1)
        yield opened


def import_events(library, number):
    origin = EntryOrigin(name="a.md", line=1, format="event page")
    day = date(2006, 7, 5)
    entries = [
        EventEntry(
            key=f"2006/07/5/e{one}",
            event_date=day,
            headline=f"E{one}",
            headline_raw=f"E{one}",
            sources=(),
            origin=origin,
        )
        for one in range(number)
    ]
    library.store.put_events(entries, match=lambda *_: None, now=utc_now())


@contextmanager
def working(library, program="pass", **options):
    """A runner that is at work meanwhile; its commands are a python program."""
    told = []

    def arguments(_configuration, job):
        told.append(job.command)
        return [sys.executable, "-S", "-c", program, *job.command]

    runner = OrderRunner(library.configuration, **{"pace": FAST, "arguments": arguments, **options})
    runner.start()
    try:
        yield told
    finally:
        runner.stop()


def until(true):
    """Wait for it."""
    began = time.monotonic()
    while not (found := true()):
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.02)
    return found


def ask(library, event=0, kind=REFETCH, by="mara"):
    return library.store.put_order(kind, f"2006/07/5/e{event}", by=by, now=utc_now()).id


def over(library, number):
    def ended():
        order = library.store.order(number)
        return order if order.ended_at else None

    return until(ended)


def at_work(library, number):
    """The run of an order, once its process is there and has said something."""

    def run():
        order = library.store.order(number)
        found = library.store.run(order.run) if order.run else None
        log = library.configuration.library / found.log if found and found.log else None
        return found if log and log.is_file() and "up" in log.read_text() else None

    return until(run)


def test_orders_are_performed_and_their_runs_tell_all(library):
    first, second = ask(library, by="Ada Quill"), ask(library, 1, BACKFILL)
    with working(library, "import sys; print('did', *sys.argv[1:])") as told:
        done = over(library, first)
        over(library, second)
    assert told == [("refetch", "2006/07/5/e0"), ("backfill", "2006/07/5/e1")]
    assert (done.state, done.exit_status, done.problem) == (OrderState.DONE, 0, "")
    run = library.store.run(done.run)
    assert (run.command, run.who, run.job) == ("dateline refetch 2006/07/5/e0", "Ada Quill", "")
    assert (run.state, run.exit_status) == (RunState.FINISHED, 0)
    assert (library.configuration.library / run.log).read_text() == "did refetch 2006/07/5/e0\n"
    assert library.store.orders(open_only=True) == []


def test_the_command_is_our_own_program_on_this_library(library):
    ask(library)
    told = []

    def arguments(configuration, job):
        told.append(processes.arguments(configuration, job))
        return [sys.executable, "-S", "-c", ""]

    with working(library, arguments=arguments):
        until(lambda: not library.store.orders(open_only=True))
    folder = str(library.configuration.library)
    assert told == [[sys.executable, "-m", "crawler", "refetch", "2006/07/5/e0", "--library", folder]]


@pytest.mark.parametrize(
    ("program", "state", "status", "problem"),
    [
        ("raise SystemExit(1)", OrderState.DONE, 1, ""),
        ("raise SystemExit(2)", OrderState.FAILED, 2, "it ended with status 2"),
        ("import os; os.kill(os.getpid(), 9)", OrderState.FAILED, -9, "signal 9 ended it"),
    ],
)
def test_an_order_ends_as_its_command_does(library, program, state, status, problem):
    number = ask(library)
    with working(library, program):
        order = over(library, number)
    assert (order.state, order.exit_status, order.problem) == (state, status, problem)


def test_a_command_that_cannot_be_started_is_a_failed_order(library):
    number = ask(library)
    with working(library, arguments=lambda *_: ["/nowhere/program"]):
        order = over(library, number)
    assert (order.state, order.exit_status) == (OrderState.FAILED, None)
    assert "it cannot be started" in order.problem


@pytest.mark.parametrize(("program", "state"), [(SLEEPS, RunState.INTERRUPTED), (STUBBORN, RunState.KILLED)])
def test_a_runner_that_is_stopped_ends_its_command_and_gives_the_order_back(library, program, state):
    number, other = ask(library), ask(library, 1)
    with working(library, program):
        run = at_work(library, number)
    order = library.store.order(number)
    assert (order.state, order.taken_by, order.run) == (OrderState.WAITING, "", run.number)
    assert library.store.order(other).state is OrderState.WAITING
    assert library.store.run(run.token).state is state
    with pytest.raises(ProcessLookupError):
        os.kill(run.pid, 0)
    with working(library):
        again = over(library, number)
    assert (again.state, again.run > run.number) == (OrderState.DONE, True)


def test_a_runner_that_is_stopped_before_it_began_does_nothing(library):
    number = ask(library)
    runner = OrderRunner(library.configuration, pace=FAST)
    runner.stop()
    runner.start()
    runner.stop()
    runner.stop()
    assert library.store.order(number).state is OrderState.WAITING


def test_an_order_is_kept_while_its_command_works(library):
    number = ask(library)
    with working(library, "import time; print('up', flush=True); time.sleep(2)"):
        at_work(library, number)
        while library.store.order(number).state is OrderState.RUNNING:
            now = utc_now()
            assert library.store.take_order("other", now=now, until=now) is None
            time.sleep(0.1)
    assert library.store.order(number).state is OrderState.DONE


def test_two_runners_perform_each_order_once(library, tmp_path):
    said = tmp_path / "said"
    numbers = [ask(library, one, kind) for one in range(3) for kind in OrderKind]
    program = f"import sys, time; time.sleep(0.1); open({str(said)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')"
    with working(library, program) as one, working(library, program) as other:
        for number in numbers:
            over(library, number)
    assert Counter(said.read_text().splitlines()) == Counter(" ".join(words) for words in one + other)
    assert len(said.read_text().splitlines()) == len(numbers)
    assert min(len(one), len(other)) > 0, "one was too fast for the other"


def test_where_workers_are_used_the_command_only_queues_the_work(shared):
    number = ask(shared)
    with working(shared) as told:
        assert over(shared, number).state is OrderState.DONE
    assert told == [("refetch", "2006/07/5/e0", "--queue")]


# -- what a runner left that is gone ---------------------------------------------------------------------------------


@pytest.fixture
def left(library):
    """Has an order as a runner leaves it that was killed: its lease is over, its run was begun."""

    def make(**fields):
        number, now = ask(library), utc_now()
        values = {
            "command": "dateline refetch",
            "machine": socket.gethostname(),
            "pid": 0,
            "started_at": now,
            "heartbeat_at": now,
        }
        run = library.store.start_run(Run(token="0rphan0", **{**values, **fields}))
        library.store.take_order("gone", now=now, until=now)
        assert library.store.keep_order(number, "gone", until=now, run=run.number)
        return number, run

    return make


def finish(library, run, status=0):
    state = RunState.FINISHED if status == 0 else RunState.FAILED
    library.store.settle_run(run.token, now=utc_now(), state=state, exit_status=status, problem="")


def test_a_run_that_is_still_at_work_is_watched_and_no_second_one_started(library, left, tmp_path):
    number, run = left()
    stop = tmp_path / "stop"
    program = f"import os, time\nwhile not os.path.exists({str(stop)!r}): time.sleep(0.02)"
    child = processes.start(
        [sys.executable, "-S", "-c", program], token=run.token, folder=tmp_path, output=tmp_path / "out" / "1.out"
    )
    reaped = threading.Thread(target=lambda: until(child.ended))
    reaped.start()
    try:
        with working(library) as told:
            until(lambda: library.store.order(number).taken_by not in {"", "gone"})
            time.sleep(3 * FAST.lease)
            assert library.store.order(number).state is OrderState.RUNNING
            finish(library, run)
            stop.touch()
            order = over(library, number)
    finally:
        stop.touch()
        reaped.join()
    assert (order.state, order.run, order.exit_status, told) == (OrderState.DONE, run.number, 0, [])


@pytest.mark.parametrize(("status", "state"), [(0, OrderState.DONE), (2, OrderState.FAILED)])
def test_a_run_that_ended_while_nobody_watched_is_the_orders_end(library, left, status, state):
    number, run = left()
    finish(library, run, status)
    with working(library) as told:
        order = over(library, number)
    assert (order.state, order.exit_status, order.run, told) == (state, status, run.number, [])


def test_a_run_that_died_is_buried_and_the_work_begun_anew(library, left):
    number, run = left(pid=2**22 + 5)
    with working(library) as told:
        order = over(library, number)
    assert (order.state, len(told), order.run > run.number) == (OrderState.DONE, 1, True)
    assert library.store.run(run.token).state is RunState.DEAD


def test_a_run_of_another_machine_is_waited_for_while_it_gives_signs_of_life(library, left):
    number, run = left(machine="elsewhere", pid=7)
    with working(library) as told:
        until(lambda: library.store.order(number).taken_by not in {"", "gone"})
        time.sleep(2 * FAST.lease)
        finish(library, run)
        order = over(library, number)
    assert (order.state, order.run, told) == (OrderState.DONE, run.number, [])


def test_a_run_of_another_machine_that_is_silent_is_buried(library, left):
    long_ago = utc_now() - timedelta(hours=2)
    number, run = left(machine="elsewhere", pid=7, started_at=long_ago, heartbeat_at=long_ago)
    with working(library) as told:
        order = over(library, number)
    assert (order.state, len(told), order.run > run.number) == (OrderState.DONE, 1, True)
    assert library.store.run(run.token).state is RunState.DEAD


def test_a_run_of_another_machine_is_left_alone_by_a_runner_that_stops(library, left):
    number, run = left(machine="elsewhere", pid=7)
    with working(library):
        until(lambda: library.store.order(number).taken_by not in {"", "gone"})
    order = library.store.order(number)
    assert (order.state, order.run) == (OrderState.WAITING, run.number)
    assert library.store.run(run.token).state is RunState.RUNNING


def test_a_library_that_cannot_be_opened_is_said_once(library, caplog, monkeypatch):
    monkeypatch.setattr("crawler.ordered._AFTER_MISTAKE_S", 0.02)
    (library.configuration.library / "dateline.db").rename(library.configuration.library / "away.db")
    runner = OrderRunner(library.configuration, pace=FAST)
    runner.start()
    until(lambda: "orders cannot be performed now" in caplog.text)
    time.sleep(0.2)
    (library.configuration.library / "away.db").rename(library.configuration.library / "dateline.db")
    runner.stop()
    assert caplog.text.count("orders cannot be performed now") == 1
