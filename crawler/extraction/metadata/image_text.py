"""The text that belongs to an image in a page: its caption and its marked credit.

Why climb: a figure says where its caption is, a table of 2003 does not. But an element that holds one image and a few
words, and nothing of the story, is a picture with what stands under it in every age.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.text import UNSPACED, fold_spaces, plain

_CAPTION = re.compile(
    r"caption|legend|bildunterschrift|leyenda|didascalia|pie-?de-?foto|bu-?text|cutline", re.IGNORECASE
)
_CAP = re.compile(r"(?:^|[\s_-])cap(?:$|[\s_-])", re.IGNORECASE)
"""A short name for a caption; believed of what follows an image only."""
_CREDIT = re.compile(
    r"credit|copyright|photographer|byline|fotograf|image-?source|quelle|author|agency|kredit", re.IGNORECASE
)
_CLIMB = 7
_MAX_CHARS = 500
_TALL = 40
_HOLDERS = frozenset({"div", "span", "p", "td", "tr", "tbody", "table", "center", "li", "a"})
"""What may hold a picture and its caption; so do elements of a site's own making."""
_MARKED_EM = frozenset({"em", "i", "small", "font", "cite"})
_FILE = re.compile(r"^\S+\.(?:jpe?g|png|gif|webp)$|^(?:image|photo|img|picture|foto|bild)[\s_-]?\d*$", re.IGNORECASE)
_LEAST_WORDS = 3
_NO_CAPTIONS = ("h1", "h2", "h3", "time", "button", "script", "ul", "ol", "form", "input", "video")
_BYLINE = re.compile(r"(?:by|von|par|por|di|door|автор)\s+\w+(?:\s\w+){0,3}$", re.IGNORECASE)


def below(image: HtmlElement) -> tuple[str, str, str]:
    """(text of the caption, text of the marked credit, where it stood); empty strings where there is none."""
    figure = next(image.iterancestors("figure"), None)
    if figure is not None:
        caption = next(figure.iter("figcaption"), None)
        text, credit = _parted(caption if caption is not None else figure)
        if text or credit:
            return text, credit, "figcaption"
    holders = (one for one in image.iterancestors() if one.tag in _HOLDERS or "-" in one.tag)
    for holder in islice(holders, _CLIMB):
        if len(text := _text(holder)) > _MAX_CHARS or _pictures(holder) > 1 or _holds_more(holder):
            break
        marked = next((one for one in holder.iterdescendants() if _named(one, _CAPTION)), None)
        if marked is not None and any(_parted(marked)):
            return *_parted(marked, holder), "class caption"
        if _says_something(text) and holder.tag not in ("a", "span") and not _is_alone(holder):
            return *_parted(holder), "below the image"
    return *_next_to(image), "below the image"


def described(image: HtmlElement | None, stated: str) -> str:
    """The alternative text, where it is more than a name of a file; a caption only in need."""
    own = plain(image.get("alt")) if image is not None else ""
    for text in (own, stated):
        if len(text.split()) >= _LEAST_WORDS and not _FILE.match(text) and len(text) <= _MAX_CHARS:
            return text
    return ""


def _parted(element: HtmlElement, around: HtmlElement | None = None) -> tuple[str, str]:
    """(text without the marked credit, the marked credit)."""
    marked = [one for one in (around if around is not None else element).iterdescendants() if _named(one, _CREDIT)]
    outer = next((one for one in marked if _text(one) and len(_text(one)) < _MAX_CHARS // 4), None)
    outer = outer if outer is not None else _cited(element)
    if outer is None or outer is element:
        return _text(element), ""
    return fold_spaces(" ".join(_texts_without(element, outer))), _text(outer)


def _cited(element: HtmlElement) -> HtmlElement | None:
    """A cite element that closes the text: the source of what is shown."""
    last = element[-1] if len(element) else None
    closes = last is not None and last.tag == "cite" and not (last.tail or "").strip()
    return last if closes and len(element) and (element.text or "").strip() else None


def _texts_without(element: HtmlElement, left_out: HtmlElement) -> Iterator[str]:
    if element is left_out:
        return
    if element.text and isinstance(element.tag, str):
        yield element.text
    for child in element:
        yield from _texts_without(child, left_out)
        if child.tail:
            yield child.tail


def _named(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    if not isinstance(element.tag, str):
        return False
    return (
        pattern.search(f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('id', '')}") is not None
    )


def _is_alone(holder: HtmlElement) -> bool:
    """Whether the holder is a paragraph of the story with a picture in it, and not a picture with its caption."""
    return holder.tag == "p" and not _marked_texts(holder)


def _marked_texts(holder: HtmlElement) -> bool:
    return any(_text(one) for one in holder.iterdescendants(*_MARKED_EM))


def _holds_more(holder: HtmlElement) -> bool:
    """Whether the holder is more than a picture: it has a headline, a date, a control, or leads to another story."""
    if next(holder.iterdescendants(*_NO_CAPTIONS), None) is not None:
        return True
    linked = sum(len(_text(link)) for link in islice(holder.iterdescendants("a"), 3))
    return linked * 2 > len(_text(holder)) > 0


def _says_something(text: str) -> bool:
    """Whether a text under an image is more than a label, a date or the name of who wrote the story."""
    letters = sum(char.isalpha() for char in text)
    enough = len(text.split()) >= _LEAST_WORDS or ":" in text or "/" in text or len(UNSPACED.findall(text)) > _TALL // 4
    return enough and letters * 2 > len(text) and not _BYLINE.match(text)


def _next_to(image: HtmlElement) -> tuple[str, str]:
    """The paragraph after the image's own, where it is written in italics or small print from end to end."""
    holder = image
    for parent in islice(image.iterancestors("p", "div", "a", "span", "center"), 3):
        if _text(parent):
            break
        holder = parent
    follower = holder.getnext()
    if follower is None or not isinstance(follower.tag, str) or len(text := _text(follower)) > _MAX_CHARS:
        return "", ""
    inner = [one for one in follower.iter(*_MARKED_EM) if _text(one) == text]
    known = bool(inner) or _named(follower, _CAPTION) or _CAP.search(follower.get("class") or "") is not None
    return _parted(follower) if text and known else ("", "")


def _text(element: HtmlElement) -> str:
    return fold_spaces(" ".join(islice(element.itertext(), _TALL * 10)))


def _pictures(element: HtmlElement) -> int:
    """How many images the element holds that are no spacers."""
    shown = (one for one in element.iter("img", "amp-img") if next(one.iterancestors("amp-img"), None) is None)
    wide = (one for one in shown if (one.get("width") or "999").strip("px ") not in ("1", "5", "10"))
    return sum(1 for _ in islice(wide, 2))
