"""Event keys: ``YYYY/MM/D/slug``.

Why keys are made and not counted: pages name each other by key long before the other page is seen, and a page does not
contain its own. The rule is the archive's own, found from its links: the raw headline is cut at 140 characters *before*
it becomes a slug (so leading and double spaces count), and every run of characters that are neither letter nor digit
becomes one hyphen. Days are never zero-padded, months are.

A slug is not identity: an edited headline makes another key for the same event (`crawler.events.sameness`).
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from urllib.parse import unquote

from crawler.events.repair import composed

CUT = 140
"""Characters of the raw headline that take part in the slug."""

_NOT_IN_SLUG = re.compile(r"[\W_]+")
_PAGE_PATH = re.compile(r"(?:^|/)news/(\d{4})/(\d{2})/(\d{1,2})/([^/]+)\.md$")


def slug_of(raw_headline: str) -> str:
    """Lower-case letters and digits joined by single hyphens; a headline without any gets a digest of itself."""
    cut = composed(raw_headline)[:CUT]
    slug = _NOT_IN_SLUG.sub("-", composed(cut.lower()))[:CUT].strip("-")
    return slug or f"untitled-{digest_of(raw_headline)}"


def event_key(event_date: date, raw_headline: str) -> str:
    """The key of the event of that day with that headline as written."""
    return f"{event_date.year:04}/{event_date.month:02}/{event_date.day}/{slug_of(raw_headline)}"


def key_of_page(path: str) -> str:
    """The key in an event page's path (``/news/2006/07/5/slug.md``, also percent-encoded, also under ``/zh``).

    Returns an empty string for a path of another shape and for index pages.
    """
    match = _PAGE_PATH.search(composed(unquote(path)))
    if match is None or match[4] == "index":
        return ""
    return f"{match[1]}/{match[2]}/{int(match[3])}/{match[4]}"


def digest_of(*parts: str) -> str:
    """Eight hex digits that depend on nothing but the parts."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:8]


class DistinctKeys:
    """Keys of one file, each given once.

    Two items of a day may begin with the same 140 characters. The first keeps the plain key; each further one gets a
    suffix made of what it says, not of its place, so that it survives a reordered page.
    """

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, key: str, *content: str) -> str:
        """The key itself, or with a suffix where it is taken; ``content`` is what tells the items apart."""
        wanted, repeat = key, 1
        while wanted in self._given:
            wanted = f"{key}-{digest_of(*content, *['again'] * (repeat - 1))}"
            repeat += 1
        self._given.add(wanted)
        return wanted
