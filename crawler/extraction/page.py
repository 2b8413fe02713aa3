"""What goes into extraction, and what comes out where there is no article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.types import Citation, HostProbe, Outcome, Redirect, require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class PageInput:
    """One captured response, ready to be understood.

    Attributes:
        url: final URL; relative links are resolved against it.
        content: the body with its content-encoding (gzip, br) removed, character encoding untouched.
        content_type: value of the HTTP header; empty where there was none.
        captured_at: when the response was observed; no stated date may lie after it.
        status: HTTP status of the response.
        headers: of the response, as sent, names in any case.
        requested_url: what was asked for first; empty where that is `url`.
        redirects: the hops from `requested_url` to `url`.
        citations: how event entries cite the document: what the page should be about.
        probe: what the host answers for a path that cannot exist; ``None`` where nobody asked.
        rendered: the content is what a browser made of the page, so no script is left to fill it.
    """

    url: str
    content: bytes
    content_type: str
    captured_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    requested_url: str = ""
    redirects: tuple[Redirect, ...] = ()
    citations: tuple[Citation, ...] = ()
    probe: HostProbe | None = None
    rendered: bool = False

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(captured_at=self.captured_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoArticle:
    """There is no article in the page.

    Attributes:
        outcome: ``NO_ARTICLE`` or ``NOT_HTML``.
        detail: one sentence, with the figures that decided.
    """

    outcome: Outcome
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A value with the place where it stood; an empty value was not found."""

    value: str = ""
    evidence: str = ""


NOWHERE = Found()
"""Nothing was found."""
