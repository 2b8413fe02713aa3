"""What the scheduler answers at ``/metrics`` and ``/health``.

``/health`` is one JSON object; its ``status`` is ``ok``, ``degraded`` (alerts stand, or the disk is nearly full: 200)
or ``failing`` (the database does not answer, or the scheduler does not do its rounds: 503). A standby is ``ok``.

Why what the database says of its trouble is logged and not answered: it names machines and users.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from crawler.configuration import Configuration
from crawler.disk import free_bytes
from crawler.health.daemon_state import DaemonState
from crawler.health.metrics import LibraryCollector, registry_of
from storage import __version__, open_store
from storage.errors import StorageError, StoreUnavailable
from storage.protocol import Store
from storage.types import Run, utc_now

log = logging.getLogger(__name__)
T = TypeVar("T")

SILENT: Final = timedelta(seconds=120)
"""A scheduler that did not do its rounds for so long hangs."""

_ANSWER_S = 10.0
"""A caller waits no longer for its turn at the database."""
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What is answered.

    Attributes:
        content: the body.
        status: HTTP status.
        media_type: of the body.
    """

    content: bytes
    status: HTTPStatus = HTTPStatus.OK
    media_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the database says for ``/health``.

    Attributes:
        alerts: how many stand.
        last_start: the run of a job that was begun last, in plain JSON types; ``None`` before the first.
    """

    alerts: int
    last_start: dict[str, Any] | None


class Questions:
    """A store for questions from several threads: one at a time, opened when it is first needed."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._lock = threading.Lock()
        self._store: Store | None = None

    def ask(self, work: Callable[[Store], T]) -> T:
        """One call on the store. Raises `StorageError`."""
        if not self._lock.acquire(timeout=_ANSWER_S):
            raise StoreUnavailable("the database is busy with an earlier question")
        try:
            if self._store is None:
                self._store = open_store(self._database_url)
            return work(self._store)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Release the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None


class AnsweringProcess(ABC):
    """A long-lived process that answers how it is; usable from several threads.

    Args:
        registry: what stands at ``/metrics``.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def answer(self, path: str, accept: str = "") -> Answer:
        """What stands at a path; ``accept`` is the header of that name."""
        if path == "/metrics":
            encode, media_type = choose_encoder(accept)
            return Answer(content=encode(self._registry), media_type=media_type)
        if path == "/health":
            said = self.health()
            status = HTTPStatus.SERVICE_UNAVAILABLE if said["status"] == "failing" else HTTPStatus.OK
            content = json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
            return Answer(content=content, status=status, media_type=_JSON)
        return Answer(content=b"there are /metrics and /health\n", status=HTTPStatus.NOT_FOUND)

    @abstractmethod
    def health(self) -> dict[str, Any]:
        """What stands at ``/health``, in plain JSON types; ``status`` is ``failing`` where somebody must act."""

    @abstractmethod
    def close(self) -> None:
        """Release what answering holds."""


class Pages(AnsweringProcess):
    """Makes the scheduler's answers.

    Why each page has a store of its own: counting millions of rows for ``/metrics`` must not make ``/health`` believe
    that the database is away.
    """

    def __init__(self, configuration: Configuration, state: DaemonState) -> None:
        self._configuration, self._state = configuration, state
        self._questions = {page: Questions(configuration.database_url) for page in ("metrics", "health")}
        super().__init__(registry_of(LibraryCollector(configuration, state, self._questions["metrics"].ask)))

    def health(self) -> dict[str, Any]:
        """See `health`."""
        return health(self._configuration, self._state, self._questions["health"].ask, now=utc_now())

    def close(self) -> None:
        """Release the stores."""
        for questions in self._questions.values():
            questions.close()


def health(
    configuration: Configuration, state: DaemonState, ask: Callable[[Callable[[Store], Told]], Told], *, now: datetime
) -> dict[str, Any]:
    """How the scheduler and its library are, in plain JSON types."""
    problems: list[str] = []
    try:
        told: Told | None = ask(_told)
    except StorageError as problem:
        told = None
        log.info("the database does not answer: %s", problem)
        problems.append("the database does not answer")
    if state.ticked_at is not None and now - state.ticked_at > SILENT:
        problems.append(f"the scheduler has not done its rounds since {state.ticked_at.isoformat()}")
    failing = bool(problems)
    free, least = free_bytes(configuration.library), configuration.size("storage.min_free_mb")
    if free < least:
        problems.append("the disk of the library is nearly full: no run goes on")
    if told is not None and told.alerts:
        problems.append(f"{told.alerts} alerts stand: `dateline alerts` shows them")
    return {
        "status": "failing" if failing else "degraded" if problems else "ok",
        "problems": problems,
        "version": __version__,
        "machine": socket.gethostname(),
        "leading": state.leading,
        "leading_since": _iso(state.leading_since),
        "started_at": _iso(state.started_at),
        "last_round_at": _iso(state.ticked_at),
        "jobs_at_work": dict(sorted(state.at_work.items())),
        "last_start": told.last_start if told else None,
        "next_starts": {job: _iso(moment) for job, moment in sorted(state.next_starts.items())},
        "database": {"reachable": told is not None},
        "disk": {"free_bytes": free, "needed_bytes": least},
        "alerts": told.alerts if told else None,
    }


def _told(store: Store) -> Told:
    latest = max(store.latest_runs().values(), key=lambda run: run.number, default=None)
    return Told(alerts=len(store.alerts()), last_start=_start_of(latest) if latest else None)


def _start_of(run: Run) -> dict[str, Any]:
    return {
        "job": run.job,
        "run": run.number,
        "machine": run.machine,
        "started_at": _iso(run.started_at),
        "state": str(run.state),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
