"""Web archives: where mementos come from. Sans-I/O modules behind one protocol; see `crawler.archives.protocol`.

A new archive of a known kind is one section ``[archives."NAME"]`` in ``dateline.toml``; a new kind is one module here
and one line in `KINDS`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from crawler.archives.cdx import Cdx
from crawler.archives.choosing import clean, ranked
from crawler.archives.common_crawl import CommonCrawl
from crawler.archives.dialects import DIALECTS
from crawler.archives.local import Local
from crawler.archives.memento import MementoArchive
from crawler.archives.places import PLACES, cited_place
from crawler.archives.protocol import (
    Answer,
    Archive,
    ArchivePlace,
    CdxRecord,
    Heard,
    Hop,
    Pool,
    Problem,
    Question,
    Replayed,
    Wanted,
    Window,
)
from crawler.archives.replay_urls import cited_record
from crawler.errors import ConfigurationError

KINDS: Mapping[str, Callable[[ArchivePlace], Archive]] = MappingProxyType(
    {
        "cdx": Cdx,
        "memento": MementoArchive,
        "common-crawl": CommonCrawl,
        "local": Local,
    }
)
"""What ``kind`` in ``dateline.toml`` may say, and the module that serves it."""


def archive_of(place: ArchivePlace) -> Archive:
    """The archive at a place, ready to be asked.

    Raises:
        ConfigurationError: nobody serves its kind, or it speaks no known dialect.
    """
    if place.kind not in KINDS:
        raise ConfigurationError(f"archives.{place.name}.kind: {place.kind!r} is none of {', '.join(KINDS)}")
    return KINDS[place.kind](place)


__all__ = [
    "DIALECTS",
    "KINDS",
    "PLACES",
    "Answer",
    "Archive",
    "ArchivePlace",
    "CdxRecord",
    "Heard",
    "Hop",
    "Pool",
    "Problem",
    "Question",
    "Replayed",
    "Wanted",
    "Window",
    "archive_of",
    "cited_place",
    "cited_record",
    "clean",
    "ranked",
]
