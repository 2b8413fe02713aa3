"""Pure: where the search in one archive and the backfill of one document stand, and when each is worth another try.

Why a wait of its own for what could not be asked: an archive that is down is back in hours, and one that refuses us
must not be asked by each document anew. The wait grows with every further failure and is never shorter than the rest of
the archive's host.

Why what is missing everywhere comes again with the first archive that is due: a visit may ask one archive only
(``--archive``), and what that says must not put off what others were promised.

Why a beginning that was found does not end a backfill while an archive could not be asked: the other archive may have
all of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from crawler.archives.protocol import Window
from crawler.configuration import Configuration
from storage.types import SUCCESSES, UNANSWERED, ArchiveSearch, BackfillState, Citation, Document, SearchState

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
WAITS: Final = (_HOUR, 6 * _HOUR, _DAY, 7 * _DAY)
"""After the first, second, ... time in a row that an archive could not be asked; the last one from then on."""
EXCLUDED_FOR: Final = 180 * _DAY
"""Exclusions are lifted seldom, mostly when a site changes hands."""
ONLY_BEGINNING: Final = "only copies that show the beginning of the article were found"
"""The detail of a search that found no more; it tells such a search from one that found everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How long and how far is searched.

    Attributes:
        before: capture times count from so long before the event's day.
        after: and so long behind it.
        candidates: copies that are fetched per archive and visit.
        answers: an index is not asked again for so long, whatever it says of itself.
        retry: what is missing everywhere is looked for again after so long.
        max_bytes: of a page's content.
        allow_private: archives may be asked about addresses of private networks.
    """

    before: timedelta
    after: timedelta
    candidates: int
    answers: timedelta
    retry: timedelta
    max_bytes: int
    allow_private: bool = False

    @classmethod
    def configured(cls, configuration: Configuration) -> Limits:
        """As a library's settings ask for."""
        return cls(
            before=timedelta(days=configuration.number("backfill.before_days")),
            after=timedelta(days=configuration.number("backfill.after_days")),
            candidates=configuration.whole("backfill.candidates"),
            answers=timedelta(days=configuration.number("backfill.answer_days")),
            retry=timedelta(days=configuration.number("backfill.retry_days")),
            max_bytes=configuration.size("crawl.max_mb"),
            allow_private=configuration.flag("crawl.allow_private"),
        )


def window_of(citations: Iterable[Citation], limits: Limits, *, versions: bool = False) -> Window:
    """The capture times that count: around the earliest event's day; open where no event cites the document.

    With ``versions`` it is open, too, and the event's day is only what copies are ranked by.
    """
    days = [citation.event_date for citation in citations]
    if not days:
        return Window()
    first = _beginning(min(days))
    if versions:
        return Window(near=first)
    return Window(since=_moved(first, -limits.before), until=_moved(first, limits.after + _DAY), near=first)


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _moved(moment: datetime, by: timedelta) -> datetime | None:
    """``None``, an open end, where the calendar has no such day."""
    try:
        return moment + by
    except OverflowError:
        return None


def is_whole(search: ArchiveSearch) -> bool:
    """Whether a search found an article, and not just its beginning."""
    return search.state is SearchState.FOUND and search.detail != ONLY_BEGINNING


def may_ask(search: ArchiveSearch | None, *, now: datetime, by_hand: bool, versions: bool) -> bool:
    """Whether an archive is worth asking about a document now.

    Args:
        search: what it said before; ``None`` where it was never asked.
        now: UTC.
        by_hand: a person named the document: misses are asked about again, which costs no request while the archive's
            answers are kept and no copy is left to try.
        versions: all copies are wanted, also where one was accepted.
    """
    if search is None or search.state is SearchState.LISTED:
        return True
    if is_whole(search):
        return versions
    return by_hand or (search.next_at is not None and search.next_at <= now)


def put_off(
    search: ArchiveSearch, state: SearchState, detail: str, *, now: datetime, until: datetime | None
) -> ArchiveSearch:
    """The search whose archive could not be asked, with the moment of the next try.

    Args:
        search: as it stood.
        state: why it could not be asked.
        detail: one sentence.
        now: UTC.
        until: the rest of the archive's host; ``None`` where it has none.
    """
    next_at = now + WAITS[min(search.failures, len(WAITS) - 1)]
    return replace(
        search,
        state=state,
        asked_at=now,
        next_at=max(next_at, until) if until is not None else next_at,
        failures=search.failures + 1,
        detail=detail,
    )


def has_article(document: Document) -> bool:
    """Whether the live web gave the document's article, in full, since it was queued."""
    return document.article_id is not None and document.last_outcome in SUCCESSES


def standing(
    searches: Mapping[str, ArchiveSearch], places: Sequence[str], *, now: datetime, retry: timedelta
) -> tuple[BackfillState, datetime | None]:
    """Where a document's backfill stands after a visit, and when it is worth the next one.

    Args:
        searches: archive -> where the search stands, also of archives that only an entry's link names.
        places: the archives that are asked without being named.
        now: UTC.
        retry: how long a document that is missing everywhere is left alone where no archive says when.
    """
    if any(is_whole(search) for search in searches.values()):
        return BackfillState.RESCUED, None
    waiting = [search.next_at or now for search in searches.values() if search.state in UNANSWERED]
    if waiting:
        return BackfillState.WAITING, min(waiting)
    if any(search.state is SearchState.FOUND for search in searches.values()):
        return BackfillState.RESCUED, None
    if any(name not in searches or searches[name].state is SearchState.LISTED for name in places):
        return BackfillState.WANTED, now
    due = [moment for name in places if (moment := searches[name].next_at) is not None]
    return BackfillState.MISSING, min(due, default=now + retry)
