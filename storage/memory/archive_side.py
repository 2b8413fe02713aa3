"""The sections "archives" and "held files" of the in-memory store, as `storage.memory.store` has the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from storage.memory import backfills, held, link_rot, saves, searches
from storage.memory.library import Library
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


class ArchiveSide:
    """What is wanted from archives, what they said, and what held files have."""

    def __init__(self) -> None:
        self._library = Library()

    # -- archives ------------------------------------------------------------------------------------------------

    def queue_backfills(self, rules: BackfillRules, *, now: datetime) -> int:
        """See `Store.queue_backfills`."""
        return backfills.queue(self._library, rules, now=now)

    def lease_backfills(self, request: BackfillRequest) -> list[BackfillTask]:
        """See `Store.lease_backfills`."""
        return backfills.lease(self._library, request)

    def count_backfills(self, request: BackfillRequest, *, rules: BackfillRules | None = None) -> int:
        """See `Store.count_backfills`."""
        return backfills.count(self._library, request, rules)

    def backfill_hosts(self, request: BackfillRequest) -> dict[str, int]:
        """See `Store.backfill_hosts`."""
        return backfills.hosts(self._library, request)

    def end_backfill(
        self, document_id: int, *, token: str, state: BackfillState, next_at: datetime | None, now: datetime
    ) -> None:
        """See `Store.end_backfill`."""
        backfills.end(self._library, document_id, token=token, state=state, next_at=next_at, now=now)

    def put_search(self, search: ArchiveSearch, *, lease: str = "") -> bool:
        """See `Store.put_search`."""
        held = not lease or self._library.backfill_leases.get(search.document_id, ("", None))[0] == lease
        if held:
            searches.put_search(self._library, search)
        return held

    def searches(self, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSearch, ...]]:
        """See `Store.searches`."""
        return searches.searches(self._library, document_ids)

    def answer(self, archive: str, question: str, *, now: datetime) -> ArchiveAnswer | None:
        """See `Store.answer`."""
        return held.answer(self._library, archive, question, now=now)

    def put_answer(self, answer: ArchiveAnswer) -> None:
        """See `Store.put_answer`."""
        self._library.answers[answer.archive, answer.question] = answer

    def forget_answers(self, *, before: datetime) -> int:
        """See `Store.forget_answers`."""
        return held.forget_answers(self._library, before=before)

    def archive_links(self, document_ids: Iterable[int]) -> dict[int, ArchiveLink]:
        """See `Store.archive_links`."""
        return link_rot.archive_links(self._library, document_ids)

    def claim_save(self, save: ArchiveSave) -> bool:
        """See `Store.claim_save`."""
        return saves.claim_save(self._library, save)

    def put_save(self, save: ArchiveSave) -> None:
        """See `Store.put_save`."""
        saves.put_save(self._library, save)

    def saves(self, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSave, ...]]:
        """See `Store.saves`."""
        return saves.saves(self._library, document_ids)

    def link_rot(self) -> Iterator[LinkRot]:
        """See `Store.link_rot`."""
        yield from link_rot.link_rot(self._library)

    # -- held files ----------------------------------------------------------------------------------------------

    def put_held_file(self, file: HeldFile, records: Iterable[HeldRecord]) -> HeldFile:
        """See `Store.put_held_file`."""
        return held.put_file(self._library, file, records)

    def held_files(self) -> list[HeldFile]:
        """See `Store.held_files`."""
        return held.files(self._library)

    def held_records(
        self, url_key: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[HeldRecord]:
        """See `Store.held_records`."""
        return held.records(self._library, url_key, since=since, until=until)

    def forget_held_file(self, path: str) -> bool:
        """See `Store.forget_held_file`."""
        return held.forget_file(self._library, path)

    def wanted_keys(self) -> Iterator[str]:
        """See `Store.wanted_keys`."""
        yield from held.wanted_keys(self._library)
