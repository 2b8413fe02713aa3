"""Asking an archive to save one page: claim it, submit it, follow the job, remember what came of it.

Why the row is written before the request leaves: killed at any moment, the next run knows that the page may have been
submitted, and does not submit it again within a day. Once there is a job, its id is in the row, and the next run asks
where it stands instead. A page whose request left and whose answer was lost waits out the day; beside that the service
is told that a copy of the last day is enough.

Why the turn comes before the claim: a turn may be minutes away, and a run that is killed while it waits has asked
nobody.

Why an answer about the job is no answer about the page: where the service cannot say how a job stands (too often, a
fault, no answer), the job runs on. It stays pending, and the page is not submitted again.

Why three pages in a row: the service answers "blocked" or "captured too often today" about a page; one such page is
told and left behind. The same answer about three pages in a row is about us or about a whole site, and going on would
bring only more of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from crawler.archives import Answer, Pool, Question
from crawler.archives.refusals import retry_after
from crawler.archives.saving import (
    DAY_S,
    SaveOptions,
    SaveProgress,
    SaveQuestion,
    SaveState,
    read_save,
    read_status,
    save_question,
    status_question,
)
from crawler.backfilling.asking import Sent
from crawler.backfilling.saving_service import KEYS_REMEDY, SaveService
from crawler.backfilling.unsaved import Unsaved
from crawler.errors import KeysRefused
from crawler.outcomes import outcome_of_failure
from crawler.politeness import rests
from crawler.turns import Calls, TurnRefused, Turns
from storage.captures import decoded_content
from storage.types import ArchiveSave, Document, Outcome, SavingState, utc_now

DAY: Final = timedelta(seconds=DAY_S)
"""A page is not submitted again sooner than this, whatever became of the run that did it."""
SOONEST: Final = timedelta(hours=1)
"""A page that a job failed to save is not submitted again sooner than this."""
GROWTH, LONGEST_WAIT_S, PATIENCE_S = 1.5, 30.0, 300.0
"""Each wait for a job is so much longer than the one before, up to a bound; after all of them a later run asks."""
MOST_ALIKE: Final = 3
STOPPING: Final = frozenset(
    {
        "blocked",
        "too-many-daily-captures",
        "user-session-limit",
        "max-daily-bandwidth-from-ip",
        "bandwidth-limit-exceeded",
    }
)
"""Answers that are about more than a page where they come for one page after the other."""

_NEVER_SENT = frozenset({Outcome.DNS, Outcome.TLS, Outcome.FORBIDDEN_ADDRESS, Outcome.BAD_URL, Outcome.FAILED})
_SHORTEST_WAIT_S = 0.01
_OK, _TOO_MANY, _FIRST_SERVER_ERROR = 200, 429, 500
_ENDS: Final = {
    SaveState.PENDING: SavingState.PENDING,
    SaveState.SAVED: SavingState.SAVED,
    SaveState.ENOUGH: SavingState.ENOUGH,
    SaveState.REFUSED: SavingState.REFUSED,
    SaveState.LATER: SavingState.LATER,
}


class Poster(Protocol):
    """The network, as far as saving needs it; both raise what the network does."""

    async def __call__(self, question: Question) -> Sent:
        """Send a GET."""

    async def post(self, question: SaveQuestion) -> Sent:
        """Send a POST."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What came of one document.

    Attributes:
        document: which.
        save: where its saving stands now.
        error: the service's code; empty where it gave none.
    """

    document: Document
    save: ArchiveSave
    error: str = ""


@dataclass(slots=True, kw_only=True)
class Saver:
    """Has pages saved, for one run.

    Attributes:
        store: where claims and jobs are kept.
        turns: when the service may be asked.
        network: sends.
        service: see `SaveService`.
        refused_for: a page that cannot be saved is left alone for so long.
        max_bytes: of an answer's content.
        clock: UTC now.
        sleep: for so many seconds.
        notice: why the run must end now; empty while it may go on.
    """

    store: Calls
    turns: Turns
    network: Poster
    service: SaveService
    refused_for: timedelta
    max_bytes: int
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    notice: str = ""
    _alike: tuple[str, int] = ("", 0)
    _submitting: set[asyncio.Task[Saved | None]] = field(default_factory=set)

    async def save(self, wanted: Unsaved) -> Saved | None:
        """Have one page saved; ``None`` where it was not asked for: somebody else did, or the service rests.

        Raises:
            KeysRefused: the service does not accept the keys.
            StorageError: of the store.
        """
        if wanted.pending is not None:
            saved: Saved | None = Saved(document=wanted.document, save=wanted.pending)
            first_wait_s = 0.0
        else:
            saved, first_wait_s = await self._asked(wanted.document), self.service.status_s
        if saved is not None and saved.save.state is SavingState.PENDING:
            saved = await self._followed(saved, first_wait_s)
        if saved is not None:
            self._brake(saved)
        return saved

    async def settle(self) -> None:
        """Wait for submissions under way: what the service heard must be remembered."""
        await asyncio.gather(*self._submitting, return_exceptions=True)

    # -- submitting ----------------------------------------------------------------------------------------------

    async def _asked(self, document: Document) -> Saved | None:
        turn = Question(url=self.service.url, pool=Pool.SAVE)
        async with self.turns.lane(turn):
            refusal = await self.turns.take(self.service.place, turn)
            if refusal is not None or self.notice:
                self._rest(refusal)
                return None
            submitting = asyncio.ensure_future(self._submit(document, turn))
            self._submitting.add(submitting)
            submitting.add_done_callback(self._submitting.discard)
            # Whoever stops the run does not stop this half-way.
            return await asyncio.shield(submitting)

    async def _submit(self, document: Document, turn: Question) -> Saved | None:
        asked_at = self.clock()
        claim = ArchiveSave(
            document_id=document.id,
            archive=self.service.place.name,
            state=SavingState.SENT,
            asked_at=asked_at,
            next_at=asked_at + DAY,
        )
        if not await self.store.call(lambda store: store.claim_save(claim)):
            return None
        question = save_question(
            document.request_url, self.service.keys, SaveOptions(unless_within_s=int(DAY_S)), service=self.service.url
        )
        try:
            sent = await self.network.post(question)
        except asyncio.CancelledError:
            await self._put(replace(claim, state=SavingState.LATER, next_at=asked_at, detail="the run was stopped"))
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network does; `FAILURES` names it
            return Saved(document=document, save=await self._unheard(claim, turn, error))
        answer = self._answer(turn, sent)
        rest = await self._tell(turn, answer, sent.started_at)
        progress = read_save(answer, public=self.service.public)
        return Saved(document=document, save=await self._noted(claim, progress, rest), error=progress.error)

    async def _unheard(self, claim: ArchiveSave, turn: Question, error: Exception) -> ArchiveSave:
        """The request failed; where it may have arrived nevertheless, the claim stands."""
        outcome, detail = outcome_of_failure(error)
        await self.turns.told(self.service.place, turn, outcome, asked_at=claim.asked_at)
        save = replace(claim, detail=f"{outcome}: {detail}")
        if outcome in _NEVER_SENT:
            save = replace(save, state=SavingState.LATER, next_at=claim.asked_at + SOONEST)
        await self._put(save)
        if outcome is Outcome.FAILED:
            raise error
        return save

    # -- following a job -----------------------------------------------------------------------------------------

    async def _followed(self, saved: Saved, first_wait_s: float) -> Saved:
        """Ask where the job stands until it is at its end, or for as long as we are patient."""
        for wait_s in waits(first_wait_s, self.service.status_s):
            await self.sleep(wait_s)
            if self.notice:
                break
            question = status_question(saved.save.job, self.service.keys, service=self.service.url)
            answer = await self._heard(question)
            if answer is None:
                continue
            progress = read_status(answer, public=self.service.public)
            if progress.state is SaveState.NOT_ALLOWED:
                raise KeysRefused(progress.detail, KEYS_REMEDY)
            if answer.status != _OK or (progress.state is SaveState.LATER and not progress.error):
                continue
            save = await self._noted(saved.save, progress, None)
            saved = replace(saved, save=save, error=progress.error)
            if save.state is not SavingState.PENDING:
                break
        return saved

    async def _heard(self, question: Question) -> Answer | None:
        """The answer to a question about a job; ``None`` where there is none now."""
        async with self.turns.lane(question):
            if await self.turns.take(self.service.place, question) is not None:
                return None
            asked_at = self.clock()
            try:
                sent = await self.network(question)
            except Exception as error:  # noqa: BLE001 - as above
                outcome, _ = outcome_of_failure(error)
                failure = error
            else:
                answer = self._answer(question, sent)
                await self._tell(question, answer, sent.started_at)
                return answer
        await self.turns.told(self.service.place, question, outcome, asked_at=asked_at)
        if outcome is Outcome.FAILED:
            raise failure
        return None

    # -- what was said -------------------------------------------------------------------------------------------

    async def _noted(self, save: ArchiveSave, progress: SaveProgress, rest: datetime | None) -> ArchiveSave:
        """The save as the service tells it, stored.

        Raises:
            KeysRefused: nothing was saved, and the page may be asked for at once with other keys.
        """
        now = self.clock()
        if progress.state is SaveState.NOT_ALLOWED:
            await self._put(replace(save, state=SavingState.LATER, next_at=now, detail=progress.detail))
            raise KeysRefused(progress.detail, KEYS_REMEDY)
        fresh = replace(
            save,
            state=_ENDS[progress.state],
            next_at=self._next_at(save, progress, rest),
            job=progress.job or save.job,
            url=progress.public_url,
            captured_at=progress.captured_at,
            detail=f"{progress.error}: {progress.detail}" if progress.error else progress.detail,
        )
        if fresh != save:
            await self._put(fresh)
        return fresh

    def _next_at(self, save: ArchiveSave, progress: SaveProgress, rest: datetime | None) -> datetime | None:
        now = self.clock()
        if progress.state is SaveState.SAVED:
            return None
        if progress.state is SaveState.REFUSED:
            return now + self.refused_for
        if progress.state is SaveState.LATER and progress.error != "no-such-job":
            wait = timedelta(seconds=progress.wait_s or 0)
            return max(now + (max(wait, SOONEST) if save.job else wait), rest or now)
        return save.asked_at + DAY

    async def _put(self, save: ArchiveSave) -> None:
        await self.store.call(lambda store: store.put_save(save))

    def _answer(self, question: Question, sent: Sent) -> Answer:
        exchange = sent.exchange
        body = decoded_content(exchange.payload, exchange.headers, max_bytes=self.max_bytes)
        return Answer(question=question, status=exchange.status, headers=exchange.headers, body=body)

    async def _tell(self, question: Question, answer: Answer, asked_at: datetime) -> datetime | None:
        """The service's host learns what it said; returns until when it rests."""
        outcome = Outcome.FETCHED
        if answer.status == _TOO_MANY:
            outcome = Outcome.RATE_LIMITED
        elif answer.status >= _FIRST_SERVER_ERROR:
            outcome = Outcome.SERVER_ERROR
        state = await self.turns.told(
            self.service.place,
            question,
            outcome,
            status=None if outcome is Outcome.FETCHED else answer.status,
            retry_after_s=retry_after(answer),
            asked_at=asked_at,
        )
        if self.turns.stopped is not None:
            self.notice = self.notice or self.turns.stopped.text
        return state.not_before if state is not None and rests(state, self.clock()) else None

    # -- the end of a run ----------------------------------------------------------------------------------------

    def _rest(self, refusal: TurnRefused | None) -> None:
        if refusal is None or self.notice:
            return
        again = "run the same command then" if refusal.until is not None else "nothing can be saved before"
        self.notice = f"the service cannot be asked: {refusal.reason}; {again}"

    def _brake(self, saved: Saved) -> None:
        """Count the same refusal of one page after the other."""
        if saved.error not in STOPPING:
            self._alike = "", 0
            return
        last, count = self._alike
        self._alike = saved.error, count + 1 if saved.error == last else 1
        if self._alike[1] >= MOST_ALIKE and not self.notice:
            self.notice = (
                f"the service said {saved.error!r} about {MOST_ALIKE} pages in a row, the last was"
                f" {saved.document.request_url}: {saved.save.detail}; run the same command tomorrow"
            )


def waits(first_s: float, base_s: float) -> Iterator[float]:
    """Seconds before each question about a job: the first, then growing ones, `PATIENCE_S` in all."""
    yield first_s
    total, wait_s = first_s, max(base_s, _SHORTEST_WAIT_S)
    while total < PATIENCE_S:
        wait_s = min(wait_s * GROWTH, LONGEST_WAIT_S)
        total += wait_s
        yield wait_s
