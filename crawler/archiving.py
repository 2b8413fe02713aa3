"""The last step of every attempt: raw captures to disk, then dedup and store in one transaction.

Why one writer that takes batches: a commit costs milliseconds, whether it holds one result or a hundred. While one
batch is being written the next one gathers, so that a slow disk makes batches larger instead of the crawl slower.

Order, and why nothing can be lost or stored twice: (1) records are appended, (2) the file is synced, (3) the rows are
committed together with the end of the lease. Killed before (3): the document is still due, the tail of the file is put
aside at the next start. Killed after (3): all is done. Storing the same attempt again is refused by its key.

Why what a host taught is worked out here and stored with the attempt: only now is it certain what the answer was, and
a run that is killed right after "too often" must not have forgotten it.

Why every result names the lease under which it was fetched: the store refuses those of a run that lost its hosts while
it was paused (`crawler.fencing`), and what is refused is no failure: whoever holds the document fetches it. Where that
is known before anything is written no record is made of it; where not, its records are overwritten.

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
from crawler.recrawling import Recrawl
from crawler.revisiting import ended_by, next_fetch
from crawler.store_thread import StoreThread
from crawler.understood import Understood, attempt_of, kind_of, last_headers, without_article
from storage.captures import CaptureWriter, payload_digest
from storage.errors import LibraryError, StorageError, StoreUnavailable, Unstorable
from storage.protocol import Store
from storage.types import (
    Archived,
    Article,
    Candidate,
    FetchResult,
    HostState,
    KnownPayload,
    Outcome,
    Verdict,
    utc_now,
)

__all__ = ["BATCH", "RETRY_WAITS_S", "ArchiveWriter", "Patient", "Stored", "Understood", "decided", "retrying"]

log = logging.getLogger(__name__)
T = TypeVar("T")

BATCH = 100
"""Most results in one transaction."""
RETRY_WAITS_S = (0.5, 1, 2, 4, 8, 15, 30, 60)
"""Waits between tries when the database cannot be reached: two minutes in all, then the crawl stops."""


Learner = Callable[[FetchedPage | FailedFetch, Outcome], tuple[HostState, ...]]
"""Given an attempt with its final outcome, what it taught about each host that it asked."""


class _InDoubtError(Exception):
    """The lease of a host ended while its records were written."""


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
        recrawl: when what was fetched is asked for again.
        images: whether the lead images of articles are to be stored.
        is_certain: whether the run holds a host for certain; for the others the store is asked before records are made.
        require_room: raises where the disk has too little room for another batch.
        outcomes: how many attempts ended how, so far.
        verdicts: how many articles were judged how, so far.
    """

    store: StoreThread
    captures: CaptureWriter
    learn: Learner = lambda _item, _outcome: ()
    browser: bool = False
    recrawl: Recrawl = field(default_factory=Recrawl)
    images: bool = False
    is_certain: Callable[[str], bool] = lambda _host: True
    require_room: Callable[[], None] = lambda: None
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
            except LibraryError as error:  # the disk is full, or the database is none of this program's any more
                log.error("a batch of %d results cannot be stored: %s", len(batch), error)  # noqa: TRY400 - no mistake
                self._refuse(batch, error)
                continue
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
        if archived.repeated or archived.stale or archived.takedown_id is not None:
            return
        self.outcomes[Outcome.FAILED if archived.error else understood.outcome] += 1
        if archived.verdict is not None:
            self.verdicts[archived.verdict.kind] += 1

    # -- in the store's thread ---------------------------------------------------------------------------------

    def _write(self, store: Store, batch: Sequence[Understood]) -> list[Archived | StorageError]:
        lost = self._lost(store, batch)
        try:
            written = iter(self._written(store, [one for one in batch if one.item.task.document.id not in lost]))
        except _InDoubtError:
            # What was written is a file's tail without rows, to be put aside; what is still ours is written once more.
            return self._write(store, batch)
        return [_refused(one) if one.item.task.document.id in lost else next(written) for one in batch]

    def _lost(self, store: Store, batch: Sequence[Understood]) -> set[int]:
        """Documents whose hosts the run lost, as far as there is a doubt; costs nothing where there is none."""
        live = [one.item.task for one in batch if not one.item.task.archive]
        doubtful = [task for task in live if not self.is_certain(task.document.host)]
        if not doubtful:
            return set()
        held = retrying(lambda: store.held_hosts(doubtful[0].run_token))
        return {task.document.id for task in doubtful if task.document.host not in held}

    def _written(self, store: Store, batch: Sequence[Understood]) -> list[Archived | StorageError]:
        self.require_room()
        known = retrying(lambda: store.known_payloads(_digests(batch)))
        hosts = {one.item.task.document.host for one in batch if not one.item.task.archive}
        certain = {host for host in hosts if self.is_certain(host)}

        def archive() -> Sequence[Archived]:
            # A machine may be suspended at any moment; a record that the store refuses would stay without a row.
            if not all(map(self.is_certain, certain)):
                raise _InDoubtError
            return store.archive(results, decide=decided, now=utc_now())

        try:
            results = [self._result(store, one, known) for one in batch]
            self.captures.sync()
            stored = retrying(archive)
        except Exception:
            # Records without rows must be a file's tail, or the next start could not put them aside.
            self.captures.close()
            raise
        self._withdraw(results, stored)
        return [
            self._settled(store, one, result, archived)
            for one, result, archived in zip(batch, results, stored, strict=True)
        ]

    def _withdraw(self, results: Sequence[FetchResult], stored: Sequence[Archived]) -> None:
        """Overwrite the records of what came too late."""
        late = [
            one for result, archived in zip(results, stored, strict=True) if archived.stale for one in result.captures
        ]
        try:
            self.captures.withdraw(late)
        except LibraryError as problem:
            log.warning("%d records stay without rows: %s", len(late), problem)

    def _settled(
        self, store: Store, one: Understood, result: FetchResult, archived: Archived
    ) -> Archived | StorageError:
        if archived.takedown_id is not None:
            log.warning("not stored, %s: %s", result.attempt.request_url, archived.error)
            return archived
        if archived.stale:
            return _refused(one)
        if archived.error:
            return self._quarantine(store, result, archived.error)
        ours = result.attempt.outcome is not one.outcome
        return replace(archived, error=result.attempt.detail) if ours else archived

    def _result(self, store: Store, one: Understood, known: dict[str, KnownPayload]) -> FetchResult:
        """What is to be stored; one that our own code fails on becomes a bare ``failed``, the others stay."""
        try:
            return self._captured(store, one, known)
        except (StorageError, OSError):
            raise  # the disk or the database: it is not this page's fault
        except Exception as error:
            log.exception("no records of %s", one.item.final_url)
            # A record that may be half of its attempt must be a file's last: the next start puts it aside.
            self.captures.close()
            detail = f"its captures could not be written: {type(error).__name__}: {error}"[:500]
            failed = replace(one, item=bare_attempt(one.item), outcome=Outcome.FAILED, detail=detail)
            return FetchResult(
                attempt=attempt_of(failed, self._next_fetch_at(store, failed)),
                hosts=one.hosts,
                search=without_article(one.search),
                lease=one.item.task.run_token,
            )

    def _captured(self, store: Store, one: Understood, known: dict[str, KnownPayload]) -> FetchResult:
        unchanged = _unchanged(store, one)
        captures = tuple(
            self.captures.append(exchange, kind=kind_of(exchange), known=known, unchanged=unchanged)
            for exchange in one.item.exchanges
        )
        # What an archive sends with a copy would be no use for asking the live web.
        headers = {} if one.item.task.archive else last_headers(one.item.exchanges)
        return FetchResult(
            attempt=attempt_of(one, self._next_fetch_at(store, one)),
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
            lease=one.item.task.run_token,
        )

    def _next_fetch_at(self, store: Store, one: Understood) -> datetime | None:
        """When the document is due on the live web; what an archive has says nothing about that."""
        item, document = one.item, one.item.task.document
        if item.task.archive:
            return None
        if is_feed(document):
            return next_poll(document, one.feed, one.outcome, now=item.finished_at, retry_after_s=item.retry_after_s)
        ended = ended_by(item, one.outcome, one.article, browser=self.browser)
        return retrying(partial(next_fetch, item, ended, rule=self.recrawl, hosts=one.hosts, store=store))

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
        search = without_article(result.search)
        bare = replace(result, attempt=attempt, article=None, image=None, claims=(), feed=None, hosts=(), search=search)
        (stored,) = retrying(lambda: store.archive([bare], decide=decided, now=now))
        if stored.error:
            return StorageError(f"{result.attempt.request_url}: {stored.error}")
        return replace(stored, error=error)


def _refused(one: Understood) -> Archived:
    """What came too late is another run's now."""
    log.warning("stale, not stored: %s: the lease was lost meanwhile", one.item.task.document.canonical_url)
    return Archived(stale=True)


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
