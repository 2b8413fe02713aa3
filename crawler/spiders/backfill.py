"""The backfill: looks in web archives for documents whose pages the live web does not give.

Usage: ``scrapy crawl backfill [-a event=KEY] [-a host=NAME] [-a since=DAY] [-a until=DAY] [-a archive=NAME]
[-a versions=1]``; the same as ``dateline backfill``.

Why a few documents at a time are enough: it is the archives' turns that take the time, and while one document waits for
an index, another one is at a replay.

Why its items pass no pipelines: a copy that is not accepted is followed by the next one, so everything is stored
before the search goes on. An item is the report on one document.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from scrapy.exceptions import CloseSpider

from crawler.archiving import Patient
from crawler.backfilling.beginning import means_of, prepare
from crawler.backfilling.desk import Desk
from crawler.backfilling.flow import Backfiller, Sought
from crawler.backfilling.network import Network
from crawler.backfilling.orders import order
from crawler.backfilling.places import archives_of
from crawler.errors import DatelineError
from crawler.session import opened
from crawler.spiders.runs import ArchiveSpider
from crawler.turns import Turns
from storage.errors import StorageError
from storage.types import BackfillState, SearchState

log = logging.getLogger(__name__)

_YES = frozenset({"1", "true", "yes"})


class BackfillSpider(ArchiveSpider):
    """Looks for documents in archives, one item per document."""

    name = "backfill"
    what = "backfill"

    def __init__(
        self,
        event: str = "",
        host: str = "",
        since: str = "",
        until: str = "",
        archive: str = "",
        versions: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**kwargs)
        self.wanted: dict[str, Any] = {
            "events": event.split("\n"),
            "host": host,
            "since": since,
            "until": until,
            "versions": versions.lower() in _YES,
            "archive": archive,
        }
        self.only = archive
        self.searched: Counter[tuple[str, SearchState]] = Counter()
        self.ended: Counter[BackfillState] = Counter()
        self.next_at: datetime | None = None
        """When the first of the documents that wait for an archive is worth another try."""

    async def start(self) -> AsyncIterator[Sought]:
        """A report per document, as long as any are wanted."""
        try:
            archives = archives_of(self.crawler.settings["DATELINE_CONFIGURATION"], self.only)
            session, wanted = opened(self.crawler, lambda store: order(store, **self.wanted))
        except (DatelineError, StorageError) as error:
            raise self._ended(error, "bad_input") from error
        self._begin(session)
        turns = Turns.configured(Patient(self.session.store), self.session.configuration)
        means = means_of(session, Network(self.crawler), turns, wanted)
        backfiller = Backfiller(means=means, archives=archives, only=self.only)
        try:
            await prepare(Patient(session.store))
            desk = Desk(session, wanted, turns, at_once=session.configuration.whole("backfill.parallel"))

            async def rescue_next() -> Sought | None:
                task = await desk.next()
                return None if task is None else await backfiller.rescue(task)

            async for sought in self._reports(rescue_next):
                self._count(sought)
                yield sought
        except StorageError as error:
            raise self._ended(error, "store_unavailable") from error
        if turns.stopped is not None:
            self.notice = turns.stopped.text
            log.error("the backfill ends: %s", self.notice)
            raise CloseSpider("too_often")

    def _count(self, sought: Sought) -> None:
        self.ended[sought.state] += 1
        if sought.state is BackfillState.WAITING and sought.next_at is not None:
            self.next_at = min(self.next_at or sought.next_at, sought.next_at)
        for search in sought.searches:
            self.searched[search.archive, search.state] += 1
            if self.crawler.stats:
                self.crawler.stats.inc_value(f"backfill/{search.archive}/{search.state}")
