import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from due_hosts import NOW, fill, lease_tokens

from crawler.configuration import HostRule
from crawler.frontier import PER_HOST, TURN, Frontier, FrontierLimits
from crawler.host_states import HostStates
from crawler.politeness import after
from crawler.urls import identify
from storage.types import (
    DocumentRole,
    EntryOrigin,
    FetchAttempt,
    FetchReason,
    FetchResult,
    HostProbe,
    HostState,
    LooseSource,
    Outcome,
    Selection,
)


@pytest.fixture
def clock(clock):
    clock.now = NOW
    return clock


@pytest.fixture
def make(thread, clock):
    def made(name="run", **rules):
        limits = FrontierLimits(hosts=3, lease=timedelta(minutes=5), patience=timedelta(seconds=1))
        hosts = HostStates(
            delay_s=2, rules={f"{host}.example": HostRule(name=host, **rule) for host, rule in rules.items()}
        )
        frontier = Frontier(
            store=thread, token=name, selection=Selection(), limits=limits, since=NOW, hosts=hosts, clock=clock
        )
        frontier.guests.patience_s, frontier.guests.poll_s = 0.3, 0.02
        return frontier

    return made


@pytest.fixture
def frontier(make):
    return make()


def hosts(documents):
    return sorted(document.host for document in documents)


def test_one_document_of_each_host_at_a_time(store, frontier):
    fill(store, 2, 3)

    async def crawl():
        first = await frontier.take()
        assert hosts(first) == ["h0.example", "h1.example"]
        waiting = asyncio.ensure_future(frontier.take())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        frontier.done(first[0])
        (second,) = await waiting
        assert second.host == first[0].host
        assert second.id != first[0].id

    asyncio.run(crawl())


def test_no_more_hosts_are_held_than_allowed_and_no_more_documents_than_a_slice(store, frontier):
    fill(store, 5, PER_HOST + 10)

    async def crawl():
        assert hosts(await frontier.take()) == ["h0.example", "h1.example", "h2.example"]

    asyncio.run(crawl())
    assert store.status(now=NOW).leased == 3 * PER_HOST


def test_everything_is_handed_out_once_and_the_end_is_said(store, frontier, clock):
    fill(store, 7, 23)
    seen = []

    async def crawl():
        while documents := await frontier.take():
            seen.extend(document.id for document in documents)
            for document in documents:
                store.reschedule(Selection(canonical_url=document.canonical_url), next_fetch_at=None)
                frontier.done(document)
            clock.now += timedelta(seconds=1)

    asyncio.run(crawl())
    assert len(seen) == len(set(seen)) == 7 * 23
    assert store.status(now=clock.now).leased == 0


def too_often(frontier, host, clock, wait_s):
    frontier.hosts.hold_back(host, Outcome.RATE_LIMITED, at=clock(), status=429, retry_after_s=wait_s)


def test_a_host_that_says_too_often_is_given_back_with_its_rest(store, frontier, clock):
    fill(store, 1, 3)

    async def crawl():
        (first,) = await frontier.take()
        too_often(frontier, first.host, clock, 600)
        assert frontier.is_resting(first.host)
        frontier.done(first)
        assert await frontier.take() == []

    asyncio.run(crawl())
    (host,) = store.hosts(now=NOW)
    assert host.state.not_before == NOW + timedelta(minutes=10)
    assert host.lease_token == ""
    clock.now += timedelta(minutes=11)
    assert not frontier.is_resting("h0.example")


def test_a_host_given_back_rests_for_its_interval(store, frontier):
    fill(store, 1, 1)

    async def crawl():
        (only,) = await frontier.take()
        frontier.hosts.heard_crawl_delay(only.host, 30)
        store.reschedule(Selection(canonical_url=only.canonical_url), next_fetch_at=None)
        frontier.done(only)
        assert await frontier.take() == []

    asyncio.run(crawl())
    assert [host.state.not_before for host in store.hosts(now=NOW)] == [NOW + timedelta(seconds=30)]


def test_a_host_with_more_documents_than_a_slice_is_kept_for_its_interval(store, frontier, clock):
    fill(store, 1, PER_HOST + 1)
    taken = []

    async def crawl():
        for _ in range(PER_HOST):
            (one,) = await frontier.take()
            taken.append(one.id)
            store.reschedule(Selection(canonical_url=one.canonical_url), next_fetch_at=None)
            state = after(
                HostState(name=one.host), outcome=Outcome.FETCHED, at=clock(), interval=timedelta(seconds=0.1)
            )
            store.put_host_states([state])
            frontier.done(one)
            clock.now += timedelta(seconds=0.05)
        waiting = asyncio.ensure_future(frontier.take())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        (held,) = store.hosts(now=clock())
        assert held.lease_token == "run"
        clock.now += timedelta(seconds=0.1)
        taken.extend(one.id for one in await waiting)

    asyncio.run(crawl())
    assert len(set(taken)) == PER_HOST + 1


def test_what_the_store_knows_of_a_host_holds_from_the_first_document(store, frontier):
    fill(store, 1, 1)
    store.put_host_states([HostState(name="h0.example", crawl_delay_s=40, cool_down_s=60)])

    async def crawl():
        await frontier.take()
        assert frontier.hosts.interval("h0.example") == timedelta(seconds=40)

    asyncio.run(crawl())


def test_a_host_has_its_own_rate_and_a_crawl_delay_still_lengthens_it(make):
    frontier = make(h0={"delay_s": 0.5}, h1={"delay_s": 9.0})
    assert frontier.hosts.interval("h0.example") == timedelta(seconds=0.5)
    assert frontier.hosts.interval("h1.example") == timedelta(seconds=9)
    assert frontier.hosts.interval("h2.example") == timedelta(seconds=2)
    frontier.hosts.heard_crawl_delay("h0.example", 5)
    assert frontier.hosts.interval("h0.example") == timedelta(seconds=5)


def test_a_host_that_the_settings_pause_is_not_taken(store, make):
    fill(store, 3, 1)
    frontier = make(h1={"paused": True})

    async def crawl():
        assert hosts(await frontier.take()) == ["h0.example", "h2.example"]

    asyncio.run(crawl())


def test_a_document_comes_with_its_citations_and_what_its_host_answers_for_nothing(store, frontier):
    fill(store, 1, 1)
    probe = HostProbe(probed_at=NOW, url="http://h0.example/none", status=404, final_url="http://h0.example/none")
    store.put_probe("h0.example", probe)

    async def crawl():
        (one,) = await frontier.take()
        assert frontier.probe_of("h0.example") == probe
        assert frontier.citations_of(one) == ()

    asyncio.run(crawl())


def test_a_document_that_cannot_be_stored_is_met_once_in_a_run(store, frontier, clock):
    fill(store, 2, 3)

    async def crawl():
        first, second = await frontier.take()
        frontier.give_up(first)
        frontier.give_up(second)
        assert await frontier.take() == []
        clock.now += timedelta(minutes=1)  # nor when their hosts are ready again
        assert await frontier.take() == []

    asyncio.run(crawl())
    assert store.status(now=NOW).leased == 0
    assert store.status(now=NOW).due == 6


# -- hosts where redirects lead --------------------------------------------------------------------------------


def test_a_host_where_a_redirect_leads_is_held_until_the_document_is_done(store, frontier, clock):
    fill(store, 1, 1)

    async def crawl():
        (one,) = await frontier.take()
        assert await frontier.visit(one, one.host) is None
        assert await frontier.visit(one, "guest.example") is None
        assert lease_tokens(store) == {"h0.example": "run", "guest.example": "run"}
        store.reschedule(Selection(canonical_url=one.canonical_url), next_fetch_at=None)
        frontier.done(one)
        assert await frontier.take() == []

    asyncio.run(crawl())
    assert lease_tokens(store) == {}
    assert store.host("guest.example", now=NOW).state.not_before == NOW + timedelta(seconds=2)


def test_documents_of_one_run_share_the_host_where_they_lead(store, frontier):
    fill(store, 2, 1)

    async def crawl():
        first, second = await frontier.take()
        assert await asyncio.gather(frontier.visit(first, "g.example"), frontier.visit(second, "g.example")) == [
            None,
            None,
        ]
        frontier.done(first)
        taking = asyncio.ensure_future(frontier.take())
        await asyncio.sleep(0.05)
        assert lease_tokens(store)["g.example"] == "run"
        frontier.done(second)
        await asyncio.wait([taking], timeout=0.05)
        taking.cancel()
        await asyncio.wait([taking])

    asyncio.run(crawl())
    assert "g.example" not in lease_tokens(store)


def test_a_host_that_another_run_holds_is_waited_for_but_not_for_ever(store, make):
    fill(store, 1, 1)
    frontier = make()
    store.claim_host("guest.example", token="other", now=NOW, until=NOW + timedelta(hours=1))

    async def crawl():
        (one,) = await frontier.take()
        refusal = await frontier.visit(one, "guest.example")
        assert refusal.reason == "guest.example (where the redirect leads) is held by another run"
        waiting = asyncio.ensure_future(frontier.visit(one, "guest.example"))
        await asyncio.sleep(0.05)
        store.release("other", not_before={})
        assert await waiting is None

    asyncio.run(crawl())
    assert lease_tokens(store)["guest.example"] == "run"


def test_two_runs_that_want_each_others_hosts_both_end(store, make):
    fill(store, 2, 1)
    one, other = make("one"), make("other")
    one.limits = other.limits = FrontierLimits(hosts=1, lease=timedelta(minutes=5))

    async def crawl():
        (mine,), (yours,) = await one.take(), await other.take()
        refusals = await asyncio.gather(one.visit(mine, yours.host), other.visit(yours, mine.host))
        assert [refusal.reason.split(" ")[0] for refusal in refusals] == [yours.host, mine.host]

    asyncio.run(crawl())


def test_a_host_that_rests_for_long_is_not_waited_for(store, frontier):
    fill(store, 1, 1)
    until = NOW + timedelta(hours=2)
    store.put_host_states([HostState(name="guest.example", not_before=until, rest_reason="HTTP 429, cool-down 7200 s")])

    async def crawl():
        (one,) = await frontier.take()
        refusal = await frontier.visit(one, "guest.example")
        assert refusal.ready_at == until
        assert refusal.reason == (
            "guest.example (where the redirect leads) is resting until 2026-03-01 14:00:00 UTC"
            " (HTTP 429, cool-down 7200 s)"
        )

    asyncio.run(crawl())
    assert lease_tokens(store) == {"h0.example": "run"}


def test_a_host_that_rests_for_its_interval_is_waited_for(store, frontier, clock):
    fill(store, 1, 1)
    store.put_host_states(
        [HostState(name="guest.example", not_before=NOW + timedelta(seconds=0.1), rest_reason="interval")]
    )

    async def crawl():
        (one,) = await frontier.take()
        waiting = asyncio.ensure_future(frontier.visit(one, "guest.example"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        clock.now += timedelta(seconds=1)
        assert await waiting is None

    asyncio.run(crawl())


def test_a_host_whose_rest_ends_between_two_questions_is_not_missed(store, frontier, clock, monkeypatch):
    fill(store, 1, 1)
    store.put_host_states([HostState(name="h0.example", not_before=NOW + timedelta(seconds=0.03))])
    lease = store.lease

    def slow(request):
        taken = lease(request)
        clock.now += timedelta(seconds=0.05)
        return taken

    monkeypatch.setattr(store, "lease", slow)
    assert hosts(asyncio.run(frontier.take())) == ["h0.example"]


def test_a_host_that_a_person_paused_is_not_visited(store, make):
    fill(store, 3, 1)
    store.pause_host("h0.example", now=NOW, reason="their admin wrote")
    frontier = make(h1={"paused": True})

    async def crawl():
        (one,) = await frontier.take()
        reasons = [(await frontier.visit(one, host)).reason for host in ("h0.example", "h1.example")]
        assert reasons == [
            "a person paused h0.example (where the redirect leads)",
            "h1.example (where the redirect leads) is paused in dateline.toml",
        ]

    asyncio.run(crawl())


def test_a_leased_host_that_is_given_back_while_a_redirect_is_on_it_stays_held(store, frontier):
    fill(store, 2, 1)

    async def crawl():
        first, second = await frontier.take()
        assert await frontier.visit(second, first.host) is None
        store.reschedule(Selection(canonical_url=first.canonical_url), next_fetch_at=None)
        frontier.done(first)
        taking = asyncio.ensure_future(frontier.take())
        await asyncio.sleep(0.05)
        assert lease_tokens(store) == {first.host: "run", second.host: "run"}
        store.reschedule(Selection(canonical_url=second.canonical_url), next_fetch_at=None)
        frontier.done(second)
        assert await taking == []

    asyncio.run(crawl())
    assert lease_tokens(store) == {}


def test_closing_gives_everything_back(store, frontier):
    fill(store, 3, 4)

    async def crawl():
        await frontier.take()
        assert await frontier.close() == 12

    asyncio.run(crawl())
    assert store.status(now=NOW).leased == 0
    assert {host.state.not_before for host in store.hosts(now=NOW)} == {NOW + timedelta(seconds=2)}


def test_an_answer_for_a_host_that_was_given_back_changes_nothing(store, frontier):
    fill(store, 1, 2)

    async def crawl():
        (first,) = await frontier.take()
        await frontier.close()
        frontier.done(first)

    asyncio.run(crawl())
    assert store.status(now=NOW).leased == 0


def test_a_host_that_rests_is_waited_for_when_it_is_not_long(store, frontier, clock):
    fill(store, 1, 1)
    (document,) = store.due(Selection(), now=NOW)
    store.release("nobody", not_before={document.host: NOW + timedelta(seconds=0.05)})

    async def crawl():
        async def pass_time():
            await asyncio.sleep(0.02)
            clock.now += timedelta(seconds=0.06)

        passing = asyncio.ensure_future(pass_time())
        taken = await frontier.take()
        await passing
        assert [one.id for one in taken] == [document.id]

    asyncio.run(crawl())


def test_keeping_alive_prolongs_the_leases(store, frontier, clock):
    fill(store, 1, 1)

    async def crawl():
        await frontier.take()
        clock.now += timedelta(minutes=4)
        await frontier.keep_alive()

    asyncio.run(crawl())
    assert [host.lease_until for host in store.hosts(now=clock.now)] == [NOW + timedelta(minutes=9)]


# -- turns and budgets -----------------------------------------------------------------------------------------


def fill_hosts(store, pages):
    """One host per given number of pages."""
    for number, count in enumerate(pages):
        origin = EntryOrigin(name="-", line=1, format="urls")
        urls = [f"http://n{number}.example/{page}" for page in range(count)]
        store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin) for url in urls], now=NOW)


def crawl_all(store, frontier, clock, *, answer):
    """Fetch whatever comes; returns the hosts in the order in which their documents came."""
    seen = []

    async def crawl():
        while documents := await frontier.take():
            for document in documents:
                seen.append(document.host)
                answer(document)
                frontier.done(document)
            clock.now += timedelta(seconds=3)

    asyncio.run(crawl())
    return seen


def never_again(store):
    return lambda document: store.reschedule(Selection(canonical_url=document.canonical_url), next_fetch_at=None)


def timed_out(store, clock):
    """Stores an attempt that failed, so that it counts for the day."""

    def answer(document):
        attempt = FetchAttempt(
            key=f"{document.id}-{clock.now.isoformat()}",
            document_id=document.id,
            reason=FetchReason.NEW,
            outcome=Outcome.TIMEOUT,
            request_url=document.request_url,
            final_url=document.request_url,
            started_at=clock.now,
            finished_at=clock.now,
            next_fetch_at=clock.now + timedelta(days=30),
            run_token="run",
        )
        (stored,) = store.archive([FetchResult(attempt=attempt)], decide=None, now=clock.now)
        assert not stored.error

    return answer


def test_small_hosts_are_served_before_the_huge_ones_are_done(store, make, clock):
    fill_hosts(store, [3 * TURN] * 3 + [3] * 40)
    frontier = make()
    frontier.limits = FrontierLimits(hosts=2, lease=timedelta(hours=9), patience=timedelta(0))
    seen = crawl_all(store, frontier, clock, answer=never_again(store))
    assert len(seen) == 3 * 3 * TURN + 40 * 3
    huge = {"n0.example", "n1.example", "n2.example"}
    last_small = max(place for place, host in enumerate(seen) if host not in huge)
    before = [seen[:last_small].count(host) for host in huge]
    assert max(before) <= TURN + PER_HOST  # each had one turn at most while somebody else waited
    assert sum(before) <= 3 * (TURN + PER_HOST)


def test_turns_go_round_among_huge_hosts(store, make, clock):
    fill_hosts(store, [3 * TURN] * 3)
    frontier = make()
    frontier.limits = FrontierLimits(hosts=1, lease=timedelta(hours=9), patience=timedelta(0))
    seen = crawl_all(store, frontier, clock, answer=never_again(store))
    turns = [seen[place] for place in range(0, len(seen), TURN)]
    assert turns == ["n0.example", "n1.example", "n2.example"] * 3


def test_a_host_goes_on_at_once_when_nobody_else_waits(store, make, clock):
    fill_hosts(store, [2 * TURN + 5])
    frontier = make()
    frontier.limits = FrontierLimits(hosts=2, lease=timedelta(hours=9), patience=timedelta(0))
    holders = set()
    forget = never_again(store)

    def answer(document):
        forget(document)
        holders.add(store.host("n0.example", now=clock.now).lease_token)

    assert len(crawl_all(store, frontier, clock, answer=answer)) == 2 * TURN + 5
    assert holders == {"run"}


def test_no_more_documents_of_a_host_are_asked_for_than_its_budget(store, make, clock):
    fill_hosts(store, [30, 4, 30])
    frontier = make(n2={"per_day": 7})
    frontier.limits = FrontierLimits(hosts=2, lease=timedelta(hours=9), patience=timedelta(seconds=5), per_day=25)
    seen = crawl_all(store, frontier, clock, answer=timed_out(store, clock))
    assert {host: seen.count(host) for host in sorted(set(seen))} == {
        "n0.example": 25,
        "n1.example": 4,
        "n2.example": 7,
    }
    state = store.host_states(["n0.example"])["n0.example"]
    assert (state.not_before, state.rest_reason) == (datetime(2026, 3, 2, tzinfo=UTC), "budget")
    clock.now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    again = crawl_all(store, make("next"), clock, answer=timed_out(store, clock))
    assert sorted(set(again)) == ["n0.example", "n2.example"]


def test_what_a_person_names_is_fetched_whatever_the_budget_says(store, make, clock):
    fill_hosts(store, [10])
    first = make()
    first.limits = FrontierLimits(hosts=2, lease=timedelta(hours=9), patience=timedelta(0), per_day=4)
    assert len(crawl_all(store, first, clock, answer=timed_out(store, clock))) == 4
    by_hand = make("hand")
    by_hand.limits, by_hand.since = first.limits, clock.now
    by_hand.selection = Selection(host="n0.example", due_only=False)
    assert len(crawl_all(store, by_hand, clock, answer=timed_out(store, clock))) == 10
    assert store.host_states(["n0.example"])["n0.example"].rest_reason == "budget"


def test_polls_of_feeds_are_not_held_up_by_budgets(make):
    frontier = make()
    frontier.limits = FrontierLimits(hosts=1, lease=timedelta(minutes=5), per_day=4)
    assert frontier._request(Selection(role=DocumentRole.FEED), 1).per_day is None
    assert frontier._request(Selection(due_only=False), 1).per_day is None
    assert frontier._request(Selection(), 1).per_day == 4


def test_a_redirect_may_lead_to_a_host_that_had_its_budget(store, make, clock):
    fill_hosts(store, [1, 1])
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    store.put_host_states([HostState(name="n1.example", not_before=midnight, rest_reason="budget")])
    frontier = make()
    frontier.limits = FrontierLimits(hosts=2, lease=timedelta(minutes=5), per_day=4)

    async def crawl():
        (one,) = await frontier.take()
        assert await frontier.visit(one, "n1.example") is None
        too_often(frontier, "n1.example", clock, 600)
        assert frontier.is_resting("n1.example")  # the rest that it asked for counts, though it is shorter

    asyncio.run(crawl())
