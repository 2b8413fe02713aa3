"""As what a captured page is given to a browser: a stranger's bytes at an address of ours. Pure.

Why nothing hangs on the type alone: every answer with captured bytes comes in a sandbox without an origin, in which no
script runs, no form is sent and nothing is loaded (`crawler.web.guarding.headers.CAPTURED`). That only few types are
given as themselves is a second wall: an SVG, a PDF or a script is text, or a file to be saved.

Why the bytes are not touched: what was captured is the evidence. No `<base>` is put in and no link is rewritten. A link
that is followed leads out of the frame's sandbox to a page that refuses to be framed, or out of the library; both bring
no cookie along and change nothing.

Why no stored header is passed on: a captured ``Set-Cookie``, ``Refresh`` or ``Link`` would be obeyed in our name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crawler.web.guarding.headers import IN_OWN_FRAME
from storage.types import Capture, CaptureKind

MOST_SHOWN = 8 << 20
"""Bytes of a page that are given; the record has all."""


class Showing(StrEnum):
    """How a capture can be looked at: as a page or as text in a frame, as a picture, or only as a file."""

    PAGE = "page"
    TEXT = "text"
    PICTURE = "picture"
    FILE = "file"


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """As what the bytes of a capture are given.

    Attributes:
        showing: see `Showing`.
        content_type: with the charset that was stored, where it is one.
    """

    showing: Showing
    content_type: str


_PAGES = frozenset(("text/html", "application/xhtml+xml"))
_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
_TEXTS = re.compile(r"text/.+|application/(?:.+\+)?(?:json|xml|javascript|x-javascript|ecmascript)|image/svg\+xml")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9][A-Za-z0-9_.:-]{0,39})", re.IGNORECASE)
_SHIFTING = frozenset(
    ("utf-7", "utf7", "unicode-1-1-utf-7", "csunicode11utf7", "iso-2022-kr", "iso-2022-cn", "hz-gb-2312")
)
"""Encodings in which signs that look harmless become others; no browser of today reads them, and none is told to."""


def given_as(capture: Capture) -> Given:
    """As what a capture is given."""
    media_type = capture.media_type
    if media_type in _PICTURES:
        return Given(showing=Showing.PICTURE, content_type=media_type)
    if media_type in _PAGES:
        return Given(showing=Showing.PAGE, content_type=f"text/html{_charset(capture)}")
    if not media_type or _TEXTS.fullmatch(media_type):
        return Given(showing=Showing.TEXT, content_type=f"text/plain{_charset(capture) or '; charset=utf-8'}")
    return Given(showing=Showing.FILE, content_type="application/octet-stream")


def headers_of(capture: Capture) -> Mapping[str, str]:
    """The headers with which its bytes are given; none of them is a stored one."""
    given = given_as(capture)
    headers = {**IN_OWN_FRAME, "Content-Type": given.content_type}
    if given.showing is Showing.FILE:
        headers["Content-Disposition"] = f'attachment; filename="capture-{capture.id}.bin"'
    return headers


def _charset(capture: Capture) -> str:
    if capture.kind is CaptureKind.IMPORTED:
        return "; charset=utf-8"
    stated = next((value for name, value in capture.headers if name.lower() == "content-type"), "")
    found = _CHARSET.search(stated)
    name = found[1].lower() if found else ""
    return f"; charset={name}" if name and name not in _SHIFTING else ""
