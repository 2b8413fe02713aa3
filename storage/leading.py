"""One scheduler at a time: who leads, and how the next one takes over.

Why a lock that ends with its holder, and no lease with a time in it: a scheduler that is killed leads no more at that
moment, and one whose machine sleeps cannot wake up believing that it still does. A file is locked by the kernel; on
PostgreSQL a connection of its own holds an advisory lock, and the server frees it when the connection is gone. Both
ends keep asking each other, so that a machine which lost its network counts as gone within half a minute, and not
within two hours.

Why the file is in the library's folder and not beside the database: one folder is one library, whatever its database
is called. With PostgreSQL several machines share one library, and the folder proves nothing.

Why leadership is only half of it: between a lost connection and the moment at which it is noticed two may lead. That no
job overlaps itself does not rest on this lock, but on the index that `storage.run_store.RunStore.start_run` meets.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.errors import LibraryError
from storage.opening import MEMORY

_NAME = "scheduler.lock"
_LONGEST = 400
_TRIES, _PAUSE_S = 100, 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Leader:
    """The scheduler that leads.

    Attributes:
        machine: host name where it runs; empty where that is not known.
        pid: its process there; 0 where that is not known.
        since: when it began to lead; ``None`` where that is not known.
    """

    machine: str = ""
    pid: int = 0
    since: datetime | None = None


class Leadership(ABC):
    """A claim to be the one scheduler of a library; as a context manager it is released at the end."""

    @abstractmethod
    def acquire(self) -> bool:
        """Try to lead; returns at once, and says whether we do. Asked again while leading, it answers as `holds`.

        Raises `StoreUnavailable` where the database cannot be reached, `LibraryError` where no file can be made.
        """

    @abstractmethod
    def holds(self) -> bool:
        """Whether we still lead; False for good where the lock is lost. Asks the database where that holds it."""

    @abstractmethod
    def release(self) -> None:
        """Lead no more; idempotent. What cannot be said to a database that is gone is not needed."""

    @abstractmethod
    def leader(self) -> Leader | None:
        """Who leads now, ourselves or another; ``None`` where nobody does.

        Raises `StoreUnavailable` where the database cannot be reached.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def open_leadership(database_url: str, folder: Path) -> Leadership:
    """The leadership of a library; nothing is locked yet.

    Args:
        database_url: as for `storage.open_store`. On PostgreSQL it must lead to the server, or to a pooler that gives
            each client a connection of its own: one shared by turns holds no lock.
        folder: of the library; must be there.

    Raises:
        LibraryError: the address is not usable.
    """
    if database_url.startswith(MEMORY):
        return FileLeadership(folder)
    from storage.sql.leading import open_sql_leadership  # noqa: PLC0415 -- see `storage.opening`

    return open_sql_leadership(database_url) or FileLeadership(folder)


def leader(database_url: str, folder: Path) -> Leader | None:
    """Who leads the schedules of a library now; see `Leadership.leader`."""
    return open_leadership(database_url, folder).leader()


class FileLeadership(Leadership):
    """A locked file in the library's folder: every scheduler of the library runs on this machine.

    The file stays when it is unlocked: of two that wait, one would else lock a file that has no name any more. Programs
    that are started inherit nothing of it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "runs" / _NAME
        self._fd: int | None = None

    def acquire(self) -> bool:
        """See `Leadership.acquire`; tried again while only those hold the file who ask who leads."""
        if self._fd is not None:
            return self.holds()
        fd = self._open()
        for attempt in range(_TRIES):
            time.sleep(_PAUSE_S if attempt else 0)
            if _try_lock(fd, fcntl.LOCK_EX) and _is_at(fd, self._path):
                self._fd = fd
                _write(fd, f"{socket.gethostname()} {os.getpid()} {datetime.now(UTC).isoformat()}\n")
                return True
            if not _try_lock(fd, fcntl.LOCK_SH):
                break
            fcntl.flock(fd, fcntl.LOCK_UN)
        os.close(fd)
        return False

    def _open(self) -> int:
        try:
            self._path.parent.mkdir(exist_ok=True)
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as problem:
            raise LibraryError(f"{self._path} cannot be made: {problem.strerror}") from problem

    def holds(self) -> bool:
        """See `Leadership.holds`; a file that was taken away is locked for nobody."""
        if self._fd is not None and not _is_at(self._fd, self._path):
            self.release()
        return self._fd is not None

    def release(self) -> None:
        """See `Leadership.release`."""
        if self._fd is not None:
            _write(self._fd, "")
            os.close(self._fd)
            self._fd = None

    def leader(self) -> Leader | None:
        """See `Leadership.leader`."""
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            return None if _try_lock(fd, fcntl.LOCK_SH) else _read(os.pread(fd, _LONGEST, 0))
        finally:
            os.close(fd)


def _try_lock(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(fd: int, path: Path) -> bool:
    try:
        named = path.stat()
    except OSError:
        return False
    ours = os.fstat(fd)
    return (ours.st_dev, ours.st_ino) == (named.st_dev, named.st_ino)


def _write(fd: int, who: str) -> None:
    """Say who leads; on a full disk nobody can read it, but whoever holds the lock leads all the same."""
    with suppress(OSError):
        os.ftruncate(fd, 0)
        os.pwrite(fd, who.encode(), 0)


def _read(written: bytes) -> Leader:
    """What a leader wrote of itself; one that is just about to has written nothing yet."""
    machine, pid, since = (*written.decode("utf-8", "replace").split(), "", "", "")[:3]
    try:
        return Leader(machine=machine, pid=int(pid), since=datetime.fromisoformat(since).astimezone(UTC))
    except ValueError:
        return Leader(machine=machine)
