"""Blocks of a body as the page shows them: each with the visible line that it is, so that markup can testify.

Why by text: candidates come from several extractors and none of them says where a block stood. Blocks keep the page's
order, so of several lines with one text the next one is meant.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extraction.document import ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.text import UNSPACED, folded

MARKS = ("## ", "- ", "> ")
_PROSE_CHARS, _PROSE_CHARS_UNSPACED = 140, 50
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", "۔", "।", "؟")
_CLOSING = "\"'”’»)]）」』 "
_READ_CHARS = 3000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One block and the line that it is.

    Attributes:
        text: without its mark.
        mark: ``## ``, ``- ``, ``> `` or empty.
        folded: `text.folded` of the text; of very long ones the first 3,000 characters.
        line: of the page; ``None`` where no line is just this block.
        place: index of that line.
    """

    text: str
    mark: str
    folded: str
    line: Line | None = None
    place: int | None = None

    @property
    def prose(self) -> bool:
        """It is long enough to be a paragraph, and no heading."""
        needed = _PROSE_CHARS_UNSPACED if UNSPACED.search(self.text) else _PROSE_CHARS
        return len(self.text) >= needed and self.mark != "## "

    @property
    def sentence(self) -> bool:
        """It ends as a sentence does."""
        return self.text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)

    @property
    def linked(self) -> float:
        """Share of link text, 0 to 1."""
        return min(1.0, self.line.linked / len(self.text)) if self.line else 0.0


def shown_blocks(blocks: Sequence[str], page: ParsedPage) -> list[Shown]:
    """All blocks in order."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(page.folded):
        if text:
            places[text].append(index)
    found, position = [], 0
    for block in blocks:
        mark = next((mark for mark in MARKS if block.startswith(mark)), "")
        text = block.removeprefix(mark)
        key = folded(text[:_READ_CHARS])
        place = _next_place(places.get(key, ()), position)
        position = position if place is None else place
        line = None if place is None else page.lines[place]
        found.append(Shown(text=text, mark=mark, folded=key, line=line, place=place))
    return found


def _next_place(places: Sequence[int], position: int) -> int | None:
    if not places:
        return None
    index = bisect_left(places, position)
    return places[index] if index < len(places) else places[-1]
