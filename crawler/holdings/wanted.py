"""The URL keys that a scan looks for: a set of millions that fits anywhere and says "no" at almost no cost.

Why two steps: nearly every record of a news crawl is of a host that no document is on, and knowing that takes one look
into a dictionary by the beginning of its URL. Only the rest is worth making a key of.

Why hashes in an array and not a set of strings: a million keys are 8 MB instead of 200. Two keys with one hash of 64
bits would keep one record too many in the index, which is then never asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from crawler.errors import UnusableUrl
from crawler.urls.parts import split
from crawler.urls.surt import surt

_MOST_SITES = 200_000
_SCHEME = len("https://")


class WantedKeys:
    """URL keys of documents, for asking whether a URL is one of theirs."""

    def __init__(self, keys: Iterable[str]) -> None:
        marks = array("q")
        self._hosts: set[str] = set()
        for key in keys:
            marks.append(hash(key))
            self._hosts.add(_host(key))
        self._marks = array("q", sorted(marks))
        self._sites: dict[str, bool] = {}

    def __len__(self) -> int:
        return len(self._marks)

    def key_of(self, url: str) -> str | None:
        """The key of a URL that is wanted, else ``None``.

        Raises:
            UnusableUrl: it has no key, though its host is wanted.
        """
        if not self.may_hold(url):
            return None
        key = surt(split(url))
        mark = hash(key)
        at = bisect_left(self._marks, mark)
        return key if at < len(self._marks) and self._marks[at] == mark else None

    def may_hold(self, url: str) -> bool:
        """False where its host is none of a wanted document; the only step for nearly every URL."""
        end = url.find("/", _SCHEME)
        site = url[:end] if end > 0 else url
        known = self._sites.get(site)
        return self._look_up(site) if known is None else known

    def _look_up(self, site: str) -> bool:
        try:
            known = _host(surt(split(site))) in self._hosts
        except UnusableUrl:
            known = False
        if len(self._sites) >= _MOST_SITES:
            self._sites.clear()
        self._sites[site] = known
        return known


def _host(key: str) -> str:
    return key.partition(")")[0]
