"""Asking an archive one question: the kept answer first, else a turn, the request, and what both sides learn from it.

Why an answer is kept before anything follows from it: killed at any later moment, the run that comes next finds it and
does not ask again while it is good. Only what answers the question is kept: a list, "there is none", "this site is
excluded". What could not be asked (429, 5xx, a torn answer, a page in place of a list) is never kept: kept, it would
read as "there is none" for a month.

Why the archive's module judges its own answers before its host learns from them: only it can tell an archived 429 from
one of the archive's, and a host that is asked politely must not rest for what a newspaper's server said in 2009.

Why one question is asked by one worker at a time: a catalogue of indexes answers for every document, and the workers of
a run begin together; each of them would find nothing kept yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from crawler.archives.protocol import (
    Answer,
    Archive,
    ArchivePlace,
    CdxRecord,
    Heard,
    Hop,
    Pool,
    Problem,
    Question,
    Replayed,
    Wanted,
)
from crawler.archiving import Patient
from crawler.outcomes import outcome_of_failure
from crawler.politeness import rests
from crawler.turns import TurnRefused, Turns
from storage.captures import content_of
from storage.types import UNANSWERED, ArchiveAnswer, Exchange, HostState, Outcome, SearchState, utc_now

_FIRST_SERVER_ERROR = 500
_FIRST_CLIENT_ERROR = 400
_TOO_MANY = 429
_TAIL = 2048

_SAID_BY: dict[SearchState, Outcome] = {
    SearchState.NEVER_ARCHIVED: Outcome.GONE,
    SearchState.EXCLUDED: Outcome.BLOCKED,
    SearchState.RATE_LIMITED: Outcome.RATE_LIMITED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One request that was answered.

    Attributes:
        exchange: as it went over the wire.
        started_at: when it left.
    """

    exchange: Exchange
    started_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Unasked:
    """The archive could not be asked.

    Attributes:
        state: one of `storage.types.UNANSWERED`.
        detail: one sentence.
        until: when its host may be asked again; ``None`` where it does not rest.
        outcome: what came of the request; ``None`` where none was sent or an answer came.
    """

    state: SearchState
    detail: str
    until: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What an archive made of a question for one copy.

    Attributes:
        said: an archived response, a hop or a refusal.
        sent: the exchange that brought it.
    """

    said: Replayed | Hop | Problem
    sent: Sent


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Asks archives for one run.

    Attributes:
        store: where answers are kept.
        turns: when who may be asked.
        download: sends one question; raises what the network does.
        answers: the longest time that an answer is kept.
        max_bytes: of an answer's content.
        clock: UTC now.
    """

    store: Patient
    turns: Turns
    download: Callable[[Question], Awaitable[Sent]]
    answers: timedelta
    max_bytes: int
    clock: Callable[[], datetime] = field(default=utc_now)
    _asked: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def hear(self, archive: Archive, wanted: Wanted, question: Question) -> Heard | Unasked:
        """What the archive's index says to a question, kept or asked now.

        Raises:
            StorageError: of the store.
        """
        alone = self._asked.setdefault((archive.place.name, question.url), asyncio.Lock())
        async with alone:
            return await self._hear(archive, wanted, question)

    async def _hear(self, archive: Archive, wanted: Wanted, question: Question) -> Heard | Unasked:
        place = archive.place
        kept = await self._kept(place, question)
        if kept is not None:
            heard = archive.heard(wanted, kept)
            if heard.problem is None or heard.problem.state not in UNANSWERED:
                return heard
        sent = await self._send(place, question)
        if isinstance(sent, Unasked):
            return sent
        answer = self._answer(question, sent)
        heard = archive.heard(wanted, answer)
        # What is never kept is no list: a TimeGate says all it has to say in its headers.
        if heard.problem is None and answer.truncated and question.good_for is not None:
            heard = Heard(problem=Problem(state=SearchState.UNREACHABLE, detail="The archive's list was cut off."))
        if heard.problem is not None and heard.problem.state in UNANSWERED:
            return await self._refused(place, question, sent, heard.problem)
        await self._keep(place, answer)
        await self._tell(place, question, sent, heard.problem)
        return heard

    async def play(
        self, archive: Archive, record: CdxRecord, question: Question, *, torn: bool = False
    ) -> Played | Unasked:
        """What the archive gives for one copy.

        Args:
            archive: that has it.
            record: the copy.
            question: for it.
            torn: a page whose connection ended too early is taken as it is: it never came otherwise.

        Raises:
            StorageError: of the store.
        """
        sent = await self._send(archive.place, question)
        if isinstance(sent, Unasked):
            return sent
        answer = self._answer(question, sent)
        said = archive.replayed(record, answer)
        if isinstance(said, Replayed) and _is_torn(answer) and not torn:
            said = Problem(state=SearchState.UNREACHABLE, detail="The connection ended in the middle of the copy.")
        problem = said if isinstance(said, Problem) else None
        if problem is not None and problem.state in UNANSWERED:
            return await self._refused(archive.place, question, sent, problem)
        await self._tell(archive.place, question, sent, problem)
        return Played(said=said, sent=sent)

    async def _send(self, place: ArchivePlace, question: Question) -> Sent | Unasked:
        async with self.turns.lane(question):
            refusal = await self.turns.take(place, question)
            if refusal is not None:
                return _unasked(refusal)
            asked_at = self.clock()
            try:
                return await self.download(question)
            except Exception as error:  # noqa: BLE001 - whatever the network does; `FAILURES` names it
                outcome, detail = outcome_of_failure(error)
                failure = error
        state = await self.turns.told(place, question, outcome, asked_at=asked_at)
        if outcome is Outcome.FAILED:
            raise failure
        return Unasked(
            state=SearchState.UNREACHABLE, detail=f"{outcome}: {detail}", until=self._rest(state), outcome=outcome
        )

    def _answer(self, question: Question, sent: Sent) -> Answer:
        exchange = sent.exchange
        content = content_of(exchange.payload, exchange.headers, max_bytes=self.max_bytes)
        # Of a page the beginning may be enough; a list that breaks off inside its encoding reads as an empty one.
        cut = question.pool is Pool.INDEX and not content.whole
        return Answer(
            question=question,
            status=exchange.status,
            headers=exchange.headers,
            body=content.data,
            payload=exchange.payload,
            truncated=bool(exchange.truncated) or cut,
        )

    async def _kept(self, place: ArchivePlace, question: Question) -> Answer | None:
        if question.good_for is None:
            return None
        now = self.clock()
        kept = await self.store.call(lambda store: store.answer(place.name, question.url, now=now))
        if kept is None:
            return None
        return Answer(question=question, status=kept.status, headers=kept.headers, body=kept.body, payload=kept.body)

    async def _keep(self, place: ArchivePlace, answer: Answer) -> None:
        good_for = answer.question.good_for
        if good_for is None or answer.truncated:
            return
        now = self.clock()
        kept = ArchiveAnswer(
            archive=place.name,
            question=answer.question.url,
            answered_at=now,
            good_until=now + min(good_for, self.answers),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
        )
        await self.store.call(lambda store: store.put_answer(kept))

    async def _refused(self, place: ArchivePlace, question: Question, sent: Sent, problem: Problem) -> Unasked:
        state = await self._tell(place, question, sent, problem)
        return Unasked(state=problem.state, detail=problem.detail, until=self._rest(state))

    async def _tell(
        self, place: ArchivePlace, question: Question, sent: Sent, problem: Problem | None
    ) -> HostState | None:
        """The archive's host learns what the archive itself said; an archived status is none of its own."""
        status = sent.exchange.status
        if problem is None:
            return await self.turns.told(place, question, Outcome.FETCHED)
        outcome = _SAID_BY.get(problem.state) or _fault(status)
        return await self.turns.told(
            place,
            question,
            outcome,
            status=_TOO_MANY
            if outcome is Outcome.RATE_LIMITED
            else status
            if outcome is Outcome.SERVER_ERROR
            else None,
            retry_after_s=problem.retry_after_s,
            asked_at=sent.started_at,
        )

    def _rest(self, state: HostState | None) -> datetime | None:
        return state.not_before if state is not None and rests(state, self.clock()) else None


def _is_torn(answer: Answer) -> bool:
    """Whether the end of a page is missing; bytes that only an announced length misses are no loss."""
    return answer.truncated and b"</html>" not in answer.body[-_TAIL:].lower()


def _fault(status: int) -> Outcome:
    """What an answer that is of no use says about the archive's server."""
    if status >= _FIRST_SERVER_ERROR:
        return Outcome.SERVER_ERROR
    return Outcome.HTTP_ERROR if status >= _FIRST_CLIENT_ERROR else Outcome.BAD_RESPONSE


def _unasked(refusal: TurnRefused) -> Unasked:
    state = SearchState.RATE_LIMITED if refusal.too_often else SearchState.UNREACHABLE
    return Unasked(state=state, detail=refusal.reason, until=refusal.until)
