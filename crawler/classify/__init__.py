"""What is this page? Judged from its words, its build and its address, with the evidence named. Pure.

Order: `facts` measures a page once, `rules` turn facts into clues, `choosing` sums the clues to a verdict, `reading`
puts it together with extraction. The same code judges live pages and mementos.
"""

from crawler.classify.choosing import ARTICLES, explained, reconsider
from crawler.classify.reading import (
    OUTCOME_OF_KIND,
    PageReading,
    classify,
    detail_of,
    outcome_of,
    probe_fingerprint,
    read_page,
)
from crawler.classify.reservations import reservations

__all__ = [
    "ARTICLES",
    "OUTCOME_OF_KIND",
    "PageReading",
    "classify",
    "detail_of",
    "explained",
    "outcome_of",
    "probe_fingerprint",
    "read_page",
    "reconsider",
    "reservations",
]
