"""Replay URLs: ``PREFIX TIMESTAMP MODIFIER / URL``, as all archives of the Wayback family write them.

Why always the modifier ``id_``: it gives the bytes as they were stored. Without it archives rewrite links, put their
own banner in, and turn an archived redirect into a page that says so, with status 200.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from crawler.archives.protocol import ArchivePlace, CdxRecord
from crawler.errors import UnusableUrl
from crawler.urls import memento_time, memento_timestamp
from crawler.urls.parts import split
from storage.types import KnownMemento

_LONGEST = 16_384
_REPLAY = re.compile(
    r"(https?://[^/?#]+/(?:[^/?#]*/){0,4}?)([0-9]{1,14})(?:[a-z]{2}_)*/((?:https?(?::|%3A)|www\.).+)",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_SLASHES = re.compile(r"(https?):/*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayUrl:
    """A replay URL taken apart.

    Attributes:
        prefix: up to the timestamp, with its slash.
        timestamp: the digits in it, 1 to 14.
        url: of the page, fit to be requested.
    """

    prefix: str
    timestamp: str
    url: str

    @property
    def raw(self) -> str:
        """The address of the bytes as they were stored."""
        return f"{self.prefix}{self.timestamp}id_/{self.url}"


def raw_url(prefix: str, record: CdxRecord) -> str:
    """The address of a copy's bytes in an archive whose replay URLs begin so."""
    return f"{prefix}{record.timestamp}id_/{record.url}"


def read_replay_url(url: str) -> ReplayUrl | None:
    """A replay URL taken apart; ``None`` where it is none, or what it wraps cannot be requested."""
    found = _REPLAY.fullmatch(url) if len(url) <= _LONGEST else None
    if found is None:
        return None
    page = page_url(found[3])
    return ReplayUrl(prefix=found[1], timestamp=found[2], url=page) if page else None


def page_url(text: str) -> str:
    """A page's URL as it can be requested, from the end of a replay URL; empty where it is none."""
    plain = unquote(text) if re.match(r"https?%3A", text, re.IGNORECASE) else text
    # Servers between us and the archive merge the two slashes.
    whole = _SLASHES.sub(r"\1://", plain, count=1) if plain[:4].lower() == "http" else f"http://{plain}"
    try:
        return split(whole).request_url
    except UnusableUrl:
        return ""


def joined(base: str, location: str) -> str:
    """An absolute URL from a ``Location``; empty where it gives none. Never raises."""
    text = location.strip()
    if not text or len(text) > _LONGEST:
        return ""
    try:
        return urljoin(base, text)
    except ValueError:
        return ""


def host_in(url: str) -> str:
    """Host and port of a URL in lower case; empty where there is none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def is_at(place: ArchivePlace, url: str) -> bool:
    """Whether a URL of the web is on one of an archive's hosts: what an archive names must not lead anywhere else."""
    host = host_in(url) if _WEB.match(url) else ""
    return bool(host) and (
        host in place.hosts
        or host.partition(":")[0] in place.hosts
        or host in {host_in(place.replay_url), host_in(place.index_url)}
    )


def cites(place: ArchivePlace, url: str) -> bool:
    """Whether a cited URL is a copy in this archive: on a host that is all its own, or under one of its prefixes.

    The host alone is not enough where a place states no hosts: one server may hold several collections.
    """
    if host_in(url).removesuffix(":80").removesuffix(":443") in place.hosts:
        return True
    bare = url.partition("://")[2]
    prefixes = (prefix.partition("://")[2] for prefix in (place.replay_url, place.public_url))
    return any(prefix and bare.startswith(prefix) for prefix in prefixes)


def cited_record(memento: KnownMemento) -> CdxRecord | None:
    """The copy that an entry cites, as an index would list it; ``None`` where its address does not tell which.

    This is the ``record`` for `Archive.replayed` after `Archive.cited`.
    """
    found = read_replay_url(memento.url)
    moment = memento_time(found.timestamp) if found is not None else None
    if found is None or moment is None:
        return None
    return CdxRecord(timestamp=memento_timestamp(moment), captured_at=moment, url=found.url)
