"""Pure: which documents to fetch now, the reason for each, when to try again, and which are wanted from archives.

Why a table and not code: people ask "why was this not tried again?"; the answer is one row of `RETRY_RULES`.

Why the table says nothing of when a page that was fetched is asked for again: pages that live are asked for again by
their age and by how often they change, which no row could say; `crawler.recrawling` decides it. Without that policy
(``recrawl.enabled`` is off) what was fetched is not due again by itself: asking is a decision then, and
`dateline refetch` makes it.

Why what is gone is never given up for good: pages come back after a relaunch, hosts after years. Where a row has run
out of waits, they go on doubling up to a limit (``recrawl.dead_days``), so that ten thousand dead links cost a few
requests a day. A row without waits stays without: it says that asking is no use.

Why the waits are those of documents and not of hosts: a host that is down or says "too often" rests as a whole (see
`crawler.politeness`), whatever its documents wait for; the later of the two moments counts.

Why an archive is asked after the first failure in some rows and after several in others: what the publisher took away,
closed or locked does not come back by waiting; what was only out of reach mostly does. Documents on a host that is
known to be dead are wanted at once, though nobody asked for each of them: the host's failures say enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.types import SUCCESSES, BackfillRules, Document, DocumentRole, FetchReason, Outcome, Selection

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST_RETRY_AFTER = 30 * _DAY
"""What a server may ask for at most."""
DEAD_AFTER = 5
"""A host that was not there so often in a row is taken for dead; as many as open the breaker."""
DEAD_OUTCOMES = frozenset({Outcome.DNS, Outcome.CONNECTION, Outcome.TIMEOUT})
"""Outcomes that say that a host is not there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryRule:
    """What follows an outcome.

    Attributes:
        waits: how long to wait after the first, second, ... failure in a row; after the last they double, where the
            policy has a limit for that, else only when asked for.
        archive_after: after so many failures in a row an archive should be asked; ``None``: not because of this.
        why: the reason for the row, in one phrase.
    """

    waits: tuple[timedelta, ...] = ()
    archive_after: int | None = None
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rarely:
    """How the waits of what is gone go on after the table's last: each twice the one before.

    Attributes:
        longest: no wait is longer before it is moved, unless the table's last is.
        jitter: by which share each is moved, up or down, so that what was found gone on one day is spread.
    """

    longest: timedelta
    jitter: float = 0.0


_PASSING = (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY)

RETRY_RULES: dict[Outcome, RetryRule] = {
    Outcome.FETCHED: RetryRule(why="nothing is missing"),
    Outcome.TEASER: RetryRule(
        waits=(30 * _DAY, 180 * _DAY), archive_after=1, why="walls fall when a story is old; an archive may have it all"
    ),
    Outcome.IMAGE: RetryRule(why="nothing is missing"),
    Outcome.FEED: RetryRule(why="it is polled by its own interval"),
    Outcome.NOT_MODIFIED: RetryRule(why="nothing is missing"),
    Outcome.IMPORTED: RetryRule(why="nothing is missing"),
    Outcome.NO_ARTICLE: RetryRule(waits=(30 * _DAY,), archive_after=1, why="once more, in case the page was broken"),
    Outcome.NOT_HTML: RetryRule(why="an image stays an image"),
    Outcome.NOT_IMAGE: RetryRule(why="what stands there now will stand there later"),
    Outcome.NOT_FEED: RetryRule(why="it is polled by its own interval, doubled by each failure"),
    Outcome.SOFT_404: RetryRule(
        waits=(30 * _DAY, 180 * _DAY), archive_after=1, why="gone like a 404; sites are seldom repaired"
    ),
    Outcome.CONSENT_WALL: RetryRule(
        waits=(30 * _DAY, 180 * _DAY), archive_after=1, why="a form that we do not fill in does not go away soon"
    ),
    Outcome.LOGIN_WALL: RetryRule(
        waits=(30 * _DAY, 180 * _DAY), archive_after=1, why="a form that we do not fill in does not go away soon"
    ),
    Outcome.CHALLENGE: RetryRule(
        waits=(_DAY, 7 * _DAY, 30 * _DAY), archive_after=1, why="checks come and go with the host's load"
    ),
    Outcome.NEEDS_JAVASCRIPT: RetryRule(
        waits=(30 * _DAY, 180 * _DAY),
        archive_after=1,
        why="at once where a browser is at hand; some archives run the script",
    ),
    Outcome.GONE: RetryRule(waits=(30 * _DAY, 180 * _DAY), archive_after=1, why="pages do come back after a relaunch"),
    Outcome.BLOCKED: RetryRule(waits=(7 * _DAY, 30 * _DAY), archive_after=1, why="a refusal is meant"),
    Outcome.RATE_LIMITED: RetryRule(
        waits=(15 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, 7 * _DAY), archive_after=5, why="later is what the host asks for"
    ),
    Outcome.HTTP_ERROR: RetryRule(waits=(7 * _DAY, 30 * _DAY), archive_after=2, why="mostly a broken link"),
    Outcome.SERVER_ERROR: RetryRule(waits=_PASSING, archive_after=3, why="servers are repaired within hours or days"),
    Outcome.ROBOTS: RetryRule(waits=(30 * _DAY, 180 * _DAY), archive_after=1, why="the rules may change"),
    Outcome.ROBOTS_UNREACHABLE: RetryRule(
        waits=_PASSING, archive_after=5, why="nothing may be asked until the rules can be read"
    ),
    Outcome.TIMEOUT: RetryRule(waits=_PASSING, archive_after=3, why="a busy or distant host has better hours"),
    Outcome.DNS: RetryRule(waits=(_DAY, 7 * _DAY, 30 * _DAY), archive_after=2, why="names vanish for good, or a day"),
    Outcome.CONNECTION: RetryRule(waits=_PASSING, archive_after=3, why="servers are repaired within hours or days"),
    Outcome.TLS: RetryRule(waits=(_DAY, 30 * _DAY), archive_after=2, why="certificates are renewed late or never"),
    Outcome.TOO_LARGE: RetryRule(archive_after=1, why="the limit is ours; a copy may be smaller"),
    Outcome.REDIRECTS: RetryRule(waits=(7 * _DAY, 30 * _DAY), archive_after=1, why="loops are seldom repaired"),
    Outcome.BAD_RESPONSE: RetryRule(
        waits=(_HOUR, _DAY, 7 * _DAY), archive_after=2, why="half an answer, maybe by chance"
    ),
    Outcome.BAD_URL: RetryRule(why="it can never be requested"),
    Outcome.FORBIDDEN_ADDRESS: RetryRule(
        waits=(30 * _DAY,), archive_after=1, why="a name may lead to the web again; it must not be asked often"
    ),
    Outcome.EXTRACTION_LIMIT: RetryRule(why="the capture is kept: `dateline replay` tries again without fetching"),
    Outcome.FAILED: RetryRule(
        waits=(_DAY, 7 * _DAY), why="our own mistake: `dateline replay` tries again without fetching"
    ),
    Outcome.UNRELATED: RetryRule(why="said of an archived copy: the next copy is looked at"),
    Outcome.NOT_REPLAYED: RetryRule(why="said of an archived copy: the next copy is looked at"),
    Outcome.EXCLUDED: RetryRule(why="said by an archive: the next archive is asked"),
}
"""What follows each outcome: when the document is due again, and when an archive should be asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One document that would be fetched, and why."""

    document: Document
    reason: FetchReason


def reason_for(document: Document, *, requested: bool) -> FetchReason:
    """Why this document is fetched now; ``requested`` when a person named it."""
    if requested:
        return FetchReason.REQUESTED
    if document.last_outcome is None:
        return FetchReason.NEW
    return FetchReason.REFRESH if document.last_outcome in SUCCESSES else FetchReason.RETRY


def plan(documents: Iterable[Document], selection: Selection) -> Iterator[Planned]:
    """Give each document its reason; streams, keeps the order."""
    for document in documents:
        yield Planned(document=document, reason=reason_for(document, requested=not selection.due_only))


def next_try(
    outcome: Outcome,
    *,
    failures_before: int,
    now: datetime,
    retry_after_s: float | None = None,
    browser: bool = False,
    rarely: Rarely | None = None,
) -> datetime | None:
    """When the document is due again after this outcome.

    Args:
        outcome: of the attempt that just ended.
        failures_before: failures in a row before this attempt (`Document.failures`).
        now: when it ended, UTC.
        retry_after_s: what the server asked for; never makes the wait shorter than the table's, and is believed up
            to 30 days.
        browser: a browser is at hand that was not tried yet.
        rarely: how waits go on after the table's last; ``None``: they do not.

    Returns:
        a moment in UTC, or ``None``: not again unless asked for.
    """
    if browser and outcome is Outcome.NEEDS_JAVASCRIPT:
        return now
    wait = _wait(RETRY_RULES[outcome].waits, failures_before, rarely)
    if wait is None:
        return None
    asked = timedelta(seconds=min(retry_after_s or 0.0, LONGEST_RETRY_AFTER.total_seconds()))
    return now + max(wait, asked)


def _wait(waits: tuple[timedelta, ...], failures_before: int, rarely: Rarely | None) -> timedelta | None:
    """The wait after so many failures in a row; ``None``: there is none."""
    if failures_before < len(waits):
        return waits[failures_before]
    if not waits or rarely is None:
        return None
    # The exponent has a ceiling of its own: a page may be gone for decades.
    doubled: timedelta = waits[-1] * 2 ** min(failures_before - len(waits) + 1, 16)
    return max(waits[-1], min(doubled, rarely.longest) * (1 + rarely.jitter))


def asks_archive(document: Document) -> bool:
    """Whether the document's latest outcome, and its failures in a row, say that an archive should be asked."""
    if document.last_outcome is None or document.role is not DocumentRole.SOURCE:
        return False
    needed = RETRY_RULES[document.last_outcome].archive_after
    return needed is not None and document.failures >= needed


def backfill_rules() -> BackfillRules:
    """Which documents are wanted from archives without anybody naming them: `RETRY_RULES` as the store applies it."""
    failures = {outcome: rule.archive_after for outcome, rule in RETRY_RULES.items() if rule.archive_after is not None}
    return BackfillRules(failures=failures, dead_after=DEAD_AFTER, dead_outcomes=DEAD_OUTCOMES)
