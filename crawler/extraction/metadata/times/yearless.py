"""Dates without a year ("Tue Dec 30, 2:05 PM ET", "MOSCOW, Dec 30 (Reuters)"), completed by the page's own year.

Why only with another witness: day and month alone fit every year. The year must stand in the address or be the last
one of a line that claims rights, and a stated weekday must be that day's; a date that then lies after the capture, or
more than a year before what the rights say, is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.extraction.dates import Mention, from_day
from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.times.candidates import LINE_CHARS, Candidate, Reader, Source
from crawler.extraction.metadata.times.words import CHANGED, COPYRIGHT
from crawler.extraction.months import month_number

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s{1,2})?"
_NO_YEAR = r"(?![\d/:.-]|,?\s?(?:19|20)\d\d)"
_WORD = r"(?P<month>[^\W\d_]{3,9})"
_SHAPES = (
    re.compile(rf"(?<!\w){_WEEKDAY}{_WORD}\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?{_NO_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\w){_WEEKDAY}(?P<day>[0-3]?\d)\.?\s{_WORD}(?!\w){_NO_YEAR}", re.IGNORECASE),
)
_ADDRESS_YEAR = re.compile(r"(?:^|[/_.=-])((?:199|20\d)\d)(?=$|[/_.&?-])")
_LAST_YEAR = re.compile(r"((?:199|20\d)\d)(?!\d)")
_DATELINE_CHARS = 80
_DATELINE_AT = 45
_MAX_LINES = 3000


def of_yearless_lines(reader: Reader, page: ParsedPage, zone: tuple[int, int]) -> Iterator[Candidate]:
    """Dates near the headline that say no year, in the year of the address or of the rights.

    Args:
        reader: of the page.
        page: the page.
        zone: from and to, the lines near the headline.
    """
    years = _years(page)
    if not years:
        return
    for line in page.lines[zone[0] : zone[1]]:
        is_prose = len(line.text) > LINE_CHARS
        text = line.text[:_DATELINE_CHARS] if is_prose else line.text
        for match in _matches(text):
            if (is_prose and match.start() > _DATELINE_AT) or CHANGED.search(text[: match.start()]):
                continue
            for year, place in years:
                mention = _completed(match, year, reader.language)
                if mention is not None and reader.is_possible(mention):
                    yield Candidate(mention=mention, source=Source.YEARLESS, evidence=f"line, year of the {place}")


def _matches(text: str) -> Iterator[re.Match[str]]:
    return (match for shape in _SHAPES for match in shape.finditer(text))


def _years(page: ParsedPage) -> list[tuple[int, str]]:
    """The years that the page names for itself, each with its place."""
    years = [(int(match[1]), "address") for match in _ADDRESS_YEAR.finditer(page.path[:500])]
    rights = [
        max(map(int, found))
        for line in page.lines[:_MAX_LINES]
        if len(line.text) <= LINE_CHARS and COPYRIGHT.search(line.text) and (found := _LAST_YEAR.findall(line.text))
    ]
    return [*years, *((year, "copyright line") for year in dict.fromkeys(rights))][:3]


def _completed(match: re.Match[str], year: int, language: str) -> Mention | None:
    month = month_number(match["month"], language or "en")
    mention = from_day(year, month or 0, int(match["day"]), match[0].strip()) if month else None
    if mention is None:
        return None
    weekday = match["weekday"]
    if weekday and _WEEKDAYS.index(weekday.lower()) != mention.day.weekday():
        return None
    return replace(mention, start=match.start(), end=match.end())
