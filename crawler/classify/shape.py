"""How a page is built, whatever its language: prose of its own, teasers of other pages, links, labels.

Why teasers are counted only where there are several: one linked line above a paragraph is a "read also" inside an
article; four of them, each with a summary below, are a section page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.extraction import OpenedPage
from crawler.extraction.lines import Line
from crawler.extraction.text import UNSPACED, folded

SEVERAL_TEASERS = 3
"""From here on, linked headlines with a summary below are teasers of other pages."""
_NEAR = 3
_SUMMARY_WORDS = 7
_HEADLINE_WORDS = 4
_MOSTLY_LINKED, _HARDLY_LINKED = 0.6, 0.3
_SENTENCE_WORDS, _LONG_WORDS, _ITEM_WORDS, _PARAGRAPH_WORDS = 8, 20, 12, 40
_FINAL = tuple(".!?…。！？؟।։\"'”’»›“‘)」』】")
_KEY_CHARS, _LINK_CHARS = 60, 20
_RUN_TOGETHER_CHARS, _RUN_TOGETHER_SHARE = 300, 3
_SUMMARY_CHARS = 900
_MOST_LINKS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Counts over a page; words of scripts without spaces are counted as two characters each.

    Attributes:
        visible_words: of all visible lines.
        linked_share: of their characters, how many are links.
        own_words: of the body's sentences, without teasers of other pages and what stands under every page.
        own_paragraphs: how many blocks these words stand in.
        teasers: linked headlines with a summary below.
        headlines: linked lines of several words.
        headline_words: of them.
    """

    visible_words: int
    linked_share: float
    own_words: int
    own_paragraphs: int
    teasers: int
    headlines: int
    headline_words: int


def count_words(text: str) -> int:
    """Words of the text; two characters of a script without spaces are one."""
    if text.isascii():
        return len(text.split())
    unspaced = len(UNSPACED.findall(text))
    return len(text.split()) + unspaced // 2


def read_shape(opened: OpenedPage, excluded: Iterable[str]) -> Shape:
    """Measure a page.

    Args:
        opened: the page.
        excluded: folded lines that are not the page's own prose: a wall's request, a notice.
    """
    lines = opened.parsed.lines
    headlines, summaries = _headlines(lines)
    foreign = {_key(line) for line in excluded}
    foreign |= {_key(folded(text)) for text in summaries} if len(summaries) >= SEVERAL_TEASERS else set()
    links = [folded(text) for text in headlines]
    linked = {text[:_LINK_CHARS]: len(text) for text in links}
    blocks = (block for block in opened.body.blocks if _is_prose(block))
    told = [_told(block, links) for block in blocks if not _is_foreign(folded(block), foreign, linked)]
    own = [text for text in told if text]
    chars = sum(len(line.text) for line in lines)
    return Shape(
        visible_words=sum(count_words(line.text) for line in lines),
        linked_share=sum(line.linked for line in lines) / chars if chars else 0.0,
        own_words=sum(map(count_words, own)),
        own_paragraphs=len(own),
        teasers=len(summaries),
        headlines=len(headlines),
        headline_words=sum(map(count_words, headlines)),
    )


def _headlines(lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    """Linked headlines, and the summaries that stand close below one."""
    headlines: list[str] = []
    summaries: list[str] = []
    distance = _NEAR + 1
    for line in lines:
        distance += 1
        if _is_headline(line):
            headlines.append(line.text)
            distance = 0
        elif distance <= _NEAR and _reads_like_a_summary(line):
            summaries.append(line.text)
            distance = _NEAR + 1
    return headlines, summaries


def _is_headline(line: Line) -> bool:
    return line.linked >= _MOSTLY_LINKED * len(line.text) and count_words(line.text) >= _HEADLINE_WORDS


def _reads_like_a_summary(line: Line) -> bool:
    return line.linked <= _HARDLY_LINKED * len(line.text) and count_words(line.text) >= _SUMMARY_WORDS


def _is_prose(block: str) -> bool:
    if block.startswith("## "):
        return False
    block = max(block.split(" | "), key=len)
    words = count_words(block)
    if block.startswith("- "):
        return words >= _PARAGRAPH_WORDS or (words >= _ITEM_WORDS and block.endswith(_FINAL))
    return words >= _LONG_WORDS or (words >= _SENTENCE_WORDS and block.rstrip().endswith(_FINAL))


def _is_foreign(block: str, foreign: set[str], linked: Mapping[str, int]) -> bool:
    """Whether it is somebody else's: a known line, or hardly more than a link."""
    return len(block) <= _SUMMARY_CHARS and (
        _key(block) in foreign or linked.get(block[:_LINK_CHARS], 0) * 2 > len(block)
    )


def _told(block: str, links: Sequence[str]) -> str:
    """The block, or what is left of a long one into which a list of links was run together."""
    if len(links) < SEVERAL_TEASERS or len(block) < _RUN_TOGETHER_CHARS:
        return block
    text = folded(block)
    contained = [link for link in links[:_MOST_LINKS] if link in text]
    if sum(map(len, contained)) * _RUN_TOGETHER_SHARE < len(text):
        return block
    for link in contained:
        text = text.replace(link, " ", 1)
    return text if count_words(text) >= _LONG_WORDS else ""


def _key(text: str) -> str:
    return text.strip()[:_KEY_CHARS]
