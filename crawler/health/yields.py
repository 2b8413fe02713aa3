"""Pure: whether a host still gives what it used to give, by its counts of days.

Why the share of successes and not the number of articles: a host is asked as often as the plan says, and a re-check
that finds a page unchanged brings no article though all is well. So what is compared is how many attempts ended well:
`SUCCESSES` and teasers. Attempts at archives say nothing about the host, nor do those that never reached it because the
URL is none or leads to a forbidden address.

Why the last days and not always the last day: a host that fails is asked less and less (`crawler.politeness` opens a
breaker, the plan waits longer), so one that died would never again be asked often enough on one day. A *silent* host is
judged by all attempts since its last day with a success; a *drop* by the latest days that hold enough attempts: the
last one, the last two, up to a fortnight.

Why a bound on chance beside the sizes: of 3,000 hosts that are judged each minute, some look bad by chance each day.
The rule: with p the lower Wilson bound (z = 3) of the share before, and q the share now, an alert needs that
n * KL(q || p) >= ln 1,000,000. That is Chernoff's bound: were the host as before, what is seen now would come about
less than once in a million times. n is not the plain number of attempts: those of one day resemble each other (one run,
one section, old links on Sundays), so it is divided by 1 + (m - 1) * rho, with m the attempts of a day and rho the
likeness of a day's attempts as the days before show it, at most `MOST_LIKENESS`: one bad day within the window must not
make us blind to the next one. Rejected: a fixed number of bad days (silent for a week before anybody hears), a test on
the article counts (cries at each holiday), learned seasons (nobody can check by hand why there was no alert).

Why a standing alert is compared with the days before it was raised: else the bad days become what is usual, and the
alert closes as if all were well. After `SPELL_DAYS` they are what is usual.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from storage.types import SUCCESSES, WITH_ARTICLE, AlertKind, HostDay, Outcome

SPELL_DAYS: Final = 30
"""For so many days behind its opening an alert about a host is compared with what was usual before it."""
MOST_LIKENESS: Final = 0.1
"""The attempts of one day are never taken for more alike than this (intraclass correlation)."""
EVIDENCE: Final = math.log(1e6)
WELL: Final = SUCCESSES | WITH_ARTICLE
"""Outcomes of attempts that ended well."""

_Z = 3.0
_RECENT_DAYS = 14
"""The latest attempts that are looked at for a drop are at most so many days old."""
_SURE = 3
_LEAST_DAYS = 3
"""From so many days on, the likeness of a day's attempts is estimated."""
_SHOWN = 3
_NOT_THE_HOST = frozenset({Outcome.BAD_URL, Outcome.FORBIDDEN_ADDRESS, Outcome.IMPORTED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """When a host is judged; the settings ``health.*``.

    Attributes:
        window_days: the days before that are compared with.
        least_attempts: so many are needed now, and so many before.
        drop: share by which successes per attempt must have fallen.
    """

    window_days: int = 14
    least_attempts: int = 10
    drop: float = 0.5

    @property
    def reach(self) -> timedelta:
        """How far back counts are needed to judge."""
        return timedelta(days=self.window_days + SPELL_DAYS)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a host was asked on one day, and how often that ended well.

    Attributes:
        attempts: of the live web.
        well: of these, those that ended well.
        badly: how the others ended.
    """

    attempts: int = 0
    well: int = 0
    badly: tuple[tuple[Outcome, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Why a host needs a person.

    Attributes:
        kind: `AlertKind.SILENT_HOST` or `AlertKind.SUDDEN_DROP`.
        text: one sentence with the figures.
    """

    kind: AlertKind
    text: str


Past = Mapping[date, Tally]
"""Day (UTC) -> what was counted, of one host."""


def tallied(days: Iterable[HostDay]) -> dict[str, dict[date, Tally]]:
    """Host -> day -> tally; what says nothing about a host is left out."""
    found: dict[str, dict[date, Tally]] = {}
    for one in days:
        if one.archive or one.outcome in _NOT_THE_HOST or not one.attempts:
            continue
        past = found.setdefault(one.host, {})
        past[one.day] = _with(past.get(one.day, _NOTHING), one)
    return found


_NOTHING = Tally()


def _with(tally: Tally, one: HostDay) -> Tally:
    attempts = tally.attempts + one.attempts
    if one.outcome in WELL:
        return Tally(attempts, tally.well + one.attempts, tally.badly)
    return Tally(attempts, tally.well, (*tally.badly, (one.outcome, one.attempts)))


def judged(past: Past, *, today: date, rule: Rule, standing: Mapping[AlertKind, date] | None = None) -> Verdict | None:
    """Whether the host is silent, or gives far less than it used to; ``None`` where it does not, or nobody can know.

    Args:
        past: its counts; those of before `Rule.reach` do not matter.
        today: the last day that counts, which need not be over.
        rule: when to judge.
        standing: the alerts about this host that stand, by the day on which each was opened. These stay as long as
            nothing shows that they are over, those that do not stand need a host that was asked today or yesterday.
    """
    stands = standing or {}
    days = sorted(day for day in past if today - rule.reach <= day <= today)
    if not days:
        return None
    lately = days[-1] >= today - timedelta(days=1)
    if lately or AlertKind.SILENT_HOST in stands:
        silence = _silence(past, days, rule, stands=AlertKind.SILENT_HOST in stands)
        if silence is not None:
            return silence
    if lately or AlertKind.SUDDEN_DROP in stands:
        return _drop(past, days, rule, stands.get(AlertKind.SUDDEN_DROP))
    return None


def _silence(past: Past, days: list[date], rule: Rule, *, stands: bool) -> Verdict | None:
    last = next((day for day in reversed(days) if past[day].well), None)
    spell = [day for day in days if last is None or day > last]
    now = _sum(past, spell)
    if not spell:
        return None
    if last is None:
        return _silent(past, spell, "and none in the weeks before") if stands else None
    before = [day for day in days if last - timedelta(days=rule.window_days) < day <= last]
    usual = _sum(past, before)
    if not stands and (now.attempts < rule.least_attempts or usual.attempts < rule.least_attempts):
        return None
    if not stands and not _improbable(past, spell, before):
        return None
    return _silent(past, spell, f"{_of(usual)} in the {rule.window_days} days to {last}")


def _silent(past: Past, spell: list[date], before: str) -> Verdict:
    attempts = _count(_sum(past, spell).attempts)
    text = f"none of {attempts} since {spell[0]} ended well ({_ways(past, spell)}); {before}"
    return Verdict(kind=AlertKind.SILENT_HOST, text=text)


def _drop(past: Past, days: list[date], rule: Rule, opened: date | None) -> Verdict | None:
    for recent in _spells(past, days, rule, stands=opened is not None):
        before = _before(past, days, rule, recent, opened)
        now, usual = _sum(past, recent), _sum(past, before)
        if usual.attempts < rule.least_attempts:
            continue
        if now.well * usual.attempts >= (1 - rule.drop) * usual.well * now.attempts:
            continue
        if opened is not None or _improbable(past, recent, before):
            when = f"on {recent[0]}" if len(recent) == 1 else f"since {recent[0]}"
            usually = f"{_of(usual)} in the {rule.window_days} days before"
            text = f"{_of(now)} {when} ended well ({_ways(past, recent)}); {usually}"
            return Verdict(kind=AlertKind.SUDDEN_DROP, text=text)
    return None


def _spells(past: Past, days: list[date], rule: Rule, *, stands: bool) -> Iterator[list[date]]:
    """The latest days, then more and more of them, as soon as they hold enough attempts.

    An alert that stands is judged by one of them, of three times as many attempts where there are so many: what opens
    an alert may be seen at any of them, but a few good attempts must not close it.
    """
    latest = [day for day in days if day > days[-1] - timedelta(days=_RECENT_DAYS)]
    need = rule.least_attempts * (_SURE if stands else 1)
    attempts = 0
    for number in range(1, len(latest) + 1):
        attempts += past[latest[-number]].attempts
        enough = attempts >= need or (stands and number == len(latest) and attempts >= rule.least_attempts)
        if enough:
            yield latest[-number:]
        if enough and stands:
            return


def _before(past: Past, days: list[date], rule: Rule, recent: list[date], opened: date | None) -> list[date]:
    """The window before the drop; where an alert stands, before that was opened, as long as that is known."""
    anchored = _window(days, rule, min(opened, recent[0])) if opened else []
    known = sum(past[day].attempts for day in anchored) >= rule.least_attempts
    return anchored if known else _window(days, rule, recent[0])


def _window(days: list[date], rule: Rule, end: date) -> list[date]:
    return [day for day in days if end - timedelta(days=rule.window_days) <= day < end]


# -- chance ----------------------------------------------------------------------------------------------------


def _improbable(past: Past, recent: list[date], before: list[date]) -> bool:
    """Whether the days before make the recent ones so unlikely that chance is ruled out; see "Why" above."""
    likeness = _likeness([past[day] for day in before])
    now, usual = _sum(past, recent), _sum(past, before)
    weight = now.attempts / _inflation(now.attempts / len(recent), likeness)
    known = usual.attempts / _inflation(usual.attempts / len(before), likeness)
    least = _wilson_low(usual.well / usual.attempts, known)
    share = now.well / now.attempts
    return share < least and weight * _divergence(share, least) >= EVIDENCE


def _inflation(attempts_a_day: float, likeness: float) -> float:
    return 1 + max(0.0, attempts_a_day - 1) * likeness


def _likeness(days: list[Tally]) -> float:
    """How much alike the attempts of one day are: by how much more the days differ than chance would have it."""
    attempts = sum(one.attempts for one in days)
    share = sum(one.well for one in days) / attempts
    a_day = attempts / len(days)
    if len(days) < _LEAST_DAYS or a_day <= 1 or not 0 < share < 1:
        return 0.0
    spread = sum((one.well - one.attempts * share) ** 2 / one.attempts for one in days)
    excess = spread / (share * (1 - share)) / (len(days) - 1) - 1
    return min(MOST_LIKENESS, max(0.0, excess / (a_day - 1)))


def _wilson_low(share: float, attempts: float) -> float:
    """The least share that still fits to what was seen."""
    squared = _Z * _Z
    middle = share + squared / (2 * attempts)
    width = _Z * math.sqrt(share * (1 - share) / attempts + squared / (4 * attempts * attempts))
    return max(0.0, (middle - width) / (1 + squared / attempts))


def _divergence(seen: float, expected: float) -> float:
    """Kullback and Leibler's, between two shares, in nats; ``seen`` lies below ``expected``, which is below 1."""
    left = (1 - seen) * math.log((1 - seen) / (1 - expected))
    return left + (seen * math.log(seen / expected) if seen else 0.0)


# -- words -----------------------------------------------------------------------------------------------------


def _sum(past: Past, days: list[date]) -> Tally:
    """Attempts and those that ended well; how the others did is only wanted for words (`_ways`)."""
    return Tally(sum(past[day].attempts for day in days), sum(past[day].well for day in days))


def _of(tally: Tally) -> str:
    return f"{tally.well} of {_count(tally.attempts)}"


def _count(attempts: int) -> str:
    return f"{attempts} attempt{'' if attempts == 1 else 's'}"


def _ways(past: Past, days: list[date]) -> str:
    """``blocked 20, timeout 4``."""
    badly: Counter[Outcome] = Counter()
    for day in days:
        badly.update(dict(past[day].badly))
    most = sorted(badly.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{outcome} {number}" for outcome, number in most[:_SHOWN])
