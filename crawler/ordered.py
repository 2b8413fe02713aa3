"""Performs orders (re-fetch or backfill of one event) that people gave on a page or by the API, one after the other.

Why a child process does the work: a crawl needs a reactor of its own, and whoever serves pages must not wait for it.
It is started, watched and settled by what does so for scheduled jobs (`crawler.scheduling.at_work`); its run, log and
output are those that a job would have.

Why a thread with an event loop of its own, and a store of its own: watching is written for a loop, and the loop that
serves pages is not to be held up by a database that waits for a lock.

Why nothing is lost: the order is a row with a lease, and the number of its run is written to it before the process is
there. A runner that is killed leaves both; the next one finds the run at work, ended, or dead, and watches it, takes
its end for the order's, or begins anew. Why it looks at the process and not at the row: a command is at work for some
time after its run is closed (it links what came). Of a run on another machine the row is all that can be seen.

What is left: a runner that is halted between its last sign of life and the start of the process, and wakes up when its
lease is over, starts a second process. Two crawls of one event never hold the same host, so no page is fetched twice.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from crawler.configuration import Configuration, Job
from crawler.errors import ConfigurationError
from crawler.library import open_library
from crawler.liveness import is_dead, lock_path
from crawler.scheduling import processes
from crawler.scheduling.at_work import AtWork, named
from crawler.scheduling.database import Database
from crawler.scheduling.pace import Pace
from crawler.scheduling.queued import as_queued, require_queue
from crawler.scheduling.starting import launch, row_of
from crawler.scheduling.state import SchedulerState
from crawler.scheduling.watching import Ending
from storage.errors import RunNotFound, StorageError, StoreUnavailable
from storage.protocol import Store
from storage.types import Order, Run, RunState, utc_now

log = logging.getLogger(__name__)

_STOPPED = frozenset({RunState.INTERRUPTED, RunState.KILLED, RunState.DEAD})
"""Ends of runs after which the work is still to be done."""
_SIGNS = 3
"""So often within a lease a runner says that it lives."""
_AFTER_MISTAKE_S = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPace:
    """How often a runner looks at what, in seconds; tests are in more of a hurry than a library.

    Attributes:
        look: between two looks for an order.
        lease: after which silence another runner may take an order over.
        runs: how often what it started is looked at.
    """

    look: float = 1.0
    lease: float = 30.0
    runs: Pace = field(default_factory=Pace)


class OrderRunner:
    """Performs the orders of one library, in a thread of its own.

    Args:
        configuration: of the library; its database is one that other processes can reach.
        pace: how often it looks.
        arguments: what is executed for a command.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        pace: OrderPace | None = None,
        arguments: processes.Arguments = processes.arguments,
    ) -> None:
        self._configuration, self._pace, self._arguments = configuration, pace or OrderPace(), arguments
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="orders", daemon=True)
        self._asked = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._problem = ""

    def start(self) -> None:
        """Begin; returns at once. A runner begins once."""
        self._thread.start()

    def stop(self) -> None:
        """Take no order any more, and wait until what is at work has ended; idempotent.

        It is asked to end, and killed after ``schedule.stop_s`` seconds; what was not done then waits for the next
        runner.
        """
        self._asked.set()
        if self._loop is not None:
            with suppress(RuntimeError):  # it is over already
                self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread.ident is not None:
            self._thread.join()

    async def _live(self) -> None:
        """Work until it is stopped, whatever goes wrong."""
        self._loop = asyncio.get_running_loop()
        if self._asked.is_set():
            return
        while not self._stopping.is_set():
            try:
                with open_library(self._configuration) as library:
                    state = SchedulerState(started_at=utc_now())
                    database = Database(library, state, retry_s=self._pace.runs.retry)
                    hands = Hands(self._configuration, database, state, self._pace, self._arguments, self._stopping)
                    try:
                        await hands.work_off()
                    finally:
                        await asyncio.to_thread(database.close)
            except StorageError as problem:
                self._note(str(problem))
            except Exception:
                log.exception("an order could not be performed")
            await pause(self._stopping, _AFTER_MISTAKE_S)

    def _note(self, problem: str) -> None:
        if problem != self._problem:
            log.warning("orders cannot be performed now: %s", problem)
        self._problem = problem


class Hands:
    """What a runner does with an open library; in one event loop."""

    def __init__(
        self,
        configuration: Configuration,
        database: Database,
        state: SchedulerState,
        pace: OrderPace,
        arguments: processes.Arguments,
        stopping: asyncio.Event,
    ) -> None:
        self._configuration, self._database, self._pace = configuration, database, pace
        self._arguments, self._stopping = arguments, stopping
        self._at_work = AtWork(database, state, pace.runs)
        self._token = secrets.token_hex(8)
        self._lease = timedelta(seconds=pace.lease)

    async def work_off(self) -> None:
        """Perform orders until the runner is stopped. Raises what the store says, but that it is away."""
        try:
            while not self._stopping.is_set():
                order = await self._database.try_call(self._take)
                if order is None:
                    await pause(self._stopping, self._pace.look)
                else:
                    await self._perform(order)
        finally:
            await self._at_work.stop(within=self._configuration.number("schedule.stop_s"))

    async def _perform(self, order: Order) -> None:
        """See to it that its command runs, once, and write down how it ended."""
        keeping = asyncio.create_task(self._keep(order))
        try:
            run = await self._seen_through(order)
        except StoreUnavailable as problem:
            log.warning("order %d waits until its lease is over: %s", order.id, problem)
            return
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
        if run is not None:
            await self._end(order, run)

    async def _seen_through(self, order: Order) -> Run | None:
        """The order's run when it is over; ``None`` where somebody else has the order by now."""
        earlier = await self._database.call(partial(_run_of, order=order))
        if earlier is not None:
            run = await self._watched(earlier)
            if run.state not in _STOPPED:
                return run
        if self._stopping.is_set():
            return earlier
        return await self._begun(order)

    async def _begun(self, order: Order) -> Run | None:
        job = self._job(order)
        run = await self._database.call(partial(_start_run, run=row_of(job, order.asked_by)))
        if not await self._database.call(partial(self._say, order=order, run=run.number)):
            lost = Ending(state=RunState.INTERRUPTED, exit_status=None, problem="another process has the order")
            await self._at_work.settle(run, lost)
            return None
        words = self._arguments(self._configuration, job)
        left = job.deadline.total_seconds() if job.deadline else None
        settled = await launch(
            self._configuration, run, words, database=self._database, at_work=self._at_work, left=left
        )
        if settled is not None:
            await self._over(settled)
        return await self._row(run)

    def _job(self, order: Order) -> Job:
        """The command; with ``--queue`` where workers do such work."""
        job = Job(id="", command=(order.kind.value, order.event_key))
        try:
            require_queue(self._configuration)
        except ConfigurationError:
            return job
        return as_queued(self._configuration, job)

    # -- runs that others began ----------------------------------------------------------------------------------

    async def _watched(self, run: Run) -> Run:
        """A run that another runner began, when it is over; its row is settled then."""
        if run.machine != socket.gethostname():
            return await self._elsewhere(run)
        lock = lock_path(self._configuration.library, run.token)
        if processes.is_alive(run, lock):
            log.info("%s is taken over from a process that is gone", named(run))
            left = (run.deadline_at - utc_now()).total_seconds() if run.deadline_at else None
            await self._over(self._at_work.watch(run, processes.Orphan(run, lock), left=left))
        elif run.state is RunState.RUNNING:
            dead = Ending(state=RunState.DEAD, exit_status=None, problem="its process is gone")
            await self._at_work.settle(run, dead)
        return await self._row(run)

    async def _elsewhere(self, run: Run) -> Run:
        """A run of another machine: its row is all that can be seen of it."""
        while run.state is RunState.RUNNING and not self._stopping.is_set():
            now = await self._database.call(lambda store: store.clock())
            if is_dead(self._configuration, run, now):
                dead = Ending(state=RunState.DEAD, exit_status=None, problem="it gave no sign of life")
                await self._at_work.settle(run, dead)
            else:
                await pause(self._stopping, self._pace.look)
            run = await self._row(run)
        return run

    async def _over(self, settled: asyncio.Task[None]) -> None:
        """Wait until a run's row is settled; when the runner is stopped it is asked to end."""
        asked = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([settled, asked], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if not settled.done():
            await self._at_work.stop(within=self._configuration.number("schedule.stop_s"))
        await settled

    async def _row(self, run: Run) -> Run:
        """How its row stands; waits for a database that is away, but for a runner that is stopped."""
        found = await self._database.insist(lambda store: store.run(run.token), while_=self._may_wait)
        if found is None:
            raise StoreUnavailable(f"nobody could read how {named(run)} ended")
        return found

    def _may_wait(self) -> bool:
        return not self._stopping.is_set()

    # -- the order's row -----------------------------------------------------------------------------------------

    def _take(self, store: Store) -> Order | None:
        now = store.clock()
        return store.take_order(self._token, now=now, until=now + self._lease)

    def _say(self, store: Store, *, order: Order, run: int = 0) -> bool:
        return store.keep_order(order.id, self._token, until=store.clock() + self._lease, run=run)

    async def _keep(self, order: Order) -> None:
        """Say that this runner lives as long as the order is in its hands, and look after what it started."""
        while True:
            await asyncio.sleep(self._pace.lease / _SIGNS)
            with suppress(StorageError):
                await self._database.try_call(partial(self._say, order=order))
                await self._at_work.look()

    async def _end(self, order: Order, run: Run) -> None:
        """Write how the order ended; one that was cut short because the runner stops waits for the next one."""
        if self._stopping.is_set() and (run.state in _STOPPED or run.state is RunState.RUNNING):
            log.info("order %d is given back: %s did not finish", order.id, named(run))
            await self._database.try_call(lambda store: store.give_back_order(order.id, self._token))
            return
        work = partial(_end, order=order, token=self._token, run=run)
        await self._database.insist(work, while_=self._may_wait)


def _run_of(store: Store, *, order: Order) -> Run | None:
    """The run that another runner began for this order."""
    with suppress(RunNotFound):
        return store.run(order.run) if order.run else None
    return None


def _start_run(store: Store, *, run: Run) -> Run:
    return store.start_run(run)


def _end(store: Store, *, order: Order, token: str, run: Run) -> bool:
    status = 0 if run.exit_status is None and run.state is RunState.FINISHED else run.exit_status
    return store.end_order(
        order.id, token, exit_status=status, run=run.number, problem=_problem(run, status), now=store.clock()
    )


def _problem(run: Run, status: int | None) -> str:
    """Why the order failed, in a few words; empty where it did not."""
    if status in {0, 1}:
        return ""
    return run.problem or (f"it ended with status {status}" if status is not None else f"its run is {run.state}")


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until the runner is stopped."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
