"""The part of the store's contract that is about discovery: feeds that are polled, and what they named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from storage.types import DiscoveryStatus, Feed, WantedFeed


class DiscoveryStore(Protocol):
    """The section "discovery" of `storage.protocol.Store`.

    A feed is a document with the role ``feed``: leases, politeness, validators, attempts and captures are those of any
    document. `archive` writes `FetchResult.feed` with the attempt: documents that are not known yet are made, due at
    once, and a discovery each; known ones are left as they are.
    """

    def put_feeds(self, feeds: Sequence[WantedFeed], *, now: datetime, dry_run: bool = False) -> int:
        """Poll these documents from now on; returns how many are new.

        New ones are due at once. One that is a source stays a source and is refused (it is not counted); one that was
        switched off stays off. ``dry_run`` answers the same and writes nothing.
        """

    def feeds(self) -> Iterator[Feed]:
        """All feeds by document; streams."""

    def enable_feed(self, document_id: int, *, enabled: bool, now: datetime) -> Feed:
        """Switch polling on (due at once) or off. Raises `DocumentNotFound` where it is no feed."""

    def discovery_status(self) -> DiscoveryStatus:
        """Counts over all feeds."""
