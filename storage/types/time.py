"""Points in time: aware, in UTC, or refused.

Why a check and not a convention: a naive datetime silently means "local time" in one place and "UTC" in the
next, and the difference is only seen when a wrong date is already stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


def utc_now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def require_utc(**moments: datetime | None) -> None:
    """Refuse naive or non-UTC datetimes; the keyword names the field in the error.

    Raises:
        ValueError: a given moment has no zone or its zone is not UTC. ``None`` passes.
    """
    for name, moment in moments.items():
        if moment is not None and moment.utcoffset() != timedelta(0):
            msg = f"{name} must be an aware datetime in UTC, got {moment!r}"
            raise ValueError(msg)


class DatePrecision(StrEnum):
    """How much of a `DatedTime` the page really said; what is finer is zero, not known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedTime:
    """A time that a page states, with the reason to believe it.

    Attributes:
        value: the moment in UTC; with ``DAY`` precision or coarser, midnight UTC of the stated day.
        precision: how much of ``value`` was stated.
        evidence: where it stood, for example ``json-ld datePublished`` or ``url path``.
        raw: the stated text, unchanged; empty where there is none (an id that encodes a time has its digits).
    """

    value: datetime
    precision: DatePrecision
    evidence: str
    raw: str = ""

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(value=self.value)
