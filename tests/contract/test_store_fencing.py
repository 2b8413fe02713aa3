"""Fencing: who holds what, and what is refused of a run that lost its hosts without knowing it."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import open_store
from storage.types import BackfillState, HostState, Outcome, utc_now

HOST = "harbour-post.example"
OTHER = "evening-tide.example"
STORY = "ferry aground near lind twelve people brought ashore by the coast guard"


@pytest.fixture
def taken_over(store, make, sources):
    """Documents of a host that one run leased, lost and never gave back; another run has the first of them."""
    documents = sources("/a", "/b")
    assert len(store.lease(make.request("paused", minutes=1))) == 2
    (one,) = store.lease(make.request("successor", now=make.at(minutes=2), per_host=1))
    assert one.id == documents[0].id
    return documents


def under(lease, result, **fields):
    return replace(result, lease=lease, attempt=replace(result.attempt, run_token=lease), **fields)


# -- who holds what --------------------------------------------------------------------------------------------------


def test_a_run_is_told_which_hosts_it_holds(store, make, sources):
    sources("/a")
    sources("/b", host=OTHER)
    store.lease(make.request("one", max_hosts=1))
    store.claim_host("guest.example", token="one", now=make.NOW, until=make.at(minutes=5))
    store.lease(make.request("two"))
    assert store.held_hosts("one") == {HOST, "guest.example"}
    assert store.held_hosts("two") == {OTHER}
    assert store.held_hosts("three") == frozenset()
    store.release("one", not_before={}, hosts=[HOST])
    assert store.held_hosts("one") == {"guest.example"}


def test_holding_on_prolongs_one_host(store, make, sources):
    sources("/a")
    sources("/b", host=OTHER)
    store.lease(make.request("one", minutes=1))
    assert store.hold_host("one", HOST, until=make.at(minutes=9))
    assert {host.name: host.lease_until for host in store.hosts(now=make.NOW)} == {
        HOST: make.at(minutes=9),
        OTHER: make.at(minutes=1),
    }


def test_an_expired_lease_that_nobody_took_is_held_still(store, make, sources):
    sources("/a")
    store.lease(make.request("one", minutes=1))
    assert store.held_hosts("one") == {HOST}
    assert store.hold_host("one", HOST, until=make.at(minutes=90))
    assert not store.lease(make.request("two", now=make.at(minutes=60)))


@pytest.mark.parametrize("how", ["taken", "claimed", "reclaimed", "released"])
def test_what_is_lost_cannot_be_held_on_to(store, make, sources, how):
    sources("/a")
    store.lease(make.request("one", minutes=1))
    if how == "taken":
        assert store.lease(make.request("two", now=make.at(minutes=2)))
    elif how == "claimed":
        assert store.claim_host(HOST, token="two", now=make.at(minutes=2), until=make.at(minutes=5)).granted
    elif how == "reclaimed":
        store.reclaim(["one"], not_before=make.NOW)
    else:
        store.release("one", not_before={})
    before = store.host(HOST, now=make.NOW)
    assert not store.hold_host("one", HOST, until=make.at(days=1))
    assert store.renew("one", until=make.at(days=1)) == 0
    assert store.host(HOST, now=make.NOW) == before
    assert store.held_hosts("one") == frozenset()
    assert not store.hold_host("one", "unknown.example", until=make.at(days=1))


# -- what comes too late ---------------------------------------------------------------------------------------------


def test_a_result_under_a_lost_lease_leaves_no_trace_and_the_others_of_its_batch_are_stored(
    store, make, sources, archive, taken_over
):
    first, second = taken_over
    (free,) = sources("/c", host=OTHER)
    before = store.status(now=make.NOW)
    late = under(
        "paused", make.result(first, STORY), hosts=(HostState(name=HOST, crawl_delay_s=77), HostState(name="x.example"))
    )
    nobodys = under("paused", make.failure(second))
    good, mine = make.result(free, STORY), under("successor", make.failure(first, Outcome.GONE))
    answers = archive(late, good, nobodys, mine)
    assert [one.stale for one in answers] == [True, False, True, False]
    assert [one.attempt_id is not None for one in answers] == [False, True, False, True]
    assert not any(one.error or one.repeated for one in answers)
    assert answers[1].article_id is not None
    after = store.status(now=make.NOW)
    assert (after.attempts, after.captures, after.versions) == (2, 1, 1)
    assert before.attempts == 0
    assert store.document(first.canonical_url).last_outcome is Outcome.GONE
    assert store.document(second.canonical_url) == second
    assert store.host_states([HOST])[HOST].crawl_delay_s is None
    assert not store.host_states(["x.example"])
    counted = list(store.host_days(since=make.NOW.date(), until=make.NOW.date()))
    assert sum(day.attempts for day in counted) == 2


def test_a_late_result_does_not_end_the_lease_of_its_successor(store, make, archive, taken_over):
    first, _ = taken_over
    archive(under("paused", make.failure(first)))
    assert [one.stale for one in archive(under("successor", make.failure(first)))] == [False]


def test_a_lease_ends_with_the_first_result_under_it(store, make, sources, archive):
    (document,) = sources("/a")
    store.lease(make.request("one"))
    results = [under("one", make.failure(document)) for _ in range(2)]
    assert [one.stale for one in archive(*results)] == [False, True]
    assert [one.stale for one in archive(under("one", make.failure(document)))] == [True]


def test_an_expired_lease_that_nobody_took_is_good_enough(store, make, sources, archive):
    (document,) = sources("/a")
    store.lease(make.request("one", minutes=1))
    (answer,) = archive(under("one", make.failure(document)), now=make.at(minutes=60))
    assert not answer.stale


def test_what_was_stored_before_is_repeated_whoever_holds_its_document(store, make, sources, archive):
    (document,) = sources("/a")
    store.lease(make.request("one"))
    result = under("one", make.failure(document))
    archive(result)
    (answer,) = archive(result)
    assert (answer.repeated, answer.stale) == (True, False)


def test_without_a_lease_nobody_is_asked(store, make, archive, taken_over):
    first, _ = taken_over
    (answer,) = archive(make.failure(first, run_token="paused"))
    assert not answer.stale
    assert store.held_hosts("successor") == {HOST}


def test_what_rests_on_a_record_of_a_late_result_is_late_too(store, make, sources, archive, taken_over):
    first, _ = taken_over
    (free,) = sources("/c", host=OTHER)
    page = make.capture(first, "the same bytes")
    late = under("paused", make.result(first, STORY, captures=(page,)))
    revisit = make.capture(free, "the same bytes", revisit_of=page.location.record_id)
    answers = archive(late, make.result(free, STORY, captures=(revisit,)))
    assert [one.stale for one in answers] == [True, True]
    assert store.status(now=make.NOW).captures == 0


def test_a_document_that_does_not_exist_is_no_late_one(store, make, sources, archive):
    (document,) = sources("/a")
    (answer,) = archive(under("one", make.failure(replace(document, id=999))))
    assert (answer.stale, bool(answer.error)) == (False, True)


def test_an_attempt_at_an_archive_is_held_by_its_backfill(store, make, sources, archive):
    first, second = sources("/a", "/b")
    for document in (first, second):
        archive(make.failure(document, Outcome.GONE))
    assert store.queue_backfills(make.RULES, now=make.at(minutes=-60)) == 2
    assert len(store.lease_backfills(make.backfill("paused", minutes=1))) == 2
    (task,) = store.lease_backfills(make.backfill("successor", now=make.at(minutes=2), limit=1))
    assert task.document.id == first.id
    late = under("paused", make.from_archive(first, STORY, search=make.search(first)))
    held = under("paused", make.from_archive(second, STORY, search=make.search(second)))
    assert [one.stale for one in archive(late, held)] == [True, False]
    assert store.history(first.canonical_url).searches == ()
    again = under("paused", make.from_archive(second, STORY, captured_at=make.at(days=-3)))
    assert [one.stale for one in archive(again)] == [False]  # one lease, any number of copies
    store.end_backfill(second.id, token="paused", state=BackfillState.RESCUED, next_at=None, now=make.NOW)
    more = under("paused", make.from_archive(second, STORY, captured_at=make.at(days=-9)))
    assert [one.stale for one in archive(more)] == [True]


def test_where_a_search_stands_is_written_by_whoever_holds_the_backfill(store, make, sources, archive):
    first, second = sources("/a", "/b")
    for document in (first, second):
        archive(make.failure(document, Outcome.GONE))
    store.queue_backfills(make.RULES, now=make.at(minutes=-60))
    store.lease_backfills(make.backfill("paused", minutes=1))
    store.lease_backfills(make.backfill("successor", now=make.at(minutes=2), limit=1))
    found, late = make.search(first, detail="of the successor"), make.search(first, detail="too late")
    assert store.put_search(found, lease="successor")
    assert not store.put_search(late, lease="paused")
    assert store.put_search(make.search(second), lease="paused")
    assert store.searches([first.id, second.id]) == {first.id: (found,), second.id: (make.search(second),)}
    store.end_backfill(second.id, token="paused", state=BackfillState.RESCUED, next_at=None, now=make.NOW)
    assert not store.put_search(make.search(second, detail="after the end"), lease="paused")
    assert store.put_search(late)


def test_a_lease_for_the_live_web_is_none_for_archives(store, make, sources, archive):
    (document,) = sources("/a")
    store.lease(make.request("one"))
    assert [one.stale for one in archive(under("one", make.from_archive(document, STORY)))] == [True]
    assert [one.stale for one in archive(under("one", make.failure(document)))] == [False]


def test_a_late_result_is_no_check_of_its_page(store, make, archive, sources):
    seen, taken, known = (*sources("/a", "/b"), *sources("/c", host=OTHER))
    archive(*(make.result(one, STORY, attempt_fields={"next_fetch_at": make.NOW}) for one in (seen, taken, known)))
    assert len(store.lease(make.request("paused", minutes=1))) == 3
    store.release("paused", not_before={}, hosts=[HOST])
    late = under("paused", make.result(taken, STORY))
    answers = archive(late, under("paused", make.result(known, STORY)))
    assert [one.stale for one in answers] == [True, False]
    assert store.document(taken.canonical_url).checks == 0
    assert store.document(known.canonical_url).checks == 1


def test_nobody_takes_a_host_between_the_look_and_the_commit(database, make):
    """The other run asks while an earlier result of the batch is being stored."""
    with open_store(database) as store, open_store(database) as other:
        store.put_loose([make.loose("/a"), make.loose("/b", OTHER)], now=make.NOW)
        first, second = store.lease(make.request("one", minutes=1))
        taken, later = [], make.at(minutes=2)
        request = make.request("two", now=later, host=second.host)
        taking = threading.Thread(target=lambda: taken.extend(other.lease(request)))

        def decide(article, candidates):
            taking.start()
            taking.join(0.5)
            assert taking.is_alive(), "it took a host while a result of it was being stored"
            return make.decide(article, candidates)

        results = [under("one", make.result(first, STORY)), under("one", make.failure(second))]
        answers = store.archive(results, decide=decide, now=later)
        taking.join()
        assert [(one.stale, one.error) for one in answers] == [(False, ""), (False, "")]
        assert taken == []
        assert store.document(second.canonical_url).attempts == 1


# -- one clock -------------------------------------------------------------------------------------------------------


def test_the_stores_clock_says_what_time_it_is(store):
    before = utc_now()
    said = store.clock()
    assert said.utcoffset() == timedelta(0)
    assert before - timedelta(seconds=1) <= said <= utc_now() + timedelta(seconds=1)
