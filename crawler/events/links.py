"""Source links: what an entry cites, and which document that means.

Why here alone: every format cites, and each must ask `crawler.urls` in the same way and keep what cannot be requested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from crawler.errors import UnusableUrl
from crawler.events.repair import folded, repaired
from crawler.urls import identify
from storage.types import DocumentIdentity, LinkKind, SourceLink

# Some page generators turned the slashes of URLs in headlines into hyphens; which hyphen was one cannot be known.
_LOST_SLASHES = re.compile(r"https?:--", re.IGNORECASE)
_IMAGE_LABELS = frozenset({"img", "image", "cover image"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One source as a format finds it.

    Attributes:
        url: as written.
        label: as written, markup removed.
        archived_url: a replay URL that the same citation gives for it; empty where there is none.
    """

    url: str
    label: str = ""
    archived_url: str = ""


def source_links(citations: Iterable[Citation]) -> tuple[SourceLink, ...]:
    """Source links in reading order, counted from 1; a repeated pair of label and URL is one link."""
    once = dict.fromkeys(citation for citation in citations if citation.url.strip())
    seen: dict[tuple[str, str], Citation] = {}
    for citation in once:
        label = folded(repaired(citation.label))
        pair = label, citation.url.strip()
        if pair not in seen or (citation.archived_url and not seen[pair].archived_url):
            seen[pair] = citation
    return tuple(
        _source_link(position, label, url, citation.archived_url)
        for position, ((label, url), citation) in enumerate(seen.items(), start=1)
    )


def _source_link(position: int, label: str, url: str, archived_url: str) -> SourceLink:
    kind = LinkKind.IMAGE if label.casefold() in _IMAGE_LABELS else LinkKind.ARTICLE
    try:
        identity = _identity(url)
    except UnusableUrl as error:
        return SourceLink(position=position, label=label, cited_url=url, kind=kind, problem=error.problem)
    identity = _with_memento(identity, archived_url)
    return SourceLink(position=position, label=label, cited_url=url, kind=kind, identity=identity)


def _identity(url: str) -> DocumentIdentity:
    if _LOST_SLASHES.match(url):
        raise UnusableUrl(url, "its slashes were lost before it came here")
    return identify(url)


def _with_memento(identity: DocumentIdentity, archived_url: str) -> DocumentIdentity:
    if not archived_url or identity.memento is not None:
        return identity
    try:
        return replace(identity, memento=identify(archived_url).memento)
    except UnusableUrl:
        return identity
