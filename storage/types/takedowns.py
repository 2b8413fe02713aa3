"""Takedowns: what was removed for good, why, by whom; and the tombstones that keep it away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.time import require_utc


class TakedownKind(StrEnum):
    """What a takedown is about.

    ``DOCUMENT``: one web document, texts and captures, never to be fetched again. ``HOST``: all documents of a host,
    present and future. ``RAW``: only the raw captures of documents, by a retention rule; texts and metadata stay, and
    documents may be fetched again.
    """

    DOCUMENT = "document"
    HOST = "host"
    RAW = "raw"


@dataclass(frozen=True, kw_only=True, slots=True)
class Takedown:
    """One removal, kept as its own record and, where it is not ``RAW``, as a tombstone.

    Attributes:
        kind: see `TakedownKind`.
        subject: canonical URL of the document, or name of the host.
        reason: as the person wrote it, or the retention rule's name after ``rule ``.
        who: login name.
        made_at: when.
        removed: what went -> how many (``articles``, ``versions``, ``links`` to events, ``captures``, ``bytes``).
        lifted_at: when a person allowed it to be fetched again; ``None`` while the tombstone stands.
        lifted_by: login name.
        id: ours; ``None`` before it is stored.
    """

    kind: TakedownKind
    subject: str
    reason: str
    who: str
    made_at: datetime
    removed: Mapping[str, int] = field(default_factory=dict)
    lifted_at: datetime | None = None
    lifted_by: str = ""
    id: int | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(made_at=self.made_at, lifted_at=self.lifted_at)

    @property
    def text(self) -> str:
        """What was done, when, by whom and why, in one sentence for a person."""
        done = "its raw captures were removed" if self.kind is TakedownKind.RAW else "it was taken down"
        whole = f"{self.subject} was taken down" if self.kind is TakedownKind.HOST else done
        by = f" by {self.who}" if self.who else ""
        return f"{whole} on {self.made_at:%Y-%m-%d}{by}: {self.reason}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """A stretch of a WARC file that holds what was taken down and is to be overwritten.

    Attributes:
        file: as in `storage.types.captures.RecordLocation`.
        offset: where it begins.
        length: in bytes; whole records.
        takedown_id: because of which takedown; 0: it came too late to be stored.
    """

    file: str
    offset: int
    length: int
    takedown_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionRule:
    """What is not kept for ever, as the store applies it.

    Attributes:
        host: only documents of this host; empty: of all.
        before: only what was captured before this moment.
        raw_only: remove raw captures and keep texts; else the whole document, with a tombstone.
    """

    before: datetime
    host: str = ""
    raw_only: bool = True

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(before=self.before)
