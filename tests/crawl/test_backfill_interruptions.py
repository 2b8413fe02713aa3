"""A backfill that is killed, interrupted or cut off from its database: nothing asked twice, nothing stored twice."""

import os
import signal
import time
from collections import Counter

import pytest
from archive_crowd import crowd
from archive_desk import (
    INTERNET_ARCHIVE,
    arrange,
    at,
    backfill_all,
    events,
    expected_of,
    library_facts,
    story_of,
)
from archive_pages import table
from stand_in_archive import InternetArchive

from storage.types import RunState

WORLD = crowd(6)
FIRST = WORLD[0].shots
MOMENTS = {
    "at the first question": ("/cdx/search", 0),
    "right after an answer of the index": ("/web/", 0),
    "between two candidates": (f"{FIRST[1].at}id_", 0),
    "at the last copy": ("/web/", 2 * len(WORLD) - 1),
}


@pytest.fixture
def archive():
    with InternetArchive(WORLD) as running:
        yield running


@pytest.fixture
def prepared(desk, archive):
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)}, backfill={"parallel": 2})
    desk.import_table(table(WORLD))
    return desk


@pytest.fixture(scope="module")
def uninterrupted(make_desk):
    """What a backfill that nobody disturbs leaves behind."""
    desk = make_desk("uninterrupted")
    with InternetArchive(WORLD) as archive:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive)}, backfill={"parallel": 2})
        desk.import_table(table(WORLD))
        backfill_all(desk)
    return library_facts(desk)


def assert_complete(desk, archive, uninterrupted):
    """As if nothing had happened: also in the archive's eyes, but for what was under way."""
    assert [story_of(desk, cited) for cited in WORLD] == [expected_of(cited, INTERNET_ARCHIVE) for cited in WORLD]
    assert library_facts(desk) == uninterrupted
    assert desk.problems() == []
    answered = Counter(one.target for one in archive.asked("index") if one not in archive.cut_off)
    assert max(answered.values()) == 1, answered
    attempts = [attempt for cited in WORLD for attempt in desk.attempts(cited.url)]
    with desk.library() as library:
        assert library.store.runs(state=RunState.RUNNING) == []
    assert len({attempt.key for attempt in attempts}) == len(attempts) == 2 * len(WORLD)


def disturb(desk, archive, where, after, signal_number, storing_s=0.0):
    """Start a backfill, and send a signal to all of it while such a request is held back.

    ``storing_s``: how long an answer for the other document may be on its way into the library at that moment.
    """
    with archive.hold(where, after=after) as held:
        process = desk.start("backfill", *events(desk))
        held.wait(process)
        # Whatever has no answer yet was cut off: it is right to ask that again.
        stored = time.monotonic() - storing_s
        archive.cut_off = [one for one in archive.asked() if not one.status or one.at > stored]
        if signal_number is signal.SIGKILL:
            os.killpg(process.pid, signal_number)
        else:
            os.kill(process.pid, signal_number)
            held.released.set()
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.mark.parametrize(("where", "after"), MOMENTS.values(), ids=MOMENTS)
def test_killed_nothing_is_asked_or_stored_twice(prepared, archive, uninterrupted, where, after):
    disturb(prepared, archive, where, after, signal.SIGKILL)
    backfill_all(prepared)
    assert_complete(prepared, archive, uninterrupted)


def test_killed_again_and_again_it_comes_to_its_end(prepared, archive, uninterrupted):
    cut_off = []
    for after in (1, 2, 3):
        disturb(prepared, archive, "/web/", after, signal.SIGKILL, storing_s=0.5)
        cut_off += archive.cut_off
    archive.cut_off = cut_off
    backfill_all(prepared)
    assert_complete(prepared, archive, uninterrupted)
    with prepared.library() as library:
        states = Counter(run.state for run in library.store.runs())
    assert states[RunState.FINISHED] == 1
    assert states[RunState.DEAD] == 3


def test_interrupted_it_gives_everything_back_and_says_how_to_go_on(prepared, archive, uninterrupted):
    status, out, err = disturb(prepared, archive, "/web/", 3, signal.SIGINT)
    assert status == 130, err
    assert "run the same command again" in out + err
    assert "Traceback" not in err
    with prepared.library() as library:
        assert library.store.runs()[0].state is RunState.INTERRUPTED
    backfill_all(prepared)
    assert_complete(prepared, archive, uninterrupted)


def test_on_postgresql_a_database_that_drops_its_connections_loses_nothing(
    desk, archive, uninterrupted, postgres_server, postgres_url
):
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)}, backfill={"parallel": 2}, database=postgres_url)
    desk.import_table(table(WORLD))
    archive.cut_off = []
    keys = events(desk)
    with archive.hold("/web/", after=4) as held:
        process = desk.start("backfill", *keys)
        held.wait(process)
        postgres_server.cut(postgres_url)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert_complete(desk, archive, uninterrupted)
