"""Following the clock that all machines of a library share (`storage.types.time` says why)."""

from __future__ import annotations

import logging
from datetime import timedelta

from storage.protocol import Store
from storage.types import follow_clock, own_now, utc_now

log = logging.getLogger(__name__)


def keep_time(store: Store) -> timedelta:
    """Let this process's clock follow the store's, where the two differ; a library on SQLite has only the one.

    Returns:
        How far the store's clock is ahead of this machine's; zero where they agree.

    Raises:
        StorageError: the store cannot be asked.
    """
    before = utc_now() - own_now()
    asked = own_now()
    said = store.clock()
    ahead = follow_clock(said, asked_between=(asked, own_now()))
    if abs(ahead - before) > timedelta(seconds=0.1):
        log.warning(
            "this machine's clock is %.1f s %s the database's, which counts from now on",
            abs(ahead.total_seconds()),
            "behind" if ahead > timedelta(0) else "ahead of",
        )
    return ahead
