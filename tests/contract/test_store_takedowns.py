"""Takedowns in the store: what goes, what stays, and what is kept away from then on."""

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage import open_store
from storage.errors import ArticleNotFound, StillNeeded, TakedownNotFound
from storage.types import (
    CaptureKind,
    FetchReason,
    ImageFacts,
    LinkState,
    Outcome,
    PageKind,
    PageVerdict,
    RecordLocation,
    Removal,
    RetentionRule,
    SameDocumentHow,
    Selection,
    Takedown,
    TakedownKind,
    WantedImage,
)

STORY = "ferry aground near lind twelve people brought ashore by the coast guard quokkaburra"
COPY = "ferry aground near lind twelve people brought ashore by the coast guard"
OTHER = "parliament votes to lower its tax on bicycles after long debate"
HOST = "harbour-post.example"
RAW, DOCUMENT, OF_HOST = TakedownKind.RAW, TakedownKind.DOCUMENT, TakedownKind.HOST


@pytest.fixture
def takedown(make):
    def build(subject="", kind=DOCUMENT, **fields):
        values = {"reason": "the author asked", "who": "ann", "made_at": make.NOW}
        return Takedown(kind=kind, subject=subject, **{**values, **fields})

    return build


@pytest.fixture
def forget(store, takedown):
    """Takes documents down under the first one's URL."""

    def run(*documents, kind=DOCUMENT, subject=None, **options):
        fields = {name: options.pop(name) for name in ("id", "reason", "made_at") if name in options}
        name = subject or documents[0].canonical_url
        return store.take_down(takedown(name, kind, **fields), document_ids=[one.id for one in documents], **options)

    return run


@pytest.fixture
def at_place(make):
    """Makes a capture whose record stands at an offset of a file."""

    def build(document, offset, length=100, file="one.warc.gz", **fields):
        number = fields.pop("record_id", f"urn:uuid:{file}-{offset}")
        place = RecordLocation(file=file, offset=offset, length=length, record_id=number)
        return make.capture(document, location=place, **fields)

    return build


def everything(store):
    """Where the library's tables are, all that is in them, as one text."""
    if not hasattr(store, "_engine"):
        return repr(store._library)
    with store._read() as connection:
        tables = [name for name in store.info().rows if name != "alembic_version"]
        return repr([connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables])  # noqa: S608 -- ours


# -- what goes -------------------------------------------------------------------------------------------------------


def test_texts_and_captures_go_and_what_was_asked_stays(store, make, sources, archived, forget):
    (document, other) = sources("/a", "/b")
    page = PageVerdict(kind=PageKind.ARTICLE, score=0.9, page_digest="d" * 16)
    (first,) = archived(make.result(document, STORY, attempt_fields={"page": page, "detail": f"it says {STORY}"}))
    (second,) = archived(make.result(other, OTHER))
    made = forget(document)
    assert dict(made.removed) == {"articles": 1, "versions": 1, "links": 0, "captures": 1, "bytes": 100}
    assert (made.reason, made.who, made.made_at, made.lifted_at) == ("the author asked", "ann", make.NOW, None)
    history = store.history(document.canonical_url)
    assert (history.captures, history.document.article_id) == ((), None)
    (asked,) = history.attempts
    assert (asked.outcome, asked.page, asked.detail, asked.coverage) == (Outcome.FETCHED, None, "", None)
    with pytest.raises(ArticleNotFound):
        store.article(first.article_id)
    assert [one.id for one in store.articles()] == [second.article_id]
    assert "quokkaburra" not in everything(store)
    assert list(store.search_articles(["quokkaburra"], limit=5)) == []
    counted = store.status(now=make.NOW)
    assert (counted.articles, counted.versions, counted.captures, counted.clusters, counted.attempts) == (1, 1, 1, 1, 2)


def test_the_number_of_an_article_that_went_is_not_given_again(store, make, sources, archived, forget):
    first, second = sources("/a", "/b")
    (old,) = archived(make.result(first, STORY))
    cluster = store.article(old.article_id).cluster_id
    forget(first)
    (new,) = archived(make.result(second, OTHER))
    assert new.article_id > old.article_id
    assert store.article(new.article_id).cluster_id > cluster


def test_a_document_that_was_never_fetched_leaves_a_tombstone(store, sources, forget):
    (document,) = sources("/a")
    made = forget(document)
    assert dict(made.removed) == {"articles": 0, "versions": 0, "links": 0, "captures": 0, "bytes": 0}
    assert store.takedown_of(document.canonical_url, document.host) == made
    assert store.takedowns() == store.takedowns(standing_only=True) == [made]


def test_what_rests_on_an_article_in_other_tables_goes_with_it(store, make, sources, archived, forget, staged_of):
    entry = make.entry(sources=make.links("/a"))
    store.put_events([entry], match=make.no_match, now=make.NOW)
    document = store.document(make.identity("/a").canonical_url)
    (other,) = sources("/b")
    edges = replace(make.article(STORY), edge_lines=(5, 6))
    (first, second) = archived(make.result(document, article=edges), make.result(other, COPY))
    store.stage_reextractions([staged_of(first.version_id, edges)])
    store.decide_link(
        entry.key, first.article_id, state=LinkState.CONFIRMED, by="ann", because="it says so", now=make.NOW
    )
    assert store.relations(second.article_id)
    assert store.familiar_lines(HOST, [5], document_id=other.id) == {5: 1}
    assert forget(document, dry_run=True).removed["links"] == 1
    forget(document)
    assert list(store.relations(second.article_id)) == []
    assert store.familiar_lines(HOST, [5], document_id=other.id) == {}
    view = store.event(entry.key)
    assert (view.links, view.sources[0].document.id, view.sources[0].headline) == ((), document.id, "")
    assert store.event(entry.key).sources[0].withdrawn_at is None
    assert "quokkaburra" not in everything(store)


def test_a_story_is_told_anew_without_it(store, make, sources, archived, forget):
    one, two, three = sources("/1", "/2", "/3")
    answers = archived(*(make.result(each, STORY, payload=each.canonical_url) for each in (one, two, three)))
    first, second, third = (one.article_id for one in answers)
    (cluster_id,) = {store.article(each).cluster_id for each in (first, second, third)}
    assert [member.article_id for member in store.article(second).cluster if member.representative] == [first]
    forget(one)
    left = store.article(second)
    assert [member.article_id for member in left.cluster] == [second, third]
    assert left.cluster_id == cluster_id
    assert sum(member.representative for member in left.cluster) == 1
    forget(two)
    (alone,) = store.article(third).cluster
    assert (alone.article_id, alone.representative, alone.score) == (third, True, 1.0)
    assert store.article(third).versions[0].verdict.matched_version_id is None
    forget(three)
    assert store.status(now=make.NOW).clusters == 0


def test_a_story_that_it_held_together_falls_apart(store, make, sources, archived, forget):
    middle, left, right = sources("/middle", "/left", "/right")
    archived(make.result(middle, "one two three four five six seven eight"), decide=make.contained)
    archived(make.result(left, "one two three four"), make.result(right, "five six seven eight"), decide=make.contained)
    articles = [store.document(each.canonical_url).article_id for each in (left, right)]
    assert len({store.article(one).cluster_id for one in articles}) == 1
    forget(middle)
    assert len({store.article(one).cluster_id for one in articles}) == 2
    assert store.status(now=make.NOW).clusters == 2


def test_its_lead_images_go_unless_somebody_else_shows_them(store, make, sources, archived, forget):
    one, two = sources("/1", "/2")
    own, shared = (
        WantedImage(url=f"http://images.example{path}", identity=make.identity(path, "images.example"))
        for path in ("/own.jpg", "/shared.jpg")
    )
    archived(make.result(one, STORY, lead_image=own), make.result(two, OTHER, lead_image=shared))
    archived(make.result(one, f"{STORY} later", lead_image=shared))
    facts = ImageFacts(width=4, height=3, media_type="image/png", perceptual_hash=1)
    images = [store.document(each.identity.canonical_url) for each in (own, shared)]
    archived(*(make.result(each, outcome=Outcome.IMAGE, image=facts) for each in images))
    made = forget(one)
    assert dict(made.removed) == {"articles": 1, "versions": 2, "links": 0, "captures": 3, "bytes": 300}
    assert store.history(images[0].canonical_url).captures == ()
    assert len(store.history(images[1].canonical_url).captures) == 1
    assert store.takedown_of(images[0].canonical_url, "images.example").id == made.id
    assert store.takedown_of(images[1].canonical_url, "images.example") is None


def test_places_in_held_files_go(store, make, sources, forget):
    one, two = sources("/1", "/2")
    rows = [make.held_record(url_key=each.url_key) for each in (one, two)]
    store.put_held_file(make.held_file(), rows)
    forget(one)
    assert store.held_records(one.url_key) == []
    assert len(store.held_records(two.url_key)) == 1


def test_a_merged_document_is_another_one(store, make, sources, archived, forget):
    one, two = sources("/1", "/2")
    archived(make.result(one, STORY), make.result(two, STORY))
    store.merge_documents(one.id, two.id, how=SameDocumentHow.HAND, evidence="same", now=make.NOW)
    assert [each.id for each in store.copies_of([two.id])] == [one.id]
    forget(two)
    assert store.document(one.canonical_url).article_id is not None
    assert store.takedown_of(one.canonical_url, one.host) is None


def test_a_dry_run_counts_and_changes_nothing(store, make, sources, archived, forget):
    (document,) = sources("/a")
    archived(make.result(document, STORY))
    before = everything(store)
    counted = forget(document, dry_run=True)
    assert (counted.id, dict(counted.removed)) == (
        None,
        {"articles": 1, "versions": 1, "links": 0, "captures": 1, "bytes": 100},
    )
    assert everything(store) == before


# -- what is kept away -----------------------------------------------------------------------------------------------


def test_a_tombstone_is_never_due_leased_or_looked_for(store, make, sources, forget):
    document, other = sources("/a", "/b")
    store.archive([make.failure(document, Outcome.GONE)], decide=make.decide, now=make.NOW)
    store.queue_backfills(make.RULES, now=make.NOW)
    assert [task.document.id for task in store.lease_backfills(make.backfill())] == [document.id]
    forget(document)
    assert store.history(document.canonical_url).backfill is None
    assert store.document(document.canonical_url).next_fetch_at is None
    later = make.at(days=1)
    assert store.queue_backfills(make.RULES, now=later) == 0
    assert store.lease_backfills(make.backfill(run="run-2", now=later, due_only=False)) != []
    named = store.lease_backfills(
        make.backfill(run="run-3", now=later, due_only=False, canonical_url=document.canonical_url)
    )
    assert named == []
    assert [one.id for one in store.lease(make.request(now=later, due_only=False))] == [other.id]
    assert list(store.wanted_keys()) == [other.url_key]
    store.put_loose([make.loose("/a")], now=later)
    assert list(store.due(Selection(canonical_url=document.canonical_url, due_only=False), now=later)) == []
    assert store.status(now=later).due == 1


def test_citing_it_again_keeps_the_link_and_fetches_nothing(store, make, sources, forget):
    (document,) = sources("/a")
    forget(document)
    (answer,) = store.put_events([make.entry(sources=make.links("/a"))], match=make.no_match, now=make.NOW)
    assert store.event(answer.key).sources[0].document.id == document.id
    assert store.lease(make.request(now=make.at(days=2))) == []


def test_what_is_fetched_meanwhile_is_not_stored_and_its_records_go(store, make, sources, forget, at_place):
    (document,) = sources("/a")
    made = forget(document)
    late = make.result(document, STORY, captures=(at_place(document, 300), at_place(document, 500)))
    for _ in range(2):
        (answer,) = store.archive([late], decide=make.decide, now=make.NOW)
        assert (answer.takedown_id, answer.attempt_id) == (made.id, None)
        assert answer.error == "it was taken down on 2026-03-01 by ann: the author asked"
    assert store.removals() == [
        Removal(file="one.warc.gz", offset=0, length=400, takedown_id=made.id),
        Removal(file="one.warc.gz", offset=400, length=200, takedown_id=made.id),
    ]
    assert store.committed_end("one.warc.gz") == 600
    assert store.history(document.canonical_url).attempts == ()


def test_a_hosts_tombstone_holds_for_what_comes_later(store, make, sources, archived, takedown):
    (document,) = sources("/a")
    archived(make.result(document, STORY))
    made = store.take_down(takedown(HOST, OF_HOST), document_ids=[document.id])
    (later,) = sources("/later")
    assert store.takedown_of(later.canonical_url, HOST) == made
    assert store.takedown_of("https://unknown.example/", "unknown.example") is None
    assert store.lease(make.request(now=make.at(days=400), due_only=False)) == []
    (answer,) = store.archive([make.result(later, STORY)], decide=make.decide, now=make.NOW)
    assert answer.takedown_id == made.id
    claim = store.claim_host(HOST, token="run-1", now=make.NOW, until=make.at(minutes=5))
    assert (claim.granted, claim.paused) == (False, True)


def test_a_host_may_be_kept_away_before_anything_is_on_it(store, make, sources, takedown):
    made = store.take_down(takedown("unknown.example", OF_HOST), document_ids=[])
    assert store.takedown_of("https://unknown.example/a", "unknown.example") == made
    sources("/a", host="unknown.example")
    assert store.lease(make.request(now=make.at(days=1))) == []
    assert store.next_ready(make.request(now=make.at(days=1))) is None


def test_a_host_goes_bit_by_bit_under_one_tombstone(store, make, sources, archived, takedown):
    documents = sources("/1", "/2", "/3")
    archived(*(make.result(each, f"{STORY} {each.id}") for each in documents))
    made = [
        store.take_down(takedown(HOST, OF_HOST, reason=f"call {each.id}"), document_ids=[each.id]) for each in documents
    ]
    assert len({one.id for one in made}) == 1
    assert dict(made[-1].removed) == {"articles": 3, "versions": 3, "links": 0, "captures": 3, "bytes": 300}
    assert [one.reason for one in store.takedowns()] == [made[0].reason]


def test_lifting_lets_it_be_fetched_again(store, make, sources, archived, forget, takedown):
    one, two, three = sources("/1", "/2", "/3")
    archived(make.result(one, STORY))
    forget(one)
    forget(three)
    store.take_down(takedown(HOST, OF_HOST), document_ids=[one.id, two.id, three.id])
    later = make.at(days=3)
    lifted = store.lift_takedown(OF_HOST, HOST, now=later, who="bob")
    assert (lifted.lifted_at, lifted.lifted_by) == (later, "bob")
    assert [each.id for each in store.lease(make.request(now=later))] == [two.id]
    store.lift_takedown(DOCUMENT, one.canonical_url, now=later, who="bob")
    assert [each.id for each in store.lease(make.request(run="run-1", now=later))] == [one.id]
    with pytest.raises(TakedownNotFound, match="no tombstone stands"):
        store.lift_takedown(DOCUMENT, one.canonical_url, now=later, who="bob")
    (standing,) = store.takedowns(standing_only=True)
    assert standing.subject == three.canonical_url
    archived(make.result(one, STORY), now=later)
    again = forget(one, made_at=later)
    assert (again.id, again.lifted_at, again.removed["articles"]) == (store.takedowns()[0].id, None, 1)


def test_a_tombstone_is_no_link_rot(store, make, forget):
    store.put_events([make.entry(sources=make.links("/a", "/b"))], match=make.no_match, now=make.NOW)
    assert sum(line.documents for line in store.link_rot()) == 2
    forget(store.document(make.identity("/a").canonical_url))
    assert sum(line.documents for line in store.link_rot()) == 1


# -- stretches of files ----------------------------------------------------------------------------------------------


def test_a_stretch_begins_where_the_record_before_it_ends(store, make, sources, archived, forget, at_place):
    one, two, three = sources("/1", "/2", "/3")
    places = ((one, 150), (two, 400), (three, 700), (two, 900))
    archived(*(make.result(each, captures=(at_place(each, offset),)) for each, offset in places))
    made = forget(two)
    assert [(each.offset, each.length) for each in store.removals()] == [(250, 250), (800, 200)]
    assert store.committed_end("one.warc.gz") == 1000
    again = forget(three)
    assert [(each.offset, each.length, each.takedown_id) for each in store.removals()] == [
        (250, 250, made.id),
        (500, 300, again.id),
        (800, 200, made.id),
    ]
    store.end_removals(store.removals()[1:])
    assert store.committed_end("one.warc.gz") == 500
    store.end_removals(store.removals())
    assert (store.removals(), store.committed_end("one.warc.gz")) == ([], 250)
    store.end_removals(())


def test_what_others_rest_on_must_be_moved_first(store, make, sources, archived, forget, at_place):
    goes, stays, more = sources("/goes", "/stays", "/more")
    held = at_place(goes, 100, payload="page")
    archived(make.result(goes, captures=(held,)))
    rests = [
        at_place(each, offset, payload="page", revisit_of=held.location.record_id)
        for each, offset in ((stays, 300), (more, 500))
    ]
    archived(*(make.result(each, captures=(one,)) for each, one in zip((stays, more), rests, strict=True)))
    resting = store.resting_on([goes.id])
    assert [one.location for one in resting] == [one.location for one in rests]
    assert store.resting_on([goes.id, stays.id, more.id]) == []
    with pytest.raises(StillNeeded):
        forget(goes)
    assert store.takedowns() == []
    new = [at_place(each, 50 + 200 * n, file="two.warc.gz") for n, each in enumerate((stays, more))]
    moved = {
        resting[0].id: replace(resting[0], location=new[0].location, revisit_of=""),
        resting[1].id: replace(resting[1], location=new[1].location, revisit_of=new[0].location.record_id),
    }
    store.move_captures(moved, takedown="others rest on it", now=make.NOW)
    (first,) = store.history(stays.canonical_url).captures
    assert (first.location, first.revisit_of) == (new[0].location, "")
    (note,) = store.takedowns()
    assert (note.kind, note.reason, note.removed["captures"]) == (RAW, "others rest on it", 2)
    assert [(one.offset, one.length) for one in store.removals()] == [(200, 200), (400, 200)]
    forget(goes)
    assert len(store.removals()) == 3
    assert [one.location for one in store.captures()] == [one.location for one in new]


def test_what_is_gone_before_it_is_moved_leaves_no_record(store, make, sources, archived, forget, at_place):
    (document,) = sources("/a")
    archived(make.result(document, captures=(at_place(document, 100),)))
    (capture,) = store.history(document.canonical_url).captures
    forget(document)
    store.move_captures(
        {capture.id: replace(capture, location=at_place(document, 40, file="two.warc.gz").location)},
        takedown="others rest on it",
        now=make.NOW,
    )
    assert [(one.file, one.offset, one.length) for one in store.removals()] == [
        ("one.warc.gz", 0, 200),
        ("two.warc.gz", 0, 140),
    ]


def test_a_revisit_of_what_was_removed_a_moment_ago_is_refused(store, make, sources, archived, forget, at_place):
    goes, stays = sources("/goes", "/stays")
    held = at_place(goes, 100, payload="page")
    archived(make.result(goes, captures=(held,)))
    known = store.known_payloads([held.payload_digest])
    forget(goes)
    assert store.known_payloads([held.payload_digest]) == {}
    late = at_place(stays, 300, payload="page", revisit_of=known[held.payload_digest].location.record_id)
    (answer,) = store.archive([make.result(stays, captures=(late,))], decide=make.decide, now=make.NOW)
    assert "taken down a moment ago" in answer.error


def test_a_revisit_of_what_came_with_it_needs_no_older_record(store, make, sources, archived, forget, at_place):
    goes, stays = sources("/goes", "/stays")
    forget(goes)
    first = at_place(stays, 300, payload="301 Moved Permanently")
    second = at_place(stays, 400, payload="301 Moved Permanently", revisit_of=first.location.record_id)
    archived(make.result(stays, captures=(first, second)))
    assert [one.revisit_of for one in store.captures()] == ["", first.location.record_id]


# -- raw captures ----------------------------------------------------------------------------------------------------


def test_raw_captures_go_and_texts_stay(store, make, sources, archived, forget, at_place):
    (document,) = sources("/a")
    archived(make.result(document, STORY, captures=(at_place(document, 100),)))
    due = store.document(document.canonical_url).next_fetch_at
    made = forget(document, kind=RAW, reason="rule raw")
    assert dict(made.removed) == {"articles": 0, "versions": 0, "links": 0, "captures": 1, "bytes": 200}
    view = store.article(store.document(document.canonical_url).article_id)
    assert view.versions[0].article.body == STORY
    assert list(store.versions()) == []
    (capture,) = store.history(document.canonical_url).captures
    assert (capture.takedown_id, capture.location.length) == (made.id, 0)
    assert capture.location.record_id == "urn:uuid:one.warc.gz-100"
    assert list(store.captures()) == []
    assert list(store.replayable(Selection(due_only=False))) == []
    assert store.known_payloads([capture.payload_digest]) == {}
    assert store.takedown_of(document.canonical_url, HOST) is None
    assert store.document(document.canonical_url).next_fetch_at == due
    assert len(list(store.lease(make.request(now=make.at(days=31))))) == 1
    again = forget(document, kind=RAW, reason="rule raw")
    assert again.removed["captures"] == 0
    assert [one.kind for one in store.takedowns(standing_only=True)] == []
    archived(make.result(document, OTHER, captures=(at_place(document, 900),)))
    forget(document)
    assert store.history(document.canonical_url).captures == ()


def test_only_what_is_old_goes_where_a_moment_is_given(store, make, sources, archived, forget, at_place):
    (document,) = sources("/a")
    old = at_place(document, 100, payload="page", fetched_at=make.at(days=-400), captured_at=make.at(days=-400))
    new = at_place(document, 300, payload="page", revisit_of=old.location.record_id)
    archived(make.result(document, STORY, captures=(old,)))
    archived(make.result(document, STORY, captures=(new,), attempt_fields={"reason": FetchReason.REFRESH}))
    before = make.at(days=-365)
    assert [one.location for one in store.resting_on([document.id], before=before)] == [new.location]
    with pytest.raises(StillNeeded):
        forget(document, kind=RAW, before=before)
    (capture,) = store.resting_on([document.id], before=before)
    moved = replace(capture, location=at_place(document, 9, file="two.warc.gz").location, revisit_of="")
    store.move_captures({capture.id: moved}, takedown="moved", now=make.NOW)
    made = forget(document, kind=RAW, before=before)
    assert made.removed["captures"] == 1
    assert [one.location for one in store.captures()] == [moved.location]


def test_what_is_expired_is_told_by_when_it_was_fetched(store, make, sources, archived, forget):
    old, both, new, memento, never = sources("/old", "/both", "/new", "/memento", "/never")
    (other,) = sources("/other", host="gazette.example")
    then = {"fetched_at": make.at(days=-400), "captured_at": make.at(days=-400)}
    for each in (old, both, other):
        archived(make.result(each, captures=(make.capture(each, **then),)))
    archived(*(make.result(each) for each in (both, new)))
    copy = make.capture(memento, kind=CaptureKind.MEMENTO, captured_at=make.at(days=-7000))
    archived(make.result(memento, captures=(copy,)))
    rule = RetentionRule(before=make.at(days=-365))
    assert list(store.expired(rule)) == [old.id, both.id, other.id]
    assert list(store.expired(rule, after=both.id)) == [other.id]
    assert list(store.expired(replace(rule, host=HOST))) == [old.id, both.id]
    whole = replace(rule, raw_only=False)
    assert list(store.expired(whole)) == [old.id, other.id]
    forget(old, both, other, kind=RAW, before=rule.before)
    assert list(store.expired(rule)) == []
    assert list(store.expired(whole)) == [old.id, other.id]
    assert never.id not in set(store.expired(whole))


# -- copies ----------------------------------------------------------------------------------------------------------


def test_copies_have_the_same_page_or_the_same_text(store, make, sources, archived):
    one, page, words, far, none = sources("/1", "/page", "/words", "/far", "/none")
    archived(
        make.result(one, STORY, payload="page"),
        make.result(page, payload="page"),
        make.result(words, STORY),
        make.result(far, COPY),
        make.result(none, OTHER),
    )
    assert [each.id for each in store.copies_of([one.id])] == [page.id, words.id]
    assert store.copies_of([none.id]) == []
    assert [each.id for each in store.copies_of([one.id, words.id])] == [page.id]


# -- the file of a database ------------------------------------------------------------------------------------------


def test_nothing_of_the_text_is_left_in_the_files_of_sqlite(sqlite_url, tmp_path, make):
    long = " ".join(f"{STORY} quokka{number}burra" for number in range(400))
    with open_store(sqlite_url) as store:
        store.put_loose([make.loose("/a"), make.loose("/b")], now=make.NOW)
        documents = list(store.due(Selection(), now=make.NOW))
        store.archive(
            [make.result(documents[0], long), make.result(documents[1], OTHER)], decide=make.decide, now=make.NOW
        )
        store.archive([make.result(documents[0], f"{long} again")], decide=make.decide, now=make.NOW)
        asked = Takedown(kind=DOCUMENT, subject=documents[0].canonical_url, reason="asked", who="ann", made_at=make.NOW)
        store.take_down(asked, document_ids=[documents[0].id])
        assert b"burra" in b"".join(path.read_bytes() for path in tmp_path.iterdir())
        store.end_removals(store.removals())
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert [name for name, data in files.items() if b"burra" in data or b"coast guard" in data] == []
        assert store.search_articles(["bicycles"], limit=5)
    engine = create_engine(sqlite_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert connection.execute(text("SELECT count(*) FROM removals")).scalar() == 0
        connection.execute(text("INSERT INTO fts_articles (fts_articles) VALUES ('integrity-check')"))
