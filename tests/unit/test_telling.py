"""Which articles tell one story: the best average fit, whatever came first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.telling import LEAST_FIT, Teller, beside, fits, groups, numbered, representative

MORNING = datetime(2026, 3, 1, 6, tzinfo=UTC)


def teller(number, minutes=None, **fields):
    at = MORNING + timedelta(minutes=number if minutes is None else minutes)
    return Teller(article_id=number, reported_at=at, canonical_url=f"https://h{number:03}.example/", **fields)


def tellers(count):
    return [teller(number) for number in range(1, count + 1)]


def all_pairs(members, score):
    return dict.fromkeys(combinations(members, 2), score)


# -- groups ----------------------------------------------------------------------------------------------------------


def test_copies_are_one_story_and_strangers_are_not():
    scores = all_pairs((1, 3), 1.0) | all_pairs((2, 4, 5), 0.9) | {(1, 2): 0.3}
    assert groups(tellers(6), scores) == [(1, 3), (2, 4, 5), (6,)]


def test_a_digest_never_makes_one_story_of_two():
    two_stories = all_pairs((1, 2, 3), 1.0) | all_pairs((4, 5, 6), 1.0)
    digest = {(number, 7): 0.5 for number in range(1, 7)}
    assert groups(tellers(7), two_stories | digest) == [(1, 2, 3, 7), (4, 5, 6)]
    assert groups(tellers(3), {(1, 3): 0.5, (2, 3): 0.5}) == [(1, 3), (2,)]


def test_a_chain_of_write_throughs_is_cut():
    chain = {(number, number + 1): 0.6 for number in range(1, 9)}
    assert max(map(len, groups(tellers(9), chain))) == 2


def test_parts_of_one_report_that_share_nothing_meet_in_the_whole():
    thirds = {(1, 2): 0.9, (1, 3): 0.9}
    assert groups(tellers(3), thirds) == [(1, 2, 3)]


def test_copies_cut_to_a_third_stay_with_the_wire():
    whole = all_pairs(range(1, 6), 0.95)
    cut = {(number, part): 0.85 for number in range(1, 6) for part in (6, 7, 8)}
    assert groups(tellers(8), whole | cut) == [tuple(range(1, 9))]


@pytest.mark.parametrize(("score", "stories"), [(LEAST_FIT, 1), (LEAST_FIT - 0.000_01, 2)])
def test_the_least_fit_is_enough(score, stories):
    assert len(groups(tellers(2), {(2, 1): score})) == stories


def test_among_equals_what_was_reported_first_finds_its_story_first():
    one, two, three = teller(1, minutes=9), teller(2, minutes=5), teller(3, minutes=7)
    scores = {(1, 2): 0.5, (2, 3): 0.5}
    assert groups([one, two, three], scores) == [(2, 3), (1,)]
    assert groups([replace(one, reported_at=three.reported_at), two, three], scores) == [(2, 1), (3,)]


def test_scores_of_articles_that_tell_nothing_are_passed_over():
    assert groups(tellers(2), {(1, 9): 1.0, (1, 1): 1.0}) == [(1,), (2,)]
    assert groups([], {(1, 2): 1.0}) == []


PAIRS = list(combinations(range(1, 9), 2))
COARSE = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([0.3, 0.45, 0.5, 0.9, 1.0]))
FINE = st.dictionaries(st.sampled_from(PAIRS), st.floats(0, 1))


@given(scores=st.one_of(COARSE, FINE), order=st.permutations(range(1, 9)), shuffled=st.permutations(PAIRS))
def test_neither_order_nor_numbers_leave_a_trace(scores, order, shuffled):
    expected = groups(tellers(8), scores)
    ranked = {pair: scores[pair] for pair in shuffled if pair in scores}
    assert groups([teller(number) for number in order], ranked) == expected
    renumbered = dict(zip(range(1, 9), order, strict=True))
    others = [replace(one, article_id=renumbered[one.article_id]) for one in tellers(8)]
    moved = {(renumbered[two], renumbered[one]): score for (one, two), score in scores.items()}
    assert groups(others, moved) == [tuple(renumbered[number] for number in group) for group in expected]


@given(scores=st.dictionaries(st.sampled_from(PAIRS), st.integers(0, 1_000_000)))
def test_it_is_what_taking_the_best_pair_of_all_again_and_again_gives(scores):
    scores = {pair: score / 1_000_000 for pair, score in scores.items()}
    found = [(number,) for number in range(1, 9)]

    def fit(pair):
        between = [scores.get((min(one, two), max(one, two)), 0.0) for one in pair[0] for two in pair[1]]
        return round(sum(between) / len(between), 9)

    while len(found) > 1:
        ranked = sorted(combinations(found, 2), key=fit, reverse=True)
        best = fit(ranked[0])
        if len(ranked) > 1 and best == fit(ranked[1]) and best >= LEAST_FIT:
            return  # a tie has no single right answer
        if best < LEAST_FIT:
            break
        found = [one for one in found if one not in ranked[0]] + [tuple(sorted(ranked[0][0] + ranked[0][1]))]
    assert groups(tellers(8), scores) == sorted(found)


# -- what a group is -------------------------------------------------------------------------------------------------


def test_the_fit_is_the_mean_over_all_others():
    scores = {(1, 2): 1.0, (3, 1): 0.5, (2, 9): 1.0}
    assert fits((1, 2, 3), scores) == {1: 0.75, 2: 0.5, 3: 0.25}
    assert fits((4,), scores) == {4: 1.0}


@pytest.mark.parametrize(
    ("stories", "before", "numbers"),
    [
        ([(1, 2, 3)], {}, [None]),
        ([(1, 2, 3)], {1: 7, 2: 5, 3: 7}, [7]),
        ([(1, 2)], {1: 7, 2: 5}, [5]),
        ([(1,), (2, 3)], {1: 7, 2: 7, 3: 7}, [None, 7]),
        ([(1,), (2,)], {1: 7, 2: 7}, [7, None]),
        ([(1, 2, 3), (4, 5, 6)], {1: 7, 2: 7, 3: 7, 4: 7, 5: 7, 6: 8}, [7, 8]),
        ([(4,), (1, 2)], {1: 5, 2: 5, 4: 6}, [6, 5]),
    ],
)
def test_a_story_keeps_the_number_of_most_of_its_articles(stories, before, numbers):
    assert numbered(stories, before) == numbers


@given(
    stories=st.lists(st.lists(st.integers(0, 9), min_size=1, unique=True), max_size=5),
    before=st.dictionaries(st.integers(0, 9), st.integers(1, 4)),
)
def test_no_two_stories_have_one_number(stories, before):
    taken = set()
    apart = [fresh for story in stories if (fresh := [one for one in story if one not in taken and not taken.add(one)])]
    numbers = numbered(apart, before)
    given_out = [number for number in numbers if number is not None]
    assert len(numbers) == len(apart)
    assert len(given_out) == len(set(given_out))
    assert set(given_out) <= {before[one] for story in apart for one in story if one in before}


@pytest.mark.parametrize(
    ("scores", "sizes", "place"),
    [
        ({1: 1.0, 2: 0.5, 3: 0.9}, {7: 2, 8: 1}, (8, 0.9)),
        ({1: 1.0, 2: 0.9, 3: 0.9}, {7: 2, 8: 1}, (7, 0.95)),
        ({1: 1.0, 3: 0.5}, {7: 2, 8: 1}, (7, 0.5)),
        ({1: 1.0, 3: 0.5}, {7: 9, 8: 2}, None),
        ({}, {}, None),
    ],
)
def test_one_of_too_many_goes_where_it_fits_best(scores, sizes, place):
    assert beside(scores, {1: 7, 2: 7, 3: 8}, sizes) == place


def test_who_stands_for_a_story():
    late = teller(9, minutes=60 * 40, length=900, agency_own=True)
    teaser = teller(1, length=990, teaser=True)
    short, long = teller(2, minutes=300, length=700), teller(4, minutes=600, length=800)
    twin, next_day = (
        replace(long, article_id=3, canonical_url="https://z.example/"),
        teller(5, minutes=60 * 24, length=999),
    )
    ranked = [late, long, twin, short, next_day, teaser]
    while ranked:
        assert representative(ranked[::-1]) == ranked[0].article_id
        ranked.pop(0)
