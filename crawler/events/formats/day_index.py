"""The index page of a day, month or year: it lists event pages and holds no event of its own.

Why a format and not an exception in the walk: a folder of event pages is full of them, and whoever reads the registry
sees that they are known and left out on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.events.contract import Entry, EntryText, ReadOptions

_INDEX_NAME = re.compile(r"(?:^|/)_?index\.md$", re.IGNORECASE)
_EVENT_OR_ARTICLE = re.compile(r"\A\s*###\s*\[\d{4}-|^Original url:\s*$", re.IGNORECASE | re.MULTILINE)


class DayIndex:
    """Format ``day-index``: recognised, and empty."""

    name = "day-index"

    def recognises(self, name: str, text: str) -> bool:
        """By its name, unless it holds an event or a saved article after all."""
        return _INDEX_NAME.search(name) is not None and _EVENT_OR_ARTICLE.search(text) is None

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[Entry]:  # noqa: ARG002  the protocol's shape
        """Nothing."""
        return iter(())
