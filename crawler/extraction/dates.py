"""Stated times: from the words of a page to a moment, with no more precision than was stated.

Why a time without a zone counts as its day: "14:30" on a page of unknown city is anything within 26 hours of UTC. The
day is what was stated; the words stay in `DatedTime.raw`.

Why own patterns: the general parsers (dateparser, dateutil) fill what is missing from today's date and find dates in
phone numbers. Here a day, a month and a year must all stand in the text, the year with four digits unless the reader
asks for short ones (near a headline "28.01.22" is a date; elsewhere it is as likely a version or a price).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from crawler.extraction.calendars import BUDDHIST_YEARS, Span, ascii_digits, foreign_days
from crawler.extraction.months import month_number
from crawler.extraction.zones import ZONE, offset_at
from storage.types import DatedTime, DatePrecision

_FIRST_YEAR = 1900
_MAX_TEXT = 1000
_TIME_REACH = 34

_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_MARKS = "\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e30-\u0e4e"
_WORD = rf"(?P<month>(?:[^\W\d_]|[{_MARKS}]){{3,16}})"
"""A word, with the vowel signs that Python does not count as letters."""
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?!\d)"
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)")
_WRITTEN = (
    re.compile(
        rf"{_DAY}(?:st|nd|rd|th|er|º|ª|\.)?[\s/-]{{0,3}}(?:de |d'|of |del )?"
        rf"{_WORD}\.?,?[\s/-]{{0,3}}(?:de |del )?{_YEAR}"
    ),
    re.compile(rf"{_WORD}\.?\s{{0,3}}{_DAY}(?:st|nd|rd|th)?\s?,?\s{{0,3}}{_YEAR}"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>[01]?\d)\s?[月월]\s?(?P<day>[0-3]?\d)\s?[日일]"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[./](?P<month>[01]?\d)[./](?P<day>[0-3]?\d)(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?:[,.]? |-){_WORD}[ -]{_DAY}"),
    re.compile(rf"{_DAY}\s?\.\s(?P<month>[01]?\d)\s?\.\s{_YEAR}"),
    re.compile(rf"{_DAY} tháng (?P<month>[01]?\d)(?:,| năm|,? ?/) ?{_YEAR}"),
)
_THAI = re.compile(rf"{_DAY}\s{{0,3}}{_WORD}\.?\s{{0,3}}(?:พ\.ศ\.\s?)?(?P<year>2[45]\d\d)(?!\d)")
_SHORT = re.compile(
    r"(?<![\d./:-])(?P<first>[0-3]?\d)(?P<mark>[./])(?P<second>[0-3]?\d)(?P=mark)(?P<year>\d\d)(?![\d./:-]|\s?(?:€|%|Uhr))"
)
_NUMERIC = re.compile(
    r"(?<![\d./-])(?P<first>[0-3]?\d)(?P<mark>[./-])(?P<second>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)"
)
_ALL_NUMERIC = re.compile(r"\d{1,2}[/-]\d{1,2}[/-](?:\d\d){1,2}")
_HAS_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[0-2]?\d)(?:(?P<mark>[:.h])|[時时点시]\s?)(?P<minute>[0-5]\d)(?!\d)"
    r"(?:[:.](?P<second>[0-5]\d)(?!\d))?(?:\.\d{1,9})?"
    rf"\s{{0,2}}(?P<half>[ap]\.?\s?m\b\.?)?\s{{0,2}}\(?(?P<zone>{ZONE})?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?([0-2]\d)([0-5]\d)([0-5]\d)?(Z)?)?$")
_MONTH_ONLY = re.compile(r"^((?:19|20)\d\d)-([01]\d)$")
_EPOCH = re.compile(r"^(\d{9,10})(?:\d{3})?$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A time that stands in a text.

    Attributes:
        value: the moment, in UTC.
        day: as written, before the move to UTC.
        precision: of the value.
        start: where it begins in the text.
        end: where it ends.
        raw: as written.
        in_utc: a clock time stands there, and its zone is UTC.
        swapped: the other reading, where day and month could be either (``3/5/2009``).
    """

    value: datetime
    day: date
    precision: DatePrecision
    start: int
    end: int
    raw: str
    in_utc: bool = False
    swapped: date | None = None

    def dated(self, evidence: str) -> DatedTime:
        """The same time with the place where it stood."""
        return DatedTime(value=self.value, precision=self.precision, evidence=evidence, raw=self.raw)

    def other_reading(self) -> Mention | None:
        """The same words with day and month exchanged; ``None`` where only one reading is possible."""
        if self.swapped is None:
            return None
        moved = self.value + (self.swapped - self.day)
        return replace(self, value=moved, day=self.swapped, swapped=self.day)


def parse_machine(text: str, *, language: str = "", month_first: bool = False) -> Mention | None:
    """A time written for programs (JSON-LD, meta tags, attributes); falls back on written dates."""
    text = ascii_digits(text.strip()[:_MAX_TEXT])
    if match := _COMPACT.match(text):
        year, month, day, hour, minute, second, zulu = match.groups()
        clock = (int(hour), int(minute), int(second) if second else None) if hour else None
        return _mention(text, (int(year), int(month), int(day)), clock, zulu)
    if match := _MONTH_ONLY.match(text):
        first = _mention(text, (int(match[1]), int(match[2]), 1), None, None)
        return first and replace(first, precision=DatePrecision.MONTH)
    if match := _EPOCH.match(text):
        return from_epoch(int(match[1]), text)
    return next(mentions(text, language=language, month_first=month_first), None)


def from_epoch(seconds: int, raw: str) -> Mention | None:
    """A count of seconds since 1970; ``None`` before 1995, when no news page had one."""
    value = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    if value.year < 1995:  # noqa: PLR2004 - stated above
        return None
    return Mention(
        value=value, day=value.date(), precision=DatePrecision.SECOND, start=0, end=len(raw), raw=raw, in_utc=True
    )


def from_day(year: int, month: int, day: int, raw: str) -> Mention | None:
    """A day given by its numbers; ``None`` where the calendar does not have it."""
    return _mention(raw, (year, month, day), None, None)


def stated_day(dated: DatedTime) -> date:
    """The day that a page states, in the page's own zone: of ``2018-03-05T23:30:00-05:00`` the fifth, in UTC the sixth.

    Where another place of the page decided the day, that day, which then stands last in ``raw``; where the stated text
    does not tell, the day in UTC.
    """
    utc_day = dated.value.date()
    if dated.precision not in (DatePrecision.MINUTE, DatePrecision.SECOND):
        return utc_day
    days = [
        (mention.start, mention.day)
        for month_first in (False, True)
        for mention in mentions(dated.raw, month_first=month_first)
        if abs(mention.day - utc_day) <= timedelta(days=1)
    ]
    return max(days)[1] if days else utc_day


def mentions(
    text: str, *, language: str = "", month_first: bool = False, short_years_until: int = 0
) -> Iterator[Mention]:
    """Full dates in a text in order, each with the clock time that stands beside it.

    Args:
        text: one line; only its first 1,000 characters are read.
        language: of the page, for month names; may be empty.
        month_first: read ``3/5/2009`` as 5 March, where both readings are possible.
        short_years_until: read years of two digits too, up to this one; 0 for never.
    """
    text = text[:_MAX_TEXT]
    if not _HAS_DIGIT.search(text):
        return
    spans = _spans(ascii_digits(text), language, month_first=month_first, short_years_until=short_years_until)
    last_end = 0
    for index, (start, end, day) in enumerate(spans):
        if start < last_end:
            continue
        following = next((span[0] for span in spans[index + 1 :] if span[0] >= end), len(text))
        mention = _with_clock(text, start, end, day, (last_end, following))
        if mention is not None:
            yield replace(mention, swapped=_swapped(text[start:end], mention.day))
            last_end = mention.end


def _spans(text: str, language: str, *, month_first: bool, short_years_until: int) -> list[Span]:
    found = [*_days(text, language, month_first=month_first)]
    if language == "fa" or not text.isascii():
        found += foreign_days(text, language)
        found += _thai(text, language)
    if short_years_until:
        found += _short(text, short_years_until, month_first=month_first)
    return sorted(found, key=lambda span: (span[0], -span[1]))


def _thai(text: str, language: str) -> Iterator[Span]:
    for match in _THAI.finditer(text) if language in ("th", "") else ():
        month = month_number(match["month"], "th")
        if month is not None:
            yield *match.span(), (int(match["year"]) - BUDDHIST_YEARS, month, int(match["day"]))


def _short(text: str, until: int, *, month_first: bool) -> Iterator[Span]:
    for match in _SHORT.finditer(text):
        year = 2000 + int(match["year"])
        yield *match.span(), _numeric(match, year if year <= until else year - 100, month_first=month_first)


def _numeric(match: re.Match[str], year: int, *, month_first: bool) -> tuple[int, int, int]:
    first, second = int(match["first"]), int(match["second"])
    american = match["mark"] == "/" and month_first and first <= 12  # noqa: PLR2004 - months
    american = american or (match["mark"] != "." and second > 12)  # noqa: PLR2004 - months
    day, month = (second, first) if american else (first, second)
    return year, month, day


def _swapped(written: str, day: date) -> date | None:
    if day.day > 12 or day.day == day.month or not _ALL_NUMERIC.fullmatch(written):  # noqa: PLR2004 - months
        return None
    return date(day.year, day.day, day.month)


def _days(text: str, language: str, *, month_first: bool) -> Iterator[Span]:
    for pattern in (_ISO, *_WRITTEN):
        for match in pattern.finditer(text):
            word = match["month"]
            month = int(word) if word.isdecimal() else month_number(word, language)
            if month is not None:
                yield *match.span(), (int(match["year"]), month, int(match["day"]))
    for match in _NUMERIC.finditer(text):
        yield *match.span(), _numeric(match, int(match["year"]), month_first=month_first)


def _with_clock(text: str, start: int, end: int, day: tuple[int, int, int], room: tuple[int, int]) -> Mention | None:
    """The date with a clock time that follows it closely, else one that stands closely before it."""
    after = _CLOCK.search(text, end, min(room[1], end + _TIME_REACH))
    before = list(_CLOCK.finditer(text, max(room[0], start - _TIME_REACH), start))
    for match in (after, before[-1] if before else None):
        clock = None if match is None else _clock(match)
        if match is not None and clock is not None:
            low, high = min(start, match.start()), max(end, match.end())
            return _mention(text[low:high].strip(), day, clock, match["zone"], start=low, end=high)
    return _mention(text[start:end].strip(), day, None, None, start=start, end=end)


def _clock(match: re.Match[str]) -> tuple[int, int, int | None] | None:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if match["mark"] == "." and not half and not match["zone"]:
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23:  # noqa: PLR2004 - hours
        return None
    return hour, int(match["minute"]), int(match["second"]) if match["second"] else None


def _mention(
    raw: str,
    day: tuple[int, int, int],
    clock: tuple[int, int, int | None] | None,
    zone_name: str | None,
    *,
    start: int = 0,
    end: int = 0,
) -> Mention | None:
    """Put the parts together; ``None`` for a day that the calendar does not have."""
    try:
        local = datetime(*day, tzinfo=UTC)
        hour, minute, second = clock or (0, 0, None)
        zone = None
        if clock and zone_name:
            stated = local.replace(hour=hour, minute=minute, second=second or 0)
            zone = offset_at(zone_name, stated)
            local = local if zone is None else stated.replace(tzinfo=zone)
        value = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if value.year < _FIRST_YEAR:
        return None
    precision = DatePrecision.DAY
    if zone is not None:
        precision = DatePrecision.MINUTE if second is None else DatePrecision.SECOND
    return Mention(
        value=value,
        day=local.date(),
        precision=precision,
        start=start,
        end=end or len(raw),
        raw=raw,
        in_utc=precision != DatePrecision.DAY and not local.utcoffset(),
    )
