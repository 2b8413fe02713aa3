"""A connector for procrastinate that waits for a database which is away, and knows which jobs are in hand.

Why below procrastinate and not around it: its worker ends when its listening or a question for jobs fails, and waits
for all that runs before it could begin anew. A restart of the database would so cost the slowest job's time.
Here every query is asked again until it is answered.

Why the jobs in hand are kept: a connection may be cut between "this job is yours" and the arrival of the answer. The
row then names a worker that never heard of it, and which lives, so nobody would take it over; the worker itself does
(`crawler.queueing.stalled`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from procrastinate import PsycopgConnector, sql
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException

from crawler.queueing.reaching import first_line
from storage.errors import StoreUnavailable

if TYPE_CHECKING:
    from typing import LiteralString

log = logging.getLogger(__name__)
T = TypeVar("T")

LEAVING_S = 5.0
"""For how long a worker that stops goes on asking a database that is away."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.1, 2.0


class PatientConnector(PsycopgConnector):
    """Asks again as long as the database is away; see the module.

    Args:
        stop: when it is set, the connector soon gives up.

    Attributes:
        held: numbers of the jobs that were taken and whose end is not written yet.
    """

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self._stop = stop
        self.held: set[int] = set()

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:  # noqa: ANN401 - theirs
        """See procrastinate."""
        ask = super().execute_query_async
        if query != sql.queries["finish_job"]:
            await self._insist(lambda: ask(query, **arguments))
            return
        try:
            await self._insist(lambda: ask(query, **arguments))
        except ConnectorException as problem:
            if not isinstance(problem.__cause__, psycopg.errors.RaiseException):
                raise
            # Written before the connection was cut, or others took the job over while we were away.
            log.info("a job was ended or taken over meanwhile: %s", first_line(problem.__cause__))
        self.held.discard(arguments["job_id"])

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """See procrastinate."""
        ask = super().execute_query_one_async
        row: dict[str, Any] = await self._insist(lambda: ask(query, **arguments))
        if query == sql.queries["fetch_job"] and row["id"] is not None:
            self.held.add(row["id"])
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """See procrastinate."""
        ask = super().execute_query_all_async
        return await self._insist(lambda: ask(query, **arguments))

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """See procrastinate; it asks anew by itself, but not where it cannot even connect."""
        listen = super().listen_notify
        names = list(channels)
        await self._insist(lambda: listen(on_notification, names))

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        return await insist(ask, self._stop)


async def insist(ask: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T:
    """What the database answers, as soon as it does.

    Raises:
        ConnectorException, StorageError: it refuses, or is away still a while after this worker was told to stop.
    """
    wait_s, left_s = _FIRST_WAIT_S, LEAVING_S
    while True:
        try:
            return await ask()
        except (ConnectorException, StoreUnavailable) as problem:
            if not is_away(problem.__cause__) or left_s <= 0:
                raise
            log.debug("the queue's database is away: %s", problem.__cause__)
        await asyncio.sleep(wait_s)
        if stop.is_set():
            left_s -= wait_s
        wait_s = min(wait_s * 2, _LONGEST_WAIT_S)


def is_away(problem: BaseException | None) -> bool:
    """Whether a database failed, and did not refuse."""
    return isinstance(problem, (psycopg.OperationalError, psycopg.InterfaceError))
