"""The section "discovery" of the store in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from storage.memory import discovery
from storage.memory import feeds as polls
from storage.memory.library import Library
from storage.types import DiscoveryStatus, Feed, WantedFeed


class DiscoverySide:
    """Feeds that are polled, and what they named."""

    _library: Library

    def put_feeds(self, feeds: Sequence[WantedFeed], *, now: datetime, dry_run: bool = False) -> int:
        """See `DiscoveryStore.put_feeds`."""
        if dry_run:
            return len(polls.unknown(self._library, feeds))
        return polls.put_feeds(self._library, feeds, now=now)

    def feeds(self) -> Iterator[Feed]:
        """See `DiscoveryStore.feeds`."""
        yield from discovery.feeds(self._library)

    def enable_feed(self, document_id: int, *, enabled: bool, now: datetime) -> Feed:
        """See `DiscoveryStore.enable_feed`."""
        return discovery.enable_feed(self._library, document_id, enabled=enabled, now=now)

    def discovery_status(self) -> DiscoveryStatus:
        """See `DiscoveryStore.discovery_status`."""
        return discovery.status(self._library)
