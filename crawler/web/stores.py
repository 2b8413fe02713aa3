"""A few open stores for many threads: a store answers one call at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from storage import open_store
from storage.errors import StoreUnavailable
from storage.protocol import Store

T = TypeVar("T")

_WAIT_S = 10.0


class Stores:
    """Opens a store when all that are open are busy, up to a number; usable from any thread.

    Why the one that was given back last is given out first: its connection and what the database remembers of it are
    warm, and the others need not be opened while nobody is in a hurry.

    Args:
        database_url: of the library.
        most: how many are open at once.
    """

    def __init__(self, database_url: str, most: int = 8) -> None:
        self._database_url, self._most = database_url, most
        self._idle: queue.LifoQueue[Store] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._open: list[Store] = []
        self._closed = False

    def ask(self, work: Callable[[Store], T]) -> T:
        """One piece of work with a store of one's own. Raises what the work raises, and `StoreUnavailable`."""
        with self.lent() as store:
            return work(store)

    @contextmanager
    def lent(self) -> Iterator[Store]:
        """A store of one's own for some calls.

        Raises:
            StoreUnavailable: all are busy for ten seconds.
        """
        store = self._taken()
        try:
            yield store
        finally:
            self._idle.put(store)

    def close(self) -> None:
        """Release all; what is lent is released under its user, who is told by an error."""
        with self._lock:
            self._closed = True
            for store in self._open:
                store.close()
            self._open.clear()

    def _taken(self) -> Store:
        if self._closed:
            raise StoreUnavailable("the site is being stopped")
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._opened() or self._waited()

    def _opened(self) -> Store | None:
        """A new one; ``None`` where there are as many as may be."""
        with self._lock:
            if len(self._open) >= self._most:
                return None
            store = open_store(self._database_url)
            self._open.append(store)
            return store

    def _waited(self) -> Store:
        try:
            return self._idle.get(timeout=_WAIT_S)
        except queue.Empty as problem:
            raise StoreUnavailable("the site is busy: try again in a moment") from problem
