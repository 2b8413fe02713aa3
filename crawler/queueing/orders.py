"""What one job asks a worker to do: one host, one kind of work, one selection of its documents. Pure.

Why two kinds of lock: a host is asked by one worker at a time, whoever ordered it (``lock``); the same order waits at
most once (``queueing_lock``), while a re-fetch of one event may wait beside the crawl of what is due.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.types import DocumentRole, Outcome, Selection

EVERY_HOST = "*"
"""In place of a host: the order is about the whole library."""
AGAIN = "again"
"""Option of an order to extract: also versions that the present extractor made."""
BY_HAND = 100
"""Priority of what a person named; what is due has 0."""


class WorkKind(StrEnum):
    """What is to be done with a host's documents."""

    CRAWL = "crawl"
    """Fetch them from the live web."""
    BACKFILL = "backfill"
    """Look for them in web archives."""
    REEXTRACT = "reextract"
    """Extract their stored captures again."""
    COMPARE = "compare"
    """Compare their articles with all others again."""


QUEUES: Mapping[WorkKind, str] = {
    WorkKind.CRAWL: "hosts",
    WorkKind.BACKFILL: "archives",
    WorkKind.REEXTRACT: "texts",
    WorkKind.COMPARE: "texts",
}
"""Kind -> queue; each has places of its own in a worker, so that slow archives do not hold up the live web."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostOrder:
    """What is to be done about one host.

    Attributes:
        host: of the documents; or `EVERY_HOST`.
        kind: see there.
        event_key: only what this event cites; empty: any.
        outcome: only documents whose latest attempt ended so; empty: any.
        role: only documents of this role; empty: as `Selection` has it.
        due_only: only what is due; False: whether due or not, once since `since`.
        since: when it was ordered, aware, UTC; ``None`` only where ``due_only`` is True.
        by: who ordered it: a login name, or empty for the scheduler and the workers themselves.
        options: further words of the command, by the kind's own names.
        after: how far an earlier slice came, by the kind's own numbers; the order goes on behind it.
    """

    host: str
    kind: WorkKind = WorkKind.CRAWL
    event_key: str = ""
    outcome: str = ""
    role: str = ""
    due_only: bool = True
    since: datetime | None = None
    by: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    after: int = 0

    @property
    def selection(self) -> Selection:
        """The host's documents that are meant."""
        return Selection(
            host=self.host,
            event_key=self.event_key,
            outcome=Outcome(self.outcome) if self.outcome else None,
            role=DocumentRole(self.role) if self.role else None,
            due_only=self.due_only,
        )

    @property
    def of_texts(self) -> bool:
        """Whether it is about what is stored: nobody is asked."""
        return self.kind in {WorkKind.REEXTRACT, WorkKind.COMPARE}

    @property
    def lock(self) -> str:
        """What no other job may hold meanwhile."""
        place = "host" if self.kind is WorkKind.CRAWL else str(self.kind)
        return f"{place}:{self.host}"

    @property
    def queueing_lock(self) -> str:
        """What no other job may wait under; who ordered it, when, and how far it came, is no other work."""
        left_out = {"host", "kind", "by", "since", "after"}
        words = {name: value for name, value in self.to_arguments().items() if name not in left_out}
        plain = HostOrder(host=self.host, kind=self.kind).to_arguments()
        if all(plain[name] == value for name, value in words.items()):
            return self.lock
        digest = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
        return f"{self.lock}:{digest[:16]}"

    @property
    def is_plain(self) -> bool:
        """Whether it means what is due and nothing else, as the orders do that feeders put."""
        return self.queueing_lock == self.lock

    def to_arguments(self) -> dict[str, Any]:
        """As a job carries it: JSON."""
        return {
            "host": self.host,
            "kind": str(self.kind),
            "event_key": self.event_key,
            "outcome": self.outcome,
            "role": self.role,
            "due_only": self.due_only,
            "since": self.since.isoformat() if self.since else None,
            "by": self.by,
            "options": dict(self.options),
            "after": self.after,
        }

    @classmethod
    def from_arguments(cls, values: Mapping[str, Any]) -> HostOrder:
        """From a job. Raises `ValueError`, `TypeError` or `KeyError` where it is none of ours."""
        given = dict(values)
        since = given.get("since")
        given["since"] = datetime.fromisoformat(since) if since else None
        given["kind"] = WorkKind(given["kind"])
        return cls(**given)


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """What came of one order.

    Attributes:
        documents: that were dealt with.
        more: whether the host has more of the order that could be done now.
        held_by_other: the host was in somebody else's hands; nothing was done.
        ready_at: when the host may be asked again, where it must be left alone until then and there may be more of the
            order; ``None`` otherwise.
        after: how far it came; see `HostOrder.after`.
    """

    documents: int = 0
    more: bool = False
    held_by_other: bool = False
    ready_at: datetime | None = None
    after: int = 0
