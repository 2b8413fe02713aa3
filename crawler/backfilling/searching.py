"""The search for one document in one archive: its index heard out, then copy after copy until one is accepted.

Why a copy that could not be asked for is no attempt: an attempt says what a copy is. After two of them the archive is
left for later; what failed on `_STUBBORN` visits counts as a copy that the archive does not give, or it would hold up
those behind it for ever.

Why that rule is not for held files: asking for them costs nobody anything, so a file that is away holds up no other,
and a person can bring it back after years. Its copies stay untried, and take no place of those that a visit may try.

Why only the beginning of an article (a teaser) is stored at once and the search goes on: it is evidence, and a full
text that comes later takes its place by the store's own rule. The archive counts as one that gave a copy when no better
one came, and the archives behind it are asked all the same.

Why a visit ends where its document was lost: whoever holds it now searches as well, and what an archive is asked for is
asked twice. Nothing is written of it, not where the search stands either: that would lie over what the other one wrote.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.archives.protocol import Archive, CdxRecord, Question, Wanted, Window
from crawler.archiving import Patient, Understood
from crawler.backfilling.asking import Asker, Unasked
from crawler.backfilling.copies import Pursuit
from crawler.backfilling.listing import Listing, listed
from crawler.backfilling.standing import EXCLUDED_FOR, ONLY_BEGINNING, Limits, is_whole, put_off
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.turns import is_local
from storage.types import (
    Archived,
    ArchiveSearch,
    BackfillTask,
    Document,
    FetchReason,
    Outcome,
    SearchState,
    utc_now,
)

_MOST_UNASKED = 2
_STUBBORN = 4
_KEYS = uuid.UUID("6f1c1f0a-8f57-4c1e-9d0b-2f6a54a1f3c7")


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """What a run searches with.

    Attributes:
        asker: asks archives.
        judge: what a copy is, and whether it is the page that was cited.
        put: stores an attempt.
        store: for everything else.
        limits: how long and how far.
        token: of the run.
        by_hand: a person named the documents.
        versions: all copies that differ are wanted, not only the best.
        clock: UTC now.
    """

    asker: Asker
    judge: Callable[[FetchedPage | FailedFetch], Awaitable[Understood]]
    put: Callable[[Understood], Awaitable[Archived]]
    store: Patient
    limits: Limits
    token: str
    by_hand: bool = False
    versions: bool = False
    clock: Callable[[], datetime] = field(default=utc_now)


@dataclass(slots=True, kw_only=True)
class Visit:
    """One visit to one archive about one document.

    Attributes:
        means: of the run.
        archive: that is asked.
        task: what is wanted.
        search: where the search stands, kept up to date.
        outcomes: of the attempts of this visit.
        apart: name of the copy that an entry cites: it is tried beside the others.
        lost: the document is not ours any more: another run has it, or it was taken down.
    """

    means: Means
    archive: Archive
    task: BackfillTask
    search: ArchiveSearch
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    apart: str = ""
    lost: bool = False
    _room: int = 0

    async def try_cited(self, record: CdxRecord, question: Question) -> ArchiveSearch:
        """Fetch the very copy that an entry cites; the search stays open where it is not accepted.

        Raises:
            StorageError: of the store.
        """
        self._open()
        unasked = await self._try(record, question)
        if unasked is not None:
            self.search = self._put_off(unasked)
        return await self._written()

    async def try_listed(self, window: Window) -> ArchiveSearch:
        """Ask the index, and fetch the copies that it lists, best first.

        Raises:
            StorageError: of the store.
        """
        self._open()
        before = self.search
        document = self.task.document
        wanted = Wanted(url=document.request_url, url_key=document.url_key, window=window)
        listing = await listed(self.means.asker, self.archive, wanted, versions=self.means.versions)
        self.search = replace(
            before, since=window.since, until=window.until, candidates=max(len(listing.chosen), len(before.tried))
        )
        if listing.excluded is not None and not is_whole(self.search):
            self.search = self._excluded(self.search, listing.excluded.detail)
            return await self._written()
        unasked = await self._try_all(listing.chosen) or listing.unasked
        self.search = self._concluded(listing, unasked)
        return await self._written()

    async def conclude(self) -> ArchiveSearch:
        """End the search in an archive whose index is not asked.

        Raises:
            StorageError: of the store.
        """
        self.search = self._concluded(Listing(), None)
        return await self._written()

    def _open(self) -> None:
        """As it stands while copies are tried: an earlier miss is none any more, what was found stays."""
        if not is_whole(self.search):
            found = self.search.state is SearchState.FOUND or self.search.detail.startswith(ONLY_BEGINNING)
            detail = ONLY_BEGINNING if found else ""
            self._room = self._left_of_visit()
            self.search = replace(self.search, state=SearchState.LISTED, next_at=None, detail=detail)

    def _left_of_visit(self) -> int:
        """How many copies this visit may try: those that an interrupted one left, else as many as the limit says."""
        most = self.means.limits.candidates
        tried = sum(name != self.apart for name in self.search.tried)
        used = tried % most
        interrupted = self.search.state is SearchState.LISTED
        return 0 if interrupted and tried and not used else most - used

    async def _try_all(self, chosen: Sequence[CdxRecord]) -> Unasked | None:
        """Copy after copy; returns why the search could not go on, ``None`` where it came to an end."""
        unasked: list[Unasked] = []
        for record, question in self._untried(chosen):
            problem = await self._try(record, question)
            if problem is not None:
                unasked.append(problem)
                if _hopeless(problem) or (len(unasked) >= _MOST_UNASKED and not is_local(question)):
                    break
            elif self._is_over():
                return None
        return unasked[-1] if unasked else None

    def _untried(self, chosen: Sequence[CdxRecord]) -> Iterator[tuple[CdxRecord, Question]]:
        given, before = 0, len(self.search.tried)
        for record in chosen:
            question = self.archive.replay(record) if record.name not in self.search.tried else None
            if question is None:
                continue
            used = len(self.search.tried) - before if is_local(question) else given
            if used >= self._room and not self.means.versions:
                return
            given += 1
            yield record, question

    def _is_over(self) -> bool:
        ended = self.lost or self.search.state is SearchState.EXCLUDED
        return ended or (is_whole(self.search) and not self.means.versions)

    async def _try(self, record: CdxRecord, question: Question) -> Unasked | None:
        """Fetch one copy and store what came of it; returns why it could not be asked for."""
        task = self._task(record)
        pursuit = Pursuit(
            asker=self.means.asker,
            archive=self.archive,
            task=task,
            citations=self.task.citations,
            max_bytes=self.means.limits.max_bytes,
            torn=self.search.failures >= _STUBBORN,
            clock=self.means.clock,
        )
        item = await pursuit.follow(record, question)
        if isinstance(item, Unasked):
            if _hopeless(item) or self.search.failures < _STUBBORN or is_local(question):
                return item
            item = self._never_given(task, record, item)
        understood = await self.means.judge(item)
        was = self.search
        self.search = self._after(record, understood)
        archived = await self._stored(replace(understood, search=self.search))
        if archived.stale or archived.takedown_id is not None:
            self.search, self.lost = was, True
            return None
        if archived.error and not is_whole(was):
            self.search = replace(was, tried=self.search.tried)
        if not archived.repeated:
            self.outcomes[Outcome.FAILED if archived.error else understood.outcome] += 1
        return None

    def _task(self, record: CdxRecord) -> FetchTask:
        document, archive = self.task.document, self.archive.place.name
        return FetchTask(
            document=document,
            reason=FetchReason.BACKFILL,
            attempt_key=uuid.uuid5(_KEYS, f"{document.id} {archive} {record.name}").hex,
            run_token=self.means.token,
            archive=archive,
        )

    def _never_given(self, task: FetchTask, record: CdxRecord, problem: Unasked) -> FailedFetch:
        now = self.means.clock()
        return FailedFetch(
            task=task,
            outcome=Outcome.NOT_REPLAYED,
            detail=f"not given on {self.search.failures + 1} visits: {problem.detail}",
            started_at=now,
            finished_at=now,
            final_url=record.url,
        )

    async def _stored(self, understood: Understood) -> Archived:
        """Returns once it is on disk, also where the run is being stopped meanwhile."""
        saving = asyncio.ensure_future(self.means.put(understood))
        try:
            return await asyncio.shield(saving)
        except asyncio.CancelledError:
            await asyncio.wait([saving])
            raise

    def _after(self, record: CdxRecord, one: Understood) -> ArchiveSearch:
        """The search with one more copy tried."""
        now = self.means.clock()
        search = replace(self.search, asked_at=now, failures=0, tried=(*self.search.tried, record.name))
        if is_whole(search):
            return search
        if one.outcome is Outcome.EXCLUDED:
            return self._excluded(search, one.detail)
        if one.article is not None and one.outcome is Outcome.FETCHED:
            return replace(search, state=SearchState.FOUND, detail="")
        beginning = one.article is not None or search.detail == ONLY_BEGINNING
        return replace(search, detail=ONLY_BEGINNING if beginning else "")

    def _excluded(self, search: ArchiveSearch, detail: str) -> ArchiveSearch:
        now = self.means.clock()
        return replace(
            search,
            state=SearchState.EXCLUDED,
            asked_at=now,
            next_at=now + EXCLUDED_FOR,
            failures=0,
            detail=detail,
        )

    def _put_off(self, unasked: Unasked) -> ArchiveSearch:
        begun = self.search.detail == ONLY_BEGINNING
        detail = f"{ONLY_BEGINNING}; {unasked.detail}" if begun else unasked.detail
        return put_off(self.search, unasked.state, detail, now=self.means.clock(), until=unasked.until)

    def _concluded(self, listing: Listing, unasked: Unasked | None) -> ArchiveSearch:
        """Where the search stands when nothing is left to try on this visit."""
        search = self.search
        if is_whole(search) or search.state is SearchState.EXCLUDED:
            return search
        if unasked is not None:
            return self._put_off(unasked)
        now = self.means.clock()
        search = replace(search, asked_at=now, failures=0)
        if search.detail == ONLY_BEGINNING:
            return replace(search, state=SearchState.FOUND, next_at=None)
        state = SearchState.ALL_REJECTED if listing.records or search.tried else SearchState.NEVER_ARCHIVED
        return replace(search, state=state, next_at=now + self.means.limits.retry, detail=_missed(search, listing))

    async def _written(self) -> ArchiveSearch:
        await self.write(self.search)
        return self.search

    async def write(self, search: ArchiveSearch) -> None:
        """Write where the search stands, as long as the document is ours.

        Raises:
            StorageError: of the store.
        """
        token = self.means.token
        if not self.lost:
            self.lost = not await self.means.store.call(lambda store: store.put_search(search, lease=token))


def begun(document: Document, archive: Archive, *, now: datetime) -> ArchiveSearch:
    """A search that was never made."""
    return ArchiveSearch(document_id=document.id, archive=archive.place.name, state=SearchState.LISTED, asked_at=now)


def _hopeless(problem: Unasked) -> bool:
    """Whether the whole archive cannot be asked now, not only for one copy."""
    return problem.state is SearchState.RATE_LIMITED or problem.until is not None or problem.outcome is not None


def _missed(search: ArchiveSearch, listing: Listing) -> str:
    """Why nothing was found, in one sentence."""
    if search.tried:
        text = "none of the copies that were tried shows the article"
    elif listing.chosen:
        text = "the archive gives none of the copies that it lists"
    elif listing.records:
        text = f"none of the copies that it lists ({len(listing.records)}) is a page of the time in question"
    else:
        text = "no copy of the time in question"
    return text + (f"; {listing.left} further questions were not asked" if listing.left else "")
