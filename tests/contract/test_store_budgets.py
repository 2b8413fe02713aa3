"""How many documents of a host are given out on one day, and which of them first."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage.types import HostState, Outcome, Selection

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def fill(store, make):
    def documents(host, number):
        store.put_loose([make.loose(f"/{n}", host) for n in range(number)], now=make.NOW)
        return [store.document(make.identity(f"/{n}", host).canonical_url) for n in range(number)]

    return documents


@pytest.fixture
def ask(store, make):
    """Stores attempts that ended today, by nobody's run."""

    def attempts(documents, outcome=Outcome.TIMEOUT, **fields):
        given = {"next_fetch_at": make.NOW, **fields}
        results = [make.failure(one, outcome, **given) for one in documents]
        assert not any(one.error for one in store.archive(results, decide=make.decide, now=make.NOW))

    return attempts


@pytest.fixture
def lease(store, make):
    def leased(per_day=None, host_per_day=None, **fields):
        request = replace(make.request(**fields), per_day=per_day, host_per_day=host_per_day or {})
        return store.lease(request)

    return leased


def hosts_of(documents):
    return [document.host for document in documents]


def rest_of(store, host):
    state = store.host_states([host])[host]
    return state.not_before, state.rest_reason


# -- budgets -----------------------------------------------------------------------------------------------------


def test_no_more_is_given_out_than_is_left_of_the_day(store, fill, ask, lease):
    documents = fill("a.example", 9)
    ask(documents[:3])
    assert len(lease(per_day=5)) == 2
    assert lease(per_day=5) == []  # those that are out count too
    assert rest_of(store, "a.example") == (None, "")  # they may still come back unasked


def test_a_host_that_had_its_budget_rests_until_midnight(store, fill, ask, lease, make):
    ask(fill("a.example", 9)[:5])
    assert lease(per_day=5) == []
    assert rest_of(store, "a.example") == (MIDNIGHT, "budget")
    assert store.next_ready(replace(make.request(), per_day=5)) == MIDNIGHT
    assert len(lease(run="later", now=MIDNIGHT, per_day=5)) == 5


def test_only_attempts_of_the_live_web_and_of_today_count(store, fill, ask, lease, make):
    documents = fill("a.example", 9)
    ask(documents[:4], finished_at=make.at(days=-1))
    ask(documents[:4], archive="lantern", next_fetch_at=None)
    assert len(lease(per_day=5)) == 5


def test_attempts_of_several_outcomes_are_added_up(store, fill, ask, lease):
    documents = fill("a.example", 9)
    ask(documents[:2])
    ask(documents[2:4], Outcome.GONE)
    assert len(lease(per_day=5)) == 1


def test_a_host_may_have_a_budget_of_its_own(fill, ask, lease):
    for host in ("a.example", "b.example", "c.example"):
        ask(fill(host, 9)[:3])
    found = hosts_of(lease(per_day=5, host_per_day={"b.example": 4, "c.example": 0}))
    assert {host: found.count(host) for host in set(found)} == {"a.example": 2, "b.example": 1, "c.example": 9}


@pytest.mark.parametrize("per_day", [None, 0])
def test_without_a_bound_any_number_is_given_out(fill, ask, lease, per_day):
    ask(fill("a.example", 9)[:5])
    assert len(lease(per_day=per_day)) == 9


def test_a_single_bound_counts_where_all_others_have_none(fill, ask, lease):
    ask(fill("a.example", 9)[:5])
    assert len(lease(per_day=0, host_per_day={"a.example": 6})) == 1


def test_what_a_person_names_is_given_out_whatever_the_budget_says(store, fill, ask, lease, make):
    ask(fill("a.example", 9)[:5])
    assert lease(per_day=5) == []
    assert store.next_ready(make.request()) is None  # there is nothing to wait for
    assert len(lease(due_only=False)) == 9
    assert rest_of(store, "a.example") == (MIDNIGHT, "budget")


def test_no_host_starves_behind_hosts_that_had_their_budgets(store, fill, ask, lease, make):
    for number in range(500):
        ask(fill(f"used-up-{number:03}.example", 1))
    store.put_loose([make.loose("/a", "good.example")], now=make.NOW)
    assert hosts_of(lease(per_day=1, max_hosts=1)) == ["good.example"]
    assert rest_of(store, "used-up-499.example") == (MIDNIGHT, "budget")
    assert lease(run="other", per_day=1, max_hosts=1) == []


def test_a_budget_holds_for_narrowed_requests_too(store, fill, ask, lease):
    ask(fill("a.example", 9)[:4])
    ask(fill("b.example", 9)[:5])
    assert len(lease(per_day=5, host="a.example")) == 1
    assert lease(per_day=5, outcome=Outcome.TIMEOUT, host="b.example") == []
    assert rest_of(store, "b.example") == (MIDNIGHT, "budget")


def test_a_rest_that_the_host_asked_for_takes_the_place_of_one_for_its_budget(store, fill, make):
    fill("a.example", 1)
    store.put_host_states([HostState(name="a.example", not_before=MIDNIGHT, rest_reason="budget")])
    soon = HostState(name="a.example", not_before=make.at(minutes=5), rest_reason="interval")
    store.put_host_states([soon])
    assert rest_of(store, "a.example") == (MIDNIGHT, "budget")
    store.put_host_states([replace(soon, rest_reason="429, Retry-After 300 s")])
    assert rest_of(store, "a.example") == (make.at(minutes=5), "429, Retry-After 300 s")


def test_a_redirect_may_lead_to_a_host_that_had_its_budget(store, fill, make):
    fill("a.example", 1)
    store.put_host_states([HostState(name="a.example", not_before=MIDNIGHT, rest_reason="budget")])
    claim = store.claim_host("a.example", token="run-1", now=make.NOW, until=make.at(minutes=5))
    assert claim.granted
    assert claim.state.not_before is None


def test_allowing_a_host_ends_its_rest_until_it_is_counted_again(store, fill, ask, lease, make):
    ask(fill("a.example", 9)[:5])
    assert lease(per_day=5) == []
    store.allow_host("a.example", now=make.NOW)
    assert lease(per_day=5) == []
    store.allow_host("a.example", now=make.NOW)
    assert len(lease(per_day=8)) == 3


# -- order -------------------------------------------------------------------------------------------------------


def test_what_was_never_asked_for_comes_first_then_what_failed_then_what_is_asked_for_again(
    store, fill, ask, lease, make
):
    again, failed, other, new = fill("a.example", 4)
    ask([again], Outcome.NOT_MODIFIED, next_fetch_at=make.at(days=-9))
    ask([failed], next_fetch_at=make.at(days=-2))
    ask([other], next_fetch_at=make.at(days=-3))
    found = lease(per_host=3)
    assert [one.id for one in found] == [new.id, other.id, failed.id]
    assert [one.id for one in lease(per_host=3)] == [again.id]


def test_by_hand_they_come_in_the_order_of_their_moments(fill, ask, lease, make):
    first, second = fill("a.example", 2)
    ask([first], Outcome.NOT_MODIFIED, next_fetch_at=make.at(days=-9))
    assert [one.id for one in lease(due_only=False)] == [first.id, second.id]


# -- booking -----------------------------------------------------------------------------------------------------


def test_documents_are_booked_for_a_moment_each(store, fill, make, lease):
    first, second, third = fill("a.example", 3)
    (other,) = fill("b.example", 1)
    store.reschedule(Selection(due_only=False), next_fetch_at=None)
    moments = {first.id: make.at(days=1), second.id: make.at(days=2), other.id: make.at(hours=1)}
    assert store.book(moments) == 3
    booked = {one.id: one.next_fetch_at for one in store.due(Selection(), now=make.at(days=9))}
    assert booked == moments
    assert store.document(third.canonical_url).next_fetch_at is None
    assert hosts_of(lease(now=make.at(hours=2))) == ["b.example"]  # hosts know of it too
    assert [one.id for one in lease(run="run-2", now=make.at(days=1), host="a.example")] == [first.id]


def test_booking_touches_nothing_that_has_a_moment_or_does_not_exist(store, fill, make):
    (only,) = fill("a.example", 1)
    assert store.book({only.id: make.at(days=1), 999_999: make.at(days=1)}) == 0
    assert store.document(only.canonical_url).next_fetch_at == make.NOW
    assert store.book({}) == 0
