"""The body of a page: candidates, a choice between them, and the page's own lines taken from its edges."""

from __future__ import annotations

from dataclasses import replace

from crawler.extraction.body.candidates import Source
from crawler.extraction.body.choosing import choose
from crawler.extraction.body.cleaning import clean
from crawler.extraction.body.found import Body, Hints
from crawler.extraction.body.live import live_entries
from crawler.extraction.cuts import MOST_CUTS
from crawler.extraction.document import ParsedPage
from crawler.extraction.memory import edge_lines


def find_body(page: ParsedPage, hints: Hints) -> Body:
    """The article's text as blocks, its standfirst and its entries; no blocks where nothing looks like an article."""
    chosen = choose(Source(page, hints))
    if not chosen.blocks:
        return Body(choice=chosen.choice)
    cleaned = clean(chosen.blocks, page, hints)
    cuts = (*chosen.choice.cuts, *cleaned.cuts)[:MOST_CUTS]
    return Body(
        blocks=cleaned.blocks,
        standfirst=cleaned.standfirst,
        entries=live_entries(page, cleaned.blocks),
        choice=replace(chosen.choice, cuts=cuts),
        edge_lines=edge_lines(cleaned.blocks),
        evidence=chosen.evidence,
    )
