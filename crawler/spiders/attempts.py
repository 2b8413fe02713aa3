"""What came of asking for a document, as an item: a page to understand, or an attempt that failed and why.

Why here and not in the download handler: redirects, decompression and robots.txt lie between the two, and an attempt is
all of them together.

Why some refusals are pages: a check for robots, a consent form or a login form comes with 403, 429 or 503 as often as
with 200. What it is decides when and how the document is tried again, so the page is judged; the status stands where
the page says no more than it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.handlers import EXCHANGES, HostResting, started_at
from crawler.host_slices import HostSlices
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.middlewares.host_gate import HostHeld
from crawler.middlewares.keeper import TASK
from crawler.middlewares.robots import DECISION, SITEMAPS, RobotsTooOften, RobotsUnanswered, RobotsUnreachable
from crawler.outcomes import outcome_of_failure, outcome_of_proxy_status, outcome_of_status, retry_after_s
from crawler.politeness import host_asked
from storage.types import Exchange, Outcome, Redirect, utc_now

WORTH_JUDGING = frozenset({401, 402, 403, 405, 406, 418, 429, 451, 503})
"""Statuses whose page may be a check for robots, a consent or a login wall; all others mean what they say."""

_SAY_TOO_OFTEN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_SNIFFED = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempts:
    """Makes items of answers; tells the frontier at once when a host asks to be left alone.

    Attributes:
        frontier: of the run.
    """

    frontier: HostSlices

    def answered(self, response: Response) -> FetchedPage | FailedFetch:
        """A response came: a page to understand, or a status that says why not."""
        exchanges: list[Exchange] = response.meta[EXCHANGES]
        outcome, detail = outcome_of_status(response.status), f"HTTP {response.status}"
        if response.meta.get("proxy"):
            said = _header(response, "Proxy-Status")
            outcome, detail = outcome_of_proxy_status(said) or outcome, f"{detail} {said}".strip()
        if outcome is None and exchanges[-1].truncated and b"</html>" not in response.body[-2048:].lower():
            outcome, detail = Outcome.BAD_RESPONSE, "the connection ended before the announced end of the page"
        if outcome is None:
            return self._page(response, None)
        if _is_worth_judging(response, outcome):
            return self._page(response, outcome)
        return failed(response.meta, response.url, outcome, detail, status=response.status, wait_s=_wait_s(response))

    def unmade(self, task: FetchTask, error: BaseException) -> FailedFetch:
        """There could not even be a request for the document."""
        return failed({TASK: task}, task.document.request_url, *outcome_of_failure(error))

    def unanswered(self, request: Request, error: BaseException) -> FailedFetch:
        """No usable response came, by the world's fault or by ours."""
        if isinstance(error, RobotsUnreachable):
            return self._without_rules(request, error)
        outcome, detail = outcome_of_failure(error)
        wait_s = None
        if isinstance(error, RobotsUnanswered) and outcome is not Outcome.FORBIDDEN_ADDRESS:
            detail = f"robots.txt: {detail}"
        elif isinstance(error, HostResting):
            wait_s = self._rest_s(request, error)
        return failed(request.meta, request.url, outcome, detail, wait_s=wait_s)

    def _page(self, response: Response, refused: Outcome | None) -> FetchedPage:
        exchanges: list[Exchange] = response.meta[EXCHANGES]
        task: FetchTask = response.meta[TASK]
        now = utc_now()
        return FetchedPage(
            task=task,
            started_at=started_at(response.meta, now),
            finished_at=now,
            redirects=_hops(exchanges[:-1]),
            final_url=response.url,
            exchanges=tuple(exchanges),
            content=response.body,
            content_type=_header(response, "Content-Type"),
            status=response.status,
            refused=refused,
            citations=self.frontier.citations_of(task.document),
            probe=self.frontier.probe_of(host_asked(response.url)),
            robots=response.meta.get(DECISION),
            retry_after_s=_wait_s(response) if refused else None,
            rendered=exchanges[-1].rendered,
            sitemaps=response.meta.get(SITEMAPS, ()),
        )

    def _without_rules(self, request: Request, error: RobotsUnreachable) -> FailedFetch:
        """robots.txt was refused, or somebody before the host says that the host cannot be reached."""
        answer = error.response
        by_proxy = answer.request is not None and answer.request.meta.get("proxy")
        said = _header(answer, "Proxy-Status") if by_proxy else ""
        outcome = Outcome.RATE_LIMITED if isinstance(error, RobotsTooOften) else Outcome.ROBOTS_UNREACHABLE
        outcome = outcome_of_proxy_status(said) or outcome
        wait_s = _wait_s(answer)
        self.frontier.hosts.hold_back(
            host_asked(request.url), outcome, at=utc_now(), status=answer.status, retry_after_s=wait_s
        )
        return failed(request.meta, request.url, outcome, f"{error} {said}".strip(), wait_s=wait_s)

    def hold_back(self, response: Response) -> None:
        """Leave the host alone from this moment, where an answer asks for that, whatever it was an answer to."""
        outcome, wait_s = outcome_of_status(response.status), _wait_s(response)
        if outcome is None:
            return
        if wait_s or response.status in _SAY_TOO_OFTEN:
            self.frontier.hosts.hold_back(
                host_asked(response.url), outcome, at=utc_now(), status=response.status, retry_after_s=wait_s
            )

    def _rest_s(self, request: Request, error: HostResting) -> float | None:
        """How long a host that may not be asked now is to be left alone; ``None`` where nobody knows."""
        until: datetime | None = self.frontier.hosts.state(host_asked(request.url)).not_before
        if isinstance(error, HostHeld):
            until = error.ready_at
        return max((until - utc_now()).total_seconds(), 0.0) if until is not None else None


def failed(
    meta: dict[str, Any],
    url: str,
    outcome: Outcome,
    detail: str,
    *,
    status: int | None = None,
    wait_s: float | None = None,
) -> FailedFetch:
    """An attempt without a page, from the meta of its last request.

    Args:
        meta: of the request that failed or was answered.
        url: likewise.
        outcome: what came of it.
        detail: one sentence.
        status: of its answer; ``None`` where none came, and all exchanges are redirects that led there.
        wait_s: what the host asks for.
    """
    exchanges: list[Exchange] = meta.get(EXCHANGES, [])
    now = utc_now()
    return FailedFetch(
        task=meta[TASK],
        outcome=outcome,
        detail=detail,
        started_at=started_at(meta, now),
        finished_at=now,
        final_url=url,
        status=status,
        redirects=_hops(exchanges if status is None else exchanges[:-1]),
        exchanges=tuple(exchanges),
        retry_after_s=wait_s,
        robots=meta.get(DECISION),
    )


def _hops(exchanges: list[Exchange]) -> tuple[Redirect, ...]:
    return tuple(Redirect(url=hop.url, status=hop.status) for hop in exchanges)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _wait_s(response: Response) -> float | None:
    """What the answer's Retry-After asks for."""
    return retry_after_s(_header(response, "Retry-After"), utc_now())


def _is_worth_judging(response: Response, outcome: Outcome) -> bool:
    """Whether the page of a refusal may be a wall: it is HTML, and not an answer of our own proxy."""
    if response.status not in WORTH_JUDGING or outcome is not outcome_of_status(response.status):
        return False
    kind = _header(response, "Content-Type").partition(";")[0].strip().lower()
    looks_like_html = response.body[:_SNIFFED].lstrip().startswith(b"<")
    return bool(response.body) and ("html" in kind or (not kind and looks_like_html))
