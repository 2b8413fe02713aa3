"""Who works on which document: the run's workers take them from here, a small batch of leases at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from datetime import datetime

from crawler.archiving import Patient
from crawler.backfilling.orders import Order
from crawler.session import Session
from crawler.turns import Turns
from storage.types import BackfillTask, Selection, utc_now


class Desk:
    """Hands out the documents that are wanted, each once.

    Why it remembers what it gave: a document that waits for an archive that was left out stays due, and the store would
    give it out again and again.

    Args:
        session: of the run.
        wanted: which documents.
        turns: of the run; none is handed out when archives asked it to stop.
        at_once: documents leased at a time.
        since: when they were asked for, where it does not matter what is due; ``None``: when the run began.
    """

    def __init__(
        self, session: Session, wanted: Order, turns: Turns, *, at_once: int, since: datetime | None = None
    ) -> None:
        self._session, self._wanted, self._turns = session, wanted, turns
        self._at_once, self._since = at_once, since or session.run.started_at
        self._store = Patient(session.store)
        self._selections = deque(wanted.selections)
        self._ready: deque[BackfillTask] = deque()
        self._given: set[int] = set()
        self._leasing = asyncio.Lock()

    async def next(self) -> BackfillTask | None:
        """The next document; ``None`` when there is none, or when archives asked us to stop.

        Raises:
            StorageError: of the store.
        """
        async with self._leasing:
            while not self._ready and self._selections and self._turns.stopped is None:
                await self._lease(self._selections[0])
                if not self._ready:
                    self._selections.popleft()
            return self._ready.popleft() if self._ready and self._turns.stopped is None else None

    async def _lease(self, selection: Selection) -> None:
        session = self._session
        request = self._wanted.request(
            selection, token=session.token, now=utc_now(), lease=session.lease, limit=self._at_once
        )
        request = replace(request, skip_after=None if selection.due_only else self._since)
        tasks = await self._store.call(lambda store: store.lease_backfills(request))
        self._ready.extend(task for task in tasks if task.document.id not in self._given)
        self._given.update(task.document.id for task in tasks)
