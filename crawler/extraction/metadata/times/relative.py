"""Ages ("3 hours ago") in time elements: the day that they give, counted back from the capture.

Why only days and only in time elements: in prose the words mean anything, and a page that was cached before it was
captured is older than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from crawler.extraction.dates import from_day
from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.times.candidates import Candidate, Reader, Source
from crawler.extraction.text import fold_spaces

_UNITS = {
    "minutes": r"min(?:ute|uti|uto|uut|utit)?[sn]?|minuten|minut[yę]?|минут[уы]?|хвилин[уи]?"
    r"|dakika|دقائق|دقيقة|分钟|分鐘|分|분",
    "hours": r"hours?|hrs?|stunden?|heures?|horas?|or[ae]|uur|timm(?:e|ar)|timer?|godzin[yę]?|час(?:а|ов)?"
    r"|годин[уи]?|saat|ساعات|ساعة|小时|小時|時間|시간",
    "days": r"days?|tage?n?|jours?|d[ií]as?|giorn[oi]|dagen|dag|dni|дн(?:я|ей)|день|gün|أيام|يوم|天|日|일",
}
_WORDS = r"ago|vor|il y a|hace|fa|há|atrás|geleden|sedan|siden|temu|назад|тому|önce|قبل|منذ|前|전"
_AGE = re.compile(
    rf"^(?:(?:{_WORDS})\s)?(?:(?P<count>\d{{1,3}})|an?|eine[rm]?|une?|un[ao]?)\s?"
    rf"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _UNITS.items())})(?:\s?(?:{_WORDS}))?$",
    re.IGNORECASE,
)
_SAID = re.compile(rf"(?:{_WORDS})", re.IGNORECASE)
_MAX_CHARS = 40
_MAX_ELEMENTS = 5


def of_relative_elements(reader: Reader, page: ParsedPage) -> Iterator[Candidate]:
    """The first `time` elements that state an age and no date."""
    for element in islice(page.tree.iter("time"), _MAX_ELEMENTS):
        text = fold_spaces(element.text_content()) if not element.get("datetime") else ""
        age = _age(text) if 0 < len(text) <= _MAX_CHARS else None
        if age is not None:
            day = (reader.captured_at - age).date()
            if mention := from_day(day.year, day.month, day.day, text):
                yield Candidate(mention=mention, source=Source.RELATIVE, evidence="age in a time element")


def _age(text: str) -> timedelta | None:
    match = _AGE.match(text)
    if match is None or not _SAID.search(text):
        return None
    unit = next(name for name in _UNITS if match[name])
    return timedelta(**{unit: int(match["count"] or 1)})
