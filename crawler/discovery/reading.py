"""One answer to a poll, read: what it names, or why nothing can be read of it.

What it is decides how it is read, not what it is polled as: configured "feeds" are sitemaps and the other way round
often enough. Only a page is read as a page where one is expected, or the menu of an error page would be news.

Why a feed that cannot be read is a value with a sentence: it is one publisher's mistake among a thousand; `dateline
feeds list` shows it, and the next poll may be better.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from crawler.discovery import feeds, sections, sitemaps
from crawler.discovery.choosing import feeds_in, found_in
from crawler.discovery.plain import plain
from crawler.discovery.values import MOST_BYTES, FeedInput, FeedReading, Further, Listing
from crawler.extraction.sniff import foreign_format
from storage.types import FeedKind

_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = 4096
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The longer marks first: one begins with another."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_XML = re.compile(rb"<\s*(?:[A-Za-z0-9_.-]{1,30}:)?(rss|rdf|feed|urlset|sitemapindex|html|body)\b", re.IGNORECASE)
_SITEMAPS: Final = frozenset({b"urlset", b"sitemapindex"})
_PAGES: Final = frozenset({b"html", b"body"})


class _TooLong(ValueError):
    """The content unfolds to more than is read."""


def read_feed(given: FeedInput) -> FeedReading:
    """What an answer names; never raises but `MemoryError`."""
    try:
        unpacked = replace(given, content=_in_utf8(_unpacked(given.content)))
        listing = _read(unpacked)
        further = listing.further + _of_robots(unpacked)
        return FeedReading(
            found=tuple(found_in(listing, given)),
            feeds=tuple(feeds_in(further, listing, given)),
            entries=listing.total,
            title=listing.title,
            hints=listing.hints,
            problem=plain(listing.problem),
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a reader stumbles over, the feed is broken
        return FeedReading(problem=plain(f"it cannot be read: {type(error).__name__}: {error}")[:300])


def _unpacked(content: bytes) -> bytes:
    """The content without a gzip around it.

    Raises:
        _TooLong: it unfolds to more than `MOST_BYTES`.
        zlib.error: it is broken.
    """
    if not content.startswith(_GZIP):
        return content
    unfolding = zlib.decompressobj(zlib.MAX_WBITS | 16)
    unfolded = unfolding.decompress(content, MOST_BYTES)
    if unfolding.unconsumed_tail:
        raise _TooLong(f"more than {MOST_BYTES:,} bytes")
    return unfolded


def _in_utf8(content: bytes) -> bytes:
    """Text in UTF-16 or UTF-32, as its first bytes say, in UTF-8; feedparser loses some of it. All else as it is."""
    marked = next((name for mark, name in _WIDE if content.startswith(mark)), "")
    if not marked:
        return content
    text = _DECLARATION.sub("", content.decode(marked, "replace").removeprefix("\ufeff"))
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def _read(given: FeedInput) -> Listing:
    if not given.content.strip():
        return Listing(problem="the response is empty")
    return _reader(given)(given)


def _reader(given: FeedInput) -> Callable[[FeedInput], Listing]:
    """Who reads this content."""
    head = given.content[:_HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    root = _XML.search(head)
    name = root[1].lower() if root is not None else b""
    if head.startswith(b"{"):
        return feeds.read_json
    if name in _SITEMAPS:
        return sitemaps.read_xml
    if name and name not in _PAGES:
        return feeds.read_xml
    if sitemaps.is_list(head):
        return sitemaps.read_list
    if given.kind is FeedKind.SECTION and not foreign_format(given.content, given.content_type):
        return sections.read_page
    return _nothing if name or not head.startswith(b"<") else feeds.read_xml


def _nothing(given: FeedInput) -> Listing:
    kind = foreign_format(given.content, given.content_type) or "a page"
    return Listing(problem=f"{kind} came in place of a {given.kind}")


def _of_robots(given: FeedInput) -> tuple[Further, ...]:
    """Sitemaps that robots.txt names, where the page that lists articles stands for its site."""
    if given.kind is not FeedKind.SECTION:
        return ()
    named = [Further(url=url, kind=FeedKind.SITEMAP) for url in given.sitemaps]
    return sitemaps.recent(named, given.seen_at - given.max_age)
