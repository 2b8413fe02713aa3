"""The dedup gate: floors of precision and recall on labelled pairs and whole stories that may rise and never drop.

``python tests/benchmarks/dedup/run.py`` prints the whole table.
"""

from __future__ import annotations

import pytest
from dedup_gate.clusters import adjusted_rand, clustered, week
from dedup_gate.measuring import judged, quality
from dedup_gate.pairs import Label, pairs

SEED = 1

# Every other kind of copy, in every language, must be found without exception.
RECALL_FLOORS = {
    "English, brief: sentences dropped": 0.97,
    "English, brief: combined": 0.95,
    "English, brief: combined, heavier": 0.93,
    "Japanese, brief: combined, heavier": 0.83,
    "Thai, brief: combined, heavier": 0.83,
    "Thai, brief: sentences dropped": 0.91,
    # A gram of Thai is 20 characters, and of that length runs are rarely left.
    "Thai, long: every 6th word replaced": 0.5,
    "Thai, brief: every 6th word replaced": 0.0,
}


@pytest.fixture(scope="module")
def table():
    return judged(pairs(SEED))


@pytest.fixture(scope="module")
def labelled(table):
    def of(label):
        return {kind: said for (given, kind), said in table.items() if given is label}

    return of


def test_the_gate_has_enough_pairs_of_every_label(labelled):
    assert sum(sum(said.values()) for said in labelled(Label.COPY).values()) > 1800
    assert sum(sum(said.values()) for said in labelled(Label.DERIVED).values()) > 180
    assert sum(sum(said.values()) for said in labelled(Label.OTHER).values()) > 450
    assert RECALL_FLOORS.keys() <= labelled(Label.COPY).keys()


def test_the_long_stories_have_at_least_250_words():
    lengths = [len(pair.stored.body.split()) for pair in pairs(SEED) if pair.kind == "English, long: none"]
    assert len(lengths) >= 20
    assert min(lengths) >= 250


def test_what_is_not_a_copy_is_never_called_one(labelled):
    wrong = {kind: said[Label.COPY] for kind, said in labelled(Label.OTHER).items() if said.get(Label.COPY)}
    assert wrong == {}


def test_of_what_only_looks_alike_nothing_is_derived_but_digests_that_share_an_item(labelled):
    derived = {kind for kind, said in labelled(Label.OTHER).items() if said.get(Label.DERIVED)}
    assert derived == {"two digests that share an item"}


def test_copies_are_found(labelled):
    missed = {
        kind: round(said[Label.COPY] / sum(said.values()), 3)
        for kind, said in labelled(Label.COPY).items()
        if said[Label.COPY] / sum(said.values()) < RECALL_FLOORS.get(kind, 1.0)
    }
    assert missed == {}


def test_what_is_derived_is_called_so(labelled):
    missed = {
        kind: round(said[Label.DERIVED] / sum(said.values()), 3)
        for kind, said in labelled(Label.DERIVED).items()
        if said[Label.DERIVED] / sum(said.values()) < 1.0
    }
    assert missed == {}


def test_the_whole_stays_above_its_floor(table):
    precision, recall, f1 = quality(table)
    assert precision == 1.0
    assert recall >= 0.994
    assert f1 >= 0.996


def test_without_the_stored_texts_the_sample_calls_no_other_story_a_copy():
    unlike = [pair for pair in pairs(SEED) if pair.label is Label.OTHER and not pair.kind.startswith("same template")]
    sampled = judged(unlike, with_text=False)
    assert {kind: said[Label.COPY] for (_, kind), said in sampled.items() if said.get(Label.COPY)} == {}


def test_whole_stories_are_kept_together_and_apart():
    assert clustered(week(SEED)) >= 0.97


def test_the_index_of_agreement_is_the_usual_one():
    assert adjusted_rand([0, 0, 1, 1], [5, 5, 7, 7]) == 1.0
    assert adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]) == pytest.approx(4 / 7)
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
