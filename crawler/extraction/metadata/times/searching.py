"""htmldate's search of the whole page, where no place that means the publication states one.

Why last and doubted: on labelled pages where nothing else was found it was right on half; the day of a change, a bare
year or the day of the visit are its usual errors, so they count only where a line of the page shows them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from datetime import date

import htmldate

from crawler.extraction.document import MAX_ELEMENTS, ParsedPage
from crawler.extraction.metadata.times.candidates import Candidate, Reader, Source
from crawler.extraction.metadata.times.visible import VisibleDates

_FURNITURE = (
    "//footer | //*[contains(@class,'footer') or contains(@id,'footer') or contains(@class,'copyright')"
    " or starts-with(@class,'comment') or starts-with(@id,'comment')]"
)


def searched(reader: Reader, page: ParsedPage, visible: VisibleDates, changed: Collection[date]) -> Iterator[Candidate]:
    """What htmldate finds outside of footer and comments, unless that is a change, a bare year or the visit."""
    if page.elements > MAX_ELEMENTS:
        return
    tree = deepcopy(page.tree)
    for element in tree.xpath(_FURNITURE):
        if element.getparent() is not None:
            element.drop_tree()
    found: str | None = htmldate.find_date(
        tree, original_date=True, extensive_search=True, url="", max_date=page.captured_at.replace(tzinfo=None)
    )
    mention = reader.machine(found) if found else None
    if found is None or mention is None or mention.day in changed:
        return
    if (found.endswith("-01-01") or reader.is_visit(mention)) and not visible.shows(mention.day):
        return
    yield Candidate(mention=mention, source=Source.SEARCH, evidence="htmldate search")
