"""trafilatura, configured here and nowhere else.

Why these settings: `deduplicate` stays off (it keeps a process-wide memory of earlier pages and then returns less,
then nothing); comments are never wanted; trafilatura's own metadata stage is off because the finders in `metadata`
beat it and it costs a third of the time; no cache is shared with anybody.

Why layout tables become divisions first: until about 2007 whole pages stood in nested tables, and trafilatura keeps a
table as data, navigation column included. On pages re-laid in that style this alone lifts body F1 from .86 to .90.

Why the fast mode first: it is the same without the comparison with two other extractors, at two thirds of the time,
and where it agrees with `readable` there is nothing left to compare (body F1 .962 against .958 on modern news pages).
"""

from __future__ import annotations

from copy import deepcopy

import trafilatura
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from crawler.extraction.body.blocks import read_blocks
from crawler.extraction.body.candidates.cascade import Cascade, is_forum
from crawler.extraction.body.candidates.source import Source
from crawler.extraction.body.markup import data_tables

_PARTS = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th"})
_LAYOUT_CELL_CHARS = 300


def by_fast(source: Source) -> tuple[str, ...]:
    """Trafilatura's own rules alone; nothing for layout tables, of which they make nothing good."""
    return () if source.is_tabular else _cascaded(source, fast=True)


def by_default(source: Source) -> tuple[str, ...]:
    """Trafilatura as it comes."""
    return _cascaded(source, fast=False)


def _cascaded(source: Source, *, fast: bool) -> tuple[str, ...]:
    if source.is_huge:
        return ()
    if is_forum(source.page.tree):
        document = trafilatura.bare_extraction(_copied(source), options=_options(fast=fast))
        return _blocks(getattr(document, "body", None))
    cascade = source.shared.get(Cascade)
    if cascade is None:
        cascade = source.shared[Cascade] = Cascade(_copied(source))
    return _blocks(cascade.body(_options(fast=fast)))


def _blocks(body: _Element | None) -> tuple[str, ...]:
    return () if body is None else read_blocks(body)


def _copied(source: Source) -> HtmlElement:
    tree = deepcopy(source.page.tree)
    _unwrap_layout_tables(tree)
    return tree


def _options(*, fast: bool = False) -> Extractor:
    return Extractor(
        output_format="python",
        comments=False,
        tables=True,
        dedup=False,
        with_metadata=False,
        fast=fast,
    )


def _unwrap_layout_tables(tree: HtmlElement) -> None:
    """Rename the parts of tables that lay out text, so that nobody takes them for data; every table is read once."""
    tables, data = list(tree.iter("table")), data_tables(tree)
    outer = {table: next(table.iterancestors("table"), None) for table in tables}
    holders = set(outer.values())
    for table in tables:
        is_inner = outer[table] is not None and table not in data
        if table in holders or is_inner or _lays_out(table):
            for element in _own_parts(table):
                element.tag = "div"


def _own_parts(table: HtmlElement) -> list[HtmlElement]:
    """The table with its rows and cells, those of tables inside of it left alone."""
    parts = [table]
    for element in parts:
        parts.extend(child for child in element if child.tag in _PARTS)
    return parts


def _lays_out(table: HtmlElement) -> bool:
    if table.find(".//p") is not None:
        return True
    return any(sum(map(len, cell.itertext())) > _LAYOUT_CELL_CHARS for cell in table.iter("td"))
