"""The lines of a page that are set as headings: by their element, their class or their size.

Why elements and not lines: before 2005 a headline is ``<font size=5><b>``, broken over two lines by ``<br>``; a reader
sees one heading, and only the element that holds both lines says so. A kicker is told from the headline in the same
way: it stands in an element of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.document import ParsedPage
from crawler.extraction.text import fold_spaces

TOP = 3
"""Rank of an h1 and of what is marked as the headline."""
LARGE = 2
"""Rank of an h2 and of what is set as large as one."""
SMALL = 1
"""Rank of an h3 and of what is set a little larger than the text."""

_MAX_CHARS = 300
_MAX_HINT = 1000
_MAX_PIECES = 40
_MAX_EXAMINED = 400
_MAX_SPOKEN = 6
_TAGS = ("h1", "h2", "h3", "font", "big", "div", "p", "span", "td", "b", "strong")
_MARKABLE = frozenset({"div", "p", "span", "td", "b"})
_BLOCKS = ("div", "p", "h1", "h2", "h3", "h4", "ul", "ol", "table", "td", "time", "section", "article", "img", "form")
_BY_TAG = {"h1": TOP, "h2": LARGE, "h3": SMALL}
_MARK = re.compile(
    r"(?:^|[\s_-])(?:headline|hed|heading|title|titre|titel|titulo|titolo|zagolovok|baslik|tytul"
    r"|(?:art(?:icle)?|story|news|post|entry|page|main|content)(?:head(?:line|er|ing)?|title|hed))(?:$|\s)"
)
_UNMARK = re.compile(r"sub|site|section|widget|related|more|module|block|menu|nav|teaser|promo|caption|comment|sidebar")
_SITE_MARK = re.compile(r"(?:^|[\s_-])(?:logo|masthead|(?:site|blog|brand)[_-]?(?:title|name|header)?)(?:$|[\s_-])")
_SIZE = re.compile(r"font-size\s*:\s*(\d{1,3}(?:\.\d{1,2})?)\s*(px|pt|em|rem|%)", re.IGNORECASE)
_PIXELS = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "%": 0.16}
_LARGE_PIXELS = 20.0
_SMALL_PIXELS = 17.0
_LARGE_FONT = 5
_SMALL_FONT = 4
_HOME = re.compile(r"^/?(?:(?:index|default|home)\.\w{2,5})?$|^/[a-z]{2}/?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading.

    Attributes:
        text: all of it, spaces folded.
        bare: without what stands in elements of its own before or after, the longest first; empty where nothing does.
        rank: `TOP`, `LARGE` or `SMALL`.
        tag: of its element.
        order: its place among the headings.
    """

    text: str
    bare: tuple[str, ...]
    rank: int
    tag: str
    order: int


def headings_of(page: ParsedPage) -> list[Heading]:
    """The headings in page order; logos (linked to the home page) and teasers (linked elsewhere) are none."""
    found: list[Heading] = []
    ranked = ((element, rank) for element in page.tree.iter(*_TAGS) if (rank := _rank(element)))
    for element, rank in islice(ranked, _MAX_EXAMINED):
        if element.tag not in _BY_TAG and any(inner is not element for inner in islice(element.iter(*_BLOCKS), 2)):
            continue
        pieces = list(islice(_pieces(element), _MAX_PIECES))
        text = _joined(pieces)
        if 1 < len(text) <= _MAX_CHARS and not _leads_away(page, element, text, rank):
            found.append(Heading(text, _bare(pieces), rank, element.tag, len(found)))
    return found


def _rank(element: HtmlElement) -> int:
    get, tag = element.get, element.tag
    if tag in _MARKABLE:
        style = get("style")
        return _style_rank(style) if style else TOP if _is_marked(get("class"), get("id"), get("itemprop")) else 0
    if known := _BY_TAG.get(tag):
        if tag == "h1":
            return SMALL if _SITE_MARK.search(f"{get('class') or ''} {get('id') or ''}".lower()) else known
        return TOP if _is_marked(get("class"), get("id"), get("itemprop")) else known
    if tag == "font":
        return _font_rank(get("size") or "")
    style = get("style")
    return _style_rank(style) if style else SMALL if tag == "big" else 0


@lru_cache(maxsize=4096)
def _is_marked(class_: str | None, id_: str | None, itemprop: str | None) -> bool:
    """Whether class, id or itemprop say that this is the headline; remembered, for the same stand on every block."""
    if itemprop and "headline" in itemprop.lower().split():
        return True
    hint = f"{class_ or ''} {id_ or ''}".lower()
    return len(hint) > 1 and len(hint) <= _MAX_HINT and _MARK.search(hint) is not None and _UNMARK.search(hint) is None


def _font_rank(size: str) -> int:
    stated = size.strip()
    digits = stated.lstrip("+-")[:2]
    if not digits.isdecimal() or stated.startswith("-"):
        return 0
    value = int(digits) + (3 if stated.startswith("+") else 0)
    return LARGE if value >= _LARGE_FONT else SMALL if value >= _SMALL_FONT else 0


def _style_rank(style: str) -> int:
    match = _SIZE.search(style[:_MAX_CHARS])
    pixels = float(match[1]) * _PIXELS[match[2].lower()] if match else 0.0
    return LARGE if pixels >= _LARGE_PIXELS else SMALL if pixels >= _SMALL_PIXELS else 0


def _pieces(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    """(text, in an element of its own) of what the heading consists of; a line break is a space."""
    while len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        element = element[0]
    yield element.text or "", False
    for child in islice(element, _MAX_PIECES):
        own = isinstance(child.tag, str)
        text = "".join(islice(child.itertext(), _MAX_PIECES)) if own else ""
        yield (" " if child.tag == "br" else text[: _MAX_CHARS + 1]), own and child.tag not in ("br", "wbr", "i", "em")
        yield child.tail or "", False


def _joined(pieces: list[tuple[str, bool]]) -> str:
    """One line; a space where an element ends in a small letter or a mark and the next begins with a capital."""
    joined = ""
    for text, _ in pieces:
        if joined and text[:1].isupper() and not (joined[-1].isspace() or joined[-1].isupper()):
            joined += " "
        joined += text
    return fold_spaces(joined)


def _bare(pieces: list[tuple[str, bool]]) -> tuple[str, ...]:
    """The heading without what its first or its last elements hold."""
    spoken = [(text, own) for text, own in pieces if text.strip()][:_MAX_SPOKEN]
    if not any(own for _, own in spoken):
        return ()
    borders = [index for index in range(1, len(spoken)) if spoken[index - 1][1] or spoken[index][1]]
    shorter = [*(spoken[index:] for index in borders), *(spoken[:index] for index in reversed(borders))]
    return tuple(text for rest in shorter if (text := _joined(rest).strip(" :|–—-/")))


def _leads_away(page: ParsedPage, element: HtmlElement, text: str, rank: int) -> bool:
    """Whether all of a heading is a link to the home page, or to another page where it is no h1."""
    link = next(element.iter("a"), None)
    if link is None and element.getparent() is not None and element.getparent().tag == "a":
        link = element.getparent()
    href = "" if link is None else (link.get("href") or "").strip()
    if link is None or not href or len(fold_spaces("".join(islice(link.itertext(), _MAX_PIECES)))) < len(text):
        return False
    try:
        parts = urlsplit(urljoin(page.url, href))
    except ValueError:
        return True
    if parts.path == page.path and (parts.query or "?" not in page.url):
        return False
    return rank < TOP or bool(_HOME.match(parts.path))
