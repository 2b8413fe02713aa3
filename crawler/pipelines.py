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

from crawler.archiving import Stored, Understood
from crawler.classify import PageReading
from crawler.discovering import Poller
from crawler.discovery import is_feed
from crawler.errors import PageTooHard
from crawler.imaging import ImageInput
from crawler.items import FailedFetch, FetchedPage
from crawler.judging import beside_others, page_input, understood_as
from crawler.lead_images import is_lead_image
from crawler.probing import Prober, fresh
from crawler.session import CrawlSession
from storage.types import Outcome

log = logging.getLogger(__name__)


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

    _poller: Poller | None = None

    async def process_item(self, item: FetchedPage | FailedFetch) -> Understood:
        """The item with its final outcome and, where there is one, its article."""
        if is_feed(item.task.document):
            return await self._polled(item)
        if isinstance(item, FailedFetch):
            return Understood(item=item, outcome=item.outcome, detail=item.detail)
        understood = await _session(self.crawler).unless_given_up(self._understand(item))
        self._count(f"extract/{understood.outcome}")
        if understood.verdict is not None:
            self._count(f"classify/{understood.verdict.kind}")
        return understood

    async def _polled(self, item: FetchedPage | FailedFetch) -> Understood:
        """A feed with what it names; nothing is judged."""
        if self._poller is None:
            self._poller = Poller.configured(_session(self.crawler))
        understood = await _session(self.crawler).unless_given_up(self._poller.understood(item))
        self._count(f"extract/{understood.outcome}")
        return understood

    async def _understand(self, page: FetchedPage) -> Understood:
        try:
            if is_lead_image(page.task.document):
                return await self._looked_at(page)
            return understood_as(page, await self._judged(page))
        except PageTooHard as limit:
            outcome = page.refused or Outcome.EXTRACTION_LIMIT
            return Understood(item=page, outcome=outcome, detail=str(limit))
        except Exception as error:
            log.exception("our own code failed on %s", page.final_url)
            return Understood(item=page, outcome=Outcome.FAILED, detail=f"{type(error).__name__}: {error}"[:300])

    async def _looked_at(self, page: FetchedPage) -> Understood:
        """A lead image, or what came in its place; a page that refuses it is not judged."""
        if page.refused is not None:
            return Understood(item=page, outcome=page.refused, detail=f"HTTP {page.status}")
        given = ImageInput(content=page.content, content_type=page.content_type)
        seen = await _session(self.crawler).pool.look(given)
        return Understood(item=page, outcome=seen.outcome, detail=seen.detail, image=seen.facts)

    async def _judged(self, page: FetchedPage) -> PageReading:
        session, given = _session(self.crawler), page_input(replace(page, probe=fresh(page.probe)))
        reading = await session.pool.read(given)
        if page.refused is not None:
            return reading
        reading = await beside_others(session, page.task.document, reading)
        if reading.wants_probe:
            probe = await Prober(self.crawler, session).probe(page)
            if probe is not None:
                self._count("classify/probed")
                again = await session.pool.read(replace(given, probe=probe))
                reading = await beside_others(session, page.task.document, again)
        return reading


class ArchivePipeline(_Step):
    """Store the capture, the attempt, the article, its verdict, cluster and event links.

    Stats: ``archive/VERDICT``, ``archive/outcome/OUTCOME``; ``archive/stale`` where another run has the document now.
    """

    async def process_item(self, item: Understood) -> Stored:
        """Returns once everything is on disk."""
        archived = await _session(self.crawler).writer.put(item)
        if archived.stale:
            self._count("archive/stale")
            return Stored(understood=item, archived=archived)
        self._count(f"archive/outcome/{item.outcome}")
        if archived.verdict is not None:
            self._count(f"archive/{archived.verdict.kind}")
        return Stored(understood=item, archived=archived)
