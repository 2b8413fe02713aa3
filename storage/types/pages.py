"""What a page is, and what a host says about being asked: the judgements that stand beside an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PageKind(StrEnum):
    """What a response is, as a reader would say it."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    TEASER = "teaser"
    LISTING = "listing"
    GALLERY = "gallery"
    SOFT_404 = "soft_404"
    ERROR_PAGE = "error_page"
    CONSENT_WALL = "consent_wall"
    LOGIN_WALL = "login_wall"
    CHALLENGE = "challenge"
    NEEDS_JAVASCRIPT = "needs_javascript"
    NOT_A_PAGE = "not_a_page"
    DOCUMENT = "document"
    EMPTY = "empty"


PAGE_KIND_MEANINGS: dict[PageKind, str] = {
    PageKind.ARTICLE: "one report, told in sentences",
    PageKind.LIVE_BLOG: "one event reported in dated entries, the latest first",
    PageKind.TEASER: "the beginning of an article, the rest for subscribers",
    PageKind.LISTING: "a home page, a section page, a list of search results, a tag page",
    PageKind.GALLERY: "pictures, a video or a sound, with captions but no report",
    PageKind.SOFT_404: "says in words, or by leading elsewhere, that the page is gone, though the status is a success",
    PageKind.ERROR_PAGE: "the server's own failure, told in words",
    PageKind.CONSENT_WALL: "asks for consent (cookies, terms, age) before it shows anything",
    PageKind.LOGIN_WALL: "asks who the reader is before it shows anything",
    PageKind.CHALLENGE: "a check whether the reader is a robot",
    PageKind.NEEDS_JAVASCRIPT: "an empty shell that a script would fill",
    PageKind.NOT_A_PAGE: "neither HTML nor a PDF with text: an image, a feed, data",
    PageKind.DOCUMENT: "a PDF document that has text",
    PageKind.EMPTY: "too little text to be anything of the above",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Clue:
    """One piece of evidence about a page.

    Attributes:
        name: of the rule that found it, stable (``redirected to the home page``).
        kind: the kind of page that it speaks for.
        weight: how strongly; negative speaks against the kind.
        detail: figures or the words found, at most 200 characters.
    """

    name: str
    kind: PageKind
    weight: float
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageVerdict:
    """What a page was judged to be, and why.

    Attributes:
        kind: the judgement.
        score: 0 to 1; how sure.
        clues: the strongest first.
        page_digest: hex digest of the page's visible text, equal for pages that show the same words; empty where
            there is too little text to tell pages apart by it.
    """

    kind: PageKind
    score: float
    clues: tuple[Clue, ...] = ()
    page_digest: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RobotsDecision:
    """What robots.txt said about one URL.

    Attributes:
        allowed: whether we may fetch it.
        rule: the line that decided and its group (``Disallow: /private/ (line 3, for *)``), or why there is none
            (``no rule applies``, ``robots.txt answered 404: no rules``, ``not asked: crawl.obey_robots is false``).
        status: HTTP status of robots.txt; ``None`` where it was not asked or did not answer.
    """

    allowed: bool
    rule: str
    status: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """How one event entry cites a document: what the page should be about.

    Attributes:
        event_key: the event.
        event_date: its day.
        headline: of the event entry, not of the article.
        label: of the source link (``BBC``).
    """

    event_key: str
    event_date: date
    headline: str
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How well a page covers what the event entries that cite it say: the evidence for taking an archived copy.

    Attributes:
        score: 0 to 1.
        accepted: the page is taken for the one that was cited.
        event_key: the event entry that it fits best; empty where none cites the document.
        found: words of that entry that the page has.
        missing: words of that entry that it has not.
        detail: one sentence with the rule that decided and its figures.
    """

    score: float
    accepted: bool
    event_key: str = ""
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    detail: str = ""
