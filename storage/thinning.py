"""Which attempts need not stay in the database: pure, shared by every backend.

An attempt may go when it is old, brought nothing that anything else rests on, and tells nothing that its neighbours do
not tell: it is neither the first nor the latest of its document at the live web (or at one archive), and ended as the
one before it did. What is left still says when an outcome began and that it held to the latest attempt.

Why those with captures stay: the rows of captures are the index of the library's WARC files, and they name their
attempt. Why those with a judgement of a page stay, too: "how many documents of this host showed this text" is asked of
them, and a takedown removes what they quote of a page, which no file could follow. So a file holds nothing that a
takedown would have to remove. Why attempts that failed by our own mistake stay: `dateline replay` begins with them.

Rejected: tables partitioned by month. Captures refer to attempts by number alone, which no partitioned table can
promise to be unique unless the month is part of every reference; SQLite has none; and a month of ten years ago holds
the only capture of a page beside a hundred vain attempts at another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from storage.types import SUCCESSES, FetchAttempt, Outcome

KEPT = SUCCESSES | {Outcome.FAILED, Outcome.EXTRACTION_LIMIT}
"""Outcomes of attempts that stay, whatever they brought."""


def thinnable(
    attempts: Iterable[FetchAttempt], *, before: datetime, brought: Callable[[FetchAttempt], bool]
) -> Iterator[FetchAttempt]:
    """Those that need not stay, of one document's attempts at the live web or at one archive.

    Args:
        attempts: by id.
        before: only those that ended before this moment.
        brought: whether it has a capture, or replayed one.
    """
    for (_, earlier), (at, one) in pairwise(enumerate(known := list(attempts))):
        if at + 1 < len(known) and earlier.outcome is one.outcome and is_quiet(one, before) and not brought(one):
            yield one


def is_quiet(attempt: FetchAttempt, before: datetime) -> bool:
    """Whether an attempt is old and says nothing of a page."""
    return (
        attempt.finished_at < before
        and attempt.outcome not in KEPT
        and attempt.page is None
        and attempt.coverage is None
    )
