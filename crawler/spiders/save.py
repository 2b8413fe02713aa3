"""The saving: asks the Internet Archive to save pages that live and of which no public copy is known.

Usage: ``scrapy crawl save [-a event=KEY] [-a host=NAME] [-a since=DAY] [-a until=DAY]``; the same as
``dateline backfill --save``. The keys come from the environment (`crawler.backfilling.saving_service`), never as an
argument.

Why nothing of the exchanges is stored: they are a conversation about pages and no copies of them; what they say is in
the rows of the saves.
"""

from __future__ import annotations

import logging
import os
from collections import Counter, deque
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from scrapy.exceptions import CloseSpider

from crawler.archiving import Patient
from crawler.backfilling.network import Network
from crawler.backfilling.orders import Order, order
from crawler.backfilling.saving import Saved, Saver
from crawler.backfilling.saving_service import SaveService, save_service
from crawler.backfilling.unsaved import Unsaved, unsaved
from crawler.errors import DatelineError, KeysRefused
from crawler.session import opened
from crawler.spiders.runs import ArchiveSpider
from crawler.turns import Turns
from storage.errors import StorageError
from storage.types import SavingState, utc_now

log = logging.getLogger(__name__)


class SaveSpider(ArchiveSpider):
    """Has pages saved, one item per document."""

    name = "save"
    what = "saving"

    def __init__(
        self,
        event: str = "",
        host: str = "",
        since: str = "",
        until: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(**kwargs)
        self.wanted: dict[str, Any] = {"events": event.split("\n"), "host": host, "since": since, "until": until}
        self.keys_refused = False
        """The service does not accept the keys."""
        self.states: Counter[SavingState] = Counter()
        self._saver: Saver | None = None

    async def start(self) -> AsyncIterator[Saved]:
        """A report per page that the service was asked about."""
        try:
            service = save_service(self.crawler.settings["DATELINE_CONFIGURATION"], os.environ)
            session, wanted = opened(self.crawler, lambda store: order(store, **self.wanted))
        except (DatelineError, StorageError) as error:
            raise self._ended(error, "bad_input") from error
        self._begin(session)
        self._saver = self._made(service)
        try:
            waiting = await self._waiting(wanted, service)
            async for saved in self._reports(lambda: self._next(waiting)):
                self.states[saved.save.state] += 1
                yield saved
        except KeysRefused as error:
            self.keys_refused = True
            raise self._ended(error, "keys_refused") from error
        except StorageError as error:
            raise self._ended(error, "store_unavailable") from error
        if self._saver.notice:
            self.notice = self._saver.notice
            log.error("the saving ends: %s", self.notice)
            raise CloseSpider("service_closed")

    def _made(self, service: SaveService) -> Saver:
        configuration, store = self.session.configuration, Patient(self.session.store)
        return Saver(
            store=store,
            turns=Turns.configured(store, configuration),
            network=Network(self.crawler),
            service=service,
            refused_for=timedelta(days=configuration.number("backfill.retry_days")),
            max_bytes=configuration.size("crawl.max_mb"),
        )

    async def _waiting(self, wanted: Order, service: SaveService) -> deque[Unsaved]:
        now, name = utc_now(), service.place.name
        return await Patient(self.session.store).call(
            lambda store: deque(unsaved(store, wanted, archive=name, now=now))
        )

    async def _next(self, waiting: deque[Unsaved]) -> Saved | None:
        """The next page that was not another process's; ``None`` when none is left, or the service asked us to stop."""
        assert self._saver is not None  # noqa: S101 - workers begin behind it
        while waiting and not self._saver.notice:
            saved = await self._saver.save(waiting.popleft())
            if saved is not None:
                return saved
        return None

    async def _settle(self) -> None:
        """Stop the workers, and remember what the service heard."""
        await super()._settle()
        if self._saver is not None:
            await self._saver.settle()
