"""How often the scheduler looks at what, in seconds; tests are in more of a hurry than a library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Seconds between two looks.

    Attributes:
        standby: one that does not lead tries to.
        holds: the leader asks whether it still is.
        tick: what people asked for, the clock, and the settings file.
        rows: the rows of runs at work, for their signs of life.
        orphans: runs whose scheduler is gone, and dead ones.
        poll: whether a process is gone.
        retry: a database that is away is tried again.
        grace: between asking an overdue run to end and killing it.
    """

    standby: float = 1.0
    holds: float = 2.0
    tick: float = 1.0
    rows: float = 5.0
    orphans: float = 10.0
    poll: float = 0.2
    retry: float = 1.0
    grace: float = 10.0
