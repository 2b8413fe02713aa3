"""Forms, players and empty containers: what the tree holds beside its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from crawler.extraction.text import fold_spaces, folded

if TYPE_CHECKING:
    from crawler.extraction.article import OpenedPage

_MOST = 600
_SMALL_PIXELS = 60
_PLAYERS = (
    "youtube",
    "vimeo",
    "dailymotion",
    "brightcove",
    "jwplayer",
    "jwplatform",
    "player",
    "video",
    "soundcloud",
    "spotify",
)
_ROOTS = frozenset(
    {
        "root",
        "app",
        "__next",
        "__nuxt",
        "app-root",
        "main-app",
        "react-root",
        "react-app",
        "___gatsby",
        "svelte",
        "ember",
    }
    | {
        "application",
        "page-root",
        "app-container",
        "vue-app",
        "mount",
        "approot",
        "reactroot",
        "app-mount",
        "q-app",
        "wrapper-app",
    }
)
_EMPTY_CHARS = 25
_AROUND = 12
_BESIDE = frozenset({"a", "nav", "aside", "footer", "header", "li", "noscript"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Furnishings:
    """What the tree holds beside its text.

    Attributes:
        passwords: password fields.
        fields: other fields that a reader fills in.
        buttons: folded labels of buttons, in page order.
        captchas: image or text fields named after a captcha, frames of a check.
        players: films and sounds, embedded players too.
        pictures: images large enough to be looked at, or of unknown size.
        shown: pictures below the first heading that are no link and no icon: something to look at.
        article_tags: article elements.
        empty_roots: ids of containers that a script fills, empty here.
        noscript: folded text for browsers without scripts.
        frames: sources of the frames of a frameset.
    """

    passwords: int
    fields: int
    buttons: tuple[str, ...]
    captchas: int
    players: int
    pictures: int
    shown: int
    article_tags: int
    empty_roots: tuple[str, ...]
    noscript: str
    frames: int


def read_furnishings(opened: OpenedPage) -> Furnishings:
    """Walk the tree once per question; every walk is bounded."""
    tree, unread = opened.parsed.tree, opened.parsed.unread
    inputs = list(_some(tree, "input", "textarea"))
    kinds = [(element.get("type") or "text").lower() for element in inputs]
    return Furnishings(
        passwords=kinds.count("password"),
        fields=sum(kind in {"text", "email", "tel", "number", "date"} for kind in kinds),
        buttons=tuple(_buttons(tree, inputs)),
        captchas=sum("captcha" in _named(element) for element in (*inputs, *_some(tree, "iframe"))),
        players=_players(tree) + unread.get("object", 0) + unread.get("embed", 0),
        pictures=sum(map(_is_large, _some(tree, "img"))),
        shown=sum(map(_is_shown, _below_the_heading(tree))),
        article_tags=sum(1 for _ in _some(tree, "article")),
        empty_roots=tuple(_empty_roots(tree)),
        noscript=f"\n{folded(' '.join(_text(element, 400) for element in islice(tree.iter('noscript'), 20)))}\n",
        frames=sum(1 for _ in _some(tree, "frame")),
    )


def _some(tree: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    return islice(tree.iter(*tags), _MOST)


def _text(element: HtmlElement, limit: int) -> str:
    return fold_spaces("".join(islice(element.itertext(), 40)))[:limit]


def _named(element: HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("name", "id", "class", "src", "title")).lower()


def _buttons(tree: HtmlElement, inputs: list[HtmlElement]) -> Iterator[str]:
    for element in _some(tree, "button"):
        if text := folded(_text(element, 80)):
            yield text
    for element in inputs:
        if (element.get("type") or "").lower() in {"submit", "button"} and (
            text := folded((element.get("value") or "")[:80])
        ):
            yield text


def _players(tree: HtmlElement) -> int:
    frames = sum(any(name in (frame.get("src") or "").lower() for name in _PLAYERS) for frame in _some(tree, "iframe"))
    return frames + sum(1 for _ in _some(tree, "video", "audio"))


def _is_large(image: HtmlElement) -> bool:
    """Whether an image is not a pixel, an icon or a spacer, as far as its tag says."""
    for name in ("width", "height"):
        stated = (image.get(name) or "").removesuffix("px").strip()
        if stated.isascii() and stated.isdigit() and int(stated[:6]) < _SMALL_PIXELS:
            return False
    return True


def _below_the_heading(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The pictures after the first heading; all of them where there is none."""
    elements = tree.iter("h1", "h2", "img")
    heading = next((element for element in tree.iter("h1", "h2")), None)
    if heading is not None:
        for element in elements:
            if element is heading:
                break
    return islice((element for element in elements if element.tag == "img"), _MOST)


def _is_shown(image: HtmlElement) -> bool:
    """Whether a picture stands for itself: large, and not the picture of a link, a menu or a frame around the page."""
    above = {parent.tag for parent in islice(image.iterancestors(), _AROUND)}
    return _is_large(image) and above.isdisjoint(_BESIDE)


def _empty_roots(tree: HtmlElement) -> Iterator[str]:
    body = tree.find("body")
    if body is None:
        return
    for element in islice(body.iter("div", "main", "section", "app-root", "my-app"), _MOST):
        name = (element.get("id") or "").lower() or (element.tag if "-" in element.tag else "")
        if (name in _ROOTS or "-" in element.tag) and len(_text(element, 200)) <= _EMPTY_CHARS:
            yield name
