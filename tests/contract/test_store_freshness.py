"""How old a page's article is, how often it was asked for again and had changed: kept with every attempt."""

from dataclasses import replace

import pytest

from storage.types import DocumentRole, FeedKind, HostState, Outcome, WantedFeed


@pytest.fixture
def crawl(store, make):
    """Stores attempts, each a day after the one before; answers with the document as it stands then."""
    days = 0

    def store_one(document, text=None, outcome=Outcome.FETCHED, **fields):
        nonlocal days
        days += 1
        moments = {"started_at": make.at(days=days), "finished_at": make.at(days=days, seconds=2)}
        given = {"attempt_fields": {**moments, **fields.pop("attempt", {})}, **fields}
        (answer,) = store.archive([make.result(document, text, outcome, **given)], decide=make.decide, now=make.NOW)
        assert not answer.error
        return store.document(document.canonical_url)

    return store_one


def counts(document):
    return document.checks, document.changes


def host_counts(store, document):
    state = store.host_states([document.host])[document.host]
    return state.checks, state.changes


def test_a_new_document_and_a_first_success_count_nothing(store, sources, crawl, make):
    (one,) = sources("/a")
    assert (one.reported_at, one.changed_at, *counts(one)) == (None, None, 0, 0)
    one = crawl(one, "ferry aground")
    assert (one.reported_at, one.changed_at, *counts(one)) == (make.NOW, None, 0, 0)
    assert host_counts(store, one) == (0, 0)


def test_further_successes_are_checks_and_other_texts_changes(store, sources, crawl, make):
    (one,) = sources("/a")
    one = crawl(one, "ferry aground")
    one = crawl(one, "ferry aground")
    assert (*counts(one), one.changed_at) == (1, 0, None)
    one = crawl(one, outcome=Outcome.NOT_MODIFIED, captures=())
    assert (*counts(one), one.changed_at) == (2, 0, None)
    one = crawl(one, "ferry afloat")
    assert (*counts(one), one.changed_at) == (3, 1, make.at(days=4, seconds=2))
    assert host_counts(store, one) == (3, 1)
    one = crawl(one, "ferry aground")
    assert counts(one) == (4, 1)  # what it said before is no new version


def test_failures_are_no_checks(store, sources, crawl):
    (one,) = sources("/a")
    crawl(one, "ferry aground")
    for outcome in (Outcome.TIMEOUT, Outcome.GONE, Outcome.TEASER, Outcome.NO_ARTICLE):
        one = crawl(one, outcome=outcome)
    assert counts(one) == (0, 0)


def test_the_success_after_failures_is_the_first(store, sources, crawl):
    (one,) = sources("/a")
    crawl(one, outcome=Outcome.TIMEOUT)
    one = crawl(one, "ferry aground")
    assert counts(one) == (0, 0)


def test_what_an_archive_gave_is_no_check_and_says_how_old_the_article_is(store, sources, crawl, make):
    (one,) = sources("/a")
    published = make.at(days=-4000)
    article = make.article("ferry aground", published_at=make.dated(published))
    one = crawl(one, article=article, attempt={"archive": "lantern", "next_fetch_at": None})
    assert (one.reported_at, *counts(one)) == (published, 0, 0)
    one = crawl(one, "ferry afloat")
    assert (one.changed_at, *counts(one)) == (None, 0, 0)  # nothing was seen to change on the live web
    one = crawl(one, "ferry afloat")
    assert counts(one) == (1, 0)


def test_a_replay_is_no_check(store, sources, crawl, make):
    (one,) = sources("/a")
    crawl(one, outcome=Outcome.FAILED)
    page = store.history(one.canonical_url).captures[-1]
    one = crawl(one, "ferry aground", captures=(), replayed=page.id)
    assert (one.reported_at, *counts(one)) == (make.NOW, 0, 0)


def test_the_current_version_says_when_it_was_reported(store, sources, crawl, make):
    (one,) = sources("/a")
    later = make.article("ferry afloat", published_at=make.dated(make.at(hours=3)))
    crawl(one, "ferry aground")
    one = crawl(one, article=later, captures=(make.capture(one, captured_at=make.at(hours=4)),))
    assert one.reported_at == make.at(hours=3)
    undated = make.article("ferry sold", published_at=None)
    one = crawl(one, article=undated, captures=(make.capture(one, captured_at=make.at(days=9)),))
    assert one.reported_at == make.at(days=9)


def test_a_version_that_says_the_same_is_no_change(store, sources, crawl, make):
    (one,) = sources("/a")
    crawl(one, "ferry aground")

    def always_new(article, candidates):
        verdict = make.decide(make.article("something else entirely"), candidates)
        return replace(verdict, likenesses=())

    moments = {"started_at": make.at(days=9), "finished_at": make.at(days=9)}
    same = make.result(one, "ferry aground", attempt_fields=moments)
    (answer,) = store.archive([same], decide=always_new, now=make.NOW)
    assert answer.verdict.kind == "new_version"
    assert counts(store.document(one.canonical_url)) == (1, 0)


def test_a_repeated_attempt_counts_once_and_a_refused_one_never(store, sources, make):
    one, other = sources("/a", "/b")
    first, second = (make.result(one, "ferry aground") for _ in range(2))
    taken = make.result(other, "tide", captures=second.captures)
    for batch in ([first], [second], [second], [taken]):
        store.archive(batch, decide=make.decide, now=make.NOW)
    assert counts(store.document(one.canonical_url)) == (1, 0)
    assert host_counts(store, one) == (1, 0)
    assert store.document(other.canonical_url).reported_at is None


def test_a_batch_counts_for_each_of_its_documents(store, sources, make):
    documents = sources("/a", "/b", "/c")
    for text in ("ferry", "ferry", "tide"):
        results = [make.result(one, f"{text} {one.id}") for one in documents]
        store.archive(results, decide=make.decide, now=make.NOW)
    assert [counts(store.document(one.canonical_url)) for one in documents] == [(2, 1)] * 3
    assert host_counts(store, documents[0]) == (6, 3)


def test_feeds_and_lead_images_are_no_pages_that_change(store, crawl, make):
    store.put_feeds([WantedFeed(identity=make.identity("/feed"), kind=FeedKind.FEED)], now=make.NOW)
    (feed,) = store.lease(make.request(role=DocumentRole.FEED))
    for _ in range(3):
        feed = crawl(feed, outcome=Outcome.NOT_MODIFIED, captures=())
    assert counts(feed) == (0, 0)


def test_states_that_are_written_leave_the_counts_alone(store, sources, crawl, make):
    (one,) = sources("/a")
    for _ in range(2):
        crawl(one, "ferry aground")
    known = store.host_states([one.host])[one.host]
    store.put_host_states([HostState(name=one.host, failures=2)])
    assert host_counts(store, one) == (1, 0)
    store.put_host_states([replace(known, checks=900, changes=800)])
    store.allow_host(one.host, now=make.NOW)
    store.change_host(one.host, lambda state: state)
    assert host_counts(store, one) == (1, 0)
    assert store.host(one.host, now=make.NOW).state.checks == 1
    (due,) = store.due(make.request(due_only=False).selection, now=make.NOW)
    assert counts(due) == (1, 0)


def test_extracting_again_may_find_another_date(store, sources, crawl, make):
    (one,) = sources("/a")
    crawl(one, "ferry aground")
    ((version, _),) = store.own_versions(one.id, limit=1)
    better = make.article("ferry aground", published_at=make.dated(make.at(days=-70)))
    store.reextract(version.id, better, now=make.NOW)
    assert store.document(one.canonical_url).reported_at == make.at(days=-70)
