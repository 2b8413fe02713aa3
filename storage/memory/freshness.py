"""Keeping what says how fresh a page is, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from storage.freshness import SEEN, Stored, live, replaced, with_text
from storage.memory.library import Library, reported_at
from storage.types import Archived, DocumentRole, FetchResult


def note(library: Library, results: Sequence[FetchResult], archived: Sequence[Archived]) -> None:
    """Write down what a stored batch says."""
    report(library, with_text(results, archived))
    found = live(results, archived)
    first = min((one.attempt_id for _, one in found if one.attempt_id is not None), default=0)
    checks = [(result, one) for result, one in found if _was_known(library, result.attempt.document_id, first)]
    changed = _changed(library, checks)
    for result, one in checks:
        _count(library, result, changed=one.attempt_id in changed)


def report(library: Library, document_ids: Iterable[int]) -> None:
    """Write down when the current versions of these documents' articles were reported."""
    for number in set(document_ids):
        document = library.documents[number]
        moment = None if document.article_id is None else reported_at(library.current(document.article_id))
        library.documents[number] = replace(document, reported_at=moment)


def _was_known(library: Library, document_id: int, first: int) -> bool:
    """Whether a document had been seen on the live web before this batch."""
    if library.documents[document_id].role is not DocumentRole.SOURCE:
        return False
    return any(
        one.document_id == document_id
        and (one.id or 0) < first
        and not one.archive
        and one.id not in library.replayed
        and one.outcome in SEEN
        for one in library.attempts.values()
    )


def _changed(library: Library, checks: Sequence[Stored]) -> set[int]:
    before = replaced(checks)
    fresh = {one.attempt_id: result.article.text_digest for result, one in checks if result.article is not None}
    texts = {attempt: library.versions[version].article.text_digest for attempt, version in before.items()}
    return {attempt for attempt, text in texts.items() if text != fresh.get(attempt)}


def _count(library: Library, result: FetchResult, *, changed: bool) -> None:
    document = library.documents[result.attempt.document_id]
    library.documents[document.id] = replace(
        document,
        checks=document.checks + 1,
        changes=document.changes + changed,
        changed_at=result.attempt.finished_at if changed else document.changed_at,
    )
    host = library.hosts[document.host]
    state = replace(host.state, checks=host.state.checks + 1, changes=host.state.changes + changed)
    library.hosts[document.host] = replace(host, state=state)
