"""Plain text of what feeds and pages write as titles."""

from __future__ import annotations

import html
import re

from crawler.discovery.values import LONGEST_TITLE

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")


def plain(text: object) -> str:
    """One line without markup, at most `LONGEST_TITLE` signs; empty for what is no text."""
    if not isinstance(text, str):
        return ""
    shortened = text[: 8 * LONGEST_TITLE]
    bare = html.unescape(_TAG.sub(" ", html.unescape(shortened))) if "&" in shortened or "<" in shortened else shortened
    return _UNSEEN.sub(" ", bare).strip()[:LONGEST_TITLE].rstrip()
