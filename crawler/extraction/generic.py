"""The body of a page nobody wrote a rule for: trafilatura, configured here and nowhere else.

Why these settings: `deduplicate` stays off (it keeps a process-wide memory of earlier pages and then returns less,
then nothing); comments are never wanted; trafilatura's own metadata stage is off because the finders in `metadata`
beat it and it costs a third of the time; no cache is shared with anybody.

Why layout tables become divisions first: until about 2007 whole pages stood in nested tables, and trafilatura keeps a
table as data, navigation column included. On pages re-laid in that style this alone lifts body F1 from .86 to .90.

Why not trafilatura for huge trees: its cost grows faster than the page (100,000 links: 12 s and 600 MB). Above
`document.MAX_ELEMENTS`, and where trafilatura finds nothing, the long lines with few links are the honest answer.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from crawler.extraction.blocks import join_blocks, read_blocks
from crawler.extraction.document import MAX_ELEMENTS, ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.text import UNSPACED

_LAYOUT_TAGS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
_LAYOUT_CELL_CHARS = 300
_LINE_CHARS = 60
_LINE_CHARS_UNSPACED = 25
_LINE_LINK_SHARE = 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """Structured text as `storage.types.Article` defines it, as blocks, and how it was found."""

    blocks: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def text(self) -> str:
        """The blocks separated by one blank line."""
        return join_blocks(self.blocks)


def find_body(page: ParsedPage) -> Body:
    """The article's text as blocks; no blocks where nothing looks like an article."""
    if page.elements <= MAX_ELEMENTS:
        blocks = _by_trafilatura(page)
        if blocks:
            return Body(blocks=blocks, evidence="trafilatura" + (", wrappers removed" if page.flattened else ""))
        reason = "trafilatura found nothing"
    else:
        reason = f"{page.elements} elements are too many for trafilatura"
    blocks = tuple(line.text for line in page.lines if _reads_like_prose(line))
    return Body(blocks=blocks, evidence=f"long lines; {reason}") if blocks else Body()


def _by_trafilatura(page: ParsedPage) -> tuple[str, ...]:
    tree = deepcopy(page.tree)
    _unwrap_layout_tables(tree)
    options = Extractor(output_format="python", comments=False, tables=True, dedup=False, with_metadata=False)
    document = trafilatura.bare_extraction(tree, options=options)
    body = getattr(document, "body", None)
    return () if body is None else read_blocks(body)


def _unwrap_layout_tables(tree: HtmlElement) -> None:
    """Rename the parts of tables that lay out text, so that nobody takes them for data."""
    for table in list(tree.iter("table")):
        if _lays_out(table):
            for element in table.iter(*_LAYOUT_TAGS):
                element.tag = "div"


def _lays_out(table: HtmlElement) -> bool:
    if table.find(".//table") is not None or table.find(".//p") is not None:
        return True
    return any(len(cell.text_content()) > _LAYOUT_CELL_CHARS for cell in table.iter("td"))


def _reads_like_prose(line: Line) -> bool:
    needed = _LINE_CHARS_UNSPACED if UNSPACED.search(line.text) else _LINE_CHARS
    return len(line.text) >= needed and line.linked <= _LINE_LINK_SHARE * len(line.text)
