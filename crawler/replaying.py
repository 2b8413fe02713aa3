"""Understand stored captures again, without fetching: what a mistake of ours or an older judgement cost comes back.

Why a new attempt and not a correction of the old one: attempts are history. The new one says ``replayed``, is judged
by today's rules, and its article belongs to the stored capture. Why nothing is stored where the judgement is the same:
running it again must change nothing; texts that only a better extractor changes are `crawler.rebuilding`'s.

Why only the page of a document's latest attempt: an older page says nothing about what the document is now.

Why a capture that gave an article before gives none now: its version is there, and its text is `crawler.rebuilding`'s.
Where it is no article after all, the new attempt says so; nothing is ever deleted.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from crawler.archiving import decided
from crawler.claims import claims_of
from crawler.classify import PageReading
from crawler.errors import PageTooHard
from crawler.judging import regarded, settled
from crawler.library import Library
from crawler.outcomes import outcome_of_status
from crawler.politeness import host_asked
from crawler.renewing import Renewal
from crawler.revisiting import Ended, cited_on, due_again, policy
from crawler.runs import registered
from crawler.stored_pages import Surroundings, stored_page
from crawler.workers import ExtractionPool
from storage.captures import CaptureReader
from storage.errors import PlaceUnavailable, StorageError
from storage.protocol import Store
from storage.types import (
    WITH_ARTICLE,
    Archived,
    Capture,
    CaptureKind,
    Citation,
    Document,
    FetchAttempt,
    FetchReason,
    FetchResult,
    HostProbe,
    Outcome,
    Run,
    RunState,
    Selection,
    utc_now,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

_BATCH = 64
_NEVER = frozenset({Outcome.NOT_MODIFIED, Outcome.IMPORTED})
"""Outcomes of attempts whose capture is no page to understand."""

Row = tuple[Document, FetchAttempt, Capture]


@dataclass(slots=True)
class Replayed:
    """What a replay did.

    Attributes:
        token: of its run; empty for a dry run.
        state: how it ended.
        pages: understood again.
        changed: ``failed -> fetched`` -> pages that are judged otherwise now; the same outcome for another reason, or
            for a page that nobody had judged, has the kind of page behind it.
        verdicts: verdict -> articles that came of it.
        problems: (URL, reason) of pages that were left as they are.
    """

    token: str = ""
    state: RunState = RunState.FINISHED
    pages: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)


def replay(
    library: Library,
    selection: Selection,
    *,
    command: str,
    dry_run: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> Replayed:
    """Understand the latest page of every selected document again; Ctrl-C stops after what is stored.

    Args:
        library: open.
        selection: which documents.
        command: as a person typed it, for the run's row.
        dry_run: understand, but store nothing.
        progress: called after each page.
    """
    report = Replayed()
    if dry_run:
        _replay_all(library, selection, report, None, progress)
        return report
    with registered(library, command) as work:
        report.token = work.token
        try:
            _replay_all(library, selection, report, work.run, progress)
        except KeyboardInterrupt:
            work.state = report.state = RunState.INTERRUPTED
        work.counts |= report.changed
    return report


def rows_of(library: Library, selection: Selection) -> Iterator[Row]:
    """The pages that a replay of this selection would understand again; streams."""
    for document, attempt, capture in library.store.replayable(selection):
        latest = document.last_attempt_at is None or attempt.finished_at >= document.last_attempt_at
        if latest and attempt.outcome not in _NEVER and capture.kind is not CaptureKind.IMPORTED:
            yield document, attempt, capture


def _replay_all(
    library: Library, selection: Selection, report: Replayed, begun: Run | None, progress: Callable[[], None]
) -> None:
    rows = rows_of(library, selection)
    with closing(ExtractionPool.configured(library.configuration)) as pool, library.reader() as reader:
        while batch := list(islice(rows, _BATCH)):
            found = asyncio.run(_understand_all(library, reader, pool, batch))
            if begun is not None:
                asyncio.run(_renew_all(library, pool, batch, found))
            _put(library, batch, found, report, begun)
            for _ in batch:
                progress()


async def _understand_all(
    library: Library, reader: CaptureReader, pool: ExtractionPool, batch: list[Row]
) -> list[PageReading | str]:
    citations = library.store.citations(document.id for document, _, _ in batch)
    probes = library.store.probes({host_asked(capture.page_url) for _, _, capture in batch})
    return await asyncio.gather(
        *(
            _understand(
                library, reader, pool, row, citations.get(row[0].id, ()), probes.get(host_asked(row[2].page_url))
            )
            for row in batch
        )
    )


async def _understand(
    library: Library,
    reader: CaptureReader,
    pool: ExtractionPool,
    row: Row,
    citations: tuple[Citation, ...],
    probe: HostProbe | None,
) -> PageReading | str:
    """What this page is judged to be today, or one sentence why it cannot be read."""
    document, attempt, capture = row
    try:
        around = Surroundings(
            requested_url=attempt.request_url, redirects=attempt.redirects, citations=citations, probe=probe
        )
        page = stored_page(library, reader, capture, around)
    except PlaceUnavailable:
        raise  # every other page would wait for it, too
    except StorageError as problem:
        return str(problem)
    try:
        reading = await pool.read(page)
    except PageTooHard as limit:
        return _unread(Outcome.EXTRACTION_LIMIT, str(limit))
    except Exception as error:  # one page that our code cannot bear must not end the replay of all others
        log.exception("our own code failed on %s", capture.page_url)
        return _unread(Outcome.FAILED, f"{type(error).__name__}: {error}"[:300])
    return _judged(library, document, capture, reading)


async def _renew_all(
    library: Library, pool: ExtractionPool, batch: Sequence[Row], found: Sequence[PageReading | str]
) -> None:
    """Let what is stored of the documents whose article comes in be read as that article was read."""
    renew = Renewal(ask=_Here(library.store), configuration=library.configuration, pool=pool)
    for (document, attempt, _), again in zip(batch, found, strict=True):
        if not isinstance(again, str) and again.article is not None and attempt.outcome not in WITH_ARTICLE:
            await renew(document, again.article, cut=True)


@dataclass(frozen=True, slots=True)
class _Here:
    """The store in this very thread, for whoever has to await it."""

    store: Store

    async def __call__(self, work: Callable[[Store], T], /) -> T:
        return work(self.store)


def _unread(outcome: Outcome, detail: str) -> PageReading:
    return PageReading(outcome=outcome, detail=detail, verdict=None, article=None)


def _judged(library: Library, document: Document, capture: Capture, reading: PageReading) -> PageReading:
    """The reading as a crawl takes it: beside other documents, its status and a torn end regarded."""
    refused = outcome_of_status(capture.status)
    if refused is None:
        reading = regarded(library.store, document, reading)
    return settled(reading, refused=refused, status=capture.status, torn=bool(capture.truncated))


def _put(
    library: Library, batch: Sequence[Row], found: Sequence[PageReading | str], report: Replayed, begun: Run | None
) -> None:
    """Store what is judged otherwise now; nothing for a dry run."""
    changed: list[tuple[Row, PageReading]] = []
    for row, again in zip(batch, found, strict=True):
        report.pages += 1
        if isinstance(again, str):
            report.problems.append((row[0].canonical_url, again))
        elif _differs(row[1], again):
            changed.append((row, again))
    stored = [None] * len(changed) if begun is None else _archive(library, changed, begun)
    for (row, again), archived in zip(changed, stored, strict=True):
        if archived is not None and archived.error:
            report.problems.append((row[0].canonical_url, archived.error))
            continue
        report.changed[_change(row[1], again)] += 1
        if archived is not None and archived.verdict is not None:
            report.verdicts[archived.verdict.kind] += 1


def _differs(attempt: FetchAttempt, again: PageReading) -> bool:
    kinds = [verdict.kind if verdict else None for verdict in (attempt.page, again.verdict)]
    return attempt.outcome is not again.outcome or kinds[0] is not kinds[1]


def _change(attempt: FetchAttempt, again: PageReading) -> str:
    kind = f" ({again.verdict.kind})" if again.verdict and again.outcome is attempt.outcome else ""
    return f"{attempt.outcome} -> {again.outcome}{kind}"


def _archive(library: Library, changed: Sequence[tuple[Row, PageReading]], begun: Run) -> list[Archived]:
    now = utc_now()
    library.store.heartbeat(begun.token, now=now, counts={})
    results = [_result(row, again, begun, (_following(library, row, again), now)) for row, again in changed]
    return library.store.archive(results, decide=decided, now=now) if results else []


def _following(library: Library, row: Row, again: PageReading) -> datetime | None:
    """When the document is due; nobody was asked: the failure that is judged again was counted when it came."""
    document, attempt, _ = row
    ended = Ended(
        document=document,
        outcome=again.outcome,
        at=attempt.finished_at,
        failures_before=max(0, document.failures - 1),
        article=again.article,
    )
    return due_again(policy(library.configuration), ended, event_dates=cited_on(library.store, document))


def _result(row: Row, again: PageReading, begun: Run, moments: tuple[datetime | None, datetime]) -> FetchResult:
    document, attempt, capture = row
    following, now = moments
    article = None if attempt.outcome in WITH_ARTICLE else again.article
    hops = () if attempt.archive else attempt.redirects
    return FetchResult(
        attempt=FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=document.id,
            reason=FetchReason.REPLAYED,
            outcome=again.outcome,
            request_url=attempt.request_url,
            final_url=attempt.final_url,
            # Before any row was read: a fetch that came since then is later, and the store will say so.
            started_at=begun.started_at,
            finished_at=now,
            status=attempt.status,
            redirects=attempt.redirects,
            detail=again.detail,
            next_fetch_at=following,
            run_token=begun.token,
            page=again.verdict,
            reservations=again.reservations,
        ),
        article=article,
        replayed=capture.id,
        claims=claims_of(document, article, redirects=hops, final_url=attempt.final_url) if article else (),
    )
