"""What every item passes: extract, then archive (dedup and store as ONE step).

Why two pipelines and no more: separate "check for duplicates" and "store" steps race, and dropping a duplicate would
drop its event link. Nothing here ever raises `DropItem`.

A page is judged in three steps, each only where the one before leaves a doubt: by itself; beside other documents of
its host that showed the same text; beside what its host answers for a path that cannot exist (`crawler.probing`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

from scrapy.crawler import Crawler

from crawler.archiving import Stored, Understood, retrying
from crawler.classify import ARTICLES, PageReading, detail_of, outcome_of, reconsider
from crawler.errors import PageTooHard
from crawler.extraction import PageInput
from crawler.items import FailedFetch, FetchedPage
from crawler.probing import Prober, fresh
from crawler.session import CrawlSession
from storage.types import Outcome

log = logging.getLogger(__name__)

WALLS = frozenset({Outcome.CHALLENGE, Outcome.CONSENT_WALL, Outcome.LOGIN_WALL})
"""What the body of a refused page may say although its status says less."""


def _session(crawler: Crawler) -> CrawlSession:
    session: CrawlSession = crawler.spider.session  # type: ignore[union-attr]
    return session


@dataclass(slots=True)
class _Step:
    """A pipeline that knows its crawl's session."""

    crawler: Crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:  # noqa: ANN401 - Self of a slotted dataclass
        """The session is the spider's."""
        return cls(crawler)

    def _count(self, name: str) -> None:
        if self.crawler.stats:
            self.crawler.stats.inc_value(name)


class ExtractPipeline(_Step):
    """Understand a page in a process that may be killed; failures pass through as they are.

    Stats: ``extract/OUTCOME``, ``classify/KIND``, ``classify/probed``.
    """

    async def process_item(self, item: FetchedPage | FailedFetch) -> Understood:
        """The item with its final outcome and, where there is one, its article."""
        if isinstance(item, FailedFetch):
            return Understood(item=item, outcome=item.outcome, detail=item.detail)
        understood = await self._understand(item)
        self._count(f"extract/{understood.outcome}")
        if understood.verdict is not None:
            self._count(f"classify/{understood.verdict.kind}")
        return understood

    async def _understand(self, page: FetchedPage) -> Understood:
        try:
            return understood_as(page, await self._judged(page))
        except PageTooHard as limit:
            outcome = page.refused or Outcome.EXTRACTION_LIMIT
            return Understood(item=page, outcome=outcome, detail=str(limit))
        except Exception as error:
            log.exception("our own code failed on %s", page.final_url)
            return Understood(item=page, outcome=Outcome.FAILED, detail=f"{type(error).__name__}: {error}"[:300])

    async def _judged(self, page: FetchedPage) -> PageReading:
        session, given = _session(self.crawler), page_input(page)
        reading = await session.pool.read(given)
        if page.refused is not None:
            return reading
        reading = await self._beside_others(page, reading)
        if reading.wants_probe:
            probe = await Prober(self.crawler, session).probe(page)
            if probe is not None:
                self._count("classify/probed")
                again = await session.pool.read(replace(given, probe=probe))
                reading = await self._beside_others(page, again)
        return reading

    async def _beside_others(self, page: FetchedPage, reading: PageReading) -> PageReading:
        """The reading, knowing how many other documents of the host showed this very text."""
        verdict = reading.verdict
        if verdict is None or not verdict.page_digest or verdict.kind not in ARTICLES:
            return reading
        document = page.task.document
        repeats = await _session(self.crawler).store.call(
            lambda store: retrying(lambda: store.repeats(document.host, verdict.page_digest, document_id=document.id))
        )
        return judged_again(reading, repeats)


def page_input(page: FetchedPage) -> PageInput:
    """What the classifier and the extractor may know of a fetched page."""
    document = page.task.document
    return PageInput(
        url=page.final_url,
        content=page.content,
        content_type=page.content_type,
        captured_at=page.finished_at,
        status=page.status,
        headers=page.exchanges[-1].headers,
        requested_url=document.request_url,
        redirects=page.redirects,
        citations=page.citations,
        probe=fresh(page.probe),
        rendered=page.rendered,
    )


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


class ArchivePipeline(_Step):
    """Store the capture, the attempt, the article, its verdict, cluster and event links.

    Stats: ``archive/VERDICT``, ``archive/outcome/OUTCOME``.
    """

    async def process_item(self, item: Understood) -> Stored:
        """Returns once everything is on disk."""
        archived = await _session(self.crawler).writer.put(item)
        self._count(f"archive/outcome/{item.outcome}")
        if archived.verdict is not None:
            self._count(f"archive/{archived.verdict.kind}")
        return Stored(understood=item, archived=archived)
