"""When jobs start: their rules as APScheduler asks for them, and what happens with starts that were missed.

The rule about missed starts
----------------------------
1. A job starts at the moments that its rule names, each put off by its jitter. ``every`` counts from midnight UTC of
   1 January 1970, so ``6h`` is at 0, 6, 12 and 18 o'clock UTC, whenever the scheduler was started and wherever it runs.
2. A start that falls due while the job is still at work is dropped, and so is one while the job is paused; the next
   comes in its time. A job never overlaps itself.
3. Nobody scheduled, or the machine slept, or its clock was moved forward: what fell due meanwhile was missed. A missed
   start is made up for if it is no older than ``misfire_grace``; what is older is dropped. With ``coalesce`` all that
   was missed is made up for by one run, else by one after the other, oldest first. A start that is less than
   `ON_TIME` late was not missed at all, whatever ``misfire_grace`` says.
4. The clock was moved back: by up to `SET_BACK` no start is repeated, the rule goes on after the last one. Further
   back the plan begins anew at the clock's new time: it was wrong before, and waiting until it is that late again
   could take years.
5. The clocks of a time zone go forward in spring: a local time that does not exist (02:30) is the moment at which the
   clocks jump (03:00), and starts once there, however many of its times the jump swallowed. They go back in autumn: a
   local time that exists twice starts the first time only. A cron that names every hour of the day means "every so
   often" and goes by the time that passes: it starts in both of the doubled hours, and does not in one that is skipped.
6. A job that is new has missed nothing before it is first seen; only ``at`` may lie back, by up to ``misfire_grace``.
   A rule that was changed holds for the starts to come: one that was missed before is made up for like any other.

Why a trigger of our own around APScheduler's: its interval adds each jitter to all that follow, so that an hourly job
drifts around the clock, and counts from the moment at which the scheduler was started; its cron starts twice in autumn
and, in spring, not at all; after a year's outage it walks through every start that was missed. Its reckoning with
calendars is sound and is used: on local time without a zone, where no hour is missing or doubled.

Why jitter is computed and not drawn: the same start is put off by the same time on every machine and after a restart,
so that none happens twice, and `dateline schedule show` can tell. Two libraries differ by their contact address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from crawler.configuration import Job
from crawler.configuration.cron import CronTimes, cron_times
from crawler.configuration.times import duration_text, moment_of

ON_TIME = timedelta(minutes=1)
"""A start that is no later than this was not missed: a busy machine is late by seconds."""

SET_BACK = timedelta(hours=1)
"""A clock that is set back by no more than this repeats no start."""

_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATE_VERSION = 1


# -- the rules without jitter ------------------------------------------------------------------------------------


class _Rule(Protocol):
    """The moments that a rule names."""

    def after(self, moment: datetime) -> datetime | None:
        """The first that is later than this one; ``None`` where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Every:
    """Multiples of a length of time."""

    length: timedelta

    def after(self, moment: datetime) -> datetime | None:
        return _EPOCH + ((moment - _EPOCH) // self.length + 1) * self.length


@dataclass(frozen=True, kw_only=True, slots=True)
class _Once:
    """One moment."""

    moment: datetime

    def after(self, moment: datetime) -> datetime | None:
        return self.moment if self.moment > moment else None


class _Cron:
    """Local times of a zone."""

    def __init__(self, times: CronTimes, zone: ZoneInfo) -> None:
        self._zone = zone
        self._calendars = tuple(_calendars(times))
        self.after = self._after_elapsed if times.every_hour else self._after_by_clock

    def _after_by_clock(self, moment: datetime) -> datetime | None:
        """Each local time once: where the clock shows it first, or where it jumps over it.

        Later local times never come earlier, so the first that comes after the moment is the next.
        """
        local = self._next(_local(moment, self._zone))
        while local is not None:
            if (found := instant_of(local, self._zone)) > moment:
                return found
            local = self._next(local)
        return None

    def _after_elapsed(self, moment: datetime) -> datetime | None:
        """Whenever the clock shows such a time: piece by piece between the zone's changes."""
        floor, included = moment, False
        while True:
            local = _local(floor, self._zone)
            following = self._next(local - timedelta(seconds=1) if included else local)
            if following is None:
                return None
            found = floor + (following - local)
            if _offset(found, self._zone) == _offset(floor, self._zone):
                return found
            floor, included = _change_between(floor, found, self._zone), True

    def _next(self, local: datetime) -> datetime | None:
        """The first local time that fits and is later than this one."""
        since = (local.replace(microsecond=0) + timedelta(seconds=1)).replace(tzinfo=UTC)
        found = [one for calendar in self._calendars if (one := calendar.get_next_fire_time(None, since)) is not None]
        return min(found).replace(tzinfo=None) if found else None


def _calendars(times: CronTimes) -> Iterator[CronTrigger]:
    """APScheduler's reckoning, on a clock that never jumps; two of them where either kind of day is enough."""
    hours = {"minute": _plain(times.minutes, 60), "hour": _plain(times.hours, 24), "month": _plain(times.months, 12)}
    days = _plain(times.days, 31)
    weekdays = _plain(tuple((day + 6) % 7 for day in times.weekdays), 7)  # APScheduler's week begins on Monday
    if times.either:
        yield CronTrigger(**hours, day=days, timezone=UTC)
        yield CronTrigger(**hours, day_of_week=weekdays, timezone=UTC)
    else:
        yield CronTrigger(**hours, day=days, day_of_week=weekdays, timezone=UTC)


def _plain(numbers: tuple[int, ...], all_of_them: int) -> str:
    return "*" if len(numbers) == all_of_them else ",".join(map(str, numbers))


# -- local time --------------------------------------------------------------------------------------------------


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a local time, in UTC: the first of two, and the jump where the clocks jump over it."""
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return early if early <= late else _change_between(late, early, zone)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment with another offset than ``before`` has, to the second: zones change on whole ones."""
    low, high = int(before.timestamp()), -int(-after.timestamp() // 1)
    offset = _offset(before, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(datetime.fromtimestamp(middle, UTC), zone) == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


# -- what APScheduler asks ---------------------------------------------------------------------------------------


class JobTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """When one job starts, jitter included; kept in the job store, so its state is plain values."""

    def __init__(self, job: Job, salt: str = "") -> None:
        self._state: dict[str, Any] = {
            "version": _STATE_VERSION,
            "id": job.id,
            "salt": salt,
            "cron": job.cron,
            "every_s": job.every.total_seconds() if job.every else 0.0,
            "at": job.at,
            "time_zone": job.time_zone,
            "jitter_s": job.jitter.total_seconds(),
            "grace_s": max(job.misfire_grace, ON_TIME).total_seconds(),
        }

    def __getstate__(self) -> dict[str, Any]:
        return self._state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if state.get("version") != _STATE_VERSION:
            raise ValueError(f"a trigger of version {state.get('version')}")
        self._state = state

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JobTrigger) and self._state == other._state

    def __hash__(self) -> int:
        return hash(tuple(self._state.values()))

    def __str__(self) -> str:
        state = self._state
        if state["every_s"]:
            return f"every {duration_text(timedelta(seconds=state['every_s']))}"
        return f"{'cron ' + state['cron'] if state['cron'] else 'at ' + state['at']} ({state['time_zone']})"

    @property
    def once(self) -> bool:
        """Whether it names one moment only."""
        return bool(self._state["at"])

    def same_rule(self, other: object) -> bool:
        """Whether it names the same starts; how late they may be does not count."""
        if not isinstance(other, JobTrigger):
            return False
        ours, theirs = self.__getstate__(), other.__getstate__()
        return {**ours, "grace_s": 0} == {**theirs, "grace_s": 0}

    @property
    def grace(self) -> timedelta:
        """How late a start may be."""
        return timedelta(seconds=self._state["grace_s"])

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """APScheduler's question: the start after that one, or the first that is not before now.

        Where several were missed, those that are too old to be made up for are left out, but for the first: it tells
        that there were any.
        """
        if previous_fire_time is None:
            return self.after(now - _TICK)
        following = self.after(previous_fire_time)
        oldest = now - self.grace
        return following if following is None or following >= oldest else self.after(oldest - _TICK)

    def after(self, moment: datetime) -> datetime | None:
        """The first start later than this moment, in UTC."""
        moment = moment.astimezone(UTC)
        named = self._rule.after(moment - timedelta(seconds=self._state["jitter_s"]) - _TICK)
        while named is not None:
            if (start := named + self._put_off(named)) > moment:
                return start
            named = self._rule.after(named)
        return None

    @cached_property
    def _rule(self) -> _Rule:
        state = self._state
        if state["every_s"]:
            return _Every(length=timedelta(seconds=state["every_s"]))
        zone = ZoneInfo(state["time_zone"])
        if state["cron"]:
            return _Cron(cron_times(state["cron"]), zone)
        moment = moment_of(state["at"])
        return _Once(moment=moment.astimezone(UTC) if moment.tzinfo else instant_of(moment, zone))

    def _put_off(self, named: datetime) -> timedelta:
        """The jitter of one start, in whole seconds."""
        choices = int(self._state["jitter_s"]) + 1
        seed = f"{self._state['salt']}\n{self._state['id']}\n{named.timestamp():.0f}"
        drawn = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "big")
        return timedelta(seconds=drawn % choices)


def trigger_of(job: Job, salt: str = "") -> JobTrigger:
    """When the job starts; ``salt`` sets the jitter of one library apart from another's: its contact address."""
    return JobTrigger(job, salt)


def options_of(job: Job, salt: str = "") -> dict[str, Any]:
    """What the rule about missed starts means for APScheduler: keyword arguments of ``add_job``."""
    trigger = trigger_of(job, salt)
    return {
        "id": job.id,
        "name": job.id,
        "trigger": trigger,
        "coalesce": job.coalesce,
        "misfire_grace_time": int(trigger.grace.total_seconds()),
        "max_instances": 1,
    }


def planned(
    trigger: JobTrigger, stored: datetime | None, now: datetime, last_start: datetime | None = None
) -> datetime | None:
    """The start to wait for, where a scheduler takes over, or where the clock may have been moved.

    Args:
        trigger: the job's.
        stored: the start that was waited for, if it is one of this trigger's or lies back; then it was missed.
            ``None``: the job is new, or the start that was waited for was another rule's.
        now: by the clock.
        last_start: when the job was last started, by the clock of that moment.

    Returns:
        It may lie back: then APScheduler makes up for it, or drops it. ``None``: the job never starts again.
    """
    if stored is None:
        since = now - trigger.grace if trigger.once else now
        return trigger.after(max(since - _TICK, last_start if trigger.once and last_start else since - _TICK))
    following = trigger.after(now - _TICK)
    if following is None or stored <= following:
        return stored
    if last_start is not None and now < last_start <= now + SET_BACK:
        return trigger.after(last_start)
    return following


def next_starts(job: Job, now: datetime, count: int, salt: str = "") -> list[datetime]:
    """The next moments at which the clock starts the job, in UTC; fewer where there are no more."""
    trigger = trigger_of(job, salt)
    found: list[datetime] = []
    following = trigger.after(now)
    while following is not None and len(found) < count:
        found.append(following)
        following = trigger.after(following)
    return found
