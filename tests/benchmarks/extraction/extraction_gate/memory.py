"""Every host's pages extracted with the memory of its other pages, as the library would have them.

Why leave one out: the library knows a host's other pages when it reads one; a page's own lines say nothing about it.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from crawler.extraction.memory import without_familiar
from extraction_gate.extractors import answer_of, article_of
from extraction_gate.measuring import Result

MOST = 4
LEAST_PAGES = 6


def with_memory(pages):
    """Results without and with host memory, on hosts that have enough pages."""
    hosts = defaultdict(list)
    for page in pages:
        hosts[page.host].append((page, article_of(page)))
    plain, remembered = Result(), Result()
    for found in hosts.values():
        if len(found) < LEAST_PAGES:
            continue
        seen = Counter(line for _, article in found if article for line in set(article.edge_lines))
        for page, article in found:
            plain.add(page, answer_of(article))
            remembered.add(page, answer_of(_without(article, seen)))
    return {"alone": plain, "with memory": remembered}


def _without(article, seen):
    if article is None:
        return None
    familiar = {line: min(MOST, seen[line] - 1) for line in set(article.edge_lines) if seen[line] > 1}
    return without_familiar(article, familiar)
