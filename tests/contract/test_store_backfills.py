"""Handing out documents to look for in archives: order, leases, names, and how a backfill ends."""

from datetime import date

import pytest

from storage.types import Access, Backfill, BackfillState, Outcome, Run, RunState, SearchState


@pytest.fixture
def queue(store, make, sources):
    """Queues documents of these paths, one after another, a minute apart."""

    def build(*paths, host="harbour-post.example"):
        documents = sources(*paths, host=host)
        for number, document in enumerate(documents):
            gone = make.failure(document, Outcome.GONE)
            assert not store.archive([gone], decide=make.decide, now=make.NOW)[0].error
            assert store.queue_backfills(make.RULES, now=make.at(minutes=number - 60)) == 1
        return documents

    return build


@pytest.fixture
def lease(store, make):
    """Leases, and tells the last two characters of each URL."""

    def run(*arguments, **fields):
        return [one.document.canonical_url[-2:] for one in store.lease_backfills(make.backfill(*arguments, **fields))]

    return run


# -- the queue -------------------------------------------------------------------------------------------------------


def test_the_longest_waiting_come_first_and_at_most_as_many_as_asked_for(store, make, queue, lease):
    first, second, *_ = queue("/a", "/b", "/c", "/d")
    store.lease_backfills(make.backfill("early", limit=2))
    for document, hours in ((first, -1), (second, -3)):
        moment = make.at(hours=hours)
        store.end_backfill(document.id, token="early", state=BackfillState.WAITING, next_at=moment, now=make.NOW)
    assert lease(limit=3) == ["/b", "/a", "/c"]
    assert lease(limit=3) == ["/d"]


def test_documents_of_one_moment_come_by_id(store, make, sources, lease):
    for document in sources("/a", "/b", "/c"):
        store.archive([make.failure(document, Outcome.GONE)], decide=make.decide, now=make.NOW)
    store.queue_backfills(make.RULES, now=make.NOW)
    assert lease(limit=2) + lease("run-2") == ["/a", "/b", "/c"]


def test_what_is_not_due_is_not_given(store, make, queue, lease):
    first, second = queue("/a", "/b")
    store.lease_backfills(make.backfill("early"))
    later, never = make.at(hours=1), None
    store.end_backfill(first.id, token="early", state=BackfillState.WAITING, next_at=later, now=make.NOW)
    store.end_backfill(second.id, token="early", state=BackfillState.MISSING, next_at=never, now=make.NOW)
    assert lease() == []
    assert lease(now=later) == ["/a"]


def test_a_task_says_all_that_is_known(store, make, queue):
    (document,) = queue("/a")
    entry = make.entry()
    store.put_events([entry], match=make.no_match, now=make.NOW)
    searches = [make.search(document), make.search(document, "beacon", SearchState.EXCLUDED)]
    for search in searches:
        store.put_search(search)
    (task,) = store.lease_backfills(make.backfill())
    assert task.document == store.document(document.canonical_url)
    assert task.searches == {"lantern": searches[0], "beacon": searches[1]}
    assert [(one.event_key, one.label) for one in task.citations] == [(entry.key, "Harbour Post")]
    wanted_at = make.at(hours=-1)
    assert task.backfill == Backfill(
        document_id=document.id, state=BackfillState.WANTED, reason="gone", wanted_at=wanted_at, next_at=wanted_at
    )


def test_the_queue_can_be_narrowed(store, make, queue, lease):
    queue("/a", "/b")
    queue("/c", host="lind-herald.example")
    store.put_events([make.entry(sources=make.links("/b"))], match=make.no_match, now=make.NOW)
    assert lease("run-1", host="lind-herald.example") == ["/c"]
    assert lease("run-2", event_key=make.entry().key) == ["/b"]
    assert lease("run-3", canonical_url=make.identity("/b").canonical_url) == []
    assert lease("run-3", canonical_url=make.identity("/a").canonical_url) == ["/a"]
    store.reclaim(["run-1", "run-2", "run-3"], not_before=make.NOW)
    assert lease(outcome=Outcome.TIMEOUT) == []
    assert sorted(lease(outcome=Outcome.GONE)) == ["/a", "/b", "/c"]


@pytest.mark.parametrize("due_only", [True, False])
@pytest.mark.parametrize("many", [1, 1000])
def test_days_of_the_citing_events_narrow_too(store, make, queue, lease, monkeypatch, due_only, many):
    monkeypatch.setattr("storage.sql.backfills._MANY", many)
    queue("/a", "/b", "/c", "/d")
    entries = [
        make.entry(f"e{day}", date(2006, 7, day), make.links(path)) for day, path in ((4, "/a"), (5, "/b"), (6, "/c"))
    ]
    store.put_events(entries, match=make.no_match, now=make.NOW)
    asked = {
        ("2006-07-05", ""): ["/b", "/c"],
        ("", "2006-07-05"): ["/a"],
        ("2006-07-05", "2006-07-06"): ["/b"],
        ("2006-07-07", ""): [],
    }
    for (since, before), paths in asked.items():
        assert store.count_backfills(make.backfill(since=since, before=before, due_only=due_only)) == len(paths)
        assert lease(since=since, before=before, due_only=due_only) == paths
        store.release("run-1", not_before={})
    store.put_events([make.entry("e5", date(2006, 7, 5), ())], match=make.no_match, now=make.NOW)
    assert lease(since="2006-07-05", before="2006-07-06", due_only=due_only) == []


def test_counting_takes_nothing_and_ignores_the_limit(store, make, queue, lease):
    queue("/a", "/b", "/c")
    assert store.count_backfills(make.backfill(limit=1)) == 3
    assert lease(limit=1) == ["/a"]
    assert store.count_backfills(make.backfill("run-2", limit=1)) == 2
    assert store.count_backfills(make.backfill(due_only=False, limit=1)) == 2


# -- by name ---------------------------------------------------------------------------------------------------------


def test_named_documents_are_given_queued_or_not_and_get_a_place(store, make, queue, sources, lease):
    queue("/a")
    (loose,) = sources("/b")
    sources("/c", host="lind-herald.example")
    assert lease(due_only=False, host="harbour-post.example") == ["/a", "/b"]
    asked = store.history(loose.canonical_url).backfill
    assert (asked.state, asked.reason, asked.wanted_at) == (BackfillState.WANTED, "requested", make.NOW)
    assert store.history(make.identity("/a").canonical_url).backfill.reason == "gone"
    assert store.status(now=make.NOW).backfills == {BackfillState.WANTED: 2}


def test_named_documents_are_given_although_they_are_not_due(store, make, queue, lease):
    (document,) = queue("/a")
    store.lease_backfills(make.backfill())
    store.end_backfill(document.id, token="run-1", state=BackfillState.MISSING, next_at=None, now=make.NOW)
    assert lease(due_only=False) == ["/a"]


def test_all_of_the_queue_that_is_missing_can_be_asked_for(store, make, queue, sources, lease):
    found, missing, _, _ = *queue("/a", "/b"), *sources("/c", "/d")
    store.lease_backfills(make.backfill("early"))
    later = make.at(days=180)
    store.end_backfill(found.id, token="early", state=BackfillState.RESCUED, next_at=None, now=make.NOW)
    store.end_backfill(missing.id, token="early", state=BackfillState.MISSING, next_at=later, now=make.NOW)
    assert store.count_backfills(make.backfill(due_only=False, queued=True)) == 1
    assert lease(due_only=False, queued=True) == ["/b"]


def test_those_without_a_moment_come_last(store, make, queue, sources, lease):
    sources("/a")
    ended, _ = queue("/b", "/c")
    store.lease_backfills(make.backfill(limit=1))
    store.end_backfill(ended.id, token="run-1", state=BackfillState.MISSING, next_at=None, now=make.NOW)
    assert lease(due_only=False) == ["/c", "/a", "/b"]


def test_a_run_gets_each_named_document_once(store, make, queue, lease):
    documents = queue("/a", "/b")
    begun, ended = make.at(hours=1), make.at(hours=2)
    named = {"due_only": False, "skip_after": begun, "limit": 1}
    for document, path in zip(documents, ("/a", "/b"), strict=True):
        assert lease(now=begun, **named) == [path]
        store.end_backfill(document.id, token="run-1", state=BackfillState.WAITING, next_at=begun, now=ended)
    assert lease(now=ended, **named) == []
    assert lease(now=ended, due_only=False, skip_after=make.at(hours=3)) == ["/a", "/b"]


def test_what_is_rescued_or_has_its_text_is_given_only_when_asked_for(store, make, queue, sources, lease):
    (rescued,) = queue("/a")
    full, teased = sources("/b", "/c")
    teaser = make.article("ferry aground", access=Access.TEASER)
    results = [make.result(full, "bicycles taxed again"), make.result(teased, outcome=Outcome.TEASER, article=teaser)]
    store.archive(results, decide=make.decide, now=make.NOW)
    store.lease_backfills(make.backfill())
    store.end_backfill(rescued.id, token="run-1", state=BackfillState.RESCUED, next_at=None, now=make.NOW)
    assert lease(due_only=False) == ["/c"]
    assert lease("run-2", due_only=False, rescued=True) == ["/a", "/b"]


# -- leases ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("due_only", [True, False])
def test_a_document_is_given_to_one_token_until_its_lease_expires(queue, make, lease, due_only):
    queue("/a")
    assert lease(due_only=due_only) == ["/a"]
    assert lease(due_only=due_only) == lease("run-2", due_only=due_only) == []
    assert lease("run-2", now=make.at(minutes=5), due_only=due_only) == ["/a"]


def test_ending_says_where_it_stands_and_gives_the_lease_back(store, make, queue, lease):
    (document,) = queue("/a")
    lease()
    moment = make.at(days=180)
    store.end_backfill(document.id, token="run-1", state=BackfillState.MISSING, next_at=moment, now=make.at(hours=1))
    backfill = store.history(document.canonical_url).backfill
    assert (backfill.state, backfill.next_at, backfill.ended_at) == (BackfillState.MISSING, moment, make.at(hours=1))
    assert store.renew("run-1", until=make.at(hours=2)) == 0
    assert store.status(now=make.NOW).backfills == {BackfillState.MISSING: 1}


def test_who_lost_the_lease_cannot_end_the_backfill(store, make, queue, lease):
    (document,) = queue("/a")
    lease()
    lease("run-2", now=make.at(minutes=6))
    before = store.history(document.canonical_url).backfill
    for token in ("run-1", "unknown"):
        store.end_backfill(document.id, token=token, state=BackfillState.RESCUED, next_at=None, now=make.NOW)
    assert store.history(document.canonical_url).backfill == before
    assert store.renew("run-2", until=make.at(hours=1)) == 1


def test_renewing_prolongs_the_leases_of_backfills_beside_those_of_hosts(store, make, queue, lease, sources):
    queue("/a")
    sources("/b", "/c", host="lind-herald.example")
    lease()
    assert len(store.lease(make.request("run-1", host="lind-herald.example"))) == 2
    assert store.renew("run-1", until=make.at(hours=1)) == 3
    assert lease("run-2", now=make.at(minutes=59)) == []
    assert lease("run-2", now=make.at(hours=1)) == ["/a"]


def test_a_document_may_be_asked_for_on_the_live_web_and_in_archives_at_once(store, make, queue, lease):
    queue("/a")
    assert lease() == ["/a"]
    live = store.lease(make.request("run-2", due_only=False))
    assert [one.canonical_url[-2:] for one in live] == ["/a"]
    assert store.release("run-2", not_before={}) == 1
    assert store.renew("run-1", until=make.at(hours=1)) == 1


def test_giving_back_everything_gives_backfills_back_and_giving_back_hosts_does_not(store, make, queue, lease):
    queue("/a", "/b")
    assert lease() == ["/a", "/b"]
    assert store.release("run-1", not_before={}, hosts=["harbour-post.example"]) == 0
    assert store.release("run-2", not_before={}) == 0
    assert lease("run-2") == []
    assert store.release("run-1", not_before={}) == 2
    assert lease("run-2") == ["/a", "/b"]


def test_backfills_of_dead_runs_are_taken_back(store, make, queue, lease):
    queue("/a", "/b", "/c")
    for run in ("run-1", "run-2", "run-3"):
        lease(run, limit=1)
    assert store.reclaim(["run-1", "run-2"], not_before=make.NOW) == 2
    assert lease("run-4") == ["/a", "/b"]


def test_a_finished_run_holds_no_backfill(store, make, queue, lease):
    queue("/a")
    run = Run(token="run-1", command="backfill", machine="m", pid=1, started_at=make.NOW, heartbeat_at=make.NOW)
    store.start_run(run)
    lease()
    store.finish_run("run-1", now=make.NOW, state=RunState.FINISHED, counts={})
    assert lease("run-2") == ["/a"]


def test_many_documents_are_given_at_once(store, make, sources):
    sources(*(f"/{number}" for number in range(1200)))
    tasks = store.lease_backfills(make.backfill(limit=1100, due_only=False))
    assert len({one.document.id for one in tasks}) == 1100
    assert store.count_backfills(make.backfill(due_only=False)) == 100
    assert store.release("run-1", not_before={}) == 1100
