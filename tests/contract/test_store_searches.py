"""Where searches in archives stand, and the answers that are kept so that nothing is asked twice."""

from dataclasses import replace

import pytest

from storage.errors import StorageError
from storage.types import ArchiveAnswer, SearchState

ODD = "\0 \udcff é"


@pytest.fixture
def answered(make):
    def build(question="http://lantern.example/cdx?url=a", archive="lantern", body=b"one copy\n", days=30, **fields):
        values = {"answered_at": make.NOW, "status": 200, "headers": (("Content-Type", "text/plain"),)}
        return ArchiveAnswer(
            archive=archive,
            question=question,
            good_until=make.at(days=days),
            body=body,
            **{**values, **fields},
        )

    return build


# -- searches --------------------------------------------------------------------------------------------------------


def test_a_search_comes_back_as_it_was_put(store, make, sources):
    (document,) = sources("/a")
    search = make.search(
        document,
        next_at=make.at(days=180),
        since=make.at(days=-5000),
        until=make.at(days=-3000),
        candidates=7,
        tried=("20060705000000 http://harbour-post.example/a", f"20060706000000 {ODD}"),
        failures=2,
        detail="the first two of 7 copies were rejected",
    )
    store.put_search(search)
    assert store.searches([document.id]) == {document.id: (search,)}
    assert store.history(document.canonical_url).searches == (search,)


def test_there_is_one_search_per_document_and_archive(store, make, sources):
    first, second = sources("/a", "/b")
    for document in (first, second):
        store.put_search(make.search(document, state=SearchState.RATE_LIMITED, failures=1))
    done = make.search(first, state=SearchState.NEVER_ARCHIVED, asked_at=make.at(hours=1))
    store.put_search(done)
    found = store.searches([first.id, second.id])
    assert found[first.id] == (done,)
    assert [one.state for one in found[second.id]] == [SearchState.RATE_LIMITED]


def test_searches_are_told_by_time_and_only_where_there_are_some(store, make, sources):
    first, second = sources("/a", "/b")
    for archive, hours in (("beacon", 3), ("zenith", 1), ("lantern", 2), ("candle", 2)):
        store.put_search(make.search(first, archive, asked_at=make.at(hours=hours)))
    found = store.searches([second.id, first.id, 10**6])
    assert {document: [one.archive for one in own] for document, own in found.items()} == {
        first.id: ["zenith", "candle", "lantern", "beacon"]
    }
    assert store.searches([]) == {}


def test_a_search_for_an_unknown_document_is_refused(store, make, sources):
    (document,) = sources("/a")
    with pytest.raises(StorageError):
        store.put_search(replace(make.search(document), document_id=10**6))


def test_a_search_is_written_with_the_attempt_that_it_came_of(store, make, sources):
    (document,) = sources("/a")
    store.put_search(make.search(document, candidates=2))
    tried = make.search(document, candidates=2, tried=("20060705000000 http://harbour-post.example/a",))
    result = make.from_archive(document, search=tried)
    (answer,) = store.archive([result], decide=make.decide, now=make.NOW)
    assert not answer.error
    assert store.searches([document.id]) == {document.id: (tried,)}
    later = replace(result, search=replace(tried, candidates=9))
    (again,) = store.archive([later], decide=make.decide, now=make.NOW)
    assert again.repeated
    assert store.searches([document.id]) == {document.id: (tried,)}


def test_a_search_is_not_written_where_its_item_cannot_be_stored(store, make, sources):
    first, second = sources("/a", "/b")
    search = make.search(first)
    taken = make.from_archive(second)
    refused = replace(make.from_archive(first, search=search), captures=taken.captures)
    lost = replace(make.from_archive(first), search=replace(search, document_id=10**6))
    answers = store.archive([taken, refused, lost], decide=make.decide, now=make.NOW)
    assert [bool(one.error) for one in answers] == [False, True, True]
    assert store.searches([first.id, second.id]) == {}
    assert store.history(first.canonical_url).attempts == ()


# -- answers ---------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_for_its_archive_and_question(store, make, answered):
    kept = answered(headers=(("X-Odd", ODD), ("X-Odd", "twice")), body=bytes(range(256)))
    store.put_answer(kept)
    assert store.answer("lantern", kept.question, now=make.NOW) == kept
    assert store.answer("beacon", kept.question, now=make.NOW) is None
    assert store.answer("lantern", kept.question + "&page=2", now=make.NOW) is None


def test_an_answer_is_good_until_its_moment_has_passed(store, make, answered):
    store.put_answer(answered(days=1))
    question = answered().question
    assert store.answer("lantern", question, now=make.at(days=1)) is not None
    assert store.answer("lantern", question, now=make.at(days=1, microseconds=1)) is None


def test_a_later_answer_takes_the_place_of_an_earlier_one(store, make, answered):
    store.put_answer(answered(days=1))
    fresh = answered(days=9, status=404, body=b"")
    store.put_answer(fresh)
    assert store.answer("lantern", fresh.question, now=make.NOW) == fresh


@pytest.mark.parametrize(
    "question", ["http://lantern.example/?url=" + "a" * 60_000, f"http://lantern.example/{ODD}", ""]
)
def test_any_question_is_found_again(store, make, answered, question):
    kept = answered(question, body=b"line\n" * 200_000)
    store.put_answer(kept)
    store.put_answer(answered(question + "x"))
    assert store.answer("lantern", question, now=make.NOW) == kept


def test_only_answers_that_are_no_longer_good_are_forgotten(store, make, answered):
    for number, days in enumerate((1, 2, 3)):
        store.put_answer(answered(f"http://lantern.example/{number}", days=days))
    assert store.forget_answers(before=make.at(days=2)) == 1
    left = [store.answer("lantern", f"http://lantern.example/{number}", now=make.NOW) for number in range(3)]
    assert [one is None for one in left] == [True, False, False]
    assert store.forget_answers(before=make.at(days=2)) == 0
