"""The dedup gate: floors of precision and recall on labelled pairs that may rise and never drop.

``python tests/benchmarks/dedup_pairs.py`` prints the whole table.
"""

from __future__ import annotations

import pytest

SEEDS = [1, 2, 3]

# Every other kind of copy must be found without exception.
RECALL_FLOORS = {
    "long: 12 % of words edited": 0.90,
    "long: 20 % of words edited": 0.08,
    "long: combined": 0.93,
    "long: combined, heavier": 0.15,
    "brief: 12 % of words edited": 0.65,
    "brief: 20 % of words edited": 0.05,
    "brief: combined": 0.40,
    "brief: combined, heavier": 0.12,
    "Chinese: 20 % of words edited": 0.15,
    "Chinese: combined, heavier": 0.30,
}


@pytest.fixture(scope="module")
def table(dedup_pairs):
    return dedup_pairs.matched(SEEDS)


def test_the_gate_has_enough_pairs_of_every_label(table):
    assert sum(total for (copy, _), (_, total) in table.items() if copy) > 1500
    assert sum(total for (copy, _), (_, total) in table.items() if not copy) > 400
    assert RECALL_FLOORS.keys() <= {kind for copy, kind in table if copy}


def test_the_long_stories_have_at_least_250_words(dedup_pairs):
    lengths = [
        len(pair.stored.body.split()) for seed in SEEDS for pair in dedup_pairs.pairs(seed) if pair.kind == "long: none"
    ]
    assert len(lengths) >= 20
    assert min(lengths) >= 250


def test_what_is_not_a_copy_is_never_called_one(table):
    wrong = {kind: found for (copy, kind), (found, _) in table.items() if not copy and found}
    assert wrong == {}


def test_copies_are_found(table):
    missed = {
        kind: round(found / total, 3)
        for (copy, kind), (found, total) in table.items()
        if copy and found / total < RECALL_FLOORS.get(kind, 1.0)
    }
    assert missed == {}


def test_the_whole_stays_above_its_floor(dedup_pairs, table):
    precision, recall, f1 = dedup_pairs.quality(table)
    assert precision == 1.0
    assert recall >= 0.84
    assert f1 >= 0.91
