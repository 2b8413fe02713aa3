"""The sections on takedowns of the store in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from storage.memory import forgetting, takedowns
from storage.memory.library import Library
from storage.types import Capture, Document, Removal, RetentionRule, Takedown, TakedownKind


class TakedownSide:
    """See `UpkeepStore`."""

    _library: Library

    def take_down(
        self, takedown: Takedown, *, document_ids: Sequence[int], before: datetime | None = None, dry_run: bool = False
    ) -> Takedown:
        """See `UpkeepStore.take_down`."""
        return forgetting.take_down(self._library, takedown, document_ids, before=before, dry_run=dry_run)

    def resting_on(self, document_ids: Collection[int], *, before: datetime | None = None) -> list[Capture]:
        """See `UpkeepStore.resting_on`."""
        every = document_ids if before else forgetting.with_images(self._library, document_ids)
        return forgetting.resting_on(self._library, every, before=before)

    def move_captures(self, moved: Mapping[int, Capture], *, takedown: str, now: datetime) -> None:
        """See `UpkeepStore.move_captures`."""
        forgetting.move(self._library, moved, reason=takedown, now=now)

    def removals(self) -> list[Removal]:
        """See `UpkeepStore.removals`."""
        return [self._library.removals[place] for place in sorted(self._library.removals)]

    def end_removals(self, done: Sequence[Removal]) -> None:
        """See `UpkeepStore.end_removals`."""
        takedowns.end(self._library, done)

    def takedowns(self, *, standing_only: bool = False) -> list[Takedown]:
        """See `UpkeepStore.takedowns`."""
        return takedowns.takedowns(self._library, standing_only=standing_only)

    def takedown_of(self, canonical_url: str, host: str) -> Takedown | None:
        """See `UpkeepStore.takedown_of`."""
        return takedowns.takedown_of(self._library, canonical_url, host)

    def copies_of(self, document_ids: Collection[int]) -> list[Document]:
        """See `UpkeepStore.copies_of`."""
        return [self._library.documents[one] for one in forgetting.copies_of(self._library, document_ids)]

    def documents_of(self, host: str, *, after: int = 0) -> Iterator[int]:
        """See `UpkeepStore.documents_of`."""
        yield from [one.id for one in self._library.documents.values() if one.host == host and one.id > after]

    def urls_of(self, document_ids: Collection[int]) -> dict[int, str]:
        """See `UpkeepStore.urls_of`."""
        known = self._library.documents
        return {one: known[one].canonical_url for one in sorted(document_ids) if one in known}

    def lift_takedown(self, kind: TakedownKind, subject: str, *, now: datetime, who: str) -> Takedown:
        """See `UpkeepStore.lift_takedown`."""
        return takedowns.lift(self._library, kind, subject, now=now, who=who)

    def expired(self, rule: RetentionRule, *, after: int = 0) -> Iterator[int]:
        """See `UpkeepStore.expired`."""
        return forgetting.expired(self._library, rule, after=after)
