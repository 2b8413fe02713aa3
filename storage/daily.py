"""What is counted of a stored batch, by day, host, archive and outcome: pure, shared by every backend.

Why an attempt that brought a known text is no article: a host that answers "fetched" for ever with texts that are
stored already gives no articles, and that is what a drop must show.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from storage.types import Archived, FetchReason, FetchResult

Host = TypeVar("Host", bound=Hashable)
"""What names a host in a backend: a name, or a number."""

_NOBODY_ASKED = frozenset({FetchReason.REPLAYED, FetchReason.IMPORTED})


def tally(
    results: Iterable[FetchResult], archived: Iterable[Archived], hosts: Mapping[int, Host]
) -> dict[tuple[date, Host, str, str], tuple[int, int]]:
    """(day, host, archive, outcome) -> attempts, and those of them that brought a version.

    ``hosts`` are by document. What was refused, stored before, only understood again or imported does not count.
    """
    counted: dict[tuple[date, Host, str, str], tuple[int, int]] = {}
    for result, one in zip(results, archived, strict=True):
        attempt = result.attempt
        stored = one.attempt_id is not None and not one.repeated
        if not stored or result.replayed is not None or attempt.reason in _NOBODY_ASKED:
            continue
        place = (attempt.finished_at.date(), hosts[attempt.document_id], attempt.archive, str(attempt.outcome))
        attempts, articles = counted.get(place, (0, 0))
        counted[place] = (attempts + 1, articles + _brought(one))
    return counted


def _brought(archived: Archived) -> bool:
    """Whether the attempt brought a version: one that shows a version of its own document again does not."""
    return archived.verdict is not None and archived.verdict.matched_version_id != archived.version_id
