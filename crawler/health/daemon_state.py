"""What the scheduler tells about itself to whoever asks how it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class DaemonState(Protocol):
    """The state of a scheduler, read from other threads; `crawler.scheduling.state` keeps it.

    Attributes:
        started_at: when its process began.
        leading: it is the one that starts jobs.
        leading_since: since when; ``None`` while it does not.
        ticked_at: when it last did its rounds; ``None`` before the first.
        at_work: job -> number of its run that it watches.
        next_starts: job -> when the clock starts it next.
        counts: event -> how often since its start.
    """

    @property
    def started_at(self) -> datetime: ...  # noqa: D102 - see above
    @property
    def leading(self) -> bool: ...  # noqa: D102
    @property
    def leading_since(self) -> datetime | None: ...  # noqa: D102
    @property
    def ticked_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def at_work(self) -> Mapping[str, int]: ...  # noqa: D102
    @property
    def next_starts(self) -> Mapping[str, datetime]: ...  # noqa: D102
    @property
    def counts(self) -> Mapping[str, int]: ...  # noqa: D102
