"""Turns: each request to an archive takes the next free moment of its host and pool, out of the store.

An archive's limit holds for an address and not for a process, so the moments are kept where all processes and machines
see them (`HostState.booked`): whoever wants to ask books the moment an interval after the latest one, in one
transaction, and sleeps until then. Nobody sends before its moment, so two requests of a pool are never closer.

Why the host is no lease's, as hosts of the live web are: a backfill asks five archives for ten thousand documents. One
run per archive would leave every other run idle; a turn costs one small transaction, and a request takes seconds.

Why turns are a little further apart than the interval, and one that is woken late is booked anew: a request leaves some
milliseconds after its moment, on a busy machine seconds, just when the next turn of another process comes. The margin
takes up the milliseconds, the new booking the seconds.

Why one rest for the whole host: an archive that says "too often" counts by address, and most of them do not say to
which of their limits that belongs.

Why the third "too often" of a run ends it: public archives shut out whole addresses for an hour, then for two, then
for good. The cool-down doubles each time (`crawler.politeness`); who is told three times has a wrong interval or shares
the address with somebody else, and a person should hear of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeVar

from crawler.archives.protocol import ArchivePlace, Pool, Question
from crawler.configuration import Configuration
from crawler.politeness import INTERVAL, after, host_asked, interval_of, rests
from storage.protocol import Store
from storage.types import Host, HostState, Outcome, utc_now

log = logging.getLogger(__name__)
T = TypeVar("T")

PATIENCE: Final = timedelta(seconds=300)
"""Longest wait for an archive that rests: a cool-down or two, no breaker that opened again."""
MAY_BE_ASKED: Final = ": it may be asked again at "
"""Between who asked for a rest and its end, in what a stopped run says."""
MOST_REFUSALS: Final = 3
"""Times that archives may say "too often" to one run; with the last it ends."""
AT_ONCE: Final[dict[Pool, int]] = {Pool.INDEX: 1, Pool.REPLAY: 2, Pool.SAVE: 1}
"""Requests of one run that may be under way per host and pool: an index that is slow is not asked faster."""

_LOCAL = "warc:"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MARGIN_SHARE = 0.1
_LEAST_MARGIN = timedelta(milliseconds=100)
_LEAD = timedelta(milliseconds=50)
"""A turn lies at least so far ahead when it is booked, beside the time that the store takes."""
_LAG_DECAY = 0.9


class Calls(Protocol):
    """A store seen from the event loop (`crawler.store_thread`)."""

    async def call(self, work: Callable[[Store], T]) -> T:
        """Run ``work(store)`` in the store's thread."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnRefused:
    """The archive is to be left alone for longer than a request can wait.

    Attributes:
        reason: one sentence.
        until: when it may be asked; ``None`` where a person has to allow it.
        too_often: it rests because it was asked too often.
    """

    reason: str
    until: datetime | None
    too_often: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RunStopped:
    """Archives said "too often" so many times that the run must end.

    Attributes:
        archive: the one that said it last.
        host: of that archive.
        until: when it may be asked again.
    """

    archive: str
    host: str
    until: datetime

    @property
    def text(self) -> str:
        """For a person: who, and when to come back."""
        return (
            f"archives said {MOST_REFUSALS} times that we ask too often, the last was {self.archive} ({self.host})"
            f"{MAY_BE_ASKED}{self.until:%Y-%m-%d %H:%M:%S} UTC; run the same command then"
        )


@dataclass(slots=True)
class Turns:
    """The turns of one run.

    Attributes:
        store: where turns are booked.
        default_s: interval of a pool for which its archive states none.
        paused: hosts that ``dateline.toml`` pauses.
        patience: longest wait for a resting host.
        clock: UTC now; tests move it.
        sleep: for so many seconds; tests skip it.
        stopped: set with the third "too often".
    """

    store: Calls
    default_s: float
    paused: frozenset[str] = frozenset()
    patience: timedelta = PATIENCE
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    stopped: RunStopped | None = None
    _lag: timedelta = timedelta()
    _refusals: int = 0
    _refused_at: dict[str, datetime] = field(default_factory=dict)
    _lanes: dict[tuple[str, Pool], asyncio.Semaphore] = field(default_factory=dict)

    @classmethod
    def configured(cls, store: Calls, configuration: Configuration) -> Turns:
        """As a library's settings ask for."""
        rules = configuration.host_rules
        return cls(
            store=store,
            default_s=configuration.number("crawl.delay_s"),
            paused=frozenset(name for name, rule in rules.items() if rule.paused),
        )

    def lane(self, question: Question) -> AbstractAsyncContextManager[None]:
        """Hold it around a turn and its request: a turn that had to wait for a slow answer would be sent late."""
        key = host_asked(question.url), question.pool
        return self._lanes.setdefault(key, asyncio.Semaphore(AT_ONCE[question.pool]))

    async def take(self, place: ArchivePlace, question: Question) -> TurnRefused | None:
        """Wait for the next turn; returns why there is none for longer than the patience.

        After it the request must be sent at once.

        Raises:
            StorageError: of the store.
        """
        if is_local(question):
            return None
        host = host_asked(question.url)
        give_up = self.clock() + self.patience
        while True:
            refusal = await self._rested(host, give_up)
            if refusal is not None:
                return refusal
            if await self._got_turn(host, place, question.pool):
                return None
            if self.clock() > give_up:
                return TurnRefused(reason=f"no turn at {host} within {self.patience}", until=self.clock())

    async def _got_turn(self, host: str, place: ArchivePlace, pool: Pool) -> bool:
        """Book a moment and wait for it; False where it must not be used after all."""
        state = await self._book(host, place, pool)
        if rests(state, self.clock()):
            return False
        turn, interval = state.booked[pool], self._interval(state, place, pool)
        await self._sleep_until(turn - self._lead())
        # Another answer may have asked for a rest meanwhile.
        found = await self._host(host)
        if found is not None and (rests(found.state, self.clock()) or found.paused_at is not None):
            return False
        await self._sleep_until(turn)
        return not interval or self.clock() - turn <= _margin(interval) / 2

    async def told(
        self,
        place: ArchivePlace,
        question: Question,
        outcome: Outcome,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
        asked_at: datetime | None = None,
    ) -> HostState | None:
        """Say what the archive itself answered: the host rests where that asks for it. ``None`` for local files.

        Args:
            place: that was asked.
            question: likewise.
            outcome: what the answer says about the archive, never what an archived page says about its own host.
            status: of the archive's answer; ``None`` where none came, or where it is an archived page's.
            retry_after_s: what the archive asks for.
            asked_at: when the request left; of several that were under way together one "too often" counts.
        """
        if is_local(question):
            return None
        at = self.clock()

        def change(state: HostState) -> HostState:
            # Spacing is in the booked moments: the interval is no second rest.
            return after(
                state, outcome=outcome, at=at, interval=timedelta(), status=status, retry_after_s=retry_after_s
            )

        host = host_asked(question.url)
        state = await self.store.call(lambda store: store.change_host(host, change))
        if outcome is Outcome.RATE_LIMITED and (asked_at is None or asked_at > self._refused_at.get(host, _LONG_AGO)):
            self._refused_at[host] = at
            self._count_refusal(place, state)
        return state

    def _count_refusal(self, place: ArchivePlace, state: HostState) -> None:
        self._refusals += 1
        until = state.not_before or self.clock()
        log.warning("%s (%s) says that we ask too often; it rests until %s", place.name, state.name, until)
        if self._refusals >= MOST_REFUSALS and self.stopped is None:
            self.stopped = RunStopped(archive=place.name, host=state.name, until=until)

    async def _book(self, host: str, place: ArchivePlace, pool: Pool) -> HostState:
        """The state with our turn in it, or the state of a host that rests."""
        now, lead = self.clock(), self._lead()

        def change(state: HostState) -> HostState:
            if rests(state, now):
                return state
            interval, latest = self._interval(state, place, pool), state.booked.get(pool)
            turn = now + lead if interval else now
            if latest is not None and interval:
                turn = max(turn, latest + interval + _margin(interval))
            return replace(state, booked={**state.booked, str(pool): turn})

        return await self._timed(lambda store: store.change_host(host, change))

    def _lead(self) -> timedelta:
        """How far ahead a turn must lie for booking it and looking at the host once more."""
        return _LEAD + 2 * self._lag

    async def _timed(self, work: Callable[[Store], T]) -> T:
        """Call the store, and remember how long that takes at worst; a hitch is forgotten after some calls."""
        began = self.clock()
        answer = await self.store.call(work)
        self._lag = max(self.clock() - began, self._lag * _LAG_DECAY)
        return answer

    def _interval(self, state: HostState, place: ArchivePlace, pool: Pool) -> timedelta:
        return interval_of(state, configured_s=place.interval_s.get(pool, self.default_s), obey_crawl_delay=False)

    async def _rested(self, host: str, give_up: datetime) -> TurnRefused | None:
        """Sleep as long as the host rests; returns why that is too long."""
        while True:
            found = await self._host(host)
            refusal = self._judged(host, found, give_up)
            if refusal is not None:
                return refusal
            until = found.state.not_before if found is not None and rests(found.state, self.clock()) else None
            if until is None:
                return None
            log.info("waiting for %s, which rests until %s", host, until)
            await self._sleep_until(until)

    def _judged(self, host: str, found: Host | None, give_up: datetime) -> TurnRefused | None:
        if host in self.paused:
            return TurnRefused(reason=f"{host} is paused in dateline.toml", until=None)
        if found is None:
            return None
        if found.paused_at is not None:
            return TurnRefused(reason=f"a person paused {host}: `dateline hosts allow {host}` ends that", until=None)
        state, now = found.state, self.clock()
        longest = now if self.stopped is not None else give_up
        if rests(state, now) and state.not_before is not None and state.not_before > longest:
            return _resting(host, state)
        return None

    async def _host(self, name: str) -> Host | None:
        now = self.clock()

        def work(store: Store) -> Host | None:
            return store.host(name, now=now) if store.host_states([name]) else None

        return await self._timed(work)

    async def _sleep_until(self, moment: datetime) -> None:
        """Never wakes earlier: a sleep may end a little before its time by another clock."""
        while (left := (moment - self.clock()).total_seconds()) > 0:
            await self.sleep(left)


def _margin(interval: timedelta) -> timedelta:
    return max(_LEAST_MARGIN, interval * _MARGIN_SHARE)


def is_local(question: Question) -> bool:
    """Whether the question is about files of the library's own: nobody is asked."""
    return question.url.startswith(_LOCAL)


def _resting(host: str, state: HostState) -> TurnRefused:
    why = f" ({state.rest_reason})" if state.rest_reason and state.rest_reason != INTERVAL else ""
    return TurnRefused(
        reason=f"{host} rests until {state.not_before:%Y-%m-%d %H:%M:%S} UTC{why}",
        until=state.not_before,
        too_often=state.last_outcome is Outcome.RATE_LIMITED,
    )
