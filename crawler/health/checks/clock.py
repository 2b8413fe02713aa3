"""Is this machine's clock right?

A wrong clock makes leases end early or never, days count wrong, and captures lie about when they were made. There is
nobody to ask for the right time but the database's server and the archives that were asked anyway; and what other
machines wrote must not lie in the future.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from crawler.health.checks.findings import Checkup, Finding, State
from storage.checkup import latest_captures, server_time
from storage.errors import StorageError
from storage.protocol import Store
from storage.types import utc_now

SLACK_S: Final = 30.0
"""Seconds by which clocks may differ: a Date header has whole seconds and travels for a while."""
_WRONG_S = 300.0
_FUTURE = timedelta(seconds=60)


def check_clock(checkup: Checkup) -> Finding:
    """Whether others agree with it."""
    compared = _compared(checkup)
    future = _future(checkup.store, checkup.configuration.database_url, checkup.now) if checkup.store else []
    # One archive whose own clock is wrong must not be believed: the one that agrees best is.
    off = min((abs(seconds) for seconds in compared.values()), default=0.0)
    details = (*(f"{seconds:+.0f} s against {name}" for name, seconds in sorted(compared.items())), *future)
    remedy = "let the machine keep its time by NTP (timedatectl set-ntp true)"
    if off > SLACK_S or future:
        state = State.WRONG if off > _WRONG_S or future else State.NOTE
        summary = f"it is {off:.0f} s off" if off > SLACK_S else "what is stored lies in its future"
        return Finding(check="clock", state=state, summary=summary, remedy=remedy, details=details)
    with_whom = ", ".join(sorted(compared)) or "nobody could be asked; nothing that is stored lies in its future"
    return Finding(check="clock", summary=f"it agrees with {with_whom}" if compared else with_whom, details=details)


def _compared(checkup: Checkup) -> dict[str, float]:
    """Who was asked -> by how many seconds our clock is ahead."""
    found = {
        place.name: heard.off
        for place in checkup.configuration.archives
        if (heard := checkup.heard.get(place.index_url)) is not None and heard.off is not None
    }
    if checkup.library is not None:
        try:
            theirs = server_time(checkup.configuration.database_url)
        except StorageError:
            theirs = None
        if theirs is not None:
            found["the database"] = (utc_now() - theirs).total_seconds()
    return found


def _future(store: Store, url: str, now: datetime) -> list[str]:
    """What was written by a clock that is ahead of ours."""
    found = []
    runs = store.runs(limit=50)
    if runs and (ahead := max(max(run.started_at, run.heartbeat_at) for run in runs)) > now + _FUTURE:
        found.append(f"a run gave its last sign of life at {ahead:%Y-%m-%d %H:%M:%S}Z")
    captures = latest_captures(url, 50)
    if captures and (ahead := max(one.fetched_at for one in captures)) > now + _FUTURE:
        found.append(f"a capture was fetched at {ahead:%Y-%m-%d %H:%M:%S}Z")
    return found
