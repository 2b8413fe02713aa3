"""trafilatura's tree as structured text: paragraphs, headings, list items and quotations, one blank line between.

Why from the tree and not from trafilatura's own text: its text writes layout cells as one long table row and parts
paragraphs only by single line breaks, so that a reader, and the near-duplicate signals, can no longer tell them.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element

from crawler.extraction.text import fold_spaces

_MARKS = {"head": "## ", "item": "- ", "quote": "> ", "blockquote": "> "}
_CONTAINERS = frozenset({"body", "list", "table", "row", "div", "section", "article", "main", "comments"})
_BREAKS = frozenset({"p", "cell", "code", "pre", *_MARKS, *_CONTAINERS})
_WRAPPED_CHARS = 50
_SENTENCE_END = (".", "!", "?", "…", ":", '"', "”", "»", "“", "。", "！", "？", "」")


def join_blocks(blocks: Iterable[str]) -> str:
    """Blocks separated by one blank line."""
    return "\n\n".join(blocks)


def read_blocks(body: _Element) -> tuple[str, ...]:
    """Blocks of trafilatura's body element, in order, none of them empty."""
    reader = _Reader()
    reader.read(body, "")
    reader.flush("")
    return tuple(reader.blocks)


class _Reader:
    """Walks the tree; its depth is bounded by the page's own (see `document.MAX_DEPTH`)."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._texts: list[str] = []

    def read(self, element: _Element, mark: str) -> None:
        own = _MARKS.get(element.tag, mark)
        self._texts.append(element.text or "")
        for child in element:
            self._read_child(child, own)
            self._texts.append(child.tail or "")

    def flush(self, mark: str) -> None:
        text = fold_spaces("".join(self._texts))
        self._texts = []
        if text and any(char.isalnum() for char in text):
            self.blocks.append(mark + text)

    def _read_child(self, child: _Element, mark: str) -> None:
        if child.tag == "lb":
            self._break_line(mark)
        elif child.tag == "row" and _is_data(child):
            self.flush(mark)
            self._texts.append(" | ".join(filter(None, (fold_spaces("".join(cell.itertext())) for cell in child))))
            self.flush("")
        elif child.tag in _BREAKS:
            self.flush(mark)
            self.read(child, mark)
            self.flush(_MARKS.get(child.tag, mark))
        elif isinstance(child.tag, str):
            self.read(child, mark)

    def _break_line(self, mark: str) -> None:
        """A line break after a sentence or a short line, or a second one, parts blocks; else it only wraps a line."""
        line = "".join(self._texts).rstrip(" \t\r\xa0").rpartition("\n")[2].rstrip()
        if len(line) < _WRAPPED_CHARS or line.endswith(_SENTENCE_END):
            self.flush(mark)
        else:
            self._texts.append("\n")


def _is_data(row: _Element) -> bool:
    """Whether a table row holds short facts rather than text."""
    return len(row) > 1 and all(len(cell) == 0 or cell.find(".//p") is None for cell in row)
