"""What a scheduler knows of itself, for whoever asks how it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(kw_only=True, slots=True)
class SchedulerState:
    """Changed in the event loop only; what it refers to is replaced, not changed, apart from the counts.

    Attributes:
        started_at: when this process began.
        leading: it is the one that starts jobs.
        leading_since: since when; ``None`` while it does not.
        ticked_at: when it last did its rounds; a scheduler that hangs does not.
        database_away: why the database cannot be used now; empty while it can.
        settings_problem: why ``dateline.toml`` is not in force as it stands; empty while it is.
        counts: event -> how often since the start: started, finished, failed, killed, skipped, missed, ...
        at_work: job -> number of its run that this scheduler watches.
        next_starts: job -> when the clock starts it next; empty while it does not lead.
    """

    started_at: datetime
    leading: bool = False
    leading_since: datetime | None = None
    ticked_at: datetime | None = None
    database_away: str = ""
    settings_problem: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    at_work: Mapping[str, int] = field(default_factory=dict)
    next_starts: Mapping[str, datetime] = field(default_factory=dict)

    def count(self, event: str) -> None:
        """One more of these."""
        self.counts[event] += 1
