"""Days and times as the pages of a language write them."""

from __future__ import annotations

from datetime import datetime


def written(pattern, moment: datetime, words):
    """A moment in one of a language's patterns: ``{d}. {month} {y}``."""
    hour12 = moment.hour % 12 or 12
    return pattern.format(
        d=moment.day,
        dd=f"{moment.day:02}",
        m=moment.month,
        mm=f"{moment.month:02}",
        y=moment.year,
        yy=f"{moment.year % 100:02}",
        month=words["months"][moment.month - 1],
        mon=words["months_short"][moment.month - 1] if "months_short" in words else words["months"][moment.month - 1],
        wd=words["weekdays"][moment.weekday()] if "weekdays" in words else "",
        H=f"{moment.hour:02}",
        M=f"{moment.minute:02}",
        S=f"{moment.second:02}",
        h=hour12,
        ap="am" if moment.hour < 12 else "pm",
    )
