"""Following one copy to its page: hops to the nearest capture, then archived redirects, each asked of the archive.

Why archived redirects are looked up and not followed: the address that an archived redirect names is one of the live
web, where the page is gone. The same archive may hold the target of the same days: its index is asked, and the copy
nearest to the redirect is taken.

Why a redirect to a home page or a section ends it: the site sent everybody there when the page was gone; a copy of that
page shows whatever was news on that day, and its words would pass for an article's.

Why a hop to the nearest capture leaves no exchange: it is a remark of the archive's own machinery, no observation of
the page. What was asked for and what was served stand in the memento (``requested_at``, ``captured_at``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.archives.protocol import Archive, CdxRecord, Problem, Question, Replayed, Wanted, Window
from crawler.backfilling.asking import Asker, Played, Sent, Unasked
from crawler.backfilling.listing import listed
from crawler.classify.address import read_address
from crawler.errors import UnusableUrl
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.outcomes import outcome_of_status
from crawler.urls import url_key
from crawler.urls.parts import split
from storage.captures import decoded_content
from storage.types import Citation, Exchange, Outcome, Redirect, SearchState, utc_now

MOST_HOPS: Final = 3
"""Hops to another capture of the same page; more are a loop in disguise."""
MOST_REDIRECTS: Final = 3
"""Archived redirects on the way to a page."""
REDIRECT_SPAN: Final = timedelta(days=180)
"""The target of an archived redirect is wanted as it was so near to it."""

FIRST_COPIES: Final = datetime(1991, 1, 1, tzinfo=UTC)
"""Nothing of the web was stored before there was one."""
_CLOCKS_DIFFER = timedelta(days=1)

_LIVE_ONLY = frozenset({Outcome.RATE_LIMITED, Outcome.NOT_MODIFIED, Outcome.TIMEOUT})
"""What a status means on the live web and cannot mean in a copy: nobody asked that server now."""


@dataclass(slots=True, kw_only=True)
class Pursuit:
    """One copy on its way to a page; used once.

    Attributes:
        asker: of the run.
        archive: that lists it.
        task: the attempt.
        citations: how event entries cite the document.
        max_bytes: of the page's content.
        torn: pages whose connection ended too early are taken as they are.
        clock: UTC now.
    """

    asker: Asker
    archive: Archive
    task: FetchTask
    citations: tuple[Citation, ...]
    max_bytes: int
    torn: bool = False
    clock: Callable[[], datetime] = utc_now
    _exchanges: list[Exchange] = field(default_factory=list)
    _redirects: list[Redirect] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _started_at: datetime | None = None

    async def follow(self, record: CdxRecord, question: Question) -> FetchedPage | FailedFetch | Unasked:
        """The page of a copy, or why there is none; nothing is decided where the archive could not be asked.

        Raises:
            StorageError: of the store.
        """
        for _ in range(MOST_REDIRECTS + 1):
            self._seen.add(record.name)
            said = await self._given(record, question)
            if not isinstance(said, Replayed):
                return said
            if not said.redirect_to:
                return self._ended(said)
            following = await self._behind(said)
            if not isinstance(following, tuple):
                return following
            record, question = following
        return self._failed(Outcome.REDIRECTS, f"more than {MOST_REDIRECTS} archived redirects", url=record.url)

    async def _given(self, record: CdxRecord, question: Question) -> Replayed | FailedFetch | Unasked:
        """The archived response, behind at most `MOST_HOPS` hops to captures that the archive can give."""
        asked: set[str] = set()
        while question.url not in asked and len(asked) <= MOST_HOPS:
            asked.add(question.url)
            played = await self._played(record, question)
            if not isinstance(played, Played):
                return played
            if isinstance(played.said, Replayed) and not self._is_of_the_web(played.said):
                stated = f"{played.said.memento.captured_at:%Y-%m-%d}"
                return self._failed(Outcome.NOT_REPLAYED, f"the archive dates its copy to {stated}", url=record.url)
            if isinstance(played.said, Replayed):
                self._exchanges.append(_exchange(played.said, played.sent))
                return played.said
            if isinstance(played.said, Problem):
                return self._refused(played.said, record)
            question = played.said.question
        why = "back to where it came from" if question.url in asked else f"on more than {MOST_HOPS} times"
        return self._failed(Outcome.NOT_REPLAYED, f"the archive sends us {why}", url=record.url)

    def _is_of_the_web(self, replayed: Replayed) -> bool:
        """Whether there was a web at the stated moment, and the moment has come."""
        return FIRST_COPIES <= replayed.memento.captured_at <= self.clock() + _CLOCKS_DIFFER

    async def _played(self, record: CdxRecord, question: Question) -> Played | FailedFetch | Unasked:
        played = await self.asker.play(self.archive, record, question, torn=self.torn)
        if isinstance(played, Unasked) and played.outcome is Outcome.TOO_LARGE:
            return self._failed(Outcome.TOO_LARGE, played.detail, url=record.url)
        if isinstance(played, Played) and self._started_at is None:
            self._started_at = played.sent.started_at
        return played

    def _refused(self, problem: Problem, record: CdxRecord) -> FailedFetch:
        excluded = problem.state is SearchState.EXCLUDED
        return self._failed(Outcome.EXCLUDED if excluded else Outcome.NOT_REPLAYED, problem.detail, url=record.url)

    async def _behind(self, replayed: Replayed) -> tuple[CdxRecord, Question] | FailedFetch | Unasked:
        """The copy of an archived redirect's target, and the question for it."""
        target, page_url = replayed.redirect_to, page_url_of(replayed)
        if problem := self._dead_end(target):
            return self._failed(*problem, url=page_url, status=replayed.status)
        self._redirects.append(Redirect(url=page_url, status=replayed.status))
        try:
            wanted = _target(target, replayed.memento.captured_at)
        except UnusableUrl as error:
            return self._failed(Outcome.REDIRECTS, f"an archived redirect leads astray: {error}", url=page_url)
        listing = await listed(self.asker, self.archive, wanted)
        for record in listing.chosen:
            question = self.archive.replay(record) if record.name not in self._seen else None
            if question is not None:
                return record, question
        if listing.unasked is not None:
            return listing.unasked
        return self._failed(Outcome.REDIRECTS, f"the archive has no copy of the redirect's target {target}", url=target)

    def _dead_end(self, target: str) -> tuple[Outcome, str] | None:
        """Why the target of an archived redirect is not worth a request."""
        if any(hop.url == target for hop in self._redirects):
            return Outcome.REDIRECTS, f"archived redirects lead in a circle, again to {target}"
        address = read_address(self.task.document.request_url, target)
        if not address.deep or not (address.home or address.section):
            return None
        kind = "the home page" if address.home else "a section"
        return Outcome.SOFT_404, f"the archived redirect leads to {kind}: {target}"

    def _ended(self, replayed: Replayed) -> FetchedPage | FailedFetch:
        """The page, or what the archived status says instead."""
        url = page_url_of(replayed)
        outcome = outcome_of_status(replayed.status)
        if outcome is not None:
            outcome = Outcome.HTTP_ERROR if outcome in _LIVE_ONLY else outcome
            return self._failed(outcome, f"archived: HTTP {replayed.status}", url=url, status=replayed.status)
        now = self.clock()
        return FetchedPage(
            task=self.task,
            started_at=self._started_at or now,
            finished_at=now,
            redirects=tuple(self._redirects),
            final_url=url,
            exchanges=tuple(self._exchanges),
            content=decoded_content(replayed.payload, replayed.headers, max_bytes=self.max_bytes),
            content_type=_header(replayed, "content-type"),
            status=replayed.status,
            citations=self.citations,
            captured_at=replayed.memento.captured_at,
            headers=replayed.headers,
        )

    def _failed(self, outcome: Outcome, detail: str, *, url: str, status: int | None = None) -> FailedFetch:
        now = self.clock()
        return FailedFetch(
            task=self.task,
            outcome=outcome,
            detail=detail,
            started_at=self._started_at or now,
            finished_at=now,
            final_url=url,
            status=status,
            redirects=tuple(self._redirects),
            exchanges=tuple(self._exchanges),
        )


def page_url_of(replayed: Replayed) -> str:
    """The page's own URL, without the port that old archives add to every host."""
    url = replayed.memento.page_url
    try:
        return split(url).request_url
    except UnusableUrl:
        return url


def _exchange(replayed: Replayed, sent: Sent) -> Exchange:
    """What is kept of an answer: our exchange with the archive, or the record that it gave us."""
    if not replayed.record:
        return replace(sent.exchange, memento=replayed.memento)
    return replace(
        sent.exchange,
        url=replayed.memento.page_url,
        status=replayed.status,
        reason=replayed.reason,
        headers=replayed.headers,
        payload=replayed.payload,
        truncated=replayed.truncated,
        memento=replayed.memento,
        record=replayed.record,
    )


def _target(url: str, near: datetime) -> Wanted:
    window = Window(since=near - REDIRECT_SPAN, until=near + REDIRECT_SPAN, near=near)
    return Wanted(url=split(url).request_url, url_key=url_key(url), window=window)


def _header(replayed: Replayed, name: str) -> str:
    return next((value for one, value in replayed.headers if one.lower() == name), "")
