"""Hosts: how politely each must be asked, as all processes on one library agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.types.outcomes import Outcome
from storage.types.time import require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class HostState:
    """What asking a host taught, kept from run to run; `crawler.politeness` says how it changes.

    Attributes:
        name: lower-case, with a port where it is not the scheme's own.
        not_before: no request before this moment; ``None`` when it may be asked at once.
        rest_reason: why it rests (``interval``, ``429, Retry-After 120 s``, ``breaker after 5 failures``); empty
            where it does not.
        crawl_delay_s: Crawl-delay of its robots.txt; ``None`` where there is none or nobody asked yet.
        cool_down_s: the present pause after 429 or 503, doubled by each further one; 0 when all is well.
        failures: attempts in a row that failed because of the host (not because of a page).
        last_outcome: of the latest attempt on it.
        last_attempt_at: when that ended.
        last_success_at: when it last answered as a working host does.
        booked: of an archive, per pool of requests (``index``, ``replay``, ``save``), the moment of the latest turn
            that some process took; the next turn comes an interval later. Changed by `Store.change_host` only.
        checks: how often documents of it were asked for again, as in `storage.types.documents.Document`. Counted by
            `Store.archive` only, as is the next.
        changes: how many of these brought a later version.
    """

    name: str
    not_before: datetime | None = None
    rest_reason: str = ""
    crawl_delay_s: float | None = None
    cool_down_s: float = 0.0
    failures: int = 0
    last_outcome: Outcome | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    booked: Mapping[str, datetime] = field(default_factory=dict)
    checks: int = 0
    changes: int = 0

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(
            not_before=self.not_before, last_attempt_at=self.last_attempt_at, last_success_at=self.last_success_at
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class HostProbe:
    """What a host answers for a path that cannot exist: the measure of its soft 404s.

    Attributes:
        probed_at: when.
        url: the invented URL.
        status: of the final answer.
        final_url: after redirects.
        fingerprint: sorted 64-bit signed hashes of the answer's visible lines; empty where it has none.
    """

    probed_at: datetime
    url: str
    status: int
    final_url: str
    fingerprint: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(probed_at=self.probed_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """One host with everything known about it.

    Attributes:
        state: how politely it must be asked.
        lease_token: token of the run that holds it; empty when free.
        lease_until: when that lease expires.
        documents: how many documents it has.
        due: how many of them are due.
        paused_at: when a person paused it; ``None`` while it may be asked.
        pause_reason: as that person wrote it.
        probe: the latest; ``None`` before the first.
    """

    state: HostState
    lease_token: str = ""
    lease_until: datetime | None = None
    documents: int = 0
    due: int = 0
    paused_at: datetime | None = None
    pause_reason: str = ""
    probe: HostProbe | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(lease_until=self.lease_until, paused_at=self.paused_at)

    @property
    def name(self) -> str:
        """Of the host."""
        return self.state.name


@dataclass(frozen=True, kw_only=True, slots=True)
class HostClaim:
    """The answer to a run that wants a host beside those of its leases (a redirect leads there).

    Attributes:
        granted: the host is the run's now.
        state: of the host.
        ready_at: when it may be asked or will be free; ``None`` where granted or paused.
        paused: a person paused the host.
    """

    granted: bool
    state: HostState
    ready_at: datetime | None = None
    paused: bool = False

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(ready_at=self.ready_at)
