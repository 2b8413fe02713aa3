"""The last step of every attempt: raw captures to disk, then dedup and store in one transaction.

Why one writer that takes batches: a commit costs milliseconds, whether it holds one result or a hundred. While one
batch is being written the next one gathers, so that a slow disk makes batches larger instead of the crawl slower.

Order, and why nothing can be lost or stored twice: (1) records are appended, (2) the file is synced, (3) the rows are
committed together with the end of the lease. Killed before (3): the document is still due, the tail of the file is put
aside at the next start. Killed after (3): all is done. Storing the same attempt again is refused by its key.

Why what a host taught is worked out here and stored with the attempt: only now is it certain what the answer was, and
a run that is killed right after "too often" must not have forgotten it.

Quarantine: what our own code cannot digest, at whatever step, becomes an attempt ``failed`` with its captures, alone;
the other results of its batch are stored as they are. ``dateline replay`` tries it again when the mistake is mended.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from crawler.claims import claims_of_attempt
from crawler.dedup import decide, reserved
from crawler.discovery import is_feed, next_poll
from crawler.items import FailedFetch, FetchedPage, bare_attempt
from crawler.lead_images import wanted_image
from crawler.planning import next_try
from crawler.store_thread import StoreThread
from storage.captures import CaptureWriter, payload_digest
from storage.errors import StorageError, StoreUnavailable, Unstorable
from storage.protocol import Store
from storage.types import (
    Archived,
    ArchiveSearch,
    Article,
    Candidate,
    CaptureKind,
    Coverage,
    Exchange,
    FeedPoll,
    FetchAttempt,
    FetchResult,
    HostState,
    ImageFacts,
    KnownPayload,
    Outcome,
    PageVerdict,
    SearchState,
    Verdict,
    utc_now,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

BATCH = 100
"""Most results in one transaction."""
RETRY_WAITS_S = (0.5, 1, 2, 4, 8, 15, 30, 60)
"""Waits between tries when the database cannot be reached: two minutes in all, then the crawl stops."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """An attempt with everything known about it, ready to be stored.

    Attributes:
        item: what the spider saw.
        outcome: the final one, after extraction.
        detail: one sentence.
        article: extracted, if any.
        verdict: what the page was judged to be; ``None`` where nothing was judged.
        reservations: what the publisher reserves, as found.
        hosts: what the attempt taught about each host that it asked.
        coverage: why an archived copy was taken or not; ``None`` where that was not judged.
        search: where the search in the attempt's archive stands with it; ``None`` for the live web.
        image: what it shows, where it is a lead image.
        feed: what it names, where it is a feed.
    """

    item: FetchedPage | FailedFetch
    outcome: Outcome
    detail: str
    article: Article | None = None
    verdict: PageVerdict | None = None
    reservations: tuple[str, ...] = ()
    hosts: tuple[HostState, ...] = ()
    coverage: Coverage | None = None
    search: ArchiveSearch | None = None
    image: ImageFacts | None = None
    feed: FeedPoll | None = None


Learner = Callable[[FetchedPage | FailedFetch, Outcome], tuple[HostState, ...]]
"""Given an attempt with its final outcome, what it taught about each host that it asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """An attempt that is on disk: what was known, and what storing it said."""

    understood: Understood
    archived: Archived


@dataclass(slots=True)
class ArchiveWriter:
    """Stores results in batches; one per run.

    Attributes:
        store: the store's thread; batches are written in it.
        captures: the run's WARC writer; used in the store's thread only.
        learn: what an attempt teaches about hosts.
        browser: whether pages that need JavaScript are opened in a browser.
        images: whether the lead images of articles are to be stored.
        outcomes: how many attempts ended how, so far.
        verdicts: how many articles were judged how, so far.
    """

    store: StoreThread
    captures: CaptureWriter
    learn: Learner = lambda _item, _outcome: ()
    browser: bool = False
    images: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    _waiting: list[tuple[Understood, asyncio.Future[Archived]]] = field(default_factory=list)
    _flushing: asyncio.Task[None] | None = None

    async def put(self, understood: Understood) -> Archived:
        """Store one result; returns once it is on disk.

        Raises:
            StorageError: it could not be stored; nothing of it was.
        """
        answer: asyncio.Future[Archived] = asyncio.get_running_loop().create_future()
        self._waiting.append((self._with_hosts(understood), answer))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.ensure_future(self._flush())
        return await answer

    def _with_hosts(self, understood: Understood) -> Understood:
        try:
            return replace(understood, hosts=self.learn(understood.item, understood.outcome))
        except Exception:  # a mistake of ours about hosts must not cost the page
            log.exception("nothing learned about the hosts of %s", understood.item.final_url)
            return understood

    async def quarantine(self, item: FetchedPage | FailedFetch, detail: str) -> Archived:
        """Store an attempt that our own code failed on, with its captures; without them where they are to blame.

        Raises:
            StorageError: not even the bare attempt could be stored.
        """
        document = item.task.document
        log.error("quarantined: %s; when it is mended: dateline replay %s", detail, document.canonical_url)
        failed = Understood(item=item, outcome=Outcome.FAILED, detail=detail[:500])
        try:
            return await self.put(failed)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("not even with its captures: %s", document.canonical_url)
            return await self.put(replace(failed, item=bare_attempt(item)))

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                stored = await self.store.call(partial(self._write, batch=[one for one, _ in batch]))
            except Exception as error:  # whatever it is, everybody who waits must be told
                log.exception("a batch of %d results could not be stored", len(batch))
                self._refuse(batch, error)
                continue
            for (understood, answer), archived in zip(batch, stored, strict=True):
                if isinstance(archived, StorageError):
                    self._refuse([(understood, answer)], archived)
                    continue
                self._count(understood, archived)
                if not answer.done():
                    answer.set_result(archived)

    @staticmethod
    def _refuse(batch: Sequence[tuple[Understood, asyncio.Future[Archived]]], error: Exception) -> None:
        for _, answer in batch:
            if not answer.done():
                answer.set_exception(error)

    def _count(self, understood: Understood, archived: Archived) -> None:
        if archived.repeated:
            return
        self.outcomes[Outcome.FAILED if archived.error else understood.outcome] += 1
        if archived.verdict is not None:
            self.verdicts[archived.verdict.kind] += 1

    # -- in the store's thread ---------------------------------------------------------------------------------

    def _write(self, store: Store, batch: Sequence[Understood]) -> list[Archived | StorageError]:
        known = retrying(lambda: store.known_payloads(_digests(batch)))
        try:
            results = [self._result(store, one, known) for one in batch]
            self.captures.sync()
            stored = retrying(lambda: store.archive(results, decide=decided, now=utc_now()))
        except Exception:
            # Records without rows must be a file's tail, or the next start could not put them aside.
            self.captures.close()
            raise
        return [
            self._settled(store, one, result, archived)
            for one, result, archived in zip(batch, results, stored, strict=True)
        ]

    def _settled(
        self, store: Store, one: Understood, result: FetchResult, archived: Archived
    ) -> Archived | StorageError:
        if archived.error:
            return self._quarantine(store, result, archived.error)
        ours = result.attempt.outcome is not one.outcome
        return replace(archived, error=result.attempt.detail) if ours else archived

    def _result(self, store: Store, one: Understood, known: dict[str, KnownPayload]) -> FetchResult:
        """What is to be stored; one that our own code fails on becomes a bare ``failed``, the others stay."""
        try:
            return self._captured(one, known, _unchanged(store, one))
        except (StorageError, OSError):
            raise  # the disk or the database: it is not this page's fault
        except Exception as error:
            log.exception("no records of %s", one.item.final_url)
            # A record that may be half of its attempt must be a file's last: the next start puts it aside.
            self.captures.close()
            detail = f"its captures could not be written: {type(error).__name__}: {error}"[:500]
            failed = replace(one, item=bare_attempt(one.item), outcome=Outcome.FAILED, detail=detail)
            return FetchResult(
                attempt=_attempt(failed, browser=False), hosts=one.hosts, search=_without_article(one.search)
            )

    def _captured(self, one: Understood, known: dict[str, KnownPayload], unchanged: KnownPayload | None) -> FetchResult:
        captures = tuple(
            self.captures.append(exchange, kind=_kind(exchange), known=known, unchanged=unchanged)
            for exchange in one.item.exchanges
        )
        # What an archive sends with a copy would be no use for asking the live web.
        headers = {} if one.item.task.archive else _last_headers(one.item.exchanges)
        return FetchResult(
            attempt=_attempt(one, browser=self.browser),
            captures=captures,
            article=one.article,
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            hosts=one.hosts,
            search=one.search,
            lead_image=wanted_image(one.article) if self.images and one.article is not None else None,
            image=one.image,
            claims=claims_of_attempt(one.item, one.article),
            feed=one.feed,
        )

    def _quarantine(self, store: Store, result: FetchResult, error: str) -> Archived | StorageError:
        """The article could not be stored: keep the attempt and its captures, say ``failed``, go on.

        Returns the error where not even that can be stored; the other results of the batch are.
        """
        url = result.attempt.request_url
        log.error("not stored as an article, %s: %s; when it is mended: dateline replay %s", url, error, url)
        now = utc_now()
        attempt = replace(
            result.attempt,
            outcome=Outcome.FAILED,
            detail=f"the article could not be stored: {error}"[:500],
            next_fetch_at=None if result.attempt.archive else next_try(Outcome.FAILED, failures_before=0, now=now),
        )
        search = _without_article(result.search)
        bare = replace(result, attempt=attempt, article=None, image=None, claims=(), feed=None, hosts=(), search=search)
        (stored,) = retrying(lambda: store.archive([bare], decide=decided, now=now))
        if stored.error:
            return StorageError(f"{result.attempt.request_url}: {stored.error}")
        return replace(stored, error=error)


def decided(article: Article, candidates: Sequence[Candidate]) -> Verdict:
    """The verdict on an article, for `Store.archive`; a mistake of ours costs this one article, never its batch.

    Raises:
        Unstorable: our own code failed; the text goes into the report.
    """
    try:
        return reserved(article, candidates, decide(article, candidates))
    except Exception as error:
        log.exception("no verdict on %r", article.headline)
        raise Unstorable(f"no verdict: {type(error).__name__}: {error}") from error


def retrying(work: Callable[[], T]) -> T:
    """Do it again while the database cannot be reached, up to the end of `RETRY_WAITS_S`."""
    for wait_s in RETRY_WAITS_S:
        try:
            return work()
        except StoreUnavailable as error:
            log.warning("the database cannot be reached, next try in %s s: %s", wait_s, error)
            time.sleep(wait_s)
    return work()


@dataclass(frozen=True, slots=True)
class Patient:
    """The store's thread for single calls, each repeated while the database cannot be reached."""

    thread: StoreThread

    async def call(self, work: Callable[[Store], T]) -> T:
        """Run ``work(store)`` in the store's thread; its exceptions are raised here."""
        return await self.thread.call(lambda store: retrying(lambda: work(store)))


def _digests(batch: Sequence[Understood]) -> set[str]:
    return {payload_digest(exchange.payload) for one in batch for exchange in one.item.exchanges if exchange.payload}


def _unchanged(store: Store, one: Understood) -> KnownPayload | None:
    """For an answer 304: the record of the payload that the server says is still the same."""
    if one.outcome is not Outcome.NOT_MODIFIED:
        return None
    captures = retrying(lambda: store.history(one.item.task.document.canonical_url).captures)
    digests = [capture.payload_digest for capture in captures if capture.status == HTTPStatus.OK]
    return retrying(lambda: store.known_payloads(digests[-1:])).get(digests[-1]) if digests else None


def _kind(exchange: Exchange) -> CaptureKind:
    if exchange.memento is not None:
        return CaptureKind.MEMENTO
    return CaptureKind.RENDERED if exchange.rendered else CaptureKind.LIVE


def _without_article(search: ArchiveSearch | None) -> ArchiveSearch | None:
    """Where a search stands whose copy was tried but could not be stored as an article."""
    found = search is not None and search.state is SearchState.FOUND
    return replace(search, state=SearchState.LISTED, detail="") if search is not None and found else search


def _last_headers(exchanges: Sequence[Exchange]) -> dict[str, str]:
    sent = [exchange for exchange in exchanges if not exchange.rendered]
    return {name.lower(): value for name, value in sent[-1].headers} if sent else {}


def _attempt(one: Understood, *, browser: bool) -> FetchAttempt:
    item, task = one.item, one.item.task
    return FetchAttempt(
        key=task.attempt_key,
        document_id=task.document.id,
        reason=task.reason,
        outcome=one.outcome,
        request_url=task.document.request_url,
        final_url=item.final_url,
        started_at=item.started_at,
        finished_at=item.finished_at,
        status=item.status if item.exchanges else None,
        redirects=item.redirects,
        detail=one.detail,
        next_fetch_at=_next_fetch_at(one, browser=browser),
        bytes_received=sum(len(exchange.payload) for exchange in item.exchanges if not exchange.rendered),
        run_token=task.run_token,
        page=one.verdict,
        robots=item.robots,
        reservations=one.reservations,
        archive=task.archive,
        coverage=one.coverage,
    )


def _next_fetch_at(one: Understood, *, browser: bool) -> datetime | None:
    """When the document is due on the live web; what an archive has says nothing about that."""
    item, document = one.item, one.item.task.document
    if item.task.archive:
        return None
    if is_feed(document):
        return next_poll(document, one.feed, one.outcome, now=item.finished_at, retry_after_s=item.retry_after_s)
    return next_try(
        one.outcome,
        failures_before=document.failures,
        now=item.finished_at,
        retry_after_s=item.retry_after_s,
        # A document that needed a script the last time too was opened in the browser now: it did not help.
        browser=browser and document.last_outcome is not Outcome.NEEDS_JAVASCRIPT,
    )
