"""Copies from archives: they never touch the live side, and the order of their coming decides nothing."""

from dataclasses import replace
from itertools import permutations

import pytest

from crawler.dedup import decide
from storage.types import Access, CaptureKind, FetchReason, KnownPayload, Outcome, Selection, Validators, VerdictKind

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
OLD, NEW = f"{STORY} on wednesday", f"{STORY} on thursday"


@pytest.fixture
def archive(store, make):
    def run(*results, decide=make.undecided):
        answers = store.archive(results, decide=decide, now=make.NOW)
        assert not any(one.error for one in answers)
        return answers[-1]

    return run


@pytest.fixture
def teaser(make):
    return lambda text: make.article(text, access=Access.TEASER)


# -- provenance ------------------------------------------------------------------------------------------------------


def test_where_a_copy_comes_from_and_why_it_was_taken_come_back(store, make, sources, archive):
    (document,) = sources("/a")
    result = make.from_archive(document, STORY)
    answer = archive(result)
    history = store.history(document.canonical_url)
    (attempt,), (capture,) = history.attempts, history.captures
    assert attempt == replace(result.attempt, id=answer.attempt_id)
    assert (attempt.archive, attempt.reason, attempt.coverage) == ("lantern", FetchReason.BACKFILL, make.coverage())
    assert capture == replace(result.captures[0], id=capture.id, attempt_id=answer.attempt_id)
    assert capture.page_url == document.request_url
    ((version, shown, _),) = store.versions()
    assert (version.captured_at, shown.memento) == (make.at(days=-4000), result.captures[0].memento)
    assert version.memento == shown.memento
    (view,) = store.articles()
    assert [one.memento for one in view.versions] == [shown.memento]
    assert list(store.captures()) == [capture]


def test_copies_are_counted(store, make, sources, archive):
    first, second = sources("/a", "/b")
    archive(make.from_archive(first, STORY), make.from_archive(second), make.result(second, "bicycles taxed again"))
    status = store.status(now=make.NOW)
    assert (status.mementos, status.captures, status.attempts) == (2, 3, 3)


# -- the live side ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Outcome.FETCHED, Outcome.UNRELATED, Outcome.NOT_REPLAYED, Outcome.RATE_LIMITED])
def test_an_attempt_at_an_archive_leaves_the_live_state_alone(store, make, sources, archive, outcome):
    (document,) = sources("/a")
    archive(make.result(document, STORY, etag='"1"'), make.failure(document, Outcome.GONE))
    before = store.document(document.canonical_url)
    text = OLD if outcome is Outcome.FETCHED else None
    told = make.from_archive(document, text, outcome=outcome, attempt_fields={"next_fetch_at": make.NOW})
    archive(replace(told, etag='"of the archive"', last_modified="now"))
    assert store.document(document.canonical_url) == before
    assert before.validators == Validators(etag='"1"')
    assert [one.canonical_url for one in store.due(Selection(), now=make.NOW)] == []


def test_a_document_that_was_only_asked_for_in_archives_is_untried_but_has_its_article(store, make, sources, archive):
    (document,) = sources("/a")
    answer = archive(make.from_archive(document, STORY))
    found = store.document(document.canonical_url)
    assert (found.last_outcome, found.attempts, found.next_fetch_at) == (None, 0, document.next_fetch_at)
    assert found.article_id == answer.article_id
    status = store.status(now=make.NOW)
    assert (status.untried, status.due, status.by_outcome) == (1, 1, {})


def test_an_attempt_at_an_archive_ends_no_lease_of_the_live_web(store, make, sources, archive):
    (document,) = sources("/a")
    assert len(store.lease(make.request("run-1"))) == 1
    archive(make.from_archive(document, STORY, attempt_fields={"run_token": "run-1"}))
    assert store.renew("run-1", until=make.at(hours=1)) == 1


def test_a_copy_is_linked_to_the_events_that_cite_its_page(store, make, archive):
    store.put_events([make.entry()], match=make.no_match, now=make.NOW)
    document = store.document(make.identity("/a").canonical_url)
    assert archive(make.from_archive(document, STORY)).event_links == 1
    assert [one.headline for one in store.event(make.entry().key).sources] == ["ferry"]


def test_copies_are_not_understood_again_as_pages_of_the_live_web(store, make, sources, archive):
    live, rescued = sources("/a", "/b")
    archive(make.result(live, STORY), make.from_archive(live, attempt_fields={"started_at": make.at(hours=1)}))
    archive(make.failure(rescued, Outcome.GONE), make.from_archive(rescued, STORY))
    ((document, attempt, page),) = store.replayable(Selection())
    assert (document.id, attempt.archive, page.kind) == (live.id, "", CaptureKind.LIVE)


def test_the_bytes_of_a_copy_are_known(store, make, sources, archive):
    first, second = sources("/a", "/b")
    results = [make.from_archive(first, STORY), make.from_archive(second, memento_fields={"source": ""})]
    archive(*results)
    captures = [one.captures[0] for one in results]
    known = store.known_payloads([one.payload_digest for one in captures])
    assert known == {one.payload_digest: KnownPayload.of(one) for one in captures}
    assert known[captures[0].payload_digest].url == first.request_url


# -- which version is current ----------------------------------------------------------------------------------------


def bodies(store, answer):
    return [one.article.body for one in store.article(answer.article_id).versions]


def test_the_order_of_their_coming_does_not_decide_which_text_is_current(store, make, sources, archive, teaser):
    orders = list(permutations(range(4)))
    texts = [OLD, NEW, "ferry aground", "ferry"]
    for document, order in zip(sources(*(f"/{n}" for n in range(len(orders)))), orders, strict=True):
        results = [
            make.from_archive(document, captured_at=make.at(days=-4000), article=make.article(OLD)),
            make.from_archive(document, captured_at=make.at(days=-3000), article=make.article(NEW)),
            make.from_archive(document, captured_at=make.at(days=-2000), article=teaser("ferry aground")),
            make.result(document, outcome=Outcome.TEASER, article=teaser("ferry")),
        ]
        for number in order:
            answer = archive(results[number])
        stored = [texts[number] for number in order]
        assert bodies(store, answer) == [*(one for one in stored if one != NEW), NEW], order
        versions = store.article(answer.article_id).versions
        assert sorted(one.number for one in versions) == [1, 2, 3, 4]
        assert [stored[one.number - 1] for one in versions] == [one.article.body for one in versions]


def test_a_live_text_is_later_than_any_copy(store, make, sources, archive):
    (document,) = sources("/a")
    archive(make.result(document, NEW))
    answer = archive(make.from_archive(document, OLD))
    assert bodies(store, answer) == [OLD, NEW]
    (view,) = store.articles()
    assert [one.article.body for one in view.versions] == [OLD, NEW]


def test_a_full_copy_stays_although_the_live_page_shows_a_teaser(store, make, sources, archive, teaser):
    (document,) = sources("/a")
    archive(make.from_archive(document, OLD))
    answer = archive(make.result(document, outcome=Outcome.TEASER, article=teaser("ferry aground")))
    assert bodies(store, answer) == ["ferry aground", OLD]


def test_the_later_of_two_teasers_is_current(store, make, sources, archive, teaser):
    (document,) = sources("/a")
    archive(make.result(document, outcome=Outcome.TEASER, article=teaser("ferry aground")))
    answer = archive(make.from_archive(document, article=teaser("ferry"), outcome=Outcome.TEASER))
    assert bodies(store, answer) == ["ferry", "ferry aground"]


def test_of_texts_of_one_moment_the_one_stored_last_is_current(store, make, sources, archive):
    (document,) = sources("/a")
    moment = make.at(days=-4000)
    archive(make.from_archive(document, OLD, captured_at=moment))
    answer = archive(make.from_archive(document, NEW, captured_at=moment))
    assert bodies(store, answer) == [OLD, NEW]


def test_candidates_know_which_version_is_current(store, make, sources, archive):
    (document,) = sources("/a")
    archive(make.result(document, NEW))
    archive(make.from_archive(document, OLD))
    seen = []
    archive(
        make.from_archive(document, STORY, captured_at=make.at(days=-1)),
        decide=lambda article, candidates: (seen.extend(candidates), make.undecided(article, candidates))[1],
    )
    assert [(one.length == len(NEW), one.current) for one in seen] == [(True, True), (False, False)]


def test_events_and_clusters_show_the_current_headline(store, make, archive):
    store.put_events([make.entry()], match=make.no_match, now=make.NOW)
    document = store.document(make.identity("/a").canonical_url)
    archive(make.result(document, article=make.article(NEW, headline="Ferry freed")))
    answer = archive(make.from_archive(document, article=make.article(OLD, headline="Ferry aground")))
    assert [one.headline for one in store.event(make.entry().key).sources] == ["Ferry freed"]
    assert [one.headline for one in store.article(answer.article_id).cluster] == ["Ferry freed"]


def test_reextraction_may_change_which_version_is_current(store, make, sources, archive, teaser):
    (document,) = sources("/a")
    archive(make.from_archive(document, OLD))
    answer = archive(make.result(document, NEW))
    assert bodies(store, answer) == [OLD, NEW]
    store.reextract(answer.version_id, teaser("ferry aground"), now=make.NOW)
    assert bodies(store, answer) == ["ferry aground", OLD]


def test_a_copy_of_the_current_text_is_a_sighting_of_it(store, make, sources, archive):
    (document,) = sources("/a")
    first = archive(make.result(document, STORY))
    again = archive(make.from_archive(document, STORY), decide=make.decide)
    assert (again.verdict.kind, again.version_id) == (VerdictKind.REVISIT, first.version_id)
    assert bodies(store, first) == [STORY]


def test_a_copy_of_an_earlier_time_sights_the_version_whose_text_it_has(store, make, sources, archive):
    (document,) = sources("/a")
    for days, text in ((-4000, OLD), (-10, NEW)):
        archive(make.from_archive(document, text, captured_at=make.at(days=days)), decide=decide)
    answer = archive(make.from_archive(document, OLD, captured_at=make.at(days=-3000)), decide=decide)
    assert (answer.verdict.kind, answer.verdict.signal) == (VerdictKind.REVISIT, "text of an earlier time")
    article = store.article(answer.article_id)
    assert [one.article.body for one in article.versions] == [make.article(OLD).body, make.article(NEW).body]
    assert answer.version_id == article.versions[0].id
