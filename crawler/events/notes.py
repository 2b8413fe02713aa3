"""What the library knows about a source, to stand beside it in an event entry that is given back.

Why so few words for a status: they are those of Wikipedia's citation templates (``url-status``), so that editors know
what each of them does. ``unfit`` hides the link from readers there, so it is said only of another page in the cited
one's place; and ``dead`` only where the web said so itself: a server that refuses crawlers, or that did not answer in
time, proves nothing to a reader with a browser.

Why nothing is said of a link that is no web address, such as ``/news/tankers-wait.md``: it means a place on the site
that the entry came from, and nobody here can tell what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from crawler.errors import UnusableUrl
from crawler.urls import unwrap
from storage.types import ArchiveLink, Document, KnownMemento, LinkKind, Outcome, SourceLink, SourceView

_WEB_ADDRESS = re.compile(r"\s*https?:", re.IGNORECASE)


class UrlStatus(StrEnum):
    """What a reader gets who opens a cited URL."""

    LIVE = "live"
    DEAD = "dead"
    UNFIT = "unfit"
    UNKNOWN = "unknown"


_LIVE = (
    *(Outcome.FETCHED, Outcome.TEASER, Outcome.NOT_MODIFIED, Outcome.NOT_HTML, Outcome.TOO_LARGE),
    *(Outcome.CONSENT_WALL, Outcome.LOGIN_WALL, Outcome.EXTRACTION_LIMIT, Outcome.IMAGE, Outcome.FEED),
)
_DEAD = (
    *(Outcome.GONE, Outcome.SOFT_404, Outcome.DNS, Outcome.REDIRECTS),
    *(Outcome.BAD_URL, Outcome.FORBIDDEN_ADDRESS),
)
_UNCERTAIN = (
    *(Outcome.IMPORTED, Outcome.NO_ARTICLE, Outcome.CHALLENGE, Outcome.NEEDS_JAVASCRIPT, Outcome.BLOCKED),
    *(Outcome.RATE_LIMITED, Outcome.HTTP_ERROR, Outcome.SERVER_ERROR, Outcome.ROBOTS, Outcome.ROBOTS_UNREACHABLE),
    *(Outcome.TIMEOUT, Outcome.CONNECTION, Outcome.TLS, Outcome.BAD_RESPONSE, Outcome.NOT_REPLAYED, Outcome.EXCLUDED),
    *(Outcome.NOT_IMAGE, Outcome.NOT_FEED, Outcome.FAILED),
)

_STATUS_OF: Mapping[Outcome, UrlStatus] = {
    **dict.fromkeys(_LIVE, UrlStatus.LIVE),
    **dict.fromkeys(_DEAD, UrlStatus.DEAD),
    **dict.fromkeys(_UNCERTAIN, UrlStatus.UNKNOWN),
    Outcome.UNRELATED: UrlStatus.UNFIT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceNote:
    """What is known about one cited URL.

    Attributes:
        status: of the URL as it is cited.
        archive: a public copy; ``None`` where none is known.
        headline: of the article there; empty where there is none.
        outcome: of the latest attempt; ``None`` where it was never asked.
        document: its canonical URL; empty where the URL means no document.
    """

    status: UrlStatus = UrlStatus.UNKNOWN
    archive: ArchiveLink | None = None
    headline: str = ""
    outcome: Outcome | None = None
    document: str = ""

    @property
    def archive_url(self) -> str:
        """Of the copy; empty where there is none."""
        return self.archive.url if self.archive else ""

    @property
    def archive_day(self) -> str:
        """``2006-07-05``, the day of the copy in UTC; empty where nobody knows."""
        return f"{self.archive.captured_at:%Y-%m-%d}" if self.archive and self.archive.captured_at else ""

    def adds_to(self, url: str) -> bool:
        """Whether it is worth writing beside that cited URL: not where the URL is the copy itself."""
        return self.archive_url != url


Notes = Mapping[str, SourceNote]
"""Cited URL as written -> what is known about it."""


def url_status(document: Document | None) -> UrlStatus:
    """The status of the URL by which a document is cited; ``None`` means that it cannot be requested at all."""
    if document is None:
        return UrlStatus.DEAD
    return status_of(document.last_outcome)


def status_of(outcome: Outcome | None) -> UrlStatus:
    """What the outcome of the latest attempt at the live web says to a reader."""
    return _STATUS_OF[outcome] if outcome else UrlStatus.UNKNOWN


def notes_of(sources: Iterable[SourceView], copies: Mapping[int, ArchiveLink]) -> Notes:
    """What is known about those of an event's present sources that are articles on the web.

    Args:
        sources: of one event.
        copies: document id -> public copy, as the store knows it.
    """
    return {
        source.link.cited_url: note_of(
            source.link, source.document, copies.get(source.document.id) if source.document else None, source.headline
        )
        for source in sources
        if source.withdrawn_at is None
        and source.link.kind is LinkKind.ARTICLE
        and (source.document is not None or _WEB_ADDRESS.match(source.link.cited_url))
    }


def note_of(link: SourceLink, document: Document | None, archive: ArchiveLink | None, headline: str = "") -> SourceNote:
    """What is known about a source link.

    A cited URL that is itself an archive's says nothing about the live page, and is its own copy; unless the article of
    another copy was accepted: then nobody knows whether the cited one can be read, and that the other can.
    """
    cited = _memento_at(link.cited_url)
    if cited is not None:
        if archive is None or not _is_better(archive, cited):
            archive = _own_copy(link.cited_url, cited, archive)
        return SourceNote(archive=archive, headline=headline, document=document.canonical_url if document else "")
    return SourceNote(
        status=url_status(document),
        archive=archive,
        headline=headline,
        outcome=document.last_outcome if document else None,
        document=document.canonical_url if document else "",
    )


def _memento_at(url: str) -> KnownMemento | None:
    """The copy that a URL is the address of; ``None`` for every other URL."""
    try:
        return unwrap(url)[1]
    except UnusableUrl:
        return None


def _is_better(archive: ArchiveLink, cited: KnownMemento) -> bool:
    """Whether it is an accepted copy, and another one than the cited."""
    return archive.verified and not _is_same(archive, cited)


def _is_same(archive: ArchiveLink, cited: KnownMemento) -> bool:
    """Whether both are one copy, whose URL people write with and without ``https``, a port or the archive's flags."""
    other = _memento_at(archive.url)
    if other is None or cited.captured_at is None:
        return archive.url == cited.url
    return (other.archive, other.captured_at) == (cited.archive, cited.captured_at)


def _own_copy(url: str, cited: KnownMemento, archive: ArchiveLink | None) -> ArchiveLink:
    if archive is not None and _is_same(archive, cited):
        return replace(archive, url=url)
    return ArchiveLink(archive=cited.archive, url=url, captured_at=cited.captured_at)
