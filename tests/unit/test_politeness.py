from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness import (
    BREAKER_AFTER,
    FIRST_BREAK_S,
    FIRST_COOL_DOWN_S,
    INTERVAL,
    LESSONS,
    LONGEST_BREAK_S,
    LONGEST_COOL_DOWN_S,
    LONGEST_CRAWL_DELAY_S,
    LONGEST_RETRY_AFTER_S,
    Lesson,
    after,
    host_asked,
    interval_of,
    passed_by,
    rests,
)
from storage.types import HostState, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TWO_S = timedelta(seconds=2)
FRESH = HostState(name="news.example")


def again(state, outcome, at=NOW, **said):
    return after(state, outcome=outcome, at=at, interval=TWO_S, **said)


def in_a_row(state, outcome, times, **said):
    for _ in range(times):
        state = again(state, outcome, **said)
    return state


def rest_s(state, at=NOW):
    return (state.not_before - at).total_seconds()


def test_every_outcome_teaches_something():
    assert set(LESSONS) == set(Outcome)


def test_after_a_page_the_host_waits_for_its_interval_and_no_longer():
    state = again(FRESH, Outcome.FETCHED)
    assert (rest_s(state), state.rest_reason, state.failures) == (2, INTERVAL, 0)
    assert state.last_success_at == state.last_attempt_at == NOW
    assert not rests(state, NOW)


def test_too_often_without_a_time_rests_for_the_first_cool_down_and_then_doubles():
    pauses = []
    state = FRESH
    for _ in range(14):
        state = again(replace(state, not_before=None), Outcome.RATE_LIMITED, status=429)
        pauses.append(rest_s(state))
    assert pauses[:4] == [60, 120, 240, 480]
    assert pauses[-1] == LONGEST_COOL_DOWN_S
    assert state.rest_reason == "HTTP 429, cool-down 86400 s"


def test_a_first_retry_after_is_taken_at_its_word_and_the_second_one_is_not():
    first = again(FRESH, Outcome.RATE_LIMITED, status=429, retry_after_s=5)
    assert (rest_s(first), first.rest_reason) == (5, "HTTP 429, Retry-After 5 s")
    second = again(first, Outcome.RATE_LIMITED, status=429, retry_after_s=5)
    assert rest_s(second) == 120


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.BLOCKED])
def test_a_longer_retry_after_is_obeyed_and_an_absurd_one_up_to_a_month(outcome):
    assert rest_s(again(FRESH, outcome, status=503, retry_after_s=7200)) == 7200
    assert rest_s(again(FRESH, outcome, status=503, retry_after_s=1e12)) == LONGEST_RETRY_AFTER_S


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.SERVER_ERROR, 503),
        (Outcome.CHALLENGE, 200),
        (Outcome.CHALLENGE, 403),
        (Outcome.LOGIN_WALL, 429),
        (Outcome.ROBOTS_UNREACHABLE, 500),
    ],
)
def test_who_reacts_to_being_asked_is_left_alone(outcome, status):
    state = again(FRESH, outcome, status=status)
    assert state.cool_down_s == FIRST_COOL_DOWN_S
    assert rests(state, NOW + timedelta(seconds=59))
    assert not rests(state, NOW + timedelta(seconds=61))


def test_a_cool_down_wears_off_with_pages_and_not_with_one():
    hot = in_a_row(FRESH, Outcome.RATE_LIMITED, 5, status=429)
    assert hot.cool_down_s == 960
    assert again(hot, Outcome.FETCHED, status=200).cool_down_s == 720
    assert in_a_row(hot, Outcome.FETCHED, 20, status=200).cool_down_s == 0


@pytest.mark.parametrize("outcome", [one for one in Outcome if LESSONS[one] is not Lesson.PAGE])
def test_no_error_wears_a_cool_down_off(outcome):
    hot = replace(FRESH, cool_down_s=960)
    assert again(hot, outcome).cool_down_s >= 960


def test_a_host_that_said_too_often_is_asked_more_slowly_for_a_while():
    assert interval_of(replace(FRESH, cool_down_s=60), configured_s=1) == timedelta(seconds=2)
    assert interval_of(replace(FRESH, cool_down_s=600), configured_s=1) == timedelta(seconds=20)
    assert interval_of(replace(FRESH, cool_down_s=86400), configured_s=1) == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("delay", "obey", "seconds"),
    [(None, True, 2), (1, True, 2), (30, True, 30), (1e6, True, LONGEST_CRAWL_DELAY_S), (30, False, 2)],
)
def test_crawl_delay_lengthens_the_interval_where_robots_are_obeyed(delay, obey, seconds):
    state = replace(FRESH, crawl_delay_s=delay)
    assert interval_of(state, configured_s=2, obey_crawl_delay=obey) == timedelta(seconds=seconds)


FAULTS = [one for one in Outcome if LESSONS[one] is Lesson.FAULT]


@pytest.mark.parametrize("outcome", FAULTS)
def test_the_breaker_opens_after_five_faults_in_a_row(outcome):
    four = in_a_row(FRESH, outcome, BREAKER_AFTER - 1)
    assert "breaker" not in four.rest_reason
    five = again(replace(four, not_before=None, cool_down_s=0), outcome)
    assert five.failures == BREAKER_AFTER
    assert rest_s(five) == FIRST_BREAK_S
    assert five.rest_reason == f"breaker after 5 failures, the last: {outcome.replace('_', ' ')}"


def test_each_fault_of_a_host_that_was_tried_again_doubles_the_break_up_to_a_day():
    state = in_a_row(FRESH, Outcome.CONNECTION, BREAKER_AFTER)
    breaks = []
    for _ in range(400):
        at = state.not_before
        state = again(state, Outcome.CONNECTION, at)
        breaks.append(rest_s(state, at))
    assert breaks[:3] == [600, 1200, 2400]
    assert set(breaks[9:]) == {LONGEST_BREAK_S}


@pytest.mark.parametrize("outcome", [Outcome.FETCHED, Outcome.GONE, Outcome.BLOCKED])
def test_one_answer_closes_the_breaker(outcome):
    state = in_a_row(FRESH, Outcome.TIMEOUT, 7)
    tried = again(state, outcome, at=state.not_before)
    assert (tried.failures, rest_s(tried, state.not_before)) == (0, 2)


def test_our_own_mistake_is_not_the_hosts():
    state = in_a_row(FRESH, Outcome.CONNECTION, 3)
    assert again(state, Outcome.FAILED).failures == 3
    assert rest_s(again(FRESH, Outcome.FAILED, status=503, retry_after_s=900)) == 2


def test_who_sends_us_on_works():
    state = passed_by(in_a_row(FRESH, Outcome.TIMEOUT, 2), at=NOW, interval=TWO_S)
    assert (state.failures, state.last_outcome, rest_s(state)) == (0, Outcome.TIMEOUT, 2)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://News.Example/a", "news.example"),
        ("https://news.example:443/a", "news.example"),
        ("http://news.example:8080/a", "news.example:8080"),
        ("https://web.archive.org/web/2016/http://news.example/a", "web.archive.org"),
        ("ftp://files.example/a", "files.example"),
    ],
)
def test_the_host_that_is_asked(url, host):
    assert host_asked(url) == host


# -- properties ------------------------------------------------------------------------------------------------

seconds = st.floats(min_value=0, max_value=1e9)
moments = st.integers(min_value=-(10**7), max_value=10**7).map(lambda offset: NOW + timedelta(seconds=offset))
outcomes = st.sampled_from(list(Outcome))
statuses = st.sampled_from([None, 200, 301, 403, 404, 429, 500, 503])
states = st.builds(
    HostState,
    name=st.just("news.example"),
    not_before=st.none() | moments,
    rest_reason=st.sampled_from(["", INTERVAL, "HTTP 429, Retry-After 9 s"]),
    crawl_delay_s=st.none() | seconds,
    cool_down_s=st.sampled_from([0.0, 60.0, 90.0, 960.0, LONGEST_COOL_DOWN_S]),
    failures=st.integers(min_value=0, max_value=10**6),
)


@given(states, outcomes, statuses, st.none() | seconds, moments, seconds)
def test_no_outcome_is_ever_kinder_to_us_than_a_page(state, outcome, status, wait, at, interval):
    spent = timedelta(seconds=min(interval, 3600))
    page = after(state, outcome=Outcome.FETCHED, at=at, interval=spent, status=200)
    other = after(state, outcome=outcome, at=at, interval=spent, status=status, retry_after_s=wait)
    assert other.not_before >= page.not_before
    assert other.cool_down_s >= page.cool_down_s
    assert interval_of(other, configured_s=1) >= interval_of(page, configured_s=1)


@given(states, outcomes, statuses, st.none() | seconds, moments)
def test_no_rest_is_ever_cut_short_and_none_is_without_end(state, outcome, status, wait, at):
    later = again(state, outcome, at, status=status, retry_after_s=wait)
    assert state.not_before is None or later.not_before >= state.not_before
    longest = max(LONGEST_BREAK_S, LONGEST_COOL_DOWN_S, LONGEST_RETRY_AFTER_S)
    earliest = at if state.not_before is None else max(at, state.not_before)
    assert later.not_before <= earliest + timedelta(seconds=longest)
    assert later.not_before >= at + TWO_S
    assert 0 <= later.cool_down_s <= LONGEST_COOL_DOWN_S


@given(states, outcomes, statuses, moments)
def test_only_an_answer_ends_a_row_of_faults(state, outcome, status, at):
    later = again(state, outcome, at, status=status)
    answered = LESSONS[outcome] in {Lesson.PAGE, Lesson.ANSWER}
    faulty = LESSONS[outcome] is Lesson.FAULT
    assert later.failures == (0 if answered else state.failures + faulty)


@given(states, outcomes, statuses, st.none() | seconds, moments)
def test_the_same_always_follows_from_the_same(state, outcome, status, wait, at):
    assert again(state, outcome, at, status=status, retry_after_s=wait) == again(
        state, outcome, at, status=status, retry_after_s=wait
    )


@given(st.lists(st.tuples(outcomes, statuses, st.none() | seconds), max_size=30))
def test_whatever_a_host_does_it_may_be_asked_again_some_day(story):
    state, at = FRESH, NOW
    for outcome, status, wait in story:
        state = again(state, outcome, at, status=status, retry_after_s=wait)
        assert not rests(state, state.not_before)
        at = state.not_before
