"""How politely one run asks each host that it deals with: the one home of intervals and rests while it runs.

States come from the store when a host is leased or claimed, change with every attempt by the rules of
`crawler.politeness`, and go back in the transaction that stores the attempt: a run that is killed a moment later has
told what it learned, and the next process asks no sooner.

Why a provisional state beside the real one: what an answer means is known only after its page was understood, but a
host that says "too often" must be left alone at once, also by the requests that already stand in its queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from crawler.configuration import Configuration, HostRule
from crawler.items import FailedFetch, FetchedPage
from crawler.politeness import after, host_asked, interval_of, passed_by, rests
from storage.resting import budget_forgotten
from storage.types import HostState, Outcome


@dataclass(slots=True)
class HostStates:
    """The states of the hosts that a run holds.

    Attributes:
        delay_s: the library's own least interval.
        rules: what ``dateline.toml`` says of single hosts.
        obey_robots: whether a Crawl-delay counts.
    """

    delay_s: float
    rules: Mapping[str, HostRule] = field(default_factory=dict)
    obey_robots: bool = True
    _states: dict[str, HostState] = field(default_factory=dict)
    _provisional: dict[str, HostState] = field(default_factory=dict)

    @classmethod
    def configured(cls, configuration: Configuration) -> HostStates:
        """As a library's settings ask for."""
        return cls(
            delay_s=configuration.number("crawl.delay_s"),
            rules=configuration.host_rules,
            obey_robots=configuration.flag("crawl.obey_robots"),
        )

    @property
    def budgets(self) -> dict[str, int]:
        """How many documents of a host are asked for on one day, of the hosts for which ``dateline.toml`` says so."""
        return {name: rule.per_day for name, rule in self.rules.items() if rule.per_day is not None}

    @property
    def paused(self) -> frozenset[str]:
        """The hosts that ``dateline.toml`` pauses."""
        return frozenset(name for name, rule in self.rules.items() if rule.paused)

    def know(self, states: Iterable[HostState]) -> None:
        """Take over what the store knows, when hosts are taken."""
        # A rest for its budget is a matter of what is handed out; here it would hide shorter ones that matter more.
        self._states.update((one.name, budget_forgotten(one)) for one in states)

    def forget(self, host: str) -> None:
        """The host was given back: the store knows it, another run may learn more."""
        self._states.pop(host, None)
        self._provisional.pop(host, None)

    def state(self, host: str) -> HostState:
        """What is known of the host, with what its last answer will mean at least."""
        return self._provisional.get(host) or self._known(host)

    def interval(self, host: str) -> timedelta:
        """The least time between two requests to the host."""
        rule = self.rules.get(host)
        own = rule.delay_s if rule is not None else None
        configured = self.delay_s if own is None else own
        return interval_of(self._known(host), configured_s=configured, obey_crawl_delay=self.obey_robots)

    def is_resting(self, host: str, now: datetime) -> bool:
        """Whether the host is to be left alone, for more than its interval."""
        return rests(self.state(host), now)

    def hold_back(
        self, host: str, outcome: Outcome, *, at: datetime, status: int | None, retry_after_s: float | None
    ) -> None:
        """An answer came that is not understood yet: from this moment the host rests as it will at least."""
        known = self._known(host)
        self._provisional[host] = after(
            known,
            outcome=outcome,
            at=at,
            interval=self.interval(host),
            status=status,
            retry_after_s=retry_after_s,
        )

    def heard_crawl_delay(self, host: str, seconds: float | None) -> None:
        """What its robots.txt says now."""
        self._states[host] = replace(self._known(host), crawl_delay_s=seconds)

    def learn(self, item: FetchedPage | FailedFetch, outcome: Outcome) -> tuple[HostState, ...]:
        """What an attempt with its final outcome taught about each host that it asked; to be stored with it."""
        learned: dict[str, HostState] = {}
        last = host_asked(item.exchanges[-1].url if isinstance(item, FetchedPage) else item.final_url)
        for host, at in _hops(item):
            if host != last:
                learned[host] = passed_by(self._known(host), at=at, interval=self.interval(host))
        if _was_asked(item, outcome):
            # Where our own code failed nobody knows what the answer was: what it meant at first sight stands.
            before = self.state(last) if outcome is Outcome.FAILED else self._known(last)
            learned[last] = after(
                before,
                outcome=outcome,
                at=item.finished_at,
                interval=self.interval(last),
                status=_status(item),
                retry_after_s=item.retry_after_s,
            )
        return tuple(self._settle(host, state) for host, state in learned.items())

    def _settle(self, host: str, state: HostState) -> HostState:
        """Keep what was learned; a rest that some other answer asked for meanwhile is not cut short by it."""
        other = self._provisional.pop(host, None)
        later = (
            other is not None and other.not_before is not None and rests(other, state.not_before or other.not_before)
        )
        if other is not None and later:
            state = replace(state, not_before=other.not_before, rest_reason=other.rest_reason)
        self._states[host] = state
        return state

    def _known(self, host: str) -> HostState:
        return self._states.get(host) or HostState(name=host)


def _hops(item: FetchedPage | FailedFetch) -> list[tuple[str, datetime]]:
    """Hosts that sent us on, and when."""
    answered = isinstance(item, FetchedPage) or item.status is not None
    hops = item.exchanges[:-1] if answered else item.exchanges
    return [(host_asked(hop.url), hop.fetched_at) for hop in hops]


def _was_asked(item: FetchedPage | FailedFetch, outcome: Outcome) -> bool:
    """Whether the last host was asked at all: one that is refused, that rests or that another run holds, was not."""
    if outcome in {Outcome.FORBIDDEN_ADDRESS, Outcome.BAD_URL}:
        return False
    return outcome is not Outcome.RATE_LIMITED or _status(item) is not None


def _status(item: FetchedPage | FailedFetch) -> int | None:
    """Status of the last answer; of robots.txt where that ended the attempt."""
    if item.status is not None:
        return item.status
    robots = item.robots
    refused = robots is not None and robots.status is not None and robots.status >= HTTPStatus.BAD_REQUEST
    return robots.status if robots is not None and refused else None
