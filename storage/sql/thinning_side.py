"""The section on attempts that move into files of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from storage.sql import engine as engines
from storage.sql import thinning
from storage.sql.connected import Connected
from storage.types import AttemptBatch, AttemptRule, FetchAttempt


class ThinningSide(Connected):
    """See `ThinningStore`."""

    def thinnable(self, rule: AttemptRule, *, after: int = 0) -> Iterator[tuple[int, int]]:
        """See `ThinningStore.thinnable`."""
        return thinning.thinnable(self._read, rule, after=after)

    def attempts(self, attempt_ids: Collection[int]) -> list[FetchAttempt]:
        """See `ThinningStore.attempts`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return thinning.attempts(connection, attempt_ids)

    def thin(self, attempt_ids: Collection[int], batches: Sequence[AttemptBatch]) -> None:
        """See `ThinningStore.thin`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            thinning.thin(connection, attempt_ids, batches)

    def attempt_batches(self) -> list[AttemptBatch]:
        """See `ThinningStore.attempt_batches`."""
        with self._read() as connection:
            return thinning.attempt_batches(connection)
