"""The videos and sounds that a page is about, described as the page describes them.

Why only what the page is about: nearly every page of today carries a player with some other story. What counts is what
structured data, preview tags or the page's own player name under this headline, or, where the address itself says
"video", the first player of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import Node, address_of, types_of
from crawler.extraction.metadata.addresses import absolute
from crawler.extraction.text import folded, plain
from storage.types import MediaItem, Medium

_TYPES = {
    **dict.fromkeys(("videoobject", "clip", "tvepisode", "videoobjectsnapshot", "movie"), Medium.VIDEO),
    **dict.fromkeys(("audioobject", "podcastepisode", "radioepisode", "audiobook", "musicrecording"), Medium.AUDIO),
}
_KEYS = ("video", "audio", "associatedMedia", "subjectOf")
_SEGMENTS = {
    **dict.fromkeys(("video", "videos", "watch", "tv", "clip", "clips", "av", "videoid", "video-news"), Medium.VIDEO),
    **dict.fromkeys(("audio", "podcast", "podcasts", "radio", "listen", "sounds"), Medium.AUDIO),
}
_PLAYERS = re.compile(
    r"//(?:www\.)?(?:(?P<video>youtube(?:-nocookie)?\.com/embed/|player\.vimeo\.com/|dailymotion\.com/embed/|rutube\.ru/)"
    r"|(?P<audio>w\.soundcloud\.com/player|open\.spotify\.com/embed/|embed\.podcasts\.apple\.com/))",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"^-?P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d{1,9})?S)?)?$", re.IGNORECASE
)
_CLOCK = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):(\d\d)$")
_MOST, _MOST_PLAYERS = 5, 20
_MAX_TEXT = 2000
_BESIDE_WORDS = 250
"""A page with more words than this tells its story itself; the video is beside it."""


def find_media(page: ParsedPage, headline: str) -> tuple[MediaItem, ...]:
    """What the page is about, at most five; empty for a page that only carries somebody's player."""
    found = [*_declared(page, headline), *_previewed(page, headline)]
    if not found and (medium := _named_by_address(page)):
        found = [item for item in _players(page, headline) if item.medium is medium][:1]
    return tuple({(item.medium, folded(item.name), item.url): item for item in found}.values())[:_MOST]


def medium_of(page: ParsedPage, media: tuple[MediaItem, ...], words: int) -> Medium:
    """In what form the page tells its story.

    Args:
        page: for its address.
        media: as `find_media` gives them.
        words: of the body.
    """
    if not media or words >= _BESIDE_WORDS:
        return Medium.TEXT
    stated = page.article.get("articleBody")
    return Medium.TEXT if stated and not _named_by_address(page) else media[0].medium


def described(media: tuple[MediaItem, ...]) -> str:
    """One line about what there is to see or to hear; empty where there is nothing."""
    return "; ".join(" ".join(filter(None, (_sort_of(item), item.description))) for item in media)[:_MAX_TEXT]


def _sort_of(item: MediaItem) -> str:
    length = "" if item.seconds is None else f" of {item.seconds // 60}:{item.seconds % 60:02}"
    return f"a {item.medium.value}{length}: {item.name}".rstrip(": ")


def _declared(page: ParsedPage, headline: str) -> Iterator[MediaItem]:
    """Structured data: objects of their own, and those that the article names."""
    for node in (*page.nodes, *_inner(page.article)):
        medium = next((_TYPES[name] for name in sorted(types_of(node)) if name in _TYPES), None)
        if medium is not None and _is_of_page(page, node, headline):
            yield MediaItem(
                medium=medium,
                name=plain(node.get("name") or node.get("headline"))[:_MAX_TEXT],
                description=plain(node.get("description"))[:_MAX_TEXT],
                url=absolute(page, address_of([node.get("contentUrl"), node.get("embedUrl"), node.get("url")])),
                seconds=seconds_of(node.get("duration")),
            )


def _inner(article: Node) -> Iterator[Node]:
    for key in _KEYS:
        value = article.get(key)
        yield from (item for item in (value if isinstance(value, list) else [value])[:_MOST] if isinstance(item, dict))


def _is_of_page(page: ParsedPage, node: Node, headline: str) -> bool:
    """Whether the object is this page's: its only subject, named like it, or at its address."""
    if not page.article:
        return True
    name = folded(plain(node.get("name") or node.get("headline")))
    if name and headline and (name in folded(headline) or folded(headline) in name):
        return True
    return node in _inner(page.article)


def _previewed(page: ParsedPage, headline: str) -> Iterator[MediaItem]:
    """What preview tags offer to play, where they call the page itself a video or a sound."""
    kind = page.meta("og:type")[0].lower()
    medium = Medium.VIDEO if kind.startswith("video") else Medium.AUDIO if kind.startswith("music") else None
    if medium is None:
        return
    names = ("og:video:url", "og:video:secure_url", "og:video", "twitter:player")
    if medium is Medium.AUDIO:
        names = ("og:audio:url", "og:audio", "twitter:player", "og:video")
    yield MediaItem(
        medium=medium,
        name=headline,
        description=page.meta("og:description", "description")[0][:_MAX_TEXT],
        url=absolute(page, page.meta(*names)[0]),
        seconds=seconds_of(page.meta("video:duration", "og:video:duration", "music:duration")[0]),
    )


def _named_by_address(page: ParsedPage) -> Medium | None:
    """What a section of the address calls the page."""
    segments = page.path.lower().split("/")[:-1]
    return next((_SEGMENTS[segment] for segment in segments if segment in _SEGMENTS), None)


def _players(page: ParsedPage, headline: str) -> Iterator[MediaItem]:
    """The page's own players: elements for sound and film, and frames of the large platforms."""
    description = page.meta("og:description", "description")[0][:_MAX_TEXT]
    for index, element in enumerate(page.tree.iter("video", "audio", "iframe")):
        if index == _MOST_PLAYERS:
            return
        address = _source(element)
        medium = _medium_of(element, address)
        if medium is not None:
            yield MediaItem(medium=medium, name=headline, description=description, url=absolute(page, address))


def _source(element: HtmlElement) -> str:
    own = element.get("src") or element.get("data-src")
    inner = next((one.get("src") for one in element.iter("source") if one.get("src")), "")
    return own or inner or ""


def _medium_of(element: HtmlElement, address: str) -> Medium | None:
    if element.tag == "iframe":
        match = _PLAYERS.search(address)
        return None if match is None else Medium.VIDEO if match["video"] else Medium.AUDIO
    return Medium(element.tag)


def seconds_of(stated: Any) -> int | None:  # noqa: ANN401 - JSON is untyped
    """A duration as pages state it (``PT2M35S``, ``2:35``, ``155``) in seconds; ``None`` where it is none."""
    if isinstance(stated, bool) or not isinstance(stated, int | float | str):
        return None
    text = str(stated).strip()[:40]
    if match := _ISO.match(text):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return (days * 24 + hours) * 3600 + minutes * 60 + seconds or None
    if match := _CLOCK.match(text):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    whole = text.partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdecimal() and 0 < len(whole) <= 6 else None  # noqa: PLR2004 - 11 days
