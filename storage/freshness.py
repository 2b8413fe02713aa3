"""Which attempts of a stored batch were checks of pages that were known, and which found a change: pure.

Why only what the live web gave counts: an archive shows what a page was, and a replay asks nobody; neither says how
often the page changes. Why not the first success either: there is nothing that it could differ from.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.types import Archived, FetchResult, Outcome, VerdictKind

SEEN = frozenset({Outcome.FETCHED, Outcome.NOT_MODIFIED})
"""Outcomes that show the page as it is now."""

Stored = tuple[FetchResult, Archived]
"""A result, and what storing it said."""


def with_text(results: Iterable[FetchResult], archived: Iterable[Archived]) -> set[int]:
    """The documents that may have another current version now."""
    stored = _stored(results, archived)
    return {result.attempt.document_id for result, one in stored if one.version_id is not None}


def live(results: Iterable[FetchResult], archived: Iterable[Archived]) -> list[Stored]:
    """The attempts that saw a page on the live web; of known pages they are checks."""
    stored = _stored(results, archived)
    return [(result, one) for result, one in stored if _is_live(result) and result.attempt.outcome in SEEN]


def replaced(found: Iterable[Stored]) -> dict[int, int]:
    """Attempt -> the version in whose place another one came; whether its text differs is not looked at."""
    new = [one for _, one in found if one.verdict is not None and one.verdict.kind is VerdictKind.NEW_VERSION]
    return {
        one.attempt_id: one.verdict.matched_version_id
        for one in new
        if one.attempt_id is not None and one.verdict is not None and one.verdict.matched_version_id is not None
    }


def _stored(results: Iterable[FetchResult], archived: Iterable[Archived]) -> list[Stored]:
    pairs = zip(results, archived, strict=True)
    return [(result, one) for result, one in pairs if not one.error and not one.repeated and not one.stale]


def _is_live(result: FetchResult) -> bool:
    return not result.attempt.archive and result.replayed is None
