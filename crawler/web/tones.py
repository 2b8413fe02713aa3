"""What is good, what is worth a look, what is bad: the colour beside a word. Pure.

Why one table over the words of several sets: the same word means the same to a reader wherever it stands. The word
itself is always there, so nobody has to see the colour.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TONES: Mapping[str, str] = {
    # what became of a source link
    "live": "good",
    "rescued": "good",
    "imported": "good",
    "marked": "warn",
    "unrequestable": "warn",
    "taken_down": "bad",
    "dead": "bad",
    "missing": "bad",
    # whether an article reports an event
    "linked": "good",
    "confirmed": "good",
    "proposed": "warn",
    "rejected": "bad",
    # orders and runs
    "waiting": "warn",
    "running": "warn",
    "done": "good",
    "finished": "good",
    "interrupted": "warn",
    "failed": "bad",
    "killed": "bad",
    # hosts
    "paused": "warn",
    "resting": "warn",
    "failing": "bad",
    "ready": "good",
}
"""Word -> ``good``, ``warn`` or ``bad``; a word that is not here is none of them."""

_WEB_URL = re.compile(r"https?://[^\x00-\x20/\\][^\x00-\x20\\]*", re.IGNORECASE)


def tone(word: str) -> str:
    """The tone of a state, empty for a neutral one."""
    return TONES.get(word, "")


def of_share(part: int, whole: int) -> str:
    """The tone of so many of so many; none of nothing is neutral."""
    if not whole:
        return ""
    return "good" if part >= whole else "warn" if part else "bad"


def is_web_url(url: str) -> bool:
    """Whether a URL of somebody else's may become a link: nothing but http and https is opened from our pages."""
    return _WEB_URL.fullmatch(url) is not None
