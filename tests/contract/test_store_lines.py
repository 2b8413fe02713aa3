"""Host memory: on how many other documents of a host a line stood."""

import pytest

HOST = "harbour-post.example"


@pytest.fixture
def put(store, make, sources):
    """Store a document with these lines at its edges; says the document and the version."""

    def run(path, *lines, host=HOST):
        (document,) = sources(path, host=host)
        article = make.article(f"text {path} {len(lines)} {sum(lines)}", edge_lines=lines)
        (answer,) = store.archive([make.result(document, article=article)], decide=make.undecided, now=make.NOW)
        return document, answer

    return run


def test_a_line_is_counted_by_other_documents_of_its_host_up_to_four(store, put):
    documents = [put(f"/{number}", 1, number + 10)[0] for number in range(7)]
    put("/x", 1, 99, host="lind-herald.example")
    assert store.familiar_lines(HOST, [1, 10, 99, 5], document_id=0) == {1: 4, 10: 1}
    assert store.familiar_lines(HOST, [1, 10], document_id=documents[0].id) == {1: 4}
    assert store.familiar_lines("lind-herald.example", [1, 10], document_id=0) == {1: 1}
    assert store.familiar_lines("nowhere.example", [1], document_id=0) == {}
    assert store.familiar_lines(HOST, [], document_id=0) == {}


def test_few_documents_are_counted_one_by_one(store, put):
    first, second, third = (put(f"/{number}", 1)[0] for number in range(3))
    assert [store.familiar_lines(HOST, [1], document_id=one.id) for one in (first, second, third)] == [{1: 2}] * 3


def test_a_document_counts_once_whatever_its_versions_have(store, put):
    document, _ = put("/a", 1, 2)
    put("/a", 1, 3)
    put("/b")
    assert store.familiar_lines(HOST, [1, 2, 3], document_id=0) == {1: 1, 2: 1, 3: 1}
    assert store.familiar_lines(HOST, [1, 2, 3], document_id=document.id) == {}


def test_extracting_again_replaces_the_lines_of_one_version_only(store, make, put):
    _, first = put("/a", 1, 2)
    put("/a", 1, 3)
    put("/b", 2)
    store.reextract(first.version_id, make.article("better", edge_lines=(4,)), now=make.NOW)
    assert store.familiar_lines(HOST, [1, 2, 3, 4], document_id=0) == {1: 1, 2: 1, 3: 1, 4: 1}
    store.reextract(first.version_id, make.article("best"), now=make.NOW, dry_run=True)
    assert store.familiar_lines(HOST, [4], document_id=0) == {4: 1}


def test_a_line_that_stands_everywhere_is_not_forgotten_when_one_document_is_extracted_otherwise(store, make, put):
    answers = [put(f"/{number}", 1)[1] for number in range(9)]
    for answer in answers[:3]:
        store.reextract(answer.version_id, make.article(f"better {answer.version_id}"), now=make.NOW)
    assert store.familiar_lines(HOST, [1], document_id=0) == {1: 4}


def test_no_more_than_five_documents_are_kept_per_line(store, put):
    for number in range(9):
        put(f"/{number}", 1, 2, number + 10)
    in_memory = store.info().backend == "memory"
    assert store.info().rows.get("host_lines") == (None if in_memory else 5 + 5 + 9)


def test_a_story_that_its_host_shows_under_many_addresses_is_counted_once(store, make, sources):
    host, other = "harbour-post.example", "lind-herald.example"
    documents = [*sources("/a", "/print/a", "/amp/a"), *sources("/a", "/b", host=other)]
    answers = [
        store.archive([make.result(one, article=article)], decide=make.decide, now=make.NOW)[0]
        for one in documents
        for article in [make.article("ferry aground near lind", edge_lines=(1, one.id + 100))]
    ]
    assert len({store.article(one.article_id).cluster for one in answers}) == 1
    assert store.familiar_lines(host, [1], document_id=0) == {1: 1}
    assert store.familiar_lines(other, [1], document_id=0) == {1: 1}
    store.reextract(answers[1].version_id, make.article("better text", edge_lines=(1, 2)), now=make.NOW)
    assert store.familiar_lines(host, [1, 2], document_id=0) == {1: 1}


def test_what_cannot_be_stored_leaves_no_lines(store, make, sources):
    (document,) = sources("/a")
    result = make.result(document, article=make.article("text", edge_lines=(1,)))
    store.archive([result], decide=make.undecided, now=make.NOW)
    again = make.result(document, captures=result.captures, article=make.article("other", edge_lines=(2,)))
    (refused,) = store.archive([again], decide=make.undecided, now=make.NOW)
    assert refused.error
    assert store.familiar_lines(HOST, [1, 2], document_id=0) == {1: 1}
