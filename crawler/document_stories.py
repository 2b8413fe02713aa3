"""The story of one document in the order in which it happened: who was asked, what came of it, what speaks for that.

`steps_of` tells it for ``dateline why`` and for the pages; so do `next_try` and `archives_of`, which say what comes
next. Pure.

Why the search in an archive is told beside the copies that were fetched: "no copy of that time" and "five copies, none
of them the article" are both a missing article, and only one of them is worth another look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.phrases import count_of, shortened
from crawler.planning import RETRY_RULES
from storage.types import (
    BACKFILL_MEANINGS,
    SAVING_MEANINGS,
    SEARCH_MEANINGS,
    ArchiveSave,
    ArchiveSearch,
    Capture,
    Coverage,
    DocumentHistory,
    FetchAttempt,
    Memento,
    PageVerdict,
)

_CLUES = 3
_DETAIL = 80
_WORDS = 8
_UNVERIFIED = "unverified"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What stood beside an attempt: ``judged``, ``soft_404 0.93: redirected to the home page``."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that happened to a document.

    Attributes:
        at: when.
        asked: the archive that was asked, else why the live web was.
        outcome: what came of it, in one word or few.
        status: the HTTP status; ``None`` where there was none.
        detail: one line; may be empty.
        evidence: what speaks for the outcome.
        captures: numbers of what was stored.
    """

    at: datetime
    asked: str
    outcome: str
    status: int | None = None
    detail: str = ""
    evidence: tuple[Evidence, ...] = ()
    captures: tuple[int, ...] = ()


def steps_of(history: DocumentHistory) -> list[Step]:
    """Attempts at the live web and at archives, searches and saves in archives, by time, each with its evidence."""
    told = [_attempt(attempt, history.captures) for attempt in history.attempts]
    told += map(_search, history.searches)
    told += map(_save, history.saves)
    return sorted(told, key=lambda one: one.at)


def next_try(history: DocumentHistory) -> str:
    """``2026-03-31 12:00Z (the reason)``: when the live web is asked again."""
    document = history.document
    following = f"{document.next_fetch_at:%Y-%m-%d %H:%M}Z" if document.next_fetch_at else "not again unless asked for"
    because = f" ({RETRY_RULES[document.last_outcome].why})" if document.last_outcome else ""
    return f"{following}{because}"


def archives_of(history: DocumentHistory) -> str:
    """``waiting (the reason): what that means; next 2026-03-31 12:00Z``; empty where no archive is to be asked."""
    wanted = history.backfill
    if wanted is None:
        return ""
    next_at = f"; next {wanted.next_at:%Y-%m-%d %H:%M}Z" if wanted.next_at and wanted.ended_at else ""
    return f"{wanted.state} ({wanted.reason}): {BACKFILL_MEANINGS[wanted.state]}{next_at}"


# -- steps -----------------------------------------------------------------------------------------------------------


def _attempt(attempt: FetchAttempt, captures: Iterable[Capture]) -> Step:
    own = [capture for capture in captures if capture.attempt_id == attempt.id]
    chain = "".join(f"{hop.status} {hop.url} -> " for hop in attempt.redirects)
    return Step(
        at=attempt.started_at,
        asked=attempt.archive or attempt.reason,
        outcome=attempt.outcome,
        status=attempt.status,
        detail=f"{chain}{attempt.final_url if chain else ''} {_told(attempt)}".strip(),
        evidence=tuple(_evidence(attempt, own)),
        captures=tuple(one.id for one in own if one.id is not None),
    )


def _search(search: ArchiveSearch) -> Step:
    counted = f"{count_of(search.candidates, 'capture')} listed, {len(search.tried)} tried" if search.candidates else ""
    parts = (_clause(search.detail) or SEARCH_MEANINGS[search.state], counted, _again(search.next_at))
    detail = "; ".join(filter(None, parts))
    return Step(at=search.asked_at, asked=search.archive, outcome=search.state, detail=detail)


def _save(save: ArchiveSave) -> Step:
    parts = (_clause(save.detail) or SAVING_MEANINGS[save.state], save.url, _again(save.next_at))
    detail = "; ".join(filter(None, parts))
    return Step(at=save.asked_at, asked=save.archive, outcome=f"asked to save: {save.state}", detail=detail)


def _again(moment: datetime | None) -> str:
    return f"next {moment:%Y-%m-%d %H:%M}Z" if moment else ""


def _clause(detail: str) -> str:
    """A sentence that more is said behind."""
    return detail if detail.endswith("..") else detail.removesuffix(".")


def _told(attempt: FetchAttempt) -> str:
    """The attempt's sentence, unless it only says what the line of the judgement says better."""
    judged = attempt.page.kind.replace("_", " ") if attempt.page else ""
    same = attempt.coverage is not None and attempt.detail == attempt.coverage.detail
    return "" if same or (judged and attempt.detail.startswith(judged)) else attempt.detail


# -- evidence --------------------------------------------------------------------------------------------------------


def _evidence(attempt: FetchAttempt, captures: list[Capture]) -> Iterator[Evidence]:
    """Where a copy came from, judgements, robots.txt, a certificate."""
    for capture in captures:
        if capture.memento is not None:
            yield Evidence(name="copy", text=_provenance(capture.memento))
    if attempt.page is not None:
        yield Evidence(name="judged", text=_judgement(attempt.page))
    if attempt.coverage is not None:
        yield Evidence(name="covers", text=_coverage(attempt.coverage))
    if attempt.robots is not None:
        yield Evidence(name="robots", text=("" if attempt.robots.allowed else "forbidden: ") + attempt.robots.rule)
    if attempt.reservations:
        yield Evidence(name="reserved", text="; ".join(attempt.reservations))
    if tls := next((capture.tls for capture in captures if capture.tls.startswith(_UNVERIFIED)), ""):
        yield Evidence(name="certificate", text=tls)


def _provenance(memento: Memento) -> str:
    """``2006-07-05 16:20:11Z (asked for 2006-07-05 12:00:00Z), digest matches: https://archive.example/...``."""
    served, asked = f"{memento.captured_at:%Y-%m-%d %H:%M:%S}", f"{memento.requested_at:%Y-%m-%d %H:%M:%S}"
    moved = "" if served == asked else f" (asked for {asked}Z)"
    digest = memento.digest_check.replace("_", " ")
    source = f" in {memento.source}" if memento.source else ""
    return f"{served}Z{moved}, digest {digest}: {memento.public_url or memento.url}{source}"


def _coverage(coverage: Coverage) -> str:
    """``taken 0.83: the rule and its figures; has flood, bridge; lacks mayor (2006/07/5/flood)``."""
    parts = [f"{'taken' if coverage.accepted else 'not taken'} {coverage.score:.2f}: {coverage.detail}".rstrip(": ")]
    for name, words in (("has", coverage.found), ("lacks", coverage.missing)):
        if words:
            parts.append(f"{name} {', '.join(words[:_WORDS])}" + (" ..." if len(words) > _WORDS else ""))
    return "; ".join(parts) + (f" ({coverage.event_key})" if coverage.event_key else "")


def _judgement(page: PageVerdict) -> str:
    """``soft_404 0.93: redirected to the home page (http://a.example/), 2 more clues``; what speaks for it first."""
    speaking = [clue for clue in page.clues if clue.kind is page.kind and clue.weight > 0]
    shown = (speaking or page.clues)[:_CLUES]
    texts = [clue.name + (f" ({shortened(clue.detail, _DETAIL)})" if clue.detail else "") for clue in shown]
    if len(page.clues) > len(shown):
        texts.append(count_of(len(page.clues) - len(shown), "more clue"))
    return f"{page.kind} {page.score:.2f}" + (": " if texts else "") + ", ".join(texts)
