"""Zones behind clock times: ``+0900``, ``UTC+3``, ``EST``, ``ET``.

Why by the stated date: "ET", "MSK" and their like name the clock of a place, and such clocks change; read with one
fixed offset they would be an hour wrong for months or years. A system without zone data does not know these words, and
a time in an unknown zone counts as its day: no minute is better than a wrong hour.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONE = (
    r"Z\b|(?:UTC|GMT)\s?[+\u2212-]\d{1,2}(?::?[0-5]\d)?(?![\d:])"
    r"|(?:UTC|GMT)?[+\u2212-][01]\d:?[0-5]\d|[A-Z]{2,4}\b|мск\b"
)
"""What may stand behind a clock time as its zone, to be read without regard to case.

No space behind the sign: in "14:30 GMT - 5 comments" the figure is no offset.
"""

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+\u2212-])(\d{1,2}?):?([0-5]\d)?$", re.IGNORECASE)
_EAST, _WEST = timedelta(hours=14), timedelta(hours=-12)
_QUARTER = 15
_HOURS = (
    {"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "JST": 9}
    | {"KST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12}
    | {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
)
"""Abbreviations that mean one offset on news pages; IST (India, Ireland, Israel) does not."""
_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""Written in capitals only: "et" is a French word."""
_MOSCOW = frozenset({"MSK", "МСК"})
_SUMMER = "BST"


def offset_at(name: str, local: datetime) -> timezone | None:
    """The offset that a zone has at a local time; ``None`` for one that is unknown or means several things.

    Args:
        name: as it stands behind the clock time.
        local: what calendar and clock say there; its own zone is not read.
    """
    if match := _OFFSET.match(name):
        return _of_figures(match)
    upper = name.upper()
    if upper in _HOURS:
        return timezone(timedelta(hours=_HOURS[upper]))
    if upper in _MOSCOW:
        return _of_place("Europe/Moscow", local)
    if upper == _SUMMER:
        british = _of_place("Europe/London", local)
        return british if british == timezone(timedelta(hours=1)) else None
    place = _PLACES.get(name)
    return None if place is None else _of_place(place, local)


def _of_figures(match: re.Match[str]) -> timezone | None:
    """``None`` for offsets that no place has: "10:00-16:00" is a span of time."""
    minutes = int(match[3] or 0)
    offset = timedelta(hours=int(match[2]), minutes=minutes) * (1 if match[1] == "+" else -1)
    return timezone(offset) if _WEST <= offset <= _EAST and not minutes % _QUARTER else None


def _of_place(key: str, local: datetime) -> timezone | None:
    try:
        offset = local.replace(tzinfo=ZoneInfo(key)).utcoffset()
    except (ZoneInfoNotFoundError, OSError):
        return None
    return None if offset is None else timezone(offset)
