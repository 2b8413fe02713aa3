"""What is this page? Judged from its words, its build and its address, with the evidence named. Pure.

Order: `facts` measures a page once, `rules` turn facts into clues, `choosing` sums the clues to a verdict, `reading`
puts it together with extraction. The same code judges live pages and mementos. What is done with a page that was read
stands here; `reading.read_page` reads one, and loads the extractor (see `crawler.extraction`).
"""

from crawler.classify.choosing import ARTICLES, explained, reconsider
from crawler.classify.page_reading import OUTCOME_OF_KIND, PageReading, detail_of, outcome_of

__all__ = ["ARTICLES", "OUTCOME_OF_KIND", "PageReading", "detail_of", "explained", "outcome_of", "reconsider"]
