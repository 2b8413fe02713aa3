"""Is a response HTML at all? If not, what is it?

Why bytes before header: servers call PDF files ``text/html`` and error pages ``application/pdf``; the first bytes of a
format do not lie. The header only decides where the bytes say nothing.
"""

from __future__ import annotations

import re

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"BM\x00", "a bitmap image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b\x08", "gzip data"),
    (b"ID3", "MP3 audio"),
    (b"OggS", "Ogg audio or video"),
    (b"fLaC", "FLAC audio"),
    (b"FLV\x01", "Flash video"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM video"),
    (b"FWS", "a Flash movie"),
    (b"CWS", "a Flash movie"),
    (b"%!PS", "a PostScript document"),
    (b".RMF", "RealMedia"),
)
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|table|div|script|h[1-6]|p|a|br|font|center)\b", re.IGNORECASE
)
_FEED = re.compile(rb"<(rss|feed|rdf:RDF|urlset|sitemapindex|svg|opml|kml|wml)\b", re.IGNORECASE)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_VAGUE_TYPES = frozenset(
    {"", "text/plain", "application/octet-stream", "text/xml", "application/xml", "unknown/unknown"}
)
_HEAD_BYTES = 4096
_FEED_NAMES = {
    b"rss": "an RSS feed",
    b"rdf:rdf": "an RSS feed",
    b"feed": "an Atom feed",
    b"urlset": "a sitemap",
    b"sitemapindex": "a sitemap",
    b"svg": "an SVG image",
}


def foreign_format(content: bytes, content_type: str) -> str:
    """What the response is, if it is not HTML (``a PDF document``); empty when it may be a page."""
    head = _plain_head(content)
    media_type = content_type.partition(";")[0].partition(",")[0].strip().lower()
    return _by_signature(content) or _by_markup(head) or _by_header(head, media_type)


def _plain_head(content: bytes) -> bytes:
    """The first bytes without byte order marks and NULs, so that UTF-16 looks like ASCII."""
    return content[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\x00", b"").lstrip()


def _by_signature(content: bytes) -> str:
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    if content[4:8] == b"ftyp":
        return "MP4 audio or video"
    if content.startswith(b"RIFF"):
        return {b"WEBP": "a WebP image", b"AVI ": "AVI video", b"WAVE": "WAVE audio"}.get(content[8:12], "RIFF media")
    return ""


def _by_markup(head: bytes) -> str:
    """Name a feed by its root element, unless HTML markup comes first."""
    feed = _FEED.search(head)
    if feed is None:
        return ""
    markup = _MARKUP.search(head)
    if markup is not None and markup.start() < feed.start():
        return ""
    return _FEED_NAMES.get(feed[1].lower(), f"{feed[1].decode('ascii').lower()} markup")


def _by_header(head: bytes, media_type: str) -> str:
    if _MARKUP.search(head) is not None:
        return ""
    if head[:1] in (b"{", b"["):
        return "JSON data"
    if head[:5] == b"<?xml" and media_type not in _HTML_TYPES:
        return "an XML document"
    if media_type in _HTML_TYPES or media_type in _VAGUE_TYPES:
        return ""
    return f"a response of type {media_type[:60]}"
