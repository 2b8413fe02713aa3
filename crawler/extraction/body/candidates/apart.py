"""What stands apart from a story by where it stands: over its headline, under a picture, in a form, below its end.

Why by place and not by words: a sign-up form in the middle of a text, a caption and the notice that covers a page look
like paragraphs to every candidate, so no agreement between candidates can tell them. Where they stand can: a text that
shares its box with a picture or an input field and with nothing else is about these. Why before the cleaning of the
edges: all of this may stand anywhere in what a candidate gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from crawler.extraction.body.candidates.ends import ends_story
from crawler.extraction.body.markup import Piece
from crawler.extraction.document import ParsedPage
from crawler.extraction.text import folded

_KEY_CHARS = 3000
_BOX_CHARS = 450
_CAPTION_CHARS = 300
_BOX_PIECES = 4
_LEAST_SIDE = 20
_TEXT_TAGS = frozenset({"p", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "body", "article", "main"})
_LIST_TAGS = frozenset({"li", "blockquote", "body"})
_OWN_MARKS = frozenset({"## ", "> "})
_TYPED = frozenset({"text", "email", "search", "tel", "url"})
_DIVISIONS = frozenset({"div", "center", "small", "cite", "em", "i", "font"})
_BUTTON_CHARS = 120
_TITLE_CHARS, _KICKER_CHARS, _LINKED, _LEAST_CARDS = 20, 60, 0.9, 3
_MOST_BOXES = 400
_HEADLINE_ROOM = 1.6
_LEAST_HEADLINE = 16
_STORY_BELOW = 0.4
_STORY_ABOVE = 0.5
_MOST_BOXED = 0.4
_FIRST_BLOCKS, _DATE_CHARS = 5, 40


class Apart:
    """Why texts of a page are no part of its story.

    Args:
        page: the page.
        pieces: all of its texts, in order.
        headline: of the story.
    """

    def __init__(self, page: ParsedPage, pieces: Sequence[Piece], headline: str) -> None:
        self._keys = [key_of(piece.text) for piece in pieces]
        start = _headline_place(pieces, self._keys, folded(headline))
        end, self._end_reason = ends_story(pieces, self._keys, start)
        self._above = frozenset(self._keys[:start]) - frozenset(self._keys[start:])
        self._below = frozenset(self._keys[end:]) - frozenset(self._keys[:end])
        self._boxed = _boxed(page, pieces, self._keys)
        self._headline = folded(headline)

    def reasons(self, blocks: Sequence[str]) -> dict[int, str]:
        """Index of a block -> why it is none of the story; nothing for blocks that would leave too little."""
        keys = [key_of(_unmarked(block)) for block in blocks]
        sizes = [len(key) for key in keys]
        found = {index: "headline" for index, key in enumerate(keys[:_FIRST_BLOCKS]) if self._is_dated_headline(key)}
        found |= self._in_boxes(keys, sizes)
        found |= self._outside(keys, sizes, self._below, self._end_reason, _STORY_ABOVE)
        found |= self._outside(keys, sizes, self._above, "above the headline", _STORY_BELOW)
        return found

    def _is_dated_headline(self, key: str) -> bool:
        rest = key.removeprefix(self._headline)
        return bool(self._headline) and rest != key and len(rest) <= _DATE_CHARS and any(map(str.isdecimal, rest))

    def _in_boxes(self, keys: Sequence[str], sizes: Sequence[int]) -> dict[int, str]:
        found = {index: self._boxed[key] for index, key in enumerate(keys) if key in self._boxed}
        return found if sum(sizes[index] for index in found) <= _MOST_BOXED * sum(sizes) else {}

    def _outside(
        self, keys: Sequence[str], sizes: Sequence[int], there: frozenset[str], reason: str, least: float
    ) -> dict[int, str]:
        found = [index for index, key in enumerate(keys) if key in there]
        left = sum(sizes) - sum(sizes[index] for index in found)
        return dict.fromkeys(found, reason) if left >= least * sum(sizes) else {}


def key_of(text: str) -> str:
    """Equal for equal words."""
    return folded(text[:_KEY_CHARS])


def _unmarked(block: str) -> str:
    return block.removeprefix(next((mark for mark in ("## ", "- ", "> ") if block.startswith(mark)), ""))


def _headline_place(pieces: Sequence[Piece], keys: Sequence[str], headline: str) -> int:
    """Index of the first piece that is the headline, or begins with it, and is no link; 0 where none is."""
    if len(headline) < _LEAST_HEADLINE:
        return 0
    for index, key in enumerate(keys):
        if pieces[index].linked * 2 >= len(key) + 1:
            continue
        is_it = headline in key and len(key) <= _HEADLINE_ROOM * len(headline)
        if is_it or key.startswith(headline) or pieces[index].home.tag == "h1":
            return index
    return 0


def _boxed(page: ParsedPage, pieces: Sequence[Piece], keys: Sequence[str]) -> dict[str, str]:
    """Text -> reason, of texts that stand in boxes and nowhere else."""
    boxes = dict(_boxes(page, pieces))
    if not boxes:
        return {}
    found = Counter[str]()
    reasons: dict[str, str] = {}
    for piece, key in zip(pieces, keys, strict=True):
        reason = next((boxes[element] for element in _upwards(piece.home) if element in boxes), "")
        found[key] += 1 if reason else -len(pieces)
        reasons[key] = reasons.get(key) or reason
    return {key: reasons[key] for key, count in found.items() if count > 0}


def _upwards(element: HtmlElement | None) -> Iterator[HtmlElement]:
    for _ in range(5):
        if element is None:
            return
        yield element
        element = element.getparent()


def _boxes(page: ParsedPage, pieces: Sequence[Piece]) -> Iterator[tuple[HtmlElement, str]]:
    boxes = _Boxes(pieces)
    fields = [field for field in page.tree.iter("input", "textarea", "button") if _is_field(field)]
    for field in fields[:_MOST_BOXES]:
        box = boxes.around(field)
        if box is not None and boxes.is_form(box, field):
            yield box, "form"
    images = [image for image in page.tree.iter("img", "amp-img") if not _is_tiny(image)]
    for image in images[:_MOST_BOXES]:
        box = boxes.around(image)
        if box is not None and boxes.is_caption(box):
            yield box, "caption"
        elif (below := boxes.below(image)) is not None:
            yield below, "caption"
    cards = list(boxes.cards(pieces))
    if len(cards) >= _LEAST_CARDS:
        yield from ((card, "related") for card in cards)


class _Boxes:
    """How much text every element holds, counted until it is too much for a box."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._chars: dict[HtmlElement, int] = {}
        self._inside: dict[HtmlElement, list[Piece]] = {}
        for piece in pieces:
            element: HtmlElement | None = piece.home
            while element is not None:
                before = self._chars.get(element, 0)
                self._chars[element] = before + len(piece.text)
                if before > _BOX_CHARS:
                    break
                self._inside.setdefault(element, []).append(piece)
                element = element.getparent()

    def around(self, element: HtmlElement) -> HtmlElement | None:
        """The smallest element with text around this one, if it has no more text than a box."""
        parent = element.getparent()
        while parent is not None and parent not in self._chars:
            parent = parent.getparent()
        return parent if parent is not None and self._chars[parent] <= _BOX_CHARS else None

    def cards(self, pieces: Sequence[Piece]) -> Iterator[HtmlElement]:
        """The boxes that hold a link alone and what is said of the story to which it leads, in this order."""
        for piece in pieces:
            if len(piece.text) < _TITLE_CHARS or piece.linked < _LINKED * len(piece.text):
                continue
            box: HtmlElement | None = piece.home
            while box is not None and len(self._inside.get(box, ())) == 1:
                box = box.getparent()
            if box is not None and self._is_card(box, piece):
                yield box

    def _is_card(self, box: HtmlElement, link: Piece) -> bool:
        inside = self._inside.get(box, [])
        return (
            self._chars.get(box, 0) <= _BOX_CHARS
            and 1 < len(inside) <= _BOX_PIECES
            and (inside[0] is link or (inside[1] is link and len(inside[0].text) <= _KICKER_CHARS))
            and sum(piece.linked * 2 <= len(piece.text) for piece in inside) <= len(inside) - 1
        )

    def is_form(self, box: HtmlElement, field: HtmlElement) -> bool:
        """Whether the text is about the field: next to a mere button only a line can be, and no text of its own."""
        if box.tag in _TEXT_TAGS:
            return False
        is_typed = field.tag == "textarea" or ((field.get("type") or "text").lower() in _TYPED and field.tag == "input")
        return is_typed or self._chars[box] <= _BUTTON_CHARS

    def below(self, image: HtmlElement) -> HtmlElement | None:
        """A division with a line of text directly under a picture, among paragraphs that are marked as such."""
        parent = image.getparent()
        while parent is not None and parent not in self._chars and parent.tag != "body":
            image, parent = parent, parent.getparent()
        after = image.getnext()
        if parent is None or after is None or (image.tail or "").strip() or after.tag not in _DIVISIONS:
            return None
        is_line = 0 < self._chars.get(after, 0) <= _CAPTION_CHARS and len(self._inside[after]) == 1
        return after if is_line and parent.find("p") is not None else None

    def is_caption(self, box: HtmlElement) -> bool:
        """Whether the text is set apart from the picture and is none that the picture merely stands in."""
        inside = self._inside[box]
        if (
            box.tag in _LIST_TAGS
            or self._chars[box] > _CAPTION_CHARS
            or len(inside) > _BOX_PIECES
            or any(piece.mark in _OWN_MARKS for piece in inside)
        ):
            return False
        return all(piece.home is not box for piece in inside) or not _is_bare(box)


def _is_field(element: HtmlElement) -> bool:
    """Something to fill in or to press; not what only unfolds the text below it."""
    unfolds = element.get("aria-expanded") is not None or element.get("aria-controls") is not None
    return not unfolds and (element.get("type") or "").lower() != "hidden"


def _is_bare(box: HtmlElement) -> bool:
    """Whether text stands in the element itself, in no element of its own."""
    return bool((box.text or "").strip()) or any((child.tail or "").strip() for child in box)


def _is_tiny(image: HtmlElement) -> bool:
    """An icon, a spacer or a counter."""
    for name in ("width", "height"):
        value = (image.get(name) or "")[:6].rstrip("px")
        if value.isdecimal() and int(value) < _LEAST_SIDE:
            return True
    return False
