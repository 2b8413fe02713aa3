"""Which hosts could be worked on: for whoever hands hosts to others and takes none."""

from dataclasses import replace

import pytest

from storage.types import BackfillState, HostState, Outcome, Selection, Takedown, TakedownKind


@pytest.fixture
def ready(store, make):
    """The first letters of the hosts that are ready."""

    def run(**fields):
        return "".join(name[0] for name in store.ready_hosts(make.request(**fields)))

    return run


# -- ready for the live web ------------------------------------------------------------------------------------------


def test_hosts_are_ready_that_a_lease_would_give_the_longest_waiting_first(store, make, fill, ready):
    fill(("a", "/1", 10), ("b", "/2", 30), ("a", "/3", 20), ("c", "/4", -10), ("d", "/5", 5))
    assert ready() == "bad"
    assert ready(max_hosts=2) == "ba"
    assert ready(host="a.example") == "a"
    assert not store.host("b.example", now=make.NOW).lease_token


def test_hosts_that_are_held_rest_or_are_paused_are_not_ready(store, make, fill, ready):
    fill(("a", "/1", 10), ("b", "/1", 10), ("c", "/1", 10), ("d", "/1", 10), ("e", "/1", 10))
    assert len(store.lease(make.request(host="a.example"))) == 1
    store.put_host_states([HostState(name="b.example", not_before=make.at(minutes=1), rest_reason="429")])
    store.pause_host("c.example", now=make.NOW, reason="asked to")
    unwanted = {"kind": TakedownKind.HOST, "subject": "d.example", "reason": "asked to", "who": "ann"}
    store.take_down(Takedown(**unwanted, made_at=make.NOW), document_ids=[])
    assert ready(run="run-1") == "e", "who asks holds nothing, whatever its token"
    assert sorted(ready(now=make.at(minutes=6))) == ["a", "b", "e"], "a lease runs out, a rest is over"


def test_a_host_to_avoid_is_not_ready(store, make, fill):
    fill(("a", "/1", 10), ("b", "/1", 10))
    assert store.ready_hosts(replace(make.request(), avoid=frozenset({"a.example"}))) == ["b.example"]


def test_a_host_that_was_just_asked_waits_behind_the_others(store, make, fill, ready):
    fill(("a", "/1", 60), ("a", "/2", 60), ("b", "/1", 10))
    assert ready() == "ab"
    store.put_host_states([HostState(name="a.example", last_attempt_at=make.at(minutes=-1))])
    assert ready() == "ba"


def test_a_named_outcome_or_event_narrows_what_is_ready(store, make, fill, ready):
    fill(("a", "/1", 60), ("b", "/1", 30), ("c", "/1", 10))
    for host in "bc":
        document = store.document(make.identity("/1", f"{host}.example").canonical_url)
        failed = make.failure(document, Outcome.TIMEOUT, next_fetch_at=make.at(minutes=-5))
        assert not store.archive([failed], decide=make.decide, now=make.NOW)[0].error
    assert ready(outcome=Outcome.TIMEOUT) == "bc"
    key = make.entry().key
    store.put_events(
        [make.entry(sources=[make.link(1, "/1", "a.example"), make.link(2, "/9", "z.example")])],
        match=make.no_match,
        now=make.NOW,
    )
    assert ready(event_key=key, due_only=False) == "az"
    assert ready(event_key=key, due_only=False, skip_before=make.NOW) == "az"


# -- due -------------------------------------------------------------------------------------------------------------


def test_due_documents_are_counted_by_host_leased_or_not(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", 30), ("a", "/3", 20), ("c", "/4", -10))
    store.lease(make.request())
    counted = store.due_hosts(Selection(), now=make.NOW)
    assert list(counted.items()) == [("b.example", 1), ("a.example", 2)]
    assert store.due_hosts(Selection(host="a.example"), now=make.NOW) == {"a.example": 2}
    assert list(store.due_hosts(Selection(due_only=False), now=make.NOW)) == ["b.example", "a.example", "c.example"]
    assert store.due_hosts(Selection(host="nowhere.example"), now=make.NOW) == {}


# -- wanted from archives --------------------------------------------------------------------------------------------


def test_hosts_of_what_archives_are_to_be_asked_for(store, make, sources):
    for host in ("a.example", "b.example"):
        for document in sources("/1", "/2", host=host):
            assert not store.archive([make.failure(document, Outcome.GONE)], decide=make.decide, now=make.NOW)[0].error
    store.queue_backfills(make.RULES, now=make.at(minutes=-10))
    assert store.backfill_hosts(make.backfill()) == {"a.example": 2, "b.example": 2}
    assert store.backfill_hosts(make.backfill(limit=3)) == {"a.example": 2, "b.example": 1}
    taken = store.lease_backfills(make.backfill("early", limit=2))
    assert store.backfill_hosts(make.backfill()) == {"b.example": 2}
    later = make.at(hours=1)
    for one in taken:
        store.end_backfill(one.document.id, token="early", state=BackfillState.WAITING, next_at=later, now=make.NOW)
    assert store.backfill_hosts(make.backfill()) == {"b.example": 2}
    assert store.backfill_hosts(make.backfill(host="a.example")) == {}
    assert store.backfill_hosts(make.backfill(now=make.at(hours=2))) == {"b.example": 2, "a.example": 2}
