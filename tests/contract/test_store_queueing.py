"""Which documents are queued for archives, and why."""

from dataclasses import replace
from datetime import date

import pytest

from storage.types import Access, BackfillState, HostState, Outcome, Selection


@pytest.fixture
def archive(store, make):
    def run(*results):
        answers = store.archive(results, decide=make.decide, now=make.NOW)
        assert not any(one.error for one in answers)
        return answers

    return run


@pytest.fixture
def queued(store, make):
    """Queues, and tells the path and the reason of every document that has a place."""

    def run(now=None):
        count = store.queue_backfills(make.RULES, now=now or make.NOW)
        tasks = store.lease_backfills(make.backfill("look", now=now or make.NOW, limit=100))
        store.release("look", not_before={})
        return count, {one.document.canonical_url[-2:]: one.backfill.reason for one in tasks}

    return run


def test_what_failed_often_enough_is_queued_with_its_outcome(store, make, sources, archive, queued):
    gone, slow, slower, missing, untried = sources("/a", "/b", "/c", "/d", "/e")
    archive(make.failure(gone, Outcome.GONE))
    archive(*(make.failure(slow) for _ in range(2)))
    archive(*(make.failure(slower) for _ in range(3)))
    archive(make.failure(missing, Outcome.SERVER_ERROR))
    assert queued() == (2, {"/a": "gone", "/c": "timeout"})
    assert store.history(untried.canonical_url).backfill is None


def test_a_queued_document_is_due_at_once(store, make, sources, archive, queued):
    (gone,) = sources("/a")
    archive(make.failure(gone, Outcome.GONE))
    queued(make.at(hours=1))
    backfill = store.history(gone.canonical_url).backfill
    assert (backfill.document_id, backfill.state, backfill.ended_at) == (gone.id, BackfillState.WANTED, None)
    assert backfill.wanted_at == backfill.next_at == make.at(hours=1)


def test_queueing_again_changes_nothing(store, make, sources, archive, queued):
    (gone,) = sources("/a")
    archive(make.failure(gone, Outcome.GONE))
    assert queued() == (1, {"/a": "gone"})
    store.lease_backfills(make.backfill())
    store.end_backfill(gone.id, token="run-1", state=BackfillState.MISSING, next_at=None, now=make.at(hours=1))
    before = store.history(gone.canonical_url).backfill
    archive(make.failure(gone, Outcome.GONE))
    assert store.queue_backfills(make.RULES, now=make.at(hours=2)) == 0
    assert store.history(gone.canonical_url).backfill == before


def test_all_slices_of_a_large_library_are_queued(store, make, sources, archive, monkeypatch):
    monkeypatch.setattr("storage.sql.queueing._SLICE", 3)
    documents = sources(*(f"/{number}" for number in range(10)))
    archive(*(make.failure(one, Outcome.GONE) for one in documents))
    assert store.queue_backfills(make.RULES, now=make.NOW) == 10
    assert store.count_backfills(make.backfill()) == 10


def test_what_would_be_queued_is_counted_and_nothing_is_written(store, make, sources, archive):
    known, gone, here = sources("/a", "/b", "/c")
    (elsewhere,) = sources("/d", host="lind-herald.example")
    archive(make.failure(known, Outcome.GONE))
    assert store.queue_backfills(make.RULES, now=make.NOW) == 1
    archive(*(make.failure(one, Outcome.GONE) for one in (gone, elsewhere)), make.result(here, "ferry aground"))
    store.put_events(
        [make.entry("e", date(2006, 7, 5), make.links("/a", "/b", "/c"))], match=make.no_match, now=make.NOW
    )

    def count(**changes):
        return store.count_backfills(replace(make.backfill(limit=1), **changes), rules=make.RULES)

    assert count() == 2
    assert count(selection=Selection(host="lind-herald.example")) == 1
    assert count(selection=Selection(due_only=False), queued=True) == 2
    assert (count(since="2006-07-05"), count(before="2006-07-05")) == (1, 0)
    assert store.count_backfills(make.backfill()) == 1
    assert store.history(gone.canonical_url).backfill is None
    assert store.queue_backfills(make.RULES, now=make.NOW) == 2
    assert count() == 0


def test_a_teaser_is_queued_and_a_full_text_is_not(make, sources, archive, queued):
    teased, full, again = sources("/a", "/b", "/c")
    teaser = make.article("ferry aground", access=Access.TEASER)
    archive(make.result(teased, outcome=Outcome.TEASER, article=teaser), make.result(full, "bicycles taxed again"))
    archive(make.failure(again, Outcome.GONE), make.result(again, "ministers resign over bicycles"))
    assert queued() == (1, {"/a": "teaser"})


def test_what_is_gone_is_queued_although_there_is_an_article(make, sources, archive, queued):
    (document,) = sources("/a")
    archive(make.result(document, "ferry aground"), make.failure(document, Outcome.GONE))
    assert queued() == (1, {"/a": "gone"})


def test_every_document_of_a_dead_host_that_has_no_article_is_queued(store, make, sources, archive, queued):
    untried, blocked, known = sources("/a", "/b", "/c")
    sources("/d", host="lind-herald.example")
    archive(make.failure(blocked, Outcome.BLOCKED), make.result(known, "ferry aground"), make.failure(known))
    dead = HostState(name=untried.host, failures=5, last_outcome=Outcome.DNS)
    store.put_host_states([replace(dead, name="lind-herald.example", last_outcome=Outcome.SERVER_ERROR)])
    store.put_host_states([replace(dead, failures=4)])
    assert queued() == (0, {})
    store.put_host_states([dead])
    assert queued() == (2, {"/a": "host dead", "/b": "host dead"})


def test_a_document_of_which_a_memento_is_cited_is_queued_untried(store, make, archive, queued):
    with_memento = make.identity("/a", memento=make.cited_memento())
    rescued = make.identity("/b", memento=make.cited_memento("/b"))
    for identity in (with_memento, rescued, make.identity("/c")):
        store.ensure_document(identity, now=make.NOW)
    archive(make.from_archive(store.document(rescued.canonical_url), "ferry aground"))
    assert queued() == (1, {"/a": "memento cited"})


def test_the_outcome_is_the_first_of_several_reasons(store, make, archive, queued):
    document = store.ensure_document(make.identity("/a", memento=make.cited_memento()), now=make.NOW)
    dead = HostState(name=document.host, failures=9, last_outcome=Outcome.DNS)
    archive(replace(make.failure(document, Outcome.GONE), hosts=(dead,)))
    assert queued() == (1, {"/a": "gone"})


def test_without_rules_only_cited_mementos_are_queued(store, make, sources, archive):
    (gone,) = sources("/a")
    archive(make.failure(gone, Outcome.GONE))
    store.ensure_document(make.identity("/b", memento=make.cited_memento()), now=make.NOW)
    nothing = replace(make.RULES, failures={}, dead_outcomes=frozenset())
    assert store.queue_backfills(nothing, now=make.NOW) == 1


def test_attempts_at_archives_queue_nothing(make, sources, archive, queued):
    (document,) = sources("/a")
    archive(*(make.from_archive(document, outcome=Outcome.GONE) for _ in range(5)))
    assert queued() == (0, {})
