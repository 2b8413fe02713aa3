"""Extractions that wait beside their versions: staged, read, applied, and nothing lost to others meanwhile."""

from dataclasses import replace

import pytest

from storage.types import CaptureKind

HOST = "harbour-post.example"


@pytest.fixture
def versions(store, make, sources):
    """Three versions of three documents."""
    documents = sources("/a", "/b", "/c")
    results = [make.result(one, f"old text {one.id}") for one in documents]
    answers = store.archive(results, decide=make.undecided, now=make.NOW)
    return [one.version_id for one in answers]


@pytest.fixture
def better(make):
    def build(version_id, **fields):
        return make.article(f"better text {version_id}", extractor_version="2", **fields)

    return build


def bodies(store):
    return [version.article.body for version, _, _ in store.versions()]


def test_what_is_staged_changes_nothing_until_it_is_applied(store, make, versions, better, staged_of):
    before = bodies(store)
    store.stage_reextractions([staged_of(one, better(one)) for one in versions])
    assert bodies(store) == before
    assert [one.version_id for one in store.reextractions("2")] == versions
    assert list(store.reextractions("1")) == []
    assert store.apply_reextractions(versions[:2], "1", now=make.at(days=1)) == []
    assert store.apply_reextractions(versions[:2], "2", now=make.at(days=1)) == versions[:2]
    assert bodies(store) == [f"better text {one}" for one in versions[:2]] + before[2:]
    assert [one.version_id for one in store.reextractions("2")] == versions[2:]
    assert store.apply_reextractions(versions, "2", now=make.at(days=2)) == versions[2:]
    assert [version.extracted_at for version, _, _ in store.versions()] == [make.at(days=1)] * 2 + [make.at(days=2)]
    assert list(store.reextractions("2")) == []


def test_figures_are_read_without_texts_and_by_host(store, versions, better, staged_of, sources):
    (lost, unread, fine) = versions
    store.stage_reextractions(
        [
            staged_of(lost, None, problem="no_article: 3 words", lost=True),
            staged_of(unread, None, problem="no such file"),
            staged_of(fine, better(fine), fields=("body", "keys"), words_before=7, words_after=5),
        ]
    )
    shown = list(store.reextractions("2", host=HOST))
    assert [(one.problem, one.lost) for one in shown] == [
        ("no_article: 3 words", True),
        ("no such file", False),
        ("", False),
    ]
    assert (shown[2].fields, shown[2].words_before, shown[2].words_after) == (("body", "keys"), 7, 5)
    assert (shown[2].article, shown[2].url) == (None, "https://harbour-post.example/c")
    assert [one.version_id for one in store.reextractions("2", after=unread)] == [fine]
    sources("/x", host="lind-herald.example")
    assert list(store.reextractions("2", host="lind-herald.example")) == []


def test_that_an_article_is_lost_stays_on_record_and_a_failure_to_read_does_not(store, make, versions, staged_of):
    lost, unread, _ = versions
    before = bodies(store)
    store.stage_reextractions(
        [staged_of(lost, None, problem="none", lost=True), staged_of(unread, None, problem="no file")]
    )
    assert store.apply_reextractions(versions, "2", now=make.NOW) == []
    assert [one.version_id for one in store.reextractions("2")] == [lost]
    assert bodies(store) == before


def test_a_version_that_somebody_extracted_again_meanwhile_keeps_that_text(store, make, versions, better, staged_of):
    store.stage_reextractions([staged_of(one, better(one)) for one in versions])
    store.reextract(versions[1], make.article("the latest text"), now=make.at(days=1))
    assert store.apply_reextractions(versions, "2", now=make.at(days=2)) == [versions[0], versions[2]]
    assert bodies(store)[1] == "the latest text"
    assert list(store.reextractions("2")) == []


def test_what_is_not_weighed_is_not_applied_but_its_lines_are_known(store, make, versions, better, staged_of):
    first = staged_of(versions[0], better(versions[0], edge_lines=(7,)), weighed=False)
    store.stage_reextractions([first])
    assert store.familiar_lines(HOST, [7], document_id=0) == {7: 1}
    assert store.apply_reextractions(versions, "2", now=make.NOW) == []
    store.stage_reextractions([replace(first, weighed=True)])
    assert store.apply_reextractions(versions, "2", now=make.NOW) == versions[:1]
    assert store.familiar_lines(HOST, [7], document_id=0) == {7: 1}


def test_staging_again_replaces_and_another_extractors_can_be_dropped(store, versions, better, staged_of):
    store.stage_reextractions([staged_of(versions[0], better(1)), staged_of(versions[1], better(2))])
    store.stage_reextractions([replace(staged_of(versions[0], better(3)), extractor_version="3")])
    store.stage_reextractions([staged_of(10**9, better(4))])
    assert [one.version_id for one in store.reextractions("2")] == versions[1:2]
    assert store.staged_reextractions("3", versions)[versions[0]].article == better(3)
    assert store.forget_reextractions(except_version="3") == 1
    assert list(store.reextractions("2")) == []
    assert len(list(store.reextractions("3"))) == 1


def test_the_hosts_whose_versions_somebody_else_made_are_known_with_their_number(store, make, sources):
    documents = [*sources("/a", "/b"), *sources("/c", "/d", "/e", host="lind-herald.example"), *sources("/f", host="z")]
    made = ["2", "1", "1", "1", "2", "2"]
    kinds = [CaptureKind.LIVE] * 4 + [CaptureKind.IMPORTED, CaptureKind.LIVE]
    results = [
        make.result(
            document,
            article=make.article(f"text {document.id}", extractor_version=version),
            captures=(make.capture(document, kind=kind),),
        )
        for document, version, kind in zip(documents, made, kinds, strict=True)
    ]
    assert not any(one.error for one in store.archive(results, decide=make.undecided, now=make.NOW))
    assert store.hosts_of_versions() == {"lind-herald.example": 3, HOST: 2, "z": 1}
    assert list(store.hosts_of_versions()) == ["lind-herald.example", HOST, "z"]
    assert store.hosts_of_versions(made_by="2", imported_by="1") == {"lind-herald.example": 3, HOST: 1}
    assert store.hosts_of_versions(made_by="1", imported_by="2") == {HOST: 1, "z": 1}


def test_own_versions_come_latest_first(store, make, sources):
    (document, other) = sources("/a", "/b")
    assert store.own_versions(document.id, limit=5) == []
    results = [make.result(document, f"text {number}") for number in range(3)]
    store.archive([*results, make.result(other, "other")], decide=make.undecided, now=make.NOW)
    assert [one.article.body for one, _ in store.own_versions(document.id, limit=2)] == ["text 2", "text 1"]
    assert all(one.capture_id == capture.id for one, capture in store.own_versions(document.id, limit=5))
