"""Lines that belong to the page and not to the story: what stands above it, below it, and links alone within it.

Why the edges are judged harder than the middle: nine of ten such lines stand among the first and the last few blocks,
and a paragraph wrongly cut costs more than a line wrongly kept. In the middle only what is certain goes: the caption of
a picture, an advertisement's label, a link to another story alone on its line.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extraction.body.cleaning import wording
from crawler.extraction.body.cleaning.cleaned import Cleaned
from crawler.extraction.body.cleaning.marks import Marks
from crawler.extraction.body.cleaning.wording import Known
from crawler.extraction.body.found import Hints
from crawler.extraction.body.sight import Shown, shown_blocks
from crawler.extraction.body.standfirst import Standfirst, find_standfirst
from crawler.extraction.cuts import MOST_CUTS, cut
from crawler.extraction.document import ParsedPage
from crawler.extraction.text import folded

_TOP_BLOCKS, _TOP_PROSE = 8, 2
_LINES_ABOVE, _LINE_ABOVE_CHARS = 12, 45
_BOTTOM_BLOCKS = 14
_FIRST_BLOCKS = 8
_TAIL_SHARE, _TAIL_BLOCKS = 0.3, 14
_TEXTS_BELOW, _INVITATION_BLOCKS = {"author": 2, "newsletter": 1}, 4
_BIO_CHARS, _CAPTION_CHARS = 700, 400
_LINK_ALONE, _MOSTLY_LINKED, _LINK_CHARS = 0.9, 0.5, (20, 220)
_LEFT_SHARE = 0.35
_DATELINE_ENDS = ("-", "–", "—")
_TOP_MARKS = frozenset(
    {"caption", "newsletter", "advertisement", "share", "breadcrumb", "reading time", "related", "author", "date"}
    | {"tags", "comments", "copyright", "hidden", "not printed", "form"}
)
_BOTTOM_MARKS = (_TOP_MARKS | {"footer"}) - {"date", "hidden"}
_MIDDLE_LINK_MARKS = frozenset({"newsletter", "share", "related"})


def clean(blocks: tuple[str, ...], page: ParsedPage, hints: Hints) -> Cleaned:
    """Take the page's own lines from a body, and its standfirst.

    Args:
        blocks: of a candidate, with their marks.
        page: that they come from.
        hints: headline and byline of the story.

    Returns:
        What is left; the blocks as they were where hardly anything would be.
    """
    shown = shown_blocks(blocks, page)
    known, marks = Known(page, hints.headline, hints.byline), Marks(shown)
    reasons = _Judge(shown, known, marks).reasons()
    if _is_too_much(shown, reasons):
        reasons = {}
    left = [(index, block) for index, block in enumerate(shown) if index not in reasons]
    standfirst = _stated(hints, left) or find_standfirst(page, known.headlines, known.names, left[:_FIRST_BLOCKS])
    gone = {*reasons, *standfirst.blocks}
    kept = tuple(block for index, block in enumerate(blocks) if index not in gone)
    cuts = tuple(cut(shown[index].text, reason, place) for index, (reason, place) in sorted(reasons.items()))
    return Cleaned(blocks=kept, standfirst=standfirst.found, cuts=cuts[:MOST_CUTS])


def _stated(hints: Hints, left: Sequence[tuple[int, Shown]]) -> Standfirst | None:
    """What the publisher's own rule found, and the blocks that repeat it."""
    stated = hints.ruled.fields.get("standfirst")
    if stated is None or not stated.value:
        return None
    text = folded(stated.value)
    first = left[:_FIRST_BLOCKS]
    return Standfirst(
        found=stated, blocks=tuple(index for index, block in first if block.folded and block.folded in text)
    )


def _is_too_much(shown: Sequence[Shown], reasons: dict[int, tuple[str, str]]) -> bool:
    total = sum(len(block.text) for block in shown)
    left = sum(len(block.text) for index, block in enumerate(shown) if index not in reasons)
    return left < _LEFT_SHARE * total


class _Judge:
    """Gathers what goes: index of a block -> (reason, place)."""

    def __init__(self, shown: Sequence[Shown], known: Known, marks: Marks) -> None:
        self._shown, self._known, self._marks = shown, known, marks
        self._found: dict[int, tuple[str, str]] = {}

    def reasons(self) -> dict[int, tuple[str, str]]:
        """All that goes."""
        top = self._above_headline()
        top = self._top(top)
        bottom = self._tail(top)
        bottom = self._bottom(top, bottom)
        self._middle(top, bottom)
        return self._found

    def _cut(self, index: int, reason: str, place: str) -> None:
        self._found.setdefault(index, (reason, place))

    def _above_headline(self) -> int:
        """What stands above a repeated headline is no part of the story either, if it is short lines only."""
        for index, block in enumerate(self._shown[:_LINES_ABOVE]):
            if self._known.repeats_headline(block):
                for above in range(index):
                    if not wording.continues(self._shown[above]):
                        self._cut(above, "above the headline", "top")
                self._cut(index, "headline", "top")
                return index + 1
            if len(block.text) > _LINE_ABOVE_CHARS:
                break
        return 0

    def _top(self, start: int) -> int:
        """Judges the first blocks down to the second paragraph; returns where the middle begins."""
        prose = 0
        for index in range(start, min(len(self._shown), start + _TOP_BLOCKS)):
            block = self._shown[index]
            if reason := self._top_reason(block) or self._listed_links(index):
                self._cut(index, reason, "top")
                continue
            prose += block.prose
            if prose == _TOP_PROSE:
                return index
        return min(len(self._shown), start + _TOP_BLOCKS)

    def _top_reason(self, block: Shown) -> str:
        if self._known.repeats_headline(block):
            return "headline"
        if block.text.endswith(_DATELINE_ENDS) or wording.continues(block):
            return ""
        if reason := self._known.signs(block) or wording.anywhere(block) or wording.above(block):
            return reason
        if wording.teaser(block):
            return "related"
        marked = self._marked(block)
        if marked == "related" and block.linked < _MOSTLY_LINKED:
            return ""
        return marked if marked in _TOP_MARKS and (not block.prose or marked == "caption") else ""

    def _marked(self, block: Shown) -> str:
        if not (block.mark or block.prose) and block.folded in self._known.pictures:
            return "caption"
        return self._marks.reason(block)

    def _listed_links(self, index: int) -> str:
        """An item of a list whose items lead to other stories: ``Label: title``, most of each a link."""
        near = [self._shown[place] for place in (index - 1, index, index + 1) if 0 <= place < len(self._shown)]
        items = [block for block in near if block.mark == "- " and block.linked >= _MOSTLY_LINKED]
        return "related" if len(items) > 1 and self._shown[index] in items else ""

    def _tail(self, top: int) -> int:
        """Cuts all that stands below a line that ends the story; returns where that is."""
        count, total = len(self._shown), sum(len(block.text) for block in self._shown)
        left, first = 0, count
        for index in range(count - 1, max(top, count - 2 * _TAIL_BLOCKS), -1):
            block = self._shown[index]
            left += len(block.text)
            if left > _TAIL_SHARE * total:
                break
            if self._ends_story(index):
                first = index
        if first < count:
            reason = wording.label(self._shown[first])
            for index in range(first, count):
                if not wording.continues(self._shown[index]):
                    self._cut(index, reason, "bottom")
        return first

    def _ends_story(self, index: int) -> bool:
        """Whether what stands below this label is what it announces: an author, readers, or links to other stories."""
        reason, rest = wording.label(self._shown[index]), self._shown[index + 1 :]
        if not reason or reason == "comments":
            return bool(reason)
        texts = sum(block.prose and block.linked < _LINK_ALONE for block in rest)
        return texts <= _TEXTS_BELOW.get(reason, 0) and (reason != "newsletter" or len(rest) <= _INVITATION_BLOCKS)

    def _bottom(self, top: int, end: int) -> int:
        """Judges the last blocks, upwards to the first that is certainly story; returns where the middle ends."""
        last = end
        for index in range(end - 1, max(top, end - _BOTTOM_BLOCKS) - 1, -1):
            block = self._shown[index]
            if reason := self._bottom_reason(block) or self._listed_links(index):
                self._cut(index, reason, "bottom")
                last = index
            elif not wording.continues(block):
                break
        return last

    def _bottom_reason(self, block: Shown) -> str:
        if reason := wording.below(block) or wording.anywhere(block) or wording.credits(block):
            return reason
        if wording.continues(block):
            return ""
        if len(block.text) <= _BIO_CHARS and self._known.describes_author(block):
            return "author"
        if reason := self._known.signs(block):
            return reason
        marked = self._marked(block)
        if marked in _BOTTOM_MARKS and len(block.text) <= _BIO_CHARS:
            return marked
        return "link alone" if _is_link_alone(block, items=True) else ""

    def _middle(self, top: int, bottom: int) -> None:
        label = False
        for index in range(top, bottom):
            block = self._shown[index]
            reason = self._middle_reason(block)
            if not reason and label and block.linked >= _LINK_ALONE:
                reason = "related"
            if reason:
                self._cut(index, reason, "middle")
            label = wording.is_label(block) or (label and bool(reason))

    def _middle_reason(self, block: Shown) -> str:
        if reason := wording.anywhere(block):
            return reason
        if wording.teaser(block):
            return "related"
        marked = self._marks.reason(block)
        if marked == "caption" and len(block.text) <= _CAPTION_CHARS:
            return marked
        if marked in _MIDDLE_LINK_MARKS and block.linked >= _MOSTLY_LINKED and not block.prose:
            return marked
        return "link alone" if _is_link_alone(block, items=False) else ""


def _is_link_alone(block: Shown, *, items: bool) -> bool:
    low, high = _LINK_CHARS
    if block.mark and not (items and block.mark == "- "):
        return False
    return (
        low <= len(block.text) <= high
        and block.linked >= _LINK_ALONE
        and block.text[0].isalnum()
        and "://" not in block.text
    )
