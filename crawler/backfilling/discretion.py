"""Whom a document may be asked about: addresses of private networks are nobody else's business.

An entry may cite a page of its author's own network. No public archive can have it, and to ask would tell the archive
what stands there. Files of our own are looked through all the same; so is everything in a library that says that it
works on a web of its own (``crawl.allow_private``).
"""

from __future__ import annotations

from collections.abc import Iterable

from crawler.archives.protocol import Archive
from crawler.guard import private_host

_OWN = "local"


def told_about(archives: Iterable[Archive], url: str, *, allow_private: bool) -> tuple[Archive, ...]:
    """The archives that may be asked about this URL, in their order."""
    everybody = allow_private or not private_host(url)
    return tuple(archive for archive in archives if everybody or archive.place.kind == _OWN)
