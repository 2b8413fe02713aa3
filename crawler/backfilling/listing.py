"""Hearing out an archive's index: question by question, until it has no more, or enough is known.

Why copies that came before a failure are used: a long list that breaks off on its third page has named the best copies
on its first. But what the rest would have said stays open, so the failure is kept beside them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from crawler.archives.choosing import clean, ranked
from crawler.archives.protocol import Archive, CdxRecord, Problem, Question, Wanted
from crawler.backfilling.asking import Asker, Unasked
from storage.types import SearchState

MOST_QUESTIONS: Final = 64
"""Per document and archive: five years of Common Crawl are about 60 indexes."""
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
    while waiting and len(seen) < MOST_QUESTIONS and (versions or len(chosen) < ENOUGH):
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
    return Listing(records=clean(records), chosen=chosen, left=0 if enough else len(waiting))
