"""What flows through the pipelines: one value per attempt, whatever came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.types import (
    Citation,
    Document,
    Exchange,
    FetchReason,
    HostProbe,
    Outcome,
    Redirect,
    RobotsDecision,
    require_utc,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchTask:
    """One document on its way: what is wanted, why, and the attempt's own key.

    Attributes:
        document: as leased.
        reason: why it is fetched now.
        attempt_key: UUID hex, unique.
        run_token: of the run that fetches.
        archive: name of the archive that is asked for a copy; empty for the live web.
    """

    document: Document
    reason: FetchReason
    attempt_key: str
    run_token: str
    archive: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedPage:
    """A response with a body worth understanding: a success, or a refusal that may be a wall or a check for robots.

    Attributes:
        task: what was wanted.
        started_at: when the first request was handed to the network.
        finished_at: when the last response was complete.
        redirects: hops before `final_url`.
        final_url: where the page was found.
        exchanges: all of them in order; the last is the page.
        content: body with the content-encoding removed, character encoding untouched.
        content_type: value of the header; empty where there is none.
        status: of the last exchange.
        refused: what the status alone says of a page that is no success (401, 403, 429, 503 ...); ``None`` for a
            success. It stands unless the body shows a check for robots, a consent or a login wall.
        citations: how event entries cite the document.
        probe: what the host of `final_url` answers for a path that cannot exist, as known when it was asked.
        robots: what robots.txt said about the URL.
        retry_after_s: seconds the server asks us to wait; ``None`` where it does not.
        rendered: the content is what a browser made of the page.
        captured_at: the memento's time of an archived copy; ``None`` for a page that was so when it was fetched.
        sitemaps: that robots.txt of the host of `final_url` names.
        headers: of the archived response, where the last exchange has those of the archive; else empty.
    """

    task: FetchTask
    started_at: datetime
    finished_at: datetime
    redirects: tuple[Redirect, ...]
    final_url: str
    exchanges: tuple[Exchange, ...]
    content: bytes
    content_type: str
    status: int = 200
    refused: Outcome | None = None
    citations: tuple[Citation, ...] = ()
    probe: HostProbe | None = None
    robots: RobotsDecision | None = None
    retry_after_s: float | None = None
    rendered: bool = False
    captured_at: datetime | None = None
    sitemaps: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, finished_at=self.finished_at, captured_at=self.captured_at)


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
        robots: what robots.txt said about the URL; ``None`` where it was not asked.
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
    robots: RobotsDecision | None = None

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, finished_at=self.finished_at)


def bare_attempt(item: FetchedPage | FailedFetch) -> FailedFetch:
    """The attempt without anything that came of it."""
    return FailedFetch(
        task=item.task,
        outcome=Outcome.FAILED,
        detail="",
        started_at=item.started_at,
        finished_at=item.finished_at,
        final_url=item.task.document.request_url,
    )
