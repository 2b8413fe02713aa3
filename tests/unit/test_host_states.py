"""How politely one run asks its hosts: what each attempt teaches about which host."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.host_states import HostStates
from crawler.items import FailedFetch, FetchedPage, FetchTask
from storage.types import Document, Exchange, FetchReason, HostState, Outcome, RobotsDecision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://news.example/0"
TASK = FetchTask(
    document=Document(
        id=1, canonical_url=URL, request_url=URL, url_key="example,news)/0", host="news.example", added_at=NOW
    ),
    reason=FetchReason.NEW,
    attempt_key="a" * 32,
    run_token="b" * 16,
)


@pytest.fixture
def states():
    return HostStates(delay_s=2)


def answer(payload, status):
    return Exchange(url=URL, request_headers=(), status=status, headers=(), payload=payload, fetched_at=NOW)


def failure(outcome, exchanges=(), **what):
    return FailedFetch(
        task=TASK,
        outcome=outcome,
        detail="",
        started_at=NOW,
        finished_at=NOW,
        final_url=URL,
        exchanges=exchanges,
        **what,
    )


def page():
    return FetchedPage(
        task=TASK,
        started_at=NOW,
        finished_at=NOW,
        redirects=(),
        final_url=URL,
        exchanges=(answer(b"page", 200),),
        content=b"page",
        content_type="text/html",
    )


def test_a_host_that_our_own_code_failed_on_keeps_its_rest(states):
    item = failure(Outcome.FAILED, (answer(b"slow", 429),), status=429)
    states.hold_back("news.example", Outcome.RATE_LIMITED, at=NOW, status=429, retry_after_s=600)
    (state,) = states.learn(item, Outcome.FAILED)
    assert state.not_before == NOW + timedelta(minutes=10)
    assert state.cool_down_s == 60


def test_each_host_of_a_redirect_learns_its_own_part(states):
    states.know([HostState(name="news.example", failures=3), HostState(name="guest.example", failures=3)])
    item = failure(Outcome.TIMEOUT, (answer(b"moved", 301),))
    here, there = states.learn(replace(item, final_url="http://guest.example/x"), Outcome.TIMEOUT)
    assert (here.name, here.failures, here.last_outcome) == ("news.example", 0, None)
    assert (there.name, there.failures, there.last_outcome) == ("guest.example", 4, Outcome.TIMEOUT)


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.FORBIDDEN_ADDRESS, Outcome.BAD_URL])
def test_a_host_that_was_not_asked_learns_nothing(states, outcome):
    item = failure(outcome, (answer(b"moved", 301),))
    learned = states.learn(replace(item, final_url="http://guest.example/x"), outcome)
    assert [state.name for state in learned] == ["news.example"]


def test_robots_txt_that_says_too_often_is_the_hosts_word(states):
    robots = RobotsDecision(allowed=False, rule="robots.txt answered 429", status=429)
    item = failure(Outcome.RATE_LIMITED, robots=robots, retry_after_s=30)
    (state,) = states.learn(item, Outcome.RATE_LIMITED)
    assert (state.name, state.rest_reason) == ("news.example", "HTTP 429, Retry-After 30 s")


def test_a_rest_that_another_answer_asked_for_is_not_cut_short_by_a_page(states):
    states.hold_back("news.example", Outcome.RATE_LIMITED, at=NOW, status=429, retry_after_s=600)
    (state,) = states.learn(page(), Outcome.FETCHED)
    assert (state.last_outcome, state.not_before) == (Outcome.FETCHED, NOW + timedelta(minutes=10))
    assert states.is_resting("news.example", NOW + timedelta(minutes=9))
