"""The frontier: what is due, who holds what, and what runs leave behind."""

from dataclasses import replace

from storage.types import Outcome, Selection

RUN = "run-1"
URL = "https://{}.example{}".format


def names(documents):
    return [one.canonical_url.removeprefix("https://") for one in documents]


# -- due -------------------------------------------------------------------------------------------------------------


def test_loose_sources_are_due_at_once_and_counted_once(store, make):
    assert store.put_loose([make.loose("/a"), make.loose("/a"), make.loose("/b")], now=make.NOW) == 2
    assert store.put_loose([make.loose("/a")], now=make.at(days=1)) == 0
    assert [one.next_fetch_at for one in store.due(Selection(), now=make.NOW)] == [make.NOW, make.NOW]


def test_due_documents_come_by_waiting_time(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", 30), ("a", "/3", 20), ("c", "/4", -10))
    assert names(store.due(Selection(), now=make.NOW)) == ["b.example/2", "a.example/3", "a.example/1"]
    assert names(store.due(Selection(), now=make.NOW, limit=1)) == ["b.example/2"]
    assert names(store.due(Selection(host="a.example"), now=make.NOW)) == ["a.example/3", "a.example/1"]
    assert len(list(store.due(Selection(due_only=False), now=make.NOW))) == 4


def test_an_ensured_document_is_not_due(store, make, fill):
    document = store.ensure_document(make.identity("/saved"), now=make.NOW)
    assert document.next_fetch_at is None
    assert store.ensure_document(make.identity("/saved"), now=make.at(days=1)) == document
    fill(("a", "/1", 10))
    assert names(store.due(Selection(), now=make.NOW)) == ["a.example/1"]
    assert names(store.due(Selection(due_only=False), now=make.NOW)) == ["a.example/1", "harbour-post.example/saved"]
    assert store.find_document("https://nowhere.example/") is None


def test_a_selection_narrows_by_event_outcome_and_url(store, make):
    store.put_events([make.entry(sources=make.links("/a", "/b"))], match=make.no_match, now=make.NOW)
    store.put_events([make.entry(sources=make.links("/b", "/c"))], match=make.no_match, now=make.NOW)
    store.put_loose([make.loose("/d")], now=make.NOW)
    of_event = Selection(event_key=make.entry().key)
    assert [name[-2:] for name in names(store.due(of_event, now=make.NOW))] == ["/b", "/c"]
    document = store.document(make.identity("/c").canonical_url)
    store.archive([make.failure(document, next_fetch_at=make.NOW)], decide=make.decide, now=make.NOW)
    assert names(store.due(replace(of_event, outcome=Outcome.TIMEOUT), now=make.NOW)) == ["harbour-post.example/c"]
    by_url = Selection(canonical_url=make.identity("/d").canonical_url)
    assert names(store.due(by_url, now=make.NOW)) == ["harbour-post.example/d"]
    assert not list(store.due(Selection(event_key="2006/07/5/unknown"), now=make.NOW))
    assert not list(store.due(Selection(host="unknown.example"), now=make.NOW))


def test_due_streams_over_many_pages_while_others_write(store, make):
    store.put_loose([make.loose(f"/{number}") for number in range(1203)], now=make.NOW)
    seen = set()
    for document in store.due(Selection(), now=make.NOW):
        if len(seen) == 700:
            store.archive([make.failure(document)], decide=make.decide, now=make.NOW)
        seen.add(document.id)
    assert len(seen) == 1203


def test_reschedule_ignores_whether_documents_are_due(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", -60))
    assert store.reschedule(Selection(), next_fetch_at=None) == 2
    assert not store.lease(make.request())
    assert store.reschedule(Selection(host="b.example"), next_fetch_at=make.at(minutes=-1)) == 1
    assert names(store.lease(make.request())) == ["b.example/2"]


# -- lease -----------------------------------------------------------------------------------------------------------


def test_hosts_that_wait_longest_come_first(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", 30), ("c", "/3", 20), ("b", "/4", 40), ("d", "/5", -5))
    assert names(store.lease(make.request(max_hosts=2))) == ["b.example/4", "b.example/2", "c.example/3"]
    assert names(store.lease(make.request("run-2"))) == ["a.example/1"]


def test_a_call_is_bounded_in_hosts_and_documents(store, make, fill):
    fill(*((host, f"/{number}", 1) for host in "abc" for number in range(5)))
    first = store.lease(make.request(max_hosts=2, per_host=3))
    assert sorted(names(first)) == [f"{host}.example/{number}" for host in "ab" for number in range(3)]
    assert not store.lease(make.request(max_hosts=0))


def test_a_host_belongs_to_one_token_at_a_time(store, make, fill):
    fill(("a", "/1", 10), ("a", "/2", 10))
    assert len(store.lease(make.request(per_host=1))) == 1
    assert not store.lease(make.request("run-2"))
    (host,) = store.hosts(now=make.NOW)
    assert (host.lease_token, host.lease_until, host.documents, host.due) == ("run-1", make.at(minutes=5), 2, 2)


def test_a_token_gets_more_of_its_hosts_but_nothing_twice(store, make, fill):
    fill(*(("a", f"/{number}", 1) for number in range(5)), ("b", "/late", 0))
    taken = []
    for _ in range(4):
        taken += store.lease(make.request(max_hosts=1, per_host=2))
    assert sorted(names(taken)) == [*(f"a.example/{number}" for number in range(5)), "b.example/late"]
    assert not store.lease(make.request())
    assert store.status(now=make.NOW).leased == 6


def test_new_hosts_are_those_that_the_token_does_not_hold(store, make, fill):
    fill(("a", "/1", 30), ("a", "/2", 30), ("b", "/3", 10))
    assert len(store.lease(make.request(max_hosts=1, per_host=1))) == 1
    request = replace(make.request(), new_hosts=True)
    assert names(store.lease(request)) == ["b.example/3"]
    assert store.lease(request) == []
    assert names(store.lease(replace(request, new_hosts=False))) == ["a.example/2"]


def test_an_expired_lease_is_free_for_all(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", 10))
    store.lease(make.request(minutes=5))
    later = make.at(minutes=5)
    assert store.status(now=later).leased == 0
    assert len(store.lease(make.request("run-2", now=later))) == 2
    assert store.renew("run-1", until=make.at(minutes=30)) == 0
    assert store.release("run-1", not_before={}) == 0
    assert not store.lease(make.request("run-3", now=later))


def test_a_token_whose_own_lease_expired_starts_anew(store, make, fill):
    fill(("a", "/1", 10), ("a", "/2", 10))
    store.lease(make.request(per_host=1))
    assert len(store.lease(make.request(now=make.at(minutes=6)))) == 2


def test_renewed_leases_last_longer(store, make, fill):
    fill(("a", "/1", 10), ("a", "/2", 10))
    store.lease(make.request(minutes=5))
    assert store.renew("run-1", until=make.at(minutes=20)) == 2
    assert not store.lease(make.request("run-2", now=make.at(minutes=19)))
    assert store.lease(make.request("run-2", now=make.at(minutes=20)))


def test_release_gives_back_documents_and_lets_hosts_rest(store, make, fill):
    fill(("a", "/1", 10), ("a", "/2", 10), ("b", "/3", 5))
    store.lease(make.request())
    assert store.release("run-1", not_before={"a.example": make.at(minutes=1)}, hosts=["a.example", "no.example"]) == 2
    assert not store.lease(make.request("run-2"))
    assert len(store.lease(make.request("run-2", now=make.at(minutes=1)))) == 2
    assert store.release("run-1", not_before={}) == 1
    assert names(store.lease(make.request("run-3"))) == ["b.example/3"]


def test_a_longer_rest_stands(store, make, fill):
    fill(("a", "/1", 10))
    store.release("run-1", not_before={"a.example": make.at(hours=1)})
    store.release("run-1", not_before={"a.example": make.at(minutes=1), "unknown.example": make.NOW})
    assert [one.state.not_before for one in store.hosts(now=make.NOW)] == [make.at(hours=1)]


def test_what_dead_runs_hold_is_taken_back(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", 9), ("c", "/3", 8))
    store.lease(make.request("dead-1", max_hosts=1))
    store.lease(make.request("dead-2", max_hosts=1))
    store.lease(make.request("alive", max_hosts=1))
    assert store.reclaim(["dead-1", "dead-2", "unknown"], not_before=make.at(seconds=10)) == 2
    assert not store.lease(make.request("next"))
    assert len(store.lease(make.request("next", now=make.at(seconds=10)))) == 2
    assert store.reclaim([], not_before=make.NOW) == 0


def test_storing_a_result_ends_the_lease_of_its_document(store, make, fill):
    fill(("a", "/1", 10), ("a", "/2", 10))
    one, two = store.lease(make.request())
    mine = make.result(one, attempt_fields={"run_token": "run-1"})
    other = make.result(two, attempt_fields={"run_token": "run-2", "next_fetch_at": make.NOW})
    store.archive([mine, other], decide=make.decide, now=make.NOW)
    assert store.renew("run-1", until=make.at(minutes=5)) == 1
    assert store.release("run-1", not_before={}) == 1
    assert names(store.lease(make.request("run-3"))) == ["a.example/2"]


def test_a_rescheduled_document_is_handed_out_when_its_time_comes(store, make, fill):
    fill(("a", "/1", 10))
    (document,) = store.lease(make.request())
    retry = make.failure(document, run_token=RUN, next_fetch_at=make.at(hours=1))
    store.archive([retry], decide=make.decide, now=make.NOW)
    store.release("run-1", not_before={})
    assert not store.lease(make.request(now=make.at(minutes=59)))
    (again,) = store.lease(make.request(now=make.at(hours=1)))
    assert (again.attempts, again.failures, again.last_outcome) == (1, 1, Outcome.TIMEOUT)


def test_a_narrowed_lease_takes_only_what_is_meant(store, make, fill):
    store.put_events([make.entry(sources=make.links("/a", "/b"))], match=make.no_match, now=make.NOW)
    fill(("harbour-post", "/c", 10), ("other", "/d", 10))
    meant = {"event_key": make.entry().key}
    assert names(store.lease(make.request(**meant))) == ["harbour-post.example/a", "harbour-post.example/b"]
    assert not store.lease(make.request(**meant))
    assert names(store.lease(make.request(host="other.example"))) == ["other.example/d"]
    assert not store.lease(make.request("run-2", **meant))
    assert len(store.lease(make.request("run-2", now=make.at(minutes=6), **meant))) == 2


def test_a_refetch_by_hand_asks_for_each_once(store, make, fill):
    store.ensure_document(make.identity("/never"), now=make.NOW)
    fill(("harbour-post", "/a", 10), ("b", "/future", -600))
    by_hand = {"due_only": False, "skip_before": make.NOW}
    taken = store.lease(make.request(**by_hand))
    assert len(taken) == 3
    assert names(taken)[:2] == ["harbour-post.example/a", "harbour-post.example/never"]
    store.archive([make.result(one) for one in taken[:2]], decide=make.decide, now=make.NOW)
    store.release("run-1", not_before={})
    assert names(store.lease(make.request(**by_hand))) == ["b.example/future"]


def test_next_ready_tells_when_a_resting_host_wakes(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", 10), ("c", "/3", 10), ("d", "/4", -60))
    assert store.next_ready(make.request()) is None
    rest = {f"{host}.example": make.at(minutes=minutes) for host, minutes in (("a", 3), ("b", 2), ("c", 1), ("d", 0.5))}
    store.release("x", not_before=rest)
    assert store.next_ready(make.request()) == make.at(minutes=1)
    assert store.next_ready(make.request(host="a.example")) == make.at(minutes=3)
    assert store.next_ready(make.request(canonical_url=URL("b", "/2"))) == make.at(minutes=2)
    assert store.next_ready(make.request(due_only=False)) == make.at(minutes=0.5)


def test_next_ready_passes_over_hosts_that_others_hold_or_that_are_all_out(store, make, fill):
    fill(("a", "/1", 10), ("b", "/2", 9))
    store.lease(make.request(max_hosts=1))
    store.lease(make.request("run-2", max_hosts=1))
    store.release("x", not_before={"a.example": make.at(minutes=1), "b.example": make.at(minutes=2)})
    assert store.next_ready(make.request()) is None
    assert store.next_ready(make.request(due_only=False)) is None
    assert store.next_ready(make.request("run-3", now=make.at(seconds=30))) is None
    fill(("a", "/more", 1))
    assert store.next_ready(make.request()) == make.at(minutes=1)


def test_hosts_are_listed_by_name(store, make, fill):
    fill(("b", "/1", 10), ("a", "/2", 10), ("a", "/3", -10), ("Z", "/4", 10))
    listed = [(one.name, one.documents, one.due) for one in store.hosts(now=make.NOW)]
    assert listed == [("Z.example", 1, 1), ("a.example", 2, 1), ("b.example", 1, 1)]
