"""Can captures be written and read?

Why only the latest are read: `dateline captures verify` reads all, which takes hours and is a job of its own. What
breaks from one day to the next (a disk, a folder that was restored without its files, a wrong owner) shows here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from crawler.health.checks.findings import Checkup, Finding, State, worst
from crawler.library import Library
from storage.captures import CaptureReader
from storage.captures.files import UNCOMMITTED
from storage.checkup import latest_captures
from storage.errors import CaptureError, PlaceUnavailable
from storage.types import Capture

READ: Final = 200
"""How many are read."""
_SHOWN = 10


def check_captures(checkup: Checkup) -> Finding:
    """Whether the folder can be written, the latest records are there, and nothing waits to be put in order."""
    if checkup.library is None:
        return checkup.without_database("captures")
    folder = checkup.configuration.captures
    try:
        read, broken = _read(checkup.library)
    except PlaceUnavailable as problem:
        return _away(problem)
    state = State.WRONG if broken or not _writable(folder) else State.OK
    parts, remedies = [_summary(read, len(broken))], []
    if broken:
        remedies.append("`dateline captures verify` says how many there are; restore the files from a backup")
    if not _writable(folder):
        parts.insert(0, f"{folder} cannot be written")
        remedies.append(f"give {folder} to the user who runs dateline")
    if left := _uncommitted(folder):
        state = worst(state, State.NOTE)
        parts.append(f"{left} files in {UNCOMMITTED}/ hold what killed runs fetched and nobody stored")
        remedies.append(f"delete {folder / UNCOMMITTED} when you do not want to look into them")
    if waiting := len(checkup.library.store.removals()):
        state = worst(state, State.NOTE)
        parts.append(f"{waiting} stretches that were taken down are still to be overwritten")
        remedies.append("the next `dateline forget` or `dateline retention --apply` overwrites them")
    return Finding(
        check="captures",
        state=state,
        summary="; ".join(parts),
        remedy="; ".join(remedies),
        details=tuple(broken[:_SHOWN]),
    )


def _away(problem: PlaceUnavailable) -> Finding:
    remedy = "captures stay on this machine until the place is back; see its own log, and storage.captures"
    return Finding(check="captures", state=State.WRONG, summary=str(problem), remedy=remedy)


def _summary(read: int, broken: int) -> str:
    if not read:
        return "there are none"
    if broken:
        return f"{broken} of the latest {read} captures cannot be read as they were stored"
    return f"the latest {read} captures can be read as they were stored"


def _read(library: Library) -> tuple[int, list[str]]:
    """How many were read, and what is wrong, one line each."""
    rows = latest_captures(library.configuration.database_url, READ)
    with library.reader() as reader:
        problems = [_problem(reader, row) for row in rows]
    return len(rows), [one for one in problems if one]


def _problem(reader: CaptureReader, row: Capture) -> str:
    try:
        reader.payload(row)
    except CaptureError as problem:
        return str(problem)
    return ""


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def _uncommitted(folder: Path) -> int:
    aside = folder / UNCOMMITTED
    return sum(path.is_file() for path in aside.iterdir()) if aside.is_dir() else 0
