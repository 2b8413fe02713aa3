"""Feeds and what they named, as they are read, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from storage.errors import DocumentNotFound
from storage.memory.library import Library
from storage.types import Discovery, DiscoveryStatus, DocumentRole, Feed

_UNTRIED = "untried"


def feeds(library: Library) -> list[Feed]:
    """See `storage.discovery_store.DiscoveryStore.feeds`."""
    current = (replace(one, document=library.documents[number]) for number, one in sorted(library.feeds.items()))
    return [one for one in current if one.document.role is DocumentRole.FEED]


def enable_feed(library: Library, document_id: int, *, enabled: bool, now: datetime) -> Feed:
    """See `storage.discovery_store.DiscoveryStore.enable_feed`."""
    found = [one for one in feeds(library) if one.document.id == document_id]
    if not found:
        raise DocumentNotFound(f"feed {document_id}")
    document = replace(found[0].document, next_fetch_at=now if enabled else None)
    library.documents[document_id] = document
    library.feeds[document_id] = replace(found[0], document=document, enabled=enabled)
    return library.feeds[document_id]


def status(library: Library) -> DiscoveryStatus:
    """See `storage.discovery_store.DiscoveryStore.discovery_status`."""
    kinds = Counter(str(one.kind) for one in feeds(library))
    found = Counter(str(library.documents[one].last_outcome or _UNTRIED) for one in library.discoveries)
    return DiscoveryStatus(feeds=dict(sorted(kinds.items())), found=dict(sorted(found.items())))


def discoveries(library: Library, document_ids: Iterable[int]) -> dict[int, tuple[Discovery, ...]]:
    """For each of these documents that a feed named first, that it did."""
    return {number: (library.discoveries[number],) for number in document_ids if number in library.discoveries}
