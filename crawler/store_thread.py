"""The store seen from the event loop: one thread, one call at a time, awaited.

Why one thread: a store is one call at a time by contract, SQLite has one writer anyway, and a single queue keeps the
order of what was asked. The loop never waits for a disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from storage.protocol import Store

T = TypeVar("T")


class StoreThread:
    """Runs calls on a store in a thread of its own; does not own the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def call(self, work: Callable[[Store], T]) -> T:
        """Run ``work(store)`` in the store's thread; its exceptions are raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, self._store)

    def close(self) -> None:
        """Wait for what was asked, then end the thread; idempotent."""
        self._executor.shutdown(wait=True)
