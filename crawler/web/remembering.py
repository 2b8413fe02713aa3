"""Answers that are worth keeping for a while: counts over the whole library."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")

_MOST = 1_000
"""Answers that are kept: whoever asks for ever new things must not fill the memory; the oldest are dropped."""


class Remembered:
    """Keeps one answer per name; usable from any thread.

    Why an answer that got old is worked out by one caller while others still get the old one: a question that reads a
    whole table must not be asked twenty times at once, and a count of a minute ago is no worse for being two seconds
    older. Only where there is none yet does everybody wait.

    Args:
        lasts_s: for how long an answer is given again.
        clock: seconds that never go back.
    """

    def __init__(self, lasts_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._lasts_s, self._clock = lasts_s, clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Any]] = {}
        self._working: dict[str, threading.Lock] = {}

    def get(self, name: str, work: Callable[[], T]) -> T:
        """The answer of that name, worked out where it is missing or too old. Raises what the work raises."""
        kept = self._kept.get(name)
        if kept is not None and self._clock() - kept[0] < self._lasts_s:
            return cast("T", kept[1])
        with self._lock:
            working = self._working.setdefault(name, threading.Lock())
        if not working.acquire(blocking=kept is None):
            return cast("T", kept[1]) if kept is not None else self.get(name, work)
        try:
            return self._fresh(name, work)
        finally:
            with self._lock:
                if self._working.get(name) is working:
                    del self._working[name]  # whoever waits has it already
            working.release()

    def forget(self) -> None:
        """Everything is worked out anew: somebody changed something."""
        with self._lock:
            self._kept.clear()

    def _fresh(self, name: str, work: Callable[[], T]) -> T:
        kept = self._kept.get(name)
        if kept is not None and self._clock() - kept[0] < self._lasts_s:
            return cast("T", kept[1])
        answer = work()
        with self._lock:
            self._kept.pop(name, None)
            self._kept[name] = (self._clock(), answer)
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
        return answer
