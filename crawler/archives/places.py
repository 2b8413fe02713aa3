"""The archives that are known without being configured, in the order in which they are asked.

Why these intervals: limits hold per IP address, and an archive that feels them broken closes the door on everybody
behind that address. All stay below what is documented, because other tools of the same person count too.
"""

from __future__ import annotations

from crawler.archives.protocol import ArchivePlace, Pool
from crawler.archives.replay_urls import host_in, read_replay_url
from storage.types import KnownMemento

LOCAL = ArchivePlace(name="local", kind="local")
"""Files of our own: nobody is asked."""

INTERNET_ARCHIVE = ArchivePlace(
    name="internet-archive",
    kind="cdx",
    dialect="internet-archive",
    index_url="https://web.archive.org/cdx/search/cdx",
    replay_url="https://web.archive.org/web/",
    public_url="https://web.archive.org/web/",
    hosts=(
        "web.archive.org",
        "wayback.archive.org",
        "www.archive.org",
        "archive.org",
        "web-beta.archive.org",
        "classic-web.archive.org",
        "liveweb.archive.org",
        "replay.web.archive.org",
        "waybackmachine.org",
        "www.waybackmachine.org",
        "replay.waybackmachine.org",
        "api.waybackmachine.org",
    ),
    # Index: 30 a minute over CDX and TimeMap together, so 24. Other requests: 600 a minute, so a fifth of that. Who
    # goes on for a minute after a 429 is shut out for an hour, and twice as long each further time.
    interval_s={Pool.INDEX: 2.5, Pool.REPLAY: 0.5},
)

ARQUIVO = ArchivePlace(
    name="arquivo.pt",
    kind="cdx",
    dialect="arquivo",
    index_url="https://arquivo.pt/wayback/cdx",
    replay_url="https://arquivo.pt/noFrame/replay/",
    public_url="https://arquivo.pt/wayback/",
    hosts=("arquivo.pt", "www.arquivo.pt"),
    # CDX: 250 a minute; Memento: 400 a minute. Breaking them shuts an address out for good, so half of both.
    interval_s={Pool.INDEX: 0.5, Pool.REPLAY: 0.3},
)

COMMON_CRAWL = ArchivePlace(
    name="common-crawl",
    kind="common-crawl",
    index_url="https://index.commoncrawl.org/",
    replay_url="https://data.commoncrawl.org/",
    # No figure is published for the index; a few hundred fast requests get an address blocked. Files: none, either.
    interval_s={Pool.INDEX: 1.0, Pool.REPLAY: 0.3},
)

PLACES: tuple[ArchivePlace, ...] = (LOCAL, INTERNET_ARCHIVE, ARQUIVO, COMMON_CRAWL)
"""In the order in which they are asked: what is at hand, the largest, a national one, and the one without pictures of
old pages."""

# Archives that show pictures of pages or rewritten ones only, or hold robots off.
_NOT_RAW = frozenset(
    {
        *(f"archive.{end}" for end in ("today", "is", "ph", "fo", "li", "md", "vn")),
        "www.webcitation.org",
        "webcitation.org",
        "archive.wikiwix.com",
    }
)
_UNKNOWN_INTERVAL_S = 2.0


def cited_place(memento: KnownMemento) -> ArchivePlace | None:
    """A place for a memento in an archive that no place names; ``None`` where its address tells no raw copy.

    Its name is the host. It has a replay and no index: an archive is asked for the copy that somebody cites, not for
    others; which index belongs to it is for ``dateline.toml`` to say.
    """
    found = read_replay_url(memento.url)
    host = host_in(memento.url)
    if found is None or not host or host.removeprefix("www.") in _NOT_RAW:
        return None
    return ArchivePlace(
        name=host,
        kind="cdx",
        dialect="pywb",
        replay_url=found.prefix,
        public_url=found.prefix,
        hosts=(host,),
        interval_s={Pool.INDEX: _UNKNOWN_INTERVAL_S, Pool.REPLAY: _UNKNOWN_INTERVAL_S},
        enabled=False,
    )
