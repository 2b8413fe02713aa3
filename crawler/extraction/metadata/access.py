"""Whether the page shows all of its article: only what the publisher itself declares."""

from __future__ import annotations

from crawler.extraction.document import ParsedPage
from storage.types import Access

_YES, _NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_KEY = "isAccessibleForFree"


def find_access(page: ParsedPage) -> tuple[Access, str]:
    """The declaration of the article's JSON-LD (else any object's) and its evidence; unknown without one."""
    for node in (page.article, *page.nodes):
        stated = str(node.get(_KEY, "")).strip().lower().rpartition("/")[2]
        if stated in _NO:
            return Access.TEASER, f"json-ld {_KEY} is false"
        if stated in _YES:
            return Access.FULL, f"json-ld {_KEY} is true"
    content, name = page.meta("article:content_tier")
    if content.lower() in ("locked", "metered"):
        return Access.TEASER, f"meta {name} is {content.lower()}"
    if content.lower() == "free":
        return Access.FULL, f"meta {name} is free"
    return Access.UNKNOWN, ""
