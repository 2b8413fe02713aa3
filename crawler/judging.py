"""From a page that was fetched to what is stored of it: the steps that live pages and archived copies share.

Why functions of a session and not a pipeline: an archived copy that is no article is followed by the next copy, so
whoever looks for copies has to hear the judgement before anything is stored. A pipeline comes after that decision.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.archiving import Understood, retrying
from crawler.classify import ARTICLES, PageReading, detail_of, outcome_of, reconsider
from crawler.extraction import PageInput
from crawler.items import FetchedPage
from crawler.session import Session
from storage.types import Document, Outcome

WALLS = frozenset({Outcome.CHALLENGE, Outcome.CONSENT_WALL, Outcome.LOGIN_WALL})
"""What the body of a refused page may say although its status says less."""


def page_input(page: FetchedPage) -> PageInput:
    """What the classifier and the extractor may know of a fetched page; of an archived copy, nothing after its time."""
    document = page.task.document
    return PageInput(
        url=page.final_url,
        content=page.content,
        content_type=page.content_type,
        captured_at=page.captured_at or page.finished_at,
        status=page.status,
        headers=page.headers or page.exchanges[-1].headers,
        requested_url=document.request_url,
        redirects=page.redirects,
        citations=page.citations,
        probe=page.probe,
        rendered=page.rendered,
    )


async def beside_others(session: Session, document: Document, reading: PageReading) -> PageReading:
    """The reading, knowing how many other documents of the host showed this very text."""
    verdict = reading.verdict
    if verdict is None or not verdict.page_digest or verdict.kind not in ARTICLES:
        return reading
    repeats = await session.store.call(
        lambda store: retrying(lambda: store.repeats(document.host, verdict.page_digest, document_id=document.id))
    )
    return judged_again(reading, repeats)


def judged_again(reading: PageReading, repeats: int) -> PageReading:
    """The reading with its verdict reconsidered; an article that turns out to be none is dropped from it."""
    if reading.verdict is None or not repeats:
        return reading
    verdict = reconsider(reading.verdict, repeats=repeats)
    if verdict.kind is reading.verdict.kind:
        return replace(reading, verdict=verdict)
    article = reading.article if verdict.kind in ARTICLES else None
    return replace(reading, verdict=verdict, outcome=outcome_of(verdict), detail=detail_of(verdict), article=article)


def understood_as(page: FetchedPage, reading: PageReading) -> Understood:
    """What is to be stored of a page that was read: its status, or a torn end, may say more than its text."""
    outcome, detail, article = reading.outcome, reading.detail, reading.article
    if page.refused is not None:
        article = None
        if outcome not in WALLS:
            outcome, detail = page.refused, f"HTTP {page.status}"
    elif article is None and page.exchanges[-1].truncated:
        outcome = Outcome.BAD_RESPONSE
        detail = f"{detail}; the connection ended before the announced end of the page"
    return Understood(
        item=page,
        outcome=outcome,
        detail=detail,
        article=article,
        verdict=reading.verdict,
        reservations=reading.reservations,
    )
