"""The sections on takedowns of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from storage.sql import engine as engines
from storage.sql import forgetting, takedowns
from storage.sql.chunks import chunks
from storage.sql.connected import Connected
from storage.sql.copies import same_documents
from storage.sql.events import documents_by_id
from storage.sql.models import DocumentRow
from storage.sql.purging import forget_thoroughly, purge
from storage.types import Capture, Document, Removal, RetentionRule, Takedown, TakedownKind


class TakedownSide(Connected):
    """See `UpkeepStore`."""

    def take_down(
        self, takedown: Takedown, *, document_ids: Sequence[int], before: datetime | None = None, dry_run: bool = False
    ) -> Takedown:
        """See `UpkeepStore.take_down`."""
        if dry_run:
            with self._read() as connection:
                return forgetting.take_down(connection, takedown, document_ids, before=before, dry_run=True)
        with self._write() as connection:
            forget_thoroughly(connection)
            engines.expect_lookups(connection)
            return forgetting.take_down(connection, takedown, document_ids, before=before, dry_run=False)

    def resting_on(self, document_ids: Collection[int], *, before: datetime | None = None) -> list[Capture]:
        """See `UpkeepStore.resting_on`."""
        with self._read() as connection:
            every = document_ids if before else forgetting.with_images(connection, document_ids)
            return forgetting.resting_on(connection, every, before=before)

    def move_captures(self, moved: Mapping[int, Capture], *, takedown: str, now: datetime) -> None:
        """See `UpkeepStore.move_captures`."""
        with self._write() as connection:
            forgetting.move(connection, moved, reason=takedown, now=now)

    def removals(self) -> list[Removal]:
        """See `UpkeepStore.removals`."""
        with self._read() as connection:
            return takedowns.removals(connection)

    def end_removals(self, done: Sequence[Removal]) -> None:
        """See `UpkeepStore.end_removals`."""
        if done:
            with self._write() as connection:
                takedowns.end(connection, done)
        with self._read() as connection:
            left = takedowns.only_purge_left(connection)
        if left:
            with engines.translated():
                purged = purge(self._engine)
            if purged:
                with self._write() as connection:
                    takedowns.end_purge(connection)

    def takedowns(self, *, standing_only: bool = False) -> list[Takedown]:
        """See `UpkeepStore.takedowns`."""
        with self._read() as connection:
            return takedowns.takedowns(connection, standing_only=standing_only)

    def takedown_of(self, canonical_url: str, host: str) -> Takedown | None:
        """See `UpkeepStore.takedown_of`."""
        with self._read() as connection:
            return takedowns.takedown_of(connection, canonical_url, host)

    def copies_of(self, document_ids: Collection[int]) -> list[Document]:
        """See `UpkeepStore.copies_of`."""
        with self._read() as connection:
            found = sorted(same_documents(connection, document_ids))
            known = documents_by_id(connection, found)
            return [known[one] for one in found]

    def documents_of(self, host: str, *, after: int = 0) -> Iterator[int]:
        """See `UpkeepStore.documents_of`."""
        return forgetting.documents_of(self._read, host, after=after)

    def urls_of(self, document_ids: Collection[int]) -> dict[int, str]:
        """See `UpkeepStore.urls_of`."""
        urls = select(DocumentRow.id, DocumentRow.canonical_url).order_by(DocumentRow.id)
        with self._read() as connection:
            return {
                row.id: row.canonical_url
                for piece in chunks(sorted(document_ids))
                for row in connection.execute(urls.where(DocumentRow.id.in_(piece)))
            }

    def lift_takedown(self, kind: TakedownKind, subject: str, *, now: datetime, who: str) -> Takedown:
        """See `UpkeepStore.lift_takedown`."""
        with self._write() as connection:
            return takedowns.lift(connection, kind, subject, now=now, who=who)

    def expired(self, rule: RetentionRule, *, after: int = 0) -> Iterator[int]:
        """See `UpkeepStore.expired`."""
        return forgetting.expired(self._read, rule, after=after)
