"""Stored captures that are understood again, and what that does to their documents."""

from dataclasses import replace

import pytest

from storage.types import Access, CaptureKind, FetchReason, Outcome, Selection, Validators, VerdictKind

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
EDITED = STORY + " on wednesday evening"
RUN = "run-1"


@pytest.fixture
def archive(store, make):
    def run(*results, decide=make.decide, now=make.NOW):
        answers = store.archive(results, decide=decide, now=now)
        return answers[0] if len(results) == 1 else answers

    return run


@pytest.fixture
def replay(make):
    """What understanding a stored capture an hour later brings."""

    def build(document, capture_id, text=None, outcome=Outcome.FETCHED, hours=1, **fields):
        times = {"started_at": make.at(hours=hours), "finished_at": make.at(hours=hours, seconds=1)}
        told = {"reason": FetchReason.REPLAYED, "bytes_received": 0, "run_token": "replay", **times, **fields}
        return make.result(document, text, outcome, captures=(), replayed=capture_id, attempt_fields=told)

    return build


@pytest.fixture
def page_of(store):
    """The id of the last capture of a document."""
    return lambda document: store.history(document.canonical_url).captures[-1].id


# -- replayable ------------------------------------------------------------------------------------------------------


def shown(store, **selection):
    return [
        (one.canonical_url[-2:], attempt.outcome, page.url)
        for one, attempt, page in store.replayable(Selection(**selection))
    ]


def test_the_last_capture_of_the_latest_attempt_with_a_page_is_replayable(store, make, sources, archive):
    first, second, third = sources("/a", "/b", "/c")
    hops = (make.capture(first, url="http://a/hop", status=302), make.capture(first, url="http://a/page"))
    again = {"started_at": make.at(hours=1)}
    archive(
        make.result(first, captures=(make.capture(first, url="http://a/old"),)),
        make.result(first, outcome=Outcome.NO_ARTICLE, captures=hops, attempt_fields=again),
        make.failure(first, Outcome.TIMEOUT, started_at=make.at(hours=2)),
        make.failure(second),
        make.result(third, outcome=Outcome.BLOCKED, captures=(make.capture(third, url="http://c/no", status=403),)),
    )
    assert shown(store) == [("/a", Outcome.NO_ARTICLE, "http://a/page"), ("/c", Outcome.BLOCKED, "http://c/no")]
    (found, attempt, page), _ = store.replayable(Selection())
    assert (found, attempt.document_id) == (store.document(first.canonical_url), first.id)
    assert page.attempt_id == attempt.id


@pytest.mark.parametrize("status", [301, 304])
def test_an_answer_without_a_page_leads_to_the_page_before(store, make, sources, archive, status):
    (document,) = sources("/a")
    bodiless = (make.capture(document, url="http://a/none", status=status),)
    archive(
        make.result(document, captures=(make.capture(document, url="http://a/page"),)),
        make.result(
            document, outcome=Outcome.NOT_MODIFIED, captures=bodiless, attempt_fields={"started_at": make.at(hours=1)}
        ),
    )
    assert shown(store) == [("/a", Outcome.FETCHED, "http://a/page")]


def test_what_a_browser_made_of_a_page_is_the_page(store, make, sources, archive):
    (document,) = sources("/a")
    rendered = make.capture(document, url="http://a/dom", kind=CaptureKind.RENDERED)
    archive(make.result(document, captures=(make.capture(document), rendered)))
    assert shown(store) == [("/a", Outcome.FETCHED, "http://a/dom")]


def test_an_attempt_that_replayed_counts_with_the_capture_that_it_read(store, sources, make, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, captures=(make.capture(document, url="http://a/page"),)))
    archive(replay(document, page_of(document), outcome=Outcome.SOFT_404))
    assert shown(store) == [("/a", Outcome.SOFT_404, "http://a/page")]


def test_a_selection_says_which_documents_are_replayable(store, make, archive, sources):
    store.put_events([make.entry(sources=make.links("/a", "/b"))], match=make.no_match, now=make.NOW)
    cited = [store.document(make.identity(path).canonical_url) for path in ("/a", "/b")]
    others = sources("/c", host="lind-herald.example")
    archive(*(make.result(one, outcome=Outcome.CHALLENGE) for one in (*cited, *others)))
    archive(make.result(cited[1], outcome=Outcome.GONE, attempt_fields={"started_at": make.at(hours=1)}))
    assert [name for name, *_ in shown(store)] == ["/a", "/b", "/c"]
    assert [name for name, *_ in shown(store, event_key=make.entry().key)] == ["/a", "/b"]
    assert [name for name, *_ in shown(store, host="lind-herald.example")] == ["/c"]
    assert [name for name, *_ in shown(store, outcome=Outcome.GONE)] == ["/b"]
    assert [name for name, *_ in shown(store, canonical_url=cited[0].canonical_url)] == ["/a"]
    assert shown(store, event_key="2006/07/5/unknown") == []


def test_replayable_streams_over_many_pages_while_replays_are_stored(store, make, sources, archive, replay):
    documents = sources(*(f"/{number}" for number in range(250)))
    archive(*(make.result(one) for one in documents))
    seen = []
    for document, _, page in store.replayable(Selection()):
        archive(replay(document, page.id, outcome=Outcome.NO_ARTICLE))
        seen.append(document.id)
    assert seen == [one.id for one in documents]


# -- what a replay brings --------------------------------------------------------------------------------------------


def test_an_article_found_by_a_replay_belongs_to_the_stored_capture(store, make, sources, archive, replay, page_of):
    store.put_events([make.entry()], match=make.no_match, now=make.NOW)
    (document,) = sources("/a")
    archive(
        make.result(
            document, outcome=Outcome.NO_ARTICLE, captures=(make.capture(document, captured_at=make.at(days=-1)),)
        )
    )
    answer = archive(replay(document, page_of(document), STORY), now=make.at(hours=1))
    assert (answer.error, answer.verdict.kind, answer.event_links) == ("", VerdictKind.NEW, 1)
    (version,) = store.article(answer.article_id).versions
    assert (version.capture_id, version.captured_at) == (page_of(document), make.at(days=-1))
    assert version.extracted_at == make.at(hours=1)
    history = store.history(document.canonical_url)
    assert [one.reason for one in history.attempts] == [FetchReason.NEW, FetchReason.REPLAYED]
    assert len(history.captures) == 1
    ((shown_version, capture, _),) = store.versions()
    assert (shown_version.id, capture.id) == (version.id, page_of(document))


def test_the_bytes_of_the_stored_capture_are_compared(store, make, sources, archive, replay, page_of):
    first, second = sources("/a", "/b")
    original = archive(make.result(first, STORY, payload="p"))
    archive(make.result(second, outcome=Outcome.NO_ARTICLE, payload="p"))
    seen = []
    archive(
        replay(second, page_of(second), EDITED),
        decide=lambda article, candidates: (seen.extend(candidates), make.undecided(article, candidates))[1],
    )
    assert [(one.version_id, one.same_payload, one.same_document) for one in seen] == [
        (original.version_id, True, False)
    ]


def test_the_document_is_as_the_replay_says(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, STORY, etag='"1"'))
    told = replay(document, page_of(document), outcome=Outcome.SOFT_404, next_fetch_at=None)
    archive(replace(told, etag='"never sent"'))
    state = store.document(document.canonical_url)
    assert (state.last_outcome, state.next_fetch_at) == (Outcome.SOFT_404, None)
    assert (state.last_attempt_at, state.attempts) == (told.attempt.finished_at, 2)
    assert state.validators == Validators(etag='"1"')


def test_a_replay_adds_no_failure_but_may_end_a_row_of_them(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, outcome=Outcome.NO_ARTICLE), make.failure(document))
    archive(replay(document, page_of(document), outcome=Outcome.CONSENT_WALL))
    assert store.document(document.canonical_url).failures == 2
    archive(replay(document, page_of(document), STORY, hours=2))
    assert store.document(document.canonical_url).failures == 0


def test_a_replay_does_not_take_the_lease_of_another_run(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, attempt_fields={"next_fetch_at": make.NOW}))
    assert len(store.lease(make.request(RUN))) == 1
    archive(replay(document, page_of(document), STORY, next_fetch_at=make.NOW))
    assert store.renew(RUN, until=make.at(hours=3)) == 1
    assert store.lease(make.request("run-2")) == []


def test_a_replay_that_was_overtaken_by_a_fetch_is_refused(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, outcome=Outcome.NO_ARTICLE))
    late = replay(document, page_of(document), STORY)
    times = {"started_at": make.at(minutes=59), "finished_at": make.at(hours=1, seconds=1)}
    fetched = archive(make.result(document, EDITED, attempt_fields=times))
    before = store.document(document.canonical_url)
    assert "replay it anew" in archive(late).error
    assert store.document(document.canonical_url) == before
    assert [one.article.body for one in store.article(fetched.article_id).versions] == [EDITED]


# -- captures that showed something before ---------------------------------------------------------------------------


def test_replaying_what_a_version_came_from_changes_nothing_about_it(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    first = archive(make.result(document, STORY))
    before = store.article(first.article_id).versions
    again = archive(replay(document, page_of(document), EDITED))
    assert (again.verdict.kind, again.version_id, again.event_links) == (VerdictKind.REVISIT, first.version_id, 0)
    assert store.article(first.article_id).versions == before
    archive(replay(document, page_of(document), STORY, hours=2))
    assert store.status(now=make.NOW).versions == 1


def test_a_capture_cannot_become_a_second_version(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    first = archive(make.result(document, STORY))
    refused = archive(replay(document, page_of(document), EDITED), decide=make.undecided)
    assert "reextract" in refused.error
    assert str(first.version_id) in refused.error
    assert store.document(document.canonical_url).attempts == 1


def test_a_capture_that_showed_another_version_can_become_one_of_its_own(
    store, make, sources, archive, replay, page_of
):
    (document,) = sources("/a")
    first = archive(make.result(document, STORY, payload="one"))
    archive(make.result(document, article=make.article(STORY, byline="B"), payload="two"))
    answer = archive(replay(document, page_of(document), EDITED), decide=make.undecided)
    versions = store.article(first.article_id).versions
    assert [one.id for one in versions] == [first.version_id, answer.version_id]
    assert (versions[1].capture_id, versions[1].verdict.kind) == (page_of(document), VerdictKind.NEW)
    again = archive(replay(document, page_of(document), EDITED, hours=2))
    assert again.version_id == answer.version_id


# -- what cannot be replayed -----------------------------------------------------------------------------------------


def test_only_a_capture_of_the_same_document_can_be_replayed(store, make, sources, archive, replay, page_of):
    first, second = sources("/a", "/b")
    archive(make.result(first, outcome=Outcome.NO_ARTICLE), make.result(second, outcome=Outcome.NO_ARTICLE))
    foreign = archive(replay(first, page_of(second), STORY))
    unknown = archive(replay(first, 10**6, outcome=Outcome.NO_ARTICLE))
    assert f"document {first.id} has no capture {page_of(second)}" in foreign.error
    assert "1000000" in unknown.error
    assert store.document(first.canonical_url).attempts == 1
    assert store.status(now=make.NOW).articles == 0


def test_a_replay_brings_no_captures_of_its_own(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, outcome=Outcome.NO_ARTICLE))
    both = replace(replay(document, page_of(document), STORY), captures=(make.capture(document),))
    assert "no captures" in archive(both).error
    assert store.status(now=make.NOW).captures == 1


def test_a_replay_is_stored_once(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, outcome=Outcome.NO_ARTICLE))
    result = replay(document, page_of(document), STORY)
    first, second = archive(result, result)
    assert (first.repeated, second.repeated) == (False, True)
    assert store.document(document.canonical_url).attempts == 2


def test_access_of_a_replayed_text_is_kept(store, make, sources, archive, replay, page_of):
    (document,) = sources("/a")
    archive(make.result(document, outcome=Outcome.NO_ARTICLE))
    teaser = replace(
        replay(document, page_of(document), outcome=Outcome.TEASER), article=make.article(STORY, access=Access.TEASER)
    )
    answer = archive(teaser)
    assert store.article(answer.article_id).versions[0].article.access is Access.TEASER
    assert store.document(document.canonical_url).last_outcome is Outcome.TEASER
