"""The day that a page's address tells.

Why several shapes: ``/2009/03/05/`` is the common one; older systems put the section between
(``/2003/WORLD/africa/12/30/``), mix their marks (``/2003-12/30/``), name the month (``2003dec30``) or write short
years (``/25_gennaio_05/``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extraction.dates import Mention, from_day, from_epoch
from crawler.extraction.document import ParsedPage
from crawler.extraction.months import month_number

_YEAR = r"(?P<year>(?:199|20\d)\d)"
_START, _END = r"(?:^|[/_.=-])", r"(?:$|[/_.\-&?t])"
_SHAPES = (
    re.compile(rf"{_START}{_YEAR}(?P<mark>[/_-]?)(?P<month>[01]\d|[a-z]{{3,9}})(?P=mark)(?P<day>[0-3]\d){_END}"),
    re.compile(rf"{_START}{_YEAR}[/_-](?P<month>[01]\d)[/_-](?P<day>[0-3]\d){_END}"),
    re.compile(rf"/{_YEAR}(?P<month>[01]\d)/(?P<day>[0-3]\d)(?:$|/)"),
    re.compile(rf"{_START}{_YEAR}(?P<month>[a-z]{{3}})(?P<day>[0-3]?\d){_END}"),
    re.compile(rf"/{_YEAR}/(?P<month>1?\d)/(?P<day>[0-3]?\d)(?:$|[/?])"),
    re.compile(rf"/{_YEAR}/[a-z]{{2,20}}(?:/[a-z.]{{2,20}})?/(?P<month>[01]\d)/(?P<day>[0-3]\d)(?:$|/)"),
    re.compile(rf"{_START}(?P<day>[0-3]\d)-(?P<month>[01]\d)-{_YEAR}(?:$|[/_.&?-])"),
    re.compile(r"/(?P<short>\d\d)_(?P<month>[^\W\d_]{3,12})_(?P<day>[0-3]\d)(?:$|/)"),
)
_UPI_ID = re.compile(r"/(?:UPI-)?\d{3,4}(1\d{9})(?:/|$)", re.IGNORECASE)
_UPI_HOST = "upi.com"


def days_in_address(page: ParsedPage, language: str) -> Iterator[tuple[Mention, str]]:
    """(day, evidence) for each day that the path of the page's address names, likeliest first."""
    path = page.path[:500]
    if page.host.endswith(_UPI_HOST) and (match := _UPI_ID.search(path)):
        stated = from_epoch(int(match[1]), match[0].strip("/"))
        if stated is not None:
            yield stated, "url id"
    lowered = path.lower()
    for shape in _SHAPES:
        for match in shape.finditer(lowered):
            day = _day(match, language)
            if day is not None:
                yield day, "url path"


def _day(match: re.Match[str], language: str) -> Mention | None:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else 2000 + int(groups["short"])
    word = groups["month"]
    month = int(word) if word.isdecimal() else month_number(word, language or "en")
    return from_day(year, month or 0, int(groups["day"]), match[0].strip("/_.-=&?"))
