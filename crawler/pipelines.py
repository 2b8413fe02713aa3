"""What every item passes: extract, then archive (dedup and store as ONE step).

Why two pipelines and no more: separate "check for duplicates" and "store" steps race, and dropping a duplicate would
drop its event link. Nothing here ever raises `DropItem`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from scrapy.crawler import Crawler

from crawler.archiving import Stored, Understood
from crawler.errors import PageTooHard
from crawler.extraction import NoArticle, PageInput
from crawler.items import FailedFetch, FetchedPage
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


class ExtractPipeline(_Step):
    """Understand a page in a process that may be killed; failures pass through as they are.

    Stats: ``extract/OUTCOME``.
    """

    async def process_item(self, item: FetchedPage | FailedFetch) -> Understood:
        """The item with its final outcome and, where there is one, its article."""
        if isinstance(item, FailedFetch):
            return Understood(item=item, outcome=item.outcome, detail=item.detail)
        understood = await self._understand(item)
        if self.crawler.stats:
            self.crawler.stats.inc_value(f"extract/{understood.outcome}")
        return understood

    async def _understand(self, page: FetchedPage) -> Understood:
        given = PageInput(
            url=page.final_url, content=page.content, content_type=page.content_type, captured_at=page.finished_at
        )
        try:
            found = await _session(self.crawler).pool.extract(given)
        except PageTooHard as limit:
            return Understood(item=page, outcome=Outcome.EXTRACTION_LIMIT, detail=str(limit))
        except Exception as error:
            log.exception("our own code failed on %s", page.final_url)
            return Understood(item=page, outcome=Outcome.FAILED, detail=f"{type(error).__name__}: {error}"[:300])
        if isinstance(found, NoArticle):
            cut = page.exchanges[-1].truncated
            detail = (
                f"{found.detail}; the connection ended before the announced end of the page" if cut else found.detail
            )
            return Understood(item=page, outcome=Outcome.BAD_RESPONSE if cut else found.outcome, detail=detail)
        return Understood(item=page, outcome=Outcome.FETCHED, detail="", article=found)


class ArchivePipeline(_Step):
    """Store the capture, the attempt, the article, its verdict, cluster and event links.

    Stats: ``archive/VERDICT``, ``archive/outcome/OUTCOME``.
    """

    async def process_item(self, item: Understood) -> Stored:
        """Returns once everything is on disk."""
        archived = await _session(self.crawler).writer.put(item)
        if self.crawler.stats:
            self.crawler.stats.inc_value(f"archive/outcome/{item.outcome}")
            if archived.verdict is not None:
                self.crawler.stats.inc_value(f"archive/{archived.verdict.kind}")
        return Stored(understood=item, archived=archived)
