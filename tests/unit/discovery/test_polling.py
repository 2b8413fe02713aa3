"""When a feed is polled again, and what is stored of a poll."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import FeedReading, is_feed, next_poll, poll_of, unchanged, unread
from crawler.discovery.intervals import (
    FIRST,
    LONGEST,
    LONGEST_BACKOFF,
    SHORTEST,
    Hints,
    News,
    after_failure,
    least_by_cache,
    next_interval,
)
from crawler.items import FetchedPage, FetchTask
from crawler.urls import identify
from storage.types import (
    Document,
    DocumentRole,
    Exchange,
    Feed,
    FeedKind,
    FetchReason,
    FoundArticle,
    Outcome,
    WantedFeed,
)

NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
SOME = News(fresh=1, entries=20)


@pytest.mark.parametrize(
    ("before", "news", "after"),
    [
        (None, News(fresh=5, entries=5, first=True), 60),
        (60, SOME, 30),
        (60, News(fresh=20, entries=20), 15),
        (60, News(entries=20), 90),
        (60, News(), 90),
        (15, SOME, 10),
        (1200, News(), 1440),
        (10080, SOME, 720),
    ],
)
def test_news_shorten_the_interval_and_silence_lengthens_it(before, news, after):
    interval = None if before is None else before * MINUTES
    assert next_interval(interval, news, Hints(), NOW) == after * MINUTES


def test_what_the_publisher_asks_for_only_lengthens():
    assert next_interval(FIRST, SOME, Hints(least=45 * MINUTES), NOW) == 45 * MINUTES
    assert next_interval(FIRST, SOME, Hints(least=MINUTES), NOW) == 30 * MINUTES
    assert next_interval(FIRST, SOME, Hints(least=timedelta(days=365)), NOW) == LONGEST


def test_hours_to_skip_are_skipped():
    # 12:20 and half an hour is 12:50; 12 and 13 are to be skipped, so 14:00.
    assert next_interval(FIRST, SOME, Hints(skip_hours=frozenset({12, 13})), NOW) == 100 * MINUTES
    assert next_interval(FIRST, SOME, Hints(skip_hours=frozenset(range(24))), NOW) == 30 * MINUTES


@given(
    before=st.none() | st.timedeltas(timedelta(0), timedelta(days=4000)),
    news=st.builds(News, fresh=st.integers(0, 999), entries=st.integers(0, 999), first=st.booleans()),
    least=st.timedeltas(timedelta(0), timedelta(days=4000)),
    skipped=st.frozensets(st.integers(0, 23)),
)
def test_every_interval_is_between_ten_minutes_and_a_day(before, news, least, skipped):
    hints = Hints(least=least, skip_hours=skipped)
    interval = next_interval(before, news, hints, NOW)
    assert interval >= max(SHORTEST, min(least, LONGEST))
    assert interval <= LONGEST + timedelta(days=1)
    assert len(skipped) == 24 or (NOW + interval).hour not in skipped
    assert next_interval(before, News(entries=5), Hints(), NOW) >= next_interval(before, SOME, Hints(), NOW)


@given(st.integers(0, 10**6), st.none() | st.timedeltas(timedelta(0), timedelta(days=999)))
def test_failures_back_off_and_never_end(failures, interval):
    waits = [after_failure(interval, failures + more) for more in (0, 1)]
    assert SHORTEST < waits[0] <= waits[1] <= LONGEST_BACKOFF
    assert after_failure(interval, failures, timedelta(days=20)) == timedelta(days=20)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("public, max-age=1800", 30),
        ("s-maxage=60, max-age=600", 10),
        ("max-age=99999999999", 1440),
        ("s-maxage=600", 0),
        ("no-cache", 0),
        ("max-age=-5", 0),
        ("", 0),
    ],
)
def test_cache_control(header, expected):
    assert least_by_cache(header) == expected * MINUTES


# -- what is stored -------------------------------------------------------------------------------------------------

URL = "https://harbour-post.example/rss.xml"


def feed_of(kind=FeedKind.FEED, last_attempt_at=NOW - timedelta(hours=1), failures=0, **fields):
    document = Document(
        id=7,
        canonical_url=URL,
        request_url=URL,
        url_key="example,harbour-post)/rss.xml",
        host="harbour-post.example",
        added_at=NOW,
        role=DocumentRole.FEED,
        last_attempt_at=last_attempt_at,
        failures=failures,
    )
    known = {"interval": timedelta(hours=1), "polls": 3, "found_by": "configuration", "title": "", **fields}
    return Feed(document=document, kind=kind, added_at=NOW, **known)


def page(feed, headers=()):
    task = FetchTask(document=feed.document, reason=FetchReason.REFRESH, attempt_key="a", run_token="r")
    exchange = Exchange(url=URL, request_headers=(), status=200, headers=headers, payload=b"x", fetched_at=NOW)
    return FetchedPage(
        task=task,
        started_at=NOW,
        finished_at=NOW,
        redirects=(),
        final_url=URL,
        exchanges=(exchange,),
        content=b"x",
        content_type="",
    )


def reading(*dates, entries=20, **fields):
    found = tuple(
        FoundArticle(identity=identify(f"https://harbour-post.example/{n}"), published_at=when)
        for n, when in enumerate(dates)
    )
    return FeedReading(found=found, entries=entries, **fields)


EARLIER = NOW - timedelta(hours=2)
LATELY = NOW - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("feed", "what", "minutes"),
    [
        (feed_of(), reading(EARLIER, LATELY), 30),
        (feed_of(), reading(EARLIER, EARLIER), 90),
        (feed_of(), reading(EARLIER, None), 90),
        (feed_of(last_found_at=NOW - timedelta(minutes=59)), reading(None, None), 30),
        (feed_of(last_found_at=EARLIER), reading(None, None), 90),
        (feed_of(), reading(), 90),
        (feed_of(polls=0, interval=None, last_attempt_at=None), reading(LATELY), 60),
    ],
)
def test_the_interval_follows_what_is_new(feed, what, minutes):
    assert poll_of(page(feed), feed, what).interval == minutes * MINUTES


def test_a_poll_tells_all_that_was_read():
    further = (WantedFeed(identity=identify("https://harbour-post.example/news.xml"), kind=FeedKind.SITEMAP),)
    what = reading(LATELY, feeds=further, title="Harbour Post", hints=Hints(least=5 * MINUTES))
    poll = poll_of(page(feed_of(), (("Cache-Control", "max-age=2400"),)), feed_of(), what)
    assert (poll.found, poll.feeds, poll.entries, poll.title) == (what.found, further, 20, "Harbour Post")
    assert (poll.interval, poll.problem) == (40 * MINUTES, "")
    assert poll_of(page(feed_of()), feed_of(), what, deeper=False).feeds == ()


def test_an_old_sitemap_that_another_names_sleeps_for_a_week():
    feed = feed_of(FeedKind.SITEMAP, found_by="https://harbour-post.example/")
    assert poll_of(page(feed), feed, reading()).interval == LONGEST_BACKOFF
    assert poll_of(page(feed), feed, reading(entries=0)).interval == 90 * MINUTES
    assert poll_of(page(feed), feed, reading(EARLIER)).interval == 90 * MINUTES
    assert unchanged(feed, NOW).interval == 90 * MINUTES
    asleep = feed_of(FeedKind.SITEMAP, found_by="https://harbour-post.example/", interval=LONGEST_BACKOFF)
    assert unchanged(asleep, NOW).interval == LONGEST_BACKOFF
    configured = feed_of(FeedKind.SITEMAP)
    assert poll_of(page(configured), configured, reading()).interval == 90 * MINUTES


def test_a_failure_keeps_the_interval_and_waits_longer():
    feed = feed_of(failures=2)
    poll = unread(feed, "HTTP 500")
    assert (poll.interval, poll.problem, poll.found) == (timedelta(hours=1), "HTTP 500", ())

    def due(outcome, poll=poll, wait_s=None):
        return next_poll(feed.document, poll, outcome, now=NOW, retry_after_s=wait_s) - NOW

    assert due(Outcome.SERVER_ERROR) == timedelta(hours=8)
    assert due(Outcome.SERVER_ERROR, None) == timedelta(hours=8)
    assert due(Outcome.RATE_LIMITED, wait_s=86400.0) == timedelta(days=1)
    assert due(Outcome.RATE_LIMITED, wait_s=1e12) == timedelta(days=30)
    assert due(Outcome.ROBOTS) == timedelta(days=30)
    assert due(Outcome.FEED, poll_of(page(feed), feed, reading(LATELY))) == timedelta(minutes=30)


def test_only_feeds_are_feeds():
    feed = feed_of().document
    assert is_feed(feed)
