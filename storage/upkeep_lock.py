"""One at a time: what overwrites captures, and what copies them.

Files of captures only grow, except that a takedown overwrites stretches of them. A backup that copied a file meanwhile
would hold half of it as it was and half as it is, and rows whose records are gone. So both hold one lock of the library
while they work.

Why ``flock`` on a file that stays: it ends with the process however that dies. The file is not removed afterwards: of
two programs that wait, one would lock a file that has no name any more.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.captures.files import try_lock
from storage.errors import LibraryError

_NAME = "upkeep.lock"
_STEP_S = 0.2
_LONGEST = 200


@contextmanager
def upkeep(library: Path, work: str, *, patience_s: float = 0) -> Iterator[None]:
    """Hold the library against every other program that removes captures or copies them.

    Args:
        library: its folder; must be there.
        work: what is done, for whoever is refused meanwhile: ``a backup``, ``a takedown``.
        patience_s: how long to wait for another program, in seconds.

    Raises:
        LibraryError: another program is at work, or the lock file cannot be made; nothing was done.
    """
    path = library / "runs" / _NAME
    try:
        path.parent.mkdir(exist_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as problem:
        raise LibraryError(f"{path} cannot be made: {problem.strerror}") from problem
    try:
        _take(fd, library, patience_s)
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{work} (process {os.getpid()})".encode()[:_LONGEST], 0)
        yield
        os.ftruncate(fd, 0)
    finally:
        os.close(fd)


def _take(fd: int, library: Path, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while not try_lock(fd):
        if time.monotonic() >= until:
            holder = os.pread(fd, _LONGEST, 0).decode("utf-8", "replace") or "another program"
            raise LibraryError(f"{holder} is at work on {library}: wait for its end, then run the command again")
        time.sleep(_STEP_S)
