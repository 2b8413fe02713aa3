"""A stated time, where it stood, and how far such a place can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.extraction.dates import Mention, mentions, parse_machine
from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.language import declared_region
from storage.types import DatePrecision

FINE = frozenset({DatePrecision.MINUTE, DatePrecision.SECOND})
"""Precisions with a time of day."""
LINE_CHARS = 200
"""Longer lines are prose."""

_DAY_FIRST_TOPS = frozenset({"uk", "au", "ie", "in", "nz", "za", "ca", "pk", "sg", "hk", "my", "ng", "ke", "eu", "il"})
_MONTH_FIRST_REGIONS = frozenset({"US", "PH"})
_CEILING = timedelta(hours=1)
_DAY_CEILING = timedelta(hours=14)
_FIRST_WEB_YEAR = 1990
_SHORT_YEAR_CHARS = 80


class Source(StrEnum):
    """Kinds of places; sources of different kinds speak independently of each other."""

    RULE = "rule"
    JSON = "json"
    META = "meta"
    MICRODATA = "microdata"
    URL = "url"
    TIME = "time"
    LABELLED = "labelled"
    LINE = "line"
    WEAK = "weak"
    YEARLESS = "yearless"
    LOOSE = "loose"
    SEARCH = "search"
    RELATIVE = "relative"
    MASTHEAD = "masthead"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A stated time, its kind of place, and the place itself as `DatedTime.evidence` has it."""

    mention: Mention
    source: Source
    evidence: str


class Reader:
    """Reads dates as this page writes them.

    Attributes:
        language: ISO 639-1, may be empty.
        captured_at: no stated time lies after it.
    """

    def __init__(self, page: ParsedPage, language: str) -> None:
        self.language, self.captured_at = language, page.captured_at
        top, region = page.host.rpartition(".")[2], declared_region(page)
        self._month_first = region in _MONTH_FIRST_REGIONS or (
            not region and language in ("en", "") and top not in _DAY_FIRST_TOPS
        )

    def machine(self, text: str) -> Mention | None:
        """A time written for programs; ``None`` where there is none that can be believed."""
        mention = parse_machine(text, language=self.language, month_first=self._month_first) if text else None
        return self._believed(mention)

    def line(self, text: str) -> list[Mention]:
        """The believable dates of a visible line; short ones may have years of two digits."""
        until = self.captured_at.year if len(text) <= _SHORT_YEAR_CHARS else 0
        found = mentions(text, language=self.language, month_first=self._month_first, short_years_until=until)
        believed = (self._believed(mention) for mention in found)
        return [one for one in believed if one is not None and one.value.year >= _FIRST_WEB_YEAR]

    def is_visit(self, mention: Mention) -> bool:
        """Whether it may be the day of the visit, which mastheads print."""
        return abs(mention.day - self.captured_at.date()) <= timedelta(days=1)

    def _believed(self, mention: Mention | None) -> Mention | None:
        """The mention, in its other reading where the first lies after the capture."""
        if mention is None or self.is_possible(mention):
            return mention
        other = mention.other_reading()
        return replace(other, swapped=None) if other is not None and self.is_possible(other) else None

    def is_possible(self, mention: Mention) -> bool:
        """Whether it does not lie after the capture."""
        slack = _CEILING if mention.precision in FINE else _DAY_CEILING
        return _latest(self.captured_at, slack) >= mention.value


def _latest(moment: datetime, slack: timedelta) -> datetime:
    try:
        return moment + slack
    except OverflowError:
        return moment
