"""Pure: what would be fetched in the next days, host by host, and why; and how dates are given to what has none.

Why hosts and days are counted and no list is kept: ninety thousand documents on three thousand hosts come by once, in
any order, and a host needs three numbers a day. What a host cannot have today (its budget, or its interval: there is
room for 43,200 requests two seconds apart in a day) waits for the next day, in the order in which the frontier gives it
out: what was never asked for, what failed, what is only asked for again.

Why a page that is asked for again is counted a second time where it will be due a second time within the days: the
morning's lead is asked for every hour. It is taken to be found unchanged, as nine in ten are. What becomes of a page
that was never fetched nobody knows, so it is counted once.

Why the time is an estimate from below: it counts the intervals between requests, with as many hosts at a time as a
crawl holds, and neither slow answers nor the hours at which no crawl runs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from crawler.planning import reason_for
from crawler.recrawling import spread_of
from storage.types import Document, FetchReason

ORDER = (FetchReason.NEW, FetchReason.RETRY, FetchReason.REFRESH)
"""Which documents of a host are given out first."""
_DAY = timedelta(days=1)
_MOST_AGAIN = 1000
"""A page is counted no more often than so."""

Following = Callable[[Document, datetime], "datetime | None"]
"""Given a document that is asked for again and the moment, when it is due after that if it is found unchanged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostTerms:
    """On which terms a host is asked.

    Attributes:
        interval: least time between two requests.
        per_day: how many of its documents are asked for on one day; 0: any number.
        used: how many were today.
        ready_at: it rests until then; ``None``: it does not.
        out: why it is not asked at all; empty where it is.
        rests: why it rests; empty where it does not.
    """

    interval: timedelta = timedelta(seconds=2)
    per_day: int = 0
    used: int = 0
    ready_at: datetime | None = None
    out: str = ""
    rests: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostDay:
    """What is planned for one host on one day.

    Attributes:
        host: name.
        reasons: reason -> documents.
        wanted: how many would be fetched if nothing bounded them.
        bound: what bounds them: ``budget`` or ``interval``; empty where all that is wanted is planned.
        busy: how long asking for them takes at least.
    """

    host: str
    reasons: Mapping[FetchReason, int]
    wanted: int
    bound: str
    busy: timedelta

    @property
    def planned(self) -> int:
        """How many documents."""
        return sum(self.reasons.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaDay:
    """One day (UTC).

    Attributes:
        day: which.
        hosts: those that are asked, the one with most documents first.
        busy: how long it takes at least.
    """

    day: date
    hosts: tuple[HostDay, ...]
    busy: timedelta

    @property
    def reasons(self) -> Counter[FetchReason]:
        """Reason -> documents."""
        counted: Counter[FetchReason] = Counter()
        for host in self.hosts:
            counted.update(host.reasons)
        return counted

    @property
    def planned(self) -> int:
        """How many documents."""
        return sum(host.planned for host in self.hosts)

    @property
    def deferred(self) -> int:
        """How many wait for a later day."""
        return sum(host.wanted - host.planned for host in self.hosts)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A host that is not asked, or not at once, though documents of it are due.

    Attributes:
        host: name.
        documents: how many would be due within the days.
        why: in words.
        until: when it is asked again; ``None``: nobody knows, nothing of it is planned.
    """

    host: str
    documents: int
    why: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """The plan.

    Attributes:
        days: in order, the first is what is left of today.
        left_out: hosts that are not asked, or not at once; those with most documents first.
    """

    days: tuple[AgendaDay, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(slots=True)
class _Load:
    """What a host has due: (day, reason) -> documents, days counted from today."""

    due: Counter[tuple[int, FetchReason]] = field(default_factory=Counter)
    documents: int = 0


def agenda(
    documents: Iterable[Document],
    terms: Callable[[str], HostTerms],
    *,
    now: datetime,
    days: int,
    hosts_at_once: int,
    following: Following = lambda _document, _at: None,
) -> Agenda:
    """What would be fetched until the end of so many days.

    Args:
        documents: all that are due before that end, in any order; streams.
        terms: of each host.
        now: UTC.
        days: how many, today included.
        hosts_at_once: how many hosts a crawl asks at the same time.
        following: when a page is due after it was asked for again.
    """
    loads = _loads(documents, terms, now, days, following)
    asked = {host: load for host, load in loads.items() if not terms(host).out}
    plans = {host: _host_days(host, load, terms(host), now, days) for host, load in asked.items()}
    return Agenda(
        days=tuple(_day(number, plans.values(), now, hosts_at_once) for number in range(days)),
        left_out=_left_out(loads, terms),
    )


def _loads(
    documents: Iterable[Document], terms: Callable[[str], HostTerms], now: datetime, days: int, following: Following
) -> dict[str, _Load]:
    loads: dict[str, _Load] = defaultdict(_Load)
    for document in documents:
        load = loads[document.host]
        load.documents += 1
        earliest = max(now, terms(document.host).ready_at or now)
        reason = reason_for(document, requested=False)
        at = document.next_fetch_at
        for _ in range(_MOST_AGAIN):
            number = -1 if at is None else _number(max(at, earliest), now)
            if at is None or number >= days:
                break
            load.due[number, reason] += 1
            at = following(document, max(at, earliest)) if reason is FetchReason.REFRESH else None
    return loads


def _number(at: datetime, now: datetime) -> int:
    """Which day, counted from today."""
    return (at.date() - now.date()).days


def _host_days(host: str, load: _Load, terms: HostTerms, now: datetime, days: int) -> list[HostDay | None]:
    """What is planned for one host on each day; what it cannot have waits for the next one."""
    waiting: Counter[FetchReason] = Counter()
    found: list[HostDay | None] = []
    for number in range(days):
        for reason in ORDER:
            waiting[reason] += load.due[number, reason]
        wanted = sum(waiting.values())
        room, bound = _room(terms, now, number)
        taken: Counter[FetchReason] = Counter()
        for reason in ORDER:
            taken[reason] = min(waiting[reason], room - sum(taken.values()))
        waiting -= taken
        planned = sum(taken.values())
        plan = HostDay(
            host=host,
            reasons={reason: taken[reason] for reason in ORDER if taken[reason]},
            wanted=wanted,
            bound=bound if planned < wanted else "",
            busy=planned * terms.interval,
        )
        found.append(plan if wanted else None)
    return found


def _room(terms: HostTerms, now: datetime, number: int) -> tuple[int, str]:
    """How many documents of a host may be asked for on a day, and what says so."""
    midnight = datetime.combine(now.date(), time(), tzinfo=UTC) + number * _DAY
    begins = max(midnight, now, terms.ready_at or now)
    time_left = max(timedelta(0), midnight + _DAY - begins)
    fits = int(time_left / terms.interval) if terms.interval else 0
    left = max(0, terms.per_day - (terms.used if number == 0 else 0))
    return (left, "budget") if terms.per_day and left <= fits else (fits, "interval")


def _day(number: int, plans: Iterable[list[HostDay | None]], now: datetime, hosts_at_once: int) -> AgendaDay:
    hosts = [plan for host in plans if (plan := host[number]) is not None]
    hosts.sort(key=lambda plan: (-plan.planned, -plan.wanted, plan.host))
    together = sum((plan.busy for plan in hosts), timedelta(0)) / hosts_at_once
    longest = max((plan.busy for plan in hosts), default=timedelta(0))
    return AgendaDay(day=now.date() + number * _DAY, hosts=tuple(hosts), busy=max(longest, together))


def _left_out(loads: Mapping[str, _Load], terms: Callable[[str], HostTerms]) -> tuple[LeftOut, ...]:
    found: list[LeftOut] = []
    for host, load in loads.items():
        known = terms(host)
        if known.out:
            found.append(LeftOut(host=host, documents=load.documents, why=known.out))
        elif known.rests:
            found.append(LeftOut(host=host, documents=load.documents, why=known.rests, until=known.ready_at))
    return tuple(sorted(found, key=lambda one: (-one.documents, one.host)))


# -- giving dates to what has none -----------------------------------------------------------------------------


@dataclass(slots=True)
class Diary:
    """Gives out days so that no host gets more documents on one than its budget.

    Attributes:
        now: UTC; nothing is booked before it.
        per_day: host -> budget; 0: any number.
        within: what should have been asked for already is spread over so long.
    """

    now: datetime
    per_day: Callable[[str], int]
    within: timedelta = timedelta(days=30)
    _booked: Counter[tuple[str, date]] = field(default_factory=Counter)
    _full_until: dict[tuple[str, date], date] = field(default_factory=dict)

    def note(self, host: str, at: datetime, number: int = 1) -> None:
        """So many documents of a host are due at this moment anyway; what is overdue counts for today."""
        self._booked[host, max(at, self.now).date()] += number

    def book(self, document: Document, wished: datetime) -> datetime:
        """The moment for a document: the wished one, or the same time of the first day after it with room."""
        if wished <= self.now:
            wished = self.now + self.within * spread_of(document.canonical_url)
        day = self._free_day(document.host, wished.date())
        self._booked[document.host, day] += 1
        return wished + (day - wished.date())

    def _free_day(self, host: str, day: date) -> date:
        bound = self.per_day(host)
        passed: list[date] = []
        while bound and self._booked[host, day] >= bound:
            passed.append(day)
            day = self._full_until.get((host, day), day + _DAY)
        # So that a host of a hundred thousand documents does not walk over its full days for each of them.
        self._full_until.update(((host, one), day) for one in passed)
        return day
