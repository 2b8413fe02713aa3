"""Reading: captures, histories, articles, counts; streams go on while others write."""

import pytest

from storage.errors import ArticleNotFound, DocumentNotFound
from storage.types import CaptureKind, Outcome, RecordLocation, Selection

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"


def put(store, make, *entries):
    return store.put_events(entries, match=make.no_match, now=make.NOW)


def test_payloads_are_known_by_the_record_that_holds_them(store, make, sources, archive):
    first, second = sources("/a", "/b")
    original = make.capture(first, "p")
    archive(make.result(first, captures=(original,)))
    archive(make.result(second, captures=(make.capture(second, "p", revisit_of="urn:uuid:1"),)))
    archive(make.result(second, captures=(make.capture(second, "p"), make.capture(second, "q", revisit_of="x"))))
    known = store.known_payloads([original.payload_digest, make.capture(second, "q").payload_digest, "sha256:none"])
    (payload,) = known.values()
    assert known.keys() == {original.payload_digest}
    assert (payload.location, payload.url, payload.fetched_at) == (original.location, original.url, make.NOW)


def test_a_rendered_page_is_no_payload_that_a_server_sent(store, make, sources, archive):
    (document,) = sources("/a")
    shell, rendered = make.capture(document, "shell"), make.capture(document, "page", kind=CaptureKind.RENDERED)
    archive(make.result(document, captures=(shell, rendered)))
    assert store.known_payloads([shell.payload_digest, rendered.payload_digest]).keys() == {shell.payload_digest}


def test_captures_are_listed_by_place(store, make, sources, archive):
    (document,) = sources("/a")

    def placed(file, offset):
        location = RecordLocation(file=file, offset=offset, length=10, record_id=f"urn:{file}:{offset}")
        return make.capture(document, location=location)

    places = [("b.warc.gz", 0), ("a.warc.gz", 900), ("a.warc.gz", 20), ("Z.warc.gz", 5)]
    archive(*(make.result(document, captures=(placed(*place),)) for place in places))
    assert [(one.location.file, one.location.offset) for one in store.captures()] == sorted(places)
    assert [store.committed_end(file) for file in ("a.warc.gz", "b.warc.gz", "none")] == [910, 10, 0]


def test_history_says_who_cites_and_what_was_tried(store, make, archive):
    put(
        store, make, make.entry("two"), make.entry("one", sources=make.links("/b", "/a")), make.entry("two", sources=())
    )
    document = store.document(make.identity("/a").canonical_url)
    later = make.failure(document, started_at=make.at(hours=2), finished_at=make.at(hours=2))
    archive(later, make.failure(document, Outcome.DNS))
    history = store.history(document.canonical_url)
    assert history.cited_by == tuple((f"2006/07/5/{slug}", "http://harbour-post.example/a") for slug in ("one", "two"))
    assert [one.outcome for one in history.attempts] == [Outcome.DNS, Outcome.TIMEOUT]


def test_articles_and_versions_stream_by_id(store, make, sources, archive):
    documents = [*sources(*(f"/{number}" for number in range(210))), *sources("/x", host="lind-herald.example")]
    answers = archive(*(make.result(one, f"story {one.id}") for one in documents), decide=make.undecided)
    ids = [one.article_id for one in answers]
    seen = []
    for view in store.articles():
        if len(seen) == 150:
            archive(make.result(documents[0], "later text"), decide=make.undecided)
        seen.append(view.id)
    assert seen == ids
    assert [one.id for one in store.articles(after=ids[200])] == ids[201:]
    assert [one.id for one in store.articles(Selection(host="lind-herald.example"))] == ids[-1:]
    triples = list(store.versions())
    assert [version.id for version, _, _ in triples] == [*(one.version_id for one in answers), triples[-1][0].id]
    assert all(version.capture_id == capture.id for version, capture, _ in triples)
    assert triples[-1][2].canonical_url == documents[0].canonical_url
    assert [one.host for _, _, one in store.versions(host="lind-herald.example")] == ["lind-herald.example"]
    assert len(list(store.versions(after=triples[-2][0].id))) == 1


def test_articles_of_a_selection_are_chosen_whether_due_or_not(store, make, archive):
    put(store, make, make.entry("one", sources=make.links("/a", "/b")), make.entry("two", sources=make.links("/c")))
    for path in ("/a", "/b", "/c"):
        archive(make.result(store.document(make.identity(path).canonical_url), path), decide=make.undecided)
    found = [one.document.canonical_url[-2:] for one in store.articles(Selection(event_key="2006/07/5/one"))]
    assert found == ["/a", "/b"]


def test_unknown_names_are_refused(store):
    with pytest.raises(DocumentNotFound):
        store.document("https://nowhere.example/")
    with pytest.raises(DocumentNotFound):
        store.history("https://nowhere.example/")
    with pytest.raises(ArticleNotFound):
        store.article(1)


def test_status_counts_the_library(store, make, sources, archive):
    sources_of = [*make.links("/a", "/b", "/c"), make.broken(4), make.image(5)]
    put(store, make, make.entry(sources=sources_of), make.entry("two"))
    put(store, make, make.entry(sources=sources_of[1:]))
    documents = [store.document(make.identity(path).canonical_url) for path in ("/a", "/b")]
    archive(make.result(documents[0], STORY), make.failure(documents[1]))
    store.lease(make.request())
    status = store.status(now=make.NOW)
    assert (status.events, status.source_links, status.unreachable_links, status.image_links) == (2, 5, 1, 1)
    assert (status.documents, status.untried, status.due, status.leased) == (3, 1, 1, 1)
    assert status.by_outcome == {"fetched": 1, "timeout": 1}
    assert (status.attempts, status.captures, status.articles, status.versions, status.clusters) == (2, 1, 1, 1, 1)


def test_info_tells_backend_and_rows(store, make):
    put(store, make, make.entry())
    info = store.info()
    assert info.backend in {"memory", "sqlite", "postgresql"}
    assert info.revision == info.head
    assert (info.rows["events"], info.rows["documents"], info.rows["articles"]) == (1, 1, 0)


def test_close_is_idempotent(store):
    store.close()
    store.close()


def test_sources_tell_which_archive_their_present_text_is_from(store, make, archive):
    put(store, make, make.entry(sources=make.links("/a", "/b", "/c")))
    copied, live, _ = (store.document(make.identity(path).canonical_url) for path in ("/a", "/b", "/c"))
    copy = make.from_archive(copied, STORY)
    archive(copy, make.from_archive(live, "an older text"), make.result(live, "ferry freed"), decide=make.undecided)
    sources = store.event(make.entry().key).sources
    assert [one.memento for one in sources] == [copy.captures[0].memento, None, None]
    assert [one.headline for one in sources] == ["ferry", "ferry", ""]
