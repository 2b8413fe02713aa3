"""One scheduler at a time, on a file and on PostgreSQL, with real processes that are killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage.errors import LibraryError, StoreUnavailable
from storage.leading import leader, open_leadership
from storage.sql.engine import WRITER_LOCK
from storage.sql.leading import connection_name

ROOT = Path(__file__).parents[2]
HOLDER = """
import subprocess, sys
from pathlib import Path
from storage.leading import open_leadership
leadership = open_leadership(sys.argv[1], Path(sys.argv[2]))
assert leadership.acquire()
child = subprocess.Popen(["sleep", "300"], close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
sys.stdin.readline()
child.kill()
child.wait()
"""
PATIENCE_S = 60


@pytest.fixture
def leadership(database, tmp_path):
    """Makes claims to lead one library; they end with the test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(open_leadership(database, tmp_path))


@pytest.fixture
def holder(database, tmp_path):
    """A process that leads, and the id of a program that it started, which inherits whatever can be inherited."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLDER, database, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        child = int(process.stdout.readline())
        yield process, child
        if process.wait(PATIENCE_S):
            os.kill(child, signal.SIGKILL)


def in_time(condition):
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.05)


def test_one_leads_and_the_next_takes_over_when_it_is_released(leadership):
    one, other = leadership(), leadership()
    assert not one.holds()
    assert one.acquire()
    assert one.holds()
    assert one.acquire(), "asking again changes nothing"
    assert not other.acquire()
    assert not other.holds()
    one.release()
    one.release()
    assert not one.holds()
    assert other.acquire()
    assert not one.acquire()


def test_everybody_can_read_who_leads(database, leadership, tmp_path):
    one, other = leadership(), leadership()
    assert leader(database, tmp_path) is None
    assert one.acquire()
    found = leader(database, tmp_path)
    assert found == one.leader() == other.leader()
    assert (found.machine, found.pid) == (socket.gethostname()[:40], os.getpid())
    assert found.since.tzinfo is UTC
    assert abs(datetime.now(UTC) - found.since) < timedelta(hours=1)
    one.release()
    assert other.leader() is None


def test_of_many_that_try_at_the_same_time_exactly_one_leads(leadership):
    claims = [leadership() for _ in range(6)]
    for _ in range(5):
        together = threading.Barrier(len(claims))

        def attempt(claim, together=together):
            together.wait()
            claim.acquire()

        threads = [threading.Thread(target=attempt, args=(claim,)) for claim in claims]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (winner,) = [claim for claim in claims if claim.holds()]
        winner.release()


def test_a_leader_that_is_killed_leads_no_more_whatever_it_started(leadership, holder):
    process, child = holder
    standby = leadership()
    assert not standby.acquire()
    assert standby.leader().pid == process.pid
    process.kill()
    process.wait()
    os.kill(child, 0)
    in_time(standby.acquire)
    assert standby.leader().pid == os.getpid()


def test_a_leader_that_ends_in_order_leads_no_more(leadership, holder):
    process, _ = holder
    standby = leadership()
    process.communicate("end\n")
    in_time(standby.acquire)


def test_asking_who_leads_keeps_nobody_from_leading(leadership):
    claim, reader = leadership(), leadership()
    over = threading.Event()

    def ask():
        while not over.is_set():
            reader.leader()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for _ in range(30):
            assert claim.acquire()
            claim.release()
    finally:
        over.set()
        thread.join()


# -- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["memory:", "sqlite:////nowhere/library.db"])
def test_a_library_of_one_machine_is_led_by_whoever_locks_its_file(database, tmp_path):
    with open_leadership(database, tmp_path) as one, open_leadership(database, tmp_path) as other:
        assert one.acquire()
        assert not other.acquire()
        written = (tmp_path / "runs" / "scheduler.lock").read_text()
        assert re.fullmatch(rf"\S+ {os.getpid()} \d{{4}}-\S+\+00:00\n", written)
        one.release()
        assert other.leader() is None


def test_two_libraries_have_two_leaders(tmp_path):
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    with open_leadership("memory:", folders[0]) as one, open_leadership("memory:", folders[1]) as other:
        assert one.acquire()
        assert other.acquire()


def test_a_lock_file_that_was_taken_away_makes_nobody_lead(tmp_path):
    with open_leadership("memory:", tmp_path) as one, open_leadership("memory:", tmp_path) as other:
        assert one.acquire()
        (tmp_path / "runs" / "scheduler.lock").unlink()
        assert other.acquire()
        assert not one.holds()
        assert other.holds()


@pytest.mark.parametrize("written", ["", "\0\0\0", "harbour", "harbour x y", "harbour 7 whenever", "\ufffd " * 300])
def test_a_leader_that_has_yet_to_say_who_it_is_leads_all_the_same(tmp_path, written):
    with open_leadership("memory:", tmp_path) as one:
        assert one.acquire()
        (tmp_path / "runs" / "scheduler.lock").write_text(written)
        found = one.leader()
        assert found is not None
        assert (found.pid, found.since) == (0, None)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LibraryError, match=r"scheduler\.lock cannot be made: No such file"):
        open_leadership("memory:", tmp_path / "gone").acquire()
    assert leader("memory:", tmp_path / "gone") is None


# -- PostgreSQL ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_ends_is_leadership_lost(database, postgres_server, leadership):
    one, other = leadership(), leadership()
    assert one.acquire()
    postgres_server.cut(database)
    in_time(other.acquire)
    assert not one.holds()
    assert not one.acquire()
    other.release()
    assert one.acquire(), "it may lead again, with a new connection"
    assert one.holds()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_releasing_over_a_connection_that_is_gone_is_no_failure(database, postgres_server, leadership):
    one = leadership()
    assert one.acquire()
    postgres_server.cut(database)
    one.release()
    assert not one.holds()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_lock_that_was_given_back_under_our_feet_is_leadership_lost(database, leadership):
    one = leadership()
    assert one.acquire()
    one._connection.execute(text("SELECT pg_advisory_unlock_all()"))
    assert not one.holds()
    assert leadership().acquire()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_both_ends_of_the_leaders_connection_notice_a_dead_network(database, leadership):
    one = leadership()
    assert one.acquire()
    told = {name: one._connection.scalar(text(f"SHOW {name}")) for name in ("tcp_keepalives_idle", "tcp_user_timeout")}
    assert told == {"tcp_keepalives_idle": "10", "tcp_user_timeout": "25000"}
    raw = socket.socket(fileno=os.dup(one._connection.connection.dbapi_connection.fileno()))
    with raw:
        assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_writer_does_not_wait_for_a_leader(database, leadership):
    assert leadership().acquire()
    engine = create_engine(database, poolclass=NullPool)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})


def test_a_server_that_cannot_be_reached_is_said_to_be_so(tmp_path):
    away = open_leadership("postgresql://nobody@127.0.0.1:1/none", tmp_path)
    with pytest.raises(StoreUnavailable):
        away.acquire()
    with pytest.raises(StoreUnavailable):
        away.leader()
    assert not away.holds()


def test_an_address_of_no_database_is_refused(tmp_path):
    with pytest.raises(LibraryError):
        open_leadership("mysql://nobody@127.0.0.1/none", tmp_path)


@pytest.mark.parametrize("machine", ["harbour", "h" * 300, ""])
def test_a_long_name_of_a_machine_does_not_cost_the_process_its_name(machine):
    name = connection_name(machine, 4_194_304)
    assert len(name) <= 63
    assert name.endswith(" 4194304")
