"""When a job starts, as cron writes it: minute, hour, day of the month, month, day of the week.

Why the fields are read here and not by APScheduler: its days of the week begin with 0 on Monday where cron's begin with
0 on Sunday, so ``0 3 * * 1`` would start on Tuesdays; it lets a date and a day of the week both hold where cron takes
either; and the library's settings are read by every command, most of which must not load a scheduler. What is read here
is a set of numbers per field, which `crawler.scheduling.jobs` hands to APScheduler as plain lists: what one accepts the
other cannot refuse.

Why a range may not wrap around (``22-2``): crons differ on it. ``fri-sun`` is fine, Sunday is 7 there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_SUNDAY = 7
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY_MINUTES = 24 * 60
_ITEM = re.compile(r"(?P<first>\*|[0-9]{1,4}|[a-z]+)(?:-(?P<last>[0-9]{1,4}|[a-z]+))?(?:/(?P<step>[0-9]{1,4}))?")
_SHORT: Mapping[str, str] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    """One of the five: what it is called, its bounds and the words that stand for numbers."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    first_word: int = 0


_FIELDS = (
    _Field(name="minute", low=0, high=59),
    _Field(name="hour", low=0, high=23),
    _Field(name="day of the month", low=1, high=31),
    _Field(name="month", low=1, high=12, words=_MONTHS, first_word=1),
    _Field(name="day of the week", low=0, high=_SUNDAY, words=_WEEKDAYS),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CronTimes:
    """The numbers of each field, ascending.

    Attributes:
        minutes: 0 to 59.
        hours: 0 to 23.
        days: of the month, 1 to 31.
        months: 1 to 12.
        weekdays: 0 is Sunday, 6 is Saturday.
        either: both the days of the month and those of the week are restricted: one of the two is enough, as in cron.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either: bool

    @property
    def every_hour(self) -> bool:
        """Whether it starts in each hour of its days: such a job means "every so often", not "at this o'clock"."""
        return len(self.hours) == 24  # noqa: PLR2004 - hours of a day

    @property
    def least_gap(self) -> int:
        """Minutes between two starts that follow each other on one day or on two days in a row, at the least."""
        starts = sorted(hour * 60 + minute for hour in self.hours for minute in self.minutes)
        following = [*starts[1:], starts[0] + _DAY_MINUTES]
        return min(after - before for before, after in zip(starts, following, strict=True))


def cron_times(text: str) -> CronTimes:
    """Read five fields, or ``@daily`` and its like.

    Raises:
        ValueError: they are not; the text says which field and what would be right.
    """
    fields = _SHORT.get(text.strip().lower(), text).split()
    if len(fields) != len(_FIELDS):
        wanted = ", ".join(field.name for field in _FIELDS)
        raise ValueError(f"it has {len(fields)} fields, not {len(_FIELDS)}: {wanted}, for example 15 3 * * mon-fri")
    minutes, hours, days, months, weekdays = (
        _numbers(said.lower(), field) for said, field in zip(fields, _FIELDS, strict=True)
    )
    weekdays = frozenset(number % _SUNDAY for number in weekdays)
    either = len(days) < 31 and len(weekdays) < 7  # noqa: PLR2004 - not every day
    if not either and all(_LONGEST_MONTHS[month - 1] < min(days) for month in months):
        raise ValueError(f"no month {_listed(months)} has a day {min(days)}: it would never start")
    return CronTimes(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=tuple(sorted(days)),
        months=tuple(sorted(months)),
        weekdays=tuple(sorted(weekdays)),
        either=either,
    )


def _listed(numbers: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _numbers(said: str, field: _Field) -> frozenset[int]:
    """All numbers that one field names."""
    return frozenset(number for item in said.split(",") for number in _item(item, field))


def _item(item: str, field: _Field) -> range:
    """``*``, ``5``, ``1-5``, ``mon-fri``, each with ``/2`` behind it or not."""
    found = _ITEM.fullmatch(item)
    if found is None or (found["first"] == "*" and found["last"]):
        raise ValueError(f"{item!r} is no {field.name}: write a number, 1-5, 1,15, * or */2")
    if found["first"] == "*":
        first, last = field.low, min(field.high, field.low + 6) if field.high == _SUNDAY else field.high
    else:
        first = _number(found["first"], field)
        last = first if found["last"] is None else _number(found["last"], field)
        if found["step"] and found["last"] is None:
            last = field.high
        if found["last"] and field.high == _SUNDAY and last == 0:
            last = _SUNDAY
    if first > last:
        raise ValueError(f"{item!r} goes backwards: write {found['first']}-{field.high},{field.low}-{found['last']}")
    step = int(found["step"] or 1)
    if not 1 <= step <= field.high:
        raise ValueError(f"the step of {item!r} must lie between 1 and {field.high}")
    return range(first, last + 1, step)


def _number(word: str, field: _Field) -> int:
    """A number between the field's bounds, or the word for one."""
    if word in field.words:
        return field.words.index(word) + field.first_word
    if not word.isdecimal():
        known = f" ({field.words[0]} to {field.words[-1]})" if field.words else ""
        raise ValueError(f"{word!r} is no {field.name}{known}")
    if not field.low <= int(word) <= field.high:
        raise ValueError(f"the {field.name} lies between {field.low} and {field.high}, not {word}")
    return int(word)
