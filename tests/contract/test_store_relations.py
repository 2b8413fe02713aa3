"""How articles relate to articles of other documents, and what candidates say of the keys that both have."""

from dataclasses import replace

import pytest

from storage.stock import indexed
from storage.types import Likeness, RelationKind

WIRE = "ferry aground near lind twelve people brought ashore by coast guard on wednesday evening in calm weather"
CUT = " ".join(WIRE.split()[:6])
OTHER = "parliament votes to lower its tax upon bicycles after long debate about roads and who should pay"
DIGEST = " ".join(["week", *WIRE.split()[:7], *OTHER.split()[:9]])
STOCK = "read all about the coast in our weekend paper"


@pytest.fixture
def told(store, make, sources):
    """Stores one text under a path; returns the article's number."""

    def run(path, text, decide=make.contained, **fields):
        (document,) = sources(path)
        fresh = make.article(text, keys={"words": make.many_keys_of(text)}, **fields)
        (answer,) = store.archive([make.result(document, article=fresh)], decide=decide, now=make.NOW)
        assert not answer.error
        return answer.article_id

    return run


@pytest.mark.parametrize("texts", [(WIRE, CUT), (CUT, WIRE)])
def test_a_relation_is_seen_from_both_sides_whichever_came_first(store, told, texts):
    numbers = {text: told(f"/{len(text)}", text) for text in texts}
    (whole,), (part,) = store.relations(numbers[WIRE]), store.relations(numbers[CUT])
    assert (whole.article_id, whole.other_id) == (part.other_id, part.article_id) == (numbers[WIRE], numbers[CUT])
    assert whole.kind is part.kind is RelationKind.COPY
    assert (whole.score, whole.signal, whole.evidence) == (part.score, part.signal, part.evidence)
    assert (whole.score, whole.share, whole.other_share) == (1.0, 6 / 17, 1.0)
    assert (part.share, part.other_share) == (1.0, 6 / 17)


def test_the_strongest_of_all_versions_counts_and_copies_come_first(store, told):
    wire, digest = told("/wire", WIRE), told("/digest", DIGEST)
    assert [(one.kind, one.score) for one in store.relations(digest)] == [(RelationKind.DERIVED, 7 / 17)]
    for text in (CUT, DIGEST, OTHER):
        assert told("/digest", text) == digest
    (relation,) = store.relations(wire)
    assert (relation.kind, relation.score, relation.other_share) == (RelationKind.COPY, 1.0, 1.0)
    weekly = told("/weekly", DIGEST.replace("week", "days"))
    half = told("/half", " ".join([*OTHER.split()[:4], "more", "of", "something", "else", "entirely", "new"]))
    shown = store.relations(digest)
    assert [(one.other_id, one.kind) for one in shown] == [
        (wire, RelationKind.COPY),
        (weekly, RelationKind.COPY),
        (half, RelationKind.DERIVED),
    ]
    assert store.relations(10**6) == []


def test_no_more_than_a_hundred_relations_are_shown(store, make, sources, told):
    results = [make.result(one, f"text {one.id}") for one in sources(*(f"/{number:03}" for number in range(102)))]
    others = store.archive(results, decide=make.undecided, now=make.NOW)

    def like_all(article, candidates):
        verdict = make.undecided(article, candidates)
        plain = {"kind": RelationKind.DERIVED, "signal": "words", "share": 1.0, "other_share": 1.0}
        scores = [(one, number // 2 / 100) for number, one in enumerate(others)]
        likenesses = [
            Likeness(version_id=one.version_id, article_id=one.article_id, score=score, **plain)
            for one, score in scores
        ]
        return replace(verdict, likenesses=tuple(likenesses))

    shown = store.relations(told("/fresh", "text of all", decide=like_all))
    ranked = sorted(enumerate(others), key=lambda one: (-(one[0] // 2), one[0]))
    assert [one.other_id for one in shown] == [one.article_id for _, one in ranked[:100]]


@pytest.mark.parametrize(
    ("days", "stock"),
    [
        ((-40, -40, -30, -30, -20), True),
        ((-40, -40, -30, -30, -30), False),
        ((-40, -30, -20, -10), False),
        ((-40, -30, -20, 3, -3), False),
        ((-9, -9, -9, 9, 30), True),
        ((-9, -9, -30, -30, 9), True),
        ((9, 9, 9, 10, 11), True),
        ((9, 9, 9, 9, 10), False),
    ],
)
def test_a_candidate_says_which_of_the_shared_keys_are_stock(store, make, told, days, stock):
    for number, day in enumerate(days):
        told(f"/{number}", f"{STOCK} x{number}", make.undecided, published_at=make.dated(make.at(days=day)))
    told("/news", f"{STOCK} {WIRE}", make.undecided, language="en", agency="AP", agency_own=True)
    found = []
    told("/fresh", f"{STOCK} {WIRE}", lambda article, given: found.extend(given) or make.undecided(article, given))
    (news,) = [one for one in found if one.canonical_url.endswith("/news")]
    both, phrase = (len(make.many_keys_of(text)) for text in (f"{STOCK} {WIRE}", STOCK))
    assert news.shared_keys == {"words": both}
    assert (news.language, news.agency_own) == ("en", True)
    if stock:
        assert 0.5 * phrase < news.stock_keys["words"] < 1.5 * phrase
    else:
        assert news.stock_keys == {}


@pytest.mark.parametrize("telling", [True, False])
def test_what_shares_nothing_but_stock_is_no_candidate(store, make, told, telling):
    for number, day in enumerate((-40, -40, -30, -30, -20)):
        told(f"/{number}", f"{STOCK} x{number}", make.undecided, published_at=make.dated(make.at(days=day)))
    told("/near", f"{STOCK} {'breakwater' if telling else 'pier'}", make.undecided)
    found = []
    told("/fresh", f"{STOCK} breakwater", lambda article, given: found.extend(given) or make.undecided(article, given))
    assert [one.canonical_url[-5:] for one in found] == ["/near"] * telling


@pytest.mark.parametrize(("keys", "shared", "found"), [(39, 1, True), (40, 2, False), (40, 3, True), (60, 3, False)])
def test_what_shares_little_of_many_keys_is_no_candidate(store, make, sources, keys, shared, found):
    both = [8 * number for number in range(1, 200) if indexed({"words": [8 * number]})][:shared]
    own, other = ([8 * number for number in range(start, start + keys - shared)] for start in (1000, 3000))
    seen = []
    for document, given in zip(sources("/a", "/b"), (own, other), strict=True):
        article = make.article(document.canonical_url, keys={"words": (*both, *given)})
        spy = make.result(document, article=article)
        store.archive(
            [spy], decide=lambda one, stored: seen.extend(stored) or make.undecided(one, stored), now=make.NOW
        )
    assert bool(seen) is found


def test_documents_that_are_one_are_no_candidates_for_each_other(store, make, sources, told):
    first, second, third = sources("/a", "/b", "/c")
    for one in (second, third):
        store.merge_documents(one.id, first.id, how="hand", evidence="the same page", now=make.NOW)
    a, b = told("/a", WIRE), told("/b", WIRE)
    other = told("/other", WIRE)
    c = told("/c", WIRE)
    assert [store.relations(one) == [] for one in (a, b, c, other)] == [False] * 4
    assert {one.other_id for number in (a, b, c) for one in store.relations(number)} == {other}
    store.undo_merge(second.id, because="it is not", now=make.NOW)
    again = store.waiting_for_comparison(limit=9)
    store.compare_again(again, decide=make.contained, fingerprint=make.as_stored, now=make.NOW)
    assert {one.other_id for one in store.relations(b)} == {a, c, other}
    store.compare_again([a], decide=make.contained, fingerprint=make.as_stored, now=make.NOW)
    assert {one.other_id for one in store.relations(a)} == {b, other}


LIMIT = "storage.placing.MOST_SHARING", "storage.sql.candidates.MOST_SHARING", "storage.memory.candidates.MOST_SHARING"


def test_where_too_many_share_keys_what_others_found_stays(store, make, told, monkeypatch):
    for name in LIMIT:
        monkeypatch.setattr(name, 2)
    numbers = [told(f"/{number}", f"{WIRE} x{number}") for number in range(4)]

    def related():
        return {one: {relation.other_id for relation in store.relations(one)} for one in numbers}

    def compare(*some):
        return store.compare_again(some, decide=make.contained, fingerprint=make.as_stored, now=make.NOW)

    first, second, third, fourth = numbers
    before = related()
    assert before[fourth] == before[third] == {first, second}
    assert (compare(*numbers), compare(first), related()) == (0, 0, before)
    (version, _), *_ = store.own_versions(store.article(fourth).document.id, limit=1)
    store.reextract(version.id, make.article(OTHER, keys={"words": make.many_keys_of(OTHER)}), now=make.NOW)
    assert compare(fourth) == 1
    assert related() == {first: {second, third}, second: {first, third}, third: {first, second}, fourth: set()}


def test_a_copy_is_read_before_pages_that_share_much_furniture(store, make, sources):
    fresh = [8 * number for number in range(200)]
    furnished = {
        f"/{page:02}": fresh[:60] + [8 * (1000 * page + own) for own in range(1000, 1140)] for page in range(21)
    }
    owned = {**furnished, "/copy": fresh[100:130] + list(range(7, 160, 8)), "/equal": fresh}
    for path, keys in owned.items():
        (document,) = sources(path)
        text = "as it came" if path == "/equal" else path
        answer = store.archive(
            [make.result(document, article=make.article(text, keys={"words": keys}))],
            decide=make.undecided,
            now=make.NOW,
        )
        assert not answer[0].error
    (document,) = sources("/fresh")
    found = []
    spy = make.result(document, article=make.article("as it came", keys={"words": fresh}))
    store.archive([spy], decide=lambda one, given: found.extend(given) or make.undecided(one, given), now=make.NOW)
    assert len(found) == len(owned)
    assert {one.canonical_url.rsplit("/")[-1] for one in found if not one.body} == {"19", "20", "equal"}
