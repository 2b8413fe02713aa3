"""Host memory, the pure part: lines at the edges of a body that stand on the host's other pages too are furniture.

Why this works where wording and markup do not: "With files from our newsroom in Ashford" is no phrase and has no class,
but it closes every page of its site. No extractor that sees one page can know it.

Why only the edges: a line repeated in the middle is a verse, an answer's opening or a table's label. Why three pages:
two stories of one day share a paragraph of background now and then, four hardly ever. Why a line unknown to the host
ends the search: what stands beyond it, towards the middle, is the story's own. Why copies must be told from furniture:
the print view, the second part and the mobile address of one story share its paragraphs, so where more than half of
the paragraphs at the edges are familiar the whole story is, and nothing goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.extraction.cuts import MOST_CUTS, cut
from crawler.extraction.text import UNSPACED, count_words, folded, line_hash
from storage.types import Article, Cut

NEEDED_PAGES = 3
"""On so many other pages of its host a line must stand to be furniture."""
FIRST_BLOCKS, LAST_BLOCKS = 6, 10
"""How many blocks at either edge are remembered."""
_LEAST_CHARS, _LEAST_CHARS_UNSPACED, _MOST_CHARS = 8, 4, 600
_LEFT_SHARE, _LEFT_WORDS = 1 / 3, 25
_STRAY_CHARS, _PARAGRAPH_CHARS = 40, 140
_MARKS = ("## ", "- ", "> ")
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")


def edge_lines(blocks: Sequence[str]) -> tuple[int, ...]:
    """Signed 64-bit hashes of the blocks at the edges of a body, each once, in order.

    Args:
        blocks: of the candidate, cleaned by what the page itself tells, before `without_familiar`.

    Returns:
        At most 16; those that are too short to tell one line from another, or too long to be furniture, are left out.
    """
    first, last = blocks[:FIRST_BLOCKS], blocks[FIRST_BLOCKS:][-LAST_BLOCKS:]
    keys = (_key(block) for block in (*first, *last))
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def without_familiar(article: Article, familiar: Mapping[int, int]) -> Article:
    """The article without the lines at its edges that its host shows on other pages.

    Args:
        article: fresh from extraction.
        familiar: hash of a line -> on how many other documents of the host it stands.

    Returns:
        The same object where nothing goes; never less than a third of the words, nor so few that it would be none.
    """
    kept_standfirst = article.standfirst
    if _count(article.standfirst, familiar):
        kept_standfirst = ""
    blocks = tuple(article.body.split("\n\n"))
    top, bottom = _run(blocks, familiar), _run(blocks[::-1], familiar)
    left = blocks[top : len(blocks) - bottom]
    if not _is_enough(left, blocks) or _has_copies(blocks, familiar):
        top, bottom, left = 0, 0, blocks
    if len(left) == len(blocks) and kept_standfirst == article.standfirst:
        return article
    cuts = _cuts(blocks, top, bottom, familiar)
    if kept_standfirst != article.standfirst:
        cuts = (_cut(article.standfirst, "top", familiar), *cuts)
    choice = replace(article.choice, cuts=(*article.choice.cuts, *cuts)[:MOST_CUTS])
    evidence, confidence = dict(article.evidence), dict(article.confidence)
    if not kept_standfirst:
        evidence.pop("standfirst", None)
        confidence.pop("standfirst", None)
    return replace(
        article,
        body="\n\n".join(left),
        standfirst=kept_standfirst,
        choice=choice,
        evidence=evidence,
        confidence=confidence,
    )


def _has_copies(blocks: Sequence[str], familiar: Mapping[int, int]) -> bool:
    """Whether half of the paragraphs at the edges stand elsewhere: then other pages tell the same story."""
    edges = (*blocks[:FIRST_BLOCKS], *blocks[FIRST_BLOCKS:][-LAST_BLOCKS:])
    paragraphs = [block for block in edges if len(block) >= _PARAGRAPH_CHARS]
    return 2 * sum(_count(block, familiar) > 0 for block in paragraphs) > len(paragraphs)


def _run(blocks: Sequence[str], familiar: Mapping[int, int]) -> int:
    """How many blocks go from the start of these; one short stray line between two familiar ones goes with them."""
    end, stray = 0, False
    for index, block in enumerate(blocks):
        if _count(block, familiar):
            end, stray = index + 1, False
        elif stray or not _may_stray(block):
            break
        else:
            stray = True
    return end


def _may_stray(block: str) -> bool:
    """A button's word, a count or a date, which change from page to page; never a sentence."""
    return len(block) <= _STRAY_CHARS and not block.rstrip().endswith(_SENTENCE_ENDS)


def _count(text: str, familiar: Mapping[int, int]) -> int:
    """On how many other pages the line stands; 0 where these are too few."""
    key = _key(text)
    count = 0 if key is None else familiar.get(key, 0)
    return count if count >= NEEDED_PAGES else 0


def _key(block: str) -> int | None:
    for mark in _MARKS:
        block = block.removeprefix(mark)
    if len(block) > _MOST_CHARS:
        return None
    text = folded(block)
    least = _LEAST_CHARS_UNSPACED if UNSPACED.search(text) else _LEAST_CHARS
    if len(text) < least:
        return None
    return line_hash(text)


def _is_enough(left: Sequence[str], blocks: Sequence[str]) -> bool:
    kept, whole = sum(map(count_words, left)), sum(map(count_words, blocks))
    return kept >= _LEFT_WORDS and kept >= _LEFT_SHARE * whole


def _cuts(blocks: Sequence[str], top: int, bottom: int, familiar: Mapping[int, int]) -> tuple[Cut, ...]:
    above = (_cut(block, "top", familiar) for block in blocks[:top])
    return (*above, *(_cut(block, "bottom", familiar) for block in blocks[len(blocks) - bottom :]))


def _cut(text: str, place: str, familiar: Mapping[int, int]) -> Cut:
    count = _count(text, familiar)
    reason = (
        f"stands on {count} other pages of the host" if count else "between lines that stand on other pages of the host"
    )
    return cut(text, reason, place)
