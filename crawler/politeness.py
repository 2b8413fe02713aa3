"""Pure: what asking a host teaches, and how politely it is asked from then on.

One attempt changes one `HostState`; `LESSONS` says per outcome what it means for the host, the constants below say how
long. Nothing here reads a clock or a store.

Three different reasons to leave a host alone:

- The interval, after every request: the library's ``crawl.delay_s`` or the host's own rate, its Crawl-delay, and more
  while the host has lately said "too often" (`SLOWED_SHARE`).
- The cool-down, after "too often": as long as the host asks for (Retry-After); where it does not say, or said so
  before and was believed, a pause that doubles with each further time. Every page that the host gives afterwards takes
  a quarter off, so one good answer does not bring the old speed back.
- The breaker, after `BREAKER_AFTER` faults in a row: the host is broken, its other documents would end the same way. It
  rests, then one document is tried (a run asks for one at a time); each further fault doubles the rest, one answer of
  any kind ends it.

Why a check against robots counts as "too often" and not as a fault: the host works, and it reacts to being asked.

Why a refusal (401, 403, 404 ...) ends a row of faults but takes nothing off a cool-down: the host answers, so it is not
broken; but errors are cheap to send, and a crawler that hurries because of them does harm (what AutoThrottle did).

Why a rest never becomes shorter by itself, whatever comes later: two requests may be under way, and the answer that
comes last is not the one that is right. Only time ends a rest, or a person (``dateline hosts allow``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from crawler.errors import UnusableUrl
from crawler.urls.parts import split
from storage.resting import BUDGET
from storage.types import HostState, Outcome

FIRST_COOL_DOWN_S = 60.0
"""Long enough for the usual window of a rate limit (per minute) to pass."""
LONGEST_COOL_DOWN_S = 24 * 3600.0
"""A quota of a day is the longest that is common."""
COOL_DOWN_GROWTH = 2.0
COOL_DOWN_DECAY = 0.75
"""What a page leaves of a cool-down; below `FIRST_COOL_DOWN_S` it is over."""
SLOWED_SHARE = 1 / 30
"""While a cool-down is remembered, the interval is at least this share of it: 2 s after the first, 4 s after two."""
LONGEST_SLOWED_S = 60.0
"""The interval does not grow further by that."""
LONGEST_CRAWL_DELAY_S = 300.0
"""A longer Crawl-delay is obeyed up to here: some files ask for days."""
LONGEST_RETRY_AFTER_S = 30 * 86400.0
"""A Retry-After is believed up to a month."""
BREAKER_AFTER = 5
"""Faults in a row: fewer are bad luck, and a dead host should not cost more."""
FIRST_BREAK_S = 300.0
"""A server that is being restarted is back in minutes."""
LONGEST_BREAK_S = 24 * 3600.0
"""A host that is gone for good costs one request a day."""
INTERVAL = "interval"
"""The `HostState.rest_reason` of a host that merely waits for its next turn."""

_NETWORK_LOCATION = re.compile("[^/?#]*//([^/?#]*)")


class Lesson(StrEnum):
    """What an outcome says about the host."""

    PAGE = "page"
    """It gave what was asked for: a cool-down wears off."""
    ANSWER = "answer"
    """It works, though it gave no page: a row of faults ends."""
    TOO_OFTEN = "too often"
    """It asks to be left alone for a while."""
    FAULT = "fault"
    """It did not work."""
    NOTHING = "nothing"
    """The host was not asked, or the fault is ours."""


LESSONS: dict[Outcome, Lesson] = {
    Outcome.FETCHED: Lesson.PAGE,
    Outcome.TEASER: Lesson.PAGE,
    Outcome.IMAGE: Lesson.PAGE,
    Outcome.FEED: Lesson.PAGE,
    Outcome.NOT_MODIFIED: Lesson.PAGE,
    Outcome.NO_ARTICLE: Lesson.PAGE,
    Outcome.NOT_HTML: Lesson.PAGE,
    Outcome.NEEDS_JAVASCRIPT: Lesson.PAGE,
    Outcome.EXTRACTION_LIMIT: Lesson.ANSWER,  # a page came, and nobody knows which
    Outcome.NOT_IMAGE: Lesson.ANSWER,  # mostly an error in all but its status
    Outcome.NOT_FEED: Lesson.ANSWER,  # likewise
    Outcome.SOFT_404: Lesson.ANSWER,  # an error in all but its status
    Outcome.CONSENT_WALL: Lesson.ANSWER,
    Outcome.LOGIN_WALL: Lesson.ANSWER,
    Outcome.GONE: Lesson.ANSWER,
    Outcome.BLOCKED: Lesson.ANSWER,
    Outcome.HTTP_ERROR: Lesson.ANSWER,
    Outcome.REDIRECTS: Lesson.ANSWER,
    Outcome.TOO_LARGE: Lesson.ANSWER,
    Outcome.RATE_LIMITED: Lesson.TOO_OFTEN,
    Outcome.CHALLENGE: Lesson.TOO_OFTEN,
    Outcome.SERVER_ERROR: Lesson.FAULT,
    Outcome.ROBOTS_UNREACHABLE: Lesson.FAULT,
    Outcome.TIMEOUT: Lesson.FAULT,
    Outcome.DNS: Lesson.FAULT,
    Outcome.CONNECTION: Lesson.FAULT,
    Outcome.TLS: Lesson.FAULT,
    Outcome.BAD_RESPONSE: Lesson.FAULT,
    Outcome.ROBOTS: Lesson.NOTHING,
    Outcome.BAD_URL: Lesson.NOTHING,
    Outcome.FORBIDDEN_ADDRESS: Lesson.NOTHING,
    Outcome.FAILED: Lesson.NOTHING,
    Outcome.IMPORTED: Lesson.NOTHING,
    # Said of a copy by an archive that works.
    Outcome.UNRELATED: Lesson.PAGE,
    Outcome.NOT_REPLAYED: Lesson.ANSWER,
    Outcome.EXCLUDED: Lesson.ANSWER,
}
"""Per outcome, what it says about the host that gave it."""


def host_asked(url: str) -> str:
    """The host that a request for this URL asks: lower case, IDNA, with a port where it is not the scheme's own.

    Unlike `crawler.urls.host_of` it takes the URL as it is: a copy in an archive is asked of the archive. What no
    document could have (a scheme that is not the web's) keeps its network location, so that it has a name at all.
    """
    try:
        return split(url).site
    except UnusableUrl:
        found = _NETWORK_LOCATION.match(url)
        return found[1].lower() if found is not None else ""


def interval_of(state: HostState, *, configured_s: float, obey_crawl_delay: bool = True) -> timedelta:
    """The least time between two requests to a host.

    Args:
        state: of the host.
        configured_s: the host's own rate, or the library's.
        obey_crawl_delay: False where the library does not obey robots.txt.
    """
    asked = min(state.crawl_delay_s or 0.0, LONGEST_CRAWL_DELAY_S) if obey_crawl_delay else 0.0
    slowed = min(state.cool_down_s * SLOWED_SHARE, LONGEST_SLOWED_S)
    return timedelta(seconds=max(configured_s, asked, slowed))


def rests(state: HostState, now: datetime) -> bool:
    """Whether the host is to be left alone now, for more than its interval; a used-up budget hinders no request."""
    return state.not_before is not None and now < state.not_before and state.rest_reason not in {INTERVAL, BUDGET}


def passed_by(state: HostState, *, at: datetime, interval: timedelta) -> HostState:
    """The state of a host that sent us on to another one: it works, and it was asked."""
    now = replace(state, failures=0, last_attempt_at=at, last_success_at=at)
    return resting(now, at + interval, INTERVAL)


def after(
    state: HostState,
    *,
    outcome: Outcome,
    at: datetime,
    interval: timedelta,
    status: int | None = None,
    retry_after_s: float | None = None,
) -> HostState:
    """The state of a host after one attempt on it.

    Args:
        state: before the attempt.
        outcome: of the attempt.
        at: when it ended.
        interval: as `interval_of` gave it before the attempt.
        status: HTTP status of the answer (of robots.txt where that was the answer); ``None`` where none came.
        retry_after_s: what the host asked for; believed up to `LONGEST_RETRY_AFTER_S`.
    """
    lesson = LESSONS[outcome]
    learned = replace(
        state,
        failures=_failures(state, lesson),
        cool_down_s=_cool_down(state, outcome, status),
        last_outcome=outcome,
        last_attempt_at=at,
        last_success_at=at if lesson in {Lesson.PAGE, Lesson.ANSWER} else state.last_success_at,
    )
    learned = resting(learned, at + interval, INTERVAL)
    for seconds, reason in _reasons(state, learned, outcome, status, retry_after_s):
        learned = resting(learned, at + timedelta(seconds=seconds), reason)
    return learned


def _failures(state: HostState, lesson: Lesson) -> int:
    if lesson is Lesson.FAULT:
        return state.failures + 1
    return 0 if lesson in {Lesson.PAGE, Lesson.ANSWER} else state.failures


def _says_too_often(outcome: Outcome, status: int | None) -> bool:
    """Also an overloaded server (503) and one whose robots.txt fails: until it can be read, nothing may be asked."""
    if LESSONS[outcome] is Lesson.NOTHING:
        return False
    busy = status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    return busy or LESSONS[outcome] is Lesson.TOO_OFTEN or outcome is Outcome.ROBOTS_UNREACHABLE


def _cool_down(state: HostState, outcome: Outcome, status: int | None) -> float:
    if _says_too_often(outcome, status):
        return min(max(FIRST_COOL_DOWN_S, state.cool_down_s * COOL_DOWN_GROWTH), LONGEST_COOL_DOWN_S)
    if LESSONS[outcome] is not Lesson.PAGE:
        return state.cool_down_s
    left = state.cool_down_s * COOL_DOWN_DECAY
    return left if left >= FIRST_COOL_DOWN_S else 0.0


def _reasons(
    before: HostState, learned: HostState, outcome: Outcome, status: int | None, retry_after_s: float | None
) -> list[tuple[float, str]]:
    """Each reason to rest, with its seconds."""
    name = outcome.replace("_", " ")
    said = f"HTTP {status}" if status is not None and status >= HTTPStatus.BAD_REQUEST else name
    found: list[tuple[float, str]] = []
    if retry_after_s is not None and retry_after_s > 0 and LESSONS[outcome] is not Lesson.NOTHING:
        found.append((min(retry_after_s, LONGEST_RETRY_AFTER_S), f"{said}, Retry-After {retry_after_s:.0f} s"))
    # A first Retry-After is taken at its word; the second one shows that the word was not enough.
    if _says_too_often(outcome, status) and (not found or before.cool_down_s > 0):
        found.append((learned.cool_down_s, f"{said}, cool-down {learned.cool_down_s:.0f} s"))
    if LESSONS[outcome] is Lesson.FAULT and learned.failures >= BREAKER_AFTER:
        found.append((_break_s(learned.failures), f"breaker after {learned.failures} failures, the last: {name}"))
    return found


def _break_s(failures: int) -> float:
    # The exponent has a ceiling of its own: a host may be tried for years.
    doublings = min(failures - BREAKER_AFTER, 32)
    return min(FIRST_BREAK_S * 2.0**doublings, LONGEST_BREAK_S)


def resting(state: HostState, until: datetime, reason: str) -> HostState:
    """The state with a rest, where it is longer than the one that it has."""
    if state.not_before is not None and state.not_before >= until:
        return state
    return replace(state, not_before=until, rest_reason=reason)
