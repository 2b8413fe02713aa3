"""Other calendars and digits than the Gregorian ones, where a page writes its dates in them.

Why by the words and not by the country: each of these names its calendar in the date itself: an era, a Persian month,
a year that would lie five centuries ahead. A plain number is never moved.

Why an own Persian calendar: the rule of leap years is one line within the years of the web, and no library that the
project has knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from unicodedata import decimal

Span = tuple[int, int, tuple[int, int, int]]
"""From, to, and (year, month, day)."""

_FOREIGN_ZEROS = "\u0660\u06f0\u0966\u09e6\u0e50\uff10"
_TO_ASCII = {ord(zero) + step: str(decimal(zero) + step) for zero in _FOREIGN_ZEROS for step in range(10)}
_FOREIGN_DIGIT = re.compile("[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff10-\uff19]")

_ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018}
_JAPANESE = re.compile(
    r"(?P<era>昭和|平成|令和)\s?(?P<year>元|\d{1,2})\s?年\s?(?P<month>[01]?\d)\s?月\s?(?P<day>[0-3]?\d)\s?日"
)
_PERSIAN_MONTHS = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
_PERSIAN = re.compile(
    rf"(?<!\d)(?P<day>[0-3]?\d)\s{{1,3}}(?P<month>{'|'.join(_PERSIAN_MONTHS)})(?:\s?ماه)?\s{{1,3}}(?P<year>1[34]\d\d)(?!\d)"
)
_PERSIAN_NUMERIC = re.compile(r"(?<!\d)(?P<year>1[34]\d\d)/(?P<month>[01]?\d)/(?P<day>[0-3]?\d)(?!\d)")
_LONG_MONTHS = 6
_LEAP_OF_33 = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_KNOWN_YEAR, _KNOWN_START = 1400, date(2021, 3, 21)
_NEAR = range(1300, 1500)

BUDDHIST_YEARS = 543
"""How far the years of the Buddhist calendar are ahead."""


def ascii_digits(text: str) -> str:
    """The text with Arabic, Persian, Indian, Thai and full-width digits as ASCII; its length stays."""
    return text.translate(_TO_ASCII) if not text.isascii() and _FOREIGN_DIGIT.search(text) else text


def foreign_days(text: str, language: str) -> Iterator[Span]:
    """Days that are written in the Japanese eras or, in a Persian page, in its calendar, as Gregorian ones.

    Args:
        text: with ASCII digits.
        language: ISO 639-1; only ``fa`` may write its calendar in figures alone.
    """
    for match in _JAPANESE.finditer(text):
        year = 1 if match["year"] == "元" else int(match["year"])
        yield *match.span(), (_ERAS[match["era"]] + year, int(match["month"]), int(match["day"]))
    for match in _PERSIAN.finditer(text):
        yield from _span(match, _PERSIAN_MONTHS.index(match["month"]) + 1)
    if language == "fa":
        for match in _PERSIAN_NUMERIC.finditer(text):
            yield from _span(match, int(match["month"]))


def persian_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Persian one; ``None`` outside the years 1300 to 1499 or of the calendar."""
    if year not in _NEAR or not 1 <= month <= 12 or not 1 <= day <= (31 if month <= _LONG_MONTHS else 30):  # noqa: PLR2004 - months and days
        return None
    low, high = sorted((year, _KNOWN_YEAR))
    days = sum(365 + (each % 33 in _LEAP_OF_33) for each in range(low, high))
    start = _KNOWN_START + timedelta(days=days if year > _KNOWN_YEAR else -days)
    return start + timedelta(days=30 * (month - 1) + min(month - 1, _LONG_MONTHS) + day - 1)


def _span(match: re.Match[str], month: int) -> Iterator[Span]:
    day = persian_day(int(match["year"]), month, int(match["day"]))
    if day is not None:
        yield *match.span(), (day.year, day.month, day.day)
