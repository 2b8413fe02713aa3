"""An archive is asked no faster than it allows, by however many processes, and a refusal is obeyed."""

import os
import re
import signal
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest
from archive_crowd import crowd
from archive_desk import INTERNET_ARCHIVE, arrange, at, backfill_all, backfills, events, expected_of, searches, story_of
from archive_pages import table
from archive_server import TOO_OFTEN, too_often
from stand_in_archive import InternetArchive

from storage.types import BackfillRequest, Outcome, utc_now

INDEX_S, REPLAY_S = 0.25, 0.1
# The server sees what was booked, plus or minus the time that a connection takes on a busy machine.
TOLERANCE_S = 0.06


def host_of(desk, archive):
    with desk.library() as library:
        return library.store.host(archive.address, now=utc_now()).state


def rests(desk, archive):
    with desk.library() as library:
        states = library.store.host_states([archive.address])
    return archive.address in states and states[archive.address].last_outcome is Outcome.RATE_LIMITED


def due_at(desk, moment):
    """How many documents a backfill without names would take up then."""
    request = BackfillRequest(token="nobody", now=moment, until=moment + timedelta(minutes=1), limit=9)
    with desk.library() as library:
        return library.store.count_backfills(request)


def wait_until(holds, process, patience_s=60):
    deadline = time.monotonic() + patience_s
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_two_processes_at_once_keep_one_pace_and_ask_nothing_twice(desk):
    world = crowd(10)
    with InternetArchive(world) as archive:
        arrange(
            desk,
            archives={INTERNET_ARCHIVE: at(archive, index_interval_s=INDEX_S, replay_interval_s=REPLAY_S)},
        )
        desk.import_table(table(world))
        keys = events(desk)
        both = [desk.start("backfill", *keys), desk.start("backfill", *keys)]
        for process in both:
            _, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
        for pool, interval in (("index", INDEX_S), ("replay", REPLAY_S)):
            assert min(archive.intervals(pool)) >= interval - TOLERANCE_S, archive.intervals(pool)
            assert max(Counter(archive.targets(pool)).values()) == 1
        assert len(archive.asked("index")) == len(world)
        assert len(archive.asked("replay")) == 2 * len(world)
    assert [story_of(desk, cited) for cited in world] == [expected_of(cited, INTERNET_ARCHIVE) for cited in world]
    assert desk.problems() == []
    shares = Counter(attempt.run_token for cited in world for attempt in desk.attempts(cited.url))
    with desk.library() as library:
        runs = library.store.runs()
    assert len(runs) == len(shares) == 2, shares


def test_a_refusal_with_a_time_is_waited_for_and_the_question_asked_again_later(desk):
    world = crowd(2)
    with InternetArchive(world) as archive:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
        desk.import_table(table(world))
        archive.fault(too_often(2), where="/cdx/search", times=1)
        backfill_all(desk)
        refused = next(one for one in archive.log if one.status == 429)
        after = [one for one in archive.log if one.at > refused.at]
        # The whole host rests, not the one pool.
        assert min(one.at for one in after) - refused.at >= 2 - TOLERANCE_S
        assert sorted(searches(desk).values()) == ["found", "rate_limited"]
        assert sorted(state for state, _ in backfills(desk).values()) == ["rescued", "waiting"]
        backfill_all(desk)
        assert len(archive.asked("index")) == len(world) + 1
    assert [story_of(desk, cited) for cited in world] == [expected_of(cited, INTERNET_ARCHIVE) for cited in world]


def test_a_refusal_without_a_time_rests_the_host_for_a_minute(desk):
    world = crowd(3)
    with InternetArchive(world) as archive:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
        desk.import_table(table(world))
        archive.fault(TOO_OFTEN, where="/cdx/search", times=9)
        process = desk.start("backfill", *events(desk))
        wait_until(lambda: rests(desk, archive), process)
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        assert len(archive.log) == 1, archive.targets()
        state = host_of(desk, archive)
        assert state.last_outcome is Outcome.RATE_LIMITED
        assert timedelta(seconds=45) < state.not_before - state.last_attempt_at <= timedelta(seconds=75)
    assert "never_archived" not in searches(desk).values()
    assert {state for state, _ in backfills(desk).values()} <= {"wanted", "waiting"}


def test_the_third_refusal_stops_the_run_and_says_when_to_come_back(desk):
    """Of three archives that know the same pages: a run that is told three times has to be looked at by a person."""
    world = crowd(3)
    names = [INTERNET_ARCHIVE, "second-archive", "third-archive"]
    with ExitStack() as running:
        archives = {name: running.enter_context(InternetArchive(world)) for name in names}
        kind = {"kind": "cdx", "dialect": "internet-archive"}
        arrange(desk, archives={name: at(one, **kind) for name, one in archives.items()}, backfill={"parallel": 1})
        desk.import_table(table(world))
        for archive in archives.values():
            archive.fault(too_often(5), where="/cdx/search", times=9)
        done = backfill_all(desk, expect=None)
        assert done.status != 0
        assert [len(archive.log) for archive in archives.values()] == [1, 1, 1]
        said = done.out + done.err
        assert "third-archive" in said
        assert re.search(r"again at [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}", said), said
        assert set(searches(desk).values()) == {"rate_limited"}
        for archive in archives.values():
            archive.heal()
            desk.run("hosts", "allow", archive.address)
        backfill_all(desk)
    first = [story_of(desk, cited)[:2] for cited in world]
    assert first == [expected_of(cited, INTERNET_ARCHIVE)[:2] for cited in world]
    assert desk.problems() == []


@pytest.mark.parametrize("pool", ["/cdx/search", "/web/"])
def test_what_could_not_be_asked_is_asked_again_by_itself_when_its_time_has_come(desk, pool):
    """No name is given the second time: the queue knows."""
    world = crowd(1)
    with InternetArchive(world) as archive:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
        desk.import_table(table(world))
        archive.fault(too_often(1), where=pool)
        backfill_all(desk)
        assert searches(desk) == {(world[0].url, INTERNET_ARCHIVE): "rate_limited"}
        waits = desk.history(world[0].url).backfill
        assert waits.state == "waiting"
        assert timedelta() < waits.next_at - waits.ended_at < timedelta(days=7)
    assert due_at(desk, waits.next_at - timedelta(seconds=1)) == 0
    assert due_at(desk, waits.next_at + timedelta(seconds=1)) == 1
