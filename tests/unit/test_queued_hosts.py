"""Hosts that jobs bring: slices, what they leave, and how they end."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from due_hosts import NOW, fill, lease_tokens

from crawler.configuration import HostRule
from crawler.host_states import HostStates
from crawler.leasing import FrontierLimits
from crawler.queued_hosts import GIVEN_UP_S, QueuedHosts
from crawler.queueing.orders import HostOrder, Served
from storage.errors import StoreUnavailable
from storage.types import (
    FetchAttempt,
    FetchReason,
    FetchResult,
    HostState,
    LeaseRequest,
    Outcome,
    Selection,
)

LEASE = timedelta(seconds=100)
A, B = "h0.example", "h1.example"


@pytest.fixture
def clock(two_clocks):
    return two_clocks


@pytest.fixture
def make(thread, clock):
    def made(per_day=0, slice_s=10.0, **rules):
        hosts = HostStates(
            delay_s=0.01, rules={f"{host}.example": HostRule(name=host, **rules[host]) for host in rules}
        )
        limits = FrontierLimits(hosts=3, lease=LEASE, per_day=per_day, patience=timedelta(seconds=1))
        return QueuedHosts(
            store=thread,
            token="worker",
            limits=limits,
            hosts=hosts,
            clock=clock.now,
            steady=clock.steady,
            slice_s=slice_s,
        )

    return made


@pytest.fixture
def worker(make):
    return make()


class Fetcher:
    """Does what a spider does with the documents: one request each, after so many seconds."""

    def __init__(self, worker, store, clock, *, takes_s=1.0, outcome=Outcome.TIMEOUT):
        self.worker, self.store, self.clock, self.takes_s, self.outcome = worker, store, clock, takes_s, outcome
        self.seen, self.requested, self.together = [], [], 0

    async def run(self):
        while documents := await self.worker.take():
            self.together = max(self.together, len(documents))
            for document in documents:
                self.seen.append(document.canonical_url.removeprefix("https://"))
                self.requested.append(not self.worker.selection_of(document).due_only)
                assert await self.worker.still_holds(document.host)
                self.clock.passed += self.takes_s
                self._store(document)
                self.worker.done(document)

    def _store(self, document):
        attempt = FetchAttempt(
            key=f"{document.id}-{self.clock.passed}",
            document_id=document.id,
            reason=FetchReason.NEW,
            outcome=self.outcome,
            request_url=document.request_url,
            final_url=document.request_url,
            started_at=self.clock.now(),
            finished_at=self.clock.now(),
            next_fetch_at=self.clock.now() + timedelta(days=30),
            run_token=self.worker.token,
        )
        (stored,) = self.store.archive(
            [FetchResult(attempt=attempt, lease=self.worker.token)], decide=None, now=self.clock.now()
        )
        assert not stored.error
        assert not stored.stale


def serve(worker, fetcher, *orders):
    """Serve these orders at once, then end; returns their answers."""

    async def work():
        fetching = asyncio.ensure_future(fetcher.run())
        answers = await asyncio.gather(*(worker.serve(order) for order in orders))
        worker.end()
        await asyncio.wait_for(fetching, 5)
        return answers

    return asyncio.run(work())


# -- one slice -------------------------------------------------------------------------------------------------------


def test_a_host_is_served_until_nothing_is_left_and_given_back(store, worker, clock):
    fill(store)
    fetcher = Fetcher(worker, store, clock)
    assert serve(worker, fetcher, HostOrder(host=A)) == [Served(documents=3)]
    assert len(set(fetcher.seen)) == 3
    assert fetcher.together == 1
    assert lease_tokens(store) == {}
    assert store.status(now=NOW).leased == 0


def test_a_slice_ends_with_its_time_and_says_that_there_is_more(store, worker, clock):
    fill(store, pages=50)
    fetcher = Fetcher(worker, store, clock)
    assert serve(worker, fetcher, HostOrder(host=A)) == [Served(documents=10, more=True)]
    assert lease_tokens(store) == {}
    assert store.status(now=NOW).leased == 0


def test_whether_there_is_more_is_looked_up_where_the_last_lease_is_used_up(store, worker, clock):
    fill(store, pages=20)
    assert serve(worker, Fetcher(worker, store, clock, takes_s=0.5), HostOrder(host=A)) == [Served(documents=20)]


def test_hosts_are_served_beside_each_other_one_document_at_a_time(store, worker, clock):
    fill(store, hosts=3)
    fetcher = Fetcher(worker, store, clock, takes_s=0.1)
    answers = serve(worker, fetcher, *(HostOrder(host=f"h{number}.example") for number in range(3)))
    assert answers == [Served(documents=3)] * 3
    assert len(set(fetcher.seen)) == 9
    assert fetcher.together <= 3


def test_nothing_of_another_selection_is_served(store, make, clock):
    fill(store)
    order = HostOrder(host=A, outcome="timeout", due_only=False, since=NOW)
    early = make(slice_s=0.5)
    assert serve(early, Fetcher(early, store, clock), order, HostOrder(host=B)) == [Served(), Served()]
    assert serve(early := make(slice_s=0.5), Fetcher(early, store, clock), HostOrder(host=A))[0].documents == 1
    clock.passed += 60
    worker, order = make(), HostOrder(host=A, outcome="timeout", due_only=False, since=clock.now())
    fetcher = Fetcher(worker, store, clock)
    assert serve(worker, fetcher, order) == [Served(documents=1)]
    assert fetcher.seen == ["h0.example/0"]


def test_what_a_person_ordered_is_asked_for_once_and_for_that_reason(store, make, clock):
    fill(store)
    first = make()
    serve(first, Fetcher(first, store, clock), HostOrder(host=A))
    clock.passed += 60
    order, again = HostOrder(host=A, due_only=False, since=clock.now()), make()
    fetcher = Fetcher(again, store, clock)
    assert serve(again, fetcher, order) == [Served(documents=3)]
    assert fetcher.requested == [True] * 3
    clock.passed += 60
    third = make()
    assert serve(third, Fetcher(third, store, clock), order) == [Served()]


def test_orders_of_different_selections_are_told_apart(store, worker, clock):
    fill(store, hosts=2, pages=2)
    fetcher = Fetcher(worker, store, clock, takes_s=0.1)
    serve(worker, fetcher, HostOrder(host=A), HostOrder(host=B, due_only=False, since=clock.now()))
    assert {url[:2]: asked for url, asked in zip(fetcher.seen, fetcher.requested, strict=True)} == {
        "h0": False,
        "h1": True,
    }


# -- rests -----------------------------------------------------------------------------------------------------------


def test_a_short_rest_before_the_first_document_is_waited_for(store, worker, clock):
    fill(store)
    store.put_host_states([HostState(name=A, not_before=NOW + timedelta(seconds=0.05), rest_reason="interval")])

    async def work():
        fetching = asyncio.ensure_future(Fetcher(worker, store, clock).run())
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        await asyncio.sleep(0.03)
        assert not serving.done()
        clock.passed += 0.1
        assert await serving == Served(documents=3)
        worker.end()
        await fetching

    asyncio.run(work())


def test_a_host_that_rests_for_long_is_left_to_its_time(store, worker, clock):
    fill(store)
    until = NOW + timedelta(hours=1)
    store.put_host_states([HostState(name=A, not_before=until, rest_reason="HTTP 429")])
    assert serve(worker, Fetcher(worker, store, clock), HostOrder(host=A)) == [Served(ready_at=until)]


def test_a_host_that_says_too_often_ends_its_slice(store, worker, clock):
    fill(store)

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (one,) = await worker.take()
        worker.hosts.hold_back(A, Outcome.RATE_LIMITED, at=clock.now(), status=429, retry_after_s=600)
        worker.done(one)
        assert await serving == Served(documents=1, ready_at=NOW + timedelta(seconds=600))

    asyncio.run(work())
    assert store.host_states([A])[A].not_before == NOW + timedelta(seconds=600)


def test_a_host_with_a_long_interval_has_one_document_a_slice(store, make, clock):
    fill(store)
    worker = make(h0={"delay_s": 30.0})
    (served,) = serve(worker, Fetcher(worker, store, clock), HostOrder(host=A))
    assert served == Served(documents=1, ready_at=NOW + timedelta(seconds=31))
    assert store.host_states([A])[A].not_before == NOW + timedelta(seconds=31)


def test_the_budget_of_a_day_holds_over_slices(store, make, clock):
    fill(store, pages=9)
    first = make(per_day=4)
    assert serve(first, Fetcher(first, store, clock), HostOrder(host=A)) == [Served(documents=4)]
    clock.passed += 60
    second = make(per_day=4)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert serve(second, Fetcher(second, store, clock), HostOrder(host=A)) == [Served(ready_at=midnight)]
    by_hand = make(per_day=4)
    order = HostOrder(host=A, due_only=False, since=clock.now())
    assert serve(by_hand, Fetcher(by_hand, store, clock, takes_s=0.1), order) == [Served(documents=9)]


def test_a_paused_host_is_not_served(store, make, clock):
    fill(store)
    worker = make(h0={"paused": True})
    assert serve(worker, Fetcher(worker, store, clock), HostOrder(host=A)) == [Served()]
    store.pause_host(A, now=NOW, reason="asked us to")
    worker = make()
    assert serve(worker, Fetcher(worker, store, clock), HostOrder(host=A)) == [Served()]


def test_an_unknown_host_has_nothing(store, worker, clock):
    assert serve(worker, Fetcher(worker, store, clock), HostOrder(host="no.example")) == [Served()]


# -- others ----------------------------------------------------------------------------------------------------------


def lease(store, token, now, host=A):
    request = LeaseRequest(
        token=token, now=now, until=now + LEASE, max_hosts=1, per_host=20, selection=Selection(host=host)
    )
    return store.lease(request)


def test_a_host_in_other_hands_is_not_served(store, make, clock):
    fill(store)
    worker, again = make(), make()
    assert lease(store, "other", NOW)
    assert serve(worker, Fetcher(worker, store, clock), HostOrder(host=A)) == [Served(held_by_other=True)]
    clock.passed = 500
    assert serve(again, Fetcher(again, store, clock), HostOrder(host=A)) == [Served(documents=3)]


def test_a_host_that_is_being_served_is_not_served_twice(store, worker, clock):
    fill(store)

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (one,) = await worker.take()
        assert await worker.serve(HostOrder(host=A)) == Served(held_by_other=True)
        worker.end()
        worker.done(one)
        assert await serving == Served(documents=1, more=True)

    asyncio.run(work())


def test_a_paused_workers_slice_ends_when_its_host_was_taken_over(store, worker, clock):
    fill(store)
    lost = []
    worker.on_lost = lost.extend

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (one,) = await worker.take()
        clock.passed = 150
        assert lease(store, "successor", clock.now())
        await worker.keep_alive()
        assert lost == [A]
        assert not await worker.still_holds(A)
        assert not serving.done()  # its request is still out
        assert await worker.serve(HostOrder(host=A)) == Served(held_by_other=True)
        worker.done(one)
        assert await serving == Served(documents=1)
        assert await worker.serve(HostOrder(host=A)) == Served(held_by_other=True)

    asyncio.run(work())
    assert lease_tokens(store) == {A: "successor"}
    assert store.status(now=NOW).leased == 3


def test_what_was_offered_and_not_taken_yet_is_dropped_with_its_host(store, worker, clock):
    fill(store, hosts=2)

    async def work():
        serving = [asyncio.ensure_future(worker.serve(HostOrder(host=host))) for host in (A, B)]
        await asyncio.sleep(0.05)
        clock.passed = 150
        assert lease(store, "successor", clock.now())
        await worker.keep_alive()
        assert await serving[0] == Served(documents=1)
        (one,) = await worker.take()
        assert one.host == B
        worker.end()
        worker.done(one)
        await serving[1]

    asyncio.run(work())


def test_a_host_where_redirects_led_can_be_served_and_stays_while_they_are_there(store, worker, clock):
    fill(store, hosts=2, pages=1)

    async def work():
        first = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (visitor,) = await worker.take()
        assert await worker.visit(visitor, B) is None
        second = asyncio.ensure_future(worker.serve(HostOrder(host=B)))
        (own,) = await worker.take()
        store.reschedule(Selection(canonical_url=own.canonical_url), next_fetch_at=None)
        worker.done(own)
        assert await second == Served(documents=1)
        assert lease_tokens(store) == {A: "worker", B: "worker"}  # the visitor is still there
        assert await worker.still_holds(B)
        taking = asyncio.ensure_future(worker.take())
        worker.end()
        worker.done(visitor)
        await first
        assert await taking == []

    asyncio.run(work())
    assert lease_tokens(store) == {}


def test_a_host_where_redirects_led_and_that_was_served_is_given_back_for_good(store, worker, clock):
    fill(store, hosts=2, pages=2)

    async def work():
        first = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (visitor,) = await worker.take()
        assert await worker.visit(visitor, B) is None
        second = asyncio.ensure_future(worker.serve(HostOrder(host=B)))
        (own,) = await worker.take()
        worker.done(visitor)  # it was there first, and leaves before the slice ends
        (other,) = await worker.take()
        worker.end()
        worker.done(own)
        worker.done(other)
        await asyncio.gather(first, second)
        assert worker.guests.held == frozenset()

    asyncio.run(work())
    assert lease_tokens(store) == {}


def test_a_host_is_not_served_while_a_request_is_out_from_before_it_was_lost(store, worker, clock):
    fill(store, hosts=2)

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (visitor,) = await worker.take()
        assert await worker.visit(visitor, B) is None
        clock.passed = 150
        assert store.claim_host(B, token="successor", now=clock.now(), until=clock.now() + LEASE).granted
        await worker.keep_alive()
        store.release("successor", not_before={})
        assert await worker.serve(HostOrder(host=B)) == Served(held_by_other=True)
        worker.end()
        worker.done(visitor)
        await serving

    asyncio.run(work())


# -- ends ------------------------------------------------------------------------------------------------------------


def test_the_end_waits_for_what_is_out_and_for_nothing_else(store, worker, clock):
    fill(store, pages=9)

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (one,) = await worker.take()
        worker.end()
        taking = asyncio.ensure_future(worker.take())
        await asyncio.sleep(0.02)
        assert not taking.done()
        worker.done(one)
        assert await taking == []
        assert await serving == Served(documents=1, more=True)
        assert await worker.serve(HostOrder(host=B)) == Served(more=True)

    asyncio.run(work())
    assert lease_tokens(store) == {}


def test_what_is_let_go_holds_up_nobody(store, worker, clock):
    fill(store)

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (one,) = await worker.take()
        worker.end()
        worker.let_go(one)
        assert (await serving).more

    asyncio.run(work())
    assert store.status(now=NOW).due == 3
    assert lease_tokens(store) == {}


def test_a_host_with_a_document_that_cannot_be_stored_is_left_alone_for_a_while(store, worker, clock):
    fill(store)

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (one,) = await worker.take()
        worker.give_up(one)
        assert await serving == Served(documents=1)
        assert await worker.serve(HostOrder(host=A)) == Served()
        clock.passed += GIVEN_UP_S + 1
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (again,) = await worker.take()
        assert again.id == one.id
        worker.end()
        worker.done(again)
        await serving

    asyncio.run(work())


def test_what_could_not_be_given_back_is_given_back_with_the_next_sign_of_life(store, worker, clock, monkeypatch):
    fill(store, pages=1)

    def away(*_arguments, **_named):
        raise StoreUnavailable("away")

    async def work():
        serving = asyncio.ensure_future(worker.serve(HostOrder(host=A)))
        (one,) = await worker.take()
        store.reschedule(Selection(canonical_url=one.canonical_url), next_fetch_at=None)
        with monkeypatch.context() as patched:
            patched.setattr(store, "release", away)
            worker.done(one)
            assert await serving == Served(documents=1)
        assert lease_tokens(store) == {A: "worker"}
        await worker.keep_alive()
        assert lease_tokens(store) == {}

    asyncio.run(work())


def test_a_host_that_nobody_here_knows_of_is_given_back(store, worker, clock):
    """The connection ended between the store's commit and its answer."""
    fill(store)
    lease(store, "worker", NOW)

    async def work():
        await worker.keep_alive()
        assert lease_tokens(store) == {A: "worker"}  # its answer may just be on the way
        await worker.keep_alive()

    asyncio.run(work())
    assert lease_tokens(store) == {}


def test_a_store_that_cannot_be_reached_is_told_to_whoever_brought_the_host(store, worker, monkeypatch):
    fill(store)

    def away(_request):
        raise StoreUnavailable("away")

    monkeypatch.setattr(store, "lease", away)
    with pytest.raises(StoreUnavailable):
        asyncio.run(worker.serve(HostOrder(host=A)))
    monkeypatch.undo()
    assert asyncio.run(worker.serve(HostOrder(host="none.example"))) == Served()
