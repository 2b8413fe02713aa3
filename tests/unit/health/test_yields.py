"""When a host is silent or gives far less: tables, properties, and a year of healthy hosts."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.health.yields import SPELL_DAYS, Rule, Tally, judged, tallied
from storage.types import AlertKind, HostDay, Outcome

TODAY = date(2026, 3, 20)
RULE = Rule()
HOST = "harbour-post.example"


def day(ago):
    return TODAY - timedelta(days=ago)


def tally(attempts, well):
    return Tally(attempts, well, ((Outcome.BLOCKED, attempts - well),) if attempts > well else ())


def past(*lately, usual=(30, 24), days=14):
    """``lately`` are (attempts, well) of the last days, today last; before them usual days."""
    found = {day(len(lately) - 1 - number): tally(*one) for number, one in enumerate(lately)}
    return found | {day(len(lately) + number): tally(*usual) for number in range(days)}


def kind_of(verdict):
    return verdict.kind if verdict else None


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        (past((30, 24)), None),
        (past((30, 0)), AlertKind.SILENT_HOST),
        (past((30, 4)), AlertKind.SUDDEN_DROP),
        (past((30, 13)), None),  # by less than half
        (past((9, 0)), None),  # too few to say
        (past((9, 0), (9, 0)), AlertKind.SILENT_HOST),
        (past((4, 0), (3, 0), (4, 0)), AlertKind.SILENT_HOST),  # a host that fails is asked less and less
        (past((30, 0), days=0), None),  # never gave anything
        (past((30, 0), usual=(30, 0)), None),
        (past((30, 0), usual=(4, 4), days=2), None),  # too few before
        (past((60, 0), usual=(20, 20), days=1), AlertKind.SILENT_HOST),
        (past((12, 0), usual=(30, 3)), None),  # a host of which one in ten works may miss twelve times
        (past((60, 3), (60, 3), (60, 3)), AlertKind.SUDDEN_DROP),
        ({}, None),
    ],
)
def test_what_stands(counts, kind):
    assert kind_of(judged(counts, today=TODAY, rule=RULE)) is kind


def test_a_host_that_nobody_asks_any_more_is_no_news():
    counts = {when - timedelta(days=2): one for when, one in past((30, 0)).items()}
    assert judged(counts, today=TODAY, rule=RULE) is None
    assert kind_of(judged(counts, today=day(1), rule=RULE)) is AlertKind.SILENT_HOST  # asked on the day before


def test_the_text_has_the_figures():
    silent = judged(past((9, 0), (9, 0)), today=TODAY, rule=RULE)
    assert silent.text == (
        "none of 18 attempts since 2026-03-19 ended well (blocked 18); 336 of 420 attempts in the 14 days to 2026-03-18"
    )
    drop = judged(past((30, 4)), today=TODAY, rule=RULE)
    assert drop.text == (
        "4 of 30 attempts on 2026-03-20 ended well (blocked 26); 336 of 420 attempts in the 14 days before"
    )


def test_one_bad_day_makes_nobody_blind_to_the_next_outage():
    counts = past((30, 24), (30, 0), (30, 0), (30, 0))
    counts[day(8)] = tally(30, 0)
    assert kind_of(judged(counts, today=TODAY, rule=RULE)) is AlertKind.SILENT_HOST


def test_days_that_differ_a_lot_need_more_before_somebody_is_woken():
    uneven = {day(number): tally(30, 27 if number % 2 else 12) for number in range(1, 15)}
    even = {day(number): tally(30, 20) for number in range(1, 15)}
    for counts, kind in ((even, AlertKind.SUDDEN_DROP), (uneven, None)):
        assert kind_of(judged(counts | {TODAY: tally(30, 3)}, today=TODAY, rule=RULE)) is kind


# -- what stands already ---------------------------------------------------------------------------------------


def test_a_silent_host_stays_silent_until_it_gives_again():
    counts = past(*[(10, 0)] * 40)
    stands = {AlertKind.SILENT_HOST: day(39)}
    assert kind_of(judged(counts, today=TODAY, rule=RULE, standing=stands)) is AlertKind.SILENT_HOST
    counts = {day(number): tally(10, 0) for number in range(60)}
    assert judged(counts, today=TODAY, rule=RULE) is None  # nothing known of better days
    assert kind_of(judged(counts, today=TODAY, rule=RULE, standing=stands)) is AlertKind.SILENT_HOST
    counts[TODAY] = tally(10, 8)
    assert judged(counts, today=TODAY, rule=RULE, standing=stands) is None


def test_a_drop_is_compared_with_the_days_before_it_was_found():
    counts = past(*[(30, 4)] * 28)
    stands = {AlertKind.SUDDEN_DROP: day(27)}
    assert judged(counts, today=TODAY, rule=RULE) is None  # by now it is what is usual
    assert kind_of(judged(counts, today=TODAY, rule=RULE, standing=stands)) is AlertKind.SUDDEN_DROP
    counts[TODAY] = tally(30, 22)
    assert judged(counts, today=TODAY, rule=RULE, standing=stands) is None


def test_a_few_good_attempts_do_not_end_a_drop():
    counts = past(*[(30, 4)] * 3, (10, 5))
    assert kind_of(judged(counts, today=TODAY, rule=RULE, standing={AlertKind.SUDDEN_DROP: day(3)})) is (
        AlertKind.SUDDEN_DROP
    )


def test_a_drop_becomes_usual_in_the_end():
    counts = past(*[(30, 4)] * 60)
    stands = {AlertKind.SUDDEN_DROP: day(59)}
    assert judged(counts, today=TODAY, rule=RULE, standing=stands) is None


# -- counts ----------------------------------------------------------------------------------------------------


def count(outcome, attempts, **fields):
    return HostDay(**{"day": TODAY, "host": HOST, "outcome": outcome, "attempts": attempts, **fields})


def test_only_attempts_at_the_host_itself_count():
    found = tallied(
        [
            count(Outcome.FETCHED, 5, articles=1),
            count(Outcome.NOT_MODIFIED, 7),
            count(Outcome.TEASER, 2),
            count(Outcome.GONE, 3),
            count(Outcome.FETCHED, 50, archive="internet-archive"),
            count(Outcome.FORBIDDEN_ADDRESS, 4),
            count(Outcome.GONE, 1, host="other.example", archive="arquivo.pt"),
        ]
    )
    assert found == {HOST: {TODAY: Tally(17, 14, ((Outcome.GONE, 3),))}}


# -- properties ------------------------------------------------------------------------------------------------

TALLIES = st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda pair: tally(max(pair), min(pair)))
PASTS = st.dictionaries(st.integers(0, 60).map(day), TALLIES, max_size=30).map(
    lambda found: {when: one for when, one in found.items() if one.attempts}
)
RULES = st.builds(
    Rule, window_days=st.integers(2, 365), least_attempts=st.integers(1, 50), drop=st.floats(0.05, 1, allow_nan=False)
)
STANDING = st.dictionaries(
    st.sampled_from([AlertKind.SILENT_HOST, AlertKind.SUDDEN_DROP]), st.integers(0, 400).map(day)
)


@given(PASTS, RULES, STANDING)
@settings(max_examples=300, deadline=None)
def test_whatever_was_counted_there_is_an_answer(counts, rule, standing):
    verdict = judged(counts, today=TODAY, rule=rule, standing=standing)
    if verdict is not None and not standing:
        latest = max(counts)
        assert latest >= day(1)
        if verdict.kind is AlertKind.SILENT_HOST:
            assert not counts[latest].well
            assert sum(one.attempts for one in counts.values()) >= 2 * rule.least_attempts


@given(PASTS, RULES)
@settings(max_examples=100, deadline=None)
def test_a_host_whose_attempts_all_end_well_raises_nothing(counts, rule):
    good = {when: Tally(one.attempts, one.attempts) for when, one in counts.items()}
    assert judged(good, today=TODAY, rule=rule) is None


@given(PASTS, RULES)
@settings(max_examples=100, deadline=None)
def test_what_lies_out_of_reach_changes_nothing(counts, rule):
    older = counts | {TODAY - rule.reach - timedelta(days=5): tally(500, 500)}
    assert judged(older, today=TODAY, rule=rule) == judged(counts, today=TODAY, rule=rule)


# -- a year ----------------------------------------------------------------------------------------------------


def simulated(hosts, days, *, seed, fails_on=None, left=1.0):
    """Days from the first one until an alert opens, for each host; ``None`` where none does.

    Hosts differ in size and in how much works, weekends are quieter and worse, the attempts of one day resemble each
    other. From ``fails_on`` on only ``left`` of what worked does.
    """
    rng = random.Random(seed)  # noqa: S311 - simulated, not secret
    for _ in range(hosts):
        rate, share, weekend = 10 ** rng.uniform(0.8, 2.2), rng.betavariate(6, 1.5), rng.uniform(0.75, 1)
        counts = {}
        opened = None
        for number in range(days):
            when = date(2026, 1, 5) + timedelta(days=number)
            usual = share * (weekend if when.weekday() >= 5 else 1)
            likely = rng.betavariate(usual * 32, (1 - usual) * 32)
            if fails_on is not None and number >= fails_on:
                likely *= left
            attempts = max(1, int(rng.gauss(rate * (0.6 if when.weekday() >= 5 else 1), 2 * rate**0.5)))
            counts[when] = tally(attempts, sum(rng.random() < likely for _ in range(attempts)))
            counts.pop(when - RULE.reach - timedelta(days=1), None)
            if judged(counts, today=when, rule=RULE) is not None:
                opened = number
                break
        yield opened


def test_healthy_hosts_do_not_cry():
    assert [one for one in simulated(25, 365, seed=3) if one is not None] == []


@pytest.mark.parametrize(("left", "most"), [(0.0, 3), (0.2, 6)])
def test_hosts_that_fail_are_noticed_within_days(left, most):
    found = sorted(99 if one is None else one - 40 for one in simulated(40, 70, seed=5, fails_on=40, left=left))
    assert found[0] >= 0
    assert found[len(found) // 2] <= most
    assert sum(one == 99 for one in found) <= 4


def test_the_reach_covers_a_window_before_a_long_spell():
    assert RULE.reach == timedelta(days=14 + SPELL_DAYS)
