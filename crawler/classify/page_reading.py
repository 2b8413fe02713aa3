"""What was read of a page, and what comes of it. Apart from `reading`, since passing it on needs no extractor."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.classify.choosing import explained
from crawler.classify.rules.servers import REGION
from storage.types import Article, Outcome, PageKind, PageVerdict

OUTCOME_OF_KIND: dict[PageKind, Outcome] = {
    PageKind.ARTICLE: Outcome.FETCHED,
    PageKind.LIVE_BLOG: Outcome.FETCHED,
    PageKind.TEASER: Outcome.TEASER,
    PageKind.LISTING: Outcome.NO_ARTICLE,
    PageKind.GALLERY: Outcome.NO_ARTICLE,
    PageKind.EMPTY: Outcome.NO_ARTICLE,
    PageKind.SOFT_404: Outcome.SOFT_404,
    PageKind.ERROR_PAGE: Outcome.SERVER_ERROR,
    PageKind.CONSENT_WALL: Outcome.CONSENT_WALL,
    PageKind.LOGIN_WALL: Outcome.LOGIN_WALL,
    PageKind.CHALLENGE: Outcome.CHALLENGE,
    PageKind.NEEDS_JAVASCRIPT: Outcome.NEEDS_JAVASCRIPT,
    PageKind.NOT_A_PAGE: Outcome.NOT_HTML,
    PageKind.DOCUMENT: Outcome.FETCHED,
}
"""What comes of an attempt whose page is of this kind; see `outcome_of` for the one exception."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReading:
    """Everything that one page says.

    Attributes:
        outcome: what comes of the attempt, as far as the page alone can tell.
        detail: one sentence with the strongest clues; empty for an article without a reservation.
        verdict: what the page is, and why; ``None`` only where nobody judged.
        article: extracted; ``None`` unless the kind is one of `ARTICLES` and the status a success.
        reservations: what the publisher reserves, as found.
        wants_probe: knowing what the host answers for a path that cannot exist could change the verdict.
    """

    outcome: Outcome
    detail: str
    verdict: PageVerdict | None
    article: Article | None
    reservations: tuple[str, ...] = ()
    wants_probe: bool = False


def outcome_of(verdict: PageVerdict) -> Outcome:
    """What comes of an attempt with this verdict; a page that is not served to our region is ``blocked``."""
    refused = verdict.kind is PageKind.ERROR_PAGE and any(one.name == REGION for one in verdict.clues)
    return Outcome.BLOCKED if refused else OUTCOME_OF_KIND[verdict.kind]


def detail_of(verdict: PageVerdict, missing: str = "") -> str:
    """The sentence that explains an outcome; nothing for a whole article.

    Args:
        verdict: the judgement.
        missing: what extraction lacked, if anything.
    """
    if verdict.kind in {PageKind.ARTICLE, PageKind.LIVE_BLOG, PageKind.DOCUMENT}:
        return ""
    why = explained(verdict)
    if missing and (verdict.kind is PageKind.EMPTY or not why):
        return missing
    return f"{verdict.kind.value.replace('_', ' ')}: {why}" if why else verdict.kind.value.replace("_", " ")
