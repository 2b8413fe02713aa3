"""The section on attempts that move into files of the store in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from storage.errors import StorageError
from storage.memory.library import Library
from storage.thinning import thinnable
from storage.types import AttemptBatch, AttemptRule, FetchAttempt, ThinnedAttempts


class ThinningSide:
    """See `ThinningStore`."""

    _library: Library

    def thinnable(self, rule: AttemptRule, *, after: int = 0) -> Iterator[tuple[int, int]]:
        """See `ThinningStore.thinnable`."""
        library, found = self._library, list[tuple[int, int]]()
        with_captures = {one.attempt_id for one in library.captures.values()} | library.replayed.keys()
        sequences = defaultdict[tuple[int, str], list[FetchAttempt]](list)
        for one in sorted(library.attempts.values(), key=lambda one: one.id or 0):
            sequences[one.document_id, one.archive].append(one)
        for (document_id, _), sequence in sequences.items():
            if document_id > after and rule.host in {"", library.documents[document_id].host}:
                old = thinnable(sequence, before=rule.before, brought=lambda one: one.id in with_captures)
                found += [(document_id, one.id or 0) for one in old]
        yield from sorted(found)

    def attempts(self, attempt_ids: Collection[int]) -> list[FetchAttempt]:
        """See `ThinningStore.attempts`."""
        wanted = set(attempt_ids)
        return sorted((one for one in self._library.attempts.values() if one.id in wanted), key=lambda one: one.id or 0)

    def thin(self, attempt_ids: Collection[int], batches: Sequence[AttemptBatch]) -> None:
        """See `ThinningStore.thin`."""
        library, gone = self._library, self.attempts(attempt_ids)
        places = {(one.file, one.offset) for one in library.attempt_batches}
        if len(gone) != len(attempt_ids) or any((one.file, one.offset) in places for one in batches):
            raise StorageError("another program thins attempts, too")
        for one in gone:
            del library.attempts[one.key]
            known = library.thinned.get(one.document_id)
            library.thinned[one.document_id] = ThinnedAttempts(
                attempts=1 + (known.attempts if known else 0),
                since=min(one.started_at, known.since if known else one.started_at),
                until=max(one.started_at, known.until if known else one.started_at),
            )
        library.attempt_batches += batches

    def attempt_batches(self) -> list[AttemptBatch]:
        """See `ThinningStore.attempt_batches`."""
        return sorted(self._library.attempt_batches, key=lambda one: (one.file, one.offset))
