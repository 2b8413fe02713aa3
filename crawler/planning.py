"""Pure: which documents to fetch now, the reason for each, and when to try again.

Why a table and not code: people ask "why was this not tried again?"; the answer is one row of `RETRIES`.

Why a page that was fetched is not due again by itself: cited pages of an archive are old and mostly dead; asking a
living one again is a decision (`dateline refetch`, a scheduled re-crawl), not a side effect of having read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.types import SUCCESSES, Document, FetchReason, Outcome, Selection

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

RETRIES: dict[Outcome, tuple[timedelta, ...]] = {
    Outcome.FETCHED: (),
    Outcome.NOT_MODIFIED: (),
    Outcome.IMPORTED: (),
    Outcome.NO_ARTICLE: (30 * _DAY,),
    Outcome.NOT_HTML: (),
    Outcome.GONE: (30 * _DAY, 180 * _DAY),
    Outcome.BLOCKED: (7 * _DAY, 30 * _DAY),
    Outcome.RATE_LIMITED: (15 * _MINUTE, _HOUR, 6 * _HOUR, _DAY, 7 * _DAY),
    Outcome.HTTP_ERROR: (7 * _DAY, 30 * _DAY),
    Outcome.SERVER_ERROR: (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY),
    Outcome.ROBOTS: (30 * _DAY, 180 * _DAY),
    Outcome.TIMEOUT: (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY),
    Outcome.DNS: (_DAY, 7 * _DAY, 30 * _DAY),
    Outcome.CONNECTION: (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 30 * _DAY),
    Outcome.TLS: (_DAY, 30 * _DAY),
    Outcome.TOO_LARGE: (),
    Outcome.REDIRECTS: (7 * _DAY, 30 * _DAY),
    Outcome.BAD_RESPONSE: (_HOUR, _DAY, 7 * _DAY),
    Outcome.BAD_URL: (),
    Outcome.EXTRACTION_LIMIT: (),
    Outcome.FAILED: (_DAY, 7 * _DAY),
}
"""Per outcome, how long to wait after the first, second, ... failure in a row; after the last, only when asked for."""


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
    outcome: Outcome, *, failures_before: int, now: datetime, retry_after_s: float | None = None
) -> datetime | None:
    """When the document is due again after this outcome.

    Args:
        outcome: of the attempt that just ended.
        failures_before: failures in a row before this attempt (`Document.failures`).
        now: when it ended, UTC.
        retry_after_s: what the server asked for; never makes the wait shorter than the table's, and is believed up
            to 30 days.

    Returns:
        a moment in UTC, or ``None``: not again unless asked for.
    """
    waits = RETRIES[outcome]
    if failures_before >= len(waits):
        return None
    asked = timedelta(seconds=min(retry_after_s or 0.0, (30 * _DAY).total_seconds()))
    return now + max(waits[failures_before], asked)
