"""The library's database as a daemon sees it: in a thread of its own, and away for a while now and then.

Why errors of the database are waited out here and nowhere else: a scheduler runs for years, and a server restarts every
few months. What is lost otherwise is a start, or the end of a run; both can wait. A database that a newer program
upgraded, so that this one must not use it, does not come back: nothing waits for it, and the scheduler stops.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from crawler.library import Library
from crawler.scheduling.state import SchedulerState
from crawler.store_thread import StoreThread
from storage.errors import SchemaMismatch, StoreUnavailable
from storage.protocol import Store

log = logging.getLogger(__name__)
T = TypeVar("T")


class Database:
    """Calls on the store of an open library."""

    def __init__(self, library: Library, state: SchedulerState, *, retry_s: float) -> None:
        self.library = library
        self._thread = StoreThread(library.store)
        self._state = state
        self._retry_s = retry_s

    async def call(self, work: Callable[[Store], T]) -> T:
        """One call. Raises `StoreUnavailable` and whatever else the store says."""
        try:
            answer = await self._thread.call(work)
        except StoreUnavailable as problem:
            self._note(str(problem))
            raise
        self._note("")
        return answer

    async def try_call(self, work: Callable[[Store], T]) -> T | None:
        """One call; ``None`` where the database is away, or a newer program's."""
        try:
            return await self.call(work)
        except (StoreUnavailable, SchemaMismatch):
            return None

    async def insist(self, work: Callable[[Store], T], *, while_: Callable[[], bool]) -> T | None:
        """Call until the database answers; ``None`` where it does not as long as ``while_`` holds, or never will."""
        while True:
            try:
                return await self.call(work)
            except StoreUnavailable:
                if not while_():
                    return None
                await asyncio.sleep(self._retry_s)
            except SchemaMismatch:
                return None

    def close(self) -> None:
        """Wait for what was asked; the library stays open."""
        self._thread.close()

    def _note(self, problem: str) -> None:
        if problem and not self._state.database_away:
            log.warning("the database is away, runs go on: %s", problem)
        elif not problem and self._state.database_away:
            log.info("the database is back")
        self._state.database_away = problem
