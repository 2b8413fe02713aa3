"""From an answer to a poll, and what is known of the feed, to what is stored of it.

What is new is told by dates: entries that were printed after the poll before. In a feed without any, the poll before
last tells: did it name documents that nobody knew? That is one poll late and needs no list of what was seen.

Why a sitemap that another one names sleeps for a week when nothing in it is young: papers make a sitemap a day, and the
one of last month will never change again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from crawler.discovery.intervals import (
    FIRST,
    LONGEST,
    LONGEST_BACKOFF,
    Hints,
    News,
    after_failure,
    least_by_cache,
    next_interval,
)
from crawler.discovery.values import FeedInput, FeedReading
from crawler.items import FetchedPage
from crawler.planning import LONGEST_RETRY_AFTER, RETRY_RULES
from storage.types import Document, DocumentRole, Feed, FeedKind, FeedPoll, FoundArticle, Outcome

CONFIGURED: Final = "configuration"
"""`Feed.found_by` of what a person named."""


def is_feed(document: Document) -> bool:
    """Whether a document is polled for what it names, and for nothing else."""
    return document.role is DocumentRole.FEED


def feed_input(page: FetchedPage, feed: Feed, *, max_age: timedelta) -> FeedInput:
    """What the reader may know of an answer."""
    return FeedInput(
        url=page.final_url,
        content=page.content,
        kind=feed.kind,
        seen_at=page.finished_at,
        content_type=page.content_type,
        max_age=max_age,
        found_by="" if feed.found_by == CONFIGURED else feed.found_by,
        sitemaps=page.sitemaps,
    )


def poll_of(page: FetchedPage, feed: Feed, reading: FeedReading, *, deeper: bool = True) -> FeedPoll:
    """What a poll brought that was answered with something.

    Args:
        page: the answer.
        feed: as it was before.
        reading: what the answer names, or why it names nothing.
        deeper: whether further documents that it names are polled too.
    """
    if reading.problem:
        return unread(feed, reading.problem)
    news = News(
        fresh=_fresh(feed, page.task.document.last_attempt_at, reading.found),
        entries=reading.entries,
        first=not feed.polls,
    )
    return FeedPoll(
        found=reading.found,
        feeds=reading.feeds if deeper else (),
        entries=reading.entries,
        interval=_interval(feed, news, _hints(page, reading), page.finished_at, sleeps=_is_asleep(feed, reading)),
        title=reading.title,
    )


def unchanged(feed: Feed, now: datetime) -> FeedPoll:
    """What a poll brought that was answered with "not modified"."""
    slept = feed.interval is not None and feed.interval > LONGEST
    return FeedPoll(interval=_interval(feed, News(), Hints(), now, sleeps=slept))


def unread(feed: Feed, problem: str) -> FeedPoll:
    """What a poll brought that failed: a problem, and the interval as it was."""
    return FeedPoll(problem=problem, interval=feed.interval or FIRST)


def next_poll(
    document: Document, poll: FeedPoll | None, outcome: Outcome, *, now: datetime, retry_after_s: float | None
) -> datetime:
    """When a feed is polled again.

    Args:
        document: before the attempt.
        poll: what it brought; ``None`` where our own code failed.
        outcome: of the attempt.
        now: when it ended.
        retry_after_s: what the server asked for; believed up to 30 days.
    """
    if poll is not None and not poll.problem:
        return now + poll.interval
    asked = timedelta(seconds=min(retry_after_s or 0.0, LONGEST_RETRY_AFTER.total_seconds()))
    waits = RETRY_RULES[outcome].waits[:1] if outcome in _ASK_FOR_PATIENCE else ()
    interval = None if poll is None else poll.interval
    return now + after_failure(interval, document.failures + 1, max(asked, *waits, timedelta()))


_ASK_FOR_PATIENCE: Final = frozenset(
    {Outcome.ROBOTS, Outcome.BLOCKED, Outcome.CHALLENGE, Outcome.LOGIN_WALL, Outcome.FORBIDDEN_ADDRESS}
)
"""Failures that are no accident: the wait of the table for documents holds at least."""


def _interval(feed: Feed, news: News, hints: Hints, now: datetime, *, sleeps: bool) -> timedelta:
    return LONGEST_BACKOFF if sleeps else next_interval(feed.interval, news, hints, now)


def _is_asleep(feed: Feed, reading: FeedReading) -> bool:
    """Whether it is a sitemap that another document names, and lists what is old and nothing else."""
    named = feed.kind is FeedKind.SITEMAP and feed.found_by != CONFIGURED
    return named and reading.entries > 0 and not (reading.found or reading.feeds)


def _fresh(feed: Feed, polled_at: datetime | None, found: tuple[FoundArticle, ...]) -> int:
    """How many entries are new since the poll before."""
    if polled_at is None:
        return len(found)
    dates = [one.published_at for one in found if one.published_at is not None]
    if dates:
        return sum(one > polled_at for one in dates)
    named_new = feed.last_found_at is not None and feed.last_found_at >= polled_at
    return int(bool(found) and named_new)


def _hints(page: FetchedPage, reading: FeedReading) -> Hints:
    headers = {name.lower(): value for name, value in page.exchanges[-1].headers} if page.exchanges else {}
    by_cache = least_by_cache(headers.get("cache-control", ""))
    return Hints(least=max(reading.hints.least, by_cache), skip_hours=reading.hints.skip_hours)
