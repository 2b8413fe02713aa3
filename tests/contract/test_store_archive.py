"""Archiving: every verdict, every failure, and what a batch leaves behind."""

from dataclasses import replace

import pytest

from storage import open_store
from storage.errors import VersionNotFound
from storage.stock import indexed
from storage.types import CaptureKind, EventLink, Outcome, Redirect, Validators, VerdictKind

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
EDITED = STORY + " on wednesday evening"
RUN = "run-1"
OTHER = "parliament votes to lower its tax on bicycles after long debate"


# -- attempts --------------------------------------------------------------------------------------------------------


def test_a_failure_is_recorded_with_its_reason(store, make, sources, archive):
    (document,) = sources("/a")
    hops = (Redirect(url="http://harbour-post.example/a", status=301),)
    failed = make.failure(document, Outcome.SERVER_ERROR, redirects=hops, detail="503 twice", run_token=RUN)
    (answer,) = archive(failed)
    assert (answer.verdict, answer.article_id, answer.error, answer.repeated) == (None, None, "", False)
    history = store.history(document.canonical_url)
    assert history.attempts == (replace(failed.attempt, id=answer.attempt_id),)
    assert history.captures == ()
    state = history.document
    assert (state.last_outcome, state.attempts, state.failures) == (Outcome.SERVER_ERROR, 1, 1)
    assert (state.last_attempt_at, state.next_fetch_at) == (failed.attempt.finished_at, failed.attempt.next_fetch_at)


def test_failures_count_since_the_last_success(store, make, sources, archive):
    (document,) = sources("/a")
    for outcome, failures in (
        (Outcome.TIMEOUT, 1),
        (Outcome.DNS, 2),
        (Outcome.NOT_MODIFIED, 0),
        (Outcome.NO_ARTICLE, 1),
        (Outcome.IMPORTED, 0),
    ):
        archive(make.failure(document, outcome))
        assert store.document(document.canonical_url).failures == failures
    assert store.document(document.canonical_url).attempts == 5


def test_an_attempt_is_stored_once(store, make, sources, archive):
    (document,) = sources("/a")
    result = make.result(document, STORY)
    first, second = archive(result, result)
    (third,) = archive(result)
    assert (second.repeated, third.repeated, first.repeated) == (True, True, False)
    assert first.attempt_id == second.attempt_id == third.attempt_id
    status = store.status(now=make.NOW)
    assert (status.attempts, status.captures, status.versions) == (1, 1, 1)


def test_captures_come_back_as_they_were(store, make, sources, archive):
    (document,) = sources("/a")
    hop = make.capture(document, "moved", status=301)
    page = make.capture(document, "page", truncated="length", revisit_of="urn:uuid:1", media_type="text/html")
    (answer,) = archive(make.result(document, captures=(hop, page)))
    history = store.history(document.canonical_url)
    assert [replace(one, id=None, attempt_id=None) for one in history.captures] == [hop, page]
    assert {one.attempt_id for one in history.captures} == {answer.attempt_id}


def test_validators_are_those_of_the_latest_good_live_answer(store, make, sources, archive):
    (document,) = sources("/a")

    def validators():
        return store.document(document.canonical_url).validators

    archive(make.result(document, STORY, etag='"1"', last_modified="Wed"))
    assert validators() == Validators(etag='"1"', last_modified="Wed")
    archive(make.failure(document, Outcome.NOT_MODIFIED), make.result(document, outcome=Outcome.NO_ARTICLE, etag='"x"'))
    assert validators() == Validators(etag='"1"', last_modified="Wed")
    archive(make.result(document, outcome=Outcome.NOT_MODIFIED, etag='"1b"'))
    assert validators() == Validators(etag='"1b"')
    archive(make.result(document, captures=(make.capture(document, kind=CaptureKind.MEMENTO),), etag='"old"'))
    assert validators() == Validators(etag='"1b"')
    archive(make.result(document, EDITED))
    assert validators() == Validators()


# -- verdicts --------------------------------------------------------------------------------------------------------


def test_a_new_article_founds_a_cluster(store, make, sources, archive):
    (document,) = sources("/a")
    (answer,) = archive(make.result(document, STORY))
    assert answer.verdict.kind is VerdictKind.NEW
    view = store.article(answer.article_id)
    (version,) = view.versions
    assert (version.number, version.id, version.verdict) == (1, answer.version_id, answer.verdict)
    assert version.article == replace(make.article(STORY), keys={})
    assert (version.captured_at, version.extracted_at) == (make.NOW, make.NOW)
    (member,) = view.cluster
    assert (member.article_id, member.representative, member.score) == (answer.article_id, True, 1.0)
    assert view.document.article_id == answer.article_id
    assert store.document(document.canonical_url).article_id == answer.article_id


def test_the_same_payload_again_is_a_sighting(store, make, sources, archive):
    (document,) = sources("/a")
    first, again = archive(make.result(document, STORY, payload="p"), make.result(document, STORY, payload="p"))
    assert (again.verdict.kind, again.version_id) == (VerdictKind.REVISIT, first.version_id)
    status = store.status(now=make.NOW)
    assert (status.captures, status.versions, status.articles) == (2, 1, 1)


def test_changed_text_is_a_new_version(store, make, sources, archive):
    (document,) = sources("/a")
    (first,) = archive(make.result(document, STORY))
    (second,) = archive(make.result(document, EDITED), now=make.at(days=1))
    assert (second.verdict.kind, second.article_id) == (VerdictKind.NEW_VERSION, first.article_id)
    assert second.verdict.matched_version_id == first.version_id
    versions = store.article(first.article_id).versions
    assert [(one.number, one.article.body) for one in versions] == [(1, STORY), (2, EDITED)]
    assert versions[1].extracted_at == make.at(days=1)


def test_an_older_text_that_returns_is_a_sighting_of_its_version(store, make, sources, archive):
    (document,) = sources("/a")
    answers = [archive(make.result(document, text))[0] for text in (STORY, EDITED, STORY)]
    assert answers[2].version_id == answers[0].version_id
    assert store.status(now=make.NOW).versions == 2


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"payload": "p"}, VerdictKind.REVISIT),
        ({"article": "same text"}, VerdictKind.REVISIT),
        ({"article": "agency"}, VerdictKind.SYNDICATED),
        ({"article": "near"}, VerdictKind.NEAR_DUPLICATE),
    ],
)
def test_a_copy_on_another_site_is_an_article_of_the_same_cluster(store, make, sources, archive, other, kind):
    (first,), (second,) = sources("/a"), sources("/b", host="lind-herald.example")
    copies = {
        "same text": make.article(STORY, headline="Ferry aground"),
        "agency": make.article("tax on bicycles near lind coast guard", agency="AP"),
        "near": make.article(STORY.removesuffix(" guard")),
    }
    copied = {"article": copies[other["article"]]} if "article" in other else {"text": OTHER, **other}
    (original,) = archive(make.result(first, article=make.article(STORY, agency="AP"), payload="p"))
    (copy,) = archive(make.result(second, **copied))
    assert copy.verdict.kind is kind
    assert copy.verdict.matched_version_id == original.version_id
    assert copy.article_id != original.article_id
    members = store.article(copy.article_id).cluster
    assert [one.article_id for one in members] == [original.article_id, copy.article_id]
    assert [one.representative for one in members] == [True, False]
    assert [one.score for one in members] == [0.9, 0.9]
    assert members == store.article(original.article_id).cluster


def test_what_was_published_first_represents_its_cluster(store, make, sources, archive):
    documents = sources("/a", "/b", "/c")
    times = (make.at(days=2), make.at(days=1), make.at(days=1, hours=-1))
    results = [
        make.result(one, article=make.article(STORY, published_at=make.dated(moment)))
        for one, moment in zip(documents, times, strict=True)
    ]
    answers = archive(*results)
    members = store.article(answers[0].article_id).cluster
    assert [one.representative for one in members] == [False, True, False]


def test_without_a_date_the_capture_counts(store, make, sources, archive):
    late, early = sources("/late", "/early")
    first = make.result(late, article=make.article(STORY, published_at=None))
    memento = make.capture(early, captured_at=make.at(days=-2), kind=CaptureKind.MEMENTO)
    second = make.result(early, article=make.article(STORY, published_at=None), captures=(memento,))
    answers = archive(first, second)
    assert [one.representative for one in store.article(answers[1].article_id).cluster] == [False, True]


def test_a_later_version_goes_to_the_story_that_it_tells(store, make, sources, archive):
    first, second = sources("/a", "/b")
    archive(make.result(first, STORY))
    (own,) = archive(make.result(second, OTHER))
    (later,) = archive(make.result(second, article=make.article(STORY)))
    assert later.article_id == own.article_id
    assert len(store.article(own.article_id).cluster) == 2
    assert [one.number for one in store.article(own.article_id).versions] == [1, 2]


def test_new_for_a_document_with_an_article_is_its_next_version(store, make, sources, archive):
    (document,) = sources("/a")
    first, second = archive(make.result(document, STORY), make.result(document, OTHER), decide=make.undecided)
    assert (second.article_id, second.verdict.kind) == (first.article_id, VerdictKind.NEW)
    assert len(store.article(first.article_id).versions) == 2


# -- candidates ------------------------------------------------------------------------------------------------------


def test_candidates_carry_what_a_decider_needs(store, make, sources, archive):
    first, second = sources("/a", "/b")
    (stored,) = archive(make.result(first, article=make.article(STORY, agency="AP"), payload="p"))
    seen = []

    def spy(article, candidates):
        seen.extend(candidates)
        return make.undecided(article, candidates)

    fresh = make.article(EDITED, keys={"words": make.keys_of(EDITED), "other": make.keys_of(STORY)})
    archive(make.result(second, article=fresh, payload="p"), decide=spy)
    (candidate,) = seen
    assert (candidate.version_id, candidate.article_id) == (stored.version_id, stored.article_id)
    assert (candidate.document_id, candidate.canonical_url) == (first.id, first.canonical_url)
    assert (candidate.same_document, candidate.current, candidate.same_payload) == (False, True, True)
    assert candidate.text_digest == make.article(STORY).text_digest
    assert (candidate.published_at, candidate.agency) == (make.NOW, "AP")
    words = len(set(STORY.split()))
    assert (candidate.shared_keys, candidate.own_keys) == ({"words": words}, {"words": words})


def candidates_for(store, make, archive, document, article):
    seen = []

    def spy(fresh, candidates):
        seen.append([one.version_id for one in candidates])
        return make.undecided(fresh, candidates)

    archive(make.result(document, article=article), decide=spy)
    return seen[0]


def test_keys_of_other_signals_never_meet(store, make, sources, archive):
    first, second = sources("/a", "/b")
    archive(make.result(first, STORY))
    fresh = make.article(EDITED, keys={"other": make.keys_of(STORY)})
    assert candidates_for(store, make, archive, second, fresh) == []


@pytest.mark.parametrize(("days", "found"), [(-3, True), (3, True), (-3.01, False), (3.01, False)])
def test_signals_look_three_days_around(store, make, sources, archive, days, found):
    first, second = sources("/a", "/b")
    archive(make.result(first, article=make.article(STORY, published_at=make.dated(make.at(days=days)))))
    assert bool(candidates_for(store, make, archive, second, make.article(EDITED))) is found


def with_keys(store, make, documents, owned):
    """Store an article for each document with keys of its own; returns their versions."""
    results = [
        make.result(one, article=make.article(f"{one.id}", keys={"words": keys}))
        for one, keys in zip(documents, owned, strict=True)
    ]
    return [one.version_id for one in store.archive(results, decide=make.undecided, now=make.NOW)]


def seen_by(store, make, document, article):
    found = []
    spy = make.result(document, article=article)
    store.archive([spy], decide=lambda _, given: found.extend(given) or make.undecided(_, given), now=make.NOW)
    return found


KEYS = tuple(key for key in range(0, 24_000, 24) if indexed({"words": (key,)}))[:210]


def test_the_best_twenty_by_shared_keys_have_their_text(store, make, sources):
    owned = [KEYS[number : number + 1 + (number % 8 == 0)] for number in range(24)]
    versions = with_keys(store, make, sources(*(f"/{number:03}" for number in range(24))), owned)
    (document,) = sources("/fresh")
    found = seen_by(store, make, document, make.article("all", keys={"words": KEYS}))
    ranked = sorted(range(24), key=lambda number: (number % 8 != 0, number))
    assert [one.version_id for one in found] == versions
    assert {one.version_id for one in found if one.body} == {versions[number] for number in ranked[:20]}
    assert {one.headline for one in found if not one.body} == {""}
    (own, *_) = [one for one in seen_by(store, make, document, make.article("none", keys={})) if one.same_document]
    assert (own.headline, own.body) == ("all", "all")


def test_the_best_two_hundred_by_shared_keys_are_candidates(sqlite_url, make):
    identities = [make.identity(f"/{number:03}") for number in range(205)]
    with open_store(sqlite_url) as store:
        store.put_loose([make.loose(f"/{number:03}") for number in range(205)], now=make.NOW)
        *documents, document = (store.document(one.canonical_url) for one in identities)
        owned = [KEYS[number : number + 1 + (number % 20 == 0)] for number in range(204)]
        versions = with_keys(store, make, documents, owned)
        found = seen_by(store, make, document, make.article("all", keys={"words": KEYS}))
    ranked = sorted(range(204), key=lambda number: (number % 20 != 0, number))
    assert {one.version_id for one in found} == {versions[number] for number in ranked[:200]}


def test_a_payload_that_is_everywhere_gives_few_candidates(store, make, sources, archive):
    documents = sources(*(f"/{number}" for number in range(30)))
    plain = make.article("a wall", keys={})
    archive(*(make.result(one, article=plain, payload="wall") for one in documents), decide=make.undecided)
    (document,) = sources("/fresh")
    found = []
    archive(
        make.result(document, article=plain, payload="wall"),
        decide=lambda article, candidates: (found.extend(candidates), make.undecided(article, candidates))[1],
    )
    assert len(found) == 20


def test_a_verdict_on_something_else_is_the_items_error(store, make, sources, archive):
    (document,) = sources("/a")

    def invent(article, candidates):
        return replace(make.undecided(article, candidates), kind=VerdictKind.REVISIT, matched_version_id=999)

    (answer,) = archive(make.result(document, STORY), decide=invent)
    assert "999" in answer.error
    assert store.status(now=make.NOW).attempts == 0


# -- batches ---------------------------------------------------------------------------------------------------------


def test_an_item_that_cannot_be_stored_leaves_nothing_and_harms_nobody(store, make, sources, archive):
    one, two, three = sources("/a", "/b", "/c")
    taken = make.result(one, STORY)
    clash = make.capture(two, location=taken.captures[-1].location)
    answers = archive(
        taken,
        make.result(two, EDITED, captures=(make.capture(two), clash)),
        make.result(replace(two, id=10**6), EDITED),
        make.result(two, EDITED, captures=()),
        make.result(three, OTHER),
    )
    assert [bool(one.error) for one in answers] == [False, True, True, True, False]
    assert [one.attempt_id is None for one in answers] == [False, True, True, True, False]
    status = store.status(now=make.NOW)
    assert (status.attempts, status.captures, status.articles, status.clusters) == (2, 2, 2, 2)
    assert store.document(two.canonical_url).last_outcome is None
    (repaired,) = archive(make.result(two, EDITED))
    assert not repaired.error


def test_items_of_a_batch_see_each_other(store, make, sources, archive):
    first, second = sources("/a", "/b")
    one, two = archive(make.result(first, STORY), make.result(second, EDITED))
    assert two.verdict.matched_version_id == one.version_id


def test_an_empty_batch_is_fine(archive):
    assert archive() == []


def test_hostile_text_is_stored(store, make, sources, archive):
    (document,) = sources("/a")
    hostile = make.article("nul\0 and lone \udcff surrogate", byline="x" * 100_000, evidence={"\0": "\ud800"})
    (answer,) = archive(make.result(document, article=hostile, attempt_fields={"detail": "\0"}))
    assert not answer.error
    (version,) = store.article(answer.article_id).versions
    assert "nul" in version.article.body
    assert version.article.evidence == {"\0": "\ud800"}


def test_a_decider_that_breaks_breaks_the_call(store, make, sources, archive):
    (document,) = sources("/a")

    def broken(article, candidates):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        archive(make.result(document, STORY), decide=broken)
    assert store.status(now=make.NOW).attempts == 0


# -- event links -----------------------------------------------------------------------------------------------------


def put(store, make, *entries):
    return store.put_events(entries, match=make.no_match, now=make.NOW)


def test_an_article_is_linked_to_every_event_that_cites_it(store, make, archive):
    put(
        store,
        make,
        make.entry("one"),
        make.entry("two", sources=make.links("/b", "/a")),
        make.entry("three", sources=()),
    )
    put(store, make, make.entry("gone"), make.entry("gone", sources=()))
    document = store.document(make.identity("/a").canonical_url)
    (answer,) = archive(make.result(document, STORY))
    assert answer.event_links == 2
    links = store.article(answer.article_id).events
    assert [one.event_key for one in links] == ["2006/07/5/one", "2006/07/5/two"]
    evidence = "the entry cites it as source link 2"
    expected = EventLink(event_key="2006/07/5/two", article_id=answer.article_id, evidence=evidence)
    assert store.event("2006/07/5/two").links == (expected,)
    assert store.event("2006/07/5/two").sources[1].headline == "ferry"
    (again,) = archive(make.result(document, STORY))
    assert again.event_links == 0


def test_a_later_event_is_linked_to_the_article_that_is_there(store, make, archive):
    put(store, make, make.entry("one"))
    document = store.document(make.identity("/a").canonical_url)
    (answer,) = archive(make.result(document, STORY))
    put(store, make, make.entry("two"), make.entry("two"))
    put(store, make, make.entry("three", sources=()), make.entry("three"))
    assert [one.event_key[-5:] for one in store.article(answer.article_id).events] == ["5/one", "three", "5/two"]


def test_a_duplicate_keeps_its_own_event_link(store, make, archive):
    put(store, make, make.entry("one"), make.entry("two", sources=make.links("/b")))
    for path in ("/a", "/b"):
        archive(make.result(store.document(make.identity(path).canonical_url), STORY, payload="same"))
    assert len(store.event("2006/07/5/two").links) == 1


# -- re-extraction ---------------------------------------------------------------------------------------------------


def test_reextraction_replaces_text_and_keys(store, make, sources, archive):
    first, second = sources("/a", "/b")
    (answer,) = archive(make.result(first, STORY))
    better = make.article(OTHER, headline="Tax", extractor_version="2", modified_at=make.dated(make.at(hours=1)))
    fields = ("headline", "body", "modified_at", "extractor_version", "text_digest", "keys")
    assert store.reextract(answer.version_id, better, now=make.at(days=1), dry_run=True) == fields
    assert store.article(answer.article_id).versions[0].article.body == STORY
    assert store.reextract(answer.version_id, better, now=make.at(days=1)) == fields
    (version,) = store.article(answer.article_id).versions
    assert (version.article, version.extracted_at) == (replace(better, keys={}), make.at(days=1))
    assert (version.number, version.verdict, version.capture_id > 0) == (1, answer.verdict, True)
    assert candidates_for(store, make, archive, second, make.article(STORY)) == []
    assert store.reextract(answer.version_id, better, now=make.at(days=2)) == ()
    assert store.article(answer.article_id).versions[0].extracted_at == make.at(days=1)


def test_a_new_signal_alone_is_a_difference(store, make, sources, archive):
    first, second = sources("/a", "/b")
    (answer,) = archive(make.result(first, STORY))
    more = make.article(STORY, keys={"words": make.keys_of(STORY), "other": make.keys_of(OTHER), "none": ()})
    assert store.reextract(answer.version_id, more, now=make.NOW) == ("keys",)
    assert store.reextract(answer.version_id, more, now=make.NOW) == ()
    fresh = make.article(EDITED, keys={"other": make.keys_of(OTHER)})
    assert candidates_for(store, make, archive, second, fresh) == [answer.version_id]


def test_a_better_date_may_change_the_representative(store, make, sources, archive):
    documents = sources("/a", "/b")
    one, two = archive(*(make.result(document, STORY) for document in documents))
    earlier = make.article(STORY, published_at=make.dated(make.at(days=-1)))
    store.reextract(two.version_id, earlier, now=make.NOW)
    assert store.waiting_for_comparison(limit=9) == [two.article_id]
    assert store.compare_again([two.article_id], decide=make.decide, fingerprint=make.as_stored, now=make.NOW) == 0
    assert [member.representative for member in store.article(one.article_id).cluster] == [False, True]


def test_an_unknown_version_is_refused(store, make):
    with pytest.raises(VersionNotFound):
        store.reextract(1, make.article(STORY), now=make.NOW)
