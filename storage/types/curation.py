"""What people decide and ask for: marks of what is no article, and orders to fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.types.time import require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """That a person said that what was stored as a document's article is none.

    No crawl writes or removes one. The article, its versions and captures stay; readers show the mark and count the
    article no more. Marks are never deleted: one that was taken back says when and by whom.

    Attributes:
        id: ours.
        document_id: the document whose page is no article, whatever version of it comes.
        article_id: its article.
        marked_by: who said so.
        marked_at: when.
        because: that person's reason; may be empty.
        undone_by: who took it back; empty while it stands.
        undone_at: when; ``None`` while it stands.
    """

    id: int
    document_id: int
    article_id: int
    marked_by: str
    marked_at: datetime
    because: str = ""
    undone_by: str = ""
    undone_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(marked_at=self.marked_at, undone_at=self.undone_at)


class OrderKind(StrEnum):
    """What somebody asks for: the sources of one event again from the live web, or from archives."""

    REFETCH = "refetch"
    BACKFILL = "backfill"


class OrderState(StrEnum):
    """Where an order stands.

    ``WAITING``: nobody took it yet, or who took it died. ``RUNNING``: a process works on it. ``DONE``: its command
    ended with status 0 or 1. ``FAILED``: it did not.
    """

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """Work that somebody asked for on a page or by the API; a process of `dateline serve` does one after the other.

    Attributes:
        id: ours.
        kind: see `OrderKind`.
        event_key: the event's own key.
        asked_by: who.
        asked_at: when.
        state: see `OrderState`.
        taken_by: token of the process that has it; empty while it waits.
        taken_until: after this moment another process may take it; ``None`` while it waits and when it is over.
        run: number of the run that did it; 0 before there is one.
        ended_at: when it was over.
        exit_status: of its command.
        problem: why it failed; empty otherwise.
    """

    id: int
    kind: OrderKind
    event_key: str
    asked_by: str
    asked_at: datetime
    state: OrderState = OrderState.WAITING
    taken_by: str = ""
    taken_until: datetime | None = None
    run: int = 0
    ended_at: datetime | None = None
    exit_status: int | None = None
    problem: str = ""

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(asked_at=self.asked_at, taken_until=self.taken_until, ended_at=self.ended_at)
