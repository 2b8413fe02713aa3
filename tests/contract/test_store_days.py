"""Attempts counted by day, host, archive and outcome, in the transaction that stores them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from storage import open_store
from storage.types import FetchReason, HostDay, Outcome

DAY = date(2026, 3, 1)
STORY = "ferry aground near lind twelve people brought ashore by the coast guard"


@pytest.fixture
def days(store):
    """What was counted, as (day of the month, host, archive, outcome) -> (attempts, articles)."""

    def ask(since=date.min, until=date.max, host=""):
        found = list(store.host_days(since=since, until=until, host=host))
        return {
            (one.day.day, one.host.removesuffix(".example"), one.archive, one.outcome): (one.attempts, one.articles)
            for one in found
        }

    return ask


def on(moment):
    return {"started_at": moment, "finished_at": moment}


def test_nothing_was_counted_in_an_empty_library(days):
    assert days() == {}


def test_attempts_are_counted_by_host_and_outcome(store, make, sources, archive, days):
    a, b, c = sources("/a", "/b", "/c")
    (d,) = sources("/d", host="north-mail.example")
    archive(make.result(a, STORY), make.failure(b), make.failure(c), make.failure(d, Outcome.GONE))
    archive(make.failure(b))
    assert days() == {
        (1, "harbour-post", "", "fetched"): (1, 1),
        (1, "harbour-post", "", "timeout"): (3, 0),
        (1, "north-mail", "", "gone"): (1, 0),
    }
    first = next(store.host_days(since=DAY, until=DAY))
    assert first == HostDay(day=DAY, host="harbour-post.example", outcome=Outcome.FETCHED, attempts=1, articles=1)


def test_only_attempts_that_brought_a_version_count_as_articles(make, sources, archive, days):
    (a,) = sources("/a")
    archive(make.result(a, STORY))
    archive(make.result(a, STORY))
    assert days() == {(1, "harbour-post", "", "fetched"): (2, 1)}
    archive(make.result(a, STORY + " on wednesday"))
    archive(make.result(a, outcome=Outcome.FETCHED))
    archive(make.result(a, STORY + " on thursday", Outcome.TEASER))
    assert days() == {(1, "harbour-post", "", "fetched"): (4, 2), (1, "harbour-post", "", "teaser"): (1, 1)}


def test_a_story_that_another_paper_has_word_for_word_is_an_article_of_its_own(make, sources, archive, days):
    (a,) = sources("/a")
    (b,) = sources("/b", host="north-mail.example")
    archive(make.result(a, STORY), make.result(b, STORY))
    assert days() == {(1, "harbour-post", "", "fetched"): (1, 1), (1, "north-mail", "", "fetched"): (1, 1)}


def test_a_day_is_that_of_utc_on_which_the_attempt_ended(make, sources, archive, days):
    (a,) = sources("/a")
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    before = {"started_at": midnight - timedelta(hours=1), "finished_at": midnight - timedelta(microseconds=1)}
    across = {"started_at": midnight - timedelta(hours=1), "finished_at": midnight}
    archive(make.failure(a, **before), make.failure(a, **across))
    assert list(days()) == [(1, "harbour-post", "", "timeout"), (2, "harbour-post", "", "timeout")]
    assert midnight.astimezone(timezone(timedelta(hours=-5))).day == 1


def test_archives_are_counted_apart(make, sources, archive, days):
    (a,) = sources("/a")
    archive(make.failure(a), make.from_archive(a, STORY), make.from_archive(a, outcome=Outcome.UNRELATED))
    assert days() == {
        (1, "harbour-post", "", "timeout"): (1, 0),
        (1, "harbour-post", "lantern", "fetched"): (1, 1),
        (1, "harbour-post", "lantern", "unrelated"): (1, 0),
    }


def test_what_asked_nobody_is_not_counted(store, make, sources, archive, days):
    (a,) = sources("/a")
    archive(make.result(a))
    page = store.history(a.canonical_url).captures[-1]
    told = {"reason": FetchReason.REPLAYED, **on(make.at(hours=1))}
    (replayed,) = archive(make.result(a, STORY, captures=(), replayed=page.id, attempt_fields=told))
    assert replayed.version_id
    imported = {"reason": FetchReason.IMPORTED, **on(make.at(hours=2))}
    archive(make.result(a, "another story", Outcome.IMPORTED, attempt_fields=imported))
    assert days() == {(1, "harbour-post", "", "fetched"): (1, 0)}


def test_what_was_stored_before_or_refused_is_not_counted(make, sources, archive, days):
    a, b = sources("/a", "/b")
    given = make.result(a, STORY)
    archive(given)
    again, twice, refused = archive(given, given, make.result(b, captures=given.captures))
    assert again.repeated
    assert twice.repeated
    assert refused.error
    nowhere = make.failure(a, document_id=10**6)
    assert archive(nowhere)[0].error
    assert days() == {(1, "harbour-post", "", "fetched"): (1, 1)}


def test_days_are_asked_for_by_range_and_host_and_come_in_order(store, make, sources, archive, days):
    (a,) = sources("/a", host="b.example")
    (b,) = sources("/b", host="a.example")
    for day in (2, 0, 1):
        times = on(make.at(days=day))
        archive(make.failure(a, **times), make.failure(b, **times), make.failure(b, Outcome.GONE, **times))
    assert [key[:2] for key in days(since=date(2026, 3, 2), until=date(2026, 3, 2))] == [(2, "a"), (2, "a"), (2, "b")]
    assert [key[0] for key in days(host="b.example")] == [1, 2, 3]
    assert days(host="nowhere.example") == days(since=date(2026, 3, 4)) == {}
    assert list(days()) == sorted(days())


def test_processes_that_store_at_the_same_time_lose_no_count(database, make):
    with open_store(database) as one, open_store(database) as other:
        one.put_loose([make.loose("/a")], now=make.NOW)
        document = one.document(make.identity("/a").canonical_url)
        for store in (one, other, one, other):
            store.archive([make.failure(document), make.failure(document)], decide=make.decide, now=make.NOW)
        (counted,) = one.host_days(since=DAY, until=DAY)
    assert counted.attempts == 8
