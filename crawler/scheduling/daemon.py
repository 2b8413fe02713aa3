"""``dateline schedule run``: one process per machine that starts jobs while it leads, and stands by while another does.

Why a standby at all: a second scheduler on the same library costs nothing, and when the first dies, or its machine, it
goes on within seconds. Who leads is decided by a lock that dies with its holder (`storage.leading`).

Why a scheduler that lost the lead goes on watching: its jobs are its children, and nobody else learns how they end.

How it stops: no new jobs; those at work are asked to stop and have ``schedule.stop_s`` seconds for it; then they are
killed; rows are settled, the lead is given up. A second signal kills at once.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager, suppress
from datetime import datetime
from typing import TypeVar

from crawler.configuration import Configuration, Job
from crawler.health.attending import attending
from crawler.library import Library, open_library
from crawler.liveness import SCHEDULER
from crawler.runlog import ConsoleFormatter
from crawler.runs import Work, registered
from crawler.scheduling import processes
from crawler.scheduling.at_work import AtWork
from crawler.scheduling.database import Database
from crawler.scheduling.jobs import trigger_of
from crawler.scheduling.leading import Term
from crawler.scheduling.pace import Pace
from crawler.scheduling.service import READY, STOPPING, WATCHDOG, tell_service
from crawler.scheduling.settings_file import SettingsFile
from crawler.scheduling.starting import Starter
from crawler.scheduling.state import SchedulerState
from crawler.stopping import status_of
from storage.errors import SchemaMismatch, StorageError, StoreUnavailable
from storage.leading import Leadership, open_leadership
from storage.opening import shared_engine
from storage.types import utc_now

log = logging.getLogger(__name__)
T = TypeVar("T")

Attendant = Callable[[Callable[[], Configuration], SchedulerState], AbstractAsyncContextManager[None]]
"""Something that lives as long as the scheduler does, given the settings in force and its state."""


def _health(configuration: Callable[[], Configuration], state: SchedulerState) -> AbstractAsyncContextManager[None]:
    def next_start(job: Job, moment: datetime) -> datetime | None:
        return trigger_of(job, configuration().text("crawl.contact")).after(moment)

    return attending(configuration, state, next_start)


ATTENDANTS: tuple[Attendant, ...] = (_health,)
"""What lives beside every scheduler, in the order in which it begins."""

_PULSE_S = 5.0
_AFTER_MISTAKE_S = 5.0
_LEADER_PATIENCE_S = 20.0
"""A database that does not answer for so long whether we lead is one in which we do not."""


class Daemon:
    """One scheduler of one library.

    Args:
        library: open.
        work: its own row.
        pace: how often it looks.
        arguments: what is executed for a job.
        attendants: what lives beside it.
        leadership: how it comes to lead.
        once: start what is due, wait for its end, and end.
    """

    def __init__(
        self,
        library: Library,
        work: Work,
        *,
        pace: Pace | None = None,
        arguments: processes.Arguments = processes.arguments,
        attendants: tuple[Attendant, ...] = (),
        leadership: Leadership | None = None,
        once: bool = False,
    ) -> None:
        configuration = library.configuration
        self.state = SchedulerState(started_at=utc_now())
        self._work, self._pace, self._arguments, self._attendants = work, pace or Pace(), arguments, attendants
        self._leadership = leadership or open_leadership(configuration.database_url, configuration.library)
        self._lock_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="leadership")
        self._settings = SettingsFile(configuration, self.state)
        self._database = Database(library, self.state, retry_s=self._pace.retry)
        self._at_work = AtWork(self._database, self.state, self._pace)
        self._stopping = asyncio.Event()
        self._only_once = once
        self._reread = False
        self._failed = False
        self._signal = 0

    # -- life ----------------------------------------------------------------------------------------------------

    async def run(self) -> int:
        """Lead or stand by until a signal comes; returns the exit status: 0, 130 after Ctrl-C, 1 after a mistake."""
        with self._signals():
            async with AsyncExitStack() as stack:
                for attendant in self._attendants:
                    await stack.enter_async_context(attendant(lambda: self._settings.now, self.state))
                tell_service(READY)
                await self._live()
        if self._failed:
            return 1
        return status_of(signal.SIGINT) if self._signal == signal.SIGINT else 0

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Stop in order; asked twice, at once."""
        if self._stopping.is_set():
            self._at_work.kill()
            return
        self._signal = number
        self._stopping.set()

    def reread(self) -> None:
        """Read the settings again, changed or not."""
        self._reread = True

    async def _live(self) -> None:
        beside = [asyncio.create_task(self._pulse()), asyncio.create_task(self._look_after_runs())]
        for task in beside:
            task.add_done_callback(self._noticed)
        try:
            await self._lead_or_stand_by()
        finally:
            tell_service(STOPPING)
            await self._end_runs()
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)
            await self._give_up_lead()
            await asyncio.to_thread(self._close_threads)
            self._work.counts = dict(self.state.counts)

    async def _end_runs(self) -> None:
        patience = self._settings.now.number("schedule.stop_s")
        if len(self._at_work):
            log.info("stopping; asked to stop, within %.0f s: %s", patience, self._at_work.names())
        await self._at_work.stop(within=patience)
        log.info("stopped")

    def _close_threads(self) -> None:
        self._database.close()
        self._lock_thread.shutdown()

    def _noticed(self, task: asyncio.Task[None]) -> None:
        """A loop of ours ended by itself: a mistake. A scheduler that does half of its work is worse than none."""
        if not task.cancelled() and (problem := task.exception()):
            log.error("the scheduler stops: it is broken", exc_info=problem)
            self._failed = True
            self.stop()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        try:
            loop.add_signal_handler(signal.SIGTERM, self.stop, signal.SIGTERM)
            loop.add_signal_handler(signal.SIGINT, self.stop, signal.SIGINT)
            loop.add_signal_handler(signal.SIGHUP, self.reread)
        except (ValueError, RuntimeError):  # not in the main thread, where signals come
            yield
            return
        try:
            yield
        finally:
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)

    # -- beside the lead -----------------------------------------------------------------------------------------

    async def _pulse(self) -> None:
        """The service manager hears that the loop turns, however long the database takes."""
        while True:
            tell_service(WATCHDOG)
            await asyncio.sleep(_PULSE_S)

    async def _look_after_runs(self) -> None:
        while True:
            try:
                with suppress(StoreUnavailable):
                    await self._database.call(lambda store: store.require_compatible())
                await self._at_work.look()
            except SchemaMismatch as problem:
                log.error("the scheduler stops, and its runs with it: %s", problem)  # noqa: TRY400 - a person's to mend
                self._failed = True
                self.stop()
                return
            except StorageError as problem:
                log.warning("runs at work cannot be looked after now: %s", problem)
            self._work.counts = dict(self.state.counts)
            await asyncio.sleep(self._pace.rows)

    # -- the lead ------------------------------------------------------------------------------------------------

    async def _lead_or_stand_by(self) -> None:
        await self._say("standby")
        while not self._stopping.is_set():
            self.state.ticked_at = utc_now()
            if await self._acquire():
                await self._lead()
            elif self._only_once and not self.state.database_away:
                log.warning("another scheduler leads: it starts what is due")
                self._failed = True
                return
            await self._pause(self._pace.standby)

    async def _lead(self) -> None:
        """Lead until a signal comes, or until somebody else does."""
        starter = Starter(self._database, self._at_work, self.state, leads=self._leads, arguments=self._arguments)
        term = Term(self._database, self._settings, self._at_work, starter, self.state, self._pace)
        engine = shared_engine(self._settings.now.database_url)
        try:
            await term.open(engine)
            self.state.leading, self.state.leading_since = True, utc_now()
            log.info("leading: %d jobs are scheduled", len(self.state.next_starts))
            await self._say("leading")
            await (self._once(term) if self._only_once else self._rounds(term))
        except StoreUnavailable:
            log.warning("the lead is given up: the database is away")
        except Exception:
            log.exception("the lead is given up")
            await self._pause(_AFTER_MISTAKE_S)
        finally:
            self.state.leading, self.state.leading_since = False, None
            await term.close(in_order=self._stopping.is_set())
            await asyncio.to_thread(engine.dispose)
            if not self._stopping.is_set():
                await self._give_up_lead()
                await self._say("standby")

    async def _rounds(self, term: Term) -> None:
        asked_at = time.monotonic()
        while not self._stopping.is_set():
            reread, self._reread = self._reread, False
            await term.tick(reread=reread)
            self.state.ticked_at = utc_now()
            if time.monotonic() - asked_at >= self._pace.holds:
                asked_at = time.monotonic()
                if not await self._leads():
                    log.warning("the lead is lost: nothing is started here until it is back")
                    return
            await self._pause(self._pace.tick)

    async def _acquire(self) -> bool:
        try:
            return await self._ask(self._leadership.acquire)
        except (StorageError, TimeoutError) as error:
            problem = str(error) or "the database does not answer"
            if not self.state.database_away:
                log.warning("nobody can lead now: %s", problem)
            self.state.database_away = problem
        return False

    async def _leads(self) -> bool:
        try:
            return not self._stopping.is_set() and await self._ask(self._leadership.holds)
        except (StorageError, TimeoutError):
            return False

    async def _give_up_lead(self) -> None:
        try:
            await self._ask(self._leadership.release)
        except (StorageError, TimeoutError) as problem:
            log.warning("the lead cannot be given back: %s", problem)

    async def _ask(self, question: Callable[[], T]) -> T:
        """In a thread of its own: the lock is a connection, and one call at a time."""
        asked = asyncio.get_running_loop().run_in_executor(self._lock_thread, question)
        return await asyncio.wait_for(asked, _LEADER_PATIENCE_S)

    async def _say(self, note: str) -> None:
        """What it does now, in its own row."""
        self._work.note = note
        counts = dict(self.state.counts)
        with suppress(StorageError):
            await self._database.try_call(
                lambda store: store.heartbeat(self._work.token, now=utc_now(), counts=counts, note=note)
            )

    async def _once(self, term: Term) -> None:
        """Make the starts that are due, wait for their ends, and stop."""
        await term.tick(reread=False)
        waiting = asyncio.create_task(term.only_what_is_due())
        asked = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([waiting, asked], return_when=asyncio.FIRST_COMPLETED)
        for task in (waiting, asked):
            task.cancel()
        self._stopping.set()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def run(configuration: Configuration, *, once: bool = False) -> int:
    """Schedule the jobs of a library until a signal comes; returns the exit status.

    ``once``: make the starts that are due, wait for their ends, and end; 1 where another scheduler leads.

    Raises:
        LibraryError: the folder is no library, or its database stands at another migration.
        StoreUnavailable: the database cannot be reached at the start.
    """
    with _logging(), open_library(configuration) as library, registered(library, SCHEDULER) as work:
        attendants = () if once else ATTENDANTS
        return asyncio.run(Daemon(library, work, attendants=attendants, once=once).run())


@contextmanager
def _logging() -> Iterator[None]:
    """One line per event on standard error, where service managers and people look."""
    handler = logging.StreamHandler()
    handler.setFormatter(ConsoleFormatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
