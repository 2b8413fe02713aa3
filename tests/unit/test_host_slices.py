"""Hosts that are lost: what a run does that was paused, cut off, or thought dead."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest
from due_hosts import NOW, fill, lease_tokens

from crawler.fencing import MARGIN, Deadlines, steady_s, sure_s
from crawler.frontier import Frontier, FrontierLimits
from crawler.host_states import HostStates
from crawler.store_thread import StoreThread
from storage.errors import StoreUnavailable
from storage.types import HostState, LeaseRequest, Outcome, Selection
from storage.types.time import TOLERANCE

LEASE = timedelta(seconds=100)


@pytest.fixture
def clock(two_clocks):
    return two_clocks


@pytest.fixture
def signs(store):
    """Another thread to the same store."""
    one = StoreThread(store)
    yield one
    one.close()


@pytest.fixture
def frontier(thread, clock):
    made = Frontier(
        store=thread,
        token="paused",
        selection=Selection(),
        limits=FrontierLimits(hosts=3, lease=LEASE, patience=timedelta(seconds=1)),
        since=NOW,
        hosts=HostStates(delay_s=2),
        clock=clock.now,
        steady=clock.steady,
    )
    made.guests.patience_s, made.guests.poll_s = 0.05, 0.01
    return made


@pytest.fixture
def lost(frontier):
    """Hosts that the frontier said are lost, in this order."""
    told = []
    frontier.on_lost = lambda hosts: told.append(sorted(hosts))
    return told


def take_over(store, clock, host="h0.example", until=LEASE):
    """Another run leases the host, once its lease has expired."""
    request = LeaseRequest(
        token="successor",
        now=clock.now(),
        until=clock.now() + until,
        max_hosts=1,
        per_host=20,
        selection=Selection(host=host),
    )
    return store.lease(request)


# -- how long a run believes -----------------------------------------------------------------------------------------


def test_a_lease_counts_from_before_the_store_was_asked_and_not_to_its_end(clock):
    deadlines = Deadlines(steady=clock.steady)
    asked_at = clock.steady()
    clock.passed = 30
    deadlines.granted(["a"], asked_at=asked_at, lease=LEASE)
    clock.passed = 100 * (1 - MARGIN) - 1
    assert deadlines.holds("a")
    clock.passed = 100 * (1 - MARGIN)
    assert not deadlines.holds("a")
    assert deadlines.expired() == {"a"}
    assert deadlines.expired() == frozenset()


def test_a_short_lease_is_not_used_for_as_long_as_two_clocks_may_differ(clock):
    assert sure_s(LEASE) == 100 * (1 - MARGIN)
    assert sure_s(timedelta(seconds=4)) == 4 - 2 * TOLERANCE.total_seconds()
    assert 0 < sure_s(timedelta(seconds=0.1)) < 0.1


def test_an_answer_that_comes_late_does_not_shorten_a_later_one(clock):
    deadlines = Deadlines(steady=clock.steady)
    deadlines.granted(["a"], asked_at=clock.steady() + 50, lease=LEASE)
    deadlines.granted(["a"], asked_at=clock.steady(), lease=LEASE)
    clock.passed = 129
    assert deadlines.holds("a")
    deadlines.forget(["a"])
    assert not deadlines.holds("a")
    assert deadlines.next_s() is None


def test_the_steady_clock_goes_on():
    before = steady_s()
    assert steady_s() >= before > 0


def test_a_young_lease_is_believed_without_a_query(store, frontier, monkeypatch):
    fill(store)

    async def crawl():
        (one,) = await frontier.take()
        monkeypatch.setattr(frontier.store, "call", None)
        assert await frontier.still_holds(one.host)

    asyncio.run(crawl())


def test_a_host_that_was_never_taken_is_not_ours(store, frontier):
    fill(store)

    async def crawl():
        await frontier.take()
        assert not await frontier.still_holds("elsewhere.example")
        assert not frontier.is_certain("elsewhere.example")

    asyncio.run(crawl())


def test_a_paused_run_whose_hosts_nobody_took_goes_on(store, frontier, clock, lost):
    fill(store)

    async def crawl():
        (one,) = await frontier.take()
        clock.passed = 500
        assert not frontier.is_certain(one.host)
        assert await frontier.still_holds(one.host)
        assert frontier.is_certain(one.host)
        assert store.host(one.host, now=NOW).lease_until == clock.now() + LEASE

    asyncio.run(crawl())
    assert lost == []


def test_signs_of_life_keep_hosts_and_those_where_redirects_led(store, frontier, clock, lost):
    fill(store)

    async def crawl():
        (one,) = await frontier.take()
        assert await frontier.visit(one, "guest.example") is None
        for _ in range(6):
            clock.passed += 60
            await frontier.keep_alive()
            assert frontier.is_certain(one.host)
            assert frontier.is_certain("guest.example")

    asyncio.run(crawl())
    assert lost == []


def test_leases_are_prolonged_while_the_store_is_at_something_long(store, frontier, clock, lost, signs):
    """A batch that waits for the database to come back, say."""
    fill(store)
    ended = threading.Event()

    async def crawl():
        (one,) = await frontier.take()
        frontier.signs = signs
        long = asyncio.ensure_future(frontier.store.call(lambda _store: ended.wait(20)))
        clock.passed = 60
        await asyncio.wait_for(frontier.keep_alive(), 5)
        assert frontier.is_certain(one.host)
        clock.passed = 150
        assert await asyncio.wait_for(frontier.still_holds(one.host), 5)
        assert not long.done()
        ended.set()
        await long

    asyncio.run(crawl())
    assert store.host("h0.example", now=NOW).lease_until == clock.now() + LEASE
    assert lost == []


def test_a_host_that_was_given_back_and_taken_again_meanwhile_is_not_lost(store, frontier, clock, lost, signs):
    """The answer to a sign of life is older than that to the lease."""
    fill(store)
    looked, go_on = threading.Event(), threading.Event()
    held_hosts = store.held_hosts

    def slowly(token):
        held = held_hosts(token)
        looked.set()
        go_on.wait(20)
        return held

    async def crawl():
        (one,) = await frontier.take()
        frontier.signs, store.held_hosts = signs, slowly
        store.release("paused", not_before={})
        beating = asyncio.ensure_future(frontier.keep_alive())
        await asyncio.to_thread(looked.wait, 20)
        frontier._waiting.pop(one.host)
        clock.passed = 3
        await frontier._lease(frontier._more_of(one.host))
        go_on.set()
        await beating
        assert one.host in frontier.held

    asyncio.run(crawl())
    assert lost == []
    assert lease_tokens(store) == {"h0.example": "paused"}


# -- what was lost ---------------------------------------------------------------------------------------------------


def test_a_paused_run_asks_nothing_of_a_host_that_another_took(store, frontier, clock, lost):
    fill(store)

    async def crawl():
        (one,) = await frontier.take()
        clock.passed = 150
        assert len(take_over(store, clock)) == 3
        assert not await frontier.still_holds(one.host)
        assert not await frontier.still_holds(one.host)
        assert lost == [["h0.example"]]
        frontier.done(one)
        assert await frontier.take() == []  # nothing that waited is handed out any more

    asyncio.run(crawl())
    assert lease_tokens(store) == {"h0.example": "successor"}
    assert store.status(now=NOW).leased == 3


def test_a_sign_of_life_finds_out_what_was_lost(store, frontier, clock, lost, caplog):
    fill(store, hosts=2)

    async def crawl():
        first, second = await frontier.take()
        clock.passed = 150
        take_over(store, clock, first.host)
        await frontier.keep_alive()
        assert lost == [[first.host]]
        assert frontier.is_certain(second.host)
        frontier.done(second)
        (third,) = await frontier.take()
        assert third.host == second.host

    asyncio.run(crawl())
    assert "held by another run from now on, nothing of it is stored: h0.example" in caplog.text


def test_a_lost_host_is_not_taken_again_while_its_request_is_out(store, frontier, clock):
    fill(store)

    async def crawl():
        (one,) = await frontier.take()
        clock.passed = 150
        take_over(store, clock)
        await frontier.keep_alive()
        store.release("successor", not_before={})
        assert await frontier.take() == []  # it is free, but not for us
        frontier.done(one)
        (again,) = await frontier.take()
        assert again.host == one.host

    asyncio.run(crawl())


def test_a_host_that_is_taken_again_hands_out_one_document_at_a_time(store, frontier, clock):
    """Whatever was to wake the host up before it was lost."""
    fill(store)
    store.put_host_states([HostState(name="h0.example", not_before=NOW)])

    async def crawl():
        (one,) = await frontier.take()
        frontier._wake(one.host, frontier._waiting[one.host])  # the interval of a slice before, over too late
        before = frontier._waiting[one.host]
        clock.passed = 150
        take_over(store, clock)
        await frontier.keep_alive()
        store.release("successor", not_before={})
        frontier.done(one)
        (again,) = await frontier.take()
        frontier._wake(again.host, before)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(frontier.take(), 0.1)

    asyncio.run(crawl())


def test_what_a_lost_host_taught_is_told_to_nobody(store, frontier, clock):
    fill(store)

    async def crawl():
        (one,) = await frontier.take()
        clock.passed = 150
        take_over(store, clock)
        await frontier.keep_alive()

        class States:
            @staticmethod
            def learn(_item, _outcome):
                return (HostState(name=one.host), HostState(name="guest.example"))

        frontier.hosts, known = States(), frontier.hosts
        assert [state.name for state in frontier.learn(None, Outcome.FETCHED)] == ["guest.example"]
        frontier.hosts = known
        frontier.done(one)

    asyncio.run(crawl())


def test_a_host_where_a_redirect_led_is_lost_too(store, frontier, clock, lost):
    fill(store)

    async def crawl():
        (one,) = await frontier.take()
        assert await frontier.visit(one, "guest.example") is None
        clock.passed = 150
        assert store.claim_host("guest.example", token="successor", now=clock.now(), until=clock.now() + LEASE).granted
        assert await frontier.still_holds(one.host)
        assert not await frontier.still_holds("guest.example")
        assert lost == [["guest.example"]]
        store.release("successor", not_before={})
        refusal = await frontier.visit(one, "guest.example")  # our own request is still out on it
        assert refusal.reason == "guest.example (where the redirect leads) is held by another run"
        frontier.done(one)
        (two,) = await frontier.take()
        assert await frontier.visit(two, "guest.example") is None

    asyncio.run(crawl())


def test_two_documents_on_a_lost_host_both_come_back_first(store, frontier, clock):
    fill(store, hosts=2)

    async def crawl():
        first, second = await frontier.take()
        for document in (first, second):
            assert await frontier.visit(document, "guest.example") is None
        clock.passed = 150
        store.claim_host("guest.example", token="successor", now=clock.now(), until=clock.now() + LEASE)
        await frontier.keep_alive()
        store.release("successor", not_before={})
        frontier.done(first)
        assert await frontier.visit(second, "guest.example") is not None
        frontier.done(second)
        assert await frontier.visit(second, "guest.example") is None

    asyncio.run(crawl())


# -- when nobody can say ---------------------------------------------------------------------------------------------


def test_requests_are_given_up_when_no_sign_of_life_came_through_in_time(store, frontier, clock):
    fill(store)
    frontier.limits = FrontierLimits(hosts=3, lease=timedelta(seconds=0.1))

    async def crawl():
        given_up, hosts = asyncio.Event(), []
        frontier.on_lost = lambda lost: (hosts.extend(lost), given_up.set())
        (one,) = await frontier.take()
        clock.passed = 0.09
        await asyncio.wait_for(given_up.wait(), 5)
        assert hosts == [one.host]
        assert await frontier.still_holds(one.host)  # nobody took it

    asyncio.run(crawl())


def test_nothing_is_asked_while_the_database_is_away_and_then_it_decides(store, frontier, clock, monkeypatch):
    fill(store)
    monkeypatch.setattr("crawler.host_slices.ASK_AGAIN_S", 0.02)
    hold, asked = store.hold_host, []

    def away(*arguments, **named):
        asked.append(arguments)
        if len(asked) < 4:
            raise StoreUnavailable("away")
        return hold(*arguments, **named)

    monkeypatch.setattr(store, "hold_host", away)

    async def crawl():
        (one,) = await frontier.take()
        clock.passed = 150
        assert await frontier.still_holds(one.host)
        assert len(asked) == 4

    asyncio.run(crawl())


def test_answers_that_come_when_the_lease_is_over_again_mean_no(store, frontier, clock, monkeypatch):
    fill(store)
    hold = store.hold_host

    def slowly(*arguments, **named):
        clock.passed += 90
        time.sleep(0.02)
        return hold(*arguments, **named)

    monkeypatch.setattr(store, "hold_host", slowly)
    frontier.limits = FrontierLimits(hosts=3, lease=LEASE, patience=timedelta(seconds=0.1))

    async def crawl():
        (one,) = await frontier.take()
        clock.passed = 150
        assert not await asyncio.wait_for(frontier.still_holds(one.host), 5)

    asyncio.run(crawl())


def test_a_database_that_stays_away_means_no(store, frontier, clock, monkeypatch, lost):
    fill(store)
    monkeypatch.setattr("crawler.host_slices.ASK_AGAIN_S", 0.02)

    def away(*_arguments, **_named):
        raise StoreUnavailable("away")

    monkeypatch.setattr(store, "hold_host", away)
    frontier.limits = FrontierLimits(hosts=3, lease=LEASE, patience=timedelta(seconds=0.1))

    async def crawl():
        (one,) = await frontier.take()
        clock.passed = 150
        assert not await frontier.still_holds(one.host)
        assert lost == []  # it may be ours still
        monkeypatch.undo()
        assert await frontier.still_holds(one.host)

    asyncio.run(crawl())
