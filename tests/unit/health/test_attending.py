"""What lives beside a scheduler: it looks while that leads, tells people, and ends with it."""

import asyncio
import json
import sys
import threading
import time

import pytest

from crawler.health.attending import Looks, attending
from storage.types import RunState


def eventually(condition):
    for _ in range(600):
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def looking(state):
    started = []

    def start(configuration, next_start=lambda *_: None):
        looks = Looks(lambda: configuration, state, next_start, first_s=0.01, every_s=0.05)
        looks.start()
        started.append(looks)
        return looks

    yield start
    for one in started:
        one.stop(30)


def test_alerts_open_are_logged_told_and_close(looking, configured, store, ran, tmp_path, caplog):
    caplog.set_level("INFO")
    keep = tmp_path / "keep.py"
    keep.write_text("import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + '\\n')")
    told = tmp_path / "told.jsonl"
    configuration = configured(notify__command=f"'{sys.executable}' '{keep}' '{told}'")
    ran(store, 1, state=RunState.FAILED)
    looks = looking(configuration)
    assert eventually(lambda: told.exists() and len(told.read_text().splitlines()) == 1)
    ran(store, 2)
    assert eventually(lambda: len(told.read_text().splitlines()) == 2)
    first, second = map(json.loads, told.read_text().splitlines())
    assert (first["opened"][0]["kind"], second["closed"][0]["kind"]) == ("job_failed", "job_failed")
    assert "alert: job_failed: sources: run 1" in caplog.text
    assert "no alert any more: job_failed: sources" in caplog.text
    looks.stop(30)
    assert not looks.is_alive()


def test_a_standby_does_not_look(looking, configured, store, ran, state):
    state.leading = False
    ran(store, 1, state=RunState.FAILED)
    looking(configured())
    time.sleep(0.5)
    assert store.alerts() == []
    state.leading = True
    assert eventually(store.alerts)


def test_a_database_that_is_away_ends_nothing(looking, configured, tmp_path, sqlite_url, caplog, store, ran):
    ran(store, 1, state=RunState.FAILED)
    database = tmp_path / "later.db"
    looking(configured(database=f"sqlite:///{database}"))
    assert eventually(lambda: "nobody looks at the health of the library now" in caplog.text)
    store.close()
    database.write_bytes((tmp_path / "library.db").read_bytes())
    caplog.clear()
    assert eventually(lambda: "alert: job_failed" in caplog.text)


def test_the_endpoint_lives_as_long_as_the_scheduler(configured, state):
    configuration = configured(schedule__listen="127.0.0.1:0")
    addresses = []

    async def schedule():
        before = set(threading.enumerate())
        async with attending(lambda: configuration, state, lambda *_: None):
            started = set(threading.enumerate()) - before
            addresses.extend(one.name for one in started)
        return {one for one in started if one.is_alive()}

    assert asyncio.run(schedule()) == set()
    assert sorted(addresses) == ["endpoint", "health"]


def test_a_scheduler_without_an_address_has_none(configured, state):
    async def schedule():
        async with attending(lambda: configured(schedule__listen=""), state, lambda *_: None):
            return [one.name for one in threading.enumerate() if one.name == "endpoint"]

    assert asyncio.run(schedule()) == []
