"""A worker finds the dead: at once on its own machine, by their silence elsewhere, and never because of a clock."""

import socket
from datetime import timedelta

import pytest

from crawler.configuration import load
from crawler.library import open_library
from crawler.liveness import heartbeat_s, is_dead, is_worker, lease_s, lock_path
from crawler.working.burying import Burial
from storage.errors import StorageError
from storage.types import Run, RunState, utc_now

OWN = "own-token"
LEASE_S = 4


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dateline.toml").write_text(f"[workers]\nlease_s = {LEASE_S}\n[crawl]\nlease_s = 300\n")
    with open_library(load(tmp_path), create=True):
        pass
    return tmp_path


@pytest.fixture
def library(folder):
    with open_library(load(folder)) as library:
        yield library


@pytest.fixture
def burial(folder, clock):
    burial = Burial(load(folder), token=OWN, clock=clock)
    yield burial
    burial.close()


def begin(library, token, *, machine="elsewhere", command="dateline work", ago=timedelta(0)):
    moment = utc_now() - ago
    given = Run(token=token, command=command, machine=machine, pid=1, started_at=moment, heartbeat_at=moment)
    return library.store.start_run(given)


def state_of(library, token):
    return library.store.run(token).state


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("dateline work", True),
        ("dateline work --once", True),
        ("dateline workers", False),
        ("dateline crawl", False),
        ("dateline", False),
    ],
)
def test_which_runs_are_workers(library, command, expected):
    assert is_worker(command) is expected
    assert lease_s(library.configuration, command) == (LEASE_S if expected else 300)
    assert heartbeat_s(library.configuration, command) == (LEASE_S / 4 if expected else 75)


def test_other_commands_judge_a_worker_by_its_own_lease(library):
    silent = begin(library, "a", ago=timedelta(seconds=2 * LEASE_S))
    crawl = begin(library, "b", command="dateline crawl", ago=timedelta(seconds=2 * LEASE_S))
    assert is_dead(library.configuration, silent, utc_now())
    assert not is_dead(library.configuration, crawl, utc_now())


def test_a_run_whose_process_is_gone_is_buried_with_the_first_look(library, burial):
    begin(library, "dead", machine=socket.gethostname())
    lock_path(library.configuration.library, "dead").touch()
    assert burial.look() == 1
    assert state_of(library, "dead") is RunState.DEAD
    assert not lock_path(library.configuration.library, "dead").exists()
    assert burial.look() == 0


def test_whoever_looks_is_not_among_the_dead(library, burial, clock):
    begin(library, OWN)
    burial.look()
    clock.now += 1000
    assert burial.look() == 0


def test_silence_counts_from_the_first_look_whatever_the_clock_says(library, burial, clock):
    """The other machine's clock is an hour slow."""
    begin(library, "slow", ago=timedelta(hours=1))
    assert burial.look() == 0
    clock.now += 1.4 * LEASE_S
    assert burial.look() == 0
    clock.now += 0.2 * LEASE_S
    assert burial.look() == 1
    assert state_of(library, "slow") is RunState.DEAD


def test_a_sign_of_life_begins_the_silence_anew(library, burial, clock):
    begin(library, "alive", ago=timedelta(hours=1))
    for second in range(30):
        library.store.heartbeat("alive", now=utc_now() - timedelta(hours=1, seconds=-second), counts={})
        assert burial.look() == 0
        clock.now += 1.2 * LEASE_S
    assert state_of(library, "alive") is RunState.RUNNING


def test_what_could_not_be_seen_is_no_silence(library, folder, burial, clock):
    """The database was away for everybody."""
    begin(library, "other")
    assert burial.look() == 0
    hidden = folder / "dateline.db.away"
    burial.close()
    (folder / "dateline.db").rename(hidden)
    with pytest.raises(StorageError):
        burial.look()
    hidden.rename(folder / "dateline.db")
    clock.now += 60
    assert burial.look() == 0
    clock.now += 2 * LEASE_S
    assert burial.look() == 1


def test_a_crawl_elsewhere_may_be_silent_for_longer_than_a_worker(library, burial, clock):
    begin(library, "crawl", command="dateline crawl")
    burial.look()
    clock.now += 50 * LEASE_S
    assert burial.look() == 0
    clock.now += 500
    assert burial.look() == 1
