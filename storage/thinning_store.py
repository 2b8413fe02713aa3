"""The part of the store's contract that moves attempts into files (`storage.attempt_files`).

Why deleting and writing down where they are is one transaction: killed before it, all rows are there and what the file
has more is put aside by the next who writes; killed after it, all is done. So no attempt is lost, and none is in two
places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from storage.types import AttemptBatch, AttemptRule, FetchAttempt


class ThinningStore(Protocol):
    """The section "attempts" of `storage.protocol.Store`."""

    def thinnable(self, rule: AttemptRule, *, after: int = 0) -> Iterator[tuple[int, int]]:
        """(document, attempt) of attempts that need not stay (`storage.thinning`), by both; streams.

        Only of documents behind ``after``.
        """

    def attempts(self, attempt_ids: Collection[int]) -> list[FetchAttempt]:
        """These attempts, by id; unknown ones are left out."""

    def thin(self, attempt_ids: Collection[int], batches: Sequence[AttemptBatch]) -> None:
        """Delete attempts that are on disk in these stretches of files.

        All or nothing. Documents go on counting them, and say from when to when they were (`DocumentHistory.thinned`).

        Raises `StorageError` where one of them is gone, or a stretch is taken: another program thins, too.
        """

    def attempt_batches(self) -> list[AttemptBatch]:
        """All stretches, by (file, offset)."""
