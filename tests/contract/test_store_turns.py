"""Changing one host's state whatever others do: how many processes share one archive."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import open_store
from storage.types import HostState, Outcome

NAME = "lantern.example"


@pytest.fixture
def take(store, make):
    """Takes the next turn of a pool, five seconds after the one before."""

    def run(pool="index", name=NAME):
        def turn(state):
            moment = state.booked[pool] + timedelta(seconds=5) if pool in state.booked else make.NOW
            return replace(state, booked={**state.booked, pool: moment})

        return store.change_host(name, turn)

    return run


def test_an_unknown_host_is_made(store, make, take):
    assert take().booked == {"index": make.NOW}
    assert store.host_states([NAME]) == {NAME: HostState(name=NAME, booked={"index": make.NOW})}


def test_each_change_sees_the_one_before(store, make, take):
    for _ in range(3):
        take()
    take("replay")
    booked = {"index": make.at(seconds=10), "replay": make.NOW}
    assert store.host(NAME, now=make.NOW).state == HostState(name=NAME, booked=booked)


def test_everything_of_a_state_can_be_changed_but_its_name(store, make):
    told = HostState(
        name="another.example",
        not_before=make.at(minutes=1, microseconds=7),
        rest_reason="429",
        crawl_delay_s=1.5,
        cool_down_s=60.0,
        failures=2,
        last_outcome=Outcome.RATE_LIMITED,
        last_attempt_at=make.NOW,
        last_success_at=make.at(days=-1),
        booked={"index": make.at(microseconds=3)},
    )
    assert store.change_host(NAME, lambda _: told) == replace(told, name=NAME)
    assert store.host_states([NAME, "another.example"]) == {NAME: replace(told, name=NAME)}


def test_a_rest_can_be_made_shorter(store, make):
    store.put_host_states([HostState(name=NAME, not_before=make.at(hours=1), rest_reason="429")])
    store.change_host(NAME, lambda state: replace(state, not_before=None, rest_reason=""))
    assert store.host_states([NAME])[NAME].not_before is None


def test_writing_states_leaves_turns_as_they_are(store, make, sources, take):
    (document,) = sources("/a")
    take()
    fresh = HostState(name=NAME, failures=3, booked={"index": make.at(days=9), "other": make.NOW})
    store.put_host_states([fresh])
    kept = replace(fresh, booked={"index": make.NOW})
    assert store.host_states([NAME]) == {NAME: kept}
    result = replace(make.failure(document), hosts=(replace(fresh, failures=4, booked={}),))
    store.archive([result], decide=make.decide, now=make.NOW)
    assert store.allow_host(NAME, now=make.NOW).state == replace(kept, failures=0)


def test_a_state_that_makes_a_host_books_no_turn(store, make):
    store.put_host_states([HostState(name=NAME, booked={"index": make.NOW})])
    assert store.host_states([NAME]) == {NAME: HostState(name=NAME)}


def test_a_lease_plays_no_part(store, make, sources, take):
    (document,) = sources("/a")
    store.lease(make.request())
    store.pause_host(document.host, now=make.NOW, reason="asked to")
    take(name=document.host)
    host = store.host(document.host, now=make.NOW)
    assert (host.lease_token, host.pause_reason, host.state.booked) == ("run-1", "asked to", {"index": make.NOW})


def test_a_change_that_breaks_changes_nothing(store, take):
    before = take()
    with pytest.raises(ZeroDivisionError):
        store.change_host(NAME, lambda _: 1 // 0)
    assert store.host_states([NAME]) == {NAME: before}


def test_a_turn_does_not_wait_for_a_batch_on_postgresql(postgres_url, make):
    with open_store(postgres_url) as writer, open_store(postgres_url) as store:
        store.change_host(NAME, lambda state: state)
        with writer._write():
            changed = store.change_host(NAME, lambda state: replace(state, failures=7))
        assert store.host_states([NAME]) == {NAME: changed}
