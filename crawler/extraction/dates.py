"""Stated times: from the words of a page to a moment, with no more precision than was stated.

Why a time without a zone counts as its day: "14:30" on a page of unknown city is anything within 26 hours of UTC. The
day is what was stated; the words stay in `DatedTime.raw`.

Why own patterns: the general parsers (dateparser, dateutil) fill what is missing from today's date and find dates in
phone numbers. Here a day, a month and a four-digit year must all stand in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from crawler.extraction.months import month_number
from storage.types import DatedTime, DatePrecision

_FIRST_YEAR = 1900
_MAX_TEXT = 1000
_TIME_REACH = 34

_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_WORD = r"(?P<month>[^\W\d_]{3,14})"
_DAY = r"(?<!\d)(?P<day>[0-3]?\d)(?!\d)"
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)")
_WRITTEN = (
    re.compile(
        rf"{_DAY}(?:st|nd|rd|th|er|º|ª|\.)?[\s-]{{0,3}}(?:de |d'|of |del )?{_WORD}\.?,?[\s-]{{0,3}}(?:de |del )?{_YEAR}"
    ),
    re.compile(rf"{_WORD}\.?\s{{0,3}}{_DAY}(?:st|nd|rd|th)?\s?,?\s{{0,3}}{_YEAR}"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>[01]?\d)\s?[月월]\s?(?P<day>[0-3]?\d)\s?[日일]"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[./](?P<month>[01]?\d)[./](?P<day>[0-3]?\d)(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR},? {_WORD} {_DAY}"),
)
_NUMERIC = re.compile(
    r"(?<![\d./-])(?P<first>[0-3]?\d)(?P<mark>[./-])(?P<second>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[0-2]?\d)(?:(?P<mark>[:.h])|[時时点시]\s?)(?P<minute>[0-5]\d)(?!\d)"
    r"(?:[:.](?P<second>[0-5]\d)(?!\d))?(?:\.\d{1,9})?"
    r"\s{0,2}(?P<half>[ap]\.?\s?m\b\.?)?\s{0,2}\(?(?P<zone>Z\b|(?:UTC|GMT)?[+-][01]\d:?[0-5]\d|[A-Z]{2,4}\b)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?([0-2]\d)([0-5]\d)([0-5]\d)?(Z)?)?$")
_MONTH_ONLY = re.compile(r"^((?:19|20)\d\d)-([01]\d)$")
_EPOCH = re.compile(r"^(\d{9,10})(?:\d{3})?$")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])([01]\d):?([0-5]\d)$", re.IGNORECASE)
_ZONE_HOURS = (
    {"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9}
    | {"KST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12}
    | {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
)
"""Abbreviations that mean one thing on news pages; IST (India, Ireland, Israel) and ET do not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A time that stands in a text from ``start`` to ``end``; ``day`` is as written, before the move to UTC."""

    value: datetime
    day: date
    precision: DatePrecision
    start: int
    end: int
    raw: str

    def dated(self, evidence: str) -> DatedTime:
        """The same time with the place where it stood."""
        return DatedTime(value=self.value, precision=self.precision, evidence=evidence, raw=self.raw)


def parse_machine(text: str, *, language: str = "", month_first: bool = False) -> Mention | None:
    """A time written for programs (JSON-LD, meta tags, attributes); falls back on written dates."""
    text = text.strip()[:_MAX_TEXT]
    if match := _COMPACT.match(text):
        year, month, day, hour, minute, second, zulu = match.groups()
        clock = (int(hour), int(minute), int(second) if second else None) if hour else None
        return _mention(text, (int(year), int(month), int(day)), clock, UTC if zulu else None)
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
    return Mention(value=value, day=value.date(), precision=DatePrecision.SECOND, start=0, end=len(raw), raw=raw)


def from_day(year: int, month: int, day: int, raw: str) -> Mention | None:
    """A day given by its numbers; ``None`` where the calendar does not have it."""
    return _mention(raw, (year, month, day), None, None)


def mentions(text: str, *, language: str = "", month_first: bool = False) -> Iterator[Mention]:
    """Full dates in a text in order, each with the clock time that stands beside it.

    Args:
        text: one line; only its first 1,000 characters are read.
        language: of the page, for month names; may be empty.
        month_first: read ``3/5/2009`` as 5 March, where both readings are possible.
    """
    text = text[:_MAX_TEXT]
    spans = sorted(_days(text, language, month_first=month_first), key=lambda span: (span[0], -span[1]))
    last_end = 0
    for index, (start, end, day) in enumerate(spans):
        if start < last_end:
            continue
        following = next((span[0] for span in spans[index + 1 :] if span[0] >= end), len(text))
        mention = _with_clock(text, start, end, day, (last_end, following))
        if mention is not None:
            yield mention
            last_end = mention.end


def _days(text: str, language: str, *, month_first: bool) -> Iterator[tuple[int, int, tuple[int, int, int]]]:
    for pattern in (_ISO, *_WRITTEN):
        for match in pattern.finditer(text):
            word = match["month"]
            month = int(word) if word.isdecimal() else month_number(word, language)
            if month is not None:
                yield *match.span(), (int(match["year"]), month, int(match["day"]))
    for match in _NUMERIC.finditer(text):
        first, second = int(match["first"]), int(match["second"])
        american = match["mark"] != "." and (second > 12 or (month_first and first <= 12))  # noqa: PLR2004 - months
        day, month = (second, first) if american else (first, second)
        yield *match.span(), (int(match["year"]), month, day)


def _with_clock(text: str, start: int, end: int, day: tuple[int, int, int], room: tuple[int, int]) -> Mention | None:
    """The date with a clock time that follows it closely, else one that stands closely before it."""
    after = _CLOCK.search(text, end, min(room[1], end + _TIME_REACH))
    before = list(_CLOCK.finditer(text, max(room[0], start - _TIME_REACH), start))
    for match in (after, before[-1] if before else None):
        clock = None if match is None else _clock(match)
        if match is not None and clock is not None:
            low, high = min(start, match.start()), max(end, match.end())
            return _mention(text[low:high].strip(), day, clock, _zone(match["zone"]), start=low, end=high)
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


def _zone(name: str | None) -> timezone | None:
    if not name:
        return None
    if match := _OFFSET.match(name):
        minutes = int(match[2]) * 60 + int(match[3])
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    hours = _ZONE_HOURS.get(name.upper())
    return None if hours is None else timezone(timedelta(hours=hours))


def _mention(
    raw: str,
    day: tuple[int, int, int],
    clock: tuple[int, int, int | None] | None,
    zone: timezone | None,
    *,
    start: int = 0,
    end: int = 0,
) -> Mention | None:
    """Put the parts together; ``None`` for a day that the calendar does not have."""
    hour, minute, second = clock if clock and zone is not None else (0, 0, None)
    try:
        local = datetime(*day, hour, minute, second or 0, tzinfo=zone or UTC)
        value = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if value.year < _FIRST_YEAR:
        return None
    precision = DatePrecision.DAY
    if clock and zone is not None:
        precision = DatePrecision.MINUTE if second is None else DatePrecision.SECOND
    return Mention(value=value, day=local.date(), precision=precision, start=start, end=end or len(raw), raw=raw)
