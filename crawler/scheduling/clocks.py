"""Notice that the clock was moved or the machine slept: the wall clock and the steady clock then disagree.

Why it matters: timers run on the steady clock, which stands still while a laptop is suspended (on Linux) and knows
nothing of a corrected clock. Without a second look, a start that is due by the wall clock waits for the rest of its
timer, possibly for hours.
"""

from __future__ import annotations

from collections.abc import Callable

SLACK_S = 2.0
"""A clock that is slewed to the right time differs by less than this between two looks."""


class ClockWatch:
    """Compares how far both clocks went since the last look; both are in seconds."""

    def __init__(self, *, wall: Callable[[], float], steady: Callable[[], float]) -> None:
        self._wall, self._steady = wall, steady
        self._seen = (wall(), steady())

    def moved(self) -> float:
        """By how many seconds the wall clock was moved since the last look; 0.0 for less than the slack."""
        wall, steady = self._wall(), self._steady()
        by = (wall - self._seen[0]) - (steady - self._seen[1])
        self._seen = (wall, steady)
        return by if abs(by) > SLACK_S else 0.0
