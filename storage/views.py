"""What readers of every backend share."""

from __future__ import annotations

_PAGE = "/news/"


def event_name(name: str) -> str:
    """The key, or the beginning of one, in what a person wrote: a key or a page path like ``/news/KEY.md``."""
    key = name.strip()
    start = key.find(_PAGE)
    if start >= 0:
        key = key[start + len(_PAGE) :]
    return key.removeprefix(_PAGE[1:]).removesuffix(".md").strip("/")
