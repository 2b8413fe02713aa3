"""Lines that belong to the page and not to the story, where they open the body: headline, byline and date again.

Why only at the top and only these: each is known from elsewhere on the same page, so dropping it loses nothing. What
stands above a repeated headline is no part of the story either.
"""

from __future__ import annotations

from crawler.extraction.dates import mentions
from crawler.extraction.text import folded

_TOP_BLOCKS = 5
_LINES_ABOVE = 12
_LINE_CHARS = 120
_REST_CHARS = 45


def without_furniture(blocks: tuple[str, ...], headline: str, byline: str) -> tuple[str, ...]:
    """The blocks without a repeated headline, byline and date line among the first few."""
    known = {folded(headline), folded(byline), folded(f"by {byline}")} - {""}
    start = _after_headline(blocks, folded(headline))
    top, rest = blocks[start : start + _TOP_BLOCKS], blocks[start + _TOP_BLOCKS :]
    kept = [block for block in top if not _is_furniture(block, known, folded(byline))]
    return (*kept, *rest) if kept or rest else blocks


def _after_headline(blocks: tuple[str, ...], headline: str) -> int:
    """Index after a repeated headline, if only short lines (a column of links, a section's name) stand before it."""
    for index, block in enumerate(blocks[:_LINES_ABOVE]):
        if headline and folded(block) == headline:
            return index + 1
        if len(block) > _REST_CHARS:
            break
    return 0


def _is_furniture(block: str, known: set[str], byline: str) -> bool:
    text = folded(block)
    if text in known:
        return True
    return len(block) <= _LINE_CHARS and _is_date_line(block.removeprefix("## "), byline)


def _is_date_line(block: str, byline: str) -> bool:
    """A full date with hardly anything else but the byline."""
    dates = list(mentions(block))
    if not dates:
        return False
    rest = block
    for mention in dates:
        rest = rest.replace(mention.raw, " ")
    rest = folded(rest).replace(byline, " ") if byline else folded(rest)
    return len(rest.strip()) <= _REST_CHARS and not block.rstrip().endswith((".", "?", "!", "。"))
