"""Documents whose canonical URL is another one by the present rules: who gets it, who is merged, who is left alone."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import open_store, schema
from storage.types import (
    DocumentRole,
    FeedKind,
    KnownMemento,
    SameDocumentClaim,
    SameDocumentHow,
    UrlChange,
    WantedFeed,
    WantedImage,
)

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
RENAMED, MERGED, LEFT = UrlChange


def path_of(url):
    return url[-2:]


@pytest.fixture
def rules(make):
    """Makes rules: what the document first known by a path is called now; ``None`` where it is nothing any more."""

    def build(wanted, **fields):
        def identify(document):
            path = path_of(document.request_url)
            path = wanted.get(path, path)
            return None if path is None else make.identity(path, **fields)

        return identify

    return build


@pytest.fixture
def renew(store, make, rules):
    def run(wanted, *, limit=100, dry_run=False, **fields):
        changes, after = [], 0
        while (
            found := store.renew_urls(rules(wanted, **fields), after=after, limit=limit, now=make.NOW, dry_run=dry_run)
        ).looked:
            changes += found.changes
            after = found.last
        return changes

    return run


def told(changes):
    return {path_of(one.before): (path_of(one.url), one.change) for one in changes}


def pairs(store, **options):
    return {(path_of(one.canonical_url), path_of(one.into_url)) for one in store.merges(**options)}


def test_a_document_gets_a_url_that_nobody_has_and_keeps_the_rest(store, make, sources, renew):
    one, two = sources("/1", "/2")
    (archived,) = store.archive([make.result(one, STORY)], decide=make.decide, now=make.NOW)
    before = store.document(one.canonical_url)
    assert store.compare_later(()) == 0
    new = make.identity("/9")
    memento = KnownMemento(archive="lantern.example", url="http://lantern.example/2006/a")
    (change,) = renew({"/1": "/9"}, memento=memento)
    assert (change.document_id, change.before, change.url) == (one.id, one.canonical_url, new.canonical_url)
    assert (change.change, change.reason) == (RENAMED, "")
    after = store.document(new.canonical_url)
    assert (after.id, after.url_key, after.request_url, after.host) == (one.id, new.url_key, one.request_url, one.host)
    assert (after.article_id, after.next_fetch_at, after.attempts) == (
        before.article_id,
        before.next_fetch_at,
        before.attempts,
    )
    assert after.memento == memento
    assert store.find_document(one.canonical_url) is None
    assert store.document(two.canonical_url) == two
    assert store.waiting_for_comparison(limit=9) == [archived.article_id]
    assert renew({"/1": "/9"}) == []
    assert list(store.merges(undone=True)) == []


def test_a_new_citation_finds_the_renamed_document_and_an_old_page_finds_it_too(store, make, renew):
    def page(slug, *paths, identities=None):
        links = [make.link(number, path) for number, path in enumerate(paths, start=1)]
        if identities:
            links = [
                make.link(link.position, identity=make.identity(path), cited_url=link.cited_url)
                for link, path in zip(links, identities, strict=True)
            ]
        return make.entry(slug, sources=links)

    pages = [page("ferry", "/1", "/2"), page("ferry-aground", "/1", "/2")]
    store.put_events(pages, match=make.same_sources, now=make.NOW)
    number = store.document(make.identity("/1").canonical_url).id
    renew({"/1": "/9"})
    event = store.event(pages[0].key)
    assert [path_of(one.document.canonical_url) for one in event.sources] == ["/9", "/2"]
    assert event.sources[0].link.identity == replace(make.identity("/9"), request_url=make.identity("/1").request_url)
    # The second page still cites it, and so the event does, by the entry that an older program read.
    store.put_events([page("ferry", "/2", identities=["/2"])], match=make.no_match, now=make.NOW)
    again = page("storm", "/1", identities=["/9"])
    store.put_events([again], match=make.no_match, now=make.NOW)
    assert store.event(again.key).sources[0].document.id == number
    assert number in [one.document.id for one in store.event(pages[0].key).sources if one.withdrawn_at is None]
    assert store.status(now=make.NOW).documents == 2


def test_who_finds_its_url_taken_is_merged_until_a_person_parts_them(store, make, sources, renew):
    one, two = sources("/1", "/2")
    assert told(renew({"/1": "/2"})) == {"/1": ("/2", MERGED)}
    (merge,) = store.merges()
    assert (merge.document_id, merge.into_id, merge.how) == (one.id, two.id, SameDocumentHow.RULES)
    assert one.request_url in merge.evidence
    assert store.document(one.canonical_url) == one
    assert renew({"/1": "/2"}) == []
    store.undo_merge(one.id, because="another edition", now=make.NOW)
    (left,) = renew({"/1": "/2"})
    assert (left.change, left.url) == (LEFT, two.canonical_url)
    assert "earlier merge" in left.reason
    assert (pairs(store), store.document(one.canonical_url).id) == (set(), one.id)
    store.merge_documents(one.id, two.id, how=SameDocumentHow.HAND, evidence="it is", now=make.NOW)
    assert renew({"/1": "/2"}) == []


def test_merged_documents_cover_an_event_once(store, make, renew):
    entry = make.entry(sources=make.links("/1", "/2"))
    store.put_events([entry], match=make.no_match, now=make.NOW)
    documents = [one.document for one in store.event(entry.key).sources]
    results = [make.result(one, f"{STORY} {one.id}") for one in documents]
    answers = store.archive(results, decide=make.undecided, now=make.NOW)
    renew({"/1": "/2"})
    coverage = {one.article_id: one.same_as for one in store.event(entry.key).coverage}
    assert coverage == {answers[0].article_id: answers[1].article_id, answers[1].article_id: None}
    assert store.status(now=make.NOW).merged == 1


@pytest.mark.parametrize("limit", [1, 100])
@pytest.mark.parametrize(
    ("wanted", "outcome", "merges"),
    [
        ({"/1": "/2", "/2": "/9"}, {"/1": ("/2", RENAMED), "/2": ("/9", RENAMED)}, set()),
        ({"/1": "/2", "/2": "/1"}, {"/1": ("/2", RENAMED), "/2": ("/1", RENAMED)}, set()),
        (
            {"/1": "/2", "/2": "/3", "/3": "/1"},
            {"/1": ("/2", RENAMED), "/2": ("/3", RENAMED), "/3": ("/1", RENAMED)},
            set(),
        ),
        ({"/1": "/2", "/2": "/3"}, {"/1": ("/2", LEFT), "/2": ("/3", MERGED)}, {("/2", "/3")}),
        ({"/1": "/3", "/2": "/3"}, {"/1": ("/3", MERGED), "/2": ("/3", MERGED)}, {("/1", "/3"), ("/2", "/3")}),
        ({"/1": "/2", "/2": None}, {"/1": ("/2", LEFT), "/2": ("", LEFT)}, set()),
    ],
)
def test_the_numbers_of_documents_make_no_difference(make, rules, limit, wanted, outcome, merges):
    for order in permutations(("/1", "/2", "/3")):
        with open_store("memory:") as store:
            store.put_loose([make.loose(path) for path in order], now=make.NOW)
            changes, after = [], 0
            while (found := store.renew_urls(rules(wanted), after=after, limit=limit, now=make.NOW)).looked:
                changes += found.changes
                after = found.last
            assert told(changes) == outcome, order
            assert pairs(store) == merges, order


def test_who_wants_the_url_of_two_that_exchange_theirs_is_the_one_that_gets_it(store, make, sources, renew):
    one, two, three = sources("/1", "/2", "/3")
    assert told(renew({"/1": "/2", "/2": "/3", "/3": "/2"})) == {
        "/2": ("/3", RENAMED),
        "/3": ("/2", RENAMED),
        "/1": ("/2", MERGED),
    }
    assert [(merge.document_id, merge.into_id) for merge in store.merges()] == [(one.id, three.id)]
    assert store.document(three.canonical_url).id == two.id


def test_images_and_feeds_are_renamed_and_merged_with_nothing(store, make, sources, renew):
    (one,) = sources("/1")
    shown = WantedImage(url="x", identity=make.identity("/2"))
    store.archive([make.result(one, STORY, lead_image=shown)], decide=make.decide, now=make.NOW)
    store.put_feeds(
        [WantedFeed(identity=make.identity(path), kind=FeedKind.FEED) for path in ("/3", "/4")], now=make.NOW
    )
    wanted = {"/1": "/3", "/2": "/8", "/4": "/9"}
    assert told(renew(wanted)) == {"/1": ("/3", LEFT), "/2": ("/8", RENAMED), "/4": ("/9", RENAMED)}
    assert store.document(make.identity("/8").canonical_url).role is DocumentRole.LEAD_IMAGE
    assert [path_of(feed.document.canonical_url) for feed in store.feeds()] == ["/3", "/9"]
    (again,) = renew(wanted)
    assert "not both sources" in again.reason
    assert pairs(store) == set()


def test_claims_name_the_document_by_the_url_that_it_has_now(store, make, sources, renew):
    def claims(*paths):
        return tuple(
            SameDocumentClaim(
                canonical_url=make.identity(path).canonical_url, how=SameDocumentHow.CANONICAL, evidence=path
            )
            for path in paths
        )

    one, two, three, four = sources("/1", "/2", "/3", "/4")
    store.archive([make.result(one, STORY, claims=claims("/2", "/3", "/9"))], decide=make.decide, now=make.NOW)
    renew({"/2": "/3", "/3": "/2"})
    assert pairs(store) == set()
    store.archive([make.result(two, STORY)], decide=make.decide, now=make.NOW)
    (merge,) = store.merges()
    assert (merge.document_id, merge.into_id, path_of(merge.into_url), merge.evidence) == (one.id, two.id, "/3", "/2")
    store.archive([make.result(four, STORY, claims=claims("/8"))], decide=make.decide, now=make.NOW)
    store.archive([make.result(three, STORY)], decide=make.decide, now=make.NOW)
    assert pairs(store) == {("/1", "/3")}
    renew({"/2": "/3", "/3": "/8"})
    assert pairs(store) == {("/1", "/3"), ("/4", "/8")}


def test_a_merge_that_stands_or_points_back_decides(store, make, sources, renew):
    one, two, three, four, five = sources("/1", "/2", "/3", "/4", "/5")
    for own, into in ((one, three), (two, one), (five, four)):
        store.merge_documents(own.id, into.id, how=SameDocumentHow.HAND, evidence="", now=make.NOW)
    store.undo_merge(five.id, because="no", now=make.NOW)
    before = list(store.merges(undone=True))
    assert told(renew({"/1": "/2", "/2": "/4", "/4": "/5"})) == {
        "/1": ("/2", LEFT),
        "/2": ("/4", LEFT),
        "/4": ("/5", LEFT),
    }
    assert list(store.merges(undone=True)) == before
    assert renew({"/1": "/2"}) == []


def test_a_dry_run_says_the_same_and_writes_nothing(store, make, sources, renew):
    documents = sources("/1", "/2", "/3", "/4")
    wanted = {"/1": "/2", "/2": "/1", "/3": "/4", "/4": "/4"}
    foretold = renew(wanted, dry_run=True)
    assert [store.document(one.canonical_url) for one in documents] == documents
    assert pairs(store, undone=True) == set()
    assert renew(wanted) == foretold
    assert len(foretold) == 3


def test_the_database_is_sound_afterwards(database, make, rules):
    with open_store(database) as store:
        store.put_loose([make.loose(f"/{number}") for number in range(6)], now=make.NOW)
        identify = rules({"/0": "/1", "/1": "/0", "/2": "/3", "/4": "/9"})
        found = store.renew_urls(identify, after=0, limit=100, now=make.NOW)
        assert (found.looked, len(found.changes)) == (6, 4)
    assert schema.check(database) == []


# -- in any order ----------------------------------------------------------------------------------------------------

PATHS = [f"/{number}" for number in range(6)]
WANTED = st.dictionaries(st.sampled_from(PATHS[:5]), st.sampled_from([*PATHS, "/9", None]), min_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=WANTED, limit=st.integers(1, 6))
def test_backends_agree_whatever_the_batch_and_doing_it_again_changes_nothing(both_empty, make, rules, wanted, limit):
    with both_empty() as (database, memory):
        for store in (database, memory):
            store.put_loose([make.loose(path) for path in PATHS[:5]], now=make.NOW)
        told_by = []
        for store, size in ((database, limit), (memory, 6)):
            changes, after = [], 0
            while (found := store.renew_urls(rules(wanted), after=after, limit=size, now=make.NOW)).looked:
                changes += found.changes
                after = found.last
            told_by.append(changes)
            again = store.renew_urls(rules(wanted), after=0, limit=9, now=make.NOW).changes
            assert {one.change for one in again} <= {LEFT}
            assert len({one.document_id for one in changes}) == len(changes)
        assert sorted(map(str, told_by[0])) == sorted(map(str, told_by[1]))
        assert list(database.merges(undone=True)) == list(memory.merges(undone=True))
        for path in [*PATHS, "/9"]:
            url = make.identity(path).canonical_url
            assert database.find_document(url) == memory.find_document(url)
        standing = {one.document_id: one.into_id for one in memory.merges()}
        assert not standing.keys() & set(standing.values())
