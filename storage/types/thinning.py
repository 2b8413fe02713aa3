"""Attempts that moved from the database into files: how many, of which time, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.types.time import require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptRule:
    """Which attempts need not stay in the database.

    Attributes:
        before: only those that ended before this moment.
        host: only those at documents of this host; empty: of all.
    """

    before: datetime
    host: str = ""

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(before=self.before)


@dataclass(frozen=True, kw_only=True, slots=True)
class ThinnedAttempts:
    """Attempts at one document that are in files only.

    Attributes:
        attempts: how many.
        since: when the first of them began.
        until: when the last of them began.
    """

    attempts: int
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(since=self.since, until=self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptBatch:
    """A stretch of a file that holds attempts which the database has no more.

    Attributes:
        file: its name (``attempts-2026-03.jsonl.zst``).
        offset: where the stretch begins, in bytes.
        length: in bytes.
        attempts: how many it holds.
        sha256: of its bytes as they stand in the file, 64 hex digits.
        machine: host name of the one that wrote it.
        written_at: when.
    """

    file: str
    offset: int
    length: int
    attempts: int
    sha256: str
    machine: str
    written_at: datetime

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(written_at=self.written_at)

    @property
    def end(self) -> int:
        """Where the next stretch begins."""
        return self.offset + self.length
