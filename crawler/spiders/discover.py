"""Discovery: polls the feeds that are due, then fetches what feeds named, from the live web.

Usage: ``scrapy crawl discover [-a feeds_only=1]``; the same as ``dateline discover``.

Why one spider with two selections and not two: both are documents on lease, asked as politely, stored by the same
pipelines. First whatever is due of the feeds, sitemaps that an index named a moment ago included; when nothing of them
is left, the documents that feeds named and nobody has fetched.

Why those are selected by the store ("a feed named it") and not handed over in memory: a run that is killed, or that has
used up its budget, leaves them due, and the next one goes on. `dateline crawl` fetches them too, without a budget.

Why the budget is counted here: it is about one run. What it leaves stays due; nothing is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request

from crawler.frontier import Frontier
from crawler.items import FailedFetch
from crawler.session import CrawlSession
from crawler.spiders.sources import SourcesSpider
from crawler.wanted_feeds import FOUND, put_wanted
from storage.types import Document, DocumentRole

_YES = frozenset({"1", "true", "yes"})


class DiscoverSpider(SourcesSpider):
    """Polls feeds and fetches what they name, one item per document."""

    name = "discover"
    what = "discovery"

    def __init__(self, feeds_only: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(role=DocumentRole.FEED, **kwargs)
        self.feeds_only = feeds_only.lower() in _YES
        self._asked: Counter[str] = Counter()
        """Host -> documents that were taken of it for the articles of this run."""

    def _opened(self) -> CrawlSession:
        """The session, its library with the configured feeds in it."""
        return CrawlSession.from_crawler(self.crawler, prepare=put_wanted, **self.wanted)

    async def _requests(self) -> AsyncIterator[Request | FailedFetch]:
        """The feeds, then what they named, as far as the budget goes."""
        async for request in super()._requests():
            yield request
        if self.feeds_only:
            return
        settings, frontier = self.session.configuration, self.session.frontier
        most, per_host = settings.whole("discovery.most"), settings.whole("discovery.per_host")
        assert isinstance(frontier, Frontier)  # noqa: S101 - a discovery is no worker
        frontier.selection = FOUND
        while self._asked.total() < most and (documents := await self._take()):
            for document in documents:
                if self._is_within(document, most, per_host):
                    yield self._begun(document)
                else:
                    frontier.give_up(document)

    def _is_within(self, document: Document, most: int, per_host: int) -> bool:
        """Whether the budget has room for a document; it is counted."""
        if self._asked.total() >= most or self._asked[document.host] >= per_host:
            return False
        self._asked[document.host] += 1
        return True
