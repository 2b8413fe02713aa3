"""Where searches and backfills stand: pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.archives.protocol import Window
from crawler.backfilling.standing import ONLY_BEGINNING, Limits, may_ask, put_off, standing, window_of
from storage.types import ArchiveSearch, BackfillState, Citation, SearchState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER, BEFORE = NOW + timedelta(days=1), NOW - timedelta(days=1)
RETRY = timedelta(days=180)
LIMITS = Limits(
    before=timedelta(days=2),
    after=timedelta(days=10),
    candidates=4,
    answers=timedelta(days=30),
    retry=RETRY,
    max_bytes=1,
)


def search(state, next_at=None, detail="", archive="attic"):
    return ArchiveSearch(document_id=1, archive=archive, state=state, asked_at=BEFORE, next_at=next_at, detail=detail)


def citation(day):
    return Citation(event_key="k", event_date=day, headline="h")


def test_the_window_lies_around_the_earliest_event():
    window = window_of([citation(date(2011, 5, 9)), citation(date(2012, 1, 1))], LIMITS)
    assert window == Window(
        since=datetime(2011, 5, 7, tzinfo=UTC),
        until=datetime(2011, 5, 20, tzinfo=UTC),
        near=datetime(2011, 5, 9, tzinfo=UTC),
    )


def test_the_window_is_open_where_nobody_cites_or_all_versions_are_wanted():
    assert window_of([], LIMITS) == Window()
    assert window_of([citation(date(2011, 5, 9))], LIMITS, versions=True) == Window(
        near=datetime(2011, 5, 9, tzinfo=UTC)
    )


def test_a_window_beyond_the_calendar_is_open_at_that_end():
    assert window_of([citation(date.min)], LIMITS).since is None
    assert window_of([citation(date.max)], LIMITS).until is None


@pytest.mark.parametrize(
    ("stands", "due", "by_hand", "versions"),
    [
        (None, True, True, True),
        (search(SearchState.LISTED), True, True, True),
        (search(SearchState.FOUND), False, False, True),
        (search(SearchState.FOUND, detail=ONLY_BEGINNING), False, True, True),
        (search(SearchState.NEVER_ARCHIVED, LATER), False, True, True),
        (search(SearchState.ALL_REJECTED, BEFORE), True, True, True),
        (search(SearchState.EXCLUDED, LATER), False, True, True),
        (search(SearchState.UNREACHABLE, LATER), False, True, True),
        (search(SearchState.UNREACHABLE, NOW), True, True, True),
    ],
)
def test_when_an_archive_is_worth_asking(stands, due, by_hand, versions):
    assert may_ask(stands, now=NOW, by_hand=False, versions=False) is due
    assert may_ask(stands, now=NOW, by_hand=True, versions=False) is by_hand
    assert may_ask(stands, now=NOW, by_hand=True, versions=True) is versions


def test_the_waits_grow_and_are_never_shorter_than_the_hosts_rest():
    one, waits = search(SearchState.LISTED), []
    for _ in range(5):
        one = put_off(one, SearchState.UNREACHABLE, "down", now=NOW, until=None)
        waits.append((one.next_at - NOW) / timedelta(hours=1))
    assert waits == [1, 6, 24, 168, 168]
    rested = put_off(replace(one, failures=0), SearchState.RATE_LIMITED, "busy", now=NOW, until=LATER)
    assert rested.next_at == LATER


@pytest.mark.parametrize(
    ("searches", "state", "next_at"),
    [
        ([search(SearchState.FOUND), search(SearchState.UNREACHABLE, LATER, archive="b")], BackfillState.RESCUED, None),
        (
            [search(SearchState.FOUND, detail=ONLY_BEGINNING), search(SearchState.FAILED, LATER, archive="b")],
            BackfillState.WAITING,
            LATER,
        ),
        ([search(SearchState.FOUND, detail=ONLY_BEGINNING)], BackfillState.RESCUED, None),
        ([search(SearchState.NEVER_ARCHIVED)], BackfillState.WANTED, NOW),
        ([search(SearchState.EXCLUDED), search(SearchState.LISTED, archive="b")], BackfillState.WANTED, NOW),
        (
            [search(SearchState.EXCLUDED), search(SearchState.ALL_REJECTED, archive="b")],
            BackfillState.MISSING,
            NOW + RETRY,
        ),
        (
            [search(SearchState.NEVER_ARCHIVED, NOW + RETRY), search(SearchState.ALL_REJECTED, LATER, archive="b")],
            BackfillState.MISSING,
            LATER,
        ),
        (
            [
                search(SearchState.NEVER_ARCHIVED, LATER),
                search(SearchState.NEVER_ARCHIVED, archive="b"),
                search(SearchState.NEVER_ARCHIVED, BEFORE, archive="not enabled"),
            ],
            BackfillState.MISSING,
            LATER,
        ),
    ],
)
def test_where_a_backfill_stands(searches, state, next_at):
    by_archive = {one.archive: one for one in searches}
    assert standing(by_archive, ["attic", "b"], now=NOW, retry=RETRY) == (state, next_at)
