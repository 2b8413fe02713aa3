"""How a rule writes down what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crawler.classify.facts import Facts
from storage.types import Clue, PageKind

Rule = Callable[[Facts], Iterator[Clue]]
"""Facts to clues; pure. A rule that finds nothing yields nothing."""

_DETAIL_CHARS = 200


def clue(name: str, kind: PageKind, weight: float, detail: str = "") -> Clue:
    """A clue with a rounded weight and a bounded detail."""
    return Clue(name=name, kind=kind, weight=round(weight, 2), detail=detail[:_DETAIL_CHARS])
