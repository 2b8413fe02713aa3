"""How many requests of one client are answered: a bucket that fills as time goes by.

Why in memory, per process: it protects this process. Why the number of clients is bounded: whoever comes from a million
addresses must not fill the memory; those that asked least recently are forgotten first.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_CLIENTS = 10_000
_MINUTE_S = 60.0


class Pace:
    """Buckets of one size for any number of clients; usable from several threads.

    Args:
        per_minute: how many requests a bucket holds, and how many it gets back in a minute.
        clock: seconds that never go back.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = max(1.0, per_minute), clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str) -> float:
        """Take one request out of a client's bucket: 0, or after how many seconds there will be one."""
        with self._lock:
            now = self._clock()
            left, seen = self._buckets.pop(client, (self._most, now))
            left = min(self._most, left + (now - seen) * self._most / _MINUTE_S)
            self._buckets[client] = (left - 1 if left >= 1 else left, now)
            if len(self._buckets) > _MOST_CLIENTS:
                self._buckets.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * _MINUTE_S / self._most
