"""What was read, as it stands in its file: with the byte-order mark and the line ends that reading takes away.

Why a table of lines: formats work on a text with bare line feeds and know places in it. Both texts have the same lines,
so a place is found by its line and column, whatever ends the lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from crawler.events.contract import BYTE_ORDER_MARK, EntryText

_LINE_END = re.compile("\r\n?|\n")


class Verbatim:
    """Parts of one file, exactly as written there."""

    def __init__(self, source: EntryText) -> None:
        self._written = source.written
        self._same = source.written == source.text
        self._starts = _starts(source.text, 0)
        mark = len(BYTE_ORDER_MARK) if source.written.startswith(BYTE_ORDER_MARK) else 0
        self._written_starts = self._starts if self._same else _starts(source.written, mark)

    def between(self, start: int, end: int) -> str:
        """What ``text[start:end]`` is in the file."""
        return self._written[self._place(start) : self._place(end)]

    def lines(self, first: int, last: int) -> str:
        """The 1-based lines ``first`` to ``last``, without the end of the last one; a byte-order mark is no part."""
        start = self._written_starts[first - 1]
        end = self._written_starts[last] if last < len(self._written_starts) else len(self._written)
        lines = self._written[start:end]
        return lines[:-2] if lines.endswith("\r\n") else lines.removesuffix("\n").removesuffix("\r")

    def _place(self, place: int) -> int:
        if self._same:
            return place
        line = bisect_right(self._starts, place) - 1
        return self._written_starts[line] + place - self._starts[line]


def _starts(text: str, first: int) -> list[int]:
    return [first, *(end.end() for end in _LINE_END.finditer(text))]
