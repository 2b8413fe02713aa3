"""The captures of a visit are found together, many visits at once."""

import pytest

from storage.types import Outcome


@pytest.fixture
def visited(store, make, sources, archived):
    """Stores visits of documents, each of these captures; returns the numbers of the captures, visit by visit."""

    def build(*counts):
        numbers = []
        documents = sources(*(f"/{number}" for number in range(len(counts))))
        for count, document in zip(counts, documents, strict=True):
            captures = tuple(make.capture(document, fetched_at=make.at(minutes=-minute)) for minute in range(count))
            archived(make.result(document, None, Outcome.GONE, captures=captures))
            numbers.append([one.id for one in store.history(document.canonical_url).captures])
        return numbers

    return build


def test_each_capture_leads_to_all_of_its_visit_in_order(store, visited):
    first, second, third = visited(3, 1, 2)
    found = store.visits([first[1], second[0], third[0], third[1]])
    assert {number: [one.id for one in visit] for number, visit in found.items()} == {
        first[1]: first,
        second[0]: second,
        third[0]: third,
        third[1]: third,
    }


def test_unknown_captures_are_left_out(store, visited):
    ((only,),) = visited(1)
    assert set(store.visits({only, only + 1, 10**9})) == {only}
    assert store.visits([]) == {}
