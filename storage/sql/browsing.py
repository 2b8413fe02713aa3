"""Finding events and articles for a reader: every word, everything that fits, in one order, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from storage.searching import day_number, day_of, wanted_words
from storage.sql import narrowing, paging
from storage.sql.chunks import chunks
from storage.sql.events import summaries, summary
from storage.sql.mementos import unpack_memento
from storage.sql.models import (
    ArticleRow,
    ArticleTextRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentRow,
    EventRow,
    HostRow,
)
from storage.sql.paging import Listing
from storage.sql.shown_links import counting_articles
from storage.types import (
    Access,
    ArticlePlace,
    ArticleSummary,
    EventPlace,
    EventSummary,
    LibraryQuery,
    TextKind,
)

_CURRENT = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
_MARKED = counting_articles(ArticleRow.id, marked=True).label("marked")
_SHOWN = (
    select(
        ArticleRow.id,
        ArticleRow.added_at,
        DocumentRow.canonical_url,
        HostRow.name.label("host"),
        ArticleVersionRow.headline,
        ArticleVersionRow.language,
        ArticleVersionRow.agency,
        ArticleVersionRow.access,
        CaptureRow.memento,
        ArticleTextRow.day,
        _MARKED,
    )
    .join(ArticleVersionRow, _CURRENT)
    .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
    .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
    .join(HostRow, HostRow.id == DocumentRow.host_id)
    .join(ArticleTextRow, ArticleTextRow.article_id == ArticleRow.id)
)


# -- events ------------------------------------------------------------------------------------------------------------


def find_events(
    connection: Connection, query: LibraryQuery, *, after: EventPlace | None, newest_first: bool, limit: int
) -> list[EventSummary]:
    """See `storage.browsing_store.BrowsingStore.find_events`."""
    listing = _events(connection, query)
    if listing is None:
        return []
    place = None if after is None else (after.event_date, after.key)
    numbers = paging.page(connection, listing, after=place, newest_first=newest_first, limit=limit)
    columns = (EventRow.id, EventRow.key, EventRow.event_date, EventRow.headline)
    rows = [
        row
        for piece in chunks(numbers)
        for row in connection.execute(
            summaries(select(*columns).where(EventRow.id.in_(piece)).subquery(), newest_first=newest_first)
        )
    ]
    return list(map(summary, rows))


def count_events(connection: Connection, query: LibraryQuery, *, most: int) -> int:
    """See `storage.browsing_store.BrowsingStore.count_events`."""
    listing = _events(connection, query)
    return 0 if listing is None else paging.count(connection, listing, most=most)


def _events(connection: Connection, query: LibraryQuery) -> Listing | None:
    """The list that is meant; ``None`` where it is empty whatever there is."""
    words = wanted_words(query.words)
    return None if query.words and not words else narrowing.events(query, words, connection.dialect.name)


# -- articles ----------------------------------------------------------------------------------------------------------


def find_articles(
    connection: Connection, query: LibraryQuery, *, after: ArticlePlace | None, newest_first: bool, limit: int
) -> list[ArticleSummary]:
    """See `storage.browsing_store.BrowsingStore.find_articles`."""
    listing = _articles(connection, query)
    if listing is None:
        return []
    place = None if after is None else (day_number(after.day), after.article_id)
    numbers = paging.page(connection, listing, after=place, newest_first=newest_first, limit=limit)
    return _summaries(connection, numbers)


def count_articles(connection: Connection, query: LibraryQuery, *, most: int) -> int:
    """See `storage.browsing_store.BrowsingStore.count_articles`."""
    listing = _articles(connection, query)
    return 0 if listing is None else paging.count(connection, listing, most=most)


def _articles(connection: Connection, query: LibraryQuery) -> Listing | None:
    words = wanted_words(query.words)
    if (query.words and not words) or query.text is TextKind.NONE:
        return None
    return narrowing.articles(query, words, connection.dialect.name)


def new_articles(connection: Connection, *, limit: int) -> list[ArticleSummary]:
    """See `storage.browsing_store.BrowsingStore.new_articles`."""
    latest = select(ArticleRow.id).where(counting_articles(ArticleRow.id)).order_by(ArticleRow.id.desc())
    return _summaries(connection, connection.scalars(latest.limit(max(limit, 0))).all())


def _summaries(connection: Connection, ids: Sequence[int]) -> list[ArticleSummary]:
    found = {
        row.id: _summary(row)
        for piece in chunks(ids)
        for row in connection.execute(_SHOWN.where(ArticleRow.id.in_(piece)))
    }
    return [found[one] for one in ids if one in found]


def _summary(row: Row[Any]) -> ArticleSummary:
    memento = unpack_memento(row.memento)
    return ArticleSummary(
        article_id=row.id,
        canonical_url=row.canonical_url,
        host=row.host,
        headline=row.headline,
        day=day_of(row.day),
        language=row.language,
        agency=row.agency,
        access=Access(row.access),
        archive=memento.archive if memento else "",
        added_at=row.added_at,
        marked=row.marked,
    )
