"""The lines around the headline, where every age of the web puts byline and date."""

from __future__ import annotations

from crawler.extraction.document import ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.text import folded

_BEFORE = 4
_AFTER = 16
_PROSE_CHARS = 160
_PROSE_LINES = 2
_HEADINGS = frozenset({"h1", "h2", "h3"})


def near_headline(page: ParsedPage, headline: str) -> tuple[Line, ...]:
    """A few lines before the headline and those after it up to the second paragraph of prose.

    Where the headline does not stand in the page, the lines around its first paragraph.
    """
    place = _place_of(page.lines, folded(headline))
    if place is None:
        prose = (index for index, line in enumerate(page.lines) if len(line.text) >= _PROSE_CHARS and not line.linked)
        place = max(0, next(prose, 0) - _BEFORE)
    return page.lines[max(0, place - _BEFORE) : _end_of_zone(page.lines, place)]


def short_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Those that are no prose."""
    return tuple(line for line in lines if len(line.text) < _PROSE_CHARS)


def _place_of(lines: tuple[Line, ...], wanted: str) -> int | None:
    """Index of the headline: as a heading, else unlinked, else anywhere."""
    places = [index for index, line in enumerate(lines) if folded(line.text) == wanted] if wanted else []
    for index in places:
        if lines[index].tag in _HEADINGS:
            return index
    unlinked = [index for index in places if not lines[index].linked]
    return next(iter(unlinked or places), None)


def _end_of_zone(lines: tuple[Line, ...], place: int) -> int:
    prose = 0
    for index in range(place + 1, min(len(lines), place + _AFTER)):
        prose += len(lines[index].text) >= _PROSE_CHARS
        if prose == _PROSE_LINES:
            return index + 1
    return min(len(lines), place + _AFTER)
