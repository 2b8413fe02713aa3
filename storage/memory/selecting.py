"""Finding the documents that a `Selection` means, in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from storage.memory.library import Library
from storage.types import Document, DocumentRole, Selection

Test = Callable[[Document], bool]


def chosen(library: Library, selection: Selection, now: datetime | None) -> list[Document]:
    """Documents that a selection means, by id; without ``now``, whether they are due is no matter."""
    tests: list[Test] = [lambda one: library.tombstone(one) is None]
    if selection.due_only and now is not None:
        tests.append(lambda one: one.next_fetch_at is not None and one.next_fetch_at <= now)
    if selection.host:
        tests.append(lambda one: one.host == selection.host)
    if selection.outcome is not None:
        tests.append(lambda one: one.last_outcome == selection.outcome)
    if selection.canonical_url:
        tests.append(lambda one: one.canonical_url == selection.canonical_url)
    tests += _of_role(library, selection)
    if selection.event_key:
        event = library.catalogue.by_key.get(selection.event_key)
        cited = library.cited(event) if event else {}
        tests.append(lambda one: one.id in cited)
    return [one for one in library.documents.values() if all(test(one) for test in tests)]


def _of_role(library: Library, selection: Selection) -> list[Test]:
    """What documents must be for the library."""
    if selection.role is None:
        tests: list[Test] = [lambda one: one.role is not DocumentRole.FEED]
    else:
        tests = [lambda one: one.role == selection.role]
    if selection.role is DocumentRole.FEED:
        tests.append(lambda one: library.feeds[one.id].enabled)
    if selection.found:
        tests.append(lambda one: one.id in library.discoveries)
    return tests
