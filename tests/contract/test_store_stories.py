"""Which articles tell one story: the same whatever came first, and the same when it is worked out again."""

from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import text as sql

from storage import open_store
from storage.types import Access

WIRE = "ferry aground near lind twelve people brought ashore by coast guard on wednesday evening in calm weather"
OTHER = "parliament votes to lower its tax upon bicycles after long debate about roads and who should pay"
TEXTS = {
    "wire": WIRE,
    "cut": " ".join(WIRE.split()[:6]),
    "end": " ".join(WIRE.split()[-6:]),
    "other": OTHER,
    "digest": " ".join(["week", *WIRE.split()[:9], *OTHER.split()[:9]]),
    "then": " ".join([*WIRE.split()[:5], "captain", "asked", "why", "radar", "was", "off", "says", "court"]),
}


class Teller:
    """Stores the texts by their names, as often as wanted in words of their own."""

    def __init__(self, store, make):
        self.store, self.make, self.numbers = store, make, {}

    def article(self, name, salt="", **fields):
        words = " ".join(word + salt for word in TEXTS.get(name, name).split())
        return self.make.article(words, keys={"words": self.make.many_keys_of(words)}, **fields)

    def tell(self, *names, salt="", host="harbour-post.example", decide=None, **fields):
        paths = [f"/{salt}/{name}" for name in names]
        self.store.put_loose([self.make.loose(path, host) for path in paths], now=self.make.NOW)
        documents = [self.store.document(self.make.identity(path, host).canonical_url) for path in paths]
        results = [
            self.make.result(document, article=self.article(name, salt, **fields))
            for name, document in zip(names, documents, strict=True)
        ]
        answers = self.store.archive(results, decide=decide or self.make.contained, now=self.make.NOW)
        assert not [one.error for one in answers if one.error]
        self.numbers |= {salt + name: one.article_id for name, one in zip(names, answers, strict=True)}
        return answers

    def stories(self, salt=""):
        """The members of each cluster with how they fit; the one that stands for it comes first."""
        names = {number: name for name, number in self.numbers.items()}
        found = set()
        for name in self.numbers:
            if name.startswith(salt):
                cluster = self.store.article(self.numbers[name]).cluster
                ranked = sorted(cluster, key=lambda one: (not one.representative, names[one.article_id]))
                found.add(tuple((names[one.article_id].removeprefix(salt), round(one.score, 3)) for one in ranked))
        return found

    def relations(self, salt=""):
        names = {number: name.removeprefix(salt) for name, number in self.numbers.items()}
        return {
            (names[number], names[one.other_id], one.kind, one.score, one.share, one.other_share)
            for name, number in self.numbers.items()
            if name.startswith(salt)
            for one in self.store.relations(number)
        }

    def clusters(self, *names):
        return [self.store.article(self.numbers[name]).cluster_id for name in names]

    def compare(self, *names, fingerprint=None):
        return self.store.compare_again(
            [self.numbers[name] for name in names],
            decide=self.make.contained,
            fingerprint=fingerprint or self.make.as_stored,
            now=self.make.NOW,
        )


@pytest.fixture
def teller(store, make):
    return Teller(store, make)


def test_what_comes_later_joins_stories(store, make, teller):
    teller.tell("cut", "end")
    assert teller.stories() == {(("cut", 1.0),), (("end", 1.0),)}
    first, second = teller.clusters("cut", "end")
    teller.tell("wire")
    assert teller.stories() == {(("wire", 1.0), ("cut", 0.5), ("end", 0.5))}
    assert teller.clusters("cut", "end", "wire") == [first] * 3
    assert store.status(now=make.NOW).clusters == 1
    assert second != first


def test_what_comes_later_splits_stories(teller):
    teller.tell("wire", "digest")
    (first, _) = teller.clusters("wire", "digest")
    assert teller.stories() == {(("digest", 0.529), ("wire", 0.529))}
    teller.tell("other")
    assert teller.stories() == {(("digest", 0.529), ("other", 0.529)), (("wire", 1.0),)}
    assert teller.clusters("digest", "other") == [first, first]
    assert teller.clusters("wire") != [first]


def test_the_larger_part_of_a_story_keeps_its_number(store, make, teller):
    whole, *_ = teller.tell("wire", "cut", "end")
    (number,) = set(teller.clusters("wire", "cut", "end"))
    cut = store.own_versions(store.article(teller.numbers["cut"]).document.id, limit=1)[0][0]
    store.reextract(cut.id, teller.article("other"), now=make.NOW)
    assert teller.clusters("cut") == [number]
    assert teller.compare("cut", "end") == 1
    assert teller.stories() == {(("wire", 1.0), ("end", 1.0)), (("cut", 1.0),)}
    assert teller.clusters("wire", "end") == [number, number] != teller.clusters("cut", "cut")
    store.reextract(whole.version_id, teller.article("then"), now=make.NOW)
    assert teller.compare("wire") == 1
    assert len({*teller.clusters("wire", "cut", "end"), number}) == 3


def test_a_cluster_that_was_taken_in_says_where_it_is_told(database, make):
    with open_store(database) as store:
        teller = Teller(store, make)
        teller.tell("cut", "end")
        one, other = teller.clusters("cut", "end")
        teller.tell("wire")
        with store._read() as connection:
            rows = connection.execute(sql("SELECT id, merged_into FROM clusters ORDER BY id")).all()
        assert rows == [(one, None), (other, one)]


def test_the_order_of_arrival_leaves_no_trace(teller):
    names = list(TEXTS)
    orders = list(permutations(names))[::83]
    outcomes = []
    for number, order in enumerate(orders):
        salt = f"s{number}-"
        if number % 2:
            teller.tell(*order, salt=salt)
        else:
            for name in order:
                teller.tell(name, salt=salt)
        outcomes.append((teller.stories(salt), teller.relations(salt)))
    assert len(outcomes[0][1]) >= 2 * 7
    assert outcomes == [outcomes[0]] * len(outcomes)


def test_worked_out_again_it_is_as_if_stored_now(store, make, teller):
    names = list(TEXTS)
    teller.tell(*names, salt="now-")
    expected = (teller.stories("now-"), teller.relations("now-"))

    def old(article, candidates):
        return make.undecided(article, ())

    for name in names:
        (answer,) = teller.tell(name, salt="old-", decide=old)
        words = teller.article(name, "old-").body
        stale = replace(teller.article(name, "old-"), text_digest="", keys={"old": make.keys_of(words)})
        store.reextract(answer.version_id, stale, now=make.NOW)

    def renew(article, host):
        assert host == "harbour-post.example"
        fresh = make.article(article.body, keys={"words": make.many_keys_of(article.body)})
        return replace(article, keys=fresh.keys, text_digest=fresh.text_digest)

    assert store.waiting_for_comparison(limit=99) == sorted(teller.numbers["old-" + name] for name in names)
    assert store.compare_later() == 2 * len(names)
    done, after = [], 0
    while piece := store.waiting_for_comparison(after=after, limit=5):
        assert len(piece) <= 5
        store.compare_again(piece, decide=make.contained, fingerprint=renew, now=make.NOW)
        done, after = done + piece, piece[-1]
        assert store.compare_later([]) == 2 * len(names) - len(done)
    assert done == sorted(teller.numbers.values())
    worked_out = {
        tuple((name.replace("old-", "now-").removeprefix("now-"), fit) for name, fit in story)
        for story in teller.stories("old-")
    }
    assert (worked_out, teller.relations("old-")) == expected
    assert store.compare_later([*done, 10**6]) == 2 * len(names)
    before = teller.clusters(*teller.numbers)
    assert store.compare_again([*done, 10**6], decide=make.contained, fingerprint=renew, now=make.NOW) == 0
    assert teller.clusters(*teller.numbers) == before
    assert (store.waiting_for_comparison(limit=9), store.compare_later([])) == ([], 0)


def test_what_an_article_waits_for_after_it_was_extracted_again(store, make, teller):
    (answer,) = teller.tell("wire")
    assert store.waiting_for_comparison(limit=9) == []
    for changed, waits in (
        ({"extractor_version": "2", "section": "Coast"}, False),
        ({"agency": "AP"}, True),
        ({"agency": "AP", "access": Access.TEASER}, True),
        ({"agency": "AP", "access": Access.TEASER, "keys": {"words": (1, 2)}}, True),
    ):
        assert store.reextract(answer.version_id, replace(teller.article("wire"), **changed), now=make.NOW)
        assert (store.waiting_for_comparison(limit=9) == [answer.article_id]) is waits
        store.compare_again([answer.article_id], decide=make.contained, fingerprint=make.as_stored, now=make.NOW)
        assert store.waiting_for_comparison(limit=9) == []


def test_the_agency_itself_stands_for_its_story(store, make, teller):
    teller.tell("wire", published_at=make.dated(make.at(days=-1)))
    teller.tell("cut", salt="", host="agency.example")
    assert [one[0] for one in max(teller.stories(), key=len)] == ["wire", "cut"]

    def renew(article, host):
        return replace(article, agency_own=host == "agency.example")

    assert teller.compare("wire", "cut", fingerprint=renew) == 0
    assert [one[0] for one in max(teller.stories(), key=len)] == ["cut", "wire"]


def test_of_too_many_connected_articles_only_the_fresh_one_is_placed(sqlite_url, make, monkeypatch):
    monkeypatch.setattr("storage.sql.clusters.MOST_TOLD", 3)
    with open_store(sqlite_url) as store:
        teller = Teller(store, make)
        teller.tell("wire", "cut", "end")
        (number,) = set(teller.clusters("wire", "cut", "end"))
        teller.tell(f"{WIRE} again")
        assert teller.clusters(f"{WIRE} again") == [number]
        teller.tell("digest", "other")
        digest, other = teller.clusters("digest", "other")
        assert digest == number != other
        assert {one[0] for one in teller.stories()} == {("other", 1.0), ("digest", 0.507)}
        assert teller.compare("other", "wire") == 0
        assert teller.clusters("digest", "other", "wire") == [number, other, number]
        assert teller.compare("digest") == 1
        assert teller.clusters("digest", "other", "wire") == [other, other, number]
        assert {one[0] for one in teller.stories()} == {("digest", 0.529), (f"{WIRE} again", 1.0)}


def test_of_too_many_none_is_placed_beside_what_it_only_derives_from(store, teller, monkeypatch):
    monkeypatch.setattr("storage.sql.clusters.MOST_TOLD", 2)
    monkeypatch.setattr("storage.memory.stories.MOST_TOLD", 2)
    teller.tell("wire", "cut", "other")
    digest = " ".join([*WIRE.split()[:4], *OTHER.split()[:8], *(f"x{number}" for number in range(5))])
    teller.tell(digest)
    scores = {one.other_id: (one.kind, one.score) for one in store.relations(teller.numbers[digest])}
    assert scores == {teller.numbers["cut"]: ("copy", 4 / 6), teller.numbers["other"]: ("derived", 8 / 17)}
    assert len(set(teller.clusters("wire", "other", digest))) == 3
    assert teller.compare(digest) == 0
    assert len(set(teller.clusters("wire", "other", digest))) == 3


def test_others_that_moved_are_counted_too(store, make, teller):
    wire, *_ = teller.tell("wire", "cut", "end")
    store.reextract(wire.version_id, teller.article("other"), now=make.NOW)
    assert teller.compare("wire") == 2
    assert len(set(teller.clusters("wire", "cut", "end"))) == 3
