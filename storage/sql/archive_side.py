"""The sections "archives" and "held files" of the store on SQLAlchemy, as `storage.sql.store` has the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from storage.sql import answers, backfills, held, link_rot, queueing, saves, searches
from storage.sql import engine as engines
from storage.sql.connected import Connected
from storage.types import (
    ArchiveAnswer,
    ArchiveLink,
    ArchiveSave,
    ArchiveSearch,
    BackfillRequest,
    BackfillRules,
    BackfillState,
    BackfillTask,
    HeldFile,
    HeldRecord,
    LinkRot,
)


class ArchiveSide(Connected):
    """What is wanted from archives, what they said, and what held files have."""

    # -- archives ------------------------------------------------------------------------------------------------

    def queue_backfills(self, rules: BackfillRules, *, now: datetime) -> int:
        """See `Store.queue_backfills`."""
        return queueing.queue(self._read, self._write, rules, now=now)

    def lease_backfills(self, request: BackfillRequest) -> list[BackfillTask]:
        """See `Store.lease_backfills`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return backfills.lease(connection, request)

    def count_backfills(self, request: BackfillRequest, *, rules: BackfillRules | None = None) -> int:
        """See `Store.count_backfills`."""
        with self._read() as connection:
            return backfills.count(connection, request, rules)

    def backfill_hosts(self, request: BackfillRequest) -> dict[str, int]:
        """See `Store.backfill_hosts`."""
        with self._read() as connection:
            return backfills.hosts(connection, request)

    def end_backfill(
        self, document_id: int, *, token: str, state: BackfillState, next_at: datetime | None, now: datetime
    ) -> None:
        """See `Store.end_backfill`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            backfills.end(connection, document_id, token=token, state=state, next_at=next_at, now=now)

    def put_search(self, search: ArchiveSearch, *, lease: str = "") -> bool:
        """See `Store.put_search`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            held = not lease or backfills.holders(connection, [search.document_id]).get(search.document_id) == lease
            if held:
                searches.put_search(connection, search)
            return held

    def searches(self, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSearch, ...]]:
        """See `Store.searches`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return searches.searches(connection, document_ids)

    def answer(self, archive: str, question: str, *, now: datetime) -> ArchiveAnswer | None:
        """See `Store.answer`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return answers.answer(connection, archive, question, now=now)

    def put_answer(self, answer: ArchiveAnswer) -> None:
        """See `Store.put_answer`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            answers.put_answer(connection, answer)

    def forget_answers(self, *, before: datetime) -> int:
        """See `Store.forget_answers`."""
        with self._write() as connection:
            return answers.forget_answers(connection, before=before)

    def archive_links(self, document_ids: Iterable[int]) -> dict[int, ArchiveLink]:
        """See `Store.archive_links`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return link_rot.archive_links(connection, document_ids)

    def claim_save(self, save: ArchiveSave) -> bool:
        """See `Store.claim_save`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return saves.claim_save(connection, save)

    def put_save(self, save: ArchiveSave) -> None:
        """See `Store.put_save`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            saves.put_save(connection, save)

    def saves(self, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSave, ...]]:
        """See `Store.saves`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return saves.saves(connection, document_ids)

    def link_rot(self) -> Iterator[LinkRot]:
        """See `Store.link_rot`."""
        return link_rot.link_rot(self._read)

    # -- held files ----------------------------------------------------------------------------------------------

    def put_held_file(self, file: HeldFile, records: Iterable[HeldRecord]) -> HeldFile:
        """See `Store.put_held_file`."""
        return held.put_file(self._write, file, records)

    def held_files(self) -> list[HeldFile]:
        """See `Store.held_files`."""
        with self._read() as connection:
            return held.files(connection)

    def held_records(
        self, url_key: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[HeldRecord]:
        """See `Store.held_records`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return held.records(connection, url_key, since=since, until=until)

    def forget_held_file(self, path: str) -> bool:
        """See `Store.forget_held_file`."""
        with self._write() as connection:
            return held.forget_file(connection, path)

    def wanted_keys(self) -> Iterator[str]:
        """See `Store.wanted_keys`."""
        return held.wanted_keys(self._read)
