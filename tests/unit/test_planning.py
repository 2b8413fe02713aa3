from datetime import UTC, datetime, timedelta

import pytest

from crawler.planning import (
    DEAD_AFTER,
    RETRY_RULES,
    Rarely,
    asks_archive,
    backfill_rules,
    next_try,
    plan,
    reason_for,
)
from crawler.politeness import BREAKER_AFTER
from storage.types import SUCCESSES, Document, FetchReason, Outcome, Selection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def document(**facts):
    url = "http://news.example/a"
    return Document(
        id=1, canonical_url=url, request_url=url, url_key="example,news)/a", host="news.example", added_at=NOW, **facts
    )


def test_every_outcome_has_its_row():
    assert set(RETRY_RULES) == set(Outcome)
    assert all(rule.why for rule in RETRY_RULES.values())


@pytest.mark.parametrize("outcome", list(Outcome))
def test_waits_grow_and_end(outcome):
    waits = RETRY_RULES[outcome].waits
    assert list(waits) == sorted(waits)
    assert all(wait >= timedelta(minutes=15) for wait in waits)  # nothing is due again in the run that met it
    assert next_try(outcome, failures_before=len(waits), now=NOW) is None


@pytest.mark.parametrize("outcome", sorted(SUCCESSES))
def test_what_is_there_is_not_asked_for_again_by_itself(outcome):
    assert next_try(outcome, failures_before=0, now=NOW) is None


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_is_gone_is_asked_for_ever_more_rarely_and_never_given_up(outcome):
    waits = RETRY_RULES[outcome].waits
    rarely = Rarely(longest=timedelta(days=730))
    found = [next_try(outcome, failures_before=n, now=NOW, rarely=rarely) for n in (*range(30), 5000)]
    if not waits:
        assert found == [None] * 31
        return
    spans = [one - NOW for one in found]
    assert spans == sorted(spans)
    assert spans[: len(waits)] == list(waits)
    assert spans[len(waits)] == 2 * waits[-1]
    assert spans[-1] == spans[-2] == timedelta(days=730)


def test_rare_waits_are_moved_and_never_shorter_than_the_tables_last():
    moved = Rarely(longest=timedelta(days=700), jitter=-0.1)
    assert next_try(Outcome.GONE, failures_before=2, now=NOW, rarely=moved) == NOW + timedelta(days=324)
    assert next_try(Outcome.GONE, failures_before=9, now=NOW, rarely=moved) == NOW + timedelta(days=630)
    assert next_try(Outcome.GONE, failures_before=0, now=NOW, rarely=moved) == NOW + timedelta(days=30)
    short = Rarely(longest=timedelta(days=1), jitter=-0.1)
    assert next_try(Outcome.GONE, failures_before=9, now=NOW, rarely=short) == NOW + timedelta(days=180)


def test_each_failure_in_a_row_waits_longer():
    first = next_try(Outcome.TIMEOUT, failures_before=0, now=NOW)
    second = next_try(Outcome.TIMEOUT, failures_before=1, now=NOW)
    assert first == NOW + timedelta(hours=1)
    assert second == NOW + timedelta(hours=6)


def test_retry_after_lengthens_and_never_shortens():
    asked = next_try(Outcome.RATE_LIMITED, failures_before=0, now=NOW, retry_after_s=7200)
    short = next_try(Outcome.RATE_LIMITED, failures_before=0, now=NOW, retry_after_s=1)
    assert asked == NOW + timedelta(hours=2)
    assert short == NOW + timedelta(minutes=15)


def test_an_absurd_retry_after_is_believed_up_to_a_month():
    asked = next_try(Outcome.RATE_LIMITED, failures_before=0, now=NOW, retry_after_s=1e12)
    assert asked == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("last", "requested", "reason"),
    [
        (None, False, FetchReason.NEW),
        (Outcome.DNS, False, FetchReason.RETRY),
        (Outcome.FETCHED, False, FetchReason.REFRESH),
        (Outcome.FETCHED, True, FetchReason.REQUESTED),
        (None, True, FetchReason.REQUESTED),
    ],
)
def test_the_reason_is_named(last, requested, reason):
    assert reason_for(document(last_outcome=last), requested=requested) is reason


def test_a_plan_keeps_order_and_streams():
    first, second = document(), document(last_outcome=Outcome.GONE)
    planned = plan(iter([first, second]), Selection())
    assert next(planned).document is first
    assert next(planned).reason is FetchReason.RETRY


def test_a_page_that_needs_a_script_is_due_at_once_where_a_browser_can_run_it():
    outcome = Outcome.NEEDS_JAVASCRIPT
    assert next_try(outcome, failures_before=0, now=NOW, browser=True) == NOW
    assert next_try(outcome, failures_before=0, now=NOW) == NOW + timedelta(days=30)
    assert next_try(Outcome.GONE, failures_before=0, now=NOW, browser=True) == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("outcome", "failures", "asked"),
    [
        (None, 0, False),
        (Outcome.FETCHED, 0, False),
        (Outcome.GONE, 1, True),
        (Outcome.SOFT_404, 1, True),
        (Outcome.TEASER, 1, True),
        (Outcome.CHALLENGE, 1, True),
        (Outcome.DNS, 1, False),
        (Outcome.DNS, 2, True),
        (Outcome.CONNECTION, 2, False),
        (Outcome.CONNECTION, 3, True),
        (Outcome.FAILED, 9, False),
        (Outcome.BAD_URL, 9, False),
    ],
)
def test_an_archive_is_asked_when_the_live_web_will_not_help(outcome, failures, asked):
    assert asks_archive(document(last_outcome=outcome, failures=failures)) is asked


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_archive_is_asked_before_a_document_is_given_up_for_good(outcome):
    rule = RETRY_RULES[outcome]
    assert rule.archive_after is None or rule.archive_after <= len(rule.waits) + 1


def test_the_store_is_told_the_rules_of_the_table():
    rules = backfill_rules()
    for outcome in Outcome:
        needed = rules.failures.get(outcome)
        assert asks_archive(document(last_outcome=outcome, failures=99)) is (needed is not None)
        assert needed is None or not asks_archive(document(last_outcome=outcome, failures=needed - 1))
    assert rules.dead_after == DEAD_AFTER == BREAKER_AFTER
    assert rules.dead_outcomes <= rules.failures.keys()
