"""What covers an event, and which publisher prints which agency."""

import pytest

from storage.types import EventLink, LinkHow, LinkState, SameDocumentHow, WireCount

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
OTHER = "parliament votes to lower its tax on bicycles after long debate"
HERALD, POST = "lind-herald.example", "harbour-post.example"


@pytest.fixture
def told(store, make):
    """Archives a text at a path, minutes after noon; returns its article."""

    def run(path, text, minutes=0, host=POST, **fields):
        store.put_loose([make.loose(path, host)], now=make.NOW)
        document = store.document(make.identity(path, host).canonical_url)
        article = make.article(text, published_at=make.dated(make.at(minutes=minutes)), **fields)
        (answer,) = store.archive([make.result(document, article=article)], decide=make.decide, now=make.NOW)
        assert not answer.error
        return store.article(answer.article_id)

    return run


@pytest.fixture
def event(store, make):
    def put(*paths, slug="ferry-runs-aground"):
        entry = make.entry(slug, sources=make.links(*paths))
        store.put_events([entry], match=make.no_match, now=make.NOW)
        return entry.key

    return put


def merge(store, make, one, into):
    ids = one.document.id, into.document.id
    store.merge_documents(*ids, how=SameDocumentHow.HAND, evidence="same", now=make.NOW)


def covering(store, key):
    return [(one.article_id, one.same_as) for one in store.event(key).coverage]


def test_coverage_tells_each_article_with_its_story_by_time(store, make, told, event):
    late = told("/late", STORY + " at night", 9, agency="AP", site_name="Harbour Post")
    alone = told("/alone", OTHER, 1)
    early = told("/early", STORY, 2)
    key = event("/late", "/alone", "/early", "/never")
    first, second, third = store.event(key).coverage
    assert [one.article_id for one in (first, second, third)] == [early.id, late.id, alone.id]
    assert first.cluster_id == second.cluster_id == early.cluster_id != third.cluster_id
    assert (second.host, second.site_name, second.agency, second.headline) == (POST, "Harbour Post", "AP", "ferry")
    assert (second.reported_at, second.length) == (make.at(minutes=9), len(STORY + " at night"))
    stands = {one.article_id for view in (late, alone) for one in store.article(view.id).cluster if one.representative}
    assert {one.article_id for one in (first, second, third) if one.representative} == stands


def test_members_of_a_story_say_who_printed_them_when_and_how_long(store, make, told):
    one = told("/1", STORY, 5, agency="Reuters")
    told("/2", STORY + " again", 7)
    members = store.article(one.id).cluster
    assert [(each.agency, each.reported_at, each.length) for each in members] == [
        ("Reuters", make.at(minutes=5), len(STORY)),
        ("", make.at(minutes=7), len(STORY + " again")),
    ]
    assert sum(each.representative for each in members) == 1


def test_only_links_that_count_cover(store, make, told, event):
    cited, found, proposed, rejected, confirmed = (told(f"/{n}", f"{OTHER} {n} {n * 'x'}", n) for n in range(1, 6))
    key = event("/1", "/4")
    for article, state in ((found, LinkState.LINKED), (proposed, LinkState.PROPOSED), (confirmed, LinkState.PROPOSED)):
        link = EventLink(event_key=key, article_id=article.id, how=LinkHow.CONTENT, score=0.8, state=state)
        store.put_links(article.id, [link], now=make.NOW)
    for article, state in ((rejected, LinkState.REJECTED), (confirmed, LinkState.CONFIRMED)):
        store.decide_link(key, article.id, state=state, by="Ada", because="", now=make.NOW)
    assert {one for one, _ in covering(store, key)} == {cited.id, found.id, confirmed.id}


def test_a_merged_document_counts_through_the_one_that_stands_for_it(store, make, told, event):
    old, new, other = told("/old", STORY), told("/new", STORY + " moved", 3), told("/other", OTHER, 4)
    only_old, both = event("/old", "/other", slug="only-old"), event("/old", "/new", slug="both")
    merge(store, make, old, new)
    assert sorted(covering(store, only_old)) == sorted([(old.id, new.id), (new.id, None), (other.id, None)])
    assert sorted(covering(store, both)) == sorted([(old.id, new.id), (new.id, None)])
    store.decide_link(both, new.id, state=LinkState.REJECTED, by="Ada", because="", now=make.NOW)
    assert covering(store, both) == []
    store.undo_merge(old.document.id, because="no", now=make.NOW)
    assert covering(store, both) == [(old.id, None)]


def test_wires_count_articles_copies_and_who_stands_for_the_story(store, make, told):
    told("/1", STORY, 0, agency="AP")
    told("/2", STORY + " again", 1, host=HERALD, agency="AP")
    told("/3", OTHER, 2, host=HERALD)
    lines = list(store.wire_counts())
    assert [(one.host, one.agency, one.articles, one.copies) for one in lines] == [
        (POST, "AP", 1, 1),
        (HERALD, "", 1, 0),
        (HERALD, "AP", 1, 1),
    ]
    assert [one.first for one in lines if not one.agency] == [1]
    assert sum(one.first for one in lines) == 2


def test_merged_documents_are_counted_once(store, make, told):
    old, new = told("/old", STORY, agency="AP"), told("/new", STORY + " moved", 3, agency="AP")
    assert sum(one.articles for one in store.wire_counts()) == 2
    merge(store, make, old, new)
    assert list(store.wire_counts()) == [WireCount(host=POST, agency="AP", articles=1, copies=0, first=1)]
