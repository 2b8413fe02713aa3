"""The links of one list item of an event page, and what we wrote behind them.

::

    1. [Courier](http://courier.example/2) ([archived 2006-07-05](https://archive.example/...), link dead)

Why the reader knows what the writer adds: a page that was given back is edited and imported again. The copy named there
is no source of the event, so it is read as what it is, an archived copy of the link before it; and what stands there
already is not added a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from crawler.events.notes import SourceNote, UrlStatus

ITEM = re.compile(r"\s*\d+\.\s+(.*)")
_URL = r"(?:[^()\s]|\([^()\s]*\))+"
_LINK = re.compile(rf"\[(?P<label>(?:[^\[\]]|\[[^\[\]]{{0,400}}\]){{0,4000}})\]\((?P<url>{_URL})\)")
_LOOSE_LINK = re.compile(r"\[(?P<label>.*)\]\((?P<url>[^()\s]\S*)\)\s*$")
_STATUS = r"link (?:status )?(?P<{0}>live|dead|unfit|unknown)"
_ADDITION = re.compile(
    rf" \((?:\[archived(?: (?P<day>\d{{4}}-\d\d-\d\d))?\]\((?P<url>{_URL})\)(?:, {_STATUS.format('status')})?"
    rf"|{_STATUS.format('alone')})\)"
)
_UNSAFE = re.compile(r"[\s<>]")
_WORDS = {status: f"link {status}" for status in UrlStatus} | {UrlStatus.UNKNOWN: "link status unknown"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """What stands behind a link: a copy's URL, its day (``2006-07-05``) and a status, as far as they are known."""

    archive_url: str = ""
    day: str = ""
    status: UrlStatus | None = None

    def __str__(self) -> str:
        """As written on the page, with the space before it; empty where nothing is known."""
        link = f"[{f'archived {self.day}'.strip()}]({markdown_url(self.archive_url)})" if self.archive_url else ""
        said = [part for part in (link, _WORDS[self.status] if self.status else "") if part]
        return f" ({', '.join(said)})" if said else ""

    def improved(self, note: SourceNote) -> Addition:
        """With what the note knows; what it does not know stays as it stands."""
        known = note.status is not UrlStatus.UNKNOWN or self.status is None
        return Addition(
            archive_url=note.archive_url or self.archive_url,
            day=note.archive_day if note.archive_url else self.day,
            status=note.status if known else self.status,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PageLink:
    """One link of an item.

    Attributes:
        label: as written.
        url: as written.
        end: place in the item behind the link.
        addition_end: place behind what we wrote after it; ``end`` where that is nothing.
        addition: what we wrote after it.
    """

    label: str
    url: str
    end: int
    addition_end: int
    addition: Addition


def links_of(item: str) -> list[PageLink]:
    """The links in reading order; of an item whose brackets do not pair, the one link that may be meant."""
    return list(_paired(item)) or list(_loose(item))


def _paired(item: str) -> Iterator[PageLink]:
    if not _LINK.search(_without_last_addition(item)):
        return
    place = 0
    while found := _LINK.search(item, place):
        link = _link(found, item)
        place = link.addition_end
        yield link


def _loose(item: str) -> Iterator[PageLink]:
    found = _LOOSE_LINK.search(_without_last_addition(item))
    if found:
        yield _link(found, item)


def _without_last_addition(item: str) -> str:
    last = None
    for last in _ADDITION.finditer(item):  # noqa: B007  the last one is wanted
        pass
    return item[: last.start()] if last and not item[last.end() :].strip() else item


def _link(found: re.Match[str], item: str) -> PageLink:
    added = _ADDITION.match(item, found.end())
    return PageLink(
        label=found["label"],
        url=found["url"],
        end=found.end(),
        addition_end=added.end() if added else found.end(),
        addition=_read(added) if added else Addition(),
    )


def _read(added: re.Match[str]) -> Addition:
    status = added["status"] or added["alone"]
    return Addition(
        archive_url=added["url"] or "", day=added["day"] or "", status=UrlStatus(status) if status else None
    )


def markdown_url(url: str) -> str:
    """The URL so that Markdown sees its end where it is."""
    bare = _UNSAFE.sub(lambda sign: quote(sign[0]), url)
    return bare if re.fullmatch(_URL, bare) else bare.replace("(", "%28").replace(")", "%29")
