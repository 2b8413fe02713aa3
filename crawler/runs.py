"""One run of a command: its row, its lock file, its heartbeat, its log, its exit status.

Every command that changes the library or takes long is a run. A crawl's session closes its row itself and gives its
signs of life between its own calls (`run`); all others are done with one line::

    with opened(library) as found, registered(found, "dateline retention --apply") as work:
        work.counts["documents"] = 12
        work.note = "rewriting WARC files"

Dry runs and commands that only read get none: ``registered(..., unless=dry_run)``. What needs room on the disk says so:
``registered(..., needs_room=True)``; what makes room must not.

Why a thread gives the signs of a command that is no crawl, over a connection of its own: the command may be inside one
long call. What it cannot write it leaves; the next sign comes.

Why the exit status is written when the command is over and not when its run is: a crawl links and counts after it, and
only the end knows. A process that is killed before cannot write one; its row says ``dead`` soon.

Why the scheduler hands its row over in ``DATELINE_RUN``: it must be there before the process is, or a job could overlap
itself. Only the first run of that very process takes it.
"""

from __future__ import annotations

import fcntl
import getpass
import logging
import os
import secrets
import shlex
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from crawler.configuration import Configuration
from crawler.disk import Room
from crawler.errors import DatelineError
from crawler.library import Library
from crawler.liveness import bury_dead_runs, has_process, heartbeat_s, is_dead, last_sign, lease_s, lock_path, touch
from crawler.runlog import LOG_ONLY, logged
from crawler.stopping import STATUSES
from crawler.uploading import move_own
from storage import open_store
from storage.errors import RunNotFound, StorageError
from storage.opening import MEMORY
from storage.protocol import Store
from storage.types import Run, RunState

log = logging.getLogger(__name__)

__all__ = [
    "RUN_VARIABLE",
    "Work",
    "as_typed",
    "bury_dead_runs",
    "end_process",
    "failed_run",
    "has_process",
    "heartbeat_s",
    "is_dead",
    "last_sign",
    "lease_s",
    "lock_path",
    "login_name",
    "note_given",
    "problem_of",
    "registered",
    "run",
    "state_of",
    "take_given",
    "touch",
]

RUN_VARIABLE = "DATELINE_RUN"
"""Environment variable with the token of the row that a scheduler wrote for this process."""

_MOST_WORDS = 3
"""A shell may write thousands of files where a person typed a star."""
_JOIN_S = 2.0
"""A sign of life that is being written is waited for no longer than so when the run ends."""


@dataclass(slots=True)
class _Process:
    """What this process knows of its runs.

    Attributes:
        given: token of the row that a scheduler wrote for it, until a run takes it.
        ours: database -> tokens of its runs, until their exit status is written.
        failed: a run ended with a mistake of ours, whose traceback is in its log.
    """

    given: str = ""
    ours: dict[str, list[str]] = field(default_factory=dict)
    failed: str = ""


_process = _Process()


@dataclass(slots=True, kw_only=True)
class Work:
    """What a registered command says of itself, for its row.

    Attributes:
        run: its row, as it began; ``None`` where nothing is registered.
        counts: whatever it counts.
        note: what it does now, or did last, in a few words.
        state: how it ends, unless it ends by an exception.
        problem: why it failed.
    """

    run: Run | None = None
    counts: dict[str, int] = field(default_factory=dict)
    note: str = ""
    state: RunState = RunState.FINISHED
    problem: str = ""

    @property
    def token(self) -> str:
        """The run's; empty where nothing is registered."""
        return self.run.token if self.run is not None else ""


# -- beginning and ending --------------------------------------------------------------------------------------


@contextmanager
def registered(library: Library, command: str, *, unless: bool = False, needs_room: bool = False) -> Iterator[Work]:
    """Register a run of a command that is no crawl, give its signs of life, and close its row.

    Ctrl-C closes it as interrupted, any other exception as failed.

    Args:
        library: open.
        command: as a person would type it.
        unless: register nothing: it is a dry run.
        needs_room: refuse to begin where the disk has less room left than ``storage.min_free_mb``.

    Raises:
        DiskFull: see ``needs_room``.
        StorageError: the row cannot be written.
    """
    if unless:
        yield Work()
        return
    with run(library, command, needs_room=needs_room) as begun:
        work = Work(run=begun)
        try:
            with _beating(library, work):
                yield work
        except BaseException as error:
            with suppress(StorageError):
                _finish(library.store, work, state_of(error), problem_of(error))
            raise
        _finish(library.store, work, work.state, work.problem)


def _finish(store: Store, work: Work, state: RunState, problem: str) -> None:
    now = store.clock()
    if work.note:
        store.heartbeat(work.token, now=now, counts=work.counts, note=work.note)
    store.finish_run(work.token, now=now, state=state, counts=work.counts, problem=problem)


@contextmanager
def run(library: Library, command: str, *, needs_room: bool = True) -> Iterator[Run]:
    """Register a run and hold its lock file while it lasts; the caller closes the run's row and says that it lives.

    Dead runs are buried first: their leases come back, their unfinished WARC tails are put aside. What is logged
    meanwhile goes to the run's log, too.

    Raises:
        DiskFull: there is too little room to begin, and ``needs_room``.
        StorageError: the row cannot be written.
    """
    given = take_given()
    recovered = bury_dead_runs(library, spare=given)
    token = given or secrets.token_hex(8)
    with _lock_held(library, token):
        begun = _begun(library, command, token, given=bool(given))
        _process.ours.setdefault(library.configuration.database_url, []).append(token)
        with logged(library.configuration, run=begun.number, job=begun.job) as name:
            begun = library.store.adopt_run(token, pid=os.getpid(), log=name, now=library.store.clock())
            log.debug("run %d begins: %s", begun.number, begun.command)
            for one in recovered:
                log.warning("%s", one.text)
            try:
                if needs_room:
                    Room.configured(library.configuration).require()
                yield begun
            except BaseException as error:
                _failed(library.store, begun, error)
                raise
            finally:
                move_own(library, token)


def _begun(library: Library, command: str, token: str, *, given: bool) -> Run:
    """The row: the scheduler's, or a new one."""
    if given:
        with suppress(RunNotFound):  # of another library
            return library.store.run(token)
    now = library.store.clock()
    return library.store.start_run(
        Run(
            token=token,
            command=command,
            machine=socket.gethostname(),
            pid=os.getpid(),
            started_at=now,
            heartbeat_at=now,
            who=login_name(),
        )
    )


def _failed(store: Store, begun: Run, error: BaseException) -> None:
    state = state_of(error)
    if state is RunState.FAILED:
        if is_ours(error):
            _process.failed = f"run {begun.number}"
            log.error("our own code failed", exc_info=error, extra=LOG_ONLY)
        else:
            log.error("the run ends: %s", error, extra=LOG_ONLY)
    with suppress(StorageError):
        store.finish_run(begun.token, now=store.clock(), state=state, counts=begun.counts, problem=problem_of(error))


def state_of(error: BaseException) -> RunState:
    """How a run ends that this ended."""
    return RunState.INTERRUPTED if isinstance(error, KeyboardInterrupt) else RunState.FAILED


def problem_of(error: BaseException) -> str:
    """Why, for the row; nothing where a person asked for it."""
    if isinstance(error, KeyboardInterrupt):
        return ""
    return f"{type(error).__name__}: {error}" if is_ours(error) else str(error)


def is_ours(error: BaseException) -> bool:
    """Whether it is a mistake of this program, and not the world's or a person's."""
    return not isinstance(error, (DatelineError, StorageError, OSError, KeyboardInterrupt))


def login_name() -> str:
    """Who runs this process; the number of the user where the system knows no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())


def as_typed(command: str, *words: object, **options: object) -> str:
    """``dateline dedup rebuild --again``: a command with its arguments and with the options that are set."""
    given = [shlex.quote(str(word)) for word in words[:_MOST_WORDS]]
    if len(words) > _MOST_WORDS:
        given.append("...")
    for name, value in options.items():
        if value:
            flag = f"--{name.replace('_', '-')}"
            given.append(flag if value is True else f"{flag} {shlex.quote(str(value))}")
    return " ".join([command, *given])


# -- the scheduler's row, and the exit status ------------------------------------------------------------------


def note_given() -> None:
    """Take the scheduler's token out of the environment: processes that we start are not what it waits for."""
    _process.given = os.environ.pop(RUN_VARIABLE, "") or _process.given


def take_given() -> str:
    """The token of the row that a scheduler wrote for this process, once; empty where there is none."""
    note_given()
    given, _process.given = _process.given, ""
    return given


def end_process(status: int) -> None:
    """Write the exit status of this process to the rows of its runs, and close those that are open.

    What cannot be written is left: the next command buries the row.
    """
    ours, _process.ours = _process.ours, {}
    _process.given, _process.failed = "", ""
    for database, tokens in ours.items():
        if database.startswith(MEMORY):
            continue
        try:
            with open_store(database) as store:
                for token in tokens:
                    store.settle_run(token, now=store.clock(), state=_state_by(status), exit_status=status)
        except StorageError as error:
            log.debug("no exit status is written: %s", error)


def _state_by(status: int) -> RunState:
    if status in STATUSES:
        return RunState.INTERRUPTED
    return RunState.FAILED if status else RunState.FINISHED


def failed_run() -> str:
    """``run 12``, where a run of this process ended with a mistake of ours; its log has the traceback."""
    return _process.failed


# -- signs of life ---------------------------------------------------------------------------------------------


@contextmanager
def _lock_held(library: Library, token: str) -> Iterator[None]:
    path = lock_path(library.configuration.library, token)
    begun = path.with_suffix(".begun")
    with begun.open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            begun.rename(path)  # held from its first moment: whoever finds it free takes the run for dead
            yield
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def _beating(library: Library, work: Work) -> Iterator[None]:
    """Say that the run lives while it lasts."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(library.configuration, work, ended), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_JOIN_S)


def _beat(configuration: Configuration, work: Work, ended: threading.Event) -> None:
    store: Store | None = None
    while not ended.wait(heartbeat_s(configuration)):
        touch(configuration.library, work.token)
        try:
            store = store or _own_store(configuration)
            if store is not None:
                store.heartbeat(work.token, now=store.clock(), counts=dict(work.counts), note=work.note)
        except StorageError as error:
            log.debug("no heartbeat in the row: %s", error)
    if store is not None:
        store.close()


def _own_store(configuration: Configuration) -> Store | None:
    """A connection of our own; a store in memory has none to give."""
    url = configuration.database_url
    return None if url.startswith(MEMORY) else open_store(url)
