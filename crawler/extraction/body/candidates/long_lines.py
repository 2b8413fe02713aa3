"""The long lines with few links, wherever they stand: what is left where nothing else finds a story."""

from __future__ import annotations

from crawler.extraction.body.candidates.source import Source
from crawler.extraction.lines import Line
from crawler.extraction.text import UNSPACED

_CHARS = 60
_CHARS_UNSPACED = 25
_LINK_SHARE = 0.3


def by_length(source: Source) -> tuple[str, ...]:
    """All lines of the page that are long and not links."""
    return tuple(line.text for line in source.page.lines if _is_long(line))


def _is_long(line: Line) -> bool:
    needed = _CHARS_UNSPACED if UNSPACED.search(line.text) else _CHARS
    return len(line.text) >= needed and line.linked <= _LINK_SHARE * len(line.text)
