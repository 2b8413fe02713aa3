"""In what condition a host is, in words: paused, resting, held, in trouble or well.

Why the rest between two requests is no condition: it is over before anybody has read the word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.archives import ArchivePlace
from crawler.configuration import FILE_NAME, Configuration
from crawler.outlook import per_day, why_paused
from crawler.phrases import count_of
from crawler.politeness import host_asked, interval_of, rests
from storage.protocol import Store
from storage.resting import BUDGET
from storage.types import Host

_BREAKER = "breaker"


class Condition(StrEnum):
    """Whether a host can be asked now; the worst first."""

    PAUSED = "paused"
    RESTING = "resting"
    BUDGET = "budget"
    HELD = "held"
    FAILING = "failing"
    READY = "ready"
    IDLE = "idle"


HINDERED = frozenset({Condition.PAUSED, Condition.RESTING, Condition.BUDGET})
"""Conditions in which every crawl of what is due passes a host over."""

_IN_WORDS = {Condition.HELD: "held by another run", Condition.BUDGET: "through with the documents of the day"}


@dataclass(frozen=True, kw_only=True, slots=True)
class HostView:
    """One host as a person wants to see it.

    Attributes:
        host: as stored.
        condition: the worst that holds.
        words: the same, with until when and why.
        interval_s: least time between two requests to it, in seconds.
        interval_from: what asks for that.
    """

    host: Host
    condition: Condition
    words: str
    interval_s: float
    interval_from: str


def view_of(host: Host, configuration: Configuration, now: datetime) -> HostView:
    """What is the matter with one host."""
    interval_s, interval_from = _interval(host, configuration)
    condition, words = _condition(host, configuration, now)
    return HostView(host=host, condition=condition, words=words, interval_s=interval_s, interval_from=interval_from)


def _interval(host: Host, configuration: Configuration) -> tuple[float, str]:
    """Least seconds between two requests, and what asks for that."""
    archive = next((place for place in configuration.archives if host.name in _hosts_of(place)), None)
    if archive is not None:
        return _archive_interval(host, archive, configuration)
    own = configuration.host_rule(host.name).delay_s
    configured_s = configuration.number("crawl.delay_s") if own is None else own
    obeyed = configuration.flag("crawl.obey_robots")
    interval = interval_of(host.state, configured_s=configured_s, obey_crawl_delay=obeyed).total_seconds()
    if interval <= configured_s:
        return interval, "crawl.delay_s" if own is None else f"delay_s of the host in {FILE_NAME}"
    slowed = interval_of(host.state, configured_s=configured_s, obey_crawl_delay=False).total_seconds() == interval
    return interval, f"its cool-down of {host.state.cool_down_s:g} s" if slowed else "Crawl-delay of its robots.txt"


def _archive_interval(host: Host, archive: ArchivePlace, configuration: Configuration) -> tuple[float, str]:
    """The longest of its pools: an archive is asked at its own intervals, whatever holds for hosts of the live web."""
    longest_s = max(archive.interval_s.values(), default=configuration.number("crawl.delay_s"))
    interval = interval_of(host.state, configured_s=longest_s, obey_crawl_delay=False).total_seconds()
    if interval > longest_s:
        return interval, f"its cool-down of {host.state.cool_down_s:g} s"
    return interval, f"the archive {archive.name}, longest of its intervals"


def _hosts_of(place: ArchivePlace) -> frozenset[str]:
    """Hosts that are asked as the archive's: not all whose URLs mean its copies, which may be asked as others are."""
    return frozenset(host_asked(url) for url in (place.index_url, place.replay_url) if url)


def worst_first(store: Store, configuration: Configuration, now: datetime) -> list[HostView]:
    """All hosts: those that cannot be asked, then those that fail, then by due documents."""
    return sorted((view_of(host, configuration, now) for host in store.hosts(now=now)), key=_rank)


def counted(views: Iterable[HostView], conditions: Container[Condition] = HINDERED) -> str:
    """How many hosts are in these conditions: ``2 hosts are paused, 1 host is resting``; empty for none."""
    counts = Counter(view.condition for view in views if view.condition in conditions)
    return ", ".join(
        f"{count_of(count, 'host')} {'is' if count == 1 else 'are'} {_IN_WORDS.get(condition, condition)}"
        for condition in Condition
        if (count := counts[condition])
    )


def moment(at: datetime, now: datetime) -> str:
    """``12:03Z``, with the date where that is another day."""
    return f"{at:%H:%M}Z" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}Z"


def _rank(view: HostView) -> tuple[int, bool, int, int, str]:
    """Paused, resting because of trouble, resting, through for today; then by failures, whoever holds the host."""
    state = view.host.state
    troubled = bool(state.cool_down_s) or state.rest_reason.startswith(_BREAKER)
    place = min(list(Condition).index(view.condition), list(Condition).index(Condition.HELD))
    return (place, not troubled, -state.failures, -view.host.due, view.host.name)


def _condition(host: Host, configuration: Configuration, now: datetime) -> tuple[Condition, str]:
    state = host.state
    if why := why_paused(host, configuration):
        return Condition.PAUSED, why
    if rest := _rest(host, configuration, now):
        return rest
    failed = _failed(state.failures)
    if host.lease_until is not None and host.lease_until > now:
        return Condition.HELD, "held by a run" + (f", {failed}" if failed else "")
    if failed:
        return Condition.FAILING, failed
    return (Condition.READY, "ready") if host.due else (Condition.IDLE, "nothing due")


def _rest(host: Host, configuration: Configuration, now: datetime) -> tuple[Condition, str] | None:
    state = host.state
    if state.not_before is None or state.not_before <= now:
        return None
    until = moment(state.not_before, now)
    if rests(state, now):
        why = f" ({state.rest_reason})" if state.rest_reason else ""
        return Condition.RESTING, f"resting until {until}{why}"
    if state.rest_reason == BUDGET:
        bound = count_of(per_day(configuration, host.name), "document")
        return Condition.BUDGET, f"had its budget of {bound} a day, goes on at {until}"
    return None


def _failed(times: int) -> str:
    if times > 1:
        return f"failed {times} times in a row"
    return "failed once" if times else ""
