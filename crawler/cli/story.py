"""The story of one document in the order in which it happened: who was asked, what came of it, what speaks for that.

Why the search in an archive is told beside the copies that were fetched: "no copy of that time" and "five copies, none
of them the article" are both a missing article, and only one of them is worth another look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from crawler.cli.console import Listing, count_of, shortened
from storage.protocol import Store
from storage.types import (
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
    Takedown,
)

_CLUES = 3
_DETAIL = 80
_WORDS = 8
_UNVERIFIED = "unverified"

_Row = tuple[str, str, str, object, str]


def story(history: DocumentHistory) -> Listing:
    """Attempts at the live web and at archives, searches and saves in archives, by time, each with its evidence."""
    told: list[tuple[datetime, list[_Row]]] = [
        (attempt.started_at, list(_attempt(attempt, history.captures))) for attempt in history.attempts
    ]
    told += [(search.asked_at, [_search(search)]) for search in history.searches]
    told += [(save.asked_at, [_save(save)]) for save in history.saves]
    made = Listing("when", "asked", "outcome", "status#", "detail")
    for _, rows in sorted(told, key=lambda one: one[0]):
        for row in rows:
            made.add(*row)
    return made


def removed_by(store: Store, captures: Iterable[Capture]) -> list[Takedown]:
    """The takedowns by which records of these captures were removed while the texts stay, oldest first."""
    numbers = {one.takedown_id for one in captures} - {None}
    return [one for one in reversed(store.takedowns()) if one.id in numbers] if numbers else []


def _attempt(attempt: FetchAttempt, captures: Iterable[Capture]) -> Iterator[_Row]:
    chain = "".join(f"{hop.status} {hop.url} -> " for hop in attempt.redirects)
    detail = f"{chain}{attempt.final_url if chain else ''} {_told(attempt)}".strip()
    yield _when(attempt.started_at), attempt.archive or attempt.reason, attempt.outcome, attempt.status or "", detail
    own = [capture for capture in captures if capture.attempt_id == attempt.id]
    for name, text in _evidence(attempt, own):
        yield "", "", f"  {name}", "", text


def _search(search: ArchiveSearch) -> _Row:
    counted = f"{count_of(search.candidates, 'capture')} listed, {len(search.tried)} tried" if search.candidates else ""
    again = f"next {search.next_at:%Y-%m-%d %H:%M}Z" if search.next_at else ""
    parts = (_clause(search.detail) or SEARCH_MEANINGS[search.state], counted, again)
    return _when(search.asked_at), search.archive, search.state, "", "; ".join(part for part in parts if part)


def _save(save: ArchiveSave) -> _Row:
    again = f"next {save.next_at:%Y-%m-%d %H:%M}Z" if save.next_at else ""
    parts = (_clause(save.detail) or SAVING_MEANINGS[save.state], save.url, again)
    return _when(save.asked_at), save.archive, f"asked to save: {save.state}", "", "; ".join(filter(None, parts))


def _clause(detail: str) -> str:
    """A sentence that more is said behind."""
    return detail if detail.endswith("..") else detail.removesuffix(".")


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _told(attempt: FetchAttempt) -> str:
    """The attempt's sentence, unless it only says what the line of the judgement says better."""
    judged = attempt.page.kind.replace("_", " ") if attempt.page else ""
    same = attempt.coverage is not None and attempt.detail == attempt.coverage.detail
    return "" if same or (judged and attempt.detail.startswith(judged)) else attempt.detail


def _evidence(attempt: FetchAttempt, captures: list[Capture]) -> Iterator[tuple[str, str]]:
    """What stood beside an attempt, as (name, text): where a copy came from, judgements, robots.txt, a certificate."""
    for capture in captures:
        if capture.memento is not None:
            yield "copy", _provenance(capture.memento)
    if attempt.page is not None:
        yield "judged", _judgement(attempt.page)
    if attempt.coverage is not None:
        yield "covers", _coverage(attempt.coverage)
    if attempt.robots is not None:
        yield "robots", ("" if attempt.robots.allowed else "forbidden: ") + attempt.robots.rule
    if attempt.reservations:
        yield "reserved", "; ".join(attempt.reservations)
    if tls := next((capture.tls for capture in captures if capture.tls.startswith(_UNVERIFIED)), ""):
        yield "certificate", tls


def _provenance(memento: Memento) -> str:
    """``2006-07-05 16:20:11Z (asked for 2006-07-05 12:00:00Z), digest matches: https://archive.example/...``."""
    served, asked = _when(memento.captured_at), _when(memento.requested_at)
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
