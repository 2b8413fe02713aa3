"""From a page that was fetched to what is stored of it: the steps that live pages and archived copies share.

Why functions of a session and not a pipeline: an archived copy that is no article is followed by the next copy, so
whoever looks for copies has to hear the judgement before anything is stored. A pipeline comes after that decision.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.archiving import Patient, Understood
from crawler.classify import ARTICLES, PageReading, detail_of, outcome_of, reconsider
from crawler.extraction import PageInput
from crawler.furniture import without_furniture
from crawler.items import FetchedPage
from crawler.renewing import Renewal
from crawler.session import Session
from storage.protocol import Store
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
    """The reading, knowing what other documents of the host showed: this very text, or the lines at its edges.

    Where there is an article, what is stored of the document can be compared with it afterwards.
    """
    ask = Patient(session.store).call
    if reading.article is None and not doubtful_text(reading):
        return reading
    judged = await ask(lambda store: regarded(store, document, reading))
    if judged.article is not None:
        renew = Renewal(ask=ask, configuration=session.configuration, pool=session.pool)
        await renew(document, judged.article, cut=judged.article is not reading.article)
    return judged


def regarded(store: Store, document: Document, reading: PageReading) -> PageReading:
    """The reading as the store knows its host: an article that is none is dropped, lines that stand everywhere go."""
    if digest := doubtful_text(reading):
        reading = judged_again(reading, store.repeats(document.host, digest, document_id=document.id))
    if reading.article is None:
        return reading
    article = without_furniture(store, document, reading.article)
    return reading if article is reading.article else replace(reading, article=article)


def doubtful_text(reading: PageReading) -> str:
    """Digest of a text that would be no article if other documents of its host showed it too; empty for all others."""
    verdict = reading.verdict
    return verdict.page_digest if verdict is not None and verdict.kind in ARTICLES else ""


def judged_again(reading: PageReading, repeats: int) -> PageReading:
    """The reading with its verdict reconsidered; an article that turns out to be none is dropped from it."""
    if reading.verdict is None or not repeats:
        return reading
    verdict = reconsider(reading.verdict, repeats=repeats)
    if verdict.kind is reading.verdict.kind:
        return replace(reading, verdict=verdict)
    article = reading.article if verdict.kind in ARTICLES else None
    return replace(reading, verdict=verdict, outcome=outcome_of(verdict), detail=detail_of(verdict), article=article)


def settled(reading: PageReading, *, refused: Outcome | None, status: int, torn: bool) -> PageReading:
    """The reading where its status, or a torn end, says more than its text.

    Args:
        reading: of the text.
        refused: what the status alone says of a page that is no success; ``None`` for a success.
        status: of the answer.
        torn: the answer stopped before its announced end.
    """
    if refused is not None:
        if reading.outcome in WALLS:
            return replace(reading, article=None)
        return replace(reading, outcome=refused, detail=f"HTTP {status}", article=None)
    if reading.article is None and torn:
        detail = f"{reading.detail}; the connection ended before the announced end of the page"
        return replace(reading, outcome=Outcome.BAD_RESPONSE, detail=detail)
    return reading


def understood_as(page: FetchedPage, reading: PageReading) -> Understood:
    """What is to be stored of a page that was read."""
    torn = bool(page.exchanges[-1].truncated)
    said = settled(reading, refused=page.refused, status=page.status, torn=torn)
    return Understood(
        item=page,
        outcome=said.outcome,
        detail=said.detail,
        article=said.article,
        verdict=said.verdict,
        reservations=said.reservations,
    )
