"""What lives beside the scheduler that has to do with health: the endpoint, the looks, the messages.

Why looks and messages happen in one thread with a store of its own: both may take seconds, and the scheduler's loop and
its store must not wait for either. Why only the leader looks: a standby would write the same, and tell it twice.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from crawler.configuration import Configuration
from crawler.health.daemon_state import DaemonState
from crawler.health.endpoint import serve
from crawler.health.notifying import Notifier
from crawler.health.watching import NextStart, Watcher
from storage import open_store
from storage.errors import StorageError
from storage.protocol import Store
from storage.types import utc_now

log = logging.getLogger(__name__)

LOOK_S: Final = 60.0
"""Seconds between two looks."""
_PATIENCE_S = 2.0
_FIRST_LOOK_S = 5.0
"""What was missed is made up for first, or each start would open alerts about jobs that are late."""


class Looks(threading.Thread):
    """Looks at the library while its scheduler leads, and tells people; `stop` ends it.

    Args:
        configuration: asked before each look what is in force.
        state: of the scheduler.
        next_start: see `crawler.health.watching.NextStart`.
        first_s: until the first look.
        every_s: between two.
    """

    def __init__(
        self,
        configuration: Callable[[], Configuration],
        state: DaemonState,
        next_start: NextStart,
        *,
        first_s: float = _FIRST_LOOK_S,
        every_s: float = LOOK_S,
    ) -> None:
        super().__init__(name="health", daemon=True)
        self._configuration, self._state = configuration, state
        self._first_s, self._every_s = first_s, every_s
        self._watcher, self._notifier = Watcher(next_start=next_start), Notifier()
        self._store: Store | None = None
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until it is stopped."""
        wait = self._first_s
        while not self._stopping.wait(wait):
            wait = self._every_s
            if self._state.leading:
                self._look()
        self._release()

    def stop(self, within_s: float) -> None:
        """End; a message that is under way is waited for, for so many seconds."""
        self._stopping.set()
        if self.is_alive():
            self.join(within_s)

    def _look(self) -> None:
        configuration = self._configuration()
        try:
            if self._store is None:
                self._store = open_store(configuration.database_url)
            since = self._state.leading_since
            looked = self._watcher.look(self._store, configuration, now=utc_now(), leading_since=since)
        except (StorageError, OSError) as problem:
            log.warning("nobody looks at the health of the library now: %s", problem)
            self._release()
            return
        except Exception:
            log.exception("nobody looks at the health of the library now")
            return
        for alert in looked.opened:
            log.warning("alert: %s: %s", alert.kind, alert.text)
        for alert in looked.closed:
            log.info("no alert any more: %s: %s", alert.kind, alert.subject)
        self._notifier.tell(self._store, configuration)

    def _release(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


@asynccontextmanager
async def attending(
    configuration: Callable[[], Configuration], state: DaemonState, next_start: NextStart
) -> AsyncIterator[None]:
    """Serve `/health` and `/metrics`, look each minute, tell people; until the end of the block."""
    endpoint = serve(configuration(), state)
    looks = Looks(configuration, state, next_start)
    looks.start()
    try:
        yield
    finally:
        await asyncio.to_thread(looks.stop, _PATIENCE_S)
        if endpoint is not None:
            await asyncio.to_thread(endpoint.close)
