"""The dates of entries: RFC 822 (RSS) and ISO 8601 (Atom, sitemaps), in UTC.

Why not the dates that feedparser reads: it also takes what may be day or month first, and fills in what is missing. A
date that is not one of the two forms is no date here; the article's own page has a better one.

Why a moment without a zone is taken for UTC: it is wrong by hours at most, and only the age of an entry hangs on it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = 60
_FIRST_YEAR: Final = 1990
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d?)[/-]?(\d\d?)(?=[/-])", re.ASCII)
_FRACTION = re.compile(r"\.(\d{1,6})\d*")


def moment(text: object) -> datetime | None:
    """The moment that a text names, UTC; ``None`` where it names none or one before the web."""
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        return None
    found = _iso(text.strip()) or _rfc822(text.strip())
    return found if found is not None and found.year >= _FIRST_YEAR else None


def _iso(text: str) -> datetime | None:
    try:
        return _in_utc(datetime.fromisoformat(_FRACTION.sub(r".\1", text)))
    except (ValueError, OverflowError):
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day_in_path(path: str) -> date | None:
    """The day that an address names (``/2026/11/22/``); ``None`` where it names none."""
    found = _IN_PATH.search(path)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
