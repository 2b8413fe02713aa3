"""One library opened for work: its configuration, its store, its captures, its runs.

Why a lock file per run: a process that was killed cannot say so. Its lock on ``runs/TOKEN.lock`` dies with it, so the
next command on the same machine knows at once that the run is dead and takes its work back; on another machine the
lease has to run out. Rejected: the process id alone (ids are reused).
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawler.configuration import Configuration
from crawler.host_states import HostStates
from crawler.politeness import INTERVAL, resting
from storage import open_store
from storage.captures import CaptureReader, Recovered, recover
from storage.errors import LibraryError, StorageError
from storage.protocol import Store
from storage.types import CrawlRun, RunState, utc_now

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """An open library.

    Attributes:
        configuration: in force.
        store: open; closed with the library.
    """

    configuration: Configuration
    store: Store

    @property
    def captures(self) -> Path:
        """Folder of the WARC files."""
        return self.configuration.captures

    def reader(self) -> CaptureReader:
        """A reader of this library's captures."""
        return CaptureReader(self.captures)


@contextmanager
def open_library(configuration: Configuration, *, create: bool = False) -> Iterator[Library]:
    """Open a library, or make it.

    Raises:
        LibraryError: the folder is no library, or its database stands at another migration.
    """
    folder = configuration.library
    if not create and not folder.is_dir():
        raise LibraryError(f"{folder} does not exist: `dateline init {folder}` makes a library there")
    if not create and configuration.database_url.endswith(str(folder / "dateline.db")):
        _require_database(folder)
    _make_folders(folder)
    with open_store(configuration.database_url, upgrade=create) as store:
        yield Library(configuration=configuration, store=store)


def _make_folders(folder: Path) -> None:
    try:
        (folder / "captures").mkdir(parents=True, exist_ok=True)
        (folder / "runs").mkdir(exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{folder} cannot be used as a library: {error.strerror}") from error


def _require_database(folder: Path) -> None:
    if not (folder / "dateline.db").is_file():
        raise LibraryError(f"{folder} holds no library: `dateline init {folder}` makes one")


@contextmanager
def run(library: Library, command: str) -> Iterator[CrawlRun]:
    """Register a run and hold its lock file while it lasts; the caller closes the run's row.

    Dead runs are buried first: their leases come back, their unfinished WARC tails are put aside.
    """
    for recovered in bury_dead_runs(library):
        log.warning("%s", recovered.text)
    now = utc_now()
    token = secrets.token_hex(8)
    path = library.configuration.library / "runs" / f"{token}.lock"
    with path.open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        begun = CrawlRun(
            token=token,
            command=command,
            machine=socket.gethostname(),
            pid=os.getpid(),
            started_at=now,
            heartbeat_at=now,
        )
        library.store.start_run(begun)
        try:
            yield begun
        except BaseException:
            with suppress(StorageError):
                library.store.finish_run(token, now=utc_now(), state=RunState.FAILED, counts={})
            raise
        finally:
            path.unlink(missing_ok=True)


def bury_dead_runs(library: Library) -> list[Recovered]:
    """Find runs whose process is gone, take their leases back, repair their WARC files.

    Returns what was put aside or cut off, for the log.
    """
    now = utc_now()
    patience = timedelta(seconds=library.configuration.number("crawl.lease_s"))
    rest = timedelta(seconds=library.configuration.number("crawl.delay_s"))
    dead = [one for one in library.store.runs(state=RunState.RUNNING) if _is_dead(library, one, now - patience)]
    _keep_intervals(library, {one.token for one in dead}, now)
    library.store.reclaim([one.token for one in dead], not_before=now + rest)
    for one in dead:
        library.store.finish_run(one.token, now=now, state=RunState.DEAD, counts=one.counts)
        (library.configuration.library / "runs" / f"{one.token}.lock").unlink(missing_ok=True)
    return recover(library.captures, library.store.committed_end)


def _keep_intervals(library: Library, tokens: set[str], now: datetime) -> None:
    """A dead run may have asked its hosts a moment ago: those with a long interval of their own rest for that."""
    if not tokens:
        return
    states = HostStates.configured(library.configuration)
    held = [host.state for host in library.store.hosts(now=now) if host.lease_token in tokens]
    states.know(held)
    library.store.put_host_states([resting(one, now + states.interval(one.name), INTERVAL) for one in held])


def _is_dead(library: Library, one: CrawlRun, silent_since: datetime) -> bool:
    path = library.configuration.library / "runs" / f"{one.token}.lock"
    if one.machine != socket.gethostname() or not path.exists():
        return one.heartbeat_at < silent_since
    with path.open("r+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
