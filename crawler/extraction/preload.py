"""Loads ahead of the first page what it would otherwise wait for; importing this module does it once per process.

Why on import: the fork server of the worker pool can only import modules. Loading there costs 3 s of CPU once; the
first date in an unknown form costs 2 s of them (dateparser reads the rules of every language that it knows).

Why the collector is told to leave alone what is there then: it would walk through a hundred thousand objects that last
as long as the process, in each worker anew, and once more when the fork server ends, for which who stops a crawl waits.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from functools import cache

import htmldate
import py3langid

from crawler.extraction.article import extract
from crawler.extraction.months import month_number
from crawler.extraction.page import PageInput

_SENTENCE = "The council voted on Tuesday to approve the budget, officials said after a long debate. "
_LINK = "<link rel=canonical href=http://www.example.net/council>"
_HEAD = f"<head><title>Council votes</title>{_LINK}</head>"
_PAGE = f"<html>{_HEAD}<body><article><p>{_SENTENCE * 8}</p></article></body></html>"
_UNREADABLE_DATE = "<html><body><div class='date'>the 99th of Nevermonth, at noon</div><p>text</p></body></html>"


@cache
def warm_up() -> None:
    """Load language models, locale rules and compiled patterns; does nothing the second time."""
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    extract(PageInput(url="http://example.org/", content=_PAGE.encode(), content_type="text/html", captured_at=moment))
    htmldate.find_date(_UNREADABLE_DATE, extensive_search=True, max_date="2020-01-01")
    py3langid.classify(_SENTENCE)
    month_number("nevermonth", "")


warm_up()
gc.freeze()
