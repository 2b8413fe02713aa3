"""Extractors run over pages: scores in all, per structure and per group, and the CPU time of each page."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field

from extraction_gate.pages import structures
from extraction_gate.scoring import Scores


@dataclass(kw_only=True, slots=True)
class Result:
    """Of one extractor."""

    total: Scores = field(default_factory=Scores)
    structures: dict = field(default_factory=lambda: defaultdict(Scores))
    groups: dict = field(default_factory=lambda: defaultdict(Scores))
    seconds: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)

    def add(self, page, answer):
        """Count one page's answer everywhere."""
        settings = structures().get(page.structure)
        faults = self.total.add(page.truth, answer)
        self.structures[page.structure].add(page.truth, answer)
        self.groups[settings[0]["group"] if settings else page.structure].add(page.truth, answer)
        self.faults.append((page.id, faults))


def measure(pages, extractor):
    """One extractor over all pages; its first page is extracted twice, because libraries load what they need then."""
    result = Result()
    for number, page in enumerate(pages):
        if number == 0:
            extractor(page)
        begun = time.process_time()
        answer = extractor(page)
        result.seconds[page.id] = time.process_time() - begun
        result.add(page, answer)
    return result


def ratios(result, other):
    """CPU of one against another, page by page, sorted."""
    return sorted(result.seconds[name] / max(1e-6, seconds) for name, seconds in other.seconds.items())
