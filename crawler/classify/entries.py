"""Entries: short texts, each under or behind a time of day. A live report is made of them, whatever the page is called.

Why a time alone is no entry: columns of headlines have times as well, and so have boxes beside a report. An entry tells
something below its time and is no link. Why their order counts: a live report has the latest first; a chronology in an
ordinary report begins at the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.classify.parting import leads_elsewhere
from crawler.extraction.lines import Line
from crawler.extraction.text import count_words

_CLOCK = r"(?:[01]?\d|2[0-3])[:.h]\d{2}\b"
_TIME = re.compile(
    rf"^\W{{0,6}}(?:(?:\d{{1,2}}\.?\s[^\W\d]{{3,9}}\.?|[^\W\d]{{3,9}}\.?\s\d{{1,2}}),?\s(?:\d{{4}},?\s)?{_CLOCK}|(?:[^\W\d]{{1,16}}\W{{1,3}}){{0,2}}{_CLOCK}|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}},?\s+{_CLOCK}"
    r"|\d{1,3}(?:\s?\+\s?\d{1,2})?\s?['′’]|\d{1,3}\. ?(?:min|$)"
    r"|\d{1,2}\s?(?:h|m|hrs?|mins?|hours?|minutes?) ago\b|\d{1,2}\s?(?:分钟|分鐘|小时|小時|分|時間)前)"
)
_MINUTES = re.compile(r"([01]?\d|2[0-3])[:.h](\d{2})\b")
_MOST_LINES, _NEAR = 3000, 6
_TELLING_WORDS = 4
_STAMP_CHARS = 8
"""A time that is a link leads to the entry itself; with a headline behind it leads elsewhere."""
_FALLING = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class Entries:
    """What stands under times of day.

    Attributes:
        count: times that have a text.
        words: of these texts.
        latest_first: the clock runs backwards from one to the next.
    """

    count: int
    words: int
    latest_first: bool


def read_entries(lines: Sequence[Line]) -> Entries:
    """The entries of a page; a text of more than six lines counts with its first six."""
    times, told = list[str](), list[int]()
    since = _NEAR + 1
    for line in lines[:_MOST_LINES]:
        since += 1
        opening = _TIME.match(line.text)
        if opening and (not leads_elsewhere(line) or len(line.text) - opening.end() <= _STAMP_CHARS):
            times.append(opening.group(0))
            told.append(0)
            since = 0
        if told and since <= _NEAR and not leads_elsewhere(line):
            count = count_words(line.text[opening.end() :] if opening else line.text)
            told[-1] += count if count >= _TELLING_WORDS else 0
    kept = [time for time, count in zip(times, told, strict=True) if count]
    return Entries(count=len(kept), words=sum(told), latest_first=_runs_backwards(list(_minutes(kept))))


def _minutes(times: Sequence[str]) -> Iterator[int]:
    for time in times:
        if found := _MINUTES.search(time):
            yield int(found.group(1)) * 60 + int(found.group(2))


def _runs_backwards(minutes: Sequence[int]) -> bool:
    steps = [later < earlier for earlier, later in pairwise(minutes) if later != earlier]
    return len(steps) > 1 and sum(steps) >= _FALLING * len(steps)
