"""What flows through the pipelines: one value per attempt, whatever came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.types import Document, Exchange, FetchReason, Outcome, Redirect, require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchTask:
    """One document on its way: what is wanted, why, and the attempt's own key.

    Attributes:
        document: as leased.
        reason: why it is fetched now.
        attempt_key: UUID hex, unique.
        run_token: of the run that fetches.
    """

    document: Document
    reason: FetchReason
    attempt_key: str
    run_token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedPage:
    """A response with a body worth understanding (status 200 and its kin).

    Attributes:
        task: what was wanted.
        started_at: when the first request was handed to the network.
        finished_at: when the last response was complete.
        redirects: hops before `final_url`.
        final_url: where the page was found.
        exchanges: all of them in order; the last is the page.
        content: body with the content-encoding removed, character encoding untouched.
        content_type: value of the header; empty where there is none.
    """

    task: FetchTask
    started_at: datetime
    finished_at: datetime
    redirects: tuple[Redirect, ...]
    final_url: str
    exchanges: tuple[Exchange, ...]
    content: bytes
    content_type: str

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, finished_at=self.finished_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedFetch:
    """An attempt that brought no page: refused, gone, unreachable, unchanged.

    Attributes:
        task: what was wanted.
        outcome: what came of it.
        detail: one sentence.
        started_at: when the request was handed to the network.
        finished_at: when the outcome was known.
        status: final HTTP status; ``None`` where nothing answered.
        redirects: hops before `final_url`.
        final_url: where it ended.
        exchanges: what was answered, if anything.
        retry_after_s: seconds the server asks us to wait; ``None`` where it does not.
    """

    task: FetchTask
    outcome: Outcome
    detail: str
    started_at: datetime
    finished_at: datetime
    final_url: str
    status: int | None = None
    redirects: tuple[Redirect, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    retry_after_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, finished_at=self.finished_at)
