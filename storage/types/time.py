"""Points in time: aware, in UTC, or refused.

Why a check and not a convention: a naive datetime silently means "local time" in one place and "UTC" in the
next, and the difference is only seen when a wrong date is already stored.

Why the present moment may follow a database's clock: runs on many machines agree on leases, rests and archives' turns
by moments that stand in the database. A machine whose clock is five minutes fast would take every living lease for
expired and cut each host's rest short; one that is slow would find nothing ready, and be buried while it works. One
clock for all is the database server's, which every machine can ask (`Store.clock`). It is followed only where the
difference is more than any network explains, so that healthy machines keep their own, which never steps because of us.
Rejected: writing the database's time in every statement (rests and intervals are worked out beside answers, in memory),
and refusing to work with a wrong clock (it is wrong on the one machine that nobody looks at).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(seconds=0.5)
"""Clocks that differ by less are the same."""


@dataclass(slots=True)
class _Followed:
    """How far another clock is ahead of this machine's, for the whole process."""

    ahead: timedelta = timedelta(0)


_followed = _Followed()


def utc_now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond; by the clock that is followed, if any."""
    return own_now() + _followed.ahead


def own_now() -> datetime:
    """The present moment by this machine's own clock, whatever clock is followed."""
    return datetime.now(UTC)


def follow_clock(database_now: datetime, *, asked_between: tuple[datetime, datetime]) -> timedelta:
    """Let `utc_now` follow a database's clock from now on, in this process, where it differs by more than `TOLERANCE`.

    What the answer's way here may explain counts for nothing. Asked again, the offset changes only where it is wrong by
    more than that, so that time does not tremble.

    Args:
        database_now: what the database's clock said.
        asked_between: before and after it was asked, by `own_now`.

    Returns:
        How far the followed clock is ahead of this machine's; zero where its own is followed.
    """
    asked, answered = asked_between
    require_utc(database_now=database_now, asked=asked, answered=answered)
    unsure = TOLERANCE + abs(answered - asked) / 2
    ahead = database_now - asked - (answered - asked) / 2
    if abs(ahead - _followed.ahead) > unsure:
        _followed.ahead = ahead if abs(ahead) > unsure else timedelta(0)
    return _followed.ahead


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
