"""How people name an event on the command line, turned into what the store looks up."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_PAGE = re.compile(r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}/[^/]+$")


def event_name(given: str) -> str:
    """A key, alias or beginning of a key stays; a page path, file or URL becomes the key that its last parts are.

    ``/news/2006/07/5/slug.md``, ``./entries/2006/07/5/slug.md`` and ``https://site/news/2006/07/5/slug`` all name
    ``2006/07/5/slug``.
    """
    path = given.replace("\\", "/").split("#")[0].split("?")[0].rstrip("/")
    without_suffix = path.removesuffix(".md").removesuffix(".html")
    found = _PAGE.search(without_suffix)
    if found and len(PurePosixPath(without_suffix).parts) > len(PurePosixPath(found.group()).parts):
        return found.group()
    return without_suffix if found else given
