"""The lines around the headline, where every age of the web puts byline and date."""

from __future__ import annotations

from crawler.extraction.document import ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.text import folded

_BEFORE = 4
_AFTER = 16
_PROSE_CHARS = 160
_PROSE_LINES = 2
_HEADINGS = ("h1", "h2", "h3")


def near_headline(page: ParsedPage, headline: str) -> tuple[Line, ...]:
    """A few lines before the headline and those after it up to the second paragraph of prose.

    Where the headline does not stand in the page, the lines around its first paragraph.
    """
    start, end = zone_around(page, headline_place(page, headline))
    return page.lines[start:end]


def zone_around(page: ParsedPage, place: int | None) -> tuple[int, int]:
    """The same lines as indexes, from and to, for the place that `headline_place` gives."""
    if place is None:
        prose = (index for index, line in enumerate(page.lines) if len(line.text) >= _PROSE_CHARS and not line.linked)
        place = max(0, next(prose, 0) - _BEFORE)
    return max(0, place - _BEFORE), _end_of_zone(page.lines, place)


def headline_place(page: ParsedPage, headline: str) -> int | None:
    """Index of the line that is the headline: the first of the highest headings, else unlinked, else anywhere.

    Where no line is, the shortest that holds it: a kicker or a date stands in the same line.
    """
    wanted = folded(headline)
    places = [index for index, text in enumerate(page.folded) if text == wanted] if wanted else []
    places = places or _holding(page, wanted)
    for heading in _HEADINGS:
        for index in places:
            if page.lines[index].tag == heading:
                return index
    unlinked = [index for index in places if not page.lines[index].linked]
    return next(iter(unlinked or places), None)


def _holding(page: ParsedPage, wanted: str) -> list[int]:
    """Indexes of the shortest lines that hold the folded headline, and hardly more."""
    longest = 2 * len(wanted)
    holding = [
        (len(text), index)
        for index, text in enumerate(page.folded)
        if wanted and len(text) <= longest and wanted in text
    ]
    shortest = min(holding, default=(0, 0))[0]
    return [index for length, index in holding if length == shortest]


def _end_of_zone(lines: tuple[Line, ...], place: int) -> int:
    prose = 0
    for index in range(place + 1, min(len(lines), place + _AFTER)):
        prose += len(lines[index].text) >= _PROSE_CHARS
        if prose == _PROSE_LINES:
            return index + 1
    return min(len(lines), place + _AFTER)
