"""The backfill of one document: the copy that an entry cites, then archive after archive until one gives the article.

Written as one line of thought, not as callbacks: what comes next depends on what came before at every step, and the
whole of it is to be read from top to bottom (`searching`, `copies`, `asking` are the steps).

Why killing it at any moment costs at most the request under way and stores nothing twice:

1. An index's answer is kept before it is used (`asking`): it is not asked again while it is good.
2. A copy's attempt, its captures, its article and its place among the tried ones (`ArchiveSearch.tried`) are one
   transaction. Killed before it, the copy is fetched again and stored once; killed behind it, the next run goes on with
   the next copy. The attempt's key is made of document, archive and copy, so that two runs that hold one document after
   a lease ran out cannot store it twice either.
3. What the search came to is written behind its last copy, what the backfill came to behind its last archive. Killed in
   between, the next run finds the copies tried and the answers kept, and comes to the same end without a request.
4. All three are written under the lease of the document. A run that lost it writes nothing, and asks for nothing more.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.archives import cited_record
from crawler.archives.protocol import Archive
from crawler.backfilling.discretion import told_about
from crawler.backfilling.places import asked_of, cited_copy
from crawler.backfilling.searching import Means, Visit, begun
from crawler.backfilling.standing import has_article, is_whole, may_ask, put_off, standing, window_of
from storage.errors import LibraryError, StoreUnavailable
from storage.types import (
    ArchiveSearch,
    BackfillState,
    BackfillTask,
    Document,
    Outcome,
    SearchState,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What one visit to the archives did for one document.

    Attributes:
        document: that was wanted.
        state: where its backfill stands now.
        next_at: when it is worth the next visit; ``None``: not unless asked for.
        searches: of the archives that were asked now, in order.
        outcomes: of the copies that were fetched now.
        lost: it was not ours any more before the end was reached; its state is for another run to say.
    """

    document: Document
    state: BackfillState
    next_at: datetime | None
    searches: tuple[ArchiveSearch, ...] = ()
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    lost: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Backfiller:
    """Looks for documents, one after the other or several at a time.

    Attributes:
        means: of the run.
        archives: all that are known, in the order in which they are asked.
        only: name of the one that is asked; empty: all that are enabled.
    """

    means: Means
    archives: tuple[Archive, ...]
    only: str = ""

    def asked(self, document: Document) -> tuple[Archive, ...]:
        """The archives that this run asks about a document, in order."""
        return self._told(asked_of(self.archives, self.only), document)

    def _told(self, archives: tuple[Archive, ...], document: Document) -> tuple[Archive, ...]:
        return told_about(archives, document.request_url, allow_private=self.means.limits.allow_private)

    async def rescue(self, task: BackfillTask) -> Sought:
        """Search until an article is found or every archive was asked, and write where the backfill stands.

        Raises:
            LibraryError, StoreUnavailable: the run cannot go on; the document stays as wanted as it was.
        """
        course = _Course(task=task, searches=dict(task.searches))
        has_it = has_article(task.document) and not self.means.versions
        if not has_it:
            await self._ask_for_cited(course)
            for archive in self.asked(task.document):
                whole = not self.means.versions and any(map(is_whole, course.searches.values()))
                if whole or course.lost:
                    break
                await self._ask(course, archive)
        if course.lost:
            return self._lost(course)
        return await self._ended(course, has_article=has_it)

    async def _ask_for_cited(self, course: _Course) -> None:
        """The very copy that an entry cites, once."""
        memento = course.task.document.memento
        copy = cited_copy(memento, self.archives) if memento is not None else None
        if copy is None or (self.only and copy[0].place.name != self.only):
            return
        archive, record, question = copy
        before = course.searches.get(archive.place.name)
        if self._may_ask(before) and (before is None or record.name not in before.tried):
            visit = self._visit(course, archive)
            await self._guarded(course, visit, visit.try_cited(record, question))
            found = course.searches.get(archive.place.name, visit.search)
            unasked = archive not in self.asked(course.task.document) and found.state is SearchState.LISTED
            if unasked and not course.lost:
                await self._guarded(course, visit, visit.conclude())

    async def _ask(self, course: _Course, archive: Archive) -> None:
        """One archive's index and its copies, where that is due."""
        name = archive.place.name
        before = course.searches.get(name)
        done = name in course.visited and before is not None and before.state is not SearchState.LISTED
        if done or not self._may_ask(before):
            return
        visit = self._visit(course, archive)
        window = window_of(course.task.citations, self.means.limits, versions=self.means.versions)
        await self._guarded(course, visit, visit.try_listed(window))

    def _may_ask(self, search: ArchiveSearch | None) -> bool:
        means = self.means
        return may_ask(search, now=means.clock(), by_hand=means.by_hand, versions=means.versions)

    def _visit(self, course: _Course, archive: Archive) -> Visit:
        document, name = course.task.document, archive.place.name
        memento = document.memento
        cited = cited_record(memento) if memento is not None else None
        return Visit(
            means=self.means,
            archive=archive,
            task=course.task,
            search=course.searches.get(name) or begun(document, archive, now=self.means.clock()),
            outcomes=course.outcomes,
            apart=cited.name if cited is not None else "",
        )

    async def _guarded(self, course: _Course, visit: Visit, step: Coroutine[Any, Any, ArchiveSearch]) -> None:
        """Take the step; a mistake of ours costs this document this archive, never the run."""
        name = visit.archive.place.name
        try:
            search = await step
        except (LibraryError, StoreUnavailable):
            raise
        except Exception as error:
            log.exception("our own code failed on %s in %s", course.task.document.request_url, name)
            detail = f"{type(error).__name__}: {error}"[:300]
            search = put_off(visit.search, SearchState.FAILED, detail, now=self.means.clock(), until=None)
            await visit.write(search)
        if visit.lost:
            course.lost = True
        else:
            course.searches[name] = course.visited[name] = search

    def _lost(self, course: _Course) -> Sought:
        document = course.task.document
        log.warning("%s is not ours any more: it is left to whoever has it now", document.request_url)
        return Sought(
            document=document,
            state=BackfillState.WANTED,
            next_at=None,
            searches=tuple(course.visited.values()),
            outcomes=dict(course.outcomes),
            lost=True,
        )

    async def _ended(self, course: _Course, *, has_article: bool) -> Sought:
        document, now = course.task.document, self.means.clock()
        places = [archive.place.name for archive in self._told(self.archives, document) if archive.place.enabled]
        counting = self._counting(course, places)
        state, next_at = standing(counting, places, now=now, retry=self.means.limits.retry)
        if has_article:
            state, next_at = BackfillState.RESCUED, None
        await self.means.store.call(
            lambda store: store.end_backfill(document.id, token=self.means.token, state=state, next_at=next_at, now=now)
        )
        return Sought(
            document=document,
            state=state,
            next_at=next_at,
            searches=tuple(course.visited.values()),
            outcomes=dict(course.outcomes),
        )

    def _counting(self, course: _Course, places: list[str]) -> dict[str, ArchiveSearch]:
        """The searches that say where the document stands: nothing that nobody will ask about again."""
        memento = course.task.document.memento
        copy = cited_copy(memento, self.archives) if memento is not None else None
        asked = {*places, *course.visited, *([copy[0].place.name] if copy is not None else [])}
        return {
            name: search
            for name, search in course.searches.items()
            if name in asked or search.state is SearchState.FOUND
        }


@dataclass(slots=True, kw_only=True)
class _Course:
    """One document on its way through the archives.

    Attributes:
        task: what is wanted.
        searches: archive -> where the search stands, brought up to date as archives are asked.
        visited: the same of those that were asked now.
        outcomes: of the copies that were fetched now.
        lost: the document is not ours any more.
    """

    task: BackfillTask
    searches: dict[str, ArchiveSearch]
    visited: dict[str, ArchiveSearch] = field(default_factory=dict)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    lost: bool = False
