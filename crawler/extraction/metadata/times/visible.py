"""Dates that a reader sees: near the headline, in a line that says what it dates, anywhere else.

Why this order within the lines near the headline: a line that says "published" before one that is hardly more than a
date, that before a caption or teaser with a date in it; below the headline before above it, where mastheads and other
stories stand; the day of the visit last, it is the masthead's on two thirds of the pages where a tool errs.

Why dates that repeat in one kind of block date nothing: a block that stands three times with different days is a list
of other stories.

Why the masthead's day apart: pages of every age print the day of the visit on top. A line that is hardly more than such
a day, among the first of the page or far above the headline, dates the story only where nothing else does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from crawler.extraction.dates import Mention
from crawler.extraction.document import ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.metadata.times.candidates import LINE_CHARS, Candidate, Reader, Source
from crawler.extraction.metadata.times.words import CHANGED, COPYRIGHT, FOREIGN, PUBLISHED
from crawler.extraction.metadata.zone import headline_place, zone_around

_DATED = re.compile(r"\d\d")
_REST_CHARS = 60
_LOOSE_REST_CHARS = 45
_LIST_LENGTH = 3
_LABEL_REACH = 60
_MAX_LINES = 3000
_FIRST_LINES = 4

Dated = tuple[Mention, bool, bool]
"""A date, whether the words beside it call it a change, and whether they call it a publication."""


class VisibleDates:
    """Reads the lines of one page.

    Attributes:
        zone: from and to, the lines near the headline.
    """

    def __init__(self, reader: Reader, page: ParsedPage, headline: str) -> None:
        self._reader, self._lines = reader, page.lines
        self._place = headline_place(page, headline)
        self.zone = zone_around(page, self._place)
        self._start, self._end = self.zone
        self._above = self._end if self._place is None else self._place

    def near_headline(self) -> Iterator[Candidate]:
        """Publication times near the headline, likeliest first."""
        ranked: list[tuple[tuple[bool, int, bool, int], Mention, bool]] = []
        for index in range(self._start, self._end):
            text = self._lines[index].text
            for mention, changed, published in self._dates_of(self._lines[index]):
                if not changed and not self._is_masthead(index, mention):
                    weight = 0 if published else 1 if len(text) - len(mention.raw) <= _REST_CHARS else 2
                    key = (self._reader.is_visit(mention), weight, index < (self._place or 0), index)
                    ranked.append((key, mention, published))
        for _key, mention, published in sorted(ranked, key=lambda one: one[0]):
            source = Source.LABELLED if published else Source.LINE
            yield Candidate(mention=mention, source=source, evidence="line near headline")

    def labelled(self) -> Iterator[Candidate]:
        """Lines anywhere in the page that say "published", not those of other stories."""
        for line in self._elsewhere():
            if PUBLISHED.search(line.text) and not _is_foreign(line):
                for mention, changed, published in self._dates_of(line):
                    if published and not changed:
                        yield Candidate(mention=mention, source=Source.LABELLED, evidence="labelled line")

    def changes(self) -> Iterator[Candidate]:
        """Times of the last change: near the headline, then anywhere."""
        near = filter(_has_figures, self._lines[self._start : self._end])
        for lines, evidence in ((near, "line near headline"), (self._elsewhere(), "labelled line")):
            for line in lines:
                if CHANGED.search(line.text):
                    for mention, changed, _published in self._dates_of(line):
                        if changed:
                            yield Candidate(mention=mention, source=Source.LABELLED, evidence=evidence)

    def loose(self) -> Iterator[Candidate]:
        """Lines that are hardly more than a date and stand in no list, those below the headline first."""
        groups: defaultdict[tuple[str, str], list[tuple[int, Mention]]] = defaultdict(list)
        for index, line in self._numbered():
            if not COPYRIGHT.search(line.text) and not _is_foreign(line):
                for mention, changed, _published in self._dates_of(line):
                    is_short = len(line.text) - len(mention.raw) <= _LOOSE_REST_CHARS
                    if not changed and is_short and not self._is_masthead(index, mention):
                        groups[line.tag, line.hint].append((index, mention))
        single = [one for group in groups.values() if len(_days(group)) < _LIST_LENGTH for one in group]
        place = self._place or 0
        for _index, mention in sorted(single, key=lambda one: (self._reader.is_visit(one[1]), one[0] < place, one[0])):
            yield Candidate(mention=mention, source=Source.LOOSE, evidence="line of the page")

    def masthead(self) -> Iterator[Candidate]:
        """The day of the visit on top of the page."""
        for index in range(min(self._above, _MAX_LINES)):
            for mention, changed, _published in self._dates_of(self._lines[index]):
                if not changed and self._is_masthead(index, mention):
                    yield Candidate(mention=mention, source=Source.MASTHEAD, evidence="line of the masthead")

    def shows(self, day: date) -> bool:
        """Whether the day stands in a line that claims no rights and is no masthead."""
        near = range(self._start, min(self._end, len(self._lines)))
        indexes = (*near, *(index for index, _line in self._numbered()))
        return any(
            mention.day == day and not self._is_masthead(index, mention)
            for index in indexes
            if not COPYRIGHT.search(self._lines[index].text)
            for mention, _, _ in self._dates_of(self._lines[index])
        )

    def _is_masthead(self, index: int, mention: Mention) -> bool:
        """Whether a date is the day of the visit that stands on top of the page, and says nothing of the story."""
        if index >= self._above or (self._start <= index and index >= _FIRST_LINES):
            return False
        text = self._lines[index].text
        is_bare = len(text) - len(mention.raw) <= _REST_CHARS and not PUBLISHED.search(text)
        return is_bare and self._reader.is_visit(mention)

    def _dates_of(self, line: Line) -> Iterator[Dated]:
        text, last_end = line.text, 0
        if not _has_figures(line):
            return
        for mention in self._reader.line(text):
            before = text[max(last_end, mention.start - _LABEL_REACH) : mention.start]
            yield mention, bool(CHANGED.search(before)), bool(PUBLISHED.search(before))
            last_end = mention.end

    def _numbered(self) -> Iterator[tuple[int, Line]]:
        """The short lines with figures outside of the headline's surroundings."""
        for index, line in enumerate(self._lines[:_MAX_LINES]):
            if not self._start <= index < self._end and _has_figures(line):
                yield index, line

    def _elsewhere(self) -> Iterator[Line]:
        return (line for _index, line in self._numbered())


def _has_figures(line: Line) -> bool:
    """Whether a line may hold a date."""
    return len(line.text) <= LINE_CHARS and _DATED.search(line.text) is not None


def _days(group: list[tuple[int, Mention]]) -> set[date]:
    return {mention.day for _index, mention in group}


def _is_foreign(line: Line) -> bool:
    return bool(FOREIGN.search(line.hint)) or any(FOREIGN.search(hint) for _tag, hint in line.around)
