"""A selection for formats that keep events and articles apart: every event, and every article once.

Why not only the articles that fit: an event that was selected by a publisher names all its articles, and whoever
joins the two tables must find them. Why not only those of the events: an article that no event is linked to fits, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.exporting.protocol import Selected, SelectedEvent
from storage.types import ArticleView


def whole(selected: Selected) -> Iterator[tuple[SelectedEvent | None, list[ArticleView]]]:
    """Each event with those of its articles that did not come before, then each other article that fits, alone."""
    seen = Once()
    for event in selected.events():
        yield event, [view for view in event.articles if seen.first(view.id)]
    for view in selected.articles():
        if seen.first(view.id):
            yield None, [view]


class Once:
    """Which numbers were there already: one bit for each up to the largest, since articles are numbered densely."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def first(self, number: int) -> bool:
        """Whether this number comes for the first time; from now on it does not."""
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        came = bool(self._bits[place] & bit)
        self._bits[place] |= bit
        return not came
