"""How a page is built, whatever its language: prose of its own, teasers of other pages, links, labels.

A caption tells of a picture, not of the event: a series of pictures has as many words as a report.

Why teasers are counted only where there are several: one linked line above a paragraph is a "read also" inside an
article; four of them, each with a summary below, are a section page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.classify.parting import has_sentences, leads_elsewhere, parted, passages, squeezed
from crawler.classify.phrases.readers import MORE_LABELS
from crawler.extraction.lines import Line
from crawler.extraction.text import count_words, folded

if TYPE_CHECKING:
    from crawler.extraction.article import OpenedPage

SEVERAL_TEASERS = 3
"""From here on, linked headlines with a summary below are teasers of other pages."""
_NEAR = 3
_SUMMARY_WORDS = 7
_HEADLINE_WORDS = 4
_HARDLY_LINKED = 0.3
_PARTED_CHARS, _MOST_PARTED = 120, 3
_SENTENCE_WORDS, _LONG_WORDS, _ITEM_WORDS, _PARAGRAPH_WORDS = 8, 20, 12, 40
_FINAL = tuple(".!?…。！？؟।։\"'”’»›“‘)」』】")
_STOPS = frozenset(".!?…。！？؟।։۔」』")
_KEY_CHARS, _LINK_CHARS = 60, 20
_RUN_TOGETHER_CHARS, _RUN_TOGETHER_SHARE = 300, 3
_SUMMARY_CHARS = 900
_MOST_LINKS = 400
_MORE_CHARS, _CREDIT_CHARS, _SEVERAL_CAPTIONS = 40, 60, 4
_COUNTED = re.compile(r"^\W{0,2}(?:\w{1,10} )?\d{1,3} ?(?:/|of|von|de|sur|di|van|из|з) ?\d{1,3}\b(?![/.:])")
_CREDIT_SIGNS = frozenset(":：/©")
_CREDIT = re.compile(
    r"(?:\b(?:photos?|fotos?|bild|image|picture|crédits?|фото|zdj|fot|fotoğraf|صورة)|写真|撮影|사진|摄|攝)\s?[:：/©]",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Counts over a page; words of scripts without spaces are counted as two characters each.

    Attributes:
        visible_words: of all visible lines.
        linked_share: of their characters, how many are links.
        own_words: of the body's sentences, without teasers of other pages and what stands under every page.
        own_paragraphs: how many blocks these words stand in.
        teasers: linked headlines with a summary below, or summaries with a link to more.
        headlines: linked lines of several words.
        headline_words: of them.
        captions: lines that describe a picture.
    """

    visible_words: int
    linked_share: float
    own_words: int
    own_paragraphs: int
    teasers: int
    headlines: int
    headline_words: int
    captions: int


def read_shape(opened: OpenedPage, excluded: Iterable[str]) -> Shape:
    """Measure a page.

    Args:
        opened: the page.
        excluded: folded lines that are not the page's own prose: a wall's request, a notice.
    """
    lines = opened.parsed.lines
    known = {line.text: text for line, text in zip(lines, opened.parsed.folded, strict=True) if text}
    headlines, summaries = _headlines(lines)
    above_more = _summaries_above_more(lines, opened.parsed.folded)
    foreign = {_key(line) for line in excluded}
    for teasers in (summaries, above_more):
        foreign |= (
            {_key(known.get(text) or folded(text)) for text in teasers} if len(teasers) >= SEVERAL_TEASERS else set()
        )
    captions = _captions(lines)
    foreign |= {_key(known.get(text) or folded(text)) for text in captions}
    links = [known.get(text) or folded(text) for text in headlines]
    linked = {text[:_LINK_CHARS]: len(text) for text in links}
    blocks = (block for block in _blocks(opened, foreign) if _is_prose(block))
    told = [_told(block, links) for block in blocks if not _is_foreign(folded(block), foreign, linked)]
    own = [text for text in told if text]
    chars = sum(len(line.text) for line in lines)
    return Shape(
        visible_words=sum(count_words(line.text) for line in lines),
        linked_share=sum(line.linked for line in lines) / chars if chars else 0.0,
        own_words=sum(map(count_words, own)),
        own_paragraphs=len(own),
        teasers=max(len(summaries), len(above_more)),
        headlines=len(headlines),
        headline_words=sum(map(count_words, headlines)),
        captions=len(captions),
    )


def _blocks(opened: OpenedPage, foreign: set[str]) -> list[str]:
    """The body's blocks, the longest of them parted where several lines of the page were run together."""
    blocks, found = opened.body.blocks, list[str]()
    whole = {line.text for line in opened.parsed.lines}
    joined = [block for block in blocks if len(block) >= _PARTED_CHARS and block not in whole]
    longest = frozenset(sorted(joined, key=len, reverse=True)[:_MOST_PARTED])
    parts = [squeezed(line.text) for line in opened.parsed.lines] if longest else []
    for block in blocks:
        lines = parted(block, opened.parsed.lines, parts) if block in longest else ()
        others = frozenset(id(line) for line in lines if _key(folded(line.text)) in foreign)
        found.extend(passages(lines, others) if lines else (block,))
    return found


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


def _summaries_above_more(lines: Sequence[Line], texts: Sequence[str]) -> list[str]:
    """The texts that end in a link to more, or stand right above one."""
    found = []
    for index, line in enumerate(lines):
        if line.linked and _leads_to_more(texts[index]):
            near = [line, *lines[max(0, index - _NEAR) : index][::-1]]
            found += [next((one.text for one in near if _reads_like_a_summary(one)), "")]
    return [text for text in found if text]


def _leads_to_more(text: str) -> bool:
    """Whether a folded line ends with the label of such a link."""
    words = text[-_MORE_CHARS:].split(" ")
    return any(" ".join(words[-count:]) in MORE_LABELS for count in (1, 2, 3))


def _captions(lines: Sequence[Line]) -> list[str]:
    """Figure captions, and the lines with a number or a photographer's name of their own, where there are several."""
    marked = [line.text for line in lines if _COUNTED.match(line.text) or _is_credited(line.text[-_CREDIT_CHARS:])]
    figures = [line.text for line in lines if line.tag == "figcaption"]
    return [*figures, *(marked if len(marked) >= _SEVERAL_CAPTIONS else ())]


def _is_credited(ending: str) -> bool:
    return not _CREDIT_SIGNS.isdisjoint(ending) and _CREDIT.search(ending) is not None


def _is_headline(line: Line) -> bool:
    return leads_elsewhere(line) and count_words(line.text) >= _HEADLINE_WORDS


def _reads_like_a_summary(line: Line) -> bool:
    return line.linked <= _HARDLY_LINKED * len(line.text) and count_words(line.text) >= _SUMMARY_WORDS


def _is_prose(block: str) -> bool:
    if block.startswith("## "):
        return False
    block = max(block.split(" | "), key=len)
    words = count_words(block)
    if block.startswith("- "):
        return words >= _PARAGRAPH_WORDS or (words >= _ITEM_WORDS and block.endswith(_FINAL))
    if words < _LONG_WORDS:
        return words >= _SENTENCE_WORDS and _ends_as_sentences_do(block)
    return has_sentences(block, words)


def _ends_as_sentences_do(block: str) -> bool:
    """Whether there is a stop at the end, a quote or a bracket around it or not; agencies stand in brackets too."""
    return any(char in _STOPS for char in block.rstrip()[-3:])


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
