"""The last step of every attempt: raw captures to disk, then dedup and store in one transaction.

Why one writer that takes batches: a commit costs milliseconds, whether it holds one result or a hundred. While one
batch is being written the next one gathers, so that a slow disk makes batches larger instead of the crawl slower.

Order, and why nothing can be lost or stored twice: (1) records are appended, (2) the file is synced, (3) the rows are
committed together with the end of the lease. Killed before (3): the document is still due, the tail of the file is put
aside at the next start. Killed after (3): all is done. Storing the same attempt again is refused by its key.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from crawler.dedup import decide
from crawler.items import FailedFetch, FetchedPage
from crawler.planning import next_try
from crawler.store_thread import StoreThread
from storage.captures import CaptureWriter, payload_digest
from storage.errors import StorageError, StoreUnavailable, Unstorable
from storage.protocol import Store
from storage.types import (
    Archived,
    Article,
    Candidate,
    CaptureKind,
    Exchange,
    FetchAttempt,
    FetchResult,
    KnownPayload,
    Outcome,
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
    """

    item: FetchedPage | FailedFetch
    outcome: Outcome
    detail: str
    article: Article | None = None


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
        outcomes: how many attempts ended how, so far.
        verdicts: how many articles were judged how, so far.
    """

    store: StoreThread
    captures: CaptureWriter
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
        self._waiting.append((understood, answer))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.ensure_future(self._flush())
        return await answer

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
        known = _retrying(lambda: store.known_payloads(_digests(batch)))
        try:
            results = [self._captured(one, known, _unchanged(store, one)) for one in batch]
            self.captures.sync()
            stored = _retrying(lambda: store.archive(results, decide=_decided, now=utc_now()))
        except Exception:
            # Records without rows must be a file's tail, or the next start could not put them aside.
            self.captures.close()
            raise
        return [
            archived if not archived.error else self._quarantine(store, result, archived.error)
            for result, archived in zip(results, stored, strict=True)
        ]

    def _captured(self, one: Understood, known: dict[str, KnownPayload], unchanged: KnownPayload | None) -> FetchResult:
        captures = tuple(
            self.captures.append(exchange, kind=CaptureKind.LIVE, known=known, unchanged=unchanged)
            for exchange in one.item.exchanges
        )
        headers = _last_headers(one.item.exchanges)
        return FetchResult(
            attempt=_attempt(one),
            captures=captures,
            article=one.article,
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
        )

    def _quarantine(self, store: Store, result: FetchResult, error: str) -> Archived | StorageError:
        """The article could not be stored: keep the attempt and its captures, say ``failed``, go on.

        Returns the error where not even that can be stored; the other results of the batch are.
        """
        log.error("not stored as an article, %s: %s", result.attempt.request_url, error)
        now = utc_now()
        attempt = replace(
            result.attempt,
            outcome=Outcome.FAILED,
            detail=f"the article could not be stored: {error}"[:500],
            next_fetch_at=next_try(Outcome.FAILED, failures_before=0, now=now),
        )
        bare = replace(result, attempt=attempt, article=None)
        (stored,) = _retrying(lambda: store.archive([bare], decide=_decided, now=now))
        if stored.error:
            return StorageError(f"{result.attempt.request_url}: {stored.error}")
        return replace(stored, error=error)


def _decided(article: Article, candidates: Sequence[Candidate]) -> Verdict:
    """The verdict; a mistake of ours costs this one article, never its batch."""
    try:
        return decide(article, candidates)
    except Exception as error:
        log.exception("no verdict on %r", article.headline)
        raise Unstorable(f"no verdict: {type(error).__name__}: {error}") from error


def _retrying(work: Callable[[], T]) -> T:
    """Do it again while the database cannot be reached, up to the end of `RETRY_WAITS_S`."""
    for wait_s in RETRY_WAITS_S:
        try:
            return work()
        except StoreUnavailable as error:
            log.warning("the database cannot be reached, next try in %s s: %s", wait_s, error)
            time.sleep(wait_s)
    return work()


def _digests(batch: Sequence[Understood]) -> set[str]:
    return {payload_digest(exchange.payload) for one in batch for exchange in one.item.exchanges if exchange.payload}


def _unchanged(store: Store, one: Understood) -> KnownPayload | None:
    """For an answer 304: the record of the payload that the server says is still the same."""
    if one.outcome is not Outcome.NOT_MODIFIED:
        return None
    captures = _retrying(lambda: store.history(one.item.task.document.canonical_url).captures)
    digests = [capture.payload_digest for capture in captures if capture.status == HTTPStatus.OK]
    return _retrying(lambda: store.known_payloads(digests[-1:])).get(digests[-1]) if digests else None


def _last_headers(exchanges: Sequence[Exchange]) -> dict[str, str]:
    return {name.lower(): value for name, value in exchanges[-1].headers} if exchanges else {}


def _attempt(one: Understood) -> FetchAttempt:
    item, task = one.item, one.item.task
    failed = item if isinstance(item, FailedFetch) else None
    return FetchAttempt(
        key=task.attempt_key,
        document_id=task.document.id,
        reason=task.reason,
        outcome=one.outcome,
        request_url=task.document.request_url,
        final_url=item.final_url,
        started_at=item.started_at,
        finished_at=item.finished_at,
        status=item.exchanges[-1].status if item.exchanges and (failed is None or failed.status) else None,
        redirects=item.redirects,
        detail=one.detail,
        next_fetch_at=next_try(
            one.outcome,
            failures_before=task.document.failures,
            now=item.finished_at,
            retry_after_s=failed.retry_after_s if failed else None,
        ),
        bytes_received=sum(len(exchange.payload) for exchange in item.exchanges),
        run_token=task.run_token,
    )
