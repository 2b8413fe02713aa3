from datetime import UTC, datetime, timedelta

import pytest

from crawler.planning import RETRIES, next_try, plan, reason_for
from storage.types import SUCCESSES, Document, FetchReason, Outcome, Selection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def document(**facts):
    url = "http://news.example/a"
    return Document(
        id=1, canonical_url=url, request_url=url, url_key="example,news)/a", host="news.example", added_at=NOW, **facts
    )


def test_every_outcome_has_its_row():
    assert set(RETRIES) == set(Outcome)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_waits_grow_and_end(outcome):
    waits = RETRIES[outcome]
    assert list(waits) == sorted(waits)
    assert next_try(outcome, failures_before=len(waits), now=NOW) is None


@pytest.mark.parametrize("outcome", sorted(SUCCESSES))
def test_what_is_there_is_not_asked_for_again_by_itself(outcome):
    assert next_try(outcome, failures_before=0, now=NOW) is None


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
