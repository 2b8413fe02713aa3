"""A plain list of URLs, one a line: documents wanted without an event. ``#`` begins a comment.

Why one bad line refuses the file: a list is made by a machine, and a line that is no URL means that it is another list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.errors import UnusableUrl
from crawler.events.contract import BrokenEntry, EntryText, ReadOptions
from crawler.urls import identify
from storage.types import EntryOrigin, LooseSource

_URL = re.compile(r"https?://\S+$", re.IGNORECASE)
_HEAD_LINES = 20


class UrlList:
    """Format ``urls``."""

    name = "urls"

    def recognises(self, name: str, text: str) -> bool:  # noqa: ARG002  the protocol's shape
        """Its first lines are URLs and nothing else."""
        wanted = list(_wanted(text, limit=_HEAD_LINES))
        return bool(wanted) and all(_URL.match(url) for _, url in wanted)

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[LooseSource]:  # noqa: ARG002
        """Every URL of the list."""
        for number, url in _wanted(source.text):
            if not _URL.match(url):
                raise BrokenEntry(number, f"{url[:80]!r} is no URL", "write one http or https URL per line")
            try:
                identity = identify(url)
            except UnusableUrl as error:
                raise BrokenEntry(number, f"{url[:80]!r}: {error.problem}", "correct or remove the line") from error
            origin = EntryOrigin(name=source.name, line=number, format=self.name)
            yield LooseSource(cited_url=url, identity=identity, origin=origin)


def _wanted(text: str, limit: int = 0) -> Iterator[tuple[int, str]]:
    found = 0
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            found += 1
            yield number, bare
            if found == limit:
                return
