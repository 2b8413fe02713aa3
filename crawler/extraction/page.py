"""What goes into extraction, and what comes out where there is no article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml.html import HtmlElement

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
    """A value with the place where it stood; an empty value was not found.

    Attributes:
        value: as it is stored.
        evidence: where it stood, as `storage.types.Article.evidence` has it.
        confidence: 0 to 1: how often a value from such a place was right on labelled pages.
    """

    value: str = ""
    evidence: str = ""
    confidence: float = 0.0


NOWHERE = Found()
"""Nothing was found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruled:
    """What a publisher's own rule found in a page; everything is empty where no rule applies.

    Attributes:
        rule: its name (``bbc-2003``).
        missed: what should have been found and was not, as `storage.types.BodyChoice.missed` has it.
        fields: field of `storage.types.Article` -> what was found; ``published_at`` and ``modified_at`` as written.
        body: the elements that hold the body, in the order of the page.
        dropped: elements inside of them that are no part of it.
    """

    rule: str = ""
    missed: tuple[str, ...] = ()
    fields: Mapping[str, Found] = field(default_factory=dict)
    body: tuple[HtmlElement, ...] = ()
    dropped: tuple[HtmlElement, ...] = ()


UNRULED = Ruled()
"""No publisher's rule applies."""
