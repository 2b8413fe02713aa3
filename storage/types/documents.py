"""The web side: documents, and the attempts to fetch them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.types.events import KnownMemento
from storage.types.outcomes import Outcome
from storage.types.pages import Coverage, PageVerdict, RobotsDecision
from storage.types.time import require_utc


class FetchReason(StrEnum):
    """Why a document is fetched now.

    ``REPLAYED``: a stored capture was understood again, nothing was fetched. ``BACKFILL``: a web archive was asked.
    """

    NEW = "new"
    RETRY = "retry"
    REFRESH = "refresh"
    REQUESTED = "requested"
    REPLAYED = "replayed"
    BACKFILL = "backfill"
    IMPORTED = "imported"


class DocumentRole(StrEnum):
    """What a document is for the library.

    ``SOURCE``: an event entry cites it, somebody named it, or a feed did. ``LEAD_IMAGE``: only an article shows it; its
    absence is no missing article. ``FEED``: it is polled for articles. What an entry cites is a source and no more.
    """

    SOURCE = "source"
    LEAD_IMAGE = "lead_image"
    FEED = "feed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a conditional request needs, as the server sent it; empty strings where it sent none."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One web document that event entries cite or articles show, and where its fetching stands.

    Attributes:
        id: ours, stable.
        canonical_url: see `storage.types.events.DocumentIdentity`; unique.
        request_url: what is requested.
        url_key: SURT.
        host: see `DocumentIdentity`.
        added_at: when the first entry that cites it was imported.
        memento: a memento that some entry cites.
        last_outcome: of the latest attempt; ``None`` before the first.
        last_attempt_at: when that attempt ended.
        attempts: how many there were.
        failures: attempts since the last success (`fetched`, `image`, `not_modified`, `imported`); replays do not
            count.
        next_fetch_at: when it is due; ``None`` means never again unless asked for.
        validators: of the latest successful live capture.
        article_id: the article extracted from it, if any.
        role: see `DocumentRole`.
        reported_at: when its article's current version was published, else captured; ``None`` without an article.
        changed_at: when it was last seen to have changed: when its article got a later version; ``None``: never.
        checks: how often it was asked for again on the live web, with success, after the first time.
        changes: how many of these brought a later version.
    """

    id: int
    canonical_url: str
    request_url: str
    url_key: str
    host: str
    added_at: datetime
    memento: KnownMemento | None = None
    last_outcome: Outcome | None = None
    last_attempt_at: datetime | None = None
    attempts: int = 0
    failures: int = 0
    next_fetch_at: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    article_id: int | None = None
    role: DocumentRole = DocumentRole.SOURCE
    reported_at: datetime | None = None
    changed_at: datetime | None = None
    checks: int = 0
    changes: int = 0

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(
            added_at=self.added_at,
            last_attempt_at=self.last_attempt_at,
            next_fetch_at=self.next_fetch_at,
            reported_at=self.reported_at,
            changed_at=self.changed_at,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which documents are meant; fields narrow each other.

    Attributes:
        event_key: only documents that this event's present source links cite.
        host: only this host.
        outcome: only documents whose latest attempt ended so.
        canonical_url: only this document.
        due_only: only documents whose ``next_fetch_at`` has come (False: whether due or not, as a re-fetch by hand).
        role: only documents that are this; ``None``: whatever they are, but no feeds. Of feeds, those switched on.
        found: only documents that a feed named before anybody cited them (`storage.types.discovery.Discovery`).
    """

    event_key: str = ""
    host: str = ""
    outcome: Outcome | None = None
    canonical_url: str = ""
    due_only: bool = True
    role: DocumentRole | None = None
    found: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaseRequest:
    """A request for work: at most `max_hosts` hosts that nobody else holds, at most `per_host` documents of each.

    Attributes:
        token: the run's token; the hosts and documents given out are marked with it.
        now: moment of asking.
        until: when the lease expires unless renewed.
        max_hosts: bound on hosts given out by this call.
        per_host: bound on documents per host.
        selection: which documents are meant.
        skip_before: with ``due_only`` False: documents attempted at or after this moment are done already
            (a re-fetch by hand asks for each once).
        new_hosts: only hosts that the token does not hold yet.
        avoid: hosts that are not given out, whatever is due on them.
        per_day: how many attempts at documents of one host may end on one day (UTC), whoever makes them; a host that
            had them rests until midnight (``budget``). 0: any number. ``None``: likewise, and such a rest is no
            obstacle (what a person names is fetched).
        host_per_day: the same for single hosts, by name; beats ``per_day``, unless that is ``None``.
    """

    token: str
    now: datetime
    until: datetime
    max_hosts: int
    per_host: int
    selection: Selection = field(default_factory=Selection)
    skip_before: datetime | None = None
    new_hosts: bool = False
    avoid: frozenset[str] = frozenset()
    per_day: int | None = None
    host_per_day: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(now=self.now, until=self.until, skip_before=self.skip_before)


@dataclass(frozen=True, kw_only=True, slots=True)
class Redirect:
    """One hop: the URL that was requested and the status with which it sent us on."""

    url: str
    status: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchAttempt:
    """That we asked, when, why, and what came of it.

    Attributes:
        key: unique, made before asking (UUID hex): storing the same attempt twice is impossible.
        document_id: which document was wanted.
        reason: why.
        outcome: what came of it.
        request_url: what was requested first.
        final_url: after redirects; equal to ``request_url`` where there were none.
        started_at: when the request was handed to the network, or the replay began.
        finished_at: when its outcome was known.
        status: final HTTP status; ``None`` where there was no response.
        redirects: hops before ``final_url``, in order.
        detail: one sentence for a person, with the figures that matter; empty when the outcome says all.
        next_fetch_at: when the document is due again; ``None`` is never.
        bytes_received: payload bytes of all exchanges.
        run_token: of the run that made it; empty for imports.
        page: what the answer was judged to be; ``None`` where nothing was judged.
        robots: what robots.txt said; ``None`` where it was not consulted.
        reservations: what the publisher reserves (``X-Robots-Tag: noarchive``, ``meta tdm-reservation: 1``), as found.
        archive: name of the archive that was asked; empty for the live web. An attempt at an archive changes nothing of
            where the document stands on the live web (`Document.last_outcome`, its failures, its next try).
        coverage: why an archived copy was taken or not; ``None`` where that was not judged.
        id: ours; ``None`` before it is stored.
    """

    key: str
    document_id: int
    reason: FetchReason
    outcome: Outcome
    request_url: str
    final_url: str
    started_at: datetime
    finished_at: datetime
    status: int | None = None
    redirects: tuple[Redirect, ...] = ()
    detail: str = ""
    next_fetch_at: datetime | None = None
    bytes_received: int = 0
    run_token: str = ""
    page: PageVerdict | None = None
    robots: RobotsDecision | None = None
    reservations: tuple[str, ...] = ()
    archive: str = ""
    coverage: Coverage | None = None
    id: int | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, finished_at=self.finished_at, next_fetch_at=self.next_fetch_at)
