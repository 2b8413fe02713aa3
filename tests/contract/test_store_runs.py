"""Runs: one row each, one run of a job at a time, and ends that stand."""

import threading
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import text, update

from storage import open_store
from storage.errors import JobRunning, RunNotFound, StorageError
from storage.sql.models import RunRow
from storage.types import RunState


@pytest.fixture
def start(store, make):
    return lambda token, **fields: store.start_run(make.run(token, **fields))


def tokens(runs):
    return [one.token for one in runs]


# -- beginning -------------------------------------------------------------------------------------------------------


def test_a_run_is_stored_as_given_and_gets_a_number(store, make):
    given = make.run(
        "run-1",
        number=700,
        who="mara",
        job="due",
        deadline_at=make.at(hours=2),
        counts={"fetched": 1},
        note="first page",
        log="logs/run-1.log",
    )
    stored = store.start_run(given)
    assert stored == replace(given, number=stored.number)
    assert stored.number not in {0, 700}
    assert store.run(stored.number) == store.run("run-1") == stored


def test_numbers_ascend(start):
    numbers = [start(f"run-{one}").number for one in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_a_token_is_given_to_one_run(store, start):
    start("run-1", job="due")
    with pytest.raises(StorageError) as refused:
        start("run-1", job="discover")
    assert not isinstance(refused.value, JobRunning)
    assert tokens(store.runs()) == ["run-1"]


def test_a_job_never_overlaps_itself(store, make, start):
    start("run-1", job="due")
    with pytest.raises(JobRunning, match="due is running already"):
        start("run-2", job="due")
    start("run-3", job="discover")
    start("run-4")
    start("run-5")
    assert sorted(tokens(store.runs())) == ["run-1", "run-3", "run-4", "run-5"]
    store.finish_run("run-1", now=make.NOW, state=RunState.FINISHED, counts={})
    start("run-2", job="due")
    assert tokens(store.runs(job="due", state=RunState.RUNNING)) == ["run-2"]


@pytest.mark.parametrize("state", [one for one in RunState if one is not RunState.RUNNING])
def test_a_run_that_has_ended_is_in_nobodys_way(start, make, state):
    start("run-1", job="due", state=state, finished_at=make.NOW)
    assert start("run-2", job="due").state is RunState.RUNNING


def test_of_threads_that_start_one_job_at_the_same_time_exactly_one_wins(database, make):
    together = threading.Barrier(4)
    started = []

    def begin(number):
        with open_store(database) as store:
            for job in range(10):
                together.wait()
                with suppress(JobRunning):
                    started.append((job, store.start_run(make.run(f"run-{number}-{job}", job=f"job-{job}")).token))

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(job for job, _ in started) == list(range(10))
    with open_store(database) as store:
        assert sorted(tokens(store.runs())) == sorted(token for _, token in started)


# -- life ------------------------------------------------------------------------------------------------------------


def test_the_process_takes_over_the_row_that_the_scheduler_wrote(store, make, start):
    written = start("run-1", job="due", pid=0, log="logs/run-1.log")
    adopted = store.adopt_run("run-1", pid=41, log="", now=make.at(seconds=3))
    assert adopted == replace(written, pid=41, heartbeat_at=make.at(seconds=3)) == store.run("run-1")
    assert store.adopt_run("run-1", pid=42, log="logs/other.log", now=make.NOW).log == "logs/other.log"


def test_a_row_that_is_closed_is_not_taken_over(store, make, start):
    start("run-1", job="due", pid=0)
    closed = store.settle_run("run-1", now=make.NOW, state=RunState.KILLED, exit_status=None, problem="too late")
    assert store.adopt_run("run-1", pid=41, log="logs/run-1.log", now=make.at(seconds=3)) == closed


def test_a_heartbeat_tells_what_was_done_and_what_is_done_now(store, make, start):
    start("run-1")
    store.heartbeat("run-1", now=make.at(minutes=1), counts={"fetched": 3}, note="harbour-post.example")
    store.heartbeat("run-1", now=make.at(minutes=2), counts={"fetched": 4, "gone": 1})
    found = store.run("run-1")
    assert (found.heartbeat_at, found.note) == (make.at(minutes=2), "harbour-post.example")
    assert found.counts == {"fetched": 4, "gone": 1}


def test_a_run_lives_and_ends(store, make, start):
    begun = start("run-1")
    store.put_loose([make.loose("/1")], now=make.NOW)
    assert len(store.lease(make.request("run-1"))) == 1
    end = {"state": RunState.INTERRUPTED, "counts": {"fetched": 4}, "problem": "asked to stop"}
    store.finish_run("run-1", now=make.at(minutes=3), **end)
    times = {"heartbeat_at": make.at(minutes=3), "finished_at": make.at(minutes=3)}
    assert store.runs(state=RunState.INTERRUPTED) == [replace(begun, **end, **times)]
    assert len(store.lease(make.request("run-2"))) == 1


# -- ends ------------------------------------------------------------------------------------------------------------


def test_the_first_end_stands_and_leases_come_back_all_the_same(store, make, start):
    start("run-1")
    store.finish_run("run-1", now=make.NOW, state=RunState.DEAD, counts={"fetched": 1}, problem="gone")
    dead = store.run("run-1")
    store.put_loose([make.loose("/1")], now=make.NOW)
    assert len(store.lease(make.request("run-1"))) == 1
    store.finish_run("run-1", now=make.at(hours=1), state=RunState.FINISHED, counts={"fetched": 9}, problem="none")
    assert store.run("run-1") == dead
    assert len(store.lease(make.request("run-2"))) == 1


def test_a_silent_run_is_buried_and_keeps_the_leases_that_it_prolonged_a_moment_ago(store, make, start):
    begun = start("run-1")
    store.put_loose([make.loose("/1"), make.loose("/1", host="other.example")], now=make.NOW)
    assert len(store.lease(make.request("run-1", max_hosts=2, minutes=5))) == 2
    store.hold_host("run-1", "other.example", until=make.at(minutes=20))
    late, rested = make.at(minutes=10), make.at(minutes=11)
    assert store.bury_run("run-1", seen=begun.heartbeat_at, now=late, not_before=rested)
    found = store.run("run-1")
    assert (found.state, found.finished_at) == (RunState.DEAD, late)
    assert found.heartbeat_at == begun.heartbeat_at
    assert store.held_hosts("run-1") == {"other.example"}
    assert store.lease(make.request("run-2", now=late)) == []
    (taken,) = store.lease(make.request("run-2", now=rested))
    assert taken.host != "other.example"


def test_who_gave_a_sign_of_life_meanwhile_is_not_buried(store, make, start):
    begun = start("run-1")
    store.put_loose([make.loose("/1")], now=make.NOW)
    store.lease(make.request("run-1", minutes=5))
    store.heartbeat("run-1", now=make.at(minutes=9), counts={})
    alive = store.run("run-1")
    assert not store.bury_run("run-1", seen=begun.heartbeat_at, now=make.at(minutes=10), not_before=make.at(hours=1))
    assert store.run("run-1") == alive
    assert store.held_hosts("run-1")


def test_who_gives_a_sign_of_life_while_it_is_buried_keeps_what_it_holds(postgres_url, make):
    with open_store(postgres_url) as store, open_store(postgres_url) as burying:
        begun = store.start_run(make.run("run-1"))
        store.put_loose([make.loose("/1")], now=make.NOW)
        store.lease(make.request("run-1", minutes=5))
        answers = []
        late, rested = make.at(minutes=10), make.at(minutes=11)
        thread = threading.Thread(
            target=lambda: answers.append(
                burying.bury_run("run-1", seen=begun.heartbeat_at, now=late, not_before=rested)
            )
        )
        with store._write(alone=False) as connection:
            spoken = update(RunRow).where(RunRow.token == "run-1")
            connection.execute(spoken.values(heartbeat_at=make.at(minutes=9)))
            thread.start()
            until_somebody_waits(connection)
        thread.join()
        assert answers == [False]
        assert store.held_hosts("run-1")


def until_somebody_waits(connection):
    """Until another connection waits for a row that this one has locked."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 30
    while not connection.scalar(waiting):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_who_was_taken_for_dead_and_gives_a_sign_of_life_is_at_work_again(store, make, start):
    begun = start("run-1")
    store.bury_run("run-1", seen=begun.heartbeat_at, now=make.at(minutes=10), not_before=make.NOW)
    store.heartbeat("run-1", now=make.at(minutes=11), counts={"fetched": 2})
    found = store.run("run-1")
    assert (found.state, found.finished_at, found.counts) == (RunState.RUNNING, None, {"fetched": 2})


def test_the_run_of_a_job_stays_dead_its_next_one_may_have_begun(store, make, start):
    begun = start("run-1", job="due")
    store.bury_run("run-1", seen=begun.heartbeat_at, now=make.at(minutes=10), not_before=make.NOW)
    start("run-2", job="due")
    store.heartbeat("run-1", now=make.at(minutes=11), counts={})
    assert store.run("run-1").state is RunState.DEAD


@pytest.mark.parametrize("state", [RunState.DEAD, RunState.KILLED])
def test_an_end_that_others_found_out_says_when_the_run_last_lived(store, make, start, state):
    start("run-1")
    store.heartbeat("run-1", now=make.at(minutes=1), counts={})
    store.finish_run("run-1", now=make.at(hours=1), state=state, counts={})
    found = store.run("run-1")
    assert (found.heartbeat_at, found.finished_at) == (make.at(minutes=1), make.at(hours=1))


def test_a_process_that_ended_without_a_word_is_settled(store, make, start):
    begun = start("run-1", job="due", counts={"fetched": 2})
    store.put_loose([make.loose("/1")], now=make.NOW)
    store.lease(make.request("run-1"))
    end = {"state": RunState.DEAD, "exit_status": -9, "problem": "ended by signal 9"}
    settled = store.settle_run("run-1", now=make.at(minutes=5), **end)
    assert settled == replace(begun, **end, finished_at=make.at(minutes=5)) == store.run("run-1")
    assert len(store.lease(make.request("run-2"))) == 1


def test_a_run_that_said_how_it_ended_only_gets_its_exit_status(store, make, start):
    start("run-1", job="due")
    store.finish_run("run-1", now=make.NOW, state=RunState.FINISHED, counts={"gone": 1})
    said = store.run("run-1")
    settled = store.settle_run("run-1", now=make.at(minutes=1), state=RunState.FAILED, exit_status=1, problem="what")
    assert settled == replace(said, exit_status=1)
    unknown = store.settle_run("run-1", now=make.at(minutes=1), state=RunState.DEAD, exit_status=None)
    assert unknown == settled


def test_killed_stands_over_what_the_process_wrote_in_its_last_second(store, make, start):
    start("run-1", job="due")
    store.finish_run("run-1", now=make.NOW, state=RunState.INTERRUPTED, counts={"fetched": 3})
    said = store.run("run-1")
    killed = {"state": RunState.KILLED, "exit_status": -15, "problem": "past its deadline of 7200 s"}
    assert store.settle_run("run-1", now=make.at(minutes=1), **killed) == replace(said, **killed)
    later = store.settle_run("run-1", now=make.at(minutes=2), state=RunState.KILLED, exit_status=None, problem="again")
    assert later == replace(said, **killed)


def test_an_unknown_run_is_refused(store, make):
    for call in (
        lambda: store.heartbeat("nobody", now=make.NOW, counts={}),
        lambda: store.adopt_run("nobody", pid=1, log="", now=make.NOW),
        lambda: store.finish_run("nobody", now=make.NOW, state=RunState.FINISHED, counts={}),
        lambda: store.settle_run("nobody", now=make.NOW, state=RunState.DEAD, exit_status=None),
    ):
        with pytest.raises(RunNotFound):
            call()


# -- finding ---------------------------------------------------------------------------------------------------------


def test_a_run_is_found_by_number_and_by_token(store, start):
    first = start("run-1")
    other = start(f"{first.number}")
    assert store.run(first.number) == first
    assert store.run(f"{first.number}") == other, "a token goes before a number"
    assert store.run(f"{other.number}") == other


@pytest.mark.parametrize("name", ["", "nobody", "-1", "\u0661", "run", 0, -1, 10**30, f"{10**30}", "1e3"])
def test_a_name_that_no_run_has_is_refused(store, start, name):
    start("run-1")
    with pytest.raises(RunNotFound):
        store.run(name)


def test_runs_are_listed_with_the_latest_first(store, make, start):
    start("run-1", started_at=make.at(minutes=1), job="due", state=RunState.FAILED)
    start("run-2")
    start("run-3")
    start("run-4", started_at=make.at(minutes=2), job="due")
    assert tokens(store.runs()) == ["run-4", "run-1", "run-3", "run-2"]
    assert tokens(store.runs(limit=2)) == ["run-4", "run-1"]
    assert tokens(store.runs(job="due")) == ["run-4", "run-1"]
    assert tokens(store.runs(job="")) == ["run-3", "run-2"]
    assert tokens(store.runs(job="due", state=RunState.FAILED)) == ["run-1"]
    assert store.runs(job="nobody") == []


def test_each_job_has_a_latest_run_whatever_the_clock_said(store, make, start):
    start("run-1", job="due", started_at=make.at(days=1), state=RunState.FINISHED)
    start("run-2", job="due")
    start("run-3", job="discover")
    start("run-4")
    assert {job: one.token for job, one in store.latest_runs().items()} == {"due": "run-2", "discover": "run-3"}


# -- forgetting ------------------------------------------------------------------------------------------------------


def test_runs_that_are_long_over_are_forgotten_but_the_latest_of_each_job(store, make, start):
    old = {"finished_at": make.at(days=-100), "state": RunState.FINISHED}
    for number in range(3):
        start(f"due-{number}", job="due", **old)
        start(f"hand-{number}", **old)
    start("fresh", **{**old, "finished_at": make.NOW})
    start("alive", started_at=make.at(days=-100))
    start("discover-1", job="discover", **old)
    assert store.forget_runs(before=make.at(days=-99)) == 5
    assert sorted(tokens(store.runs())) == ["alive", "discover-1", "due-2", "fresh"]
    assert store.forget_runs(before=make.at(days=-99)) == 0


def test_a_number_is_never_given_twice(store, make, start):
    ended = {"finished_at": make.at(days=-100), "state": RunState.FINISHED}
    numbers = [start(f"run-{number}", **ended).number for number in range(3)]
    assert store.forget_runs(before=make.NOW) == 2
    assert start("run-9").number > numbers[-1]
