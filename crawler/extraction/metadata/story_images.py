"""The images that stand among a story's own lines, with their sizes.

Why by the text around them: classes differ on every site and old pages have none. Where the headline stands and where
the body's words end is known, so whatever lies between belongs to the story, or is an advertisement, which its shape
betrays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.addresses import absolute
from crawler.extraction.metadata.image_names import is_mark, number

_MAX_IMAGES = 400
_BEFORE = 2
_MIN_WIDTH, _MIN_HEIGHT = 100, 75
_LONGEST = 3.0
_BANNERS = frozenset({(300, 250), (336, 280), (250, 250), (180, 150), (125, 125), (120, 240), (200, 200), (120, 90)})
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-url", "src")
_WIDTH = re.compile(r"(?:^|[;\s])width\s*:\s*(\d{1,4})px", re.IGNORECASE)
_HEIGHT = re.compile(r"(?:^|[;\s])height\s*:\s*(\d{1,4})px", re.IGNORECASE)
_KEY_WORDS = 4
_SAME = 5
_NEAR_TOP = 2
_PIECE_CHARS = 160
_PIECES = etree.XPath(
    "//body//text()[string-length(.) > 11] | //body//img[not(ancestor::amp-img)] | //body//amp-img", smart_strings=False
)
"""Shorter pieces are labels of menus: half of a page, and no paragraph begins with them alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryImage:
    """One image of the story.

    Attributes:
        element: the img element.
        url: absolute.
        area: in pixels; 0 where the page states no size.
        leads: it stands before the second paragraph and can be the one that leads.
    """

    element: HtmlElement
    url: str
    area: int
    leads: bool


def story_images(page: ParsedPage, headline: str, blocks: Sequence[str]) -> tuple[StoryImage, ...]:
    """Images from the headline (or shortly before the first words) to the last words of the body."""
    if next(page.tree.iter("img", "amp-img"), None) is None:
        return ()
    marks, placed = _placed(page, _keys(blocks), " ".join(headline.lower().split()))
    if not marks:
        return ()
    first, last = marks[0], marks[-1]
    second = marks[min(len(marks) - 1, _NEAR_TOP)]
    before = [image for place, image in placed if place < first][-_BEFORE:]
    inside = [(place, image) for place, image in placed if first <= place < last]
    found = [_story_image(page, image, leads=True) for image in before if _is_captioned(image)]
    found += [_story_image(page, image, leads=place <= second) for place, image in inside]
    return tuple(image for image in found if image)


def _keys(blocks: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Runs of words near the beginnings of all blocks."""
    found: set[tuple[str, ...]] = set()
    for block in blocks:
        words = block.removeprefix("## ").removeprefix("- ").removeprefix("> ")[:_PIECE_CHARS].split()
        found.update(zip(*(words[offset:] for offset in range(_KEY_WORDS)), strict=False))
        if len(words) < _KEY_WORDS:
            found.add(tuple(words))
    return frozenset(found - {()})


def _placed(
    page: ParsedPage, keys: frozenset[tuple[str, ...]], headline: str
) -> tuple[list[int], list[tuple[int, HtmlElement]]]:
    """(places of the headline and of the body's words, all images with their places), counted in pieces of text."""
    marks: list[int] = []
    images: list[tuple[int, HtmlElement]] = []
    place = headed = 0
    for piece in _pieces(page):
        if not isinstance(piece, str):
            images.append((place, piece))
            continue
        place += 1
        words = tuple(piece[:_PIECE_CHARS].split(None, _KEY_WORDS)[:_KEY_WORDS])
        if words in keys:
            marks.extend([headed, place] if headed and not marks else [place])
        elif headline and not marks and _opens(piece, headline):
            headed = place
    return marks, images[:_MAX_IMAGES]


def _opens(piece: str, headline: str) -> bool:
    """Whether the piece is the (lower-case) headline, or most of it where it is broken up."""
    if piece.lstrip()[:_SAME].lower() != headline[:_SAME]:
        return False
    text = " ".join(piece[: len(headline) * 2].lower().split())
    return headline.startswith(text) and len(text) * 2 >= len(headline)


def _pieces(page: ParsedPage) -> Iterator[str | HtmlElement]:
    """Pieces of text that are no labels, and images, in the order of the page."""
    yield from _PIECES(page.tree)


def _is_captioned(image: HtmlElement) -> bool:
    return any(ancestor.tag == "figure" for ancestor in image.iterancestors("figure"))


def _story_image(page: ParsedPage, element: HtmlElement, *, leads: bool) -> StoryImage | None:
    url = _address(page, element)
    width, height = _size(element)
    if not url or is_mark(url) or not _is_picture(element, width, height):
        return None
    return StoryImage(element=element, url=url, area=width * height, leads=leads)


def _address(page: ParsedPage, element: HtmlElement) -> str:
    for name in _LAZY:
        if address := absolute(page, element.get(name)):
            return address
    listed = element.get("srcset") or element.get("data-srcset") or ""
    return absolute(page, listed.split(",")[-1].strip().partition(" ")[0])


def _size(element: HtmlElement) -> tuple[int, int]:
    style = element.get("style") or ""
    wide, high = _WIDTH.search(style), _HEIGHT.search(style)
    width = number(element.get("width")) or (int(wide[1]) if wide else 0)
    height = number(element.get("height")) or (int(high[1]) if high else 0)
    return width, height


def _is_picture(element: HtmlElement, width: int, height: int) -> bool:
    """Whether the size is that of a picture: no button, no banner, no advertisement of a usual size behind a link."""
    if (0 < width < _MIN_WIDTH) or (0 < height < _MIN_HEIGHT):
        return False
    if width and height and not 1 / _LONGEST <= width / height <= _LONGEST:
        return False
    parent = element.getparent()
    return not ((width, height) in _BANNERS and parent is not None and parent.tag == "a")
