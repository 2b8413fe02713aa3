"""Which of an event's sources were taken down."""

from __future__ import annotations

from crawler.source_stories import Gone
from storage.protocol import Store
from storage.types import EventView


def tombstones_of(store: Store, event: EventView) -> Gone:
    """Of the sources without an article those that were taken down, each with its tombstone."""
    missing = (one.document for one in event.sources if one.document is not None and one.document.article_id is None)
    asked = ((one.id, store.takedown_of(one.canonical_url, one.host)) for one in missing)
    return {number: takedown for number, takedown in asked if takedown is not None}
