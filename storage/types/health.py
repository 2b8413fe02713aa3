"""Health: what happened day by day, and the alerts that stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from storage.types.outcomes import Outcome
from storage.types.time import require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class HostDay:
    """How many attempts at documents of one host ended so on one day (UTC).

    Attributes:
        day: on which they ended.
        host: name.
        outcome: see there.
        attempts: how many; replays do not count, nobody was asked.
        articles: of these attempts, those that brought a version of an article (a new one or a first).
        archive: the archive that was asked; empty for the live web.
    """

    day: date
    host: str
    outcome: Outcome
    attempts: int
    articles: int = 0
    archive: str = ""


class AlertKind(StrEnum):
    """What an alert is about."""

    LOW_YIELD = "low_yield"
    SILENT_HOST = "silent_host"
    SUDDEN_DROP = "sudden_drop"
    JOB_FAILED = "job_failed"
    JOB_LATE = "job_late"
    DISK_LOW = "disk_low"


ALERT_MEANINGS = {
    AlertKind.LOW_YIELD: "a job brought less than the minimum that is expected of it",
    AlertKind.SILENT_HOST: "a host that used to give articles was asked and gave none",
    AlertKind.SUDDEN_DROP: "a host gives far fewer articles per attempt than it used to",
    AlertKind.JOB_FAILED: "the latest run of a job failed, died or was killed",
    AlertKind.JOB_LATE: "a job should have run by now and has not",
    AlertKind.DISK_LOW: "the disk has less room than the library needs to go on",
}
"""One sentence for each kind, for people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """Something that a person should look at.

    Attributes:
        kind: see `AlertKind`.
        subject: the host, the job or the folder that it is about; with ``kind`` its identity while it stands.
        text: one sentence with the figures.
        opened_at: when it was first found.
        seen_at: when it was last found.
        closed_at: when it was found to be over; ``None`` while it stands.
        told: how far people were notified: ``""`` not yet, ``opened``, ``closed``.
        id: ours; ``None`` before it is stored.
    """

    kind: AlertKind
    subject: str
    text: str
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None = None
    told: str = ""
    id: int | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(opened_at=self.opened_at, seen_at=self.seen_at, closed_at=self.closed_at)
