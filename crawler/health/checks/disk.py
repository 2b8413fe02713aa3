"""Is there room, and for how long?

Why the growth is read from the WARC files: they are nearly all that a library writes, and a file's name says when it
was begun. The database grows beside them; where both share a disk, the days that are left are fewer by its part.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from crawler.disk import free_bytes
from crawler.health.checks.findings import Checkup, Finding, State

SOON: Final = 14
"""Days: a disk that is full sooner is worth a note."""
_WINDOW = timedelta(days=28)
_MEBIBYTE = 1 << 20
_REMEDY = "make room: move the library to a larger disk, or set rules of retention and run `dateline retention --apply`"


def check_disk(checkup: Checkup) -> Finding:
    """How much room there is beyond what runs need, and how many days it lasts."""
    configuration = checkup.configuration
    free, least = free_bytes(configuration.library), configuration.size("storage.min_free_mb")
    grown = growth(configuration.captures, checkup.now)
    room = f"{free // _MEBIBYTE} MiB are free, runs stop below {least // _MEBIBYTE} MiB"
    if free < least:
        return Finding(check="disk", state=State.WRONG, summary=room, remedy=_REMEDY)
    if grown <= 0:
        return Finding(check="disk", summary=f"{room}; no captures were written lately")
    days = int((free - least) / grown)
    summary = f"{room}; captures grow by {grown / _MEBIBYTE:.1f} MiB a day, which leaves {days} days"
    if days < SOON:
        return Finding(check="disk", state=State.NOTE, summary=summary, remedy=_REMEDY)
    return Finding(check="disk", summary=summary)


def growth(captures: Path, now: datetime) -> float:
    """Bytes a day that the files which were begun within four weeks have grown by, on average."""
    since = now - _WINDOW
    found = [
        (begun, path.stat().st_size) for path in captures.glob("dateline-*.warc.gz") if (begun := _begun(path)) > since
    ]
    if not found:
        return 0.0
    days = max(1.0, (now - min(begun for begun, _ in found)) / timedelta(days=1))
    return sum(size for _, size in found) / days


def _begun(path: Path) -> datetime:
    """``dateline-20260301120000-...``; long ago for a name that is none of ours."""
    try:
        return datetime.strptime(path.name.split("-")[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except (ValueError, IndexError):
        return datetime.min.replace(tzinfo=UTC)
