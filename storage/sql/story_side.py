"""The section "stories" of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from storage.article_store import Decider
from storage.sql import comparing, merges, relations, renaming, wires
from storage.sql import engine as engines
from storage.sql.connected import Connected
from storage.story_store import Fingerprinter, Identifier
from storage.types import DocumentMerge, Relation, RenewedUrls, SameDocumentHow, WireCount


class StorySide(Connected):
    """Relations between articles, clusters, and documents that are one."""

    def relations(self, article_id: int) -> list[Relation]:
        """See `StoryStore.relations`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return relations.relations(connection, [article_id])[article_id]

    def compare_later(self, article_ids: Iterable[int] | None = None) -> int:
        """See `StoryStore.compare_later`."""
        with self._write() as connection:
            return comparing.compare_later(connection, article_ids)

    def waiting_for_comparison(self, *, after: int = 0, limit: int) -> list[int]:
        """See `StoryStore.waiting_for_comparison`."""
        with self._read() as connection:
            return comparing.waiting(connection, after=after, limit=limit)

    def compare_again(
        self, article_ids: Sequence[int], *, decide: Decider, fingerprint: Fingerprinter, now: datetime
    ) -> int:
        """See `StoryStore.compare_again`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            moved = comparing.compare_again(connection, article_ids, decide=decide, fingerprint=fingerprint)
            merges.settle_articles(connection, article_ids, now)
            return moved

    def wire_counts(self) -> Iterator[WireCount]:
        """See `StoryStore.wire_counts`."""
        return wires.wire_counts(self._read)

    def merge_documents(
        self, document_id: int, into_id: int, *, how: SameDocumentHow, evidence: str, now: datetime
    ) -> DocumentMerge:
        """See `StoryStore.merge_documents`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return merges.merge_documents(connection, document_id, into_id, how, evidence, now)

    def undo_merge(self, document_id: int, *, because: str, now: datetime) -> DocumentMerge:
        """See `StoryStore.undo_merge`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return merges.undo_merge(connection, document_id, because, now)

    def merges(self, *, undone: bool = False) -> Iterator[DocumentMerge]:
        """See `StoryStore.merges`."""
        return merges.merges(self._read, undone=undone)

    def renew_urls(
        self, identify: Identifier, *, after: int = 0, limit: int, now: datetime, dry_run: bool = False
    ) -> RenewedUrls:
        """See `StoryStore.renew_urls`."""
        with self._read() if dry_run else self._write() as connection:
            engines.expect_lookups(connection)
            return renaming.renew_urls(connection, identify, after=after, limit=limit, now=now, dry_run=dry_run)
