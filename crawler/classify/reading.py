"""One page read once: opened, extracted, judged.

Why judged after extraction: the strongest evidence for an article is its text, and whether a declared paywall holds
anything back shows only there. A page that was refused (401, 403, 503 ...) is judged all the same, because a check for
robots is another thing to an archive than a password; but it never gives an article.
"""

from __future__ import annotations

from http import HTTPStatus

from crawler.classify.choosing import ARTICLES, IN_ITS_PLACE, WEAK, choose, strength
from crawler.classify.clues import clue
from crawler.classify.facts import Facts, gather
from crawler.classify.fingerprints import fingerprint, page_digest, plain_lines
from crawler.classify.page_reading import OUTCOME_OF_KIND, PageReading, detail_of, outcome_of
from crawler.classify.reservations import reservations
from crawler.classify.rules import RULES
from crawler.classify.rules.articles import TELLS
from crawler.extraction import NoArticle, PageInput
from crawler.extraction.article import OpenedPage, article_of, extract, open_page
from crawler.extraction.metadata.media import described, find_media
from crawler.extraction.pdf import is_pdf
from crawler.extraction.text import count_words
from storage.types import Article, Outcome, PageKind, PageVerdict

_SURE_ARTICLE = 4.5
_SURE = 0.93
_JSON_OPENINGS = frozenset({b"{", b"["})


def classify(page: PageInput) -> PageVerdict:
    """What a page is, and why. Pure; no input raises; the same input always gives the same verdict."""
    if is_pdf(page.content):
        return _of_document(extract(page))
    opened = _open(page)
    if isinstance(opened, NoArticle):
        return _unopened(opened)
    found = article_of(opened)
    return _judge(gather(page, opened, None if isinstance(found, NoArticle) else found))


def read_page(page: PageInput) -> PageReading:
    """Open, extract and judge a page, once each."""
    if is_pdf(page.content):
        return _read_document(page)
    opened = _open(page)
    if isinstance(opened, NoArticle):
        verdict = _unopened(opened)
        return PageReading(
            outcome=OUTCOME_OF_KIND[verdict.kind],
            detail=opened.detail,
            verdict=verdict,
            article=None,
            reservations=reservations(page, None),
        )
    return _read(page, opened)


def probe_fingerprint(page: PageInput) -> tuple[int, ...]:
    """The line hashes of an answer, as `storage.types.HostProbe` keeps them; empty where it is no page."""
    opened = open_page(page)
    return () if isinstance(opened, NoArticle) else fingerprint(plain_lines(opened.parsed.lines, opened.parsed.folded))


def _open(page: PageInput) -> OpenedPage | NoArticle:
    """The page opened, unless it is data for a program: markup inside of it is no page."""
    if "json" in page.content_type.lower() and page.content.strip()[:1] in _JSON_OPENINGS:
        return NoArticle(outcome=Outcome.NOT_HTML, detail="the response is JSON")
    return open_page(page)


def _read(page: PageInput, opened: OpenedPage) -> PageReading:
    found = article_of(opened)
    article, missing = (None, found.detail) if isinstance(found, NoArticle) else (found, "")
    facts = gather(page, opened, article)
    verdict = _judge(facts)
    detail = detail_of(verdict, missing)
    if verdict.kind is PageKind.GALLERY and (media := described(find_media(opened.parsed, opened.headline.value))):
        detail = f"{detail}; {media}"
    shown = verdict.kind in ARTICLES and page.status < HTTPStatus.BAD_REQUEST
    return PageReading(
        outcome=outcome_of(verdict),
        detail=detail,
        verdict=verdict,
        article=article if shown else None,
        reservations=reservations(page, opened),
        wants_probe=_wants_probe(facts, verdict),
    )


def _read_document(page: PageInput) -> PageReading:
    """The reading of a PDF: nothing stands around its text, so having text is all that there is to judge."""
    found = extract(page)
    verdict = _of_document(found)
    missing = found.detail if isinstance(found, NoArticle) else ""
    return PageReading(
        outcome=found.outcome if isinstance(found, NoArticle) else OUTCOME_OF_KIND[verdict.kind],
        detail=missing,
        verdict=verdict,
        article=found if isinstance(found, Article) and page.status < HTTPStatus.BAD_REQUEST else None,
        reservations=reservations(page, None),
    )


def _of_document(found: Article | NoArticle) -> PageVerdict:
    """The verdict; without a digest, since a PDF under several addresses is a copy, not what a host answers to all."""
    if isinstance(found, NoArticle):
        return _unopened(found)
    words = count_words(found.body)
    return PageVerdict(
        kind=PageKind.DOCUMENT,
        score=1.0,
        clues=(clue(TELLS, PageKind.DOCUMENT, 5.0, f"{words} words in a PDF document"),),
    )


def _judge(facts: Facts) -> PageVerdict:
    clues = [found for rule in RULES for found in rule(facts)]
    return choose(clues, page_digest=page_digest(facts.lines))


def _unopened(missing: NoArticle) -> PageVerdict:
    """The verdict on a response that could not be parsed: another format, or no markup at all."""
    kind = PageKind.NOT_A_PAGE if missing.outcome is Outcome.NOT_HTML else PageKind.EMPTY
    return PageVerdict(kind=kind, score=1.0, clues=(clue("no page", kind, 5.0, missing.detail),))


def _wants_probe(facts: Facts, verdict: PageVerdict) -> bool:
    """Whether a probe could change the verdict: something is said, it could be anything, and nobody probed yet.

    Not asked for: what the page says clearly itself (a wall, a notice), a report of some length, a refused page.
    """
    page = facts.page
    if page.probe is not None or page.rendered or page.status >= HTTPStatus.BAD_REQUEST or not facts.address.deep:
        return False
    if not verdict.page_digest:
        return False
    if verdict.kind is PageKind.SOFT_404:
        return verdict.score < _SURE and facts.article is not None
    if verdict.kind in IN_ITS_PLACE or verdict.kind is PageKind.NEEDS_JAVASCRIPT:
        return False
    told = sum(one.weight for one in verdict.clues if one.name == TELLS)
    if verdict.kind in ARTICLES and not facts.address.moved:
        return told < _SURE_ARTICLE and (verdict.score < _SURE or strength(verdict, PageKind.SOFT_404) >= WEAK)
    return told < _SURE_ARTICLE
