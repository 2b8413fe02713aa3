"""The story of one document as rows (`crawler.document_stories`), and what was removed of it."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.cli.console import Listing
from crawler.document_stories import steps_of
from storage.protocol import Store
from storage.types import Capture, DocumentHistory, Takedown


def story(history: DocumentHistory) -> Listing:
    """Attempts at the live web and at archives, searches and saves in archives, by time, each with its evidence."""
    made = Listing("when", "asked", "outcome", "status#", "detail")
    for step in steps_of(history):
        made.add(f"{step.at:%Y-%m-%d %H:%M:%S}", step.asked, step.outcome, step.status or "", step.detail)
        for one in step.evidence:
            made.add("", "", f"  {one.name}", "", one.text)
    return made


def removed_by(store: Store, captures: Iterable[Capture]) -> list[Takedown]:
    """The takedowns by which records of these captures were removed while the texts stay, oldest first."""
    numbers = {one.takedown_id for one in captures} - {None}
    return [one for one in reversed(store.takedowns()) if one.id in numbers] if numbers else []
