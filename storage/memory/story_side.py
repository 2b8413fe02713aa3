"""The section "stories" of the store in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from storage.article_store import Decider
from storage.memory import comparing, coverage, merges, relations, renaming
from storage.memory.library import Library
from storage.story_store import Fingerprinter, Identifier
from storage.types import DocumentMerge, Relation, RenewedUrls, SameDocumentHow, WireCount


class StorySide:
    """Relations between articles, clusters, and documents that are one."""

    _library: Library

    def relations(self, article_id: int) -> list[Relation]:
        """See `StoryStore.relations`."""
        return relations.relations(self._library, article_id)

    def compare_later(self, article_ids: Iterable[int] | None = None) -> int:
        """See `StoryStore.compare_later`."""
        return comparing.compare_later(self._library, article_ids)

    def waiting_for_comparison(self, *, after: int = 0, limit: int) -> list[int]:
        """See `StoryStore.waiting_for_comparison`."""
        return comparing.waiting(self._library, after=after, limit=limit)

    def compare_again(
        self, article_ids: Sequence[int], *, decide: Decider, fingerprint: Fingerprinter, now: datetime
    ) -> int:
        """See `StoryStore.compare_again`."""
        return comparing.compare_again(self._library, article_ids, decide=decide, fingerprint=fingerprint, now=now)

    def wire_counts(self) -> Iterator[WireCount]:
        """See `StoryStore.wire_counts`."""
        yield from coverage.wire_counts(self._library)

    def merge_documents(
        self, document_id: int, into_id: int, *, how: SameDocumentHow, evidence: str, now: datetime
    ) -> DocumentMerge:
        """See `StoryStore.merge_documents`."""
        return merges.merge_documents(self._library, document_id, into_id, how=how, evidence=evidence, now=now)

    def undo_merge(self, document_id: int, *, because: str, now: datetime) -> DocumentMerge:
        """See `StoryStore.undo_merge`."""
        return merges.undo_merge(self._library, document_id, because=because, now=now)

    def merges(self, *, undone: bool = False) -> Iterator[DocumentMerge]:
        """See `StoryStore.merges`."""
        yield from merges.merges(self._library, undone=undone)

    def renew_urls(
        self, identify: Identifier, *, after: int = 0, limit: int, now: datetime, dry_run: bool = False
    ) -> RenewedUrls:
        """See `StoryStore.renew_urls`."""
        return renaming.renew_urls(self._library, identify, after=after, limit=limit, now=now, dry_run=dry_run)
