"""What one worker counts."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.archiving import Stored
from crawler.health.signs import LATELY_S, Sign
from crawler.queueing.orders import Served, WorkKind


@dataclass(slots=True)
class Tally:
    """What one worker did; written by its loop, read by other threads.

    Attributes:
        clock: seconds on a steady clock.
        stopping: it was asked to stop.
        slices: kind -> orders that were served.
        documents: kind -> documents that were dealt with.
        held_by_other: orders whose host was in somebody else's hands.
        failed: orders that could not be served, because something failed.
        lost: hosts that were lost while they were held.
        stale: results that were not stored, because the host was not ours any more.
        pages: outcome -> attempts that were stored.
        buried: runs of others that were found dead.
        at_work: orders that are being served now.
        held: hosts that are held now.
        beat_at: when the worker's loop last turned, on the clock.
    """

    clock: Callable[[], float] = time.monotonic
    stopping: bool = False
    slices: Counter[WorkKind] = field(default_factory=Counter)
    documents: Counter[WorkKind] = field(default_factory=Counter)
    held_by_other: int = 0
    failed: int = 0
    lost: int = 0
    stale: int = 0
    pages: Counter[str] = field(default_factory=Counter)
    buried: int = 0
    at_work: int = 0
    held: int = 0
    beat_at: float = 0.0
    _began: float = 0.0
    _lately: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """It begins now."""
        self._began = self.beat_at = self.clock()

    def stored(self, item: Stored) -> None:
        """An attempt was stored, or turned out to be somebody else's."""
        self.count(item.understood.outcome, stale=item.archived.stale)

    def lose(self, hosts: int) -> None:
        """Others took hosts that this worker held."""
        self.lost += hosts

    def count(self, outcome: str, *, stale: bool = False) -> None:
        """The same."""
        if stale:
            self.stale += 1
            return
        self.pages[outcome] += 1
        self._lately.append(self.clock())

    def served(self, kind: WorkKind, served: Served) -> None:
        """An order was served."""
        if served.held_by_other:
            self.held_by_other += 1
        else:
            self.slices[kind] += 1
            self.documents[kind] += served.documents

    def sign(self) -> Sign:
        """What to say of it now."""
        now = self.clock()
        while self._lately and self._lately[0] < now - LATELY_S:
            self._lately.popleft()
        seconds = max(1, round(min(LATELY_S, now - self._began)))
        return Sign(stopping=self.stopping, pages=len(self._lately), seconds=seconds)
