"""Durations, moments and time zones as a person writes them: ``90s``, ``2026-12-01 04:00``, Europe/Prague."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

LONGEST = timedelta(days=3660)
"""Of any duration in the file."""

_DURATION = re.compile(r"(?P<number>[0-9]{1,9})(?P<unit>[smhdw])")
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_UTC = "UTC"
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def duration_of(text: str) -> timedelta:
    """``90s``, ``15m``, ``6h``, ``2d`` or ``1w``.

    Raises:
        ValueError: it is nothing of the kind, or longer than `LONGEST`.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no duration: write a whole number with s, m, h, d or w behind it, such as 90s")
    seconds = int(found["number"]) * _UNITS_S[found["unit"]]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{text!r} is more than {LONGEST.days}d")
    return timedelta(seconds=seconds)


def duration_text(length: timedelta) -> str:
    """As `duration_of` reads it, in the largest unit that fits."""
    seconds = int(length.total_seconds())
    for unit, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def moment_of(text: str) -> datetime:
    """``2026-12-01 04:00``, without a zone unless it says one.

    Raises:
        ValueError: it is no date with a time of day.
    """
    problem = f"{text!r} is no date and time: write for example 2026-12-01 04:00"
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(problem) from error
    if ":" not in text or not _FIRST_YEAR <= found.year <= _LAST_YEAR:  # a date alone would mean midnight
        raise ValueError(problem)
    return found.replace(microsecond=0)


def zone_problem(name: str) -> str:
    """Why this is no time zone; empty where it is one."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError; a folder such as Europe an OSError
        return f"{name!r} is no time zone; {_zone_hint(name)}"
    return ""


def _zone_hint(name: str) -> str:
    """What may have been meant, whatever the case."""
    known = {zone.lower(): zone for zone in (*available_timezones(), _UTC)}
    found = get_close_matches(name.lower().replace(" ", "_"), list(known), n=1)
    return f"did you mean {known[found[0]]}?" if found else "write it as Europe/Prague or UTC"
