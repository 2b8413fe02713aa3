"""What a worker answers at ``/metrics`` and ``/health``.

Why counters and not questions to the database, as the scheduler's are: these are this worker's own; Prometheus adds
them up. Of the queue, which all workers share, every worker tells the same: take one of them, or the largest.

Why figures of the process stand here and not with the scheduler's: a worker is the process that works.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from crawler.configuration import Configuration
from crawler.health.endpoint import Endpoint, serve_at
from crawler.health.metrics import KEPT_S
from crawler.health.pages import AnsweringProcess
from crawler.health.workers import QueueStanding, queues_of
from crawler.working.counting import Tally
from storage import __version__
from storage.errors import StorageError
from storage.types import utc_now

log = logging.getLogger(__name__)

SILENT_S: Final = 30.0
"""A worker whose loop did not turn for so long hangs."""
_SHARE: Final = 20


class Queues:
    """The queues as they stood a moment ago; asked from several threads, the database by one of them at a time.

    Args:
        ask: the database; raises `StorageError`.
        clock: seconds on a steady clock.
    """

    def __init__(
        self, ask: Callable[[], Sequence[QueueStanding]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._clock = ask, clock
        self._lock = threading.Lock()
        self._kept: Sequence[QueueStanding] | None = None
        self._good_until = float("-inf")

    def standing(self) -> Sequence[QueueStanding] | None:
        """Each queue; ``None`` where the database does not answer."""
        with self._lock:
            began = self._clock()
            if began >= self._good_until:
                try:
                    self._kept = self._ask()
                except StorageError as problem:
                    log.debug("nobody knows how the queues stand: %s", problem)
                    self._kept = None
                took = self._clock() - began
                self._good_until = began + max(KEPT_S, took * _SHARE)
            return self._kept


class WorkerCollector(Collector):
    """All metrics of a worker.

    Args:
        tally: what it counted.
        queues: how they stand.
    """

    def __init__(self, tally: Tally, queues: Queues) -> None:
        self._tally, self._queues = tally, queues

    def describe(self) -> list[Metric]:
        """Nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every metric; without the database, those that need none."""
        tally = self._tally
        yield InfoMetricFamily("dateline_build", "Version of the program.", value={"version": __version__})
        yield _gauge("worker_stopping", "Whether this worker was asked to stop (1) or not (0).", int(tally.stopping))
        yield _gauge(
            "worker_heartbeat_age_seconds",
            "For how long the worker's loop did not turn.",
            tally.clock() - tally.beat_at,
        )
        yield _gauge("worker_orders_at_work", "Orders that are being served now.", tally.at_work)
        yield _gauge("worker_hosts_held", "Hosts that this worker holds now.", tally.held)
        yield _counted("worker_pages", "Attempts that this worker stored, by outcome.", "outcome", tally.pages)
        yield _counted("worker_slices", "Orders that this worker served, by kind.", "kind", tally.slices)
        text = "Documents that this worker dealt with, by kind of order."
        yield _counted("worker_documents", text, "kind", tally.documents)
        for name, (text, value) in _SINGLE.items():
            family = CounterMetricFamily(f"dateline_{name}", text)
            family.add_metric([], value(tally))
            yield family
        yield from _of_queues(self._queues.standing())


_SINGLE: Mapping[str, tuple[str, Callable[[Tally], float]]] = {
    "worker_held_by_other": ("Orders whose host somebody else held.", lambda tally: tally.held_by_other),
    "worker_failed_orders": ("Orders that could not be served, because something failed.", lambda tally: tally.failed),
    "worker_lost_leases": ("Hosts that were lost while this worker held them.", lambda tally: tally.lost),
    "worker_stale_results": ("Results not stored, because their host was lost.", lambda tally: tally.stale),
    "worker_buried_runs": ("Runs that this worker found dead.", lambda tally: tally.buried),
}


class WorkerPages(AnsweringProcess):
    """Makes a worker's answers.

    Args:
        configuration: of the library.
        tally: of the worker.
    """

    def __init__(self, configuration: Configuration, tally: Tally) -> None:
        super().__init__(CollectorRegistry(auto_describe=False))
        self._tally = tally
        self._registry.register(WorkerCollector(tally, Queues(lambda: queues_of(configuration))))
        ProcessCollector(registry=self._registry)

    def health(self) -> dict[str, Any]:
        """See `health`."""
        return health(self._tally)

    def close(self) -> None:
        """Nothing: a question to the queues has a connection of its own."""


def health(tally: Tally) -> dict[str, Any]:
    """How the worker is, in plain JSON types."""
    silent_s, sign = tally.clock() - tally.beat_at, tally.sign()
    problems = [f"its loop has not turned for {silent_s:.0f} s"] if silent_s > SILENT_S else []
    return {
        "status": "failing" if problems else "ok",
        "problems": problems,
        "version": sign.version,
        "machine": socket.gethostname(),
        "stopping": tally.stopping,
        "orders_at_work": tally.at_work,
        "pages": sum(tally.pages.values()),
        "pages_per_minute": round(sign.pages_per_minute, 1),
    }


def serve_metrics(configuration: Configuration, tally: Tally, listen: str) -> Endpoint | None:
    """Answer at an address; ``None`` where that is empty, or where nobody can: that is logged."""
    return serve_at(listen, "workers.metrics", lambda: WorkerPages(configuration, tally))


def _of_queues(standing: Sequence[QueueStanding] | None) -> Iterator[Metric]:
    yield _gauge("database_up", "Whether the database answers (1) or not (0).", int(standing is not None))
    if standing is None:
        return
    jobs = GaugeMetricFamily(
        "dateline_queue_jobs", "Jobs of all workers, by queue and state.", labels=["queue", "state"]
    )
    text = "For how long the job waits that waits longest, by queue; 0 where none waits."
    waits = GaugeMetricFamily("dateline_queue_oldest_wait_seconds", text, labels=["queue"])
    now = utc_now()
    for one in standing:
        for state, count in (("waiting", one.waiting), ("running", one.running), ("stalled", one.stalled)):
            jobs.add_metric([one.queue, state], count)
        waited = (now - one.oldest).total_seconds() if one.oldest else 0.0
        waits.add_metric([one.queue], max(waited, 0.0))
    yield from (jobs, waits)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", text, value=value)


def _counted(name: str, text: str, label: str, values: Mapping[Any, int]) -> Metric:
    family = CounterMetricFamily(f"dateline_{name}", text, labels=[label])
    for key, value in sorted(dict(values).items()):
        family.add_metric([str(key)], value)
    return family
