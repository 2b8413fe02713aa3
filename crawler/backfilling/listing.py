"""Hearing out an archive's index: question by question, until it has no more, or enough is known.

Why copies that came before a failure are used: a long list that breaks off on its third page has named the best copies
on its first. But what the rest would have said stays open, so the failure is kept beside them.

Why a list that never ends counts as not asked, where it gave no copy so far: that an archive has none is only believed
when it has said so to the end.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from crawler.archives.choosing import clean, ranked
from crawler.archives.protocol import Archive, CdxRecord, Problem, Question, Wanted
from crawler.backfilling.asking import Asker, Unasked
from storage.types import SearchState

MOST_QUESTIONS: Final = 128
"""Per document and archive: Common Crawl has about 115 indexes, and five years are half of them."""
MOST_COPIES: Final = 100_000
"""Copies that are held in memory: so many end the questions, too."""
ENOUGH: Final = 50
"""So many copies worth fetching end the questions, where not all versions are wanted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What an index said about one document.

    Attributes:
        records: all copies that it lists, cleaned.
        chosen: those worth fetching, best first.
        unasked: why a question could not be asked; ``None`` where all were.
        excluded: the archive keeps the site out of reach; ``None`` where it does not.
        left: questions that were not asked because there were too many.
    """

    records: tuple[CdxRecord, ...] = ()
    chosen: tuple[CdxRecord, ...] = ()
    unasked: Unasked | None = None
    excluded: Problem | None = None
    left: int = 0


async def listed(asker: Asker, archive: Archive, wanted: Wanted, *, versions: bool = False) -> Listing:
    """Ask the index all it takes; the best copies first, or all versions by time.

    Raises:
        StorageError: of the store.
    """
    waiting: deque[Question] = deque(archive.begin(wanted))
    records: list[CdxRecord] = []
    chosen: tuple[CdxRecord, ...] = ()
    seen: set[str] = set()
    while waiting and _goes_on(len(seen), len(records)) and (versions or len(chosen) < ENOUGH):
        question = waiting.popleft()
        if question.url in seen:
            continue
        seen.add(question.url)
        heard = await asker.hear(archive, wanted, question)
        if isinstance(heard, Unasked):
            return Listing(records=clean(records), chosen=chosen, unasked=heard)
        if heard.problem is not None and heard.problem.state is SearchState.EXCLUDED:
            return Listing(records=clean(records), chosen=chosen, excluded=heard.problem)
        records += heard.records
        waiting.extend(heard.questions)
        chosen = ranked(clean(records), wanted.window, versions=versions, url=wanted.url)
    enough = not versions and len(chosen) >= ENOUGH
    if waiting and not records:
        detail = f"The archive's list has no end: {len(seen)} questions gave no copy."
        return Listing(unasked=Unasked(state=SearchState.UNREACHABLE, detail=detail), left=len(waiting))
    return Listing(records=clean(records), chosen=chosen, left=0 if enough else len(waiting))


def _goes_on(questions: int, copies: int) -> bool:
    return questions < MOST_QUESTIONS and copies < MOST_COPIES
