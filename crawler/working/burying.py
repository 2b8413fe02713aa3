"""A worker finds the runs that died and takes back what they held, every few seconds.

Why silence is measured by what this worker saw with its own eyes: a run of another machine counts as dead when its row
did not change for a lease while this worker could read it. Then neither a clock that is five minutes off nor a database
that was away for a minute makes living runs look dead; both happen to all of them at once.

Why only files of a library in which somebody died are put in order: that looks at each WARC file, and asks the database
about it.

Why a store of its own: it is asked from a thread beside the worker's own, and a store is one call at a time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from crawler.configuration import Configuration
from crawler.library import Library, open_library
from crawler.liveness import SILENT_LEASES, is_gone, last_sign, lease_s, put_in_order, take_back
from storage.errors import StorageError
from storage.types import Run, RunState

log = logging.getLogger(__name__)


class Burial:
    """Looks for the dead; one call at a time, from any thread.

    Args:
        configuration: of the library.
        token: of the worker itself.
        clock: seconds on a steady clock; tests move it.
    """

    def __init__(
        self, configuration: Configuration, *, token: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._configuration, self._token, self._clock = configuration, token, clock
        self._opened = ExitStack()
        self._library: Library | None = None
        self._seen: dict[str, tuple[object, float]] = {}
        self._looked_at = 0.0

    def look(self) -> int:
        """Take back what the dead held; returns how many there were.

        Raises:
            StorageError: the database cannot be asked; what was seen before does not count any more.
        """
        try:
            library = self._opened_library()
            dead = list(self._dead(library.store.runs(state=RunState.RUNNING)))
            take_back(library, dead)
            for one in dead:
                log.warning(
                    "run %d (%s on %s) is dead: others go on with its work", one.number, one.command, one.machine
                )
            for recovered in put_in_order(library) if dead else ():
                log.warning("%s", recovered.text)
        except StorageError:
            self._seen.clear()
            self.close()
            raise
        return len(dead)

    def close(self) -> None:
        """Release the store."""
        self._library = None
        self._opened.close()

    def _opened_library(self) -> Library:
        if self._library is None:
            self._library = self._opened.enter_context(open_library(self._configuration))
        return self._library

    def _dead(self, running: list[Run]) -> Iterator[Run]:
        now = self._clock()
        running = [one for one in running if one.token != self._token]
        known, self._seen = self._seen, {}
        for one in running:
            gone = is_gone(self._configuration, one)
            sign = last_sign(self._configuration.library, one)
            before = known.get(one.token)
            since = before[1] if before is not None and before[0] == sign else now
            self._seen[one.token] = sign, since
            patience_s = SILENT_LEASES * lease_s(self._configuration, one.command)
            if gone or (gone is None and now - since > patience_s):
                yield one
