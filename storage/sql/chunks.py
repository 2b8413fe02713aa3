"""Cutting long lists into pieces that a statement's parameters can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")

CHUNK = 500
"""Items per statement: far below SQLite's 32,766 and PostgreSQL's 65,535 parameters, large enough to be fast."""


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in order, `size` at a time."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece
