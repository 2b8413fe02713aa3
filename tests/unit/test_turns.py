"""Turns at archives: spacing across processes, rests, and the end of a run that was told "too often"."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archives.protocol import ArchivePlace, Pool, Question
from crawler.turns import MOST_REFUSALS, Turns
from storage import open_store
from storage.types import Outcome

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "archive.example"
PLACE = ArchivePlace(name="attic", kind="cdx", interval_s={Pool.INDEX: 2.5, Pool.REPLAY: 0.5})
INDEX = Question(url=f"https://{HOST}/cdx?url=a", pool=Pool.INDEX)
REPLAY = Question(url=f"https://{HOST}/web/2006id_/http://a.example/", pool=Pool.REPLAY)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next sleeper."""

    def __init__(self):
        super().__init__()
        self.now = 0.0

    def time(self):
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0]._when)
        super()._run_once()


class Calls:
    """A store whose calls take some time, and whose changes are repeated as a database repeats a transaction."""

    def __init__(self, store, lags=(0.0,)):
        self.store, self.lags, self.count = store, lags, 0

    async def call(self, work):
        self.count += 1
        await asyncio.sleep(self.lags[self.count % len(self.lags)])
        return work(self)

    def change_host(self, name, change):
        change(self.store.host_states([name]).get(name) or self.store.change_host(name, lambda state: state))
        return self.store.change_host(name, change)

    def __getattr__(self, name):
        return getattr(self.store, name)


def clock():
    return START + timedelta(seconds=asyncio.get_running_loop().time())


def run(scenario):
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(scenario)
    finally:
        loop.close()


def turns_on(store, **how):
    lags = how.pop("lags", (0.0,))
    return Turns(store=Calls(store, lags), default_s=1.0, clock=clock, **how)


async def sent_at(turns, question, place=PLACE):
    refusal = await turns.take(place, question)
    assert refusal is None, refusal
    return asyncio.get_running_loop().time()


@pytest.fixture
def store():
    with open_store("memory:") as opened:
        yield opened


OVERSLEPT = 3
"""The sleep up to the moment of the second turn; the one before ends where the host is looked at once more."""
WAITS = st.lists(st.tuples(st.floats(0, 6), st.sampled_from([INDEX, REPLAY]), st.floats(0, 3)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=50)
@given(first=WAITS, second=WAITS, lags=st.lists(st.floats(0, 0.4), min_size=1, max_size=4))
def test_two_processes_never_ask_one_pool_closer_than_its_interval(first, second, lags):
    sent = defaultdict(list)

    async def process(turns, waits):
        async def one(wait, question, takes):
            await asyncio.sleep(wait)
            async with turns.lane(question):
                sent[question.pool].append(await sent_at(turns, question))
                await asyncio.sleep(takes)

        await asyncio.gather(*(one(*each) for each in waits))

    async def both():
        with open_store("memory:") as store:
            processes = [turns_on(store, lags=lags, patience=timedelta(hours=1)) for _ in range(2)]
            await asyncio.gather(*(process(*each) for each in zip(processes, (first, second), strict=True)))

    run(both())
    assert len(sent[Pool.INDEX]) + len(sent[Pool.REPLAY]) == len(first) + len(second)
    for pool, moments in sent.items():
        assert all(later - earlier >= PLACE.interval_s[pool] for earlier, later in pairwise(sorted(moments)))


def test_the_first_request_goes_at_once_and_the_pools_do_not_wait_for_each_other(store):
    async def scenario():
        turns = turns_on(store)
        return [await sent_at(turns, question) for question in (INDEX, REPLAY, REPLAY, INDEX)]

    index, replay, second_replay, second_index = run(scenario())
    assert index < 0.1
    assert replay < 0.2
    assert 0.5 <= second_replay - replay < 0.7
    assert 2.5 <= second_index - index < 2.9


def test_booked_turns_are_kept_in_the_store(store):
    run(sent_at(turns_on(store), INDEX))
    assert store.host_states([HOST])[HOST].booked.keys() == {"index"}


def test_an_archive_without_an_interval_of_its_own_gets_the_librarys(store):
    async def scenario():
        turns, place = turns_on(store), ArchivePlace(name="bare", kind="cdx")
        return [await sent_at(turns, INDEX, place) for _ in range(2)]

    first, second = run(scenario())
    assert 1.0 <= second - first < 1.3


def test_an_interval_of_nothing_waits_for_nothing(store):
    async def scenario():
        turns, place = turns_on(store), ArchivePlace(name="next door", kind="cdx", interval_s={Pool.INDEX: 0.0})
        return [await sent_at(turns, INDEX, place) for _ in range(20)]

    assert run(scenario())[-1] == 0.0


def test_files_of_our_own_take_no_turn(store):
    async def scenario():
        turns, local = turns_on(store), Question(url="warc://record/%2Fa.warc.gz?offset=1&length=2", pool=Pool.REPLAY)
        assert [await sent_at(turns, local) for _ in range(3)] == [0, 0, 0]
        assert await turns.told(PLACE, local, Outcome.RATE_LIMITED) is None

    run(scenario())
    assert list(store.hosts(now=START)) == []


def test_too_often_rests_the_whole_host_for_all_processes(store):
    async def scenario():
        ours, theirs = turns_on(store), turns_on(store)
        await sent_at(ours, INDEX)
        await ours.told(PLACE, INDEX, Outcome.RATE_LIMITED, status=429)
        return await sent_at(theirs, REPLAY)

    assert 60 <= run(scenario()) < 61


def test_a_longer_retry_after_is_obeyed(store):
    async def scenario():
        turns = turns_on(store)
        await turns.told(PLACE, INDEX, Outcome.RATE_LIMITED, status=429, retry_after_s=200)
        return await sent_at(turns, REPLAY)

    assert 200 <= run(scenario()) < 201


def test_a_rest_longer_than_the_patience_is_refused_with_the_time_to_come_back(store):
    async def scenario():
        turns = turns_on(store)
        await turns.told(PLACE, INDEX, Outcome.RATE_LIMITED, status=429, retry_after_s=3600)
        return await turns.take(PLACE, REPLAY), asyncio.get_running_loop().time()

    refusal, waited = run(scenario())
    assert refusal.until == START + timedelta(hours=1)
    assert refusal.too_often
    assert "rests until 2026-03-01 13:00:00 UTC (HTTP 429, Retry-After 3600 s)" in refusal.reason
    assert waited == 0


def test_faults_in_a_row_open_the_breaker(store):
    async def scenario():
        turns = turns_on(store, patience=timedelta(seconds=100))
        for _ in range(5):
            await turns.told(PLACE, INDEX, Outcome.TIMEOUT)
        return await turns.take(PLACE, INDEX)

    refusal = run(scenario())
    assert refusal.until == START + timedelta(seconds=300)
    assert not refusal.too_often


def test_a_rest_that_begins_while_a_turn_is_awaited_is_kept(store):
    async def scenario():
        ours, theirs = turns_on(store), turns_on(store)
        await sent_at(ours, INDEX)
        waiting = asyncio.ensure_future(sent_at(ours, INDEX))
        await asyncio.sleep(1)
        await theirs.told(PLACE, INDEX, Outcome.RATE_LIMITED, status=429)
        return await waiting

    assert 61 <= run(scenario()) < 64


def test_who_is_woken_late_takes_another_turn(store):
    async def scenario():
        naps = []

        async def oversleeping(seconds):
            naps.append(seconds)
            await asyncio.sleep(seconds + (1.0 if len(naps) == OVERSLEPT else 0.0))

        turns = turns_on(store, sleep=oversleeping)
        await sent_at(turns, INDEX)
        return await sent_at(turns, INDEX), store.host_states([HOST])[HOST].booked["index"]

    sent, booked = run(scenario())
    assert 5 < sent < 6
    assert booked == START + timedelta(seconds=sent)


def test_the_third_too_often_stops_the_run_and_says_when_to_come_back(store):
    async def scenario():
        turns = turns_on(store)
        for number in range(MOST_REFUSALS):
            assert turns.stopped is None, number
            await turns.told(PLACE, INDEX, Outcome.RATE_LIMITED, status=429)
        return turns.stopped, await turns.take(PLACE, REPLAY), asyncio.get_running_loop().time()

    stopped, refusal, waited = run(scenario())
    assert (stopped.archive, stopped.host) == ("attic", HOST)
    assert stopped.until == START + timedelta(seconds=240)
    assert "attic (archive.example): it may be asked again at 2026-03-01 12:04:00 UTC" in stopped.text
    assert refusal.until == stopped.until  # within the patience, but a run that ends does not wait
    assert waited == 0


def test_requests_that_were_under_way_together_are_refused_once(store):
    async def scenario():
        turns = turns_on(store)
        await asyncio.sleep(5)
        for _ in range(4):
            asked = START + timedelta(seconds=4)
            await turns.told(PLACE, REPLAY, Outcome.RATE_LIMITED, status=429, asked_at=asked)
        return turns.stopped

    assert run(scenario()) is None


def test_a_host_that_a_person_paused_is_not_asked(store):
    async def scenario():
        await sent_at(turns_on(store), INDEX)
        store.pause_host(HOST, now=START, reason="they asked us to")
        by_person = await turns_on(store).take(PLACE, REPLAY)
        store.allow_host(HOST, now=START)
        by_file = await turns_on(store, paused=frozenset({HOST})).take(PLACE, REPLAY)
        return by_person, by_file

    by_person, by_file = run(scenario())
    assert by_person.until is None
    assert "a person paused archive.example" in by_person.reason
    assert "paused in dateline.toml" in by_file.reason
