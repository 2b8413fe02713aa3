"""Documents that are one: what says so, when that is believed, and what a person says against it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import DocumentNotFound, Unstorable
from storage.types import DocumentRole, FeedKind, SameDocumentClaim, SameDocumentHow, WantedFeed

STORY = "ferry aground near lind twelve people brought ashore by the coast guard"
OTHER = "parliament votes to lower its tax on bicycles after long debate"
REDIRECT, CANONICAL, HAND = SameDocumentHow.REDIRECT, SameDocumentHow.CANONICAL, SameDocumentHow.HAND


@pytest.fixture
def claim(make):
    """Makes a claim that a document is the one at a path."""

    def build(path, how=CANONICAL):
        return SameDocumentClaim(canonical_url=make.identity(path).canonical_url, how=how, evidence=f"says {path}")

    return build


@pytest.fixture
def by_hand(store, make):
    def merge(document, into, how=HAND, evidence="a reader says so"):
        return store.merge_documents(document.id, into.id, how=how, evidence=evidence, now=make.NOW)

    return merge


def pairs(store, **options):
    return {(one.canonical_url[-2:], one.into_url[-2:]) for one in store.merges(**options)}


# -- claims ----------------------------------------------------------------------------------------------------------


def test_a_declared_url_merges_copies_whichever_comes_last(store, make, sources, archived, claim):
    one, two, three, four = sources("/1", "/2", "/3", "/4")
    archived(make.result(one, STORY, claims=(claim("/2"),)))
    assert pairs(store) == set()
    archived(make.result(two, STORY))
    archived(make.result(four, OTHER), make.result(three, OTHER, claims=(claim("/4"),)))
    (first, second) = store.merges()
    assert pairs(store) == {("/1", "/2"), ("/3", "/4")}
    assert (first.document_id, first.into_id, first.how, first.evidence) == (one.id, two.id, CANONICAL, "says /2")
    assert (first.merged_at, first.undone_at) == (make.NOW, None)
    assert store.status(now=make.NOW).merged == 2
    assert second.into_id == four.id


def test_a_declared_url_needs_copies_and_articles(store, make, sources, archived, claim):
    one, two, three = sources("/1", "/2", "/3")
    archived(make.result(one, STORY, claims=(claim("/2"), claim("/3"))), make.result(two, OTHER))
    archived(make.result(three))
    assert pairs(store) == set()
    archived(make.result(two, STORY))
    assert pairs(store) == {("/1", "/2")}


@pytest.mark.parametrize(("payload", "merged"), [("page", True), (None, False)])
def test_the_same_page_is_a_copy_however_its_text_reads(store, make, sources, archived, claim, payload, merged):
    one, two = sources("/1", "/2")
    archived(make.result(two, STORY, payload="page"), decide=make.undecided)
    archived(make.result(one, OTHER, payload=payload, claims=(claim("/2"),)), decide=make.undecided)
    assert bool(pairs(store)) == merged


@pytest.mark.parametrize(("score", "merged"), [(0.8, True), (0.79, False)])
def test_a_relation_of_kind_copy_is_enough_from_four_fifths(store, make, sources, archived, claim, score, merged):
    def decide(article, candidates):
        alike = tuple(make.likeness(article, one, score) for one in candidates if not one.same_document)
        return make.Verdict(kind=make.VerdictKind.NEW, likenesses=alike)

    one, two = sources("/1", "/2")
    archived(make.result(two, STORY), make.result(one, STORY + " again", claims=(claim("/2"),)), decide=decide)
    assert bool(pairs(store)) == merged


def test_a_permanent_redirect_needs_no_article_on_the_other_side(store, make, sources, archived, claim):
    one, _ = sources("/1", "/2")
    archived(make.result(one, STORY, claims=(claim("/2", REDIRECT),)))
    assert pairs(store) == {("/1", "/2")}


def test_a_page_to_which_a_whole_section_moves_is_none_of_its_articles(store, make, sources, archived, claim):
    target, *moved = sources("/0", *(f"/{number}" for number in range(1, 9)))
    archived(make.result(target, OTHER))
    archived(*(make.result(one, f"{STORY} {one.id}", claims=(claim("/0", REDIRECT),)) for one in moved))
    assert pairs(store) == {(f"/{number}", "/0") for number in range(1, 6)}


def test_a_claim_waits_until_its_document_is_known(store, make, sources, archived, claim):
    (one,) = sources("/1")
    archived(make.result(one, STORY, claims=(claim("/2", REDIRECT), claim("/9", REDIRECT))))
    assert pairs(store) == set()
    (two,) = sources("/2")
    archived(make.result(two, OTHER))
    assert pairs(store) == {("/1", "/2")}


def test_what_comparing_again_shows_to_be_copies_is_merged(store, make, sources, archived, claim):
    one, two = sources("/1", "/2")
    text = STORY + " on wednesday evening"
    (first, _) = archived(make.result(one, STORY, claims=(claim("/2"),)), make.result(two, text), decide=make.undecided)
    assert pairs(store) == set()
    store.compare_again([first.article_id], decide=make.contained, fingerprint=make.as_stored, now=make.NOW)
    assert pairs(store) == {("/1", "/2")}


def test_what_is_no_source_is_passed_over(store, make, sources, archived, claim):
    (one,) = sources("/1")
    feed = WantedFeed(identity=make.identity("/2"), kind=FeedKind.FEED)
    store.put_feeds([feed], now=make.NOW)
    assert store.document(feed.identity.canonical_url).role is DocumentRole.FEED
    archived(make.result(one, STORY, claims=(claim("/2", REDIRECT), claim("/1", REDIRECT))))
    assert pairs(store) == set()


def test_chains_lead_to_their_end_and_circles_are_cut(store, make, sources, archived, claim):
    one, two, three = sources("/1", "/2", "/3")
    archived(make.result(one, STORY, claims=(claim("/2", REDIRECT),)))
    archived(make.result(two, STORY, claims=(claim("/3", REDIRECT),)))
    assert pairs(store) == {("/1", "/3"), ("/2", "/3")}
    archived(make.result(three, STORY, claims=(claim("/1", REDIRECT), claim("/2", REDIRECT))))
    assert pairs(store) == {("/1", "/3"), ("/2", "/3")}


def test_an_article_of_the_same_document_is_no_candidate_for_a_merged_one(store, make, sources, archived, claim):
    one, two, three = sources("/1", "/2", "/3")
    archived(make.result(three, STORY), make.result(one, STORY, claims=(claim("/2", REDIRECT),)))
    seen = []

    def decide(article, candidates):
        seen.append({one.canonical_url[-2:] for one in candidates})
        return make.decide(article, candidates)

    archived(make.result(two, STORY), decide=decide)
    assert seen == [{"/3"}]


# -- by a person -----------------------------------------------------------------------------------------------------


def test_a_person_merges_and_repeating_it_changes_nothing(store, make, sources, by_hand):
    one, two = sources("/1", "/2")
    made = by_hand(one, two)
    assert (made.how, made.evidence, made.into_url) == (HAND, "a reader says so", two.canonical_url)
    assert by_hand(one, two, evidence="again") == made
    assert list(store.merges()) == [made]
    with pytest.raises(Unstorable, match="itself"):
        by_hand(one, one)
    with pytest.raises(Unstorable, match="merged into it"):
        by_hand(two, one)
    for wrong in ((one.id, 99), (99, one.id)):
        with pytest.raises(DocumentNotFound):
            store.merge_documents(*wrong, how=HAND, evidence="", now=make.NOW)


def test_a_person_replaces_what_stood_and_a_program_does_not(store, sources, by_hand):
    one, two, three = sources("/1", "/2", "/3")
    first = by_hand(one, two)
    assert by_hand(one, three, REDIRECT) == first
    assert by_hand(one, three).into_id == three.id
    assert pairs(store) == {("/1", "/3")}


def test_an_undone_merge_stays_undone_but_for_a_person(store, make, sources, archived, claim, by_hand):
    one, two = sources("/1", "/2")
    archived(make.result(one, STORY, claims=(claim("/2"),)), make.result(two, STORY))
    undone = store.undo_merge(one.id, because="another edition", now=make.at(hours=1))
    assert (undone.undone_at, undone.undone_because) == (make.at(hours=1), "another edition")
    assert store.undo_merge(one.id, because="once more", now=make.at(hours=2)) == undone
    assert (pairs(store), pairs(store, undone=True)) == (set(), {("/1", "/2")})
    assert len(store.waiting_for_comparison(limit=9)) == 2
    again = make.result(one, STORY, claims=(claim("/2", REDIRECT),))
    archived(again, make.result(two, STORY, claims=(claim("/1", REDIRECT),)))
    assert by_hand(one, two, CANONICAL) == by_hand(two, one, CANONICAL) == undone
    assert pairs(store) == set()
    assert by_hand(one, two).undone_at is None
    assert pairs(store) == {("/1", "/2")}
    with pytest.raises(DocumentNotFound):
        store.undo_merge(two.id, because="", now=make.NOW)


def test_what_came_along_with_a_merge_leaves_with_it(store, make, sources, archived, claim, by_hand):
    one, two, three, four = sources("/1", "/2", "/3", "/4")
    archived(make.result(one, STORY, claims=(claim("/2", REDIRECT),)))
    by_hand(two, three)
    by_hand(four, three)
    assert pairs(store) == {("/1", "/3"), ("/2", "/3"), ("/4", "/3")}
    store.undo_merge(two.id, because="another story", now=make.NOW)
    assert pairs(store) == {("/1", "/2"), ("/4", "/3")}


def test_histories_and_articles_tell_their_merges(store, make, sources, archived, by_hand):
    one, two, three = sources("/1", "/2", "/3")
    (first, _, last) = archived(*(make.result(each, each.canonical_url) for each in (one, two, three)))
    merged = by_hand(one, two)
    by_hand(three, two)
    undone = store.undo_merge(three.id, because="no", now=make.NOW)
    assert store.history(one.canonical_url).merges == store.article(first.article_id).merges == (merged,)
    assert store.history(two.canonical_url).merges == (merged, undone)
    assert store.article(last.article_id).merges == (undone,)


# -- in any order ----------------------------------------------------------------------------------------------------

PATHS = st.integers(0, 4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("fetch"), PATHS, PATHS, st.sampled_from([REDIRECT, CANONICAL]), st.sampled_from("ab")),
        st.tuples(st.just("merge"), PATHS, PATHS, st.sampled_from([HAND, HAND, REDIRECT])),
        st.tuples(st.just("undo"), PATHS),
    ),
    min_size=6,
    max_size=16,
)


class Twin:
    """One store with five documents, of which the last comes late."""

    def __init__(self, store, make):
        self.store, self.make = store, make
        store.put_loose([make.loose(f"/{number}") for number in range(4)], now=make.NOW)

    def document(self, number):
        return self.store.find_document(self.make.identity(f"/{number}").canonical_url)

    def fetch(self, number, other, how, text):
        if number == 4:
            self.store.put_loose([self.make.loose("/4")], now=self.make.NOW)
        claims = (SameDocumentClaim(canonical_url=self.make.identity(f"/{other}").canonical_url, how=how, evidence=""),)
        result = self.make.result(self.document(number), text, payload=f"{number} {text}", claims=claims)
        (answer,) = self.store.archive([result], decide=self.make.undecided, now=self.make.NOW)
        return answer.error

    def merge(self, number, other, how):
        ids = [one.id if (one := self.document(each)) else 99 for each in (number, other)]
        return self.store.merge_documents(*ids, how=how, evidence="", now=self.make.NOW)

    def undo(self, number):
        document = self.document(number)
        return self.store.undo_merge(document.id if document else 99, because="no", now=self.make.NOW)

    def take(self, name, *arguments):
        try:
            return getattr(self, name)(*arguments)
        except (DocumentNotFound, Unstorable) as problem:
            return str(problem)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_is_merged_into_what_is_merged_and_backends_agree(both_empty, make, steps):
    with both_empty() as (database, memory):
        twins = [Twin(database, make), Twin(memory, make)]
        undone = set()
        for step in steps:
            stored, remembered = (twin.take(*step) for twin in twins)
            assert remembered == stored, step
            merges = list(database.merges(undone=True))
            assert merges == list(memory.merges(undone=True)), step
            standing = {one.document_id: one.into_id for one in merges if one.undone_at is None}
            assert not standing.keys() & set(standing.values())
            came_back = undone & standing.items()
            assert not came_back or (step[0] == "merge" and step[-1] is HAND)
            undone = {(one.document_id, one.into_id) for one in merges if one.undone_at is not None}
