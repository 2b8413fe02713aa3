"""When a feed is polled again: pure figures.

News halve the interval, a poll without any makes it half as long again, between `SHORTEST` and `LONGEST`: a paper that
prints hourly is soon asked every half hour, one that fell silent once a day. Where every entry is new, some may have
come and gone between two polls: the interval is quartered.

Why steps and not a rate: the dates in feeds are often those of the last edit, and papers sleep at night; a mean over
such dates is no better a guess than two steps, and nobody can say what it will do next.

Why what a publisher asks for (``Cache-Control: max-age``, ``ttl``, ``sy:updatePeriod``, ``skipHours``) only makes the
wait longer, and never longer than a day: it is a wish about load, and a wish for a year is a mistake.

Why a failure leaves the interval as it was and only the next poll waits longer: a server that was down for an evening
is as newsworthy the morning after as it was before. Failures double the wait up to a week; a feed is never given up by
itself, because a relaunch brings most of them back; `dateline feeds off` ends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SHORTEST: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(days=1)
FIRST: Final = timedelta(hours=1)
"""Before anything is known of a feed."""
LONGEST_BACKOFF: Final = timedelta(days=7)
GROWTH: Final = 1.5
NEWS: Final = 0.5
ALL_NEW: Final = 0.25

_HOUR: Final = timedelta(hours=1)
_HOURS: Final = 24
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """How often a feed asks to be polled.

    Attributes:
        least: the shortest interval that it wants; zero where it does not say.
        skip_hours: hours of the day, UTC, at which it does not want to be asked.
    """

    least: timedelta = timedelta()
    skip_hours: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What a poll brought, beside what the one before had.

    Attributes:
        fresh: entries that are new.
        entries: entries in all; 0 where the server said "not modified".
        first: there was no poll before, so nothing can be said of what is new.
    """

    fresh: int = 0
    entries: int = 0
    first: bool = False


def next_interval(before: timedelta | None, news: News, hints: Hints, now: datetime) -> timedelta:
    """How long until the next poll of a feed that could be read.

    Args:
        before: the interval so far; ``None`` before the first poll.
        news: what this poll brought.
        hints: what the publisher asks for.
        now: UTC; for the hours that are to be skipped.

    Returns:
        at least `SHORTEST`; at most `LONGEST`, but for the hours that are to be skipped.
    """
    wanted = max(_bounded(_bounded(before or FIRST) * _step(news)), min(hints.least, LONGEST))
    return wanted + _hours_to_skip(now, wanted, hints.skip_hours)


def _bounded(interval: timedelta) -> timedelta:
    return min(max(interval, SHORTEST), LONGEST)


def _step(news: News) -> float:
    if news.first:
        return 1.0
    if not news.fresh:
        return GROWTH
    return ALL_NEW if news.fresh >= news.entries else NEWS


def _hours_to_skip(now: datetime, wanted: timedelta, skipped: frozenset[int]) -> timedelta:
    """How much later the poll is, so that it falls into no hour that is to be skipped."""
    if len(skipped) >= _HOURS:
        return timedelta()
    planned = moment = now + wanted
    while moment.hour in skipped:
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
    return moment - planned


def after_failure(interval: timedelta | None, failures: int, asked: timedelta = timedelta()) -> timedelta:
    """How long to wait after a poll that failed.

    Args:
        interval: between polls that succeed; ``None`` before the first.
        failures: in a row, this one included.
        asked: what the server, or the rule for such failures, asks for; never shortened.
    """
    doubled: int = 2 ** min(max(failures, 1), 16)
    return max(min(_bounded(interval or FIRST) * doubled, LONGEST_BACKOFF), asked)


def least_by_cache(cache_control: str) -> timedelta:
    """The ``max-age`` of a Cache-Control header; zero where it names none."""
    found = _MAX_AGE.search(cache_control)
    return min(timedelta(seconds=int(found[1])), LONGEST) if found else timedelta()
