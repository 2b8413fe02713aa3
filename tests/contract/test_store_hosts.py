"""Hosts: what is known about each, who may ask it, and who may not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.errors import HostNotFound
from storage.types import Host, HostProbe, HostState, Outcome

A, B, C = "a.example", "b.example", "c.example"


@pytest.fixture
def fill(store, make):
    """One due document on each of these hosts; the first waits longest."""

    def run(*hosts):
        for minutes, host in enumerate(reversed(hosts), start=1):
            store.put_loose([make.loose("/1", host)], now=make.at(minutes=-minutes))

    return run


@pytest.fixture
def learned(make):
    """A state with something in every field."""
    return HostState(
        name=A,
        not_before=make.at(minutes=2),
        rest_reason="429, Retry-After 120 s",
        crawl_delay_s=7.5,
        cool_down_s=120.0,
        failures=3,
        last_outcome=Outcome.RATE_LIMITED,
        last_attempt_at=make.NOW,
        last_success_at=make.at(days=-1),
    )


@pytest.fixture
def probe(make):
    return HostProbe(
        probed_at=make.NOW,
        url=f"https://{A}/4f1c",
        status=200,
        final_url=f"https://{A}/",
        fingerprint=(-(2**63), -5, 0, 7, 2**63 - 1),
    )


def given(documents):
    return [one.host for one in documents]


# -- states ----------------------------------------------------------------------------------------------------------


def test_what_was_learned_comes_back(store, fill, learned):
    fill(A, B)
    store.put_host_states([learned])
    assert store.host_states([A, B, "unknown.example"]) == {A: learned, B: HostState(name=B)}
    assert store.host_states([]) == {}


def test_a_host_that_was_never_cited_is_made(store, make, learned):
    store.put_host_states([learned])
    assert store.host(A, now=make.NOW) == Host(state=learned)


def test_the_longer_rest_stands_with_its_reason_and_the_rest_is_taken(store, make, learned):
    longer = replace(learned, not_before=make.at(hours=1), rest_reason="breaker after 5 failures")
    store.put_host_states([longer])
    for moment in (make.at(minutes=59), None):
        fresh = HostState(name=A, not_before=moment, rest_reason="interval", last_outcome=Outcome.FETCHED)
        store.put_host_states([fresh])
        assert store.host_states([A]) == {
            A: replace(fresh, not_before=longer.not_before, rest_reason=longer.rest_reason)
        }
    later = replace(learned, not_before=make.at(hours=2))
    store.put_host_states([later])
    assert store.host_states([A]) == {A: later}


def test_of_equal_rests_the_latest_says_why(store, make, learned):
    store.put_host_states([learned, replace(learned, rest_reason="interval")])
    assert store.host_states([A])[A].rest_reason == "interval"


def test_states_of_one_call_are_written_in_their_order(store, make, learned):
    store.put_host_states([learned, HostState(name=B), HostState(name=A, failures=9)])
    assert store.host_states([A])[A] == HostState(
        name=A, failures=9, not_before=learned.not_before, rest_reason=learned.rest_reason
    )


def test_many_states_are_written_and_read_at_once(store, make):
    states = {f"h{number}.example": HostState(name=f"h{number}.example", failures=number) for number in range(1203)}
    store.put_host_states(list(states.values()))
    assert store.host_states(states) == states


def test_writing_a_state_leaves_pause_lease_and_documents_alone(store, make, fill, learned):
    fill(A)
    store.lease(make.request())
    store.pause_host(A, now=make.NOW, reason="asked us to")
    store.put_host_states([learned])
    host = store.host(A, now=make.NOW)
    assert (host.state, host.documents, host.due, host.lease_token) == (learned, 1, 1, "run-1")
    assert (host.paused_at, host.pause_reason) == (make.NOW, "asked us to")


# -- one host and all hosts ------------------------------------------------------------------------------------------


def test_an_unknown_host_is_refused(store, make):
    for ask in (
        lambda: store.host("unknown.example", now=make.NOW),
        lambda: store.pause_host("unknown.example", now=make.NOW, reason=""),
        lambda: store.allow_host("unknown.example", now=make.NOW),
    ):
        with pytest.raises(HostNotFound, match=r"unknown\.example"):
            ask()
    assert list(store.hosts(now=make.NOW)) == []


def test_hosts_are_listed_with_everything_known_about_them(store, make, fill, learned, probe):
    fill(B, A)
    store.put_loose([make.loose("/later", B)], now=make.at(hours=1))
    store.put_host_states([learned])
    store.put_probe(A, probe)
    store.pause_host(A, now=make.NOW, reason="broken")
    store.lease(make.request())
    full = Host(state=learned, documents=1, due=1, paused_at=make.NOW, pause_reason="broken", probe=probe)
    leased = Host(state=HostState(name=B), lease_token="run-1", lease_until=make.at(minutes=5), documents=2, due=1)
    assert list(store.hosts(now=make.NOW)) == [full, leased]
    assert [store.host(name, now=make.NOW) for name in (A, B)] == [full, leased]


def test_hosts_stream_over_many_pages_while_others_write(store, make):
    names = sorted(f"h{number}.example" for number in range(1203))
    store.put_host_states([HostState(name=name) for name in names])
    seen = []
    for host in store.hosts(now=make.NOW):
        if len(seen) == 700:
            store.pause_host(names[0], now=make.NOW, reason="")
        seen.append(host.name)
    assert seen == names


# -- pauses ----------------------------------------------------------------------------------------------------------


def test_a_paused_host_is_given_to_nobody(store, make, fill):
    fill(A, B)
    paused = store.pause_host(A, now=make.NOW, reason="asked us to")
    assert (paused.name, paused.paused_at, paused.pause_reason) == (A, make.NOW, "asked us to")
    assert given(store.lease(make.request())) == [B]
    for by_hand in ({"host": A}, {"canonical_url": f"https://{A}/1"}, {"due_only": False}):
        assert store.lease(make.request("run-2", **by_hand)) == []
    assert not store.claim_host(A, token="run-1", now=make.NOW, until=make.at(minutes=5)).granted


def test_a_paused_host_is_given_again_once_allowed(store, make, fill):
    fill(A)
    store.pause_host(A, now=make.NOW, reason="asked us to")
    allowed = store.allow_host(A, now=make.NOW)
    assert (allowed.paused_at, allowed.pause_reason) == (None, "")
    assert given(store.lease(make.request())) == [A]


def test_pausing_again_keeps_the_moment_and_takes_the_new_reason(store, make, fill):
    fill(A)
    first = store.pause_host(A, now=make.NOW, reason="one")
    assert store.pause_host(A, now=make.at(hours=1), reason="one") == first
    assert store.pause_host(A, now=make.at(hours=1), reason="two") == replace(first, pause_reason="two")


def test_pausing_takes_nothing_from_the_run_that_holds_the_host(store, make, fill):
    fill(A)
    (document,) = store.lease(make.request())
    store.pause_host(A, now=make.NOW, reason="")
    assert store.renew("run-1", until=make.at(minutes=9)) == 1
    mine = make.result(document, "story", attempt_fields={"run_token": "run-1", "next_fetch_at": make.NOW})
    store.archive([mine], decide=make.decide, now=make.NOW)
    assert store.lease(make.request()) == []
    assert store.release("run-1", not_before={}) == 0


def test_nothing_wakes_on_a_paused_host(store, make, fill):
    fill(A)
    store.release("x", not_before={A: make.at(minutes=3)})
    assert store.next_ready(make.request()) == make.at(minutes=3)
    store.pause_host(A, now=make.NOW, reason="")
    assert store.next_ready(make.request()) is None
    assert store.next_ready(make.request(host=A)) is None
    assert store.next_ready(make.request(due_only=False)) is None


def test_allowing_ends_everything_that_keeps_us_away_and_forgets_nothing_else(store, make, fill, learned):
    fill(A)
    store.put_host_states([learned])
    assert store.lease(make.request()) == []
    allowed = store.allow_host(A, now=make.NOW)
    assert allowed.state == replace(learned, not_before=None, rest_reason="", cool_down_s=0.0, failures=0)
    assert store.allow_host(A, now=make.NOW) == allowed
    assert given(store.lease(make.request())) == [A]


# -- rests -----------------------------------------------------------------------------------------------------------


def test_a_host_that_is_given_back_or_reclaimed_rests_for_its_interval(store, make, fill):
    fill(A, B)
    store.lease(make.request(max_hosts=1))
    store.release("run-1", not_before={A: make.at(minutes=1)})
    store.lease(make.request("run-2"))
    store.reclaim(["run-2"], not_before=make.at(minutes=2))
    states = store.host_states([A, B])
    assert (states[A].not_before, states[A].rest_reason) == (make.at(minutes=1), "interval")
    assert (states[B].not_before, states[B].rest_reason) == (make.at(minutes=2), "interval")


@pytest.mark.parametrize("minutes", [1, 2])
def test_giving_a_host_back_hides_no_rest_that_lasts_as_long(store, make, fill, learned, minutes):
    fill(A)
    store.put_host_states([learned])
    store.release("run-1", not_before={A: make.at(minutes=minutes)})
    assert store.host_states([A]) == {A: learned}


def test_a_longer_interval_takes_the_place_of_a_rest(store, make, learned):
    store.put_host_states([learned])
    store.release("run-1", not_before={A: make.at(minutes=3)})
    state = store.host_states([A])[A]
    assert state == replace(learned, not_before=make.at(minutes=3), rest_reason="interval")


def test_paused_and_resting_hosts_are_counted(store, make, fill, learned):
    fill(A, B, C)
    store.put_host_states([learned])
    store.release("x", not_before={B: make.NOW})
    store.pause_host(B, now=make.NOW, reason="")
    status = store.status(now=make.NOW)
    assert (status.paused_hosts, status.resting_hosts) == (1, 1)
    assert store.status(now=make.at(minutes=2)).resting_hosts == 0


# -- hosts to avoid --------------------------------------------------------------------------------------------------


def test_avoided_hosts_are_not_given_and_others_take_their_place(store, make, fill):
    fill(A, B, C)
    request = replace(make.request(max_hosts=2), avoid=frozenset({A, "unknown.example"}))
    assert given(store.lease(request)) == [B, C]
    assert given(store.lease(make.request())) == [A]


def test_a_host_that_the_token_holds_is_avoided_too(store, make, fill):
    fill(A)
    store.put_loose([make.loose("/2", A)], now=make.NOW)
    assert len(store.lease(make.request(per_host=1))) == 1
    assert store.lease(replace(make.request(), avoid=frozenset({A}))) == []


@pytest.mark.parametrize("by_hand", [{}, {"due_only": False}])
def test_thousands_of_hosts_can_be_avoided(store, make, by_hand):
    names = [f"h{number:04}.example" for number in range(3000)]
    store.put_loose([make.loose("/1", name) for name in names], now=make.NOW)
    request = replace(make.request(max_hosts=3, **by_hand), avoid=frozenset(names[:-2]))
    assert given(store.lease(request)) == names[-2:]


@pytest.mark.parametrize("by_hand", [{}, {"due_only": False}])
def test_nothing_wakes_on_an_avoided_host(store, make, fill, by_hand):
    fill(A, B)
    store.release("x", not_before={A: make.at(minutes=1), B: make.at(minutes=2)})
    avoiding = replace(make.request(**by_hand), avoid=frozenset({A}))
    assert store.next_ready(avoiding) == make.at(minutes=2)
    assert store.next_ready(replace(avoiding, avoid=frozenset({A, B}))) is None


# -- claims ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def claim(store, make):
    def ask(run="run-1", now=make.NOW, minutes=5):
        return store.claim_host(A, token=run, now=now, until=now + timedelta(minutes=minutes))

    return ask


def test_an_unknown_host_is_made_and_granted(store, make, claim):
    answer = claim()
    assert (answer.granted, answer.state, answer.ready_at, answer.paused) == (True, HostState(name=A), None, False)
    host = store.host(A, now=make.NOW)
    assert (host.lease_token, host.lease_until, host.documents) == ("run-1", make.at(minutes=5), 0)


def test_a_claimed_host_is_given_to_nobody_else(store, make, fill, claim):
    fill(A)
    assert claim().granted
    assert store.lease(make.request("run-2")) == []
    assert store.lease(replace(make.request(), new_hosts=True)) == []
    refused = claim("run-2")
    assert (refused.granted, refused.ready_at, refused.paused) == (False, make.at(minutes=5), False)
    assert given(store.lease(make.request())) == [A]


def test_a_host_leased_to_another_run_is_refused_until_it_is_free(store, make, fill, claim):
    fill(A)
    store.lease(make.request("run-2"))
    assert claim().ready_at == make.at(minutes=5)
    store.release("run-2", not_before={A: make.at(minutes=1)})
    assert claim().ready_at == make.at(minutes=1)
    assert claim(now=make.at(minutes=1)).granted


def test_a_host_that_is_held_and_rests_is_free_when_both_end(store, make, claim):
    claim("run-2")
    store.put_host_states([HostState(name=A, not_before=make.at(minutes=9), rest_reason="503")])
    refused = claim()
    assert (refused.ready_at, refused.state.rest_reason) == (make.at(minutes=9), "503")


def test_claiming_again_prolongs_and_never_shortens(store, make, claim):
    claim(minutes=5)
    assert claim(minutes=2).granted
    assert store.host(A, now=make.NOW).lease_until == make.at(minutes=5)
    assert claim(minutes=9).granted
    assert store.host(A, now=make.NOW).lease_until == make.at(minutes=9)


def test_claiming_a_leased_host_gives_none_of_its_documents_out_twice(store, make, fill, claim):
    fill(A)
    assert len(store.lease(make.request())) == 1
    assert claim().granted
    assert store.renew("run-1", until=make.at(minutes=5)) == 1
    assert store.lease(make.request()) == []


def test_a_resting_host_is_refused_even_to_its_holder(store, make, claim, learned):
    claim()
    store.put_host_states([learned])
    answer = claim()
    assert (answer.granted, answer.state, answer.ready_at) == (False, learned, make.at(minutes=2))
    assert store.host(A, now=make.NOW).lease_token == "run-1"
    assert claim(now=make.at(minutes=2)).granted


def test_a_paused_host_is_refused_without_a_moment(store, make, claim, learned):
    store.put_host_states([learned])
    store.pause_host(A, now=make.NOW, reason="")
    answer = claim()
    assert (answer.granted, answer.paused, answer.ready_at, answer.state) == (False, True, None, learned)


def test_claims_are_renewed_and_given_back_like_leases(store, make, fill, claim):
    fill(A)
    claim()
    assert store.renew("run-1", until=make.at(minutes=20)) == 0
    assert not claim("run-2", now=make.at(minutes=19)).granted
    assert store.release("run-1", not_before={A: make.at(minutes=1)}, hosts=[A]) == 0
    assert claim("run-2", now=make.at(minutes=1)).granted
    assert store.reclaim(["run-2"], not_before=make.at(minutes=3)) == 0
    assert claim("run-3").ready_at == make.at(minutes=3)


def test_an_expired_lease_does_not_keep_its_documents_from_the_claimer(store, make, fill, claim):
    fill(A)
    store.lease(make.request("run-2", minutes=1))
    later = make.at(minutes=1)
    assert claim(now=later).granted
    assert store.renew("run-2", until=make.at(minutes=9)) == 0
    assert given(store.lease(make.request(now=later))) == [A]


# -- probes ----------------------------------------------------------------------------------------------------------


def test_a_probe_comes_back_and_a_later_one_takes_its_place(store, make, fill, probe):
    fill(A, B)
    store.put_probe(A, probe)
    assert store.probes([A, B, "unknown.example"]) == {A: probe}
    later = replace(probe, probed_at=make.at(days=7), status=404, fingerprint=())
    store.put_probe(A, later)
    assert store.probes([A]) == {A: later}
    assert store.probes([]) == {}


def test_a_probe_of_an_unknown_host_makes_it(store, make, probe):
    store.put_probe(A, probe)
    assert store.host(A, now=make.NOW) == Host(state=HostState(name=A), probe=probe)


# -- archiving -------------------------------------------------------------------------------------------------------


def test_archiving_writes_what_was_learned_about_hosts(store, make, fill, learned):
    fill(A)
    (document,) = store.lease(make.request())
    elsewhere = HostState(name="cdn.example", failures=1)
    store.archive([make.result(document, "story", hosts=(learned, elsewhere))], decide=make.decide, now=make.NOW)
    assert store.host_states([A, "cdn.example"]) == {A: learned, "cdn.example": elsewhere}


def test_hosts_of_an_item_that_cannot_be_stored_are_written_all_the_same(store, make, fill, learned):
    fill(A)
    (document,) = store.lease(make.request())
    nowhere = make.result(replace(document, id=10**6), "story", hosts=(learned,))
    pageless = make.result(document, "story", captures=(), hosts=(HostState(name=B, failures=2),))
    answers = store.archive([nowhere, pageless], decide=make.decide, now=make.NOW)
    assert [bool(one.error) for one in answers] == [True, True]
    assert store.host_states([A, B]) == {A: learned, B: HostState(name=B, failures=2)}
    assert store.status(now=make.NOW).attempts == 0


def test_hosts_of_a_repeated_attempt_are_not_written_again(store, make, fill, learned):
    fill(A)
    (document,) = store.lease(make.request())
    result = make.result(document, "story", hosts=(learned,))
    store.archive([result], decide=make.decide, now=make.NOW)
    store.allow_host(A, now=make.NOW)
    (again,) = store.archive([result], decide=make.decide, now=make.NOW)
    assert again.repeated
    assert store.host_states([A])[A].not_before is None


def test_of_several_results_on_one_host_the_last_says_where_it_stands(store, make, fill, learned):
    fill(A)
    (document,) = store.lease(make.request())
    well = HostState(name=A, last_outcome=Outcome.FETCHED, last_success_at=make.NOW)
    results = [make.result(document, "one", hosts=(learned,)), make.result(document, "two", hosts=(well,))]
    store.archive(results, decide=make.decide, now=make.NOW)
    kept = {"not_before": learned.not_before, "rest_reason": learned.rest_reason}
    assert store.host_states([A]) == {A: replace(well, **kept)}
