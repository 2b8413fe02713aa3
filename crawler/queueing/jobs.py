"""Jobs as they stand in procrastinate's table: put there by the thousand, taken back from the dead.

Why one statement of ours and not procrastinate's own ``batch_defer``: that fails as a whole where one order waits
already, and 3,000 single ones take seconds. ``ON CONFLICT`` on procrastinate's own unique index is exact, whoever puts
the same orders at the same moment. Rejected: looking up what waits first (a race, and twice the statements).

Why everybody who puts jobs does so under one advisory lock: orders are put in the order in which hosts wait, so two who
put the same hosts in another order would wait for each other.

Why a job that is taken over is made anew, and not set back: its first worker may only be paused. When it wakes up, it
ends its job by its number; that number is gone, and the successor's job stays.

Why it goes before others of its kind: its host was at work already, and should be again within seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from crawler.queueing.orders import QUEUES, HostOrder
from crawler.queueing.reaching import DEAD_S, TASK

PUT_LOCK = 0x6461_7465_7075_7473
"""Key of the advisory lock under which jobs are put ("dateputs" in ASCII)."""

LOCK: LiteralString = "SELECT pg_advisory_xact_lock(%(key)s)"

PUT: LiteralString = """
    INSERT INTO procrastinate_jobs AS old (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
    SELECT given.queue, %(task)s, %(priority)s, given.lock, given.queueing_lock, given.args::jsonb,
        CASE WHEN %(wait_s)s > 0 THEN now() + make_interval(secs => %(wait_s)s) END
    FROM unnest(%(queues)s::text[], %(locks)s::text[], %(queueing_locks)s::text[], %(args)s::text[])
        WITH ORDINALITY AS given(queue, lock, queueing_lock, args, place)
    ORDER BY given.place
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE
        SET priority = greatest(old.priority, excluded.priority), args = excluded.args
        WHERE old.priority < excluded.priority OR old.args #>> '{order,since}' < excluded.args #>> '{order,since}'
    RETURNING (xmax = 0) AS is_new
"""
"""Waiting jobs with the same queueing lock stay, but may come to wait with a higher priority, and for what is later."""

TAKE_OVER: LiteralString = """
    WITH gone AS (
        DELETE FROM procrastinate_jobs WHERE status = 'doing' AND task_name = %(task)s AND ({which})
        RETURNING id, queue_name, task_name, priority, lock, queueing_lock, args, attempts
    )
    INSERT INTO procrastinate_jobs AS old (queue_name, task_name, priority, lock, queueing_lock, args, attempts)
    SELECT queue_name, task_name, priority + 1, lock, queueing_lock, args, attempts + 1 FROM gone ORDER BY id
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET priority = greatest(old.priority, excluded.priority)
    RETURNING lock
"""
"""One that waits with the same queueing lock already takes the place of the stalled one."""

OF_THE_DEAD: LiteralString = """
    worker_id IS NULL OR worker_id IN (
        SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(dead_s)s)
    )
"""
NAMED: LiteralString = "id = ANY(%(ids)s)"

BURY: LiteralString = (
    "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(dead_s)s)"
)


_json = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What stands in a job's arguments.

    Attributes:
        order: what is to be done.
        priority: with which it was put; the job's own may be higher, once it was taken over.
    """

    order: HostOrder
    priority: int = 0

    def to_arguments(self) -> dict[str, Any]:
        """As JSON."""
        return {"order": self.order.to_arguments(), "priority": self.priority}

    @classmethod
    def from_arguments(cls, values: Mapping[str, Any]) -> Job:
        """From the table. Raises `ValueError`, `TypeError` or `KeyError` where it is none of ours."""
        return cls(order=HostOrder.from_arguments(values["order"]), priority=int(values["priority"]))


def to_put(orders: Iterable[HostOrder], *, priority: int, wait_s: float = 0.0) -> dict[str, Any]:
    """What `PUT` is given; orders that are the same are put once.

    Args:
        orders: in the order in which they are to be worked off.
        priority: higher ones come first.
        wait_s: seconds for which nobody takes them, nor any other job of their hosts: see `crawler.queueing`.
    """
    given = {order.queueing_lock: order for order in orders}
    return {
        "task": TASK,
        "priority": priority,
        "wait_s": wait_s,
        "queues": [QUEUES[order.kind] for order in given.values()],
        "locks": [order.lock for order in given.values()],
        "queueing_locks": list(given),
        "args": [_json(Job(order=order, priority=priority).to_arguments()) for order in given.values()],
    }


def of_the_dead() -> tuple[LiteralString, dict[str, Any]]:
    """The statement that takes over what dead workers did, and what it is given."""
    return TAKE_OVER.replace("{which}", OF_THE_DEAD), {"task": TASK, "dead_s": DEAD_S}


def of_nobody(ids: Iterable[int]) -> tuple[LiteralString, dict[str, Any]]:
    """The same for jobs that were given to a worker which never heard of it."""
    return TAKE_OVER.replace("{which}", NAMED), {"task": TASK, "ids": list(ids)}
