"""What the library knows about a source, to stand beside it in an event entry that is given back.

Why so few words for a status: they are those of Wikipedia's citation templates (``url-status``), so that editors know
what each of them does. ``unfit`` hides the link from readers there, so it is said only of another page in the cited
one's place; and ``dead`` only where the web said so itself: a server that refuses crawlers, or that did not answer in
time, proves nothing to a reader with a browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.types import ArchiveLink, Document, Outcome, SourceLink


class UrlStatus(StrEnum):
    """What a reader gets who opens a cited URL."""

    LIVE = "live"
    DEAD = "dead"
    UNFIT = "unfit"
    UNKNOWN = "unknown"


_LIVE = (
    *(Outcome.FETCHED, Outcome.TEASER, Outcome.NOT_MODIFIED, Outcome.NOT_HTML, Outcome.TOO_LARGE),
    *(Outcome.CONSENT_WALL, Outcome.LOGIN_WALL, Outcome.EXTRACTION_LIMIT),
)
_DEAD = (
    *(Outcome.GONE, Outcome.SOFT_404, Outcome.DNS, Outcome.REDIRECTS),
    *(Outcome.BAD_URL, Outcome.FORBIDDEN_ADDRESS),
)
_UNCERTAIN = (
    *(Outcome.IMPORTED, Outcome.NO_ARTICLE, Outcome.CHALLENGE, Outcome.NEEDS_JAVASCRIPT, Outcome.BLOCKED),
    *(Outcome.RATE_LIMITED, Outcome.HTTP_ERROR, Outcome.SERVER_ERROR, Outcome.ROBOTS, Outcome.ROBOTS_UNREACHABLE),
    *(Outcome.TIMEOUT, Outcome.CONNECTION, Outcome.TLS, Outcome.BAD_RESPONSE, Outcome.NOT_REPLAYED, Outcome.EXCLUDED),
    Outcome.FAILED,
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


def note_of(link: SourceLink, document: Document | None, archive: ArchiveLink | None, headline: str = "") -> SourceNote:
    """What is known about a source link.

    A cited URL that is itself an archive's says nothing about the live page, and is its own copy.
    """
    memento = link.identity.memento if link.identity else None
    if memento is not None and memento.url == link.cited_url:
        archive = ArchiveLink(archive=memento.archive, url=memento.url, captured_at=memento.captured_at)
        return SourceNote(archive=archive, headline=headline, document=document.canonical_url if document else "")
    return SourceNote(
        status=url_status(document),
        archive=archive,
        headline=headline,
        outcome=document.last_outcome if document else None,
        document=document.canonical_url if document else "",
    )
