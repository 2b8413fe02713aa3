"""The section "discovery" of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from storage.sql import discovery
from storage.sql import engine as engines
from storage.sql import feeds as polls
from storage.sql.connected import Connected
from storage.types import DiscoveryStatus, Feed, WantedFeed


class DiscoverySide(Connected):
    """Feeds that are polled, and what they named."""

    def put_feeds(self, feeds: Sequence[WantedFeed], *, now: datetime, dry_run: bool = False) -> int:
        """See `DiscoveryStore.put_feeds`."""
        with self._write(keep=not dry_run) as connection:
            engines.expect_lookups(connection)
            return polls.put_feeds(connection, feeds, now=now)

    def feeds(self) -> Iterator[Feed]:
        """See `DiscoveryStore.feeds`."""
        return discovery.feeds(self._read)

    def enable_feed(self, document_id: int, *, enabled: bool, now: datetime) -> Feed:
        """See `DiscoveryStore.enable_feed`."""
        with self._write() as connection:
            return discovery.enable_feed(connection, document_id, enabled=enabled, now=now)

    def discovery_status(self) -> DiscoveryStatus:
        """See `DiscoveryStore.discovery_status`."""
        with self._read() as connection:
            return discovery.status(connection)
