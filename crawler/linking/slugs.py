"""The words in an article's URL: most publishers write the headline there, often another one than on the page."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_EXTENSION = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|cms|amp|ece|story)$", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d[-_/.]?\d\d[-_/.]?\d\d(?!\d)")
_PARTED = re.compile(r"[-_+., ]+")
_ID = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{5,}|[0-9a-f]{12,}|\d{5,}|id[A-Z0-9]{6,}|[a-z]{1,2}\d{3,}", re.IGNORECASE)
_LEAST = 3


def slug_words(url: str) -> str:
    """The part of the path that reads like a headline, as words; empty where there is none."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    parts = [_words(part) for part in path.split("/")]
    best = max(parts, key=len, default=[])
    return " ".join(best) if len(best) >= _LEAST else ""


def _words(part: str) -> list[str]:
    """The words of one step of the path, without what numbers an article."""
    words = [word for word in _PARTED.split(_DAY.sub(" ", _EXTENSION.sub("", part))) if word]
    return [word for word in words if not _ID.fullmatch(word)]
