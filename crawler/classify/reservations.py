"""What a publisher reserves: words to robots in headers and meta tags, and the TDM reservation protocol.

Only collected, as found: what follows from it is a matter of policy, and of the country. ``noindex`` and ``nofollow``
speak to search engines about their results and are left out; ``noarchive`` and its kin speak about copies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.extraction import PageInput

if TYPE_CHECKING:
    from crawler.extraction.article import OpenedPage

OUR_NAME = "dateline"
"""As robots rules may name us."""
_WORDS = re.compile(r"\b(noarchive|noai|noimageai|nocache|noml|nosnippet|none)\b", re.IGNORECASE)
_METAS = ("robots", "googlebot", "googlebot-news", "bingbot", OUR_NAME)
_TDM = ("tdm-reservation", "tdm-policy")
_MOST, _MOST_CHARS = 20, 200


def reservations(page: PageInput, opened: OpenedPage | None) -> tuple[str, ...]:
    """``X-Robots-Tag: noarchive``, ``meta tdm-reservation: 1`` and the like, headers first, each once."""
    found = [*_in_headers(page), *(_in_metas(opened) if opened is not None else ())]
    return tuple(dict.fromkeys(text[:_MOST_CHARS] for text in found))[:_MOST]


def _in_headers(page: PageInput) -> Iterator[str]:
    for name, value in page.headers:
        lowered = name.lower()
        if lowered == "x-robots-tag" and _WORDS.search(value):
            yield f"X-Robots-Tag: {_one_line(value)}"
        elif lowered in _TDM and _reserves(lowered, value):
            yield f"{lowered}: {_one_line(value)}"


def _in_metas(opened: OpenedPage) -> Iterator[str]:
    metas = opened.parsed.metas
    for name in _METAS:
        for content in metas.get(name, ()):
            if _WORDS.search(content):
                yield f"meta {name}: {_one_line(content)}"
    for name in _TDM:
        for content in metas.get(name, ()):
            if _reserves(name, content):
                yield f"meta {name}: {_one_line(content)}"


def _reserves(name: str, value: str) -> bool:
    """A policy is always worth noting; a reservation of 0 says that nothing is reserved."""
    stated = value.strip()
    return bool(stated) and (name != "tdm-reservation" or stated != "0")


def _one_line(value: str) -> str:
    return " ".join(value.split())
