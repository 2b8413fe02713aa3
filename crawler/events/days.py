"""Dates as archives write them: ``2006-07-5``, ``2006_July_5.txt``, ``December 30, 2019``.

Why not a date parser that guesses: an entry filed under a wrong day is worse than one that is reported. Each shape that
real files have is named here; anything else is no date.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$", re.ASCII)
_IN_NAME = re.compile(r"(?<!\d)(\d{4})[ _-]([A-Za-z]{3,9})[ _-](\d{1,2})(?!\d)", re.ASCII)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9})\.?,? (\d{4})$", re.ASCII)


def day_of(year: str, month: str, day: str) -> date | None:
    """The day, the month given as number or English name; ``None`` where there is no such day."""
    number = _MONTHS.get(month.strip().lower(), month)
    try:
        return date(int(year), int(number), int(day))
    except (ValueError, OverflowError):
        return None


def iso_day(text: str) -> date | None:
    """``2006-07-05``, ``2006-07-5``, and the day of ``2006-07-05T12:00:00Z``."""
    match = _ISO.match(text.strip())
    return day_of(match[1], match[2], match[3]) if match else None


def day_in_name(name: str) -> date | None:
    """The day that a file is named after: ``2006_July_5.txt``."""
    match = _IN_NAME.search(name.rpartition("/")[2])
    return day_of(match[1], match[2], match[3]) if match else None


def written_day(text: str) -> date | None:
    """A line that is a date and nothing else: ``December 30, 2019``, ``30 December 2019``, ``2019-12-30``."""
    line = text.strip()
    if match := _MONTH_FIRST.match(line):
        return day_of(match[3], match[1], match[2])
    if match := _DAY_FIRST.match(line):
        return day_of(match[3], match[2], match[1])
    return iso_day(line)
