"""One capture by its number, with what it belongs to; and one story by the number of its cluster."""

from dataclasses import replace

import pytest

from storage.errors import CaptureNotFound, ClusterNotFound
from storage.types import CaptureKind, FetchReason, Outcome, Takedown, TakedownKind, VerdictKind

STORY = "ferry aground near lind twelve people brought ashore by coast guard on wednesday evening in calm weather"
CUT, END = " ".join(STORY.split()[:6]), " ".join(STORY.split()[-6:])
OTHER = "parliament votes to lower its tax upon bicycles after long debate about roads and who should pay"


@pytest.fixture
def document(store, make):
    def build(path="/a"):
        store.put_loose([make.loose(path)], now=make.NOW)
        return store.document(make.identity(path).canonical_url)

    return build


@pytest.fixture
def tell(store, make, document, archived):
    """Stores the article of a document, compared with all others; returns its number."""

    def build(path, words):
        made = make.article(words, keys={"words": make.many_keys_of(words)})
        (answer,) = archived(make.result(document(path), article=made), decide=make.contained)
        return answer.article_id

    return build


def ids(store, document):
    return [one.id for one in store.history(document.canonical_url).captures]


# -- captures --------------------------------------------------------------------------------------------------------


def test_a_capture_comes_with_its_attempt_document_and_version(store, make, document, archived):
    page = document()
    kept = make.capture(page)
    (answer,) = archived(make.result(page, STORY, captures=(kept,)))
    (number,) = ids(store, page)
    view = store.capture(number)
    assert view.capture == replace(kept, id=number, attempt_id=answer.attempt_id, headers=view.capture.headers)
    assert (view.attempt.id, view.attempt.document_id) == (answer.attempt_id, page.id)
    assert view.document == store.document(page.canonical_url)
    assert (view.article_id, view.version, view.holder_id, view.takedown) == (answer.article_id, 1, None, None)


def test_a_capture_without_an_article_has_no_version(store, make, document, archived):
    page = document()
    archived(make.result(page, outcome=Outcome.GONE, captures=(make.capture(page, status=404),)))
    (number,) = ids(store, page)
    view = store.capture(number)
    assert (view.capture.status, view.article_id, view.version) == (404, None, None)


def test_a_later_capture_of_the_same_text_names_the_version_that_it_shows(store, make, document, archived):
    page = document()
    archived(make.result(page, STORY), make.result(page, OTHER), decide=make.decide)
    (answer,) = archived(make.result(page, OTHER), decide=make.decide)
    assert answer.verdict.kind is VerdictKind.REVISIT
    assert [(one.article_id, one.version) for one in map(store.capture, ids(store, page))] == [
        (answer.article_id, 1),
        (answer.article_id, 2),
        (answer.article_id, 2),
    ]


def test_a_revisit_names_the_capture_with_the_bytes(store, make, document, archived):
    page = document()
    first = make.capture(page, "page")
    later = make.capture(page, "page", revisit_of=first.location.record_id, fetched_at=make.at(days=1))
    archived(make.result(page, STORY, captures=(first,)))
    archived(make.result(page, STORY, captures=(later,), attempt_fields={"reason": FetchReason.REFRESH}))
    holder, revisit = ids(store, page)
    assert (store.capture(holder).holder_id, store.capture(revisit).holder_id) == (None, holder)


def test_a_revisit_of_what_nobody_has_names_none(store, make, document, archived):
    page = document()
    archived(make.result(page, STORY, captures=(make.capture(page, revisit_of="urn:uuid:elsewhere"),)))
    assert store.capture(*ids(store, page)).holder_id is None


def test_an_archived_copy_says_where_it_comes_from(store, make, document, archived):
    page = document()
    archived(make.from_archive(page, STORY))
    (view,) = map(store.capture, ids(store, page))
    assert (view.capture.kind, view.attempt.archive) == (CaptureKind.MEMENTO, "lantern")
    assert view.capture.memento == store.article(view.article_id).versions[0].memento


def test_a_capture_whose_record_was_removed_says_by_which_takedown(store, make, document, archived):
    page = document()
    archived(make.result(page, STORY))
    asked = Takedown(kind=TakedownKind.RAW, subject=page.canonical_url, reason="rule raw", who="ann", made_at=make.NOW)
    made = store.take_down(asked, document_ids=[page.id])
    (view,) = map(store.capture, ids(store, page))
    assert view.takedown == made
    assert view.version == 1


def test_a_capture_that_went_with_its_document_is_not_found(store, make, document, archived):
    page = document()
    archived(make.result(page, STORY))
    (number,) = ids(store, page)
    asked = Takedown(kind=TakedownKind.DOCUMENT, subject=page.canonical_url, reason="x", who="ann", made_at=make.NOW)
    store.take_down(asked, document_ids=[page.id])
    with pytest.raises(CaptureNotFound, match=f"there is no capture {number}"):
        store.capture(number)


@pytest.mark.parametrize("number", [0, -1, 4711, 10**18 - 1])
def test_unknown_numbers_of_captures_and_stories_are_not_found(store, number):
    with pytest.raises(CaptureNotFound):
        store.capture(number)
    with pytest.raises(ClusterNotFound, match="there is no story"):
        store.cluster(number)


# -- stories ---------------------------------------------------------------------------------------------------------


def test_a_story_has_the_members_that_its_articles_show(store, tell):
    numbers = [tell("/wire", STORY), tell("/cut", CUT)]
    view = store.article(numbers[0])
    found = store.cluster(view.cluster_id)
    assert (found.id, found.members) == (view.cluster_id, view.cluster)
    assert [one.article_id for one in found.members] == numbers
    assert sum(one.representative for one in found.members) == 1


def test_a_story_that_became_part_of_another_is_that_one(store, tell):
    one, other = tell("/cut", CUT), tell("/end", END)
    first, second = (store.article(number).cluster_id for number in (one, other))
    assert first != second
    whole = tell("/wire", STORY)
    assert store.cluster(second) == store.cluster(first)
    assert (store.cluster(second).id, len(store.cluster(second).members)) == (store.article(whole).cluster_id, 3)


def test_a_story_whose_only_article_was_taken_down_is_not_found(store, make, document, tell):
    number = store.article(tell("/wire", STORY)).cluster_id
    page = document("/wire")
    asked = Takedown(kind=TakedownKind.DOCUMENT, subject=page.canonical_url, reason="x", who="ann", made_at=make.NOW)
    store.take_down(asked, document_ids=[page.id])
    with pytest.raises(ClusterNotFound):
        store.cluster(number)
